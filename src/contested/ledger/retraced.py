"""Whether the indexes say what the entries say: what each document's entries make of it is retraced and compared."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Select, select

from contested.errors import ContestedError
from contested.ledger.readings import as_rows, concerned, first_rows
from contested.ledger.standing import drawn, read_bodies
from contested.ledger.tables import INDEXES, OPEN, bodies, documents, entries, judgements, particulars, readings, terms
from contested.ledger.written import as_key, family, read_document, read_entry
from contested.model import Entry

Finding = tuple[str, str, str]  # reason, remedy, place
AT_ONCE = 300  # documents compared at a time
REINDEX = "Run: contested reindex"
_LIES = "the index does not say what the entry says"
_ROW = [column.name for column in readings.c if column.name != "n"]


def index_faults(connection: Connection) -> Iterator[Finding]:
    """Every entry of which an index says something else."""
    words = {None: "", **{row.n: row.words for row in connection.execute(select(terms))}}
    judged = frozenset(connection.execute(select(judgements.c.document).distinct()).scalars())
    asked = select(documents.c.n, particulars.c.meta).join_from(documents, particulars).order_by(documents.c.n)
    n = 0
    while rows := connection.execute(asked.where(documents.c.n > n).limit(AT_ONCE)).all():
        n = rows[-1].n
        yield from _batch(connection, rows, words, judged)
    yield from _judgement_faults(connection)


def _batch(
    connection: Connection, rows: Sequence[Any], words: dict[int | None, str], judged: frozenset[int]
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
        due = Counter(_due(connection, row.n, dated, said[row.n], row.n in judged))
        astray = (due - kept[row.n]) + (kept[row.n] - due)
        for entry in sorted({told[_ROW.index("entry")] for told in astray}):
            yield _LIES, REINDEX, f"readings of entry {entry}"


def _told(row: Any, words: dict[int | None, str]) -> tuple[Any, ...]:
    named = (words.get(each, "?") for each in (row.kind, row.type, row.place, row.actor, row.other, row.also))
    at = (row.id, row.since, row.until, row.document, row.entry, row.position, row.said, row.said_position)
    return (*at, *named, row.day)


def _due(
    connection: Connection, document: int, dated: Any, said: Sequence[tuple[int, Entry]], judged: bool
) -> Iterator[tuple[Any, ...]]:
    """The rows there should be of a document."""
    ids = [each.id for _, entry in said for each in entry.assertions]
    families = [family(entry.recorder) for _, entry in said]
    if not judged and len(set(ids)) == len(ids) and len(set(families)) == len(families):
        for n, entry in said:
            for id_, row in zip(ids[: len(entry.assertions)], first_rows(n, entry, dated), strict=True):
                yield as_key(id_), n, OPEN, document, *row
            del ids[: len(entry.assertions)]
    else:
        yield from _retraced(connection, document, dated, said)


def _retraced(
    connection: Connection, document: int, dated: Any, said: Sequence[tuple[int, Entry]]
) -> Iterator[tuple[Any, ...]]:
    """The same, entry by entry."""
    asked = select(judgements.c.entry).distinct().where(judgements.c.document == document)
    acts = sorted({n for n, _ in said} | set(connection.execute(asked).scalars()))
    standing: dict[str, tuple[int, Any]] = {}
    known: set[str] = set()
    by_number = dict(said)
    for n in acts:
        due = {each.id: row for each, row in as_rows(drawn(connection, document, n), dated)}
        for id_ in [id_ for id_, (_, row) in standing.items() if due.get(id_) != row]:
            since, row = standing.pop(id_)
            yield as_key(id_), since, n, document, *row
        for id_, row in due.items():
            standing.setdefault(id_, (n, row))
            known.add(id_)
        if n in by_number:
            for each, row in zip(by_number[n].assertions, first_rows(n, by_number[n], dated), strict=True):
                if each.id not in known:
                    known.add(each.id)
                    yield as_key(each.id), n, n, document, *row
    for id_, (since, row) in standing.items():
        yield as_key(id_), since, OPEN, document, *row


def _judgement_faults(connection: Connection) -> Iterator[Finding]:
    kept: defaultdict[int, set[tuple[Any, ...]]] = defaultdict(set)
    for row in connection.execute(select(judgements)):
        kept[row.entry].add((row.position, row.assertion, row.document, row.id))
    numbers = connection.execute(select(entries.c.n).where(entries.c.family.is_(None)).order_by(entries.c.n)).scalars()
    for n in numbers.all():
        try:
            entry = read_bodies(connection, [n]).get(n)
        except ContestedError:
            continue
        bears = concerned(connection, entry, n) if entry else []
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
        astray = select(table.c.entry).distinct().where(table.c.entry.not_in(select(entries.c.n)))
        for n in connection.execute(astray).scalars():
            yield "the index speaks of an entry that is not there", REINDEX, f"{table.name} of entry {n}"
    lost = select(readings.c.entry).distinct().where(readings.c.document.not_in(select(documents.c.n)))
    for n in connection.execute(lost).scalars():
        yield _LIES, REINDEX, f"readings of entry {n}"
