"""The tables of a ledger, and the triggers that let them only grow.

    spine    documents, entries, links, variants         hashes and order: never touched
    flesh    particulars, texts, bodies, told_otherwise  what the spine vouches for: goes only where an entry says why
    index    terms, readings, judgements                 drawn from the entries; thrown away, drawn again by `reindex`

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


def _table(name: str, *columns: Column[Any] | Index, **how: Any) -> Table:
    return Table(name, METADATA, *columns, sqlite_strict=True, **how)


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
    Column("made_at", Moment, nullable=False),  # where it was first recorded: earlier, if it was merged from there
    Column("recorder", Text, nullable=False),
    Column("family", Text),  # the recorder without its version; null for an analyst, whom nothing supersedes
    Column("document", Integer, ForeignKey("documents.n"), nullable=False),
    Column("sha", LargeBinary, nullable=False),  # of its body
    Column("hash", LargeBinary, nullable=False),
    Index("entries_document", "document", "family"),
    Index("entries_recorded_at", "recorded_at"),
)

links = _table(  # the chains of ledgers merged into this one, of which only what vouches is kept
    "links",
    Column("hash", LargeBinary, primary_key=True),
    Column("previous", LargeBinary, nullable=False),
    Column("sha", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    # Which entry here says it, when it was recorded there, and the hash it had where it was first recorded. All three,
    # or none of them, where its words were not to be had or not to be taken.
    Column("entry", Integer, ForeignKey("entries.n")),
    Column("recorded_at", Moment),
    Column("birth", LargeBinary),
    Index("links_birth", "birth"),
    sqlite_with_rowid=False,  # its key is a hash: it is kept once
)

variants = _table(  # documents on record here that were told otherwise in a ledger merged into this one
    "variants",
    Column("digest", LargeBinary, primary_key=True),  # there
    Column("document", Integer, ForeignKey("documents.n"), nullable=False),  # here
)

# ── flesh ────────────────────────────────────────────────────────────────────────────────────────

particulars = _table(
    "particulars",
    Column("document", Integer, ForeignKey("documents.n"), primary_key=True, autoincrement=False),
    Column("meta", Text, nullable=False),  # the Document as JSON, its text left empty
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

told_otherwise = _table(
    "told_otherwise",
    Column("digest", LargeBinary, ForeignKey("variants.digest"), primary_key=True),
    Column("meta", Text, nullable=False),
    Column("body", LargeBinary),  # the text, where its words differ, too
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
    Column("kind", Integer, nullable=False),  # terms, as the four below; 0 where there is none
    Column("place", Integer, nullable=False),
    Column("actor", Integer, nullable=False),
    Column("other", Integer, nullable=False),  # the second party
    Column("also", Integer, nullable=False),  # the other recorders, joined by blanks
    Column("day", Integer),  # of which it speaks, counted from 1 January of the year 1
    Index("readings_id", "id"),
    Index("readings_document", "document"),
    Index("readings_day", "kind", "day", "actor"),
    _where("readings_place", "kind", "place", "day", condition="place > 0"),
    _where("readings_actor", "actor", "day", condition="actor > 0"),
    _where("readings_other", "other", "day", condition="other > 0"),
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

SPINE = (documents, entries, links, variants)
FLESH = (particulars, texts, bodies, told_otherwise)
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
    "bodies": "SELECT 1 FROM entries AS gone JOIN entries AS reason ON reason.document = gone.document "
    f"WHERE gone.n = OLD.entry AND reason.family = '{TOMBSTONE}'",
    "told_otherwise": "SELECT 1 FROM variants JOIN entries ON entries.document = variants.document "  # noqa: S608
    f"WHERE variants.digest = OLD.digest AND entries.family = '{TOMBSTONE}'",
}


def _trigger(table: Table, act: str) -> str:
    return f"{table.name}_no_{act.lower()}"
