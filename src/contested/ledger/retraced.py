"""Whether the indexes say what the entries say: what each document's entries make of it is retraced and compared."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Select, exists, select

from contested.errors import ContestedError
from contested.ledger.facets import Row
from contested.ledger.judging import Spoken
from contested.ledger.readings import concerned
from contested.ledger.standing import bearing_of, read_bodies, spoken_on
from contested.ledger.tables import (
    END,
    INDEXES,
    OPEN,
    bodies,
    documents,
    entries,
    judgements,
    particulars,
    readings,
    terms,
)
from contested.ledger.told import Told
from contested.ledger.walking import onward
from contested.ledger.written import as_key, read_document, read_entry
from contested.model import Entry

Finding = tuple[str, str, str]  # reason, remedy, place
AT_ONCE = 300  # documents compared at a time
REINDEX = "Run: contested reindex"
_LIES = "the index does not say what the entry says"
_ENTRY = 4  # where a row as told names its entry


def index_faults(connection: Connection, first: int = 1, last: int = END) -> Iterator[Finding]:
    """Every entry of which the index of readings says something else, of these documents."""
    words = {None: "", **{row.n: row.words for row in connection.execute(select(terms))}}
    judged = _judged(connection, first, last)
    asked = select(documents.c.n, particulars.c.meta).join_from(documents, particulars).order_by(documents.c.n)
    asked, n = asked.where(documents.c.n <= last), first - 1
    while rows := connection.execute(asked.where(documents.c.n > n).limit(AT_ONCE)).all():
        n = onward(n, rows[-1].n)
        yield from _batch(connection, rows, words, judged)


def _batch(
    connection: Connection, rows: Sequence[Any], words: dict[int | None, str], judged: dict[int, list[Spoken]]
) -> Iterator[Finding]:
    numbers = [row.n for row in rows]
    said: defaultdict[int, list[tuple[int, Entry]]] = defaultdict(list)
    asked: Select[Any] = select(entries.c.n, entries.c.document, bodies.c.body).join_from(entries, bodies)
    where = asked.where(entries.c.document.in_(numbers), entries.c.family.is_not(None)).order_by(entries.c.n)
    for each in connection.execute(where):
        try:
            said[each.document].append((each.n, read_entry(each.n, each.body)))
        except ContestedError:  # named already
            continue
    kept: defaultdict[int, Counter[tuple[Any, ...]]] = defaultdict(Counter)
    for each in connection.execute(select(readings).where(readings.c.document.in_(numbers))):
        kept[each.document][_told(each, words)] += 1
    for row in rows:
        try:
            dated = read_document("", row.meta).dated
        except ContestedError:
            continue
        due = Counter(_due(row.n, dated, said[row.n], judged.get(row.n, ())))
        if due != kept[row.n]:
            astray = (due - kept[row.n]) + (kept[row.n] - due)
            for entry in sorted({told[_ENTRY] for told in astray}):
                yield _LIES, REINDEX, f"readings of entry {entry}"


def _told(row: Any, words: dict[int | None, str]) -> tuple[Any, ...]:
    get = words.get
    named = (row.kind, row.type, row.place, row.actor, row.other, row.also)
    at = (row.id, row.since, row.until, row.document, row.entry, row.position, row.said, row.said_position)
    return (*at, *(get(each, "?") for each in named), row.day)


def _due(
    document: int, dated: dt.date | None, said: Sequence[tuple[int, Entry]], judged: Sequence[Spoken]
) -> Iterator[tuple[Any, ...]]:
    """The rows there should be of a document: what each entry changed, from the first to the last."""
    told = Told(dated)
    standing: dict[str, tuple[int, Row]] = {}
    known: set[str] = set()
    acts: list[tuple[int, Entry | list[Spoken]]] = [*said]
    acts += [(n, list(some)) for n, some in groupby(judged, key=lambda each: each.entry)]
    for n, act in sorted(acts, key=lambda each: each[0]):
        ids = [each.id for each in act.assertions] if isinstance(act, Entry) else []
        for id_, former, now in told.say(n, act, ids) if isinstance(act, Entry) else told.judge(act):
            if former is not None:
                since, row = standing.pop(id_)
                yield as_key(id_), since, n, document, *row
            if now is not None:
                standing[id_] = n, now
                known.add(id_)
        for id_, row in told.bare(n, act, ids, known.__contains__) if isinstance(act, Entry) else ():
            known.add(id_)
            yield as_key(id_), n, n, document, *row
    for id_, (since, row) in standing.items():
        yield as_key(id_), since, OPEN, document, *row


def _judged(connection: Connection, first_of: int, last: int) -> dict[int, list[Spoken]]:
    """The judgements that bear on each document, in the order of the record."""
    found: defaultdict[int, list[Spoken]] = defaultdict(list)
    asked = select(judgements.c.document).where(judgements.c.document.between(first_of, last)).distinct()
    touched = list(connection.execute(asked).scalars())
    for first in range(0, len(touched), AT_ONCE):
        some = touched[first : first + AT_ONCE]
        homes = {
            row.assertion.hex(): row.document
            for row in connection.execute(select(judgements).where(judgements.c.document.in_(some)))
        }
        try:
            spoken = spoken_on(connection, some, END)
        except ContestedError:  # named already
            continue
        for each in sorted(spoken, key=lambda each: (each.entry, each.position)):
            for document in dict.fromkeys(homes[id_] for id_ in each.bears_on if id_ in homes):
                found[document].append(each)
    return found


def judgement_faults(connection: Connection) -> Iterator[Finding]:
    """Every entry of which the index of judgements says something else."""
    kept: defaultdict[int, set[tuple[Any, ...]]] = defaultdict(set)
    for row in connection.execute(select(judgements)):
        kept[row.entry].add((row.position, row.assertion, row.document, row.id))
    numbers = connection.execute(select(entries.c.n).where(entries.c.family.is_(None)).order_by(entries.c.n)).scalars()
    for n in numbers.all():
        try:
            entry = read_bodies(connection, [n]).get(n)
        except ContestedError:
            continue
        bears = concerned(entry, lambda id_, n=n: bearing_of(connection, id_, n)) if entry else []  # type: ignore[misc]
        due = {
            (position, as_key(of), document, as_key(entry.assertions[position].id))
            for position, found in enumerate(bears)
            for of, document in found.items()
            if entry
        }
        if due != kept.pop(n, set()):
            yield _LIES, REINDEX, f"judgements of entry {n}"


def strays(connection: Connection) -> Iterator[Finding]:
    """Rows of an index that speak of an entry that is not there."""
    for table in INDEXES[1:]:
        astray = select(table.c.entry).distinct().where(~exists().where(entries.c.n == table.c.entry))
        for n in connection.execute(astray).scalars():
            yield "the index speaks of an entry that is not there", REINDEX, f"{table.name} of entry {n}"
    lost = select(readings.c.entry).distinct().where(~exists().where(particulars.c.document == readings.c.document))
    for n in connection.execute(lost).scalars():
        yield _LIES, REINDEX, f"readings of entry {n}"
