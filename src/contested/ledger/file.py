"""The file a ledger lives in: opened safely, read by many, written by one at a time.

Readers see the last commit and never wait (WAL); a writer takes the lock before it reads what it builds on (BEGIN
IMMEDIATE) and others wait for it. A commit survives a power cut (synchronous FULL).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

from contested.errors import LedgerError
from contested.ledger.guards import create
from contested.ledger.home import Home
from contested.ledger.tables import APPLICATION, VERSION, refuse_other
from contested.ledger.trouble import told

PATIENCE = 60.0  # seconds a writer waits for another
PRAGMAS = (
    "page_size = 8192",  # of a new file: a report's text seldom fills half a page of 4096, and the rest is lost
    "foreign_keys = ON",
    "synchronous = FULL",
    "recursive_triggers = ON",  # or INSERT OR REPLACE would delete behind the triggers' back
    "secure_delete = ON",  # what a tombstone takes out is overwritten
    "trusted_schema = OFF",  # a ledger from elsewhere may hold views and triggers of its own
    "cache_size = -65536",  # KiB: ids are hashes, so their index is written all over
)
NOTHING_BESIDE = ("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_IOERR_SHM")  # where it can make no file of its own
DAMAGED = (
    "the file is damaged, or is no ledger",
    "Restore it from a copy, or add the archived originals to a new workspace",
)
SIGNS = (  # of a fault, in the words of SQLite: what it means and what to do
    # First: of a damaged schema SQLite quotes words that are signs below.
    (("not a database", "malformed", "encrypted", "utf-8", "no such table", "no such column"), *DAMAGED),
    (("locked", "busy"), "another process is writing to it", "Wait until that is done, then run this again"),
    (
        ("readonly", "unable to open", "permission"),
        "it cannot be opened for writing",
        "Check the folder's permissions and the room on the disk, or copy the workspace to where you may write",
    ),
    (("full", "disk i/o"), "the disk is full or failing", "Free some space; nothing of this act was recorded"),
    (("append-only",), "its rows are never changed or deleted", "Record a new entry instead"),
)


class LedgerFile:
    """A database file, and the two ways to hold it: `reading()` and `writing()`."""

    def __init__(self, path: Path, create: bool = False) -> None:
        self.path, self.place, self.name = path, str(path), path.name
        if not create and not path.is_file():
            raise LedgerError(f"{path}: there is no ledger. Restore it from a copy, or begin one with: contested init")
        self._engine = _engine(path)
        self._writer = self._engine.execution_options(immediate=True)
        try:
            if create:
                self._create()
            self._check()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the file, to be held briefly."""
        with told(self.place, SIGNS), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection that alone may write: all of what is done with it is kept, or nothing."""
        with told(self.place, SIGNS), self._writer.begin() as connection:
            yield connection

    def wait(self) -> None:
        """Wait for whoever writes now. Where we may not write we cannot tell, and do not wait."""
        try:
            with self.writing():
                pass
        except LedgerError as fault:
            complaint = getattr(fault.__cause__, "orig", None)
            if str(getattr(complaint, "sqlite_errorname", "")).startswith("SQLITE_BUSY"):
                raise

    def is_same(self, other: Home) -> bool:
        """Whether another is this file, by whatever name."""
        return isinstance(other, LedgerFile) and other.path.samefile(self.path)

    def scrub(self) -> None:
        """Leave no trace of what was deleted: in the file it is overwritten (secure_delete), the journal is emptied."""
        with told(self.place, SIGNS), closing(self._engine.raw_connection()) as connection:
            busy, *_ = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise LedgerError(
                f"{self.path}: another process reads it, so its journal still holds what was taken out. "
                "Wait until that is done, then run this again"
            )

    def _create(self) -> None:
        """Make the tables where the file is new or empty; a file made by halves is as good as empty."""
        with self.writing() as connection:
            if connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar():
                return
            create(connection)
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION}")
            connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
        self._engine.dispose()  # so that the next connection finds a ledger, and prepares it as one

    def _check(self) -> None:
        with self.reading() as connection:
            application = connection.exec_driver_sql("PRAGMA application_id").scalar()
            version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        if application != APPLICATION:
            raise LedgerError(f"{self.path}: a database, but no ledger. Move it away, then run: contested init")
        refuse_other(self.place, version, "Run: contested upgrade")


def _engine(path: Path) -> Engine:
    engine = create_engine(URL.create("sqlite", database=str(path)), creator=partial(_connect, path))
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "checkin", _let_go)
    event.listen(engine, "begin", _begin)
    return engine


class _AsItLies(sqlite3.Connection):
    """Reads a file that nobody can write: no locks, no files beside it."""


def _connect(path: Path) -> sqlite3.Connection:
    """A connection; where nothing can be put beside the file (a read-only or full disk), one that only reads it."""
    # isolation_level None keeps the driver from opening transactions of its own; `_begin` opens them all.
    connect = partial(sqlite3.connect, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    connection = connect(path)
    try:
        connection.execute("PRAGMA schema_version")
    except sqlite3.OperationalError as fault:
        connection.close()
        journal = path.with_name(f"{path.name}-wal")
        if not fault.sqlite_errorname.startswith(NOTHING_BESIDE) or (journal.exists() and journal.stat().st_size):
            raise  # what is in the journal would not be seen
        return connect(f"{path.absolute().as_uri()}?immutable=1", uri=True, factory=_AsItLies)
    except BaseException:
        connection.close()
        raise
    return connection


def _let_go(connection: Any, record: Any) -> None:
    """It would not see what somebody else, who may write, does later: the next reading looks anew."""
    if isinstance(connection, _AsItLies):
        record.invalidate()


def _prepare(connection: Any, _record: Any) -> None:
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    ours = connection.execute("PRAGMA application_id").fetchone() == (APPLICATION,)
    if ours and not isinstance(connection, _AsItLies):
        connection.execute("PRAGMA journal_mode = WAL")  # is written into the file: not into somebody else's


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
