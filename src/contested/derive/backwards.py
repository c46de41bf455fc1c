"""Looking back from the day asked only as far as a row needs: its value, status and evidence are those of a whole look.

Where later evidence supersedes earlier, the last confirmed report that asserts something hides all before it, but what
lies within the window beside it. Without one, everything that has not run out must be seen; if all has, the same is
asked of what has run out. What a row did not look at, its `ignored` does not name: drawn from all its evidence it does.

    partitions = [one.rows for one in Parting(book, on, register).divide(places) if one.mark]
    looked_back(book, [[numbers[values] for values in rows] for rows in partitions], back, on, register, parties)

Rows look together, round after round: all that need more are given it at once, for to ask is dear and to read is cheap.
Only where they then hold very much (all that is said is claims) they go on in halves.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from contested.derive.codebook import Codebook
from contested.derive.drawing import Drawing, in_order
from contested.derive.evidence import NEVER, Evidence, Group, shifted
from contested.derive.live import expired
from contested.derive.settle import settle
from contested.derive.who import longest_lasting
from contested.derive.wording import Things
from contested.errors import UsageError
from contested.model import Name, Row, Standing

MOST = 20_000  # standings held before rows go on in smaller company


class Back(Protocol):
    """What is known of rows, by their numbers, from the day asked backwards; what was given once is not given again."""

    def days(self, rows: Sequence[int], /) -> Sequence[dt.date | None]:
        """The day (derive's `day_of`) of what comes next of each; None where nothing more does."""

    def standings(self, rows: Mapping[int, dt.date], /) -> Sequence[Sequence[Standing]]:
        """What comes next of each row, all of it down to its day."""


def looks_back(book: Codebook) -> bool:
    """Whether the rows of a codebook can be drawn so: one part of a key, the latest counts, nothing joins it."""
    (first, *more) = book.key
    plain = isinstance(first.of, str) and first.window_days is None and not first.each and not more
    superseded = any(cell.from_ == "superseded" for cell in book.cells)
    return plain and book.counts == "latest" and not book.attach and not superseded


def looked_back(
    book: Codebook,
    partitions: Iterable[Sequence[int]],
    back: Back,
    on: dt.date,
    register: Things,
    parties: Collection[Name],
) -> Iterator[Row]:
    """Rows from what comes backwards: for each partition, in the order of marks, the numbers of its rows.

    Raises UsageError for a codebook whose rows need all their evidence.
    """
    if not looks_back(book):
        raise UsageError(f"the codebook {book.name} needs all evidence of a row: it does not look back from a day")
    drawing = Drawing(book, on, register, parties)
    longest = longest_lasting(book)
    horizon = NEVER if longest is None else shifted(on, -longest)
    given = list(partitions)
    looks = {row: _Look(drawing, horizon) for partition in given for row in partition}
    _look(looks, list(looks), back)
    for partition in given:
        yield from sorted((drawn for row in partition if (drawn := looks[row].row)), key=in_order)


def _look(looks: Mapping[int, _Look], looking: list[int], back: Back) -> None:
    """Give each of these rows what it needs, and draw it."""
    while looking:
        days = zip(looking, back.days(looking), strict=True)
        asked = {row: looks[row].down_to(day) for row, day in days if day and not looks[row].ends_before(day)}
        for row in looking:
            if row not in asked:
                looks[row].draw()
        for row, standings in zip(asked, back.standings(asked), strict=True) if asked else ():
            looks[row].take(standings)
        looking = list(asked)
        if len(looking) > 1 and sum(looks[row].held for row in looking) > MOST:
            half = len(looking) // 2
            _look(looks, looking[:half], back)
            looking = looking[half:]


class _Look:
    """What a row has seen, and how far back it must look; then the row, if any of that counts."""

    row: Row | None = None

    def __init__(self, drawing: Drawing, horizon: dt.date) -> None:
        self._drawing = drawing
        self._horizon = horizon  # whatever is of a day before it has run out
        self._backwards: list[Evidence] = []
        self._last: Evidence | None = None  # of what is not left aside: it spells the key
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

    def down_to(self, day: dt.date) -> dt.date:
        """How far back it must look if at that day it does not end."""
        return day if self._since is None else self._since

    def take(self, standings: Sequence[Standing]) -> None:
        """See what comes next: of one day, or of several that all can count."""
        for e in reversed(self._drawing.select(standings)):
            self._backwards.append(e)
            if not e.aside:
                self._sees(e)
                self._last = self._last or e

    @property
    def held(self) -> int:
        """How much it has seen."""
        return len(self._backwards)

    def draw(self) -> None:
        """Draw the row, and let go of what it rests on."""
        drawing = self._drawing
        labels = drawing.keys.labels(self._last) if self._last else ""  # one facet makes the row: the others' are these
        if isinstance(labels, tuple):
            group = Group(labels, self._backwards[::-1])
            self.row = settle(drawing.book, group, drawing.on, drawing.wording)
        self._backwards, self._last = [], None

    def _sees(self, e: Evidence) -> None:
        if self._since is not None:
            return
        ran_out = expired(e, self._drawing.on)
        self._fresh = self._fresh or not ran_out
        if e.value and not e.claim and not e.says_less:
            since = shifted(e.day, -self._drawing.book.within_days)
            if ran_out:
                self._stale_since = self._stale_since or since
            else:
                self._since = since
