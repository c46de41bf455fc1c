"""What stands, from the entries themselves: each recorder's latest word on a document, less what analysts reject.

Everything asked here is asked up to entry n. Entries never change, so an answer up to n never changes either. The
index of readings says the same and says it faster; this is what it is drawn from, and checked against.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace
from sqlalchemy import Connection, Row, bindparam, func, select

from contested.errors import LedgerError
from contested.ledger.judging import Spoken, Weighed, weigh
from contested.ledger.tables import bodies, entries, judgements, readings
from contested.ledger.written import TOMBSTONE, as_key, read_entry, read_stamp
from contested.model import Assertion, Entry

AT_ONCE = 10_000  # parameters of one statement; databases allow some thirty thousand


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
_BODIES = select(bodies).where(bodies.c.entry.in_(_SOME))
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


class Drawn(NamedTuple):
    """An assertion that stands: where it is recorded, by whom else, and where the words are that it is read by."""

    id: str
    entry: int
    position: int
    also: tuple[str, ...]
    said: int
    said_position: int
    assertion: Assertion


def drawn(connection: Connection, document: int, upto: int, ids: Collection[str] = ()) -> Iterator[Drawn]:
    """What stands in a document after entry `upto`, of these ids or all."""
    standing = latest(connection, [document], upto)
    if any(row.family == TOMBSTONE for row in standing):
        return
    said = read_bodies(connection, [row.n for row in standing])
    made: dict[str, list[tuple[int, str, int, int]]] = {}
    for row in standing:
        for position, each in enumerate(said[row.n].assertions if row.n in said else ()):
            if not ids or each.id in ids:
                made.setdefault(each.id, []).append((row.made_at, row.recorder, position, row.n))
    weighed = weigh(spoken_on(connection, [document], upto)) if made else {}
    for id_, recordings in made.items():
        if (judged := weighed.get(id_, Weighed())).stands:
            yield _drawn(id_, recordings, said, judged)


def _drawn(id_: str, recordings: list[tuple[int, str, int, int]], said: dict[int, Entry], judged: Weighed) -> Drawn:
    """Of an assertion that several recorders made, or one made twice, the first counts."""
    _, recorder, position, n = min(recordings)
    also = tuple(sorted({other for _, other, _, _ in recordings} - {recorder}))
    assertion, by = said[n].assertions[position], judged.amending
    if by is None:
        return Drawn(id_, n, position, also, n, position, assertion)
    assert by.judgement.amended is not None
    return Drawn(id_, n, position, also, by.entry, by.position, replace(assertion, content=by.judgement.amended))


def latest(connection: Connection, documents: Sequence[int], upto: int) -> list[Row[Any]]:
    """The entries on these documents that no later one of their recorder's family supersedes; analysts' aside.

    The one made last stands: merged from elsewhere, an entry may be made before what is on record here.
    """
    last: dict[tuple[int, str], Row[Any]] = {}
    for row in connection.execute(_SAID, {"some": documents, "upto": upto}):
        last[row.document, row.family] = row
    return sorted(last.values(), key=lambda row: row.n)


def spoken_on(connection: Connection, documents: Sequence[int], upto: int) -> list[Spoken]:
    """Every judgement that bears on assertions in these documents, in the order in which they were made."""
    whole: dict[tuple[int, int], list[Row[Any]]] = {}
    for row in connection.execute(_JUDGED, {"some": documents, "upto": upto}) if documents else ():
        whole.setdefault((row.entry, row.position), []).append(row)
    said = read_bodies(connection, {entry for entry, _ in whole})
    spoken = []
    for (entry, position), same in whole.items():
        if entry not in said:  # its words were taken out
            continue
        row, bears_on = same[0], tuple(each.assertion.hex() for each in same)
        under, moment = min(each.document for each in same), read_stamp(row.recorded_at)
        assertion = said[entry].assertions[position]
        who = (row.id.hex(), row.recorder, moment, under)
        spoken.append(Spoken(entry, position, *who, assertion, bears_on, row.made_at))
    return spoken


def read_bodies(connection: Connection, numbers: Collection[int]) -> dict[int, Entry]:
    """Entries by their numbers; those whose bodies were taken out are not among them."""
    found: dict[int, Entry] = {}
    ordered = sorted(numbers)
    for first in range(0, len(ordered), AT_ONCE):
        rows = connection.execute(_BODIES, {"some": ordered[first : first + AT_ONCE]})
        found |= {row.entry: read_entry(row.entry, row.body) for row in rows}
    return found


def onward(before: Any, after: Any) -> Any:
    """The next place to read on from. LedgerError where a damaged index would lead in a circle."""
    if before is not None and not after > before:
        raise LedgerError("the file is damaged: an index is out of order. Run: contested verify")
    return after


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
