"""The index of what stands: kept in step with the entries as they come, and drawn again from them by `reindex`.

A report's first reading, which nearly all are, only adds rows. Whatever else comes (a later reading, a judgement, an
entry merged from elsewhere) has the assertions it touches drawn anew from the entries; rows that read otherwise now
end there, and others begin.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, insert, select, update

from contested.ledger.judging import Weighed, weigh
from contested.ledger.standing import Drawn, bearing_of, drawn, spoken_on
from contested.ledger.tables import OPEN, judgements, particulars, readings, terms
from contested.ledger.written import as_key, family, read_document
from contested.model import AnyContent, Assertion, Entry, Event, Judgement, Name, kind

AT_ONCE = 10_000  # rows or words in one statement's reach
_INSERT, _INSERT_TERM, _INSERT_JUDGEMENT = insert(readings), insert(terms), insert(judgements)
_END = update(readings).where(readings.c.n == bindparam("row")).values(until=bindparam("end"))
_SOME: Any = bindparam("some", expanding=True)
_KNOWN = select(terms.c.words, terms.c.n).where(terms.c.words.in_(_SOME))
_META = select(particulars.c.meta).where(particulars.c.document == bindparam("document"))
_STANDING = (
    select(readings)
    .where(readings.c.document == bindparam("document"), readings.c.until == OPEN)
    .order_by(readings.c.n)
)
_NAMED = select(readings).where(readings.c.id.in_(_SOME), readings.c.until == OPEN)
_WORDS = ("kind", "type", "place", "actor", "other", "also")  # columns that are numbers of terms

NOTHING = "?"  # before the words of what was taken for nothing
PLACES = frozenset({"event", "control", "quantity"})
PARTIES: dict[str, tuple[str, ...]] = {  # the first is who acts, holds, is bound or speaks
    "event": ("actor", "recipient"),
    "control": ("holder",),
    "responsibility": ("claimant",),
    "relation": ("subject", "object"),
    "commitment": ("party",),
    "compliance": ("party",),
    "designation": ("authority", "target"),
    "statement": ("speaker",),
}


def term(name: Name | None) -> str:
    """What a name is indexed by: the thing it was taken for, else its words after a question mark; "" for nobody."""
    if name is None:
        return ""
    return name.thing or NOTHING + " ".join(name.words.split())


def named(words: str) -> Name:
    """The name that a term stands for."""
    return Name(words[1:]) if words.startswith(NOTHING) else Name("", words)


class Facets(NamedTuple):
    """What readings can be asked by."""

    kind: str
    type: str
    place: str
    actor: str
    other: str


def facets(content: AnyContent) -> Facets:
    of = kind(content)
    parties = [term(getattr(content, field)) for field in PARTIES.get(of, ())]
    place = term(content.place) if of in PLACES else ""  # type: ignore[union-attr]
    sort = content.type if isinstance(content, Event) else ""
    return Facets(of, sort, place, *(*parties, "", "")[:2])


Ids = Sequence[str]  # of an entry's assertions, in order: worked out once, for that takes longer than to write them
Dated = tuple[int, dt.date | None]  # a document's number, and the day its report is known to be of
Concerned = list[dict[str, int]]  # of each judgement of an entry: the assertions it bears on, with their documents


class Readings:
    """The index as one act of recording writes it, entry by entry. Rows are gathered until `flush`.

    `write` is called before the entries themselves are asked: those gathered until then must be on record.
    """

    def __init__(self, connection: Connection, write: Callable[[], None] = lambda: None) -> None:
        self._connection, self._write = connection, write
        self._n: int = connection.execute(select(func.max(readings.c.n))).scalar() or 0
        self._terms = Terms(connection)
        self._rows: list[dict[str, Any]] = []
        self._fresh: dict[int, tuple[set[str | None], set[str]]] = {}

    def open(self, document: int) -> None:
        """A document comes of which nothing was ever said."""
        self._fresh[document] = set(), set()
        if len(self._fresh) > AT_ONCE:
            self._fresh.pop(next(iter(self._fresh)))

    def is_first(self, document: int, entry: Entry, ids: Ids) -> bool:
        """Whether an entry is known to be its recorder's first on a document, and to say what nobody has said."""
        families, said = self._fresh.get(document, (None, set()))
        if families is None or entry.removes or family(entry.recorder) in families:
            return False
        return said.isdisjoint(ids) and len(set(ids)) == len(ids)

    def follow(self, n: int, held: Dated, entry: Entry, ids: Ids, bears: Concerned | None = None) -> None:
        """Index entry n, whose assertions have these ids."""
        document, dated = held
        of = family(entry.recorder)
        if of is None:
            self.flush()  # what it bears on may have come just now
            self._judged(n, ids, concerned(self._connection, entry, n) if bears is None else bears)
        elif self.is_first(document, entry, ids):
            families, said = self._fresh[document]
            families.add(of)
            said.update(ids)
            for id_, row in zip(ids, first_rows(n, entry, dated), strict=True):
                self._add(id_, n, OPEN, document, row)
        else:
            self._fresh.pop(document, None)
            self._settle(n, document, dated)
            for id_, row in zip(ids, first_rows(n, entry, dated), strict=True):
                self._fallen(n, document, id_, row)

    def flush(self) -> None:
        """Write what was gathered."""
        if not self._rows:
            return
        self._terms.know(row[each] for row in self._rows for each in _WORDS)
        for row in self._rows:
            for each in _WORDS:
                row[each] = self._terms[row[each]]
        self._connection.execute(_INSERT, self._rows)
        self._rows = []

    # ── what was touched is drawn anew ───────────────────────────────────────────────────────────

    def _settle(self, n: int, document: int, dated: dt.date | None, ids: Collection[str] = ()) -> None:
        """After entry n, let what stands in a document (of these ids, or all) be what the entries say."""
        self._write()
        self.flush()
        due = {
            as_key(each.id): (each.id, row) for each, row in as_rows(drawn(self._connection, document, n, ids), dated)
        }
        ended = []
        for row in self._standing(document):
            if ids and row.id.hex() not in ids:
                continue
            if row.id in due and _of(row) == self._numbered(due[row.id][1]):
                del due[row.id]
            else:
                ended.append({"row": row.n, "end": n})
        if ended:
            self._connection.execute(_END, ended)
        for id_, told in due.values():
            self._add(id_, n, OPEN, document, told)
        self.flush()

    def _fallen(self, n: int, document: int, id_: str, row: Row) -> None:
        """Whatever is on record can be found by its id, though it never stood."""
        if not bearing_of(self._connection, id_, n + 1):
            self._add(id_, n, n, document, row)
            self.flush()

    def _judged(self, n: int, ids: Ids, bears: Concerned) -> None:
        rows = [
            {"entry": n, "position": position, "assertion": as_key(of), "document": document, "id": as_key(id_)}
            for position, id_ in enumerate(ids)
            for of, document in bears[position].items()
        ]
        if rows:
            self._connection.execute(_INSERT_JUDGEMENT, rows)
        touched: dict[int, set[str]] = {}
        for found in bears:
            for assertion, document in found.items():
                touched.setdefault(document, set()).add(assertion)
        for document, judged in touched.items():
            if not self._let_be(n, document, judged):
                self._settle(n, document, self._dated(document), judged)

    def _let_be(self, n: int, document: int, ids: Collection[str]) -> bool:
        """Whether assertions that stand stand as before, whatever is now said of them."""
        self._write()
        standing = {
            row.id.hex(): row for row in self._connection.execute(_NAMED, {"some": [as_key(id_) for id_ in ids]})
        }
        if len(standing) < len(ids):
            return False
        weighed = weigh(spoken_on(self._connection, [document], n))
        for id_, row in standing.items():
            judged = weighed.get(id_, Weighed())
            by = (judged.amending.entry, judged.amending.position) if judged.amending else (row.entry, row.position)
            if not judged.stands or by != (row.said, row.said_position):
                return False
        return True

    def _dated(self, document: int) -> dt.date | None:
        meta = self._connection.execute(_META, {"document": document}).scalar()
        return read_document(str(document), meta).dated if meta else None

    # ── rows ─────────────────────────────────────────────────────────────────────────────────────

    def _add(self, id_: str, since: int, until: int, document: int, row: Row) -> None:
        self._n += 1
        told = {"n": self._n, "id": as_key(id_), "since": since, "until": until, "document": document}
        self._rows.append(told | row._asdict())

    def _standing(self, document: int) -> Iterable[Any]:
        return self._connection.execute(_STANDING, {"document": document}).all()

    def _numbered(self, row: Row) -> tuple[Any, ...]:
        self._terms.know(getattr(row, each) for each in _WORDS)
        numbers: dict[str, Any] = {each: self._terms[getattr(row, each)] for each in _WORDS}
        return _of(row._replace(**numbers))


