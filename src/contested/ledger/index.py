"""The throw-away indexes, made again from the entries. Nothing is true only there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, select

from contested.ledger.readings import Readings, concerned
from contested.ledger.tables import bodies, documents, empty_indexes, entries, particulars, removed
from contested.ledger.walking import onward
from contested.ledger.written import read_document, read_entry

AT_ONCE = 1_000  # entries read at a time


def reindex(connection: Connection) -> int:
    """Make the indexes again; answers how many entries there were."""
    empty_indexes(connection)
    readings, seen, n = Readings(connection), bytearray(), 0
    for row in walk(connection):
        n = row.n
        if row.document >= len(seen):
            seen.extend(bytes(row.document + 1 - len(seen) + AT_ONCE))
        if not seen[row.document]:
            seen[row.document] = True
            readings.open(row.document, read_document(row.id, row.meta).dated if row.meta else None)
        if row.body is None:  # it was taken out
            continue
        entry = read_entry(n, row.body)
        ids = [each.id for each in entry.assertions]
        if row.family is None:
            readings.follow_judgement(n, entry, ids, concerned(entry, readings.bearing))
        else:
            readings.follow(n, row.document, entry, ids)
    readings.flush()
    return n


def walk(connection: Connection, n: int = 0) -> Iterator[Any]:
    """Every entry after entry n with its body and its document, in order, some at a time."""
    while rows := some(connection, n):
        yield from rows
        n = onward(n, rows[-1].n)


def some(connection: Connection, after: int) -> Sequence[Any]:
    """The next entries after one, with their bodies and their documents."""
    asked = (
        select(entries, bodies.c.body, removed.c.sha, documents.c.id, documents.c.digest, documents.c.length)
        .add_columns(particulars.c.meta)
        .join_from(entries, documents, isouter=True)
        .join(bodies, bodies.c.entry == entries.c.n, isouter=True)
        .join(removed, removed.c.entry == entries.c.n, isouter=True)
        .join(particulars, particulars.c.document == entries.c.document, isouter=True)
    )
    return connection.execute(asked.where(entries.c.n > after).order_by(entries.c.n).limit(AT_ONCE)).all()
