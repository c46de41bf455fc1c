"""Whether the record is what it was: every row is read, hashed again and held against the words it quotes.

The chain shows any change inside the record. It cannot show that the last entries were cut off, or that all of it was
written anew: for that, note the head somewhere else, and give it here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import sha256
from typing import Any

import msgspec
import zstandard
from sqlalchemy import Connection, Row, select

from contested.errors import ContestedError, UsageError
from contested.ledger.chain import holds
from contested.ledger.guards import missing
from contested.ledger.index import walk
from contested.ledger.linked import link_faults
from contested.ledger.retraced import Finding, strays
from contested.ledger.sound import faults
from contested.ledger.tables import IS_TOMBSTONE, bodies, documents, entries, particulars, texts
from contested.ledger.trouble import bare
from contested.ledger.walking import in_order
from contested.ledger.written import (
    BEGINNING,
    TOMBSTONE,
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
from contested.model import Entry, Problem

Original = Callable[[str], bytes]
Check = Callable[[Connection], Iterator[Finding]]

RESTORE = "Restore the ledger from a copy made before"


def examine(
    connection: Connection, file: str, indexes: Check, original: Original | None = None, head: str = ""
) -> Iterator[Problem]:
    """Everything wrong, row by row. `original` gives the bytes that have a sha256; `head` was noted at some time.

    `indexes` tells what is wrong with the indexes.
    """
    with as_it_is(connection):
        for check_part in (_check_file, _check_documents, _check_entries, _check_links, indexes, strays):
            try:
                yield from (Problem(file, *each) for each in check_part(connection))
            except (
                ContestedError,
                TypeError,
                ValueError,
                AttributeError,
                LookupError,
            ) as fault:  # no row is as it may be
                yield Problem(file, f"the file is damaged: {fault}", RESTORE)
        if head:
            yield from (Problem(file, *each) for each in _check_head(connection, head))
        if original:
            yield from _check_originals(connection, original)


class as_it_is:  # noqa: N801 - reads as a phrase
    """An altered row may hold bytes that are no UTF-8: read them as they are, so that their row can be named."""

    def __init__(self, connection: Connection) -> None:
        self._driver: Any = connection.connection.driver_connection

    def __enter__(self) -> None:
        if hasattr(self._driver, "text_factory"):
            self._driver.text_factory = lambda raw: raw.decode(errors="surrogateescape")

    def __exit__(self, *_: object) -> None:
        if hasattr(self._driver, "text_factory"):
            self._driver.text_factory = str


def _check_file(connection: Connection) -> Iterator[Finding]:
    if connection.dialect.name == "sqlite":
        for (said_of_it,) in connection.exec_driver_sql("PRAGMA integrity_check"):
            if said_of_it != "ok":
                yield f"the file is damaged: {said_of_it}", RESTORE, ""
    for trigger in missing(connection):
        yield f"the trigger {trigger} is gone: rows could be changed", RESTORE, ""


# ── documents ────────────────────────────────────────────────────────────────────────────────────


def _check_documents(connection: Connection) -> Iterator[Finding]:
    removed = _removed(connection)
    for row in _documents(connection):
        if reason := _removal_fault(row) if row.n in removed else _document_fault(row):
            yield reason, RESTORE, f"documents {_shown(row.id)}"


def _documents(connection: Connection) -> Iterator[Row[Any]]:
    asked = (
        select(documents, particulars.c.meta, texts.c.body)
        .join_from(documents, particulars, isouter=True)
        .join(texts, texts.c.document == documents.c.n, isouter=True)
    )
    return in_order(connection, asked, documents.c.n)


def _removed(connection: Connection) -> frozenset[int]:
    asked = select(entries.c.document).where(IS_TOMBSTONE)
    return frozenset(connection.execute(asked).scalars())


def _removal_fault(row: Row[Any]) -> str:
    return "its bytes were to be taken out, and are there" if row.body is not None or row.meta is not None else ""


def _document_fault(row: Row[Any]) -> str:
    if row.body is None:
        return "its text is gone"
    if row.meta is None:
        return "its particulars are gone"
    try:
        text, document = unpack(row.id, row.body), read_document(row.id, row.meta)
    except ContestedError as trouble:
        return bare(trouble)
    if digest(unfold(row.meta), text) != row.digest:
        return "its text or its particulars are not what was recorded"
    if document.id != row.id or len(text) != row.length:
        return "its id or its length is not what was recorded"
    return ""


def _check_originals(connection: Connection, original: Original) -> Iterator[Problem]:
    seen: set[str] = set()
    for row in in_order(
        connection, select(documents.c.n, documents.c.id, particulars.c.meta).join(particulars), documents.c.n
    ):
        try:
            document = read_document(row.id, row.meta)
        except ContestedError:  # named already
            continue
        if document.original in seen:
            continue
        seen.add(document.original)
        place = f"original {document.original}"
        try:
            kept = original(document.original)
        except (OSError, LookupError, ValueError, ContestedError) as trouble:
            yield Problem(document.file, f"its original cannot be read ({trouble})", "Add the file again", place)
            continue
        if sha256(kept).hexdigest() != document.original:
            yield Problem(document.file, "its original was altered", "Restore the archive from a copy", place)


# ── entries ──────────────────────────────────────────────────────────────────────────────────────


def _check_entries(connection: Connection) -> Iterator[Finding]:
    """The chain and each body. A row is blamed once, and not for what is wrong with the one before it."""
    chain, removed, taken = _Chain(), _removed(connection), _taken(connection)
    for row in walk(connection):
        gone = row.hash in taken or (row.document in removed and row.family != TOMBSTONE)
        known, reason = _body(row)
        if reason := reason or chain.fault(row, known) or _body_fault(row, gone):
            yield reason, RESTORE, f"entries {row.n}"


class _Chain:
    """The entries followed from the first."""

    def __init__(self) -> None:
        self._n, self._moment = 0, 0
        self._heads = {BEGINNING}  # the last hash as it stands, and as it should be

    def fault(self, row: Row[Any], known: bytes) -> str:
        """What is wrong with an entry, the sha256 of its body being `known`."""
        n, self._n = self._n, row.n
        moment, self._moment = self._moment, row.recorded_at
        if row.digest is None:
            self._heads = {row.hash}
            return f"its document {row.document} is gone"
        due = {link(head, known, row.digest) for head in self._heads}
        self._heads = {row.hash, *due}
        if row.n != n + 1:
            self._heads = {row.hash}
            return f"{row.n - n - 1} entries before it are gone"
        if row.hash not in due:
            return "it is not what was recorded, or does not follow the entry before it: its hash differs"
        return "it is dated before the entry before it" if row.recorded_at < moment else ""


def _taken(connection: Connection) -> frozenset[bytes]:
    """The hashes of the entries on other documents that tombstones took along."""
    asked = select(entries.c.n, bodies.c.body).join_from(entries, bodies).where(IS_TOMBSTONE)
    found: set[bytes] = set()
    for row in connection.execute(asked):
        with suppress(ContestedError):  # named where its row is
            found.update(map(bytes.fromhex, read_entry(row.n, row.body).takes))
    return frozenset(found)


def _body(row: Row[Any]) -> tuple[bytes, str]:
    """The sha256 of an entry's body, or of what stands in its place, and why it cannot be had."""
    if row.body is None:
        return row.sha or b"", "" if row.sha else "its body is gone"
    try:
        return sha(unfold(row.body)), ""
    except (zstandard.ZstdError, ValueError, MemoryError) as trouble:
        return b"", f"its body cannot be read ({trouble})"


