"""Whether the indexes say what the entries say: what each document's entries make of it is retraced and compared."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, bindparam, exists, select

from contested.ledger.facets import Row
from contested.ledger.judging import Spoken
from contested.ledger.standing import spoken_on
from contested.ledger.tables import END, INDEXES, OPEN, entries, judgements, particulars, readings, terms
from contested.ledger.told import Ids, Told
from contested.ledger.written import TOMBSTONE, as_key, family
from contested.model import Entry

Finding = tuple[str, str, str]  # reason, remedy, place
Numbers = dict[str, int | None]  # of words, as the index writes them
Said = Sequence[tuple[int, Entry]]  # recorders' entries on a document, by their numbers and in their order
Span = tuple[str, int, int, Row]  # an assertion's id, from which entry on it stood, until which, and how
REINDEX = "Run: contested reindex"
LIES = "the index does not say what the entry says"

_SOME: Any = bindparam("some", expanding=True)
_KEPT: Any = select(*list(readings.c)[1:]).where(readings.c.document.in_(_SOME))
_JUDGED: Any = select(judgements.c.assertion, judgements.c.document).where(judgements.c.document.in_(_SOME))
_DOCUMENT, _ENTRY = (list(readings.c.keys()).index(name) - 1 for name in ("document", "entry"))
_WORDS = slice(Row._fields.index("kind"), Row._fields.index("day"))  # where a row has words


def term_numbers(connection: Connection) -> Numbers:
    """The numbers under which the index has its words; of others, 0."""
    return defaultdict(int, {**{row.words: row.n for row in connection.execute(select(terms))}, "": None})


def index_faults(
    connection: Connection, dated: Mapping[int, dt.date | None], said: Mapping[int, Said], numbers: Numbers
) -> Iterator[Finding]:
    """Every entry of which the index of readings says something else: of these documents with their days, of which
    this was `said`."""
    judged = _judged(connection, list(dated))
    due = Counter(
        _kept(document, each, numbers)
        for document, day in dated.items()
        for each in _due(day, said.get(document, ()), judged.get(document, ()))
    )
    kept = Counter(map(tuple, connection.execute(_KEPT, {"some": list(dated)}).all()))
    if dict(due) != dict(kept):  # which is compared much faster
        astray = (due - kept) + (kept - due)
        for _, entry in sorted({(row[_DOCUMENT], row[_ENTRY]) for row in astray}):
            yield LIES, REINDEX, f"readings of entry {entry}"


def _kept(document: int, span: Span, numbers: Numbers) -> tuple[Any, ...]:
    """A row as the index has it, but for its number."""
    id_, since, until, row = span
    fields: tuple[Any, ...] = row
    words = map(numbers.__getitem__, fields[_WORDS])
    return (as_key(id_), since, until, document, *fields[: _WORDS.start], *words, row.day)


def _due(dated: dt.date | None, said: Said, judged: Sequence[Spoken]) -> Iterator[Span]:
    """The rows there should be of a document."""
    ids = [[each.id for each in entry.assertions] for _, entry in said]
    told = Told(dated)
    return _followed(told, said, ids, judged) if judged or _repeats(said, ids) else _plain(told, said, ids)


def _repeats(said: Said, ids: Sequence[Ids]) -> bool:
    """Whether a recorder speaks of a document again, or an assertion is made again, or it was taken out."""
    families = {family(entry.recorder) for _, entry in said}
    once = set().union(*ids)
    return len(families) < len(said) or len(once) < sum(map(len, ids)) or TOMBSTONE in families


def _plain(told: Told, said: Said, ids: Sequence[Ids]) -> Iterator[Span]:
    """Where nothing that is said bears on anything else, as in most documents: all of it stands as it came."""
    for (n, entry), some in zip(said, ids, strict=True):
        for id_, row in told.bare(n, entry, some, frozenset[str]().__contains__) if some else ():
            yield id_, n, OPEN, row


def _followed(told: Told, said: Said, ids: Sequence[Ids], judged: Sequence[Spoken]) -> Iterator[Span]:
    """What each act changed, from the first to the last."""
    standing: dict[str, tuple[int, Row]] = {}
    known: set[str] = set()
    acts: list[tuple[int, Any, Ids]] = [(*each, some) for each, some in zip(said, ids, strict=True)]
    acts += [(n, list(some), ()) for n, some in groupby(judged, key=lambda each: each.entry)]
    for n, act, some in sorted(acts, key=itemgetter(0)):
        is_entry = isinstance(act, Entry)
        for id_, former, now in told.say(n, act, some) if is_entry else told.judge(act):
            if former is not None:
                since, row = standing.pop(id_)
                yield id_, since, n, row
            if now is not None:
                standing[id_] = n, now
                known.add(id_)
        for id_, row in told.bare(n, act, some, known.__contains__) if is_entry else ():
            known.add(id_)
            yield id_, n, n, row
    for id_, (since, row) in standing.items():
        yield id_, since, OPEN, row


def _judged(connection: Connection, numbers: Sequence[int]) -> dict[int, list[Spoken]]:
    """The judgements that bear on each document, in the order of the record; what is none is named elsewhere."""
    found: defaultdict[int, list[Spoken]] = defaultdict(list)
    here = connection.execute(_JUDGED, {"some": numbers}).all()
    homes = {row.assertion.hex(): row.document for row in here}
    spoken = spoken_on(connection, sorted(set(homes.values())), END, lax=True)
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
