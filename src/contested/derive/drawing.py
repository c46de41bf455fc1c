"""A picture being drawn, one partition of its evidence after the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence

from contested.derive.codebook import Codebook
from contested.derive.evidence import Evidence
from contested.derive.group import group
from contested.derive.select import Selection
from contested.derive.settle import settle
from contested.derive.standard import standard
from contested.derive.wording import Things
from contested.model import Ignored, Name, Row, Standing


class Drawing:
    """A codebook on a day, with the parties to the fight."""

    def __init__(self, book: Codebook, on: dt.date, register: Things, parties: Collection[Name]) -> None:
        self.book = book
        self.on = on
        read_by = standard(book, register)
        self.wording, self.keys = read_by.wording, read_by.keys
        self.select = Selection(read_by, on, parties)

    def rows(self, standings: Iterable[Standing]) -> Iterator[Row]:
        """The rows of one partition, sorted by key; then what belongs to none of them, in a row whose key is empty."""
        groups, unplaced = group(self.keys, self.select(standings))
        rows = []
        for one in groups:
            row = settle(self.book, one, self.on, self.wording)
            if row is None:
                unplaced += [(e, e.aside) for e in one.own]
            else:
                rows.append(row)
        yield from sorted(rows, key=in_order)
        yield from _left_aside(self.book, unplaced, rows)


def in_order(row: Row) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    return tuple([part.casefold() for part in row.key]), row.key, row.things


def _left_aside(book: Codebook, unplaced: Sequence[tuple[Evidence, str]], rows: Sequence[Row]) -> Iterator[Row]:
    used = {one for row in rows for one in (*row.support, *row.against)} if unplaced else ()
    ignored = {e.id: Ignored(e.id, reason) for e, reason in unplaced if e.id not in used}
    if ignored:
        nothing = ("",) * len(book.key)
        yield Row(
            key=nothing,
            value="",
            status="none",
            rule="left aside",
            ignored=tuple(ignored[one] for one in sorted(ignored)),
            things=nothing,
            cells=("",) * len(book.cells),
        )
