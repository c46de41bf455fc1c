"""Who held an office when, as the packs say it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec


class Holding(msgspec.Struct, frozen=True):
    """Who held an office, closed-open; a missing end is open."""

    holder: str
    since: dt.date
    until: dt.date | None


def holdings(holders: Iterable[Sequence[str]]) -> tuple[Holding, ...]:
    """A pack's [who, since, until] as holdings; raises ValueError for what is no day."""
    return tuple(
        Holding(f"actor:{who}", dt.date.fromisoformat(since), dt.date.fromisoformat(until) if until else None)
        for who, since, until in holders
    )


def held(known: Iterable[Holding], day: dt.date) -> str:
    """The id of who held an office on a day; empty where nobody is known to have."""
    return next((one.holder for one in known if one.since <= day and (one.until is None or day < one.until)), "")
