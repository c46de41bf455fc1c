"""What stands: each recorder's latest word on each document, less what analysts reject, with what they say of it.

Everything asked here is asked up to entry n. Entries never change, so an answer up to n never changes either, and may
be put together from several short readings: nothing is locked between them, however long the caller takes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace
from sqlalchemy import Connection, Row, Select, Table, exists, func, select, true, union

from contested.ledger.judging import Spoken, Weighed, in_force, weigh
from contested.ledger.tables import assertions, documents, entries, judgements
from contested.ledger.written import read_document, read_entry, read_stamp
from contested.model import Document, Entry, Standing, kind

AT_ONCE = 200  # documents looked at in one reading
PARAMETERS = 10_000  # of one statement; databases allow some thirty thousand

Found = Row[Any]  # of `_found`: an assertion's place in the record


class Wanted(NamedTuple):
    """What a view asks for: these kinds (all but judgements if none), or one id whether it stands or not."""

    kinds: Collection[str] = ()
    id: str = ""


def batch(connection: Connection, after: str, kinds: Collection[str]) -> list[str]:
    """The next documents, in the order of their ids, that say something of these kinds, or all."""
    if not kinds:
        asked: Select[Any] = select(documents.c.id).where(documents.c.id > after)
        return list(connection.execute(asked.order_by(documents.c.id).limit(AT_ONCE)).scalars())
    # One short walk along the index per kind: a rare kind is found at once in however many documents.
    walks = [
        select(
            select(table.c.document)
            .distinct()
            .where(of_kind, table.c.document > after)
            .order_by(table.c.document)
            .limit(AT_ONCE)
            .subquery()
            .c.document
        )
        for each in sorted(kinds)
        for table, of_kind in _saying(each)
    ]
    found = union(*walks).subquery()
    return list(connection.execute(select(found.c.document).order_by(found.c.document).limit(AT_ONCE)).scalars())


def _saying(each: str) -> list[tuple[Table, Any]]:
    """The indexes that know documents with something of a kind; every judgement has its rows in its own."""
    if each == "judgement":
        return [(judgements, true())]
    return [(assertions, assertions.c.kind == each), (judgements, judgements.c.kind == each)]


def stands(connection: Connection, chosen: Sequence[str], upto: int, wanted: Wanted) -> Iterator[Standing]:
    """What stands in these documents, in an order that no order of recording changes: document, quote, id."""
    spoken = spoken_on(connection, chosen, upto)
    if frozenset(wanted.kinds) != {"judgement"}:
        weighed, everything = weigh(spoken), _found(connection, chosen, upto)
        found = [row for row in _earliest(everything) if _asked(row, weighed.get(row.id), wanted)]
        yield from sorted(_held(connection, found, weighed, _recorders(everything)), key=_place)
    if "judgement" in wanted.kinds:
        yield from (as_standing(each) for each in in_force(spoken) if each.document in chosen)


def _place(each: Standing) -> tuple[str, int, int, str]:
    quote = each.assertion.quote
    assert quote is not None  # only a judgement goes without
    return quote.document, quote.start, quote.end, each.id


def recorders(document: str) -> Select[Any]:
    """Asks for the recorders whose latest entries on a document stand."""
    return select(entries.c.recorder).where(
        entries.c.document == document, entries.c.family.is_not(None), ~_superseded(_NO_END)
    )


def spoken_on(connection: Connection, chosen: Sequence[str], upto: int) -> list[Spoken]:
    """Every judgement that bears on assertions in these documents, in the order of the record."""
    whole = judgements.alias("whole")
    first = select(func.min(whole.c.document)).where(
        whole.c.entry == judgements.c.entry, whole.c.position == judgements.c.position
    )
    about = (assertions.c.id, entries.c.recorder, entries.c.recorded_at, first.scalar_subquery().label("under"))
    asked = (
        select(judgements, *about)
        .join_from(
            judgements,
            assertions,
            (assertions.c.entry == judgements.c.entry) & (assertions.c.position == judgements.c.position),
        )
        .join(entries, entries.c.n == judgements.c.entry)
        .where(judgements.c.document.in_(chosen), judgements.c.entry <= upto)
        .order_by(judgements.c.entry, judgements.c.position, judgements.c.assertion)
    )
    rows: dict[tuple[int, int], list[Row[Any]]] = {}
    for row in connection.execute(asked):
        rows.setdefault((row.entry, row.position), []).append(row)
    said = _bodies(connection, {entry for entry, _ in rows})
    spoken = []
    for (entry, position), same in rows.items():
        row, bears_on = same[0], tuple(each.assertion for each in same)
        assertion = said[entry].assertions[position]
        spoken.append(Spoken(entry, position, row.id, row.recorder, row.recorded_at, row.under, assertion, bears_on))
    return spoken


def as_standing(spoken: Spoken) -> Standing:
    """A judgement as a view holds it; its source is whoever speaks."""
    who = spoken.assertion.voices[0].who
    return Standing(spoken.id, spoken.assertion, spoken.recorder, read_stamp(spoken.recorded_at), who)


def _superseded(upto: int) -> Any:
    later = entries.alias("later")
    return exists().where(
        later.c.document == entries.c.document,
        later.c.family == entries.c.family,
        later.c.n > entries.c.n,
        later.c.n <= upto,
    )


_NO_END = 1 << 62


def _found(connection: Connection, chosen: Sequence[str], upto: int) -> list[Found]:
    """The places of all assertions in these documents that are not superseded; judgements come another way."""
    asked = (
        select(
            assertions.c.entry,
            assertions.c.position,
            assertions.c.id,
            assertions.c.kind,
            entries.c.recorded_at,
            entries.c.recorder,
            entries.c.document,
        )
        .join_from(entries, assertions, assertions.c.entry == entries.c.n)
        .where(entries.c.document.in_(chosen), entries.c.family.is_not(None), entries.c.n <= upto, ~_superseded(upto))
    )
    return list(connection.execute(asked))


def _earliest(found: Sequence[Found]) -> Iterator[Found]:
    """Of an assertion that several recorders made, or one made twice, the first."""
    first: dict[str, tuple[tuple[str, str, int], Found]] = {}
    for row in found:
        order = (row.recorded_at, row.recorder, row.position)
        if row.id not in first or order < first[row.id][0]:
            first[row.id] = (order, row)
    for _, row in first.values():
        yield row


def _recorders(found: Sequence[Found]) -> dict[str, set[str]]:
    """Everyone who made each assertion, by its id."""
    made: dict[str, set[str]] = {}
    for row in found:
        made.setdefault(row.id, set()).add(row.recorder)
    return made


def _asked(row: Found, judged: Weighed | None, wanted: Wanted) -> bool:
    if wanted.id:
        return bool(row.id == wanted.id)
    if judged is not None and not judged.stands:
        return False
    amended = judged.amended if judged else None
    return not wanted.kinds or (kind(amended) if amended else row.kind) in wanted.kinds


def _held(
    connection: Connection, found: Sequence[Found], weighed: dict[str, Weighed], made: dict[str, set[str]]
) -> Iterator[Standing]:
    bodies = _bodies(connection, {row.entry for row in found})
    reports = _reports(connection, {row.document for row in found})
    moments = {row.recorded_at: read_stamp(row.recorded_at) for row in found}
    for row in found:
        held = _standing(row, bodies[row.entry], reports[row.document], moments[row.recorded_at], weighed.get(row.id))
        others = made[row.id] - {row.recorder}
        yield replace(held, also=tuple(sorted(others))) if others else held


def _standing(row: Found, entry: Entry, report: Document, moment: Any, judged: Weighed | None) -> Standing:
    assertion = entry.assertions[row.position]
    if judged is not None and judged.amended is not None:
        assertion = replace(assertion, content=judged.amended)
    said_of_it = judged.judgements if judged else ()
    return Standing(row.id, assertion, row.recorder, moment, report.source, report.dated, report.file, said_of_it)


def _bodies(connection: Connection, numbers: Collection[int]) -> dict[int, Entry]:
    bodies: dict[int, Entry] = {}
    ordered = sorted(numbers)
    for first in range(0, len(ordered), PARAMETERS):
        asked = select(entries.c.n, entries.c.body).where(entries.c.n.in_(ordered[first : first + PARAMETERS]))
        bodies |= {row.n: read_entry(row.n, row.body) for row in connection.execute(asked)}
    return bodies


def _reports(connection: Connection, ids: Collection[str]) -> dict[str, Document]:
    asked = select(documents.c.id, documents.c.meta).where(documents.c.id.in_(sorted(ids)))
    return {row.id: read_document(row.id, row.meta) for row in connection.execute(asked)}