def _body_fault(row: Row[Any], gone: bool) -> str:
    if gone:
        return "its bytes were to be taken out, and are there" if row.body is not None else ""
    if row.body is None:
        return "its body is gone"
    try:
        return _entry_fault(row, read_entry(row.n, row.body))
    except ContestedError as trouble:
        return bare(trouble)


def _entry_fault(row: Row[Any], entry: Entry) -> str:
    columns = (row.recorded_at, row.made_at, row.recorder, row.family, row.id)
    made_at = stamp(entry.made_at) if entry.origin else None
    due = (stamp(entry.recorded_at), made_at, entry.recorder, family(entry.recorder), entry.document)
    if columns != due:
        return "its columns do not say what its body says"
    try:
        faults(entry, row.length or 0)
    except UsageError as trouble:
        return str(trouble)
    return ""


def _check_links(connection: Connection) -> Iterator[Finding]:
    for reason, place in link_faults(connection):
        yield reason, RESTORE, place


def _check_head(connection: Connection, head: str) -> Iterator[Finding]:
    if not holds(connection, head):
        yield f"no entry has the head {head}: the record was cut short or written anew", RESTORE, ""


def _shown(text: str) -> str:
    return msgspec.json.encode(text.encode(errors="replace").decode()).decode().strip('"')
