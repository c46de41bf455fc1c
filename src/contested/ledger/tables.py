"""The tables of a ledger.

    spine    documents, entries, links, variants         hashes and order: never touched
    flesh    particulars, texts, bodies, told_otherwise  what the spine vouches for: goes only where an entry says why
    index    terms, readings, judgements                 drawn from the entries; thrown away, drawn again by `reindex`

A **reading** is an assertion as it stands from entry `since` until before entry `until`: both clocks of the ledger in
one row, so that what stood at any moment is asked by comparing numbers. Column types are those both SQLite (STRICT)
and PostgreSQL know; whatever repeats is a number of `terms`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    delete,
    insert,
    literal,
    text,
)
from sqlalchemy.types import TypeEngine

from contested.errors import LedgerError
from contested.ledger.written import TOMBSTONE

VERSION = 2  # of the schema; raise it with every change to a table below
APPLICATION = 0x636E7464  # "cntd": tells a ledger from any other SQLite file
NUL, NO_CHARACTER = "\x00", "\ufffd"
OPEN = 2**31 - 1  # `until` of what still stands
END = OPEN  # after every entry

METADATA = MetaData()
Moment = BigInteger().with_variant(Integer, "sqlite")  # microseconds since 1970, UTC


class Words(TypeDecorator[str]):
    """Text in the order of its code points, whatever a server's language is. A server has no place for NUL, which no
    id or name on record holds: one asked for is not found."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        return Text(collation="C") if dialect.name == "postgresql" else Text()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value.replace(NUL, NO_CHARACTER) if value and dialect.name == "postgresql" else value


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
    Column("id", Words, nullable=False, unique=True),
    Column("digest", LargeBinary, nullable=False),
    Column("length", Integer, nullable=False),  # of the text, in code points
)

entries = _table(
    "entries",
    _number(),  # 1, 2, 3 … without a gap
    Column("recorded_at", Moment, nullable=False),  # here
    Column("made_at", Moment),  # where it was first recorded, if it was merged from there
    Column("recorder", Words, nullable=False),
    Column("family", Words),  # the recorder without its version; null for an analyst, whom nothing supersedes
    Column("document", Integer, ForeignKey("documents.n"), nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Index("entries_document", "document"),
    _where("entries_tombstone", "n", condition=f"family = '{TOMBSTONE}'"),
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

told_otherwise = _table(
    "told_otherwise",
    Column("digest", LargeBinary, ForeignKey("variants.digest"), primary_key=True),
    Column("meta", LargeBinary, nullable=False),
    Column("body", LargeBinary),  # the text, where its words differ, too
)

# ── index ────────────────────────────────────────────────────────────────────────────────────────

terms = _table("terms", _number(), Column("words", Words, nullable=False, unique=True))

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

IS_TOMBSTONE = entries.c.family == literal(TOMBSTONE, literal_execute=True)  # in words, or its index goes unused
SPINE = (documents, entries, removed, links, variants)
FLESH = (particulars, texts, bodies, told_otherwise)
INDEXES = (terms, readings, judgements)


def refuse_other(place: str, version: int, older: str) -> None:
    """LedgerError where a ledger's schema is not ours, with the remedy for one that is `older`."""
    if version > VERSION:
        raise LedgerError(
            f"{place}: written by a newer contested (schema {version}; this one knows {VERSION}). "
            "Upgrade: pip install --upgrade contested"
        )
    if version < VERSION:
        raise LedgerError(
            f"{place}: written by an older contested (schema {version}; this one needs {VERSION}). {older}"
        )


def empty_indexes(connection: Connection) -> None:
    """Make what is missing of the throw-away tables, and take every row out: readers see them till the act is done."""
    METADATA.create_all(connection, tables=INDEXES)
    for table in INDEXES:
        for each in table.indexes:
            each.create(connection, checkfirst=True)
        connection.execute(delete(table))


def put(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Add many rows, each with all columns in their order."""
    if not rows:
        return
    names = [column.name for column in table.c]
    if connection.dialect.paramstyle != "qmark":
        connection.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])
        return
    # A third of the time of recording went into naming parameters that SQLite takes by their places.
    asked = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608
    connection.exec_driver_sql(asked, list(rows))
