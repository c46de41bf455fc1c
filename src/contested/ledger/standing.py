"""The entries on a document as they count: each recorder's last word, and the judgements that bear on it.

Everything asked here is asked up to entry n. Entries never change, so an answer up to n never changes either. It is
what the index of readings is drawn from (see `told`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from contested.errors import ContestedError, LedgerError
from contested.ledger.among import among
from contested.ledger.judging import Spoken
from contested.ledger.tables import bodies, entries, judgements, readings
from contested.ledger.walking import slices
from contested.ledger.written import Folio, as_key, read_entry, read_folio, read_stamp
from contested.model import Assertion, Entry, Judgement

# Made once: SQLAlchemy takes longer to make a statement than SQLite to run it.
_SOME: Any = bindparam("some", expanding=True)
_UPTO: Any = bindparam("upto")
MADE_AT: Any = func.coalesce(entries.c.made_at, entries.c.recorded_at).label("made_at")
_SAID: Any = (
    select(entries.c.n, MADE_AT, entries.c.recorder, entries.c.family, entries.c.document)
    .where(entries.c.document.in_(_SOME), entries.c.family.is_not(None), entries.c.n <= _UPTO)
    .order_by(MADE_AT, entries.c.n)
)
_CONCERNED = (
    select(judgements.c.entry, judgements.c.position)
    .where(judgements.c.document.in_(_SOME), judgements.c.entry <= _UPTO)
    .distinct()
    .subquery()
)
_JUDGED: Any = (
    select(judgements, entries.c.recorder, entries.c.recorded_at, MADE_AT)
    .join_from(
        _CONCERNED,
        judgements,
        (judgements.c.entry == _CONCERNED.c.entry) & (judgements.c.position == _CONCERNED.c.position),
    )
    .join(entries, entries.c.n == judgements.c.entry)
    .order_by(MADE_AT, judgements.c.entry, judgements.c.position, judgements.c.assertion)
)
_BODIES: Any = select(bodies.c.entry, bodies.c.body).where(among(bodies.c.entry))
_READ = (
    select(readings.c.document).where(readings.c.id == bindparam("id"), readings.c.since < bindparam("before")).limit(1)
)
_JUDGEMENT = (
    select(judgements.c.entry, judgements.c.position)
    .where(judgements.c.id == bindparam("id"), judgements.c.entry < bindparam("before"))
    .order_by(judgements.c.entry.desc())
    .limit(1)
)
_BEARS = select(judgements.c.assertion, judgements.c.document).where(
    judgements.c.entry == bindparam("entry"), judgements.c.position == bindparam("position")
)


def latest(connection: Connection, documents: Sequence[int], upto: int) -> list[Row[Any]]:
    """The entries on these documents that no later one of their recorder's family supersedes; analysts' aside.

    The one made last stands: merged from elsewhere, an entry may be made before what is on record here.
    """
    last: dict[tuple[int, str], Row[Any]] = {}
    for row in connection.execute(_SAID, {"some": documents, "upto": upto}):
        last[row.document, row.family] = row
    return sorted(last.values(), key=lambda row: row.n)


def spoken_on(connection: Connection, documents: Sequence[int], upto: int, lax: bool = False) -> list[Spoken]:
    """Every judgement that bears on assertions in these documents, in the order in which they were made.

    LedgerError where the index points at none, or an entry cannot be read; if `lax`, these are passed over.
    """
    whole: dict[tuple[int, int], list[Row[Any]]] = {}
    for row in connection.execute(_JUDGED, {"some": documents, "upto": upto}) if documents else ():
        whole.setdefault((row.entry, row.position), []).append(row)
    numbers = {entry for entry, _ in whole}
    said = readable(connection, numbers) if lax else read_bodies(connection, numbers)
    spoken = []
    for (entry, position), same in whole.items():
        if entry not in said:  # its words were taken out
            continue
        assertion = _judgement(said[entry], position)
        if assertion is None:
            if lax:
                continue
            raise astray("judgements", entry)
        row, bears_on = same[0], tuple(each.assertion.hex() for each in same)
        within, moment = {each.document for each in same}, read_stamp(row.recorded_at)
        who = (row.id.hex(), row.recorder, moment, min(within))
        spoken.append(Spoken(entry, position, *who, assertion, bears_on, row.made_at, len(within) > 1))
    return spoken


def _judgement(entry: Entry | None, position: int) -> Assertion | None:
    """The assertion there, where it is a judgement."""
    there = entry.assertions[position : position + 1] if entry and position >= 0 else ()
    return there[0] if there and isinstance(there[0].content, Judgement) else None


def astray(index: str, entry: int) -> LedgerError:
    """Why nothing can be told where an index points at what an entry does not say."""
    return LedgerError(f"{index} of entry {entry}: the index does not say what the entry says. Run: contested reindex")


def read_bodies(connection: Connection, numbers: Collection[int]) -> dict[int, Entry]:
    """Entries by their numbers; those whose bodies were taken out are not among them."""
    return {n: read_entry(n, body) for n, body in _bodies(connection, numbers)}


def read_folios(connection: Connection, numbers: Collection[int]) -> dict[int, Folio]:
    """The same, to be read assertion by assertion."""
    return {n: read_folio(n, body) for n, body in _bodies(connection, numbers)}


def _bodies(connection: Connection, numbers: Collection[int]) -> Iterator[tuple[int, bytes]]:
    for some in slices(sorted(numbers)):
        yield from connection.execute(_BODIES, {"some": some}).all()


def readable(connection: Connection, numbers: Collection[int]) -> dict[int, Entry | None]:
    """Entries by their numbers, None where one cannot be read; those that were taken out are not among them."""
    found: dict[int, Entry | None] = {}
    for n, body in _bodies(connection, numbers):
        try:
            found[n] = read_entry(n, body)
        except ContestedError:
            found[n] = None
    return found


def bearing_of(connection: Connection, assertion: str, before: int) -> dict[str, int]:
    """What an id concerns in the end, each with its document: itself, or what it judges; empty when not on record."""
    key = as_key(assertion)
    if key is None:
        return {}
    document = connection.execute(_READ, {"id": key, "before": before}).scalar()
    if document is not None:
        return {assertion: document}
    row = connection.execute(_JUDGEMENT, {"id": key, "before": before}).first()
    if row is None:
        return {}
    whole = connection.execute(_BEARS, {"entry": row.entry, "position": row.position})
    return {each.assertion.hex(): each.document for each in whole}
