"""The record from its end backwards, and what came between two moments: they cost by what is told, not by the record.

entries between ──▶ documents they are on, or judge something of ──▶ readings that begin or end there
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from contested.ledger.standing import read_bodies
from contested.ledger.tables import documents, entries, judgements, readings
from contested.ledger.views import DOCUMENTS, READ
from contested.ledger.worded import Worded
from contested.model import Entry, Standing

ENTRIES = 500  # looked at in one reading


class Changed(NamedTuple):
    """Of one document, the assertions that something was recorded of between two moments, by their ids: those that
    stood at the first, those that stood at the second, and which of them were on record at the first."""

    before: dict[str, Standing]
    after: dict[str, Standing]
    formerly: frozenset[str]


class Leaves(Worded):
    """What was recorded up to a moment: up to one entry."""

    def entries(
        self, document: str = "", after: Leaves | None = None, wanted: Callable[[str], bool] | None = None
    ) -> Iterator[Entry]:
        """Every entry, or every one set under a document (its whole id), the last first: as far back as what was on
        record `after` another moment, and by those recorders that are wanted.

        Those whose bytes were taken out are left out.
        """
        asked = select(entries.c.n, entries.c.recorder).where(entries.c.n > (after._upto if after else 0))
        if document:
            asked = asked.where(entries.c.document.in_(select(documents.c.n).where(documents.c.id == document)))
        asked, upto = asked.order_by(entries.c.n.desc()).limit(ENTRIES), self._upto
        while True:
            with self._reading() as connection:
                rows = connection.execute(asked.where(entries.c.n <= upto)).all()
                found = read_bodies(connection, [row.n for row in rows if wanted is None or wanted(row.recorder)])
            for row in rows:
                if row.n in found:
                    yield found.pop(row.n)
            if len(rows) < ENTRIES:
                return
            upto = rows[-1].n - 1

    def changed(self, then: Leaves) -> Iterator[Changed]:
        """What changed since `then`, earlier or later, document by document in the order of their ids.

        Of assertions that nothing was recorded of in between nothing is asked: they stand in both as in one.
        """
        first, last = sorted((then._upto, self._upto))
        with self._reading() as connection:
            reports = _between(connection, first, last)
        for at in range(0, len(reports), DOCUMENTS):
            with self._reading() as connection:
                found = list(self._changed(connection, then, (first, last), reports[at : at + DOCUMENTS]))
            yield from found

    def _changed(
        self, connection: Connection, then: Leaves, span: tuple[int, int], reports: Sequence[int]
    ) -> Iterator[Changed]:
        first, last = span
        judged = select(judgements.c.assertion).where(judgements.c.entry.between(first + 1, last))
        touched = set(connection.execute(judged.where(judgements.c.document.in_(reports))).scalars())
        rows = connection.execute(READ.where(readings.c.document.in_(reports))).all()
        touched |= {row.id for row in rows if first < row.since <= last or first < row.until <= last}
        rows = [row for row in rows if row.id in touched]
        before, after = (
            {each.id: each for each in self._views.standings(connection, _stood(rows, upto), upto)}
            for upto in (then._upto, self._upto)
        )
        of = sorted({(reports.index(row.document), row.id.hex()) for row in rows})
        formerly = {row.id.hex() for row in rows if row.since <= then._upto}
        for _, same in groupby(of, key=lambda pair: pair[0]):
            ids = [id_ for _, id_ in same]
            sides = ({id_: side[id_] for id_ in ids if id_ in side} for side in (before, after))
            yield Changed(*sides, formerly.intersection(ids))  # type: ignore[call-arg, arg-type]


def _stood(rows: Sequence[Any], upto: int) -> list[Any]:
    return [row for row in rows if row.since <= upto < row.until]


def _between(connection: Connection, first: int, last: int) -> list[int]:
    """The documents that entries after the first, up to the last, are on or judge something of; in order of ids."""
    on = select(entries.c.document).where(entries.c.n.between(first + 1, last))
    of = select(judgements.c.document).where(judgements.c.entry.between(first + 1, last))
    asked = select(documents.c.n).where(documents.c.n.in_(on.union(of)))
    return list(connection.execute(asked.order_by(documents.c.id)).scalars())
