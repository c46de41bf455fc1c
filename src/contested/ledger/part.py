"""What can be checked of some documents by themselves: they, the entries on them, and what the index says of these.

A large ledger is checked in several parts at once (see `parted`). Only the chain binds them together: here it is seen
whether an entry follows the one before it as that stands. One that does not is *loose*, and `check` looks at it with
those before it at hand. So every row is read, hashed and decoded once.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Column, ColumnElement, Connection, Row, and_, bindparam, exists, select
from sqlalchemy.exc import DatabaseError

from contested.errors import ContestedError
from contested.ledger.entered import ENTERED, Entered, Taken, body_of, entry_fault, entry_of, follows
from contested.ledger.retraced import Finding, index_faults, term_numbers
from contested.ledger.tables import documents, entries, particulars, texts
from contested.ledger.trouble import bare
from contested.ledger.walking import ROWS, in_order
from contested.ledger.written import digest, read_document, unfold, unpack
from contested.model import Document, Entry

AT_ONCE = 300  # documents
End = int | None  # of a part: the number of a document, or none where it is the first or the last part
RESTORE = "Restore the ledger from a copy made before"
# What rows that nobody wrote lead to.
DAMAGE = (ContestedError, TypeError, ValueError, AttributeError, LookupError, DatabaseError)
A = TypeVar("A")

_DOCUMENTS = (
    select(documents, particulars.c.meta, texts.c.body)
    .join_from(documents, particulars, isouter=True)
    .join(texts, texts.c.document == documents.c.n, isouter=True)
)
_ON_THEM: Any = ENTERED.where(entries.c.document.in_(bindparam("some", expanding=True))).order_by(
    entries.c.document, entries.c.n
)


class Found(msgspec.Struct):
    """What is wrong with a part."""

    documents: list[Finding] = []
    entries: list[tuple[int, str]] = []  # which, and why
    loose: list[int] = []
    readings: list[Finding] = []
    damage: list[str] = []


def damage(fault: Exception) -> str:
    """What a fault says of the file; raised again where it is not the file that is damaged, but the disk or the way."""
    if isinstance(fault, DatabaseError):
        if type(fault) is not DatabaseError:
            raise fault
        return f"{fault.orig}"
    return str(fault).removeprefix("the file is damaged: ").removesuffix(". Run: contested verify")


def check_part(connection: Connection, first: End = None, last: End = None) -> Found:
    """Everything wrong with the documents from one number to another, with the entries on them and their readings."""
    part = _Part(connection)
    part.each(part.batch, _batches(connection, _within(documents.c.n, first, last)))
    part.each(part.found.loose.append, _homeless(connection, _within(entries.c.document, first, last)))
    return part.found


def _within(number: Column[int], first: End, last: End) -> ColumnElement[bool]:
    return and_(True, *([] if first is None else [number >= first]), *([] if last is None else [number <= last]))


def _batches(connection: Connection, here: ColumnElement[bool]) -> Iterator[Sequence[Row[Any]]]:
    rows = in_order(connection, _DOCUMENTS.where(here), documents.c.n)
    while some := list(islice(rows, AT_ONCE)):
        yield some


def _homeless(connection: Connection, here: ColumnElement[bool]) -> Iterator[int]:
    """The entries whose documents are gone."""
    there = exists().where(documents.c.n == entries.c.document)
    yield from connection.execute(select(entries.c.n).where(here, ~there)).scalars()


class _Part:
    """A part being checked, batch after batch."""

    def __init__(self, connection: Connection) -> None:
        self.found = Found()
        self._connection = connection
        self._taken, self._numbers = Taken(connection), term_numbers(connection)
        self._dated: dict[int, dt.date | None] = {}
        self._said: defaultdict[int, list[tuple[int, Entry]]] = defaultdict(list)

    def each(self, check: Callable[[A], None], rows: Iterable[A]) -> bool:
        """Check one after another, and note what cannot be; whether all could be read."""
        try:
            for row in rows:
                try:
                    check(row)
                except DAMAGE as fault:
                    self._damaged(fault)
        except DAMAGE as fault:
            self._damaged(fault)
            return False
        return True

    def batch(self, rows: Sequence[Row[Any]]) -> None:
        self._dated.clear()
        self._said.clear()
        self.each(self._document, rows)
        if self.each(self._entry, self._entered([row.n for row in rows])):
            self.found.readings += index_faults(self._connection, self._dated, self._said, self._numbers)

    def _damaged(self, fault: Exception) -> None:
        if (said := damage(fault)) not in self.found.damage:
            self.found.damage.append(said)

    def _entered(self, numbers: Sequence[int]) -> Iterator[Entered]:
        for some in self._connection.execute(_ON_THEM, {"some": numbers}).partitions(ROWS):
            yield from map(Entered._make, some)

    def _document(self, row: Row[Any]) -> None:
        document = None
        if row.meta is not None:
            with suppress(ContestedError):
                document = read_document(row.id, row.meta)
                self._dated[row.n] = document.dated
        gone = row.n in self._taken.documents
        if reason := _removal_fault(row) if gone else _document_fault(row, document):
            self.found.documents.append((reason, RESTORE, f"documents {_shown(row.id)}"))

    def _entry(self, row: Entered) -> None:
        said, known, reason = body_of(row)
        entry = entry_of(row, said)
        if entry is None and (reason or row.body):
            self._dated.pop(row.document, None)  # the index holds what it said, which nobody can say any more
        elif entry is not None and row.family is not None:
            self._said[row.document].append((row.n, entry))
        if not reason and not follows(row, known):
            self.found.loose.append(row.n)
        elif reason := reason or entry_fault(row, said, entry, self._taken):
            self.found.entries.append((row.n, reason))


def _shown(text: str) -> str:
    return msgspec.json.encode(text.encode(errors="replace").decode()).decode().strip('"')


# ── documents ────────────────────────────────────────────────────────────────────────────────────


def _removal_fault(row: Row[Any]) -> str:
    return "its bytes were to be taken out, and are there" if row.body is not None or row.meta is not None else ""


def _document_fault(row: Row[Any], document: Document | None) -> str:
    """What is wrong with a document, whose particulars are these where they can be read."""
    if row.body is None:
        return "its text is gone"
    if row.meta is None:
        return "its particulars are gone"
    try:
        text = unpack(row.id, row.body)
        document = document or read_document(row.id, row.meta)  # which then says why it cannot be
    except ContestedError as trouble:
        return bare(trouble)
    if digest(unfold(row.meta), text) != row.digest:
        return "its text or its particulars are not what was recorded"
    if document.id != row.id or len(text) != row.length:
        return "its id or its length is not what was recorded"
    return ""
