"""The PostgreSQL schema a ledger lives in: opened safely, read by many, written by one at a time.

A database may hold several ledgers, each in a schema of its own. Readers see one state and never wait (REPEATABLE
READ); a writer takes a lock of the ledger before it reads what it builds on, and others wait for it. The comment on the
table `documents` says that the schema is a ledger, and its version.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError

from contested.errors import LedgerError, MissingPart, UsageError
from contested.ledger.guards import create
from contested.ledger.home import Home
from contested.ledger.tables import APPLICATION, VERSION, refuse_other
from contested.ledger.trouble import told

DRIVER, SCHEMA = "postgresql+psycopg", "contested"
FORM = f"{DRIVER}://USER@HOST/DATABASE?schema=NAME"
PATIENCE = 60.0  # seconds a writer waits for another
ANSWER = 15  # seconds a server has to answer at all
# Whatever is asked is asked to be answered by seeks, as SQLite answers it. Left to choose, the planner would join page
# after page of a table by reading another from its beginning.
PLANS = {"enable_mergejoin": "off", "enable_hashjoin": "off"}
SECRETS = ("password", "sslpassword")  # what an address may hold and nobody is shown
SIGNS = (  # of a fault, as [SQLSTATE] or in the words of the client library, which says no SQLSTATE before it is let in
    (("[55p03]",), "another process is writing to it", "Wait until that is done, then run this again"),
    (("[23001]",), "its rows are never changed or deleted", "Record a new entry instead"),
    (
        ("[42501]",),
        "the server's user has no right to do this",
        "Have the ledger's owner grant it: see docs/ledger-server.md",
    ),
    (
        ("[28p01]", "password authentication failed", "no password supplied"),
        "the server wants another password",
        "Write it into ~/.pgpass, or set PGPASSWORD",
    ),
    (
        ("[28000]", "pg_hba.conf", 'role "', "authentication failed"),
        "the server does not let this user in",
        "Have its administrator make the user, and allow it in pg_hba.conf",
    ),
    (("[3d000]", 'database "'), "there is no such database", "Make it with createdb, or correct the address"),
    (
        ("connection refused", "no such file", "resolve", "translate host", "timeout", "unreachable", "no route"),
        "no server answers there",
        "Start it, or correct the address",
    ),
    (
        ("[53300]", "too many c"),
        "the server has no connection left",
        "Close others, or raise its max_connections",
    ),
    (("[53100]", "[53200]"), "the server's disk or memory is full", "Free some; nothing of this act was recorded"),
    (("[25006]",), "the server only lets read: it is a standby", "Give the address of the primary server"),
    (("[57p0", "[08"), "the server is starting or stopping", "Wait, then run this again"),
    (("[42p01]", "[42703]"), "a table of it is gone or altered", "Restore the schema from a copy made by pg_dump"),
)
_FACTS = """
    SELECT current_setting('server_encoding') AS encoding, place IS NOT NULL AS there,
        has_schema_privilege(place, 'USAGE') AS open, EXISTS (SELECT FROM pg_class WHERE relnamespace = place) AS used,
        obj_description(to_regclass('documents')::oid, 'pg_class') AS comment
    FROM (SELECT to_regnamespace(:schema)::oid AS place) AS named
