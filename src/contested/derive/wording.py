"""How a codebook speaks of assertions: names by the register, templates filled in, conditions asked."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Protocol

from contested.derive.evidence import Evidence, field, shifted
from contested.model import Estimate, Name, Period, Thing

Look = Callable[[str], Any]  # the value of a field
CACHED = 1 << 14  # answers kept of each sort of question, so that a picture of millions needs no more memory


class Things(Protocol):
    """What a picture must know of the world; the register has it."""

    def thing(self, thing_id: str, /) -> Thing | None: ...

    def ancestors(self, thing_id: str, /) -> tuple[str, ...]: ...

    def capital(self, province_id: str, /) -> Thing | None: ...


class Wording:
    """Puts assertions into words, by the register's names, and asks a codebook's conditions of them."""

    def __init__(self, register: Things, roles: Mapping[str, tuple[str, ...]]) -> None:
        self.register = register
        self._roles = roles
        self._called = lru_cache(maxsize=CACHED)(self._name_of)
        self.plays = lru_cache(maxsize=CACHED)(self._plays_role)

    def name(self, name: Name) -> str:
        if not name.thing:
            return " ".join(name.words.split())
        return self._called(name.thing) or name.words

    def text(self, evidence: Evidence, field_name: str) -> str:
        return self.shown(field(evidence, field_name))

    def shown(self, value: Any) -> str:
        return self.name(value) if isinstance(value, Name) else shown(value)

    def say(self, template: str, look: Look) -> str | None:
        """A template filled in, enumerations ("air_strike") as they are spoken."""
        return fill(template, lambda name: self.shown(look(name)).replace("_", " "))

    def holds(self, when: Mapping[str, str | tuple[str, ...]], look: Look) -> bool:
        return all(self._is(look(name), wanted) for name, wanted in when.items())

    def _name_of(self, thing_id: str) -> str:
        thing = self.register.thing(thing_id)
        return thing.name if thing else ""

    def _is(self, value: Any, wanted: str | tuple[str, ...]) -> bool:
        options = (wanted,) if isinstance(wanted, str) else wanted
        if isinstance(value, Name):
            return "some" in options or any(self.plays(value.thing, role) for role in options)
        text = shown(value)
        return text in options or ("some" if text else "none") in options

    def _plays_role(self, thing_id: str, role: str) -> bool:
        players = self._roles.get(role, ())
        thing = self.register.thing(thing_id) if thing_id else None
        sorts = {thing.type, thing_id, *self.register.ancestors(thing_id)} if thing else set()
        if thing and thing.capital_of:
            sorts.add("capital")
        return not sorts.isdisjoint(players)


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
