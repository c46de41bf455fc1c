"""Looking back from the day asked only as far as a row needs: its value, status and evidence are those of a whole look.

Where later evidence supersedes earlier, the last confirmed report that asserts something hides all before it, but what
lies within the window beside it. Without one, everything that has not run out must be seen; if all has, the same is
asked of what has run out. What a row did not look at, its `ignored` does not name: drawn from all its evidence it does.

    partitions = Parting(book, on, register).divide(places)
    looked_back(book, ([standings_backwards(values) for values in one.rows] for one in partitions if one.mark), …)

Standings of a row come in the order of their days (derive's `day_of`), from the last on or before the day asked
backwards; those of one day in any order. Nothing is read from them beyond what is needed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby

from contested.derive.codebook import Codebook
from contested.derive.drawing import Drawing, in_order
from contested.derive.evidence import NEVER, Evidence, Group, Label, day_of, shifted
from contested.derive.live import expired
from contested.derive.settle import settle
from contested.derive.who import longest_lasting
from contested.derive.wording import Things
from contested.errors import UsageError
from contested.model import Name, Row, Standing


def looks_back(book: Codebook) -> bool:
    """Whether the rows of a codebook can be drawn so: one part of a key, the latest counts, nothing joins it."""
    (first, *more) = book.key
    plain = isinstance(first.of, str) and first.window_days is None and not first.each and not more
    superseded = any(cell.from_ == "superseded" for cell in book.cells)
    return plain and book.counts == "latest" and not book.attach and not superseded


def looked_back(
    book: Codebook,
    partitions: Iterable[Iterable[Iterable[Standing]]],
    on: dt.date,
    register: Things,
    parties: Collection[Name],
) -> Iterator[Row]:
    """Rows from standings that come backwards: for each partition, in the order of marks, those of each of its rows.

    Raises UsageError for a codebook whose rows need all their evidence.
    """
    if not looks_back(book):
        raise UsageError(f"the codebook {book.name} needs all evidence of a row: it does not look back from a day")
    drawing = Drawing(book, on, register, parties)
    longest = longest_lasting(book)
    horizon = NEVER if longest is None else shifted(on, -longest)
    for partition in partitions:
        found = (_row(drawing, standings, horizon) for standings in partition)
        yield from sorted((row for row in found if row), key=in_order)


def _row(drawing: Drawing, standings: Iterable[Standing], horizon: dt.date) -> Row | None:
    look = _Look(drawing, horizon)
    backwards: list[Evidence] = []
    spelled: tuple[Label, ...] = ()
    for day, same in groupby(standings, key=day_of):
        if look.ends_before(day):
            break
        for e in reversed(drawing.select(same)):
            labels = drawing.keys.labels(e)
            if isinstance(labels, str):
                continue
            backwards.append(e)
            if not e.aside:
                look.sees(e)
                spelled = spelled or labels
    return settle(drawing.book, Group(spelled, backwards[::-1]), drawing.on, drawing.wording) if spelled else None


class _Look:
    """What has been seen of a row that bears on how far back one must look."""

    def __init__(self, drawing: Drawing, horizon: dt.date) -> None:
        self._within = drawing.book.within_days
        self._on = drawing.on
        self._horizon = horizon  # whatever is of a day before it has run out
        self._fresh = False
        self._since: dt.date | None = None  # the first day that can count
        self._stale_since: dt.date | None = None  # the same, should all have run out

    def ends_before(self, day: dt.date) -> bool:
        """Whether nothing of that day or earlier can change the row."""
        if self._since is None and day < self._horizon:
            if self._fresh:
                return True
            self._since = self._stale_since
        return self._since is not None and day < self._since

    def sees(self, e: Evidence) -> None:
        if self._since is not None:
            return
        ran_out = expired(e, self._on)
        self._fresh = self._fresh or not ran_out
        if e.value and not e.claim and not e.says_less:
            since = shifted(e.day, -self._within)
            if ran_out:
                self._stale_since = self._stale_since or since
            else:
                self._since = since
