"""What stood at a moment, from the index of readings: rows in, standings out."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Sequence
from threading import Lock
from typing import Any, Generic, TypeVar

from msgspec.structs import replace
from sqlalchemy import Connection, Row, bindparam, exists, or_, select

from contested.errors import UsageError
from contested.ledger.among import among
from contested.ledger.judging import Spoken, in_force, weigh
from contested.ledger.standing import astray, read_folios, spoken_on
from contested.ledger.tables import documents, judgements, particulars, readings, terms
from contested.ledger.walking import onward, slices
from contested.ledger.written import Folio, Heading, read_heading
from contested.model import Assertion, Content, Judgement, Standing

DOCUMENTS = 200  # looked at in one reading
ENTRIES, REPORTS = 4_000, 10_000  # kept at hand
KINDS = tuple(sorted(str(each.__struct_config__.tag) for each in Content.__subclasses__()))
_PLACED = ("n", "id", "since", "until", "document", "entry", "position", "said", "said_position", "also")
READ: Any = select(
    *(readings.c[name] for name in _PLACED), exists().where(judgements.c.assertion == readings.c.id).label("judged")
)
"""What standings are made of: where a row of the index has its words from, and whether anybody ever judged it."""
_KIND = readings.c.kind + 0  # no index is looked up for a sum: few documents are fewer rows than a kind
_PARTICULARS = select(particulars.c.document, particulars.c.meta).where(among(particulars.c.document))
_TERMS = select(terms).where(among(terms.c.n))
_NUMBERS = select(terms.c.n).where(terms.c.words.in_(bindparam("words", expanding=True)))
A = TypeVar("A")


class Kept(Generic[A]):
    """Things that never change, by number: the last used are kept. Threads may share it."""

    def __init__(self, most: int, read: Callable[[Connection, list[int]], dict[int, A]]) -> None:
        self._most, self._read = most, read
        self._kept: OrderedDict[int, A] = OrderedDict()
        self._lock = Lock()

    def of(self, connection: Connection, numbers: Collection[int]) -> dict[int, A]:
        """Those of these numbers that there are."""
        with self._lock:
            found = {n: self._kept[n] for n in numbers if n in self._kept}
            for n in found:
                self._kept.move_to_end(n)
        missing = [n for n in numbers if n not in found]
        if missing:
            found |= (read := self._read(connection, missing))
            with self._lock:
                self._kept |= read
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)
        return found

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


class Views:
    """Makes standings of rows of the index; the entries and reports they rest on are kept at hand."""

    def __init__(self) -> None:
        self._folios: Kept[Folio] = Kept(ENTRIES, read_folios)
        self._reports: Kept[Heading] = Kept(REPORTS, _headings)

    def clear(self) -> None:
        """Forget what is kept: some of it was taken out."""
        self._folios.clear()
        self._reports.clear()

    def standings(self, connection: Connection, rows: Sequence[Row[Any]], upto: int) -> list[Standing]:
        """What these rows (of READ) stand for, in their order; what rests on words taken out is left out."""
        return list(self.numbered(connection, rows, upto).values())

    def numbered(self, connection: Connection, rows: Sequence[Any], upto: int) -> dict[int, Standing]:
        """The same by the numbers of the rows."""
        if not rows:
            return {}
        _, _, _, _, in_documents, recorded_by, _, said_by, _, recorded_also, _ = zip(*rows, strict=True)
        folios = self._folios.of(connection, {*recorded_by, *said_by})
        reports = self._reports.of(connection, set(in_documents))
        others = {n: tuple(words.split()) for n, words in _words(connection, set(recorded_also)).items()}
        judged = sorted({row.document for row in rows if row.judged})
        weighed = weigh(spoken_on(connection, judged, upto)) if judged else {}
        found = {}
        for n, key, _, _, document, entry, position, said, said_position, also, _ in rows:
            folio, amending, report = folios.get(entry), folios.get(said), reports.get(document)
            if folio is None or amending is None or report is None:
                continue
            id_, assertion = key.hex(), folio.assertion(position)
            if said != entry:
                assertion = _amended(entry, assertion, amending.assertion(said_position))
            about = (report.source, report.dated, report.file)
            judgements_on = weighed[id_].judgements if id_ in weighed else ()
            found[n] = Standing(
                id_, assertion, folio.recorder, folio.recorded_at, *about, judgements_on, others.get(also, ())
            )
        return found

    def once(self, connection: Connection, key: bytes, upto: int) -> Standing:
        """The one of this id, as it stood last: judgements on it included, whether they let it stand or not."""
        asked = READ.where(readings.c.id == key, readings.c.since <= upto)
        row = connection.execute(asked.order_by(readings.c.n.desc()).limit(1)).first()
        if row is None:
            said = select(judgements.c.document).where(judgements.c.id == key, judgements.c.entry <= upto)
            spoken = spoken_on(connection, connection.execute(said.distinct()).scalars().all(), upto)
            return as_standing(next(each for each in reversed(spoken) if each.id == key.hex()))
        for held in self.standings(connection, [row], upto):
            return held if row.until > upto else self._fallen(connection, held, row, upto)
        raise UsageError(f"the words of {key.hex()} were taken out of this record. See: contested log")

    def _fallen(self, connection: Connection, held: Standing, row: Row[Any], upto: int) -> Standing:
        """What no longer stands, as the judgements on it have it."""
        judged = weigh(spoken_on(connection, [row.document], upto)).get(held.id)
        amended = judged.amended if judged else None
        (entry,) = self._folios.of(connection, [row.entry]).values()
        recorded = entry.assertion(row.position)
        return replace(held, assertion=replace(recorded, content=amended) if amended else recorded)


def view(
    reading: Callable[[], Any], views: Views, upto: int, kinds: frozenset[str], document: str
) -> Iterator[Standing]:
    """What stood after entry `upto`, document by document in the order of their ids; nothing is locked between them."""
    after = ""
    while True:
        with reading() as connection:
            numbers = Kinds(connection, kinds)
            chosen = _documents(connection, after, numbers, document)
            held = list(_standing(connection, views, chosen, upto, numbers)) if chosen else []
        yield from held
        if document or not chosen:
            return
        after = onward(after, next(reversed(chosen.values())))


class Kinds:
    """The kinds asked for: their numbers in the index (all if none), and whether judgements are among them."""

    def __init__(self, connection: Connection, kinds: Collection[str]) -> None:
        self.judgements = "judgement" in kinds
        self.all = not kinds
        asked = sorted(set(kinds) - {"judgement"})
        self.numbers: tuple[int, ...] = ()
        if asked:
            self.numbers = tuple(connection.execute(_NUMBERS, {"words": asked}).scalars())

    @property
    def only(self) -> int:
        """The number of the one kind asked for; of none on record, one that nothing has."""
        return self.numbers[0] if self.numbers else -1

    def every(self, connection: Connection) -> tuple[int, ...]:
        """The numbers of the kinds asked for, or of all on record."""
        return Kinds(connection, KINDS).numbers if self.all else self.numbers


def stood(upto: int) -> Any:
    """The condition that a reading stood after entry `upto`."""
    return (readings.c.since <= upto) & (readings.c.until > upto)


def _documents(connection: Connection, after: str, kinds: Kinds, document: str) -> dict[int, str]:
    """The next documents of which something of these kinds was ever said, in the order of their ids."""
    asked = select(documents.c.n, documents.c.id)
    if document:
        asked = asked.where(documents.c.id == document)
    else:
        asked = asked.where(documents.c.id > after)
        if not kinds.all:
            of_kind = (readings.c.document == documents.c.n) & _KIND.in_(kinds.numbers)
            said: list[Any] = [exists().where(of_kind)] if kinds.numbers else []
            if kinds.judgements:
                said.append(exists().where(judgements.c.document == documents.c.n))
            if not said:
                return {}
            asked = asked.where(or_(*said))
    rows = connection.execute(asked.order_by(documents.c.id).limit(DOCUMENTS))
    return {row.n: row.id for row in rows}


def _standing(
    connection: Connection, views: Views, chosen: dict[int, str], upto: int, kinds: Kinds
) -> Iterator[Standing]:
    """What stands in these documents, in an order that no order of recording changes: document, quote, id."""
    if kinds.all or kinds.numbers:
        asked = READ.where(readings.c.document.in_(chosen), stood(upto))
        if not kinds.all:
            asked = asked.where(_KIND.in_(kinds.numbers))
        yield from sorted(views.standings(connection, connection.execute(asked).all(), upto), key=place)
    if kinds.judgements:
        spoken = in_force(spoken_on(connection, list(chosen), upto))
        yield from (as_standing(each) for each in spoken if each.document in chosen)


def place(each: Standing) -> tuple[str, int, int, str]:
    """Where a view has what is no judgement: by its document, its quote and its id."""
    quote = each.assertion.quote
    assert quote is not None  # only a judgement goes without
    return quote.document, quote.start, quote.end, each.id


def as_standing(spoken: Spoken) -> Standing:
    """A judgement as a view holds it; its source is whoever speaks."""
    who = spoken.assertion.voices[0].who
    return Standing(spoken.id, spoken.assertion, spoken.recorder, spoken.recorded_at, who)


def _headings(connection: Connection, numbers: list[int]) -> dict[int, Heading]:
    found: dict[int, Heading] = {}
    for some in slices(numbers):
        found |= {n: read_heading(n, meta) for n, meta in connection.execute(_PARTICULARS, {"some": some}).all()}
    return found


def _words(connection: Connection, numbers: Collection[int | None]) -> dict[int | None, str]:
    asked = [n for n in numbers if n is not None]
    return {row.n: row.words for row in connection.execute(_TERMS, {"some": asked})} if asked else {}


def _amended(entry: int, assertion: Assertion, by: Assertion) -> Assertion:
    if not isinstance(by.content, Judgement) or by.content.amended is None:
        raise astray("readings", entry)
    return replace(assertion, content=by.content.amended)
