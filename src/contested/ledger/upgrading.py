"""Ledgers of older schemas, written anew as this version keeps them, with every hash as it was.

For each older schema one function reads it as spine and flesh; one writer writes today's tables. So a new schema adds a
function here, and no chain of steps has to be kept alive. What a hash rests on never changes: the bytes of bodies, the
digests of documents and their order are taken over as they are.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, insert

from contested.errors import LedgerError
from contested.ledger import Ledger
from contested.ledger.file import LedgerFile
from contested.ledger.index import reindex
from contested.ledger.tables import APPLICATION, VERSION, bodies, documents, entries, particulars, texts
from contested.ledger.written import BEGINNING, family, fold, link, sha, stamp

AT_ONCE = 1_000  # rows written together
_REMEDY = "Verify it with the version that wrote it, or restore it from a copy"
Row = dict[str, Any]


class OldDocument(NamedTuple):
    """A document as every schema has it; its text as kept, UTF-8 in a zstd frame."""

    id: str
    digest: bytes
    length: int
    meta: bytes
    body: bytes


class OldEntry(NamedTuple):
    """An entry as every schema has it; its body as hashed."""

    recorded_at: dt.datetime
    recorder: str
    document: str
    body: bytes
    hash: bytes


class Old(NamedTuple):
    """An older ledger, to be read once from the beginning."""

    documents: Iterator[OldDocument]
    entries: Iterator[OldEntry]


def _of_schema_1(old: sqlite3.Connection) -> Old:
    """Schema 1 (until 0.1): ids and hashes as text, moments in ISO 8601, bodies as plain JSON."""
    held = old.execute(
        "SELECT id, digest, length, meta, body FROM documents JOIN texts ON document = id ORDER BY documents.rowid"
    )
    said = old.execute("SELECT recorded_at, recorder, document, body, hash FROM entries ORDER BY n")
    return Old(
        (
            OldDocument(id_, bytes.fromhex(digest), length, meta.encode(), body)
            for id_, digest, length, meta, body in held
        ),
        (
            OldEntry(dt.datetime.fromisoformat(at), recorder, document, body.encode(), bytes.fromhex(hash_))
            for at, recorder, document, body, hash_ in said
        ),
    )


READ: dict[int, Callable[[sqlite3.Connection], Old]] = {1: _of_schema_1}


def upgrade(path: Path) -> Path | None:
    """Bring a ledger to today's schema; answers where the old one is kept, or None when it is of today.

    It is written aside, verified whole, and only then takes the name of the old one, in one step: cut short anywhere,
    the old one stands and this can be run again. LedgerError when it cannot be used, is used by somebody else, or is
    not sound.
    """
    if not path.is_file():
        raise LedgerError(f"{path}: there is no ledger. Restore it from a copy, or begin one with: contested init")
    aside = path.with_name(f"{path.name}.new")
    with _alone(path) as old:
        version = _version(old, path)
        if version is None:
            return None
        kept = path.with_name(f"{path.stem}-{version}{path.suffix}")
        if kept.exists() and not kept.samefile(path):
            raise LedgerError(f"{kept} is in the way of the ledger to be kept. Move it elsewhere, then run this again")
        try:
            _discard(aside)
            head = _write(READ[version](old), aside)
            _check(aside, head)
            _take_place(path, kept, aside)
        except (sqlite3.Error, LookupError, ValueError, TypeError) as fault:
            raise LedgerError(f"{path}: it cannot be read through ({fault}). {_REMEDY}") from fault
        except OSError as fault:
            raise LedgerError(f"{path}: no room or no right to write beside it ({fault.strerror})") from fault
        finally:
            _discard(aside)
    return kept


@contextmanager
def _alone(path: Path) -> Iterator[sqlite3.Connection]:
    """The old file, held by nobody else, with its journal written into it."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=1)) as old:
        try:
            ours = old.execute("PRAGMA application_id").fetchone() == (APPLICATION,)
            if ours and old.execute("PRAGMA user_version").fetchone()[0] < VERSION:
                old.execute("PRAGMA journal_mode = DELETE")  # refused while anybody else has it open
                old.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as fault:
            raise LedgerError(f"{path}: it is in use ({fault}). Close what uses it, then run this again") from fault
        except sqlite3.DatabaseError as fault:
            raise LedgerError(f"{path}: the file is damaged, or is no ledger ({fault}). {_REMEDY}") from fault
        if not ours:
            raise LedgerError(f"{path}: a database, but no ledger. Move it away, then run: contested init")
        yield old


