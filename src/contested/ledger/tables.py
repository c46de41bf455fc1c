"""The tables of a ledger, and the triggers that let them only grow.

Truth: documents (what was read, its digest), texts (its words, compressed), entries (acts of recording, chained).
Throw-away: assertions and judgements, indexes over the bodies of entries, made again by `reindex`.

A text stands apart from its document's row so that a scan of documents stays small, and so that words which must go can
go while their digest stays. Column types are those both SQLite (STRICT) and PostgreSQL know.
"""

from __future__ import annotations

from sqlalchemy import Column, Connection, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text

VERSION = 1  # of the schema; raise it with every change to a table below
APPLICATION = 0x636E7464  # "cntd": tells a ledger from any other SQLite file

METADATA = MetaData()

documents = Table(
    "documents",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("length", Integer, nullable=False),  # of the text, in code points
    Column("meta", Text, nullable=False),  # the Document as JSON, its text left empty
    sqlite_strict=True,
)

texts = Table(
    "texts",
    METADATA,
    Column("document", Text, ForeignKey("documents.id"), primary_key=True),
    Column("body", LargeBinary, nullable=False),  # UTF-8, zstd
    sqlite_strict=True,
)

entries = Table(
    "entries",
    METADATA,
    Column("n", Integer, primary_key=True, autoincrement=False),  # 1, 2, 3 … without a gap
    Column("recorded_at", Text, nullable=False),  # UTC, fixed width: its order as text is its order in time
    Column("recorder", Text, nullable=False),
    Column("family", Text),  # the recorder without its version; null for an analyst, whom nothing supersedes
    Column("document", Text, ForeignKey("documents.id"), nullable=False),
    Column("body", Text, nullable=False),  # the Entry as canonical JSON
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("entries_standing", "document", "family", "n"),
    Index("entries_recorded_at", "recorded_at"),
    sqlite_strict=True,
)

assertions = Table(
    "assertions",
    METADATA,
    Column("entry", Integer, ForeignKey("entries.n"), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("document", Text, nullable=False),
    Index("assertions_id", "id"),
    Index("assertions_kind", "kind", "document"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

judgements = Table(
    "judgements",
    METADATA,
    Column("entry", Integer, ForeignKey("entries.n"), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("assertion", Text, primary_key=True),  # what it bears on in the end: an undo, what the undone one judged
    Column("document", Text, nullable=False),  # that assertion's
    Column("kind", Text, nullable=False),  # of the content it reads instead, if it amends
    Index("judgements_document", "document"),
    Index("judgements_kind", "kind", "document"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

TRUTH = (documents, texts, entries)
INDEXES = (assertions, judgements)
ACTS = ("UPDATE", "DELETE")


def create(connection: Connection) -> None:
    """Make all tables with their triggers."""
    METADATA.create_all(connection)
    for table in (*TRUTH, *INDEXES):
        _guard(connection, table)


def create_indexes_anew(connection: Connection) -> None:
    """Drop the throw-away tables and make them again, empty."""
    METADATA.drop_all(connection, tables=INDEXES)
    METADATA.create_all(connection, tables=INDEXES)
    for table in INDEXES:
        _guard(connection, table)


def triggers() -> frozenset[str]:
    """The names of the triggers a sound ledger has."""
    return frozenset(_trigger(table, act) for table in (*TRUTH, *INDEXES) for act in ACTS)


def _guard(connection: Connection, table: Table) -> None:
    for act in ACTS:
        connection.exec_driver_sql(
            f"CREATE TRIGGER {_trigger(table, act)} BEFORE {act} ON {table.name} "
            f"BEGIN SELECT RAISE(ABORT, '{table.name} is append-only'); END"
        )


def _trigger(table: Table, act: str) -> str:
    return f"{table.name}_no_{act.lower()}"
