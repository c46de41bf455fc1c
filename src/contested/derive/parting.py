"""How the evidence of a picture falls apart, so that it need not be held at once: no row rests on two partitions.

A partition is known by its *mark*: how the first parts of its rows' keys read. Marks sort as keys do, so whoever draws
partitions in the order of their marks gets the rows in the order of their keys.

    parting = Parting(book, on, register, parties)
    parting.facet            the field whose values alone tell the first part of a mark: "place", "day", "party" …
    parting.divide(values)   those values, put together to partitions in their order: seek each, and draw it
    parting.marks(report)    where the facet is empty, or its partitions are too large: the whole mark of each standing

By facet: an index gives the facet's values; `divide` puts them together (a district and its villages); the standings
of each partition are sought and given to `rows`. By marks: go over all reports once, sort what comes by mark, and give
`rows` all that has one mark. Either way, where `parting.reports` is true some evidence joins the nearest in its report;
then a partition by facet is made of whole reports, and of them it holds what `marks` says is its own. What has an empty
mark makes no row: it is left aside, and may be drawn in as many pieces as one likes.

Where a codebook goes by what analysts compare (`as_judged`), partitions that hold two assertions of one judgement
"same" are to be drawn as one; drawn apart, each keeps what its key says.

| codebook | facet | a mark is |
|---|---|---|
| control, control-lwj, capitals | place | place, district, capital |
| incidents | place, in whole reports | place, sort of violence |
| claims | none | the matter |
| commitments | party | party: verdicts join what the same party is bound to |
| relations, designations, quantities | subject, target, measure | the whole key |
| forecasts, sources | proposition, source | the same |
| timeline | day | day, kind, id: each assertion by itself |
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from contested.derive.attach import attach
from contested.derive.codebook import Codebook, Part
from contested.derive.evidence import Evidence, Group
from contested.derive.select import Selection
from contested.derive.standard import standard
from contested.derive.wording import Things
from contested.model import Name, Standing

Mark = tuple[str, ...]
Value = Name | str


class Partition(NamedTuple):
    """Values of the facet whose evidence belongs together, row by row where the facet alone makes the row.

    What makes no row at all has the empty mark, and stands first.
    """

    mark: str
    rows: tuple[tuple[Value, ...], ...]


class Parting:
    """How the evidence of one picture falls apart."""

    def __init__(self, book: Codebook, on: dt.date, register: Things, parties: Collection[Name] = ()) -> None:
        read_by = standard(book, register)
        self._book = book
        self._keys, self._wording = read_by.keys, read_by.wording
        self._given = read_by, on, parties
        self._parts = _parts_of_a_mark(book, self._keys.fixed)
        first = book.key[0]
        self.facet = first.of if self._parts and isinstance(first.of, str) else ""
        self.reports = any(join.near for join in book.attach)

    @cached_property
    def _select(self) -> Selection:
        """Made for marks alone: whoever divides values need not know the parties."""
        return Selection(*self._given)

    def divide(self, values: Iterable[Value]) -> list[Partition]:
        """The facet's values in partitions, these in the order of their marks. Names as written, or as resolved."""
        found: dict[str, dict[str, list[Value]]] = defaultdict(lambda: defaultdict(list))
        for value in values:
            label = self._keys.label(0, value)
            found[self._keys.sorted_by(label)][label.identity].append(value)
        return [Partition(mark, tuple(map(tuple, found[mark].values()))) for mark in sorted(found)]

    def marks(self, standings: Iterable[Standing]) -> Iterator[tuple[Mark, Standing]]:
        """Each standing with its mark. What joins by nearness must come with its whole report."""
        evidence = self._select(standings)
        near = {join.kind: join for join in self._book.attach if join.near}
        groups: dict[Mark, Group] = {}
        self._gather(groups, (e for e in evidence if e.kind not in near))
        for kind, join in near.items():
            placed = [group for mark, group in groups.items() if any(mark)]  # what makes no row draws nothing to it
            loose = attach(join, placed, (e for e in evidence if e.kind == kind), self._wording)
            self._gather(groups, loose)
        for mark, group in groups.items():
            yield from ((mark, e.standing) for e in group.own)

    def _gather(self, groups: dict[Mark, Group], evidence: Iterable[Evidence]) -> None:
        for e in evidence:
            groups.setdefault(self._mark(e), Group(())).own.append(e)

    def _mark(self, e: Evidence) -> Mark:
        """Of what makes no row, the empty one; it is left aside there."""
        labels = self._keys.labels(e, self._parts)
        return ("",) * self._parts if isinstance(labels, str) else tuple(map(self._keys.sorted_by, labels))


def _parts_of_a_mark(book: Codebook, fixed: int) -> int:
    """How many parts of the key tell partitions apart: those an assertion's own fields tell, and no join crosses."""
    joined = [join.same for join in book.attach if not join.near]
    parts: Sequence[Part] = book.key[:fixed]
    crossed = (
        place
        for place, part in enumerate(parts)
        if part.named or not all(isinstance(part.of, str) and part.of in same for same in joined)
    )
    return next(crossed, fixed) if joined else fixed