def _version(old: sqlite3.Connection, path: Path) -> int | None:
    """The schema of a file if it is an older one."""
    version: int = old.execute("PRAGMA user_version").fetchone()[0]
    if version < VERSION and version not in READ:
        raise LedgerError(f"{path}: schema {version} was never that of a ledger. {_REMEDY}")
    if version > VERSION:
        LedgerFile(path).close()  # refuses it, and says what to do
    return version if version < VERSION else None


def _write(old: Old, aside: Path) -> str:
    """Write all of it as today's tables; answers the head."""
    with closing(LedgerFile(aside, create=True)) as new, new.writing() as connection:
        numbers = _write_documents(connection, old.documents)
        head = _write_entries(connection, old.entries, numbers)
        reindex(connection)
    return head.hex()


def _write_documents(connection: Connection, old: Iterator[OldDocument]) -> dict[str, tuple[int, bytes]]:
    """Answers the number and the digest of each document by its id."""
    numbers: dict[str, tuple[int, bytes]] = {}
    gather = _Gathering(connection, documents, particulars, texts)
    for n, each in enumerate(old, start=1):
        numbers[each.id] = n, each.digest
        gather.add(
            {"n": n, "id": each.id, "digest": each.digest, "length": each.length},
            {"document": n, "meta": fold(each.meta)},
            {"document": n, "body": each.body},
        )
    gather.write()
    return numbers


def _write_entries(connection: Connection, old: Iterator[OldEntry], numbers: dict[str, tuple[int, bytes]]) -> bytes:
    """Answers the hash of the last. ValueError when one is not what its hash says."""
    head, gather = BEGINNING, _Gathering(connection, entries, bodies)
    for n, each in enumerate(old, start=1):
        if each.document not in numbers:
            raise ValueError(f"entry {n} is on a document that is gone")
        document, digest = numbers[each.document]
        at, of = stamp(each.recorded_at), family(each.recorder)
        head = link(head, sha(each.body), digest)
        if head != each.hash:
            raise ValueError(f"entry {n} is not what its hash says")
        row = {"n": n, "recorded_at": at, "made_at": None, "recorder": each.recorder, "family": of}
        gather.add(row | {"document": document, "hash": head}, {"entry": n, "body": fold(each.body)})
    gather.write()
    return head


class _Gathering:
    """Rows that belong together, one of each table, written some at a time."""

    def __init__(self, connection: Connection, *tables: Table) -> None:
        self._connection, self._tables = connection, tables
        self._rows: list[tuple[Row, ...]] = []

    def add(self, *rows: Row) -> None:
        self._rows.append(rows)
        if len(self._rows) == AT_ONCE:
            self.write()

    def write(self) -> None:
        for place, table in enumerate(self._tables if self._rows else ()):
            self._connection.execute(insert(table), [rows[place] for rows in self._rows])
        self._rows = []


def _check(aside: Path, head: str) -> None:
    with Ledger.open(aside) as new:
        problems = new.verify(head=head)
        if new.head() != head or problems:
            raise ValueError(str(problems[0]) if problems else "its head differs")


def _take_place(path: Path, kept: Path, aside: Path) -> None:
    """The old file gets a second name, then the new one its first: at no moment is there no ledger."""
    kept.unlink(missing_ok=True)
    try:
        os.link(path, kept)
    except OSError:  # a disk without second names
        shutil.copy2(path, kept)
    aside.replace(path)


def _discard(aside: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            aside.with_name(aside.name + ending).unlink()
