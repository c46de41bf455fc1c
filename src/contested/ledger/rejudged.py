"""Whether the index of judgements says what the entries say: what each bears on is looked up again and compared."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, func, select

from contested.ledger.readings import concerned
from contested.ledger.retraced import LIES, REINDEX, Finding
from contested.ledger.standing import readable
from contested.ledger.tables import END, entries, judgements, readings
from contested.ledger.walking import slices
from contested.ledger.written import as_key
from contested.model import Entry

Homes = dict[str, tuple[int, int]]  # of an assertion's id: since which entry it is known, and on which document


def judgement_faults(connection: Connection) -> Iterator[Finding]:
    """Every entry of which the index of judgements says something else."""
    kept = _Kept(connection)
    asked = select(entries.c.n).where(entries.c.family.is_(None)).order_by(entries.c.n)
    for some in slices(connection.execute(asked).scalars().all()):
        said = readable(connection, some)
        homes = _homes(connection, {of for entry in said.values() if entry for of in _targets(entry)})
        for n in some:
            entry = said.get(n)  # none where it was taken out; where it cannot be read, that is named already
            if (entry is not None or n not in said) and kept.differs(n, entry, homes):
                yield LIES, REINDEX, f"judgements of entry {n}"
    strange = select(judgements.c.entry).distinct().join(entries, entries.c.n == judgements.c.entry)
    for n in connection.execute(strange.where(entries.c.family.is_not(None)).order_by(judgements.c.entry)).scalars():
        yield LIES, REINDEX, f"judgements of entry {n}"


class _Kept:
    """The index of judgements."""

    def __init__(self, connection: Connection) -> None:
        self._rows: defaultdict[int, set[tuple[Any, ...]]] = defaultdict(set)
        self._bears: defaultdict[bytes, list[tuple[int, int, dict[str, int]]]] = defaultdict(list)
        rows = connection.execute(select(judgements)).all()  # sorted here: a damaged file may have no order of its own
        for row in sorted(rows, key=lambda row: (row.entry or 0, row.position or 0)):
            self._rows[row.entry].add((row.position, row.assertion, row.document, row.id))
            told = self._bears[row.id]
            if not told or told[-1][:2] != (row.entry, row.position):
                told.append((row.entry, row.position, {}))
            told[-1][2][row.assertion.hex()] = row.document

    def differs(self, n: int, entry: Entry | None, homes: Homes) -> bool:
        """Whether it says of entry n something else than the entry does, which says nothing where it was taken out."""
        bears = concerned(entry, partial(self._bearing, n, homes)) if entry else []
        due = {
            (position, as_key(of), document, as_key(entry.assertions[position].id))
            for position, found in enumerate(bears)
            for of, document in found.items()
            if entry
        }
        return due != self._rows.get(n, set())

    def _bearing(self, n: int, homes: Homes, id_: str) -> dict[str, int]:
        """What an id concerned in the end when entry n came: itself, or what the judgement of that id bears on."""
        since, document = homes.get(id_, (END, 0))
        if since < n:
            return {id_: document}
        told = self._bears.get(as_key(id_) or b"", [])
        last = bisect_left(told, n, key=lambda each: each[0])
        return told[last - 1][2] if last else {}


def _targets(entry: Entry) -> Sequence[str]:
    return [of for each in entry.assertions for of in getattr(each.content, "of", ())]


def _homes(connection: Connection, ids: set[str]) -> Homes:
    found: Homes = {}
    keys = (as_key(id_) for id_ in ids)
    for some in slices([key for key in keys if key]):
        asked = select(readings.c.id, func.min(readings.c.since), readings.c.document).where(readings.c.id.in_(some))
        for id_, since, document in connection.execute(asked.group_by(readings.c.id, readings.c.document)):
            found[id_.hex()] = min((since, document), found.get(id_.hex(), (END, 0)))
    return found
