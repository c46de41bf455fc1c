"""One assertion as a picture sees it, and the ways a codebook can speak of it: fields, templates, conditions."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from contested.model import Estimate, Name, Period, Standing, Thing


class Things(Protocol):
    """What a picture must know of the world; the register has it."""

    def thing(self, thing_id: str, /) -> Thing | None: ...

    def ancestors(self, thing_id: str, /) -> tuple[str, ...]: ...

    def capital(self, province_id: str, /) -> Thing | None: ...


@dataclass(slots=True, eq=False)
class Evidence:
    """A standing assertion in a standard's terms: the value it asserts, the one it denies, or why it is left aside."""

    standing: Standing
    kind: str
    day: dt.date
    voice: Name  # the innermost: the one whose word it is
    speaker: str  # the same thing, or the same words, is one speaker however often it is printed
    value: str = ""
    denies: str = ""
    degree: int = 0
    gives_way: bool = False
    claim: bool = False
    favours: str = ""
    harms: str = ""
    lasts: int | None = None
    aside: str = ""

    @property
    def id(self) -> str:
        return self.standing.id

    @property
    def says_less(self) -> bool:
        return self.gives_way or self.degree < 0

    @property
    def document(self) -> str:
        quote = self.standing.assertion.quote
        return quote.document if quote else ""

    @property
    def start(self) -> int:
        quote = self.standing.assertion.quote
        return quote.start if quote else 0

    @property
    def order(self) -> tuple[dt.date, dt.date, dt.datetime, str, int, str]:
        """By day, then as it became known. Whose names are in it comes last, so that no name breaks a tie."""
        standing = self.standing
        return self.day, standing.published or dt.date.min, standing.recorded_at, self.document, self.start, self.id


class Label(NamedTuple):
    """One part of a key: what makes it the same, how it reads, and the thing it is where that is known."""

    identity: str
    words: str
    thing: str = ""


@dataclass(slots=True, eq=False)
class Group:
    """The evidence for one row; beside it what all voices assert, and deny, of the same matter."""

    labels: tuple[Label, ...]
    own: list[Evidence] = dataclasses.field(default_factory=list)
    asserted: Sequence[Evidence] = ()
    denials: Sequence[Evidence] = ()


NEVER = dt.date.min
"""The day of an undated assertion; it is always left aside."""

_ABOUT: dict[str, Callable[[Evidence], Any]] = {
    "voice": lambda e: e.voice,
    "source": lambda e: e.standing.source,
    "document": lambda e: e.document,
    "report": lambda e: e.standing.file,
    "day": lambda e: e.day.isoformat() if e.day != NEVER else "",
    "id": lambda e: e.id,
    "kind": lambda e: e.kind,
    "attributed": lambda e: "yes" if len(e.standing.assertion.voices) > 1 else "no",
    "likelihood": lambda e: e.standing.assertion.likelihood.words if e.standing.assertion.likelihood else "",
    "denied": lambda e: "yes" if e.standing.assertion.denied else "no",
}
ABOUT = frozenset(_ABOUT)
"""What can be asked of any assertion, besides the fields of its content."""


def field(evidence: Evidence, name: str) -> Any:
    """A field of the content, or one of ABOUT; None where the kind has no such field."""
    about = _ABOUT.get(name)
    return about(evidence) if about else getattr(evidence.standing.assertion.content, name, None)


