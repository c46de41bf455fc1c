"""A ledger on a PostgreSQL server: what goes wrong there, told with a remedy, and what keeps ledgers apart."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError

from contested.errors import LedgerError, MissingPart, UsageError
from contested.ledger import Ledger
from contested.ledger.server import SIGNS, address, says_password
from contested.ledger.tables import VERSION
from contested.ledger.trouble import told
from contested.model import Entry
from grounds import OnServer, on_server
from ledger_world import DOCUMENT, MORNING, OTHER, entry, ids, says

# ── addresses ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("postgresql+psycopg://", "no address of a ledger"),
        ("postgresql://db.example", "no address of a ledger"),
        ("mysql://db.example/war", "no address of a ledger"),
        ("postgresql://db.example:port/war", "address is a path, or"),
        ("postgresql://db.example/war?schema=War", "small letters"),
        ("postgresql://db.example/war?schema=pg_toast", "small letters"),
        ("postgresql://db.example/war?schema=a&schema=b", "small letters"),
        ("postgresql://db.example/war?schema=a';--", "small letters"),
    ],
)
def test_what_is_no_address_is_refused(url: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        Ledger.open(url)


def test_an_address_names_its_schema_and_may_hold_a_password_unseen() -> None:
    assert address("postgresql://db.example/war").query == {"schema": "contested"}
    assert not says_password(address("postgresql://amy@db.example/war?sslmode=require"))
    for secret in ("postgresql://amy:sesame@127.0.0.1:1/war", "postgresql://127.0.0.1:1/war?password=sesame"):
        assert says_password(address(secret))
        with pytest.raises((LedgerError, MissingPart)) as refused:
            Ledger.open(secret)
        assert "sesame" not in str(refused.value)


def test_without_the_client_library_its_install_command_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingPart, match=r"pip install 'contested\[postgres\]'"):
        Ledger.open("postgresql://127.0.0.1:1/war")


def test_where_no_server_answers_it_is_told() -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(LedgerError, match="no server answers there"):
        Ledger.open("postgresql://127.0.0.1:1/war")


# ── on a server ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def place(database: str) -> Iterator[OnServer]:
    """A ledger with one report."""
    place = on_server(database)
    with place.open(create=True) as ledger:
        ledger.record_all(DOCUMENT, [entry(says())])
    yield place
    place.clear()


def at(place: OnServer, **other: Any) -> str:
    """The same address, but for something."""
    return make_url(str(place.where)).set(**other).render_as_string(hide_password=False)


@contextmanager
def somebody(place: OnServer, *rights: str) -> Iterator[str]:
    """The address for another user of the server, who has these rights."""
    name = f"contested_{uuid4().hex[:8]}"
    with place.raw() as connection:
        if not connection.exec_driver_sql("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").scalar():
            pytest.skip("the user of CONTESTED_TEST_POSTGRES may not make another user")
        connection.exec_driver_sql(f"CREATE ROLE {name} LOGIN PASSWORD 'open'")
        for right in rights:
            connection.exec_driver_sql(f"GRANT {right} TO {name}")
    yield at(place, username=name, password="open")
    with place.raw() as connection:
        connection.exec_driver_sql(f"DROP OWNED BY {name}")
        connection.exec_driver_sql(f"DROP ROLE {name}")


def schema(place: OnServer) -> str:
    return str(make_url(str(place.where)).query["schema"])


def test_a_wrong_password_is_told_with_where_to_put_the_right_one(place: OnServer) -> None:
    with somebody(place) as who:
        wrong = make_url(who).set(password="guessed").render_as_string(hide_password=False)
        with pytest.raises(LedgerError, match=r"PGPASSWORD|no right to use") as refused:  # some let everybody in
            Ledger.open(wrong)
        assert "guessed" not in str(refused.value)


def test_a_user_or_a_database_that_is_missing_is_told(place: OnServer) -> None:
    with pytest.raises(LedgerError, match="no such database"):
        Ledger.open(at(place, database="contested_nowhere"))
    with pytest.raises(LedgerError, match=r"does not let this user in|another password"):
        Ledger.open(at(place, username="contested_nobody", password="x"))


def test_who_may_only_read_reads_and_is_told_why_no_more(place: OnServer) -> None:
    rights = (f"USAGE ON SCHEMA {schema(place)}", f"SELECT ON ALL TABLES IN SCHEMA {schema(place)}")
    with somebody(place, *rights) as reader, Ledger.open(reader, create=True) as ledger:
        assert ids(ledger) == [says().id]
        assert ledger.verify() == []
        with pytest.raises(LedgerError, match=r"no right to do this.*grant"):
            ledger.record(entry(says(7), recorder="event@1"))
        with pytest.raises(LedgerError, match="no right to do this"):
            ledger.reindex()


def test_who_may_write_records_and_makes_the_indexes_again(place: OnServer) -> None:
    acts = "SELECT, INSERT, UPDATE, DELETE"
    rights = (f"USAGE ON SCHEMA {schema(place)}", f"{acts} ON ALL TABLES IN SCHEMA {schema(place)}")
    with somebody(place, *rights) as writer, Ledger.open(writer) as ledger:
        assert ledger.record(entry(says(7), recorder="event@1"))
        assert ledger.reindex() == 2
        ledger.record(Entry(MORNING, "tombstone:amy", DOCUMENT.id, removes="a court order"))
        assert ledger.verify() == []
        assert ids(ledger) == []


def test_who_may_not_even_look_is_told(place: OnServer) -> None:
    with somebody(place) as stranger, pytest.raises(LedgerError, match="no right to use the schema"):
        Ledger.open(stranger)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ('FATAL: no pg_hba.conf entry for host "::1", user "amy", database "war", no encryption', "let this user in"),
        ('FATAL: database "war2008" does not exist', "no such database"),
        ("FATAL: sorry, too many clients already", "no connection left"),
    ],
)
def test_what_is_said_before_one_is_let_in_is_understood(said: str, meant: str) -> None:
    with pytest.raises(LedgerError, match=meant), told("here", SIGNS):
        raise DBAPIError("", {}, Exception(said))


def test_a_schema_without_a_ledger_is_left_alone(place: OnServer, database: str) -> None:
    empty = on_server(database)
    with pytest.raises(LedgerError, match="contested init DIR --ledger URL"):
        empty.open()
    with empty.raw() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema(empty)}")
        connection.exec_driver_sql("CREATE TABLE orders (id int)")
    with pytest.raises(LedgerError, match=r"no ledger. Name another by \?schema=NAME"):
        empty.open(create=True)
    empty.clear()
    with empty.raw() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema(empty)}")
    with empty.open(create=True) as ledger:
        assert ledger.verify() == []
    empty.clear()


@pytest.mark.parametrize(
    ("version", "reason"), [(VERSION + 1, "newer contested.*Upgrade"), (VERSION - 1, "older contested")]
)
def test_another_version_is_refused(place: OnServer, version: int, reason: str) -> None:
    with place.raw() as connection:
        connection.exec_driver_sql(f"COMMENT ON TABLE documents IS 'contested ledger {version}'")
    with pytest.raises(LedgerError, match=reason):
        place.open()


def test_a_database_that_cannot_hold_every_name_is_refused(database: str) -> None:
    url, name = make_url(database), f"contested_latin_{uuid4().hex[:8]}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
        with pytest.raises(LedgerError, match=r"LATIN1.*--encoding UTF8"):
            Ledger.open(url.set(database=name).render_as_string(hide_password=False), create=True)
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()


def lose_connections(place: OnServer) -> None:
    with place.raw() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'contested' AND datname = current_database()"
        )


def test_a_connection_lost_amid_an_act_leaves_nothing_of_it(place: OnServer) -> None:
    def said() -> Iterator[Entry]:
        yield entry(says(document=OTHER), on=OTHER)
        lose_connections(place)

    with place.open() as ledger:
        head = ledger.head()
        with pytest.raises(LedgerError, match="connection was lost"):
            ledger.record_many([(OTHER, said())])
        assert ledger.head() == head
        assert [each.id for each in ledger.documents()] == [DOCUMENT.id]
        lose_connections(place)
        assert ledger.record_all(OTHER, [entry(says(document=OTHER), on=OTHER)])  # and between acts nothing is noticed
        assert ledger.verify(head=head) == []


def test_ledgers_of_one_database_do_not_meet(place: OnServer, database: str) -> None:
    second = on_server(database)
    with place.open() as one, second.open(create=True) as other:
        with one._file.writing():
            assert other.record_all(OTHER, [entry(says(document=OTHER), on=OTHER)])
        assert (ids(one), ids(other)) == ([says().id], [says(document=OTHER).id])
    second.clear()


def test_a_guard_put_to_sleep_is_missed(place: OnServer) -> None:
    with place.raw() as connection:
        connection.exec_driver_sql("ALTER TABLE entries DISABLE TRIGGER entries_no_delete")
    with place.open() as ledger:
        assert [each.reason for each in ledger.verify()] == [
            "the trigger entries_no_delete is gone: rows could be changed"
        ]


def test_text_is_ordered_by_its_code_points_whatever_the_language(place: OnServer) -> None:
    with place.raw() as connection:
        asked = (
            "SELECT DISTINCT collation_name FROM information_schema.columns "
            "WHERE table_schema = current_schema() AND data_type = 'text'"
        )
        assert connection.exec_driver_sql(asked).scalars().all() == ["C"]


def test_a_guard_asks_its_own_schema_whatever_a_session_puts_before_it(place: OnServer) -> None:
    own = "CREATE TEMPORARY TABLE entries AS SELECT 1 AS n, 1 AS document, 'tombstone' AS family"
    with place.raw() as connection:
        connection.exec_driver_sql(own)
        with pytest.raises(IntegrityError, match="append-only"):
            connection.exec_driver_sql(f"DELETE FROM {schema(place)}.bodies")
        connection.rollback()


def test_a_schema_may_have_any_name(database: str) -> None:
    place = OnServer(at(on_server(database), query={"schema": "user"}))
    with place.open(create=True) as ledger:
        assert ledger.record_all(DOCUMENT, [entry(says())])
        assert ledger.verify() == []
    with create_engine(database).begin() as connection:
        connection.exec_driver_sql('DROP SCHEMA "user" CASCADE')