def concerned(connection: Connection, entry: Entry, before: int) -> Concerned:
    """What each judgement of an entry bears on, of what was recorded before entry `before`."""
    found: Concerned = []
    for each in entry.assertions:
        of = each.content.of if isinstance(each.content, Judgement) else ()
        found.append({})
        for target in of:
            found[-1] |= bearing_of(connection, target, before)
    return found


class Row(NamedTuple):
    """A row but for which assertion and when; words where the table has their numbers."""

    entry: int
    position: int
    said: int
    said_position: int
    kind: Any
    type: Any
    place: Any
    actor: Any
    other: Any
    also: Any
    day: int | None


def _of(row: Any) -> tuple[Any, ...]:
    return tuple(getattr(row, each) for each in Row._fields)


def first_rows(n: int, entry: Entry, dated: dt.date | None) -> Iterator[Row]:
    """The rows of what entry n says, in its own words and by nobody else."""
    for position, each in enumerate(entry.assertions):
        yield Row(n, position, n, position, *facets(each.content), "", _day(each, dated))


def as_rows(standing: Iterable[Drawn], dated: dt.date | None) -> Iterator[tuple[Drawn, Row]]:
    """The row of each assertion that stands."""
    for each in standing:
        at = (each.entry, each.position, each.said, each.said_position)
        facets_of = facets(each.assertion.content)
        yield each, Row(*at, *facets_of, " ".join(each.also), _day(each.assertion, dated))


def _day(assertion: Assertion, dated: dt.date | None) -> int | None:
    day = assertion.period.day(dated)
    return day.toordinal() if day else None


class Terms:
    """Words and their numbers, from 1 on in the order of their coming; no words have none."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[str, int | None] = {"": None}
        self._last: int = connection.execute(select(func.max(terms.c.n))).scalar() or 0

    def __getitem__(self, words: str) -> int | None:
        return self._known[words]

    def know(self, words: Iterable[str]) -> None:
        """Look these words up, and give new ones their numbers."""
        asked = list(dict.fromkeys(each for each in words if each not in self._known))
        for some in _slices(asked):
            rows = self._connection.execute(_KNOWN, {"some": some})
            self._known |= {row.words: row.n for row in rows}
        new = [each for each in asked if each not in self._known]
        rows_due = [{"n": self._last + place, "words": each} for place, each in enumerate(new, start=1)]
        if rows_due:
            self._connection.execute(_INSERT_TERM, rows_due)
            self._known |= {each["words"]: each["n"] for each in rows_due}  # type: ignore[misc]
            self._last += len(new)


def _slices(words: list[str]) -> Iterator[list[str]]:
    for first in range(0, len(words), AT_ONCE):
        yield words[first : first + AT_ONCE]
