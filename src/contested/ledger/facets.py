"""What a reading of an assertion can be asked by: its kind, its place, its parties, its day."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any, NamedTuple

from contested.ledger.tables import NO_CHARACTER, NUL
from contested.model import AnyContent, Assertion, Event, Name

NOTHING = "?"  # before the words of what was taken for nothing
PLACES = frozenset({"event", "control", "quantity"})
PARTIES: dict[str, tuple[str, ...]] = {  # the first is who acts, holds, is bound or speaks
    "event": ("actor", "recipient"),
    "control": ("holder",),
    "responsibility": ("claimant",),
    "relation": ("subject", "object"),
    "commitment": ("party",),
    "compliance": ("party",),
    "designation": ("authority", "target"),
    "statement": ("speaker",),
}


def term(name: Name | None) -> str:
    """What a name is indexed by: the thing it was taken for, else its words after a question mark; "" for nobody."""
    if name is None:
        return ""
    return (name.thing or NOTHING + " ".join(name.words.split())).replace(NUL, NO_CHARACTER)


def named(words: str) -> Name:
    """The name that a term stands for."""
    return Name(words[1:]) if words.startswith(NOTHING) else Name("", words)


class Facets(NamedTuple):
    """What readings can be asked by."""

    kind: str
    type: str
    place: str
    actor: str
    other: str


def facets(content: AnyContent) -> Facets:
    of, has_type, has_place, actor, other = _asked(type(content))
    get: Any = content.__getattribute__
    return Facets(
        of,
        get("type") if has_type else "",
        term(get("place")) if has_place else "",
        term(get(actor)) if actor else "",
        term(get(other)) if other else "",
    )


@cache
def _asked(of: type[AnyContent]) -> tuple[str, bool, bool, str, str]:
    """What there is in contents of a class: its kind, whether a type and a place, the fields of the parties."""
    tag = str(of.__struct_config__.tag)
    actor, other = (*PARTIES.get(tag, ()), "", "")[:2]
    return tag, of is Event, tag in PLACES, actor, other


class Row(NamedTuple):
    """A row of the index but for which assertion and when; words where the table has their numbers."""

    entry: int
    position: int
    said: int
    said_position: int
    kind: Any
    type: Any
    place: Any
    actor: Any
    other: Any
    also: Any
    day: int | None


def day_number(assertion: Assertion, dated: dt.date | None) -> int | None:
    day = assertion.period.day(dated)
    return day.toordinal() if day else None
