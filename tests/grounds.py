"""Where a ledger can live, for tests that hold of each: in a file, and on a PostgreSQL server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import ClassVar
from uuid import uuid4

from sqlalchemy import URL, Connection, create_engine, event, make_url, text

from contested.ledger import Ledger

NO_SERVER = "CONTESTED_TEST_POSTGRES names no server on which a database may be made for this"


@dataclass
class Ground:
    """A place for one ledger, and the database there without the ledger's own way to it."""

    where: Path | str
    name: ClassVar[str]

    def open(self, create: bool = False) -> Ledger:
        return Ledger.open(self.where, create=create)


class InFile(Ground):
    name = "sqlite"

    @contextmanager
    def raw(self) -> Iterator[Connection]:
        engine = create_engine(URL.create("sqlite", database=str(self.where)))
        event.listen(engine, "connect", lambda made, _: made.execute("PRAGMA recursive_triggers = ON"))
        with engine.begin() as connection:
            yield connection
        engine.dispose()

    @contextmanager
    def altering(self) -> Iterator[Connection]:
        """The tables without their guards, which are put back after."""
        with self.raw() as connection:
            asked = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            guards = connection.exec_driver_sql(asked).fetchall()
            for name, _ in guards:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
            yield connection
            for _, sql in guards:
                connection.exec_driver_sql(sql)

    def clear(self) -> None:
        """A file goes with its folder."""


class OnServer(Ground):
    name = "postgresql"

    @contextmanager
    def raw(self) -> Iterator[Connection]:
        url = make_url(str(self.where))
        engine = create_engine(url.difference_update_query(["schema"]))
        with engine.begin() as connection:
            connection.exec_driver_sql(f"SET search_path = {url.query['schema']}")
            yield connection
        engine.dispose()

    @contextmanager
    def altering(self) -> Iterator[Connection]:
        """The tables without their guards, which are put back after, and without foreign keys, which are not."""
        with self.raw() as connection:
            keys = _named(connection, "SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'f'")
            guards = _named(connection, "SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE NOT tgisinternal")
            for table, key in keys:
                connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {key}")
            for table, guard in guards:
                connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER {guard}")
            yield connection
            for table, guard in guards:
                connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {guard}")

    def clear(self) -> None:
        with self.raw() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {make_url(str(self.where)).query['schema']} CASCADE")


def _named(connection: Connection, asked: str) -> list[tuple[str, str]]:
    """Tables and something of theirs; those of other schemas are named with them, and left out."""
    return [(table, each) for table, each in connection.exec_driver_sql(asked) if "." not in table]


_number = count(1)


def on_server(database: str) -> OnServer:
    """A schema of its own in a database."""
    return OnServer(f"{database}{'&' if '?' in database else '?'}schema=test_{next(_number)}")


@contextmanager
def database(server: str) -> Iterator[str]:
    """A database made on a server, and dropped after: its address."""
    url, name = make_url(server).set(drivername="postgresql+psycopg"), f"contested_test_{uuid4().hex[:12]}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0"))
        try:
            yield url.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
            engine.dispose()
