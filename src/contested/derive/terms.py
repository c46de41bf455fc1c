"""What assertions say in a codebook's terms. The same words are read once, however many reports print them."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Any, NamedTuple

from contested.derive.codebook import Codebook, Meaning
from contested.derive.evidence import ABOUT, Evidence, field
from contested.derive.wording import CACHED, Wording, fields_of
from contested.model import Name

_Values = tuple[Any, ...]


class Reading(NamedTuple):
    """What an assertion says in the terms of a standard, or the reason why it says nothing in them."""

    value: str = ""
    denies: str = ""
    implies: str = ""
    degree: int = 0
    gives_way: bool = False
    favours: str = ""
    harms: str = ""
    lasts: int | None = None
    aside: str = ""


class Terms:
    """Gives each assertion the first meaning that fits. A kind without meanings says no value."""

    def __init__(self, book: Codebook, wording: Wording) -> None:
        self._lasts = book.lasts_days
        self._roles = (*book.roles,)
        self._wording = wording
        self._means = {kind: [one for one in book.means if one.kind == kind] for kind in book.kinds}
        self._fields = {kind: _fields(meanings) for kind, meanings in self._means.items()}
        self._about = {kind: any(name in ABOUT for name, _ in fields) for kind, fields in self._fields.items()}
        self._alike: dict[frozenset[str], Name] = {}
        self._stand_in = lru_cache(maxsize=CACHED)(self._first_of_its_roles)
        self._reading = lru_cache(maxsize=CACHED)(self._first_that_fits)

    def read(self, e: Evidence) -> Reading:
        """By the fields alone that some meaning of its kind asks for."""
        about, content = self._about[e.kind], e.standing.assertion.content
        values = []
        for name, said in self._fields[e.kind]:
            value = field(e, name) if about else getattr(content, name, None)
            if type(value) is Name:
                value = Name(value.words, value.thing) if said else self._stand_in(value.thing)
            values.append(value)
        return self._reading(e.kind, e.denied, tuple(values))

    def _first_of_its_roles(self, thing_id: str) -> Name:
        """A name whose words no meaning says stands for all that play the same roles."""
        roles = frozenset(role for role in self._roles if self._wording.plays(thing_id, role))
        return self._alike.setdefault(roles, Name("", thing_id))

    def _first_that_fits(self, kind: str, denied: bool, values: _Values) -> Reading:
        look = {name: value for (name, _), value in zip(self._fields[kind], values, strict=True)}.__getitem__
        for meaning in self._means[kind]:
            if self._wording.holds(meaning.when, look):
                if not meaning.value and not meaning.denies:
                    break
                return self._said(meaning, denied, partial(self._wording.say, look=look))
        aside = "says nothing in the terms of this standard" if self._means[kind] else ""
        return Reading(lasts=self._lasts, aside=aside)

    def _said(self, meaning: Meaning, denied: bool, say: Any) -> Reading:
        told = (meaning.if_denied, meaning.value or meaning.denies) if denied else (meaning.value, meaning.denies)
        value, denies, implies = map(say, (*told, "" if denied else meaning.implies))
        if value is None or denies is None or implies is None:
            return Reading(aside="does not say whom or what it speaks of")
        return Reading(
            value,
            denies,
            implies,
            meaning.degree,
            meaning.gives_way and not denied,
            meaning.favours,
            meaning.harms,
            self._lasts if meaning.lasts_days is None else meaning.lasts_days,
        )


def _fields(meanings: list[Meaning]) -> tuple[tuple[str, bool], ...]:
    """The fields whose values decide what an assertion says, and whether their words are said."""
    said = {name for one in meanings for words in _said(one) for name in fields_of(words)}
    asked = {name for one in meanings for name in one.when}
    return tuple((name, name in said) for name in sorted(said | asked))


def _said(meaning: Meaning) -> tuple[str, ...]:
    return meaning.value, meaning.denies, meaning.if_denied, meaning.implies
