"""Whether the record is what it was: every row is read, hashed again and held against the words it quotes.

The chain shows any change inside the record. It cannot show that the last entries were cut off, or that all of it was
written anew: for that, note the head somewhere else, and give it here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Select, Table, select

from contested.errors import ContestedError
from contested.ledger.index import judged, said
from contested.ledger.record import fault
from contested.ledger.tables import INDEXES, assertions, documents, entries, judgements, texts, triggers
from contested.ledger.written import BEGINNING, digest, family, link, read_document, read_entry, stamp, unpack
from contested.model import Entry, Problem

Original = Callable[[str], bytes]

AT_ONCE = 200  # rows read at a time
RESTORE = "Restore the ledger from a copy made before"
REINDEX = "Run: contested reindex"


def examine(connection: Connection, file: str, original: Original | None = None, head: str = "") -> Iterator[Problem]:
    """Everything wrong, row by row. `original` gives the bytes that have a sha256; `head` was noted at some time."""
    # An altered row may hold bytes that are no UTF-8: read them as they are, so that their row can be named.
    driver: Any = connection.connection.driver_connection
    driver.text_factory = lambda raw: raw.decode(errors="surrogateescape")
    try:
        for check_part in (_check_file, _check_documents, _check_entries, _check_strays):
            try:
                yield from (Problem(file, *each) for each in check_part(connection))
            except (TypeError, ValueError, AttributeError) as fault:  # a column holds what its type does not allow
                yield Problem(file, f"the file is damaged: {fault}", RESTORE)
        if head:
            yield from (Problem(file, *each) for each in _check_head(connection, head))
        if original:
            yield from _check_originals(connection, original)
    finally:
        driver.text_factory = str


Finding = tuple[str, str, str]  # reason, remedy, place


def _check_file(connection: Connection) -> Iterator[Finding]:
    for (said_of_it,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if said_of_it != "ok":
            yield f"the file is damaged: {said_of_it}", RESTORE, ""
    kept = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars())
    for missing in sorted(triggers() - kept):
        yield f"the trigger {missing} is gone: rows could be changed", RESTORE, ""


# ── documents ────────────────────────────────────────────────────────────────────────────────────


def _check_documents(connection: Connection) -> Iterator[Finding]:
    asked = select(documents, texts.c.body).join_from(documents, texts, isouter=True)
    for row in _walk(connection, asked, documents.c.id):
        if reason := _document_fault(row):
            yield reason, RESTORE, f"documents {_shown(row.id)}"


def _document_fault(row: Row[Any]) -> str:
    if row.body is None:
        return "its text is gone"
    try:
        text, document = unpack(row.id, row.body), read_document(row.id, row.meta)
    except ContestedError as trouble:
        return _bare(trouble)
    if digest(row.meta, text) != row.digest:
        return "its text or its particulars are not what was recorded"
    if document.id != row.id or len(text) != row.length:
        return "its id or its length is not what was recorded"
    return ""


def _check_originals(connection: Connection, original: Original) -> Iterator[Problem]:
    seen: set[str] = set()
    for row in _walk(connection, select(documents), documents.c.id):
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


# ── entries, and the index over them ─────────────────────────────────────────────────────────────


def _check_entries(connection: Connection) -> Iterator[Finding]:
    """The chain, each body and its index. A row is blamed once, and not for what is wrong with the one before it."""
    known = select(entries, documents.c.digest, documents.c.length)
    asked = known.join_from(entries, documents, isouter=True)
    n, head, moment = 0, BEGINNING, ""
    for row in _walk(connection, asked, entries.c.n):
        place = f"entries {row.n}"
        if reason := _link_fault(row, n, head, moment):
            yield reason, RESTORE, place
        n, head, moment = row.n, row.hash, row.recorded_at
        try:
            entry = read_entry(row.n, row.body)
        except ContestedError as trouble:
            yield _bare(trouble), RESTORE, place
            continue
        if reason := _body_fault(row, entry):
            yield reason, RESTORE, place
        yield from _index_faults(connection, row.n, entry)


def _link_fault(row: Row[Any], n: int, head: str, moment: str) -> str:
    if row.n != n + 1:
        return f"{row.n - n - 1} entries before it are gone"
    if row.previous != head:
        return "it does not follow the entry before it: one of the two was replaced"
    if row.digest is None:
        return f"its document {_shown(row.document)} is gone"
    if link(row.previous, row.body, row.digest) != row.hash:
        return "it is not what was recorded: its hash differs"
    return "it is dated before the entry before it" if row.recorded_at < moment else ""


def _body_fault(row: Row[Any], entry: Entry) -> str:
    columns = (row.recorded_at, row.recorder, row.family, row.document)
    if columns != (stamp(entry.recorded_at), entry.recorder, family(entry.recorder), entry.document):
        return "its columns do not say what its body says"
    for position, assertion in enumerate(entry.assertions):
        if wrong := fault(assertion, entry.document, row.length or 0):
            return f"assertion {position}: {wrong}"
    return ""


def _index_faults(connection: Connection, n: int, entry: Entry) -> Iterator[Finding]:
    for table, due in ((assertions, said(n, entry)), (judgements, judged(connection, n, entry))):
        kept = connection.execute(select(table).where(table.c.entry == n)).mappings()
        if _in_order(table, [dict(row) for row in kept]) != _in_order(table, due):
            yield "the index does not say what the entry says", REINDEX, f"{table.name} of entry {n}"


def _in_order(table: Table, rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return sorted(tuple(row[column.name] for column in table.c) for row in rows)


def _check_strays(connection: Connection) -> Iterator[Finding]:
    for table in INDEXES:
        astray = select(table.c.entry).distinct().where(table.c.entry.not_in(select(entries.c.n)))
        for n in connection.execute(astray).scalars():
            yield "the index speaks of an entry that is not there", REINDEX, f"{table.name} of entry {n}"


def _check_head(connection: Connection, head: str) -> Iterator[Finding]:
    if head != BEGINNING and connection.execute(select(entries.c.n).where(entries.c.hash == head)).first() is None:
        yield f"no entry has the head {head}: the record was cut short or written anew", RESTORE, ""


# ── reading a table whole ────────────────────────────────────────────────────────────────────────


def _walk(connection: Connection, asked: Select[Any], key: Any) -> Iterator[Row[Any]]:
    """All rows in the order of a key, a few at a time."""
    after: Any = None
    while True:
        some = asked.order_by(key).limit(AT_ONCE)
        rows = connection.execute(some if after is None else some.where(key > after)).all()
        yield from rows
        if len(rows) < AT_ONCE:
            return
        before, after = after, getattr(rows[-1], key.name)
        if before is not None and not after > before:  # a damaged index leads in a circle: that is told of the file
            return


def _shown(text: str) -> str:
    return msgspec.json.encode(text.encode(errors="replace").decode()).decode().strip('"')


def _bare(trouble: ContestedError) -> str:
    """A row's fault without the row and the remedy, which the Problem names by itself."""
    return str(trouble).partition(": ")[2].removesuffix(". Run: contested verify")
