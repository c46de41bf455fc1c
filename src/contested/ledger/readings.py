"""The index of what stands: kept in step with the entries as they come, and drawn again from them by `reindex`.

Each document that an act touches is held as `Told`. What an entry changes is what stood otherwise before it came: that
row ends there, and another begins.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from itertools import chain
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from contested.ledger.facets import Row
from contested.ledger.judging import Spoken
from contested.ledger.standing import bearing_of
from contested.ledger.tables import END, OPEN, judgements, particulars, put, readings
from contested.ledger.terms import Terms
from contested.ledger.told import Change, Ids, Told
from contested.ledger.written import as_key, read_document, stamp
from contested.model import Entry

HELD = 5_000  # documents at hand
_ENDED = (
    update(readings).where(readings.c.id == bindparam("key"), readings.c.until == OPEN).values(until=bindparam("end"))
)
_META = select(particulars.c.meta).where(particulars.c.document == bindparam("document"))
_UNTIL, _WORDS = 3, slice(9, 15)  # where a row ends, and where it has numbers of terms

Concerned = list[dict[str, int]]  # of each judgement of an entry: the assertions it bears on, with their documents


class Readings:
    """The index as one act of recording writes it, entry by entry. Rows are gathered until `flush`.

    `write` is called before the entries themselves are asked: those gathered until then must be on record.
    """

    def __init__(self, connection: Connection, write: Callable[[], None] = lambda: None) -> None:
        self._connection, self._write = connection, write
        self._n: int = connection.execute(select(func.max(readings.c.n))).scalar() or 0
        self._terms = Terms(connection)
        self._told: OrderedDict[int, Told] = OrderedDict()
        self._rows: list[tuple[Any, ...]] = []  # words where the table has their numbers
        self._standing: dict[str, int] = {}  # where among the rows those are that stand, by the assertion
        self._ended: dict[str, int] = {}  # rows on record that end, by the assertion: with which entry
        self._homes: dict[str, int] = {}  # the documents of assertions gathered
        self._judged: dict[str, dict[str, int]] = {}  # what judgements gathered bear on
        self._judgements: list[tuple[Any, ...]] = []

    def open(self, document: int, dated: dt.date | None) -> None:
        """A document comes of which nothing was ever said."""
        self._hold(document, Told(dated))

    def told(self, document: int) -> Told:
        """What is told of a document so far."""
        if document not in self._told:
            self._hold(document, Told.load(self._connection, document, self._dated(document)))
        self._told.move_to_end(document)
        return self._told[document]

    def bearing(self, id_: str) -> dict[str, int]:
        """What an id concerns in the end, each with its document: itself, or what it judges; empty when unknown."""
        if id_ in self._homes:
            return {id_: self._homes[id_]}
        return self._judged.get(id_) or bearing_of(self._connection, id_, END)

    def follow(self, n: int, document: int, entry: Entry, ids: Ids) -> None:
        """Index entry n, a recorder's, whose assertions have these ids."""
        told = self.told(document)
        self._change(n, document, told.say(n, entry, ids))
        for id_, row in told.bare(n, entry, ids, self.bearing):
            self._add(id_, n, n, document, row)

    def follow_judgement(self, n: int, entry: Entry, ids: Ids, bears: Concerned) -> None:
        """Index entry n, an analyst's."""
        by_document: dict[int, list[Spoken]] = {}
        for spoken, found in zip(as_spoken(n, entry, ids, bears), bears, strict=True):
            for document in dict.fromkeys(found.values()):
                by_document.setdefault(document, []).append(spoken)
            self._judged[spoken.id] = found
            key = as_key(spoken.id)
            self._judgements += [(n, spoken.position, as_key(of), there, key) for of, there in found.items()]
        for document, spoken_here in by_document.items():
            self._change(n, document, self.told(document).judge(spoken_here))

    def flush(self) -> None:
        """Write what was gathered."""
        if self._ended:
            ended = [{"key": as_key(id_), "end": n} for id_, n in self._ended.items()]
            self._connection.execute(_ENDED, ended)
        if self._rows:
            number = self._terms.know(chain.from_iterable(row[_WORDS] for row in self._rows))
            rows = [(*row[: _WORDS.start], *map(number, row[_WORDS]), *row[_WORDS.stop :]) for row in self._rows]
            put(self._connection, readings, rows)
        put(self._connection, judgements, self._judgements)
        self._rows, self._judgements = [], []
        for gathered in (self._standing, self._ended, self._homes, self._judged):
            gathered.clear()

    # ── rows ─────────────────────────────────────────────────────────────────────────────────────

    def _hold(self, document: int, told: Told) -> None:
        if len(self._told) >= HELD:
            self._write()  # it may have to be loaded again
            self.flush()
            self._told.popitem(last=False)
        self._told[document] = told

    def _change(self, n: int, document: int, changes: Iterable[Change]) -> None:
        for id_, former, now in changes:
            if former is not None:
                self._end(id_, n)
            if now is not None:
                self._add(id_, n, OPEN, document, now)

    def _end(self, id_: str, n: int) -> None:
        at = self._standing.pop(id_, None)
        if at is not None:
            row = self._rows[at]
            self._rows[at] = (*row[:_UNTIL], n, *row[_UNTIL + 1 :])
        else:
            self._ended[id_] = n

    def _add(self, id_: str, since: int, until: int, document: int, row: Row) -> None:
        self._n += 1
        self._homes[id_] = document
        if until == OPEN:
            self._standing[id_] = len(self._rows)
        self._rows.append((self._n, as_key(id_), since, until, document, *row))

    def _dated(self, document: int) -> dt.date | None:
        meta = self._connection.execute(_META, {"document": document}).scalar()
        return read_document(str(document), meta).dated if meta else None


def as_spoken(n: int, entry: Entry, ids: Ids, bears: Concerned) -> list[Spoken]:
    """The judgements of entry n, with what each bears on."""
    return [
        Spoken(
            entry=n,
            position=position,
            id=id_,
            recorder=entry.recorder,
            recorded_at=entry.recorded_at,
            document=min(found.values(), default=0),
            assertion=each,
            bears_on=tuple(found),
            made_at=stamp(entry.made_at),
            spans=len(set(found.values())) > 1,
        )
        for position, (id_, each, found) in enumerate(zip(ids, entry.assertions, bears, strict=True))
    ]


def concerned(entry: Entry, bearing: Callable[[str], dict[str, int]]) -> Concerned:
    """What each judgement of an entry bears on; what is not on record is left out."""
    found: Concerned = []
    for each in entry.assertions:
        of: Collection[str] = getattr(each.content, "of", ())
        found.append({})
        for target in of:
            found[-1] |= bearing(target)
    return found
