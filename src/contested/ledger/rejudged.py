"""Whether the index of judgements says what the entries say: what each bears on is looked up again and compared."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any

from sqlalchemy import Connection, func, select

from contested.ledger.among import among
from contested.ledger.readings import concerned
from contested.ledger.retraced import LIES, REINDEX, Finding
from contested.ledger.standing import readable
from contested.ledger.tables import END, entries, judgements, readings
from contested.ledger.walking import ROWS, in_order, slices
from contested.ledger.written import as_key
from contested.model import Entry

Homes = dict[str, tuple[int, int]]  # of an assertion's id: since which entry it is known, and on which document
NOWHERE = (END, 0)
_OF_ENTRIES = select(judgements).where(among(judgements.c.entry))
Bearing = Callable[[int, str], dict[str, int]]  # what an id concerned in the end when an entry came
Told = list[tuple[int, int, dict[str, int]]]  # of a judgement's id: its entries, positions, and what each bears on


def judgement_faults(connection: Connection) -> Iterator[Finding]:
    """Every entry of which the index of judgements says something else."""
    asked = select(entries.c.n).where(entries.c.family.is_(None))
    numbers = (row.n for row in in_order(connection, asked, entries.c.n))
    while some := list(islice(numbers, ROWS)):
        said, kept = readable(connection, some), _kept(connection, some)
        bearing = _bearing(connection, some[0], {of for entry in said.values() if entry for of in _targets(entry)})
        for n in some:
            entry = said.get(n)  # none where it was taken out; where it cannot be read, that is named already
            if (entry is not None or n not in said) and _due(n, entry, bearing) != kept.get(n, set()):
                yield LIES, REINDEX, f"judgements of entry {n}"
    strange = select(judgements.c.entry).distinct().join(entries, entries.c.n == judgements.c.entry)
    for n in connection.execute(strange.where(entries.c.family.is_not(None)).order_by(judgements.c.entry)).scalars():
        yield LIES, REINDEX, f"judgements of entry {n}"


def _kept(connection: Connection, some: Sequence[int]) -> dict[int, set[tuple[Any, ...]]]:
    """What the index says of entries."""
    found: defaultdict[int, set[tuple[Any, ...]]] = defaultdict(set)
    for row in connection.execute(_OF_ENTRIES, {"some": some}):
        found[row.entry].add((row.position, row.assertion, row.document, row.id))
    return found


def _due(n: int, entry: Entry | None, bearing: Bearing) -> set[tuple[Any, ...]]:
    """What it should say of entry n: nothing where that was taken out."""
    return {
        (position, as_key(of), document, as_key(entry.assertions[position].id))
        for position, found in enumerate(concerned(entry, partial(bearing, n)) if entry else ())
        for of, document in found.items()
        if entry
    }


def _bearing(connection: Connection, first: int, ids: set[str]) -> Bearing:
    """What each of these ids concerned: itself, or what the judgement of that id bears on. No entry asked of comes
    before the first."""
    homes = _homes(connection, ids)
    judged = _judged(connection, [of for of in ids if homes.get(of, NOWHERE)[0] >= first])

    def bearing(n: int, id_: str) -> dict[str, int]:
        since, document = homes.get(id_, NOWHERE)
        if since < n:
            return {id_: document}
        told = judged.get(as_key(id_) or b"", [])
        last = bisect_left(told, n, key=lambda each: each[0])
        return told[last - 1][2] if last else {}

    return bearing


def _judged(connection: Connection, ids: Sequence[str]) -> dict[bytes, Told]:
    """What judgements of these ids bear on, in the order of the record."""
    found: defaultdict[bytes, Told] = defaultdict(list)
    for some in slices([key for key in map(as_key, ids) if key]):
        rows = connection.execute(select(judgements).where(judgements.c.id.in_(some))).all()
        for row in sorted(rows, key=lambda row: (row.entry or 0, row.position or 0)):
            told = found[row.id]
            if not told or told[-1][:2] != (row.entry, row.position):
                told.append((row.entry, row.position, {}))
            told[-1][2][row.assertion.hex()] = row.document
    return found


def _targets(entry: Entry) -> Sequence[str]:
    return [of for each in entry.assertions for of in getattr(each.content, "of", ())]


def _homes(connection: Connection, ids: set[str]) -> Homes:
    found: Homes = {}
    keys = (as_key(id_) for id_ in ids)
    for some in slices([key for key in keys if key]):
        asked = select(readings.c.id, func.min(readings.c.since), readings.c.document).where(readings.c.id.in_(some))
        for id_, since, document in connection.execute(asked.group_by(readings.c.id, readings.c.document)):
            found[id_.hex()] = min((since, document), found.get(id_.hex(), NOWHERE))
    return found
