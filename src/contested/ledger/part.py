"""What can be checked of some documents by themselves: they, the entries on them, and what the index says of these.

A large ledger is checked in several parts at once (see `parted`). Only the chain binds them together: here it is seen
whether an entry follows the one before it as that stands. One that does not is *loose*, and `check` looks at it with
those before it at hand. So every row is read, hashed and decoded once.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, bindparam, select

from contested.errors import ContestedError
from contested.ledger.entered import ENTERED, Entered, Taken, body_of, entry_fault, follows
from contested.ledger.retraced import Finding, index_faults, term_numbers
from contested.ledger.tables import documents, entries, particulars, texts
from contested.ledger.trouble import bare
from contested.ledger.walking import onward
from contested.ledger.written import as_entry, digest, read_document, unfold, unpack
from contested.model import Document, Entry

AT_ONCE = 300  # documents
FIRST, LAST = -(2**62), 2**62  # beyond any number of a document
RESTORE = "Restore the ledger from a copy made before"
DAMAGE = (ContestedError, TypeError, ValueError, AttributeError, LookupError)  # what rows no one wrote lead to

_AFTER: Any = bindparam("after")
_UPTO: Any = bindparam("upto")
_DOCUMENTS: Any = (
    select(documents, particulars.c.meta, texts.c.body)
    .join_from(documents, particulars, isouter=True)
    .join(texts, texts.c.document == documents.c.n, isouter=True)
    .where(documents.c.n > _AFTER, documents.c.n <= _UPTO)
    .order_by(documents.c.n)
    .limit(bindparam("most"))
)
_ON_THEM: Any = ENTERED.where(entries.c.document > _AFTER, entries.c.document <= _UPTO).order_by(
    entries.c.document, entries.c.n
)


class Found(msgspec.Struct):
    """What is wrong with a part."""

    documents: list[Finding] = []
    entries: list[tuple[int, str]] = []  # which, and why
    loose: list[int] = []
    readings: list[Finding] = []
    damage: list[str] = []


def check_part(connection: Connection, first: int = FIRST, last: int = LAST) -> Found:
    """Everything wrong with the documents from one number to another, with the entries on them and their readings."""
    part = _Part(connection)
    try:
        for after, upto, rows in _batches(connection, first, last):
            part.batch(after, upto, rows)
    except DAMAGE as fault:
        part.damaged(fault)
    return part.found


def _batches(connection: Connection, first: int, last: int) -> Iterator[tuple[int, int, Sequence[Row[Any]]]]:
    """Neighbouring documents, and between which numbers (the lower aside) there are no others."""
    after, reached = first - 1, None
    asked = {"after": after, "upto": last, "most": AT_ONCE}
    while rows := connection.execute(_DOCUMENTS, asked | {"after": after}).all():
        reached = onward(reached, rows[-1].n)
        yield after, reached, rows
        after = reached
    yield after, last, ()


class _Part:
    """A part being checked, batch after batch."""

    def __init__(self, connection: Connection) -> None:
        self.found = Found()
        self._connection = connection
        self._taken, self._numbers = Taken(connection), term_numbers(connection)
        self._dated: dict[int, dt.date | None] = {}
        self._said: defaultdict[int, list[tuple[int, Entry]]] = defaultdict(list)

    def batch(self, after: int, upto: int, rows: Sequence[Row[Any]]) -> None:
        self._dated.clear()
        self._said.clear()
        for row in rows:
            try:
                self._document(row)
            except DAMAGE as fault:
                self.damaged(fault)
        for entered in map(Entered._make, self._connection.execute(_ON_THEM, {"after": after, "upto": upto})):
            try:
                self._entry(entered)
            except DAMAGE as fault:
                self.damaged(fault)
        try:
            self.found.readings += index_faults(self._connection, self._dated, self._said, self._numbers)
        except DAMAGE as fault:
            self.damaged(fault)

    def damaged(self, fault: BaseException) -> None:
        if str(fault) not in self.found.damage:
            self.found.damage.append(str(fault))

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
        entry = None
        if said:
            with suppress(ContestedError):
                entry = as_entry(row.n, said)
        if entry is not None and row.family is not None:
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
