"""The append-only record: what was read, who recorded what of it and when, and what stood at any moment.

    with Ledger.open(Path("ledger.sqlite"), create=True) as ledger:
        ledger.record_all(document, entries)
        for standing in ledger.view(known=dt.datetime(2021, 8, 8, tzinfo=dt.UTC)): ...

The truth is the documents and the entries; entries are chained, and `head()` is the end of the chain:

    hash of entry n = sha256( hash of entry n-1 ‖ sha256(body) ‖ digest of its document )

Whoever keeps a head elsewhere can later prove what was on record then (see `verify`). Every index is thrown away and
made again by `reindex`. Rows are never changed or deleted; triggers refuse it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from msgspec.structs import replace
from sqlalchemy import Column, Connection, Select, exists, func, select

from contested.errors import LedgerError, UsageError
from contested.ledger import index, record
from contested.ledger.check import Original, examine
from contested.ledger.file import LedgerFile
from contested.ledger.judging import in_force
from contested.ledger.standing import Wanted, as_standing, batch, recorders, spoken_on, stands
from contested.ledger.tables import assertions, documents, entries, judgements, texts
from contested.ledger.written import BEGINNING, read_document, read_entry, stamp, unpack
from contested.model import Assertion, Document, Entry, Problem, Standing

__all__ = ["Ledger", "Original"]

SHOWN = 5  # ids named when a beginning fits several


class Ledger:
    """A record opened; close it, or use it as a context manager. Threads may share one."""

    def __init__(self, file: LedgerFile) -> None:
        self._file = file

    @classmethod
    def open(cls, path: Path, create: bool = False) -> Self:
        """The ledger at a path, begun there if asked. LedgerError when there is none or it cannot be used."""
        return cls(LedgerFile(path, create))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()

    # ── recording ────────────────────────────────────────────────────────────────────────────────

    def add_document(self, document: Document) -> bool:
        """Keep a document; False when it is on record. UsageError when it is there with other words."""
        with self._file.writing() as connection:
            return record.add(connection, document)

    def record(self, entry: Entry) -> bool:
        """Add one entry; False, and nothing is written, when it only repeats what its recorder said last.

        UsageError when it says what cannot be: no voice, a quote outside its document, a judgement of nothing.
        """
        with self._file.writing() as connection:
            return record.append(connection, [entry]) > 0

    def record_all(self, document: Document, entries: Iterable[Entry]) -> bool:
        """Keep a document and all entries on it as one act, or nothing at all. True when the document is new."""
        given = tuple(entries)
        with self._file.writing() as connection:
            is_new = record.add(connection, document)
            record.append(connection, given)
        return is_new

    def reindex(self) -> int:
        """Throw the indexes away and make them again from the entries; answers how many entries there are."""
        with self._file.writing() as connection:
            return index.reindex(connection)

    # ── what stands ──────────────────────────────────────────────────────────────────────────────

    def view(
        self, known: dt.datetime | None = None, kinds: Collection[str] = (), document: str = ""
    ) -> Iterator[Standing]:
        """What stands as known at a moment (now if none), of these kinds, in one document (its whole id) or in all.

        Each assertion comes once, in the order of documents' ids and quotes, with the judgements on it. Judgements by
        themselves come only where `kinds` asks for them. A later entry never changes the view of a moment that the
        ledger has passed. UsageError when `known` does not say its time zone.
        """
        if isinstance(kinds, str):
            raise UsageError(f"kinds is a collection, not one word. Write ({kinds!r},)")
        before = stamp(known) if known else None  # refused here, not when the first one is asked for
        return self._view(before, frozenset(kinds), document)

    def _view(self, before: str | None, kinds: frozenset[str], document: str) -> Iterator[Standing]:
        with self._file.reading() as connection:
            upto = _upto(connection, before)
        after, wanted = "", Wanted(kinds)
        while True:
            with self._file.reading() as connection:
                chosen = [document] if document else batch(connection, after, kinds)
                held = list(stands(connection, chosen, upto, wanted)) if chosen else []
            yield from held
            if document or not chosen:
                return
            after = self._onward(after, chosen[-1])

    def standing(self, prefix: str, known: dt.datetime | None = None) -> Standing:
        """One assertion or judgement on record by its id or the beginning of it, whether it stands or not.

        One that is rejected says so by its judgements; of one withdrawn, its last recording is given. UsageError when
        none or several begin so.
        """
        with self._file.reading() as connection:
            upto = _upto(connection, stamp(known) if known else None)
            where = select(assertions.c.id).where(assertions.c.entry <= upto)
            found = _one(connection, where, assertions.c.id, prefix, "assertion")
            last = select(assertions).where(assertions.c.id == found, assertions.c.entry <= upto)
            row = connection.execute(last.order_by(assertions.c.entry.desc()).limit(1)).one()
            if row.kind == "judgement":
                spoken = spoken_on(connection, _judged_documents(connection, row), upto)
                return as_standing(next(each for each in reversed(spoken) if each.id == found))
            # If every recorder has withdrawn it, it is held as when it was last recorded.
            for moment in (upto, row.entry):
                for held in stands(connection, [row.document], moment, Wanted(id=found)):
                    return held
        raise LedgerError(f"{self._file.path}: the index is astray at {found}. Run: contested reindex")

    # ── what is on record ────────────────────────────────────────────────────────────────────────

    def documents(self, known: dt.datetime | None = None) -> Iterator[Document]:
        """Every document, without its text, in the order of their ids; or those something was recorded of by then."""
        asked = select(documents.c.id, documents.c.meta)
        if known:
            with self._file.reading() as connection:
                upto = _upto(connection, stamp(known))
            asked = asked.where(exists().where(entries.c.document == documents.c.id, entries.c.n <= upto))
        for row in self._walk(asked, documents.c.id):
            yield read_document(row.id, row.meta)

    def document(self, prefix: str) -> Document:
        """One document with its text, by its id or the beginning of it, with or without the number of a telling (ID.2).

        Where a beginning fits the tellings of one report, the last is meant. UsageError when none or several begin so.
        """
        with self._file.reading() as connection:
            found = _one(connection, select(documents.c.id), documents.c.id, prefix, "document")
            asked = select(documents, texts.c.body).join_from(documents, texts).where(documents.c.id == found)
            row = connection.execute(asked).first()
        text = unpack(found, row.body) if row else ""
        if row is None or len(text) != row.length:
            raise LedgerError(f"{self._file.path}: documents {found}: its text is gone or cut. Run: contested verify")
        return replace(read_document(found, row.meta), text=text)

    def recorders(self, document: str) -> frozenset[str]:
        """The recorders, with their versions, whose word on a document stands; analysts aside."""
        with self._file.reading() as connection:
            return frozenset(connection.execute(recorders(document)).scalars())

    def entries(self, document: str = "") -> Iterator[Entry]:
        """Every entry, or every one set under a document (its whole id), in the order of recording."""
        asked = select(entries.c.n, entries.c.body)
        for row in self._walk(asked.where(entries.c.document == document) if document else asked, entries.c.n):
            yield read_entry(row.n, row.body)

    def judgements(self, document: str) -> list[tuple[str, Assertion]]:
        """The judgements in force that bear on a document (its whole id), with who recorded them, as recorded."""
        with self._file.reading() as connection:
            held = in_force(spoken_on(connection, [document], _upto(connection, None)))
        return [(each.recorder, each.assertion) for each in held]

    def head(self) -> str:
        """The hash of the last entry: it vouches for all before it. Zeros when there is none."""
        with self._file.reading() as connection:
            last = select(entries.c.hash).order_by(entries.c.n.desc()).limit(1)
            return connection.execute(last).scalar() or BEGINNING

    def verify(self, original: Original | None = None, head: str = "") -> list[Problem]:
        """Everything wrong with the record, each with its row; none when it is sound.

        `original` gives the bytes with a sha256, to be held against it; `head` was noted earlier, and must be found.
        """
        with self._file.reading() as connection:
            return list(examine(connection, self._file.path.name, original, head))

    def _walk(self, asked: Select[Any], key: Column[Any]) -> Iterator[Any]:
        """All rows in the order of a key, by short readings that lock nothing between them."""
        some, after = asked.order_by(key).limit(index.AT_ONCE), None
        while True:
            with self._file.reading() as connection:
                rows = connection.execute(some).all()
            yield from rows
            if len(rows) < index.AT_ONCE:
                return
            after = self._onward(after, getattr(rows[-1], key.name))
            some = asked.where(key > after).order_by(key).limit(index.AT_ONCE)

    def _onward(self, before: Any, after: Any) -> Any:
        """The next place to read on from. LedgerError where a damaged index would lead in a circle."""
        if before is not None and not after > before:
            raise LedgerError(
                f"{self._file.path}: the file is damaged: an index is out of order. Run: contested verify"
            )
        return after


def _upto(connection: Connection, before: str | None) -> int:
    """The last entry recorded by a moment; 0 when there is none."""
    if before is None:
        return connection.execute(select(func.max(entries.c.n))).scalar() or 0
    last = select(entries.c.n).where(entries.c.recorded_at <= before)
    return connection.execute(last.order_by(entries.c.recorded_at.desc(), entries.c.n.desc()).limit(1)).scalar() or 0


def _one(connection: Connection, asked: Select[Any], column: Column[Any], prefix: str, noun: str) -> str:
    """The one id that begins so, or the last telling of it. UsageError when there is none or there are several."""
    if connection.execute(asked.where(column == prefix).limit(1)).first():  # the whole id of one may begin another
        return prefix
    beginning, dot, number = prefix.partition(".")
    begun = asked.distinct().where(column >= beginning, column < beginning + "\U0010ffff").order_by(column)
    first = begun.where(column.not_like("%.%")).limit(SHOWN + 1)
    found: list[str] = list(connection.execute(first).scalars()) if beginning else []
    if len(found) == 1:
        tellings: list[str] = list(
            connection.execute(begun.where(column >= found[0], column < f"{found[0]}/")).scalars()
        )
        if dot:
            found = [each for each in tellings if each == f"{found[0]}.{number}"]
        else:
            return max(tellings, key=lambda each: int(each.partition(".")[2] or 1))
    if not found:
        raise UsageError(f"there is no {noun} {prefix!r}. See: contested {noun}s")
    if len(found) > 1:
        some = ", ".join(found[:SHOWN]) + (" …" if len(found) > SHOWN else "")
        raise UsageError(f"{prefix!r} begins several {noun}s: {some}. Write more of it")
    return found[0]


def _judged_documents(connection: Connection, row: Any) -> list[str]:
    asked = select(judgements.c.document).distinct().where(judgements.c.entry == row.entry)
    return list(connection.execute(asked).scalars())
