"""The tables of a ledger, and the triggers that let them only grow.

    spine    documents, entries, links     hashes and order: never touched
    flesh    particulars, texts, bodies    what the spine vouches for: taken out only where an entry says why
    index    terms, readings, judgements   drawn from the entries, thrown away and drawn again by `reindex`

A **reading** is an assertion as it stands from entry `since` until before entry `until`: both clocks of the ledger in
one row, so that what stood at any moment is asked by comparing numbers. Column types are those both SQLite (STRICT)
and PostgreSQL know; whatever repeats is a number of `terms`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

from contested.ledger.written import TOMBSTONE

VERSION = 2  # of the schema; raise it with every change to a table below
APPLICATION = 0x636E7464  # "cntd": tells a ledger from any other SQLite file
OPEN = 2**31 - 1  # `until` of what still stands

METADATA = MetaData()
Moment = BigInteger().with_variant(Integer, "sqlite")  # microseconds since 1970, UTC


def _table(name: str, *columns: Column[Any] | Index) -> Table:
    return Table(name, METADATA, *columns, sqlite_strict=True)


def _number() -> Column[int]:
    return Column("n", Integer, primary_key=True, autoincrement=False)


def _where(name: str, *columns: str, condition: str) -> Index:
    """An index over the rows that have what it is of."""
    return Index(name, *columns, sqlite_where=text(condition), postgresql_where=text(condition))


# ── spine ────────────────────────────────────────────────────────────────────────────────────────

documents = _table(
    "documents",
    _number(),  # 1, 2, 3 … in the order of their coming
    Column("id", Text, nullable=False, unique=True),
    Column("digest", LargeBinary, nullable=False),
    Column("length", Integer, nullable=False),  # of the text, in code points
)

entries = _table(
    "entries",
    _number(),  # 1, 2, 3 … without a gap
    Column("recorded_at", Moment, nullable=False),  # here
    Column("made_at", Moment),  # where it was first recorded, if it was merged from there
    Column("recorder", Text, nullable=False),
    Column("family", Text),  # the recorder without its version; null for an analyst, whom nothing supersedes
    Column("document", Integer, ForeignKey("documents.n"), nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Index("entries_document", "document"),
)

removed = _table(  # what vouches for bodies that were taken out
    "removed",
    Column("entry", Integer, ForeignKey("entries.n"), primary_key=True, autoincrement=False),
    Column("sha", LargeBinary, nullable=False),  # the sha256 of the body
)

links = _table(  # the chains of ledgers merged into this one, of which only what vouches is kept
    "links",
    Column("hash", LargeBinary, primary_key=True),
    Column("previous", LargeBinary, nullable=False),
    Column("sha", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("recorded_at", Moment, nullable=False),  # there
    Column("entry", Integer, ForeignKey("entries.n"), nullable=False),  # the one here that says it
)

# ── flesh ────────────────────────────────────────────────────────────────────────────────────────

particulars = _table(
    "particulars",
    Column("document", Integer, ForeignKey("documents.n"), primary_key=True, autoincrement=False),
    Column("meta", LargeBinary, nullable=False),  # the Document as JSON, its text left empty, zstd
)

texts = _table(
    "texts",
    Column("document", Integer, ForeignKey("documents.n"), primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),  # UTF-8, zstd
)

bodies = _table(
    "bodies",
    Column("entry", Integer, ForeignKey("entries.n"), primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),  # the Entry as canonical JSON, zstd
)

# ── index ────────────────────────────────────────────────────────────────────────────────────────

terms = _table("terms", _number(), Column("words", Text, nullable=False, unique=True))

readings = _table(
    "readings",
    _number(),
    Column("id", LargeBinary, nullable=False),  # of the assertion
    Column("since", Integer, nullable=False),  # the entry from which on it stands so
    Column("until", Integer, nullable=False),  # the entry from which on it does not
    Column("document", Integer, nullable=False),
    Column("entry", Integer, nullable=False),  # that records it, the earliest if several recorders do
    Column("position", Integer, nullable=False),
    Column("said", Integer, nullable=False),  # the entry whose words it is read by: its own, or one that amends it
    Column("said_position", Integer, nullable=False),
    Column("kind", Integer, nullable=False),  # a number of terms, as the five below
    Column("type", Integer),  # of an event
    Column("place", Integer),
    Column("actor", Integer),
    Column("other", Integer),  # the second party
    Column("also", Integer),  # the other recorders, joined by blanks
    Column("day", Integer),  # of which it speaks, counted from 1 January of the year 1
    Index("readings_id", "id"),
    Index("readings_document", "document"),
    # These two hold all that is asked of very many rows at once, so that none of them need be looked up.
    Index("readings_day", "kind", "day", "actor", "since", "until", "type"),
    _where("readings_place", "kind", "place", "day", "since", "until", condition="place IS NOT NULL"),
)

judgements = _table(
    "judgements",
    Column("entry", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("assertion", LargeBinary, primary_key=True),  # what it bears on in the end: an undo, what the other judged
    Column("document", Integer, nullable=False),  # that assertion's
    Column("id", LargeBinary, nullable=False),  # the judgement's own
    Index("judgements_document", "document"),
    Index("judgements_assertion", "assertion"),
    Index("judgements_id", "id"),
)

SPINE = (documents, entries, removed, links)
FLESH = (particulars, texts, bodies)
INDEXES = (terms, readings, judgements)
ACTS = ("UPDATE", "DELETE")


def create(connection: Connection) -> None:
    """Make all tables with their triggers."""
    METADATA.create_all(connection)
    for table in (*SPINE, *FLESH):
        for act in ACTS:
            _guard(connection, table, act)


def create_indexes_anew(connection: Connection) -> None:
    """Drop the throw-away tables and make them again, empty."""
    METADATA.drop_all(connection, tables=INDEXES)
    METADATA.create_all(connection, tables=INDEXES)


def triggers() -> frozenset[str]:
    """The names of the triggers a sound ledger has."""
    return frozenset(_trigger(table, act) for table in (*SPINE, *FLESH) for act in ACTS)


def _guard(connection: Connection, table: Table, act: str) -> None:
    unless = _TAKEN_OUT.get(table.name, "") if act == "DELETE" else ""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            f"CREATE TRIGGER {_trigger(table, act)} BEFORE {act} ON {table.name} "
            + (f"WHEN NOT EXISTS ({unless}) " if unless else "")
            + f"BEGIN SELECT RAISE(ABORT, '{table.name} is append-only'); END"
        )
    else:
        name = _trigger(table, act)
        allowed = f"IF EXISTS ({unless}) THEN RETURN OLD; END IF; " if unless else ""
        connection.exec_driver_sql(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {allowed}"
            f"RAISE EXCEPTION '{table.name} is append-only'; END $$"
        )
        connection.exec_driver_sql(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table.name} FOR EACH ROW EXECUTE FUNCTION {name}()"
        )


_OF_DOCUMENT = f"SELECT 1 FROM entries WHERE document = OLD.document AND family = '{TOMBSTONE}'"  # noqa: S608
_TAKEN_OUT = {  # what allows flesh to go
    "particulars": _OF_DOCUMENT,
    "texts": _OF_DOCUMENT,
    "bodies": "SELECT 1 FROM entries AS gone JOIN entries AS reason ON reason.document = gone.document "  # noqa: S608
    f"WHERE gone.n = OLD.entry AND reason.family = '{TOMBSTONE}'",
}


def _trigger(table: Table, act: str) -> str:
    return f"{table.name}_no_{act.lower()}"