class Wording:
    """Puts assertions into words, by the register's names, and asks a codebook's conditions of them."""

    def __init__(self, register: Things, roles: dict[str, tuple[str, ...]]) -> None:
        self.register = register
        self._roles = roles
        self._names: dict[str, str] = {}
        self._plays: dict[tuple[str, str], bool] = {}

    def name(self, name: Name) -> str:
        if not name.thing:
            return " ".join(name.words.split())
        if name.thing not in self._names:
            thing = self.register.thing(name.thing)
            self._names[name.thing] = thing.name if thing else ""
        return self._names[name.thing] or name.words

    def text(self, evidence: Evidence, field_name: str) -> str:
        value = field(evidence, field_name)
        return self.name(value) if isinstance(value, Name) else shown(value)

    def say(self, template: str, evidence: Evidence) -> str | None:
        """A template filled in, enumerations ("air_strike") as they are spoken."""
        return fill(template, lambda name: self.text(evidence, name).replace("_", " "))

    def holds(self, when: dict[str, str | tuple[str, ...]], evidence: Evidence) -> bool:
        return all(self._is(field(evidence, name), wanted) for name, wanted in when.items())

    def _is(self, value: Any, wanted: str | tuple[str, ...]) -> bool:
        options = (wanted,) if isinstance(wanted, str) else wanted
        if isinstance(value, Name):
            return "some" in options or any(self._plays_role(value.thing, role) for role in options)
        text = shown(value)
        return text in options or ("some" if text else "none") in options

    def _plays_role(self, thing_id: str, role: str) -> bool:
        asked = (thing_id, role)
        if asked not in self._plays:
            players = self._roles.get(role, ())
            thing = self.register.thing(thing_id) if thing_id else None
            sorts = {thing.type, thing_id, *self.register.ancestors(thing_id)} if thing else set()
            if thing and thing.capital_of:
                sorts.add("capital")
            self._plays[asked] = not sorts.isdisjoint(players)
        return self._plays[asked]


_Piece = tuple[bool, tuple[tuple[str, str], ...]]  # may be left out; (words, field) …


@lru_cache(maxsize=1024)
def _pieces(template: str) -> tuple[_Piece, ...]:
    pieces = []
    for place, segment in enumerate(re.split(r"\[([^\]]*)\]", template)):
        parts = [*re.split(r"\{([^}]*)\}", segment), ""]
        pieces.append((place % 2 == 1, tuple(zip(parts[::2], parts[1::2], strict=True))))
    return tuple(pieces)


def fields_of(template: str) -> Sequence[str]:
    """The names between braces."""
    return [name for _, parts in _pieces(template) for _, name in parts if name]


def fill(template: str, look_up: Callable[[str], str]) -> str | None:
    """The template in words; what stands in [brackets] falls away when a field in it is empty.

    None when a field outside brackets is empty.
    """
    said: list[str] = []
    for optional, parts in _pieces(template):
        words: list[str] = []
        for words_before, name in parts:
            value = look_up(name) if name else ""
            if name and not value:
                if not optional:
                    return None
                break
            words += (words_before, value)
        else:
            said += words
    return "".join(said)


def folded(words: str) -> str:
    """The same words, however capitalised and spaced."""
    return " ".join(words.casefold().split())


def shown(value: Any) -> str:
    """A field's value in words: numbers and days without decoration, yes for true, nothing for what is absent."""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, Estimate):
        return _estimate(value)
    if isinstance(value, Period):
        return _period(value)
    if isinstance(value, Name):
        return value.words
    return "yes" if value is True else ""


def shifted(day: dt.date, days: int) -> dt.date:
    """So many days later (earlier if below 0), or the last (first) day there is."""
    return dt.date.fromordinal(min(max(day.toordinal() + days, 1), dt.date.max.toordinal()))


def number(value: float) -> str:
    return str(int(value)) if math.isfinite(value) and value == int(value) else f"{value:g}"


def _estimate(value: Estimate) -> str:
    low, best, high = value.low, value.best, value.high
    if low is not None and high is not None:
        return number(low) if low == high else f"{number(low)}–{number(high)}"
    if low is not None:
        return f"at least {number(low)}"
    if high is not None:
        return f"up to {number(high)}"
    return f"about {number(best)}" if best is not None else ""


def _period(value: Period) -> str:
    last = shifted(value.until, -1) if value.until else None
    if value.since and last and last > value.since:
        return f"{value.since} to {last}"
    return str(value.since or last or "")
