"""What to look at next: where reviewers differ, then what contested rows rest on, then the least sure readings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from heapq import nsmallest
from typing import TYPE_CHECKING, Literal, Protocol

from contested.derive.disputes import differ
from contested.model import Noun, Standing

if TYPE_CHECKING:
    from contested.model import Picture

Why = Literal["disputed", "contested", "unjudged"]
_ORDER: dict[Why, int] = {"disputed": 0, "contested": 1, "unjudged": 2}


class Drawing(Protocol):
    """What is asked of a workspace here."""

    def assertions(self, kind: str = "", *, known: dt.date | None = None) -> Iterator[Standing]: ...

    def picture(self, name: str, *, known: dt.date | None = None) -> Picture: ...


class Item(Noun, frozen=True):
    """An assertion to look at: reviewers differ on it, a contested row rests on it, or nobody has judged it."""

    why: Why
    standing: Standing


class Queue(Noun, frozen=True):
    """The first to look at, and how many there are in all, of each sort."""

    items: tuple[Item, ...] = ()
    disputed: int = 0
    contested: int = 0
    unjudged: int = 0


def queue(workspace: Drawing, limit: int, kind: str, pictures: Sequence[str], known: dt.date | None = None) -> Queue:
    """The first of what is to be looked at, as known at a moment: of assertions of a kind (all if none), and of the
    rows of these pictures. What is no longer disputed and has been judged is not asked about."""
    rested_on = _contested(workspace.picture(name, known=known) for name in pictures)
    count: dict[Why, int] = dict.fromkeys(_ORDER, 0)

    def waiting() -> Iterator[Item]:
        for each in workspace.assertions(kind, known=known):
            why = _why(each, rested_on)
            if why is not None:
                count[why] += 1
                yield Item(why, each)

    first = nsmallest(limit, waiting(), key=_place)
    return Queue(tuple(first), count["disputed"], count["contested"], count["unjudged"])


def _why(each: Standing, rested_on: set[str]) -> Why | None:
    if differ(each):
        return "disputed"
    if each.judgements:
        return None
    return "contested" if each.id in rested_on else "unjudged"


def _contested(pictures: Iterable[Picture]) -> set[str]:
    """The evidence of contested rows."""
    rows = (row for picture in pictures for row in picture.rows if row.status == "contested")
    return {each for row in rows for each in (*row.support, *row.against)}


def _place(item: Item) -> tuple[int, float, str]:
    return _ORDER[item.why], item.standing.assertion.confidence, item.standing.id
