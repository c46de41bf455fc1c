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
import zstandard
from sqlalchemy import Connection, Row, bindparam, select

from contested.errors import ContestedError, UsageError
from contested.ledger.removing import tombstones
from contested.ledger.retraced import Finding, index_faults, term_numbers
from contested.ledger.sound import faults
from contested.ledger.tables import bodies, documents, entries, particulars, removed, texts
from contested.ledger.trouble import bare
from contested.ledger.walking import onward
from contested.ledger.written import (
    BEGINNING,
    TOMBSTONE,
    as_entry,
    digest,
    family,
    link,
    read_document,
    read_entry,
    sha,
    stamp,
    unfold,
    unpack,
)
from contested.model import Document, Entry

AT_ONCE = 300  # documents
FIRST, LAST = -(2**62), 2**62  # beyond any number of a document
RESTORE = "Restore the ledger from a copy made before"
DAMAGE = (ContestedError, TypeError, ValueError, AttributeError, LookupError)  # what rows no one wrote lead to

_before = entries.alias("before")
ENTRIES = (
    select(entries, bodies.c.body, removed.c.sha, documents.c.id, documents.c.digest, documents.c.length)
    .add_columns(_before.c.hash.label("hash_before"), _before.c.recorded_at.label("moment_before"))
    .join_from(entries, documents, isouter=True)
    .join(bodies, bodies.c.entry == entries.c.n, isouter=True)
    .join(removed, removed.c.entry == entries.c.n, isouter=True)
    .join(_before, _before.c.n == entries.c.n - 1, isouter=True)
)
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
_ON_THEM: Any = ENTRIES.where(entries.c.document > _AFTER, entries.c.document <= _UPTO).order_by(
    entries.c.document, entries.c.n
)


class Found(msgspec.Struct):
    """What is wrong with a part."""

    documents: list[Finding] = []
    entries: list[tuple[int, str]] = []  # which, and why
    loose: list[int] = []
    readings: list[Finding] = []
    damage: list[str] = []


class Taken:
    """What tombstones took out: documents by their numbers, and entries on others by their hashes."""

    def __init__(self, connection: Connection) -> None:
        why = tombstones(connection)
        self.documents = frozenset(row.document for row in why)
        self._entries: set[bytes] = set()
        asked = select(bodies).where(bodies.c.entry.in_([row.n for row in why]))
        for row in connection.execute(asked):
            with suppress(ContestedError, ValueError):  # named where its row is
                self._entries.update(map(bytes.fromhex, read_entry(row.entry, row.body).takes))

    def has(self, row: Row[Any]) -> bool:
        return row.hash in self._entries or (row.document in self.documents and row.family != TOMBSTONE)


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
        for row in self._connection.execute(_ON_THEM, {"after": after, "upto": upto}):
            try:
                self._entry(row)
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

    def _entry(self, row: Row[Any]) -> None:
        said, known, reason = body_of(row)
        entry = None
        if said:
            with suppress(ContestedError):
                entry = as_entry(row.n, said)
        if entry is not None and row.family is not None:
            self._said[row.document].append((row.n, entry))
        if not reason and not _follows(row, known):
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


# ── entries ──────────────────────────────────────────────────────────────────────────────────────


def body_of(row: Row[Any]) -> tuple[bytes, bytes, str]:
    """An entry's body, the sha256 of it or of what stands in its place, and why it cannot be had."""
    if row.body is None:
        return b"", row.sha or b"", "" if row.sha else "its body is gone"
    try:
        said = unfold(row.body)
    except (zstandard.ZstdError, ValueError, MemoryError) as trouble:
        return b"", b"", f"its body cannot be read ({trouble})"
    return said, sha(said), ""


def _follows(row: Row[Any], known: bytes) -> bool:
    """Whether an entry, the sha256 of its body being `known`, follows the one before it as that stands."""
    if row.digest is None:
        return False
    if row.hash_before is None:
        return row.n == 1 and bool(link(BEGINNING, known, row.digest) == row.hash)
    return bool(link(row.hash_before, known, row.digest) == row.hash and row.moment_before <= row.recorded_at)


def entry_fault(row: Row[Any], said: bytes, entry: Entry | None, taken: Taken) -> str:
    """What is wrong with an entry by itself: its body as it was `said`, decoded where it can be."""
    if taken.has(row):
        return "its bytes were to be taken out, and are there" if row.body is not None else ""
    if row.body is None:
        return "its body is gone"
    try:
        entry = entry or as_entry(row.n, said)  # which then says why it cannot be
        columns = (row.recorded_at, row.made_at, row.recorder, row.family, row.id)
        made_at = stamp(entry.made_at) if entry.origin else None
        due = (stamp(entry.recorded_at), made_at, entry.recorder, family(entry.recorder), entry.document)
        if columns != due:
            return "its columns do not say what its body says"
        faults(entry, row.length or 0)
    except UsageError as trouble:
        return str(trouble)
    except ContestedError as trouble:
        return bare(trouble)
    return ""
