"""Long lists cut into pages; of a long record no more is read than a page shows, or than is looked through for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec

from contested.model import Standing
from contested.web.state import View

if TYPE_CHECKING:
    from contested.web.record import Record

LOOKED = 10_000  # assertions looked through for one page
AT_ONCE = 500  # of them read together
A = TypeVar("A")


class Listing(msgspec.Struct, Generic[A], frozen=True):
    """One page of a list: its items, which page of how many, and how many there are in all.

    Where not all was looked through for it, `total` is how many were found, `looked` among how many, and `onward` is
    how many to pass over to go on; `reached` is the day that it looked back to.
    """

    items: tuple[A, ...]
    page: int
    pages: int
    total: int
    looked: int = 0
    onward: int = 0
    reached: dt.date | None = None

    @property
    def count(self) -> dict[str, Any]:
        """The numbers, for the JSON twin."""
        further = {"looked_through": self.looked, "skip": self.onward or None} if self.looked else {}
        return {"page": self.page, "pages": self.pages, "total": self.total} | further


class Sort(msgspec.Struct, frozen=True):
    """Which assertions are listed: of these kinds (or all), of a type of event, of these days (closed-open)."""

    kinds: tuple[str, ...] = ()
    type: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    last_first: bool = False

    def within(self, day: dt.date | None) -> bool:
        if day is None:
            return self.since is None and self.until is None
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


def page_of(items: Sequence[A], page: int, size: int) -> Listing[A]:
    """The page asked for; one past the end gives the last."""
    page, pages = _clamped(len(items), page, size)
    return Listing(tuple(items[(page - 1) * size : page * size]), page, pages, len(items))


def by_day(record: Record, view: View, sort: Sort, page: int, size: int) -> Listing[Standing]:
    """The page asked for of assertions in the order of their days, those without a day last."""
    days = record.days(view, sort.kinds, sort.type)
    total = sum(many for day, many in days.items() if sort.within(day))
    page, pages = _clamped(total, page, size)
    return Listing(tuple(stretch(record, view, sort, (page - 1) * size, size)), page, pages, total)


def stretch(record: Record, view: View, sort: Sort, skip: int, limit: int) -> list[Standing]:
    """So many from a place on. The counts of days tell on which day it lies, so that nothing before it is walked."""
    days, known = record.days(view, sort.kinds, sort.type), record.known(view)
    found: list[Standing] = []
    for day in sorted((day for day in days if day and sort.within(day)), reverse=sort.last_first):
        if skip < days[day]:
            since, until = (sort.since, _after(day)) if sort.last_first else (day, sort.until)
            found = known.page(
                sort.kinds,
                of_type=sort.type,
                since=since,
                until=until,
                last_first=sort.last_first,
                skip=skip,
                limit=limit,
            )
            skip = 0
            break
        skip -= days[day]
    if len(found) < limit and days.get(None) and sort.within(None):
        left = limit - len(found)
        found += known.undated(sort.kinds, of_type=sort.type, last_first=sort.last_first, skip=skip, limit=left)
    return found


def sifted(
    record: Record,
    view: View,
    sort: Sort,
    fits: Callable[[Sequence[Standing]], list[Standing]],
    skip: int,
    page: int,
    size: int,
) -> Listing[Standing]:
    """Those that fit: of a little record the page asked for, of a long one the next after `skip` that were found."""
    total = sum(record.days(view, sort.kinds, sort.type).values())
    found: list[Standing] = []
    if total <= LOOKED:
        for at in range(0, total, AT_ONCE):
            found += fits(stretch(record, view, sort, at, AT_ONCE))
        return page_of(found, page, size)
    at, reached = skip, None
    while at < min(skip + LOOKED, total) and len(found) < size:
        some = stretch(record, view, sort, at, AT_ONCE)
        fitting = fits(some)
        found += fitting[: size - len(found)]
        whole = not fitting or found[-1] is fitting[-1]
        at += AT_ONCE if whole else some.index(found[-1]) + 1
        reached = (some[-1] if whole else found[-1]).day if some else reached
    onward = at if at < total else 0
    return Listing(tuple(found), 1, 1, len(found), min(at, total) - skip, onward, reached if onward else None)


def _clamped(total: int, page: int, size: int) -> tuple[int, int]:
    pages = max(-(-total // size), 1)
    return min(page, pages), pages


def _after(day: dt.date) -> dt.date | None:
    return day + dt.timedelta(days=1) if day < dt.date.max else None