"""


def address(url: str) -> URL:
    """The address of a ledger on a server, its schema named. UsageError when it is none."""
    try:
        found = make_url(url)
    except (ArgumentError, ValueError):
        raise UsageError(f"a ledger's address is a path, or {FORM}") from None
    if found.drivername not in (DRIVER, "postgresql") or not found.database:
        raise UsageError(f"{_shown(found)} is no address of a ledger. Write {FORM}")
    schema = found.query.get("schema", SCHEMA)
    if not isinstance(schema, str) or not re.fullmatch(r"(?!pg_)[a-z_][a-z0-9_]{0,62}", schema):
        raise UsageError(f"{_shown(found)}: schema={schema!r} cannot be. Write small letters, digits and _")
    return found.set(drivername=DRIVER).update_query_dict({"schema": schema})


def says_password(url: URL) -> bool:
    """Whether an address holds a password."""
    return bool(url.password) or not url.query.keys().isdisjoint(SECRETS)


class LedgerServer:
    """A schema of a database, and the two ways to hold it: `reading()` and `writing()`."""

    def __init__(self, url: str, create: bool = False) -> None:
        found = address(url)
        self.place, self.schema = _shown(found), str(found.query["schema"])
        self.name = f"{found.database}.{self.schema}"
        self._own = f"'{self.schema}'::regnamespace::oid::int"  # the lock of this ledger
        self._engine = _engine(found.difference_update_query(["schema"]), self.schema)
        self._reader = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        # Each statement of a writer sees what was committed before it: the first after the lock, all of it.
        self._writer = self._engine.execution_options(isolation_level="READ COMMITTED")
        try:
            if create:
                self._create()
            self._check()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._engine.dispose()

    def is_same(self, other: Home) -> bool:
        """Whether another is this ledger."""
        return isinstance(other, LedgerServer) and other.place == self.place

    def scrub(self) -> None:
        """Nothing: to overwrite what was deleted is the server's, by VACUUM and by how it keeps its journal."""

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the ledger, to be held briefly."""
        with told(self.place, SIGNS), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection that alone may write: all of what is done with it is kept, or nothing."""
        with told(self.place, SIGNS), self._writer.begin() as connection:
            _lock(connection, self._own)
            yield connection

    def wait(self) -> None:
        """Wait for whoever writes now, and with others who wait."""
        with told(self.place, SIGNS), self._reader.begin() as connection:
            _lock(connection, self._own, "pg_advisory_xact_lock_shared")

    def _create(self) -> None:
        """Make the schema and its tables where there are none; DDL here is kept whole or not at all."""
        with told(self.place, SIGNS), self._writer.begin() as connection:
            _lock(connection, "0")
            facts = self._facts(connection)
            if facts.used:
                return
            if not facts.there:
                connection.exec_driver_sql(f'CREATE SCHEMA "{self.schema}"')
            create(connection)
            connection.exec_driver_sql(f"COMMENT ON TABLE documents IS 'contested ledger {VERSION}'")

    def _check(self) -> None:
        with self.reading() as connection:
            facts = self._facts(connection)
        if facts.there and not facts.open:
            raise LedgerError(
                f"{self.place}: the server's user has no right to use the schema {self.schema}. "
                "Have the ledger's owner grant it: see docs/ledger-server.md"
            )
        if not facts.used:
            raise LedgerError(f"{self.place}: there is no ledger. Begin one with: contested init DIR --ledger URL")
        said = re.fullmatch(r"contested ledger (\d+)", facts.comment or "")
        if not said:
            raise LedgerError(f"{self.place}: a schema, but no ledger. Name another by ?schema=NAME")
        refuse_other(
            self.place, int(said[1]), "Open it with that version, or add the archived originals to a new workspace"
        )

    def _facts(self, connection: Connection) -> Any:
        facts = connection.execute(text(_FACTS), {"schema": self.schema}).one()
        if facts.encoding != "UTF8":
            raise LedgerError(
                f"{self.place}: the database keeps text as {facts.encoding}, which cannot hold every name. "
                "Make one with: createdb --encoding UTF8 --template template0 NAME"
            )
        return facts


def _engine(url: URL, schema: str) -> Engine:
    given = {"connect_timeout": ANSWER, "fallback_application_name": "contested", "client_encoding": "utf8"}
    try:
        engine = create_engine(
            url,
            connect_args={name: value for name, value in given.items() if name not in url.query},
            pool_pre_ping=True,  # one that was lost meanwhile is opened anew
            max_overflow=-1,  # threads are few; none waits for another's connection
            use_native_hstore=False,
        )
    except ImportError as fault:
        raise MissingPart("a ledger on a server needs psycopg: pip install 'contested[postgres]'") from fault

    def prepare(connection: Any, _record: Any) -> None:
        connection.autocommit = True
        named = {"search_path": f'"{schema}", pg_temp'}  # pg_temp: unnamed it would be first
        for name, value in (named | PLANS).items():
            connection.execute(f"SET {name} = {value}")
        connection.autocommit = False

    event.listen(engine, "connect", prepare)
    return engine


def _lock(connection: Connection, of: str, how: str = "pg_advisory_xact_lock") -> None:
    """Wait to be the one who writes, until the act is done."""
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(PATIENCE * 1000)}")
    connection.exec_driver_sql(f"SELECT {how}({APPLICATION}, {of})")


def _shown(url: URL) -> str:
    return url.difference_update_query(SECRETS).render_as_string(hide_password=True)
