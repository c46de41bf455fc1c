"""Whether the indexes say what the entries say: what each document's entries make of it is retraced and compared."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, bindparam, exists, select

from contested.errors import ContestedError
from contested.ledger.facets import Row
from contested.ledger.judging import Spoken
from contested.ledger.standing import spoken_on
from contested.ledger.tables import END, INDEXES, OPEN, entries, judgements, particulars, readings, terms
from contested.ledger.told import Told
from contested.ledger.written import as_key
from contested.model import Entry

Finding = tuple[str, str, str]  # reason, remedy, place
Numbers = dict[str, int | None]  # of words, as the index writes them
Kept = tuple[Any, ...]  # a row of the index but for its number
REINDEX = "Run: contested reindex"
LIES = "the index does not say what the entry says"

_FIRST: Any = bindparam("first")
_LAST: Any = bindparam("last")
_KEPT: Any = select(*list(readings.c)[1:]).where(readings.c.document.between(_FIRST, _LAST))
_DOCUMENT, _ENTRY = (list(readings.c.keys()).index(name) - 1 for name in ("document", "entry"))
_JUDGED: Any = select(judgements.c.assertion, judgements.c.document).where(judgements.c.document.between(_FIRST, _LAST))


def term_numbers(connection: Connection) -> Numbers:
    """The numbers under which the index has its words."""
    return {**{row.words: row.n for row in connection.execute(select(terms))}, "": None}


def index_faults(
    connection: Connection,
    dated: Mapping[int, dt.date | None],
    said: Mapping[int, Sequence[tuple[int, Entry]]],
    numbers: Numbers,
) -> Iterator[Finding]:
    """Every entry of which the index of readings says something else: of these documents, neighbours with their days,
    of which this was `said`."""
    if not dated:
        return
    span = {"first": min(dated), "last": max(dated)}
    judged = _judged(connection, **span)
    due = Counter(
        row
        for document, day in dated.items()
        for row in _due(document, day, said.get(document, ()), judged.get(document, ()), numbers)
    )
    kept = Counter(tuple(row) for row in connection.execute(_KEPT, span) if row.document in dated)
    if due != kept:
        astray = (due - kept) + (kept - due)
        for _, entry in sorted({(row[_DOCUMENT], row[_ENTRY]) for row in astray}):
            yield LIES, REINDEX, f"readings of entry {entry}"


def _due(
    document: int,
    dated: dt.date | None,
    said: Sequence[tuple[int, Entry]],
    judged: Sequence[Spoken],
    numbers: Numbers,
) -> Iterator[Kept]:
    """The rows there should be of a document: what each entry changed, from the first to the last."""
    told = Told(dated)
    standing: dict[str, tuple[int, Row]] = {}
    known: set[str] = set()
    acts: list[tuple[int, Entry | list[Spoken]]] = [*said]
    acts += [(n, list(some)) for n, some in groupby(judged, key=lambda each: each.entry)]
    for n, act in sorted(acts, key=itemgetter(0)):
        ids = [each.id for each in act.assertions] if isinstance(act, Entry) else []
        for id_, former, now in told.say(n, act, ids) if isinstance(act, Entry) else told.judge(act):
            if former is not None:
                since, row = standing.pop(id_)
                yield _kept(id_, since, n, document, row, numbers)
            if now is not None:
                standing[id_] = n, now
                known.add(id_)
        for id_, row in told.bare(n, act, ids, known.__contains__) if isinstance(act, Entry) else ():
            known.add(id_)
            yield _kept(id_, n, n, document, row, numbers)
    for id_, (since, row) in standing.items():
        yield _kept(id_, since, OPEN, document, row, numbers)


def _kept(id_: str, since: int, until: int, document: int, row: Row, numbers: Numbers) -> Kept:
    """A row as the index has it; words that it has no number for are of number 0."""
    entry, position, said, said_position, *words, day = row
    return (
        as_key(id_), since, until, document, entry, position, said, said_position,
        *[numbers.get(each, 0) for each in words], day,
    )  # fmt: skip


def _judged(connection: Connection, first: int, last: int) -> dict[int, list[Spoken]]:
    """The judgements that bear on each document, in the order of the record."""
    found: defaultdict[int, list[Spoken]] = defaultdict(list)
    here = connection.execute(_JUDGED, {"first": first, "last": last}).all()
    homes = {row.assertion.hex(): row.document for row in here}
    try:
        spoken = spoken_on(connection, sorted(set(homes.values())), END)
    except ContestedError:  # named already
        return found
    for each in sorted(spoken, key=lambda each: (each.entry, each.position)):
        for document in dict.fromkeys(homes[id_] for id_ in each.bears_on if id_ in homes):
            found[document].append(each)
    return found


def strays(connection: Connection) -> Iterator[Finding]:
    """Rows of an index that speak of an entry that is not there."""
    for table in INDEXES[1:]:
        astray = select(table.c.entry).distinct().where(~exists().where(entries.c.n == table.c.entry))
        for n in connection.execute(astray).scalars():
            yield "the index speaks of an entry that is not there", REINDEX, f"{table.name} of entry {n}"
    lost = select(readings.c.entry).distinct().where(~exists().where(particulars.c.document == readings.c.document))
    for n in connection.execute(lost).scalars():
        yield LIES, REINDEX, f"readings of entry {n}"
