"""The append-only record: what was read, who recorded what of it and when, and what stood at any moment.

    with Ledger.open(Path("ledger.sqlite"), create=True) as ledger:
        ledger.record_all(document, entries)
        for standing in ledger.view(known=dt.datetime(2021, 8, 8, tzinfo=dt.UTC)): ...

The truth is the documents and the entries; entries are chained, and `head()` is the end of the chain:

    hash of entry n = sha256( hash of entry n-1 ‖ sha256(body) ‖ digest of its document )

Whoever keeps a head elsewhere can later prove what was on record then (see `verify`). Every index is thrown away and
made again by `reindex`. Rows are never changed or deleted; triggers refuse it, but for what `remove` takes out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from msgspec.structs import replace
from sqlalchemy import Column, Connection, Select, exists, select

from contested.errors import LedgerError, UsageError
from contested.ledger import index
from contested.ledger.chain import Link, holds, links
from contested.ledger.check import Original, examine
from contested.ledger.file import LedgerFile
from contested.ledger.home import Home
from contested.ledger.judging import in_force
from contested.ledger.leafing import Changed
from contested.ledger.merging import Arriving, Leaving, Merged, Merging
from contested.ledger.moments import last_by, last_entry
from contested.ledger.named import all_tellings, one_assertion, one_document
from contested.ledger.parted import in_parts
from contested.ledger.record import Act
from contested.ledger.removing import Removal, removals, take_out
from contested.ledger.seeking import Known
from contested.ledger.standing import latest, spoken_on
from contested.ledger.tables import END, bodies, documents, entries, particulars, texts
from contested.ledger.views import Views, view
from contested.ledger.walking import onward, slices
from contested.ledger.written import BEGINNING, read_document, read_entry, read_stamp, stamp, unpack
from contested.model import Assertion, Document, Entry, Problem, Standing

__all__ = ["Changed", "Known", "Ledger", "Link", "Merged", "Original", "Removal"]

Clock = Callable[[], dt.datetime]

AT_ONCE = 500  # rows read at a time
RECORDED = 2_000  # reports in one act: more are quicker still, and held in memory until it ends


class Ledger:
    """A record opened; close it, or use it as a context manager. Threads may share one."""

    def __init__(self, file: Home) -> None:
        self._file = file
        self._views = Views()
        self._passed = 0  # the last moment of which we know that nothing will be dated up to it any more

    @classmethod
    def open(cls, where: Path | str, create: bool = False) -> Self:
        """The ledger at a path, or at an address postgresql+psycopg://…?schema=NAME; begun there if asked.

        LedgerError when there is none or it cannot be used, UsageError when the address is none, MissingPart when an
        address is given and psycopg is not installed.
        """
        if isinstance(where, Path) or "://" not in where:
            return cls(LedgerFile(Path(where), create))
        from contested.ledger.server import LedgerServer

        return cls(LedgerServer(where, create))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()

    # ── recording ────────────────────────────────────────────────────────────────────────────────

    def add_document(self, document: Document) -> bool:
        """Keep a document; False when it is on record. UsageError when it is there with other words."""
        with self._acting() as act:
            return act.add(document)

    def record(self, entry: Entry, clock: Clock | None = None) -> bool:
        """Add one entry; False, and nothing is written, when it only repeats what its recorder said last.

        With a `clock` it is dated when nobody else can write any more: it may have waited since it was made, and what
        was looked at meanwhile must not change.

        UsageError when it says what cannot be: no voice, a quote outside its document, a judgement of nothing.
        """
        with self._file.writing() as connection:
            act = Act(connection, clock() if clock else None)
            is_new = act.append(entry)
            act.close()
            if entry.removes:
                index.reindex(connection)
        return is_new

    def record_all(self, document: Document, entries: Iterable[Entry], clock: Clock | None = None) -> bool:
        """Keep a document and all entries on it as one act, or nothing at all. True when the document is new.

        Dated by the `clock`, if one is given, as in `record`; without one, as the entries say.
        """
        given = tuple(entries)
        with self._acting(clock) as act:
            is_new = act.add(document)
            for each in given:
                act.append(each)
        return is_new

    def record_many(self, reports: Iterable[tuple[Document, Iterable[Entry]]], at_once: int = RECORDED) -> int:
        """Record report after report, `at_once` of them as one act; answers how many documents were new.

        Far quicker than one by one, for every act waits for the disk. What was recorded before a fault stays. Entries
        are dated as they say, not when nobody else can write: for that, see `record`.
        """
        new, left = 0, iter(reports)
        while some := list(islice(left, at_once)):
            with self._acting() as act:
                act.expect([document.id for document, _ in some])
                for document, entries in some:
                    new += act.add(document)
                    for each in entries:
                        act.append(each)
        return new

    def reindex(self) -> int:
        """Throw the indexes away and make them again from the entries; answers how many entries there are."""
        with self._file.writing() as connection:
            return index.reindex(connection)

    def merge(
        self,
        other: Ledger,
        arriving: Arriving | None = None,
        progress: Callable[[int, int], None] | None = None,
        at: dt.datetime | None = None,
        leaving: Leaving | None = None,
    ) -> Merged:
        """Bring another ledger's entries in, in their order, each once; what was recorded before a fault stays.

        `arriving` is called with the documents of the entries about to be taken, `leaving` with what was taken out
        there, `progress` with entries done and in all; `at` is the moment from which they are known here, now if none;
        one given may have passed before nobody else can write. UsageError when it is this ledger itself, LedgerError
        when an entry there is not what was recorded, or a reader keeps the journal from being emptied of what was
        taken out.
        """
        try:
            return Merging(self._file, other._file, arriving, leaving, at).run(progress)
        finally:
            self._views.clear()  # something may have been taken out

    def remove(self, documents: Iterable[str], reason: str, by: str) -> list[str]:
        """Take these documents (whole ids) out: their text, their particulars, what was found in them and said of it.

        What vouches for them stays, with an entry that says why. Answers those that were not taken out before. The one
        act that changes what earlier moments show. Interrupted, it is finished by doing it again. UsageError when one
        is not on record or no reason is given; LedgerError when a reader keeps the journal from being emptied.
        """
        with self._file.writing() as connection:
            if done := take_out(connection, list(documents), reason, by):
                index.reindex(connection)
        self._views.clear()
        self._file.scrub()
        return done

    @contextmanager
    def _acting(self, clock: Clock | None = None) -> Iterator[Act]:
        with self._file.writing() as connection:
            act = Act(connection, clock() if clock else None)
            yield act
            act.close()

    # ── what stands ──────────────────────────────────────────────────────────────────────────────

    def view(
        self, known: dt.datetime | None = None, kinds: Collection[str] = (), document: str = ""
    ) -> Iterator[Standing]:
        """What stands as known at a moment (now if none), of these kinds, in one document (its whole id) or in all.

        Each assertion comes once, in the order of documents' ids and quotes, with the judgements on it. Judgements by
        themselves come only where `kinds` asks for them. A later entry never changes the view of a moment that has
        passed: what is being written meanwhile is waited for. UsageError when `known` does not say its time zone.
        """
        if isinstance(kinds, str):
            raise UsageError(f"kinds is a collection, not one word. Write ({kinds!r},)")
        before = stamp(known) if known else None  # refused here, not when the first one is asked for
        return self._view(before, frozenset(kinds), document)

    def _view(self, before: int | None, kinds: frozenset[str], document: str) -> Iterator[Standing]:
        return view(self._file.reading, self._views, self._upto(before), kinds, document)

    def as_known(self, known: dt.datetime | None = None) -> Known:
        """The record as known at a moment (now if none), for questions that go straight to what they ask for."""
        upto = self._upto(stamp(known) if known else None)
        return Known(self._file.reading, self._views, upto, known is None)

    def standing(self, prefix: str, known: dt.datetime | None = None) -> Standing:
        """One assertion or judgement on record by its id or the beginning of it, whether it stands or not.

        One that is rejected says so by its judgements; of one withdrawn, its last recording is given. UsageError when
        none or several begin so.
        """
        upto = self._upto(stamp(known) if known else None)
        with self._file.reading() as connection:
            found = one_assertion(connection, prefix, upto)
            return self._views.once(connection, found, upto)

    # ── what is on record ────────────────────────────────────────────────────────────────────────

    def documents(self, known: dt.datetime | None = None) -> Iterator[Document]:
        """Every document, without its text, in the order of their ids; or those something was recorded of by then.

        One whose bytes were taken out is there with nothing but its id.
        """
        asked = select(documents.c.id, particulars.c.meta).join_from(documents, particulars, isouter=True)
        if known:
            upto = self._upto(stamp(known))
            asked = asked.where(exists().where(entries.c.document == documents.c.n, entries.c.n <= upto))
        for row in self._walk(asked, documents.c.id):
            yield read_document(row.id, row.meta) if row.meta else Document(row.id, "", "", "")

    def document(self, prefix: str) -> Document:
        """One document with its text, by its id or the beginning of it, with or without the number of a telling (ID.2).

        Where a beginning fits the tellings of one report, the last is meant. UsageError when none or several begin so,
        or its bytes were taken out.
        """
        with self._file.reading() as connection:
            found = one_document(connection, prefix)
            asked = (
                select(documents, particulars.c.meta, texts.c.body)
                .join_from(documents, particulars, isouter=True)
                .join(texts, texts.c.document == documents.c.n, isouter=True)
                .where(documents.c.id == found)
            )
            row = connection.execute(asked).one()
            removed = removals(connection, [found]) if row.body is None else {}
        if removed:
            raise UsageError(f"{found} was {removed[found]}")
        text = unpack(found, row.body) if row.body is not None else ""
        if row.meta is None or row.body is None or len(text) != row.length:
            raise LedgerError(f"{self._file.place}: documents {found}: its text is gone or cut. Run: contested verify")
        return replace(read_document(found, row.meta), text=text)

    def removals(self) -> dict[str, Removal]:
        """The documents whose bytes were taken out, by their ids: why, by whom, when."""
        with self._file.reading() as connection:
            return removals(connection)

    def id_of(self, prefix: str) -> str:
        """The whole id of a document by the beginning of it, as `document` finds it, its bytes taken out or not."""
        with self._file.reading() as connection:
            return one_document(connection, prefix)

    def tellings(self, prefix: str) -> list[str]:
        """All tellings of a report (ID, ID.2 …), by an id or the beginning of one. UsageError when there is none."""
        with self._file.reading() as connection:
            return all_tellings(connection, prefix)

    def read(self, of: Collection[str]) -> dict[str, Document]:
        """These documents (by their whole ids) with their texts; those that are not there, or not whole, left out."""
        asked = select(documents.c.id, documents.c.length, particulars.c.meta, texts.c.body)
        asked = asked.join_from(documents, particulars).join(texts, texts.c.document == documents.c.n)
        found = {}
        for some in slices(list(of)):
            with self._file.reading() as connection:
                rows = connection.execute(asked.where(documents.c.id.in_(some))).all()
            for row in rows:
                text = unpack(row.id, row.body)
                if len(text) == row.length:
                    found[row.id] = replace(read_document(row.id, row.meta), text=text)
        return found

    def recorders(self, document: str) -> frozenset[str]:
        """The recorders, with their versions, whose word on a document stands; analysts aside."""
        with self._file.reading() as connection:
            return frozenset(row.recorder for row in latest(connection, _number(connection, document), END))

    def entries(self, document: str = "") -> Iterator[Entry]:
        """Every entry, or every one set under a document (its whole id), in the order of recording.

        Those whose bytes were taken out are left out.
        """
        asked = select(entries.c.n, bodies.c.body).join_from(entries, bodies)
        if document:
            with self._file.reading() as connection:
                asked = asked.where(entries.c.document.in_(_number(connection, document)))
        for row in self._walk(asked, entries.c.n):
            yield read_entry(row.n, row.body)

    def judgements(self, document: str) -> list[tuple[str, Assertion]]:
        """The judgements in force that bear on a document (its whole id), with who recorded them, as recorded."""
        with self._file.reading() as connection:
            held = in_force(spoken_on(connection, _number(connection, document), last_by(connection, None)))
        return [(each.recorder, each.assertion) for each in held]

    def head(self) -> str:
        """The hash of the last entry: it vouches for all before it. Zeros when there is none."""
        with self._file.reading() as connection:
            last = last_entry(connection)
        return (last.hash if last else BEGINNING).hex()

    def end(self) -> tuple[int, str, dt.datetime | None]:
        """How many entries there are, the head, and the moment of the last."""
        with self._file.reading() as connection:
            last = last_entry(connection)
        return (last.n, last.hash.hex(), read_stamp(last.recorded_at)) if last else (0, BEGINNING.hex(), None)

    def holds(self, head: str) -> bool:
        """Whether some entry has this hash: the record then is the one that had this head, or has grown from it."""
        with self._file.reading() as connection:
            return holds(connection, head)

    def links(self) -> Iterator[Link]:
        """The chain, link by link."""
        n = 0
        while True:
            with self._file.reading() as connection:
                following = list(links(connection, n))
            yield from following
            if not following:
                return
            n = following[-1].n

    def verify(self, original: Original | None = None, head: str = "") -> list[Problem]:
        """Everything wrong with the record, each with its row; none when it is sound.

        `original` gives the bytes with a sha256, to be held against it; `head` was noted earlier, here or in a
        ledger merged into this one, and must be found.
        """
        with in_parts(self._file) as parts, self._file.reading() as connection:
            return list(examine(connection, self._file.name, parts, original, head))

    def _upto(self, before: int | None) -> int:
        """The last entry recorded by a moment. Of one that has passed no other answer will ever be given: what is being
        written may have been dated before it, and is waited for."""
        passed = self._passed  # before the record is asked: another thread may wait meanwhile, and see more
        with self._file.reading() as connection:
            upto = last_by(connection, before)
            if before is None or before <= passed:
                return upto
            last = last_entry(connection)
        if (last and before <= last.recorded_at) or before > stamp(dt.datetime.now(dt.UTC)):
            return upto
        self._file.wait()
        self._passed = max(self._passed, before)
        with self._file.reading() as connection:
            return last_by(connection, before)

    def _walk(self, asked: Select[Any], key: Column[Any]) -> Iterator[Any]:
        """All rows in the order of a key, by short readings that lock nothing between them."""
        some, after = asked.order_by(key).limit(AT_ONCE), None
        while True:
            with self._file.reading() as connection:
                rows = connection.execute(some).all()
            yield from rows
            if len(rows) < AT_ONCE:
                return
            after = onward(after, getattr(rows[-1], key.name))
            some = asked.where(key > after).order_by(key).limit(AT_ONCE)


def _number(connection: Connection, document: str) -> list[int]:
    return list(connection.execute(select(documents.c.n).where(documents.c.id == document)).scalars())
