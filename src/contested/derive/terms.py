"""What assertions say in a codebook's terms. The same words are read once, however many reports print them."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Any, NamedTuple

from contested.derive.codebook import Codebook, Meaning
from contested.derive.evidence import ABOUT, Evidence, field
from contested.derive.wording import CACHED, Wording, fields_of
from contested.model import Content, Name

_Values = tuple[Any, ...]


class Reading(NamedTuple):
    """What an assertion says in the terms of a standard, or the reason why it says nothing in them."""

    value: str = ""
    denies: str = ""
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
        self._wording = wording
        self._means = {kind: [one for one in book.means if one.kind == kind] for kind in book.kinds}
        self._fields = {kind: _fields(meanings) for kind, meanings in self._means.items()}
        self._about = {kind: not ABOUT.isdisjoint(fields) for kind, fields in self._fields.items()}
        self._reading = lru_cache(maxsize=CACHED)(self._first_that_fits)

    def read(self, e: Evidence) -> Reading:
        """By the fields alone that some meaning of its kind asks for."""
        fields = self._fields[e.kind]
        if self._about[e.kind]:
            values = [field(e, name) for name in fields]
        else:
            content: Content = e.standing.assertion.content
            values = [getattr(content, name, None) for name in fields]
        said = tuple([Name(one.words, one.thing) if type(one) is Name else one for one in values])
        return self._reading(e.kind, e.denied, said)

    def _first_that_fits(self, kind: str, denied: bool, values: _Values) -> Reading:
        look = dict(zip(self._fields[kind], values, strict=True)).__getitem__
        for meaning in self._means[kind]:
            if self._wording.holds(meaning.when, look):
                if not meaning.value and not meaning.denies:
                    break
                return self._said(meaning, denied, partial(self._wording.say, look=look))
        aside = "says nothing in the terms of this standard" if self._means[kind] else ""
        return Reading(lasts=self._lasts, aside=aside)

    def _said(self, meaning: Meaning, denied: bool, say: Any) -> Reading:
        told = (meaning.if_denied, meaning.value or meaning.denies) if denied else (meaning.value, meaning.denies)
        value, denies = map(say, told)
        if value is None or denies is None:
            return Reading(aside="does not say whom or what it speaks of")
        return Reading(
            value,
            denies,
            meaning.degree,
            meaning.gives_way and not denied,
            meaning.favours,
            meaning.harms,
            self._lasts if meaning.lasts_days is None else meaning.lasts_days,
        )


def _fields(meanings: list[Meaning]) -> tuple[str, ...]:
    """The fields whose values decide what an assertion says."""
    asked = [name for one in meanings for name in one.when]
    asked += [name for one in meanings for said in (one.value, one.denies, one.if_denied) for name in fields_of(said)]
    return tuple(dict.fromkeys(asked))
