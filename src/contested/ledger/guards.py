"""The triggers that let spine and flesh only grow, in the words of each database.

Flesh goes only where an entry of the family `tombstone` says why. On a server a table cannot be emptied at a stroke
either (TRUNCATE), and the triggers fire for a replica's session too.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from contested.ledger.tables import FLESH, METADATA, SPINE
from contested.ledger.written import TOMBSTONE

_GUARDED = (*SPINE, *FLESH)
_ACTS = {"sqlite": ("UPDATE", "DELETE"), "postgresql": ("UPDATE", "DELETE", "TRUNCATE")}
_OF_DOCUMENT = f"SELECT 1 FROM entries WHERE document = OLD.document AND family = '{TOMBSTONE}'"  # noqa: S608
_TAKEN_OUT = {  # what allows flesh to go
    "particulars": _OF_DOCUMENT,
    "texts": _OF_DOCUMENT,
    "bodies": "SELECT 1 FROM removed WHERE entry = OLD.entry",  # `verify` holds that against the tombstones
    "told_otherwise": "SELECT 1 FROM variants JOIN entries ON entries.document = variants.document "  # noqa: S608
    f"WHERE variants.digest = OLD.digest AND entries.family = '{TOMBSTONE}'",
}
_KEPT = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
    "WHERE relnamespace = current_schema()::regnamespace AND tgenabled = 'A' AND NOT tgisinternal",
}


def create(connection: Connection) -> None:
    """Make all tables of a ledger, with their triggers."""
    METADATA.create_all(connection)
    say = _on_sqlite if connection.dialect.name == "sqlite" else _on_server
    for table in _GUARDED:
        for statement in say(table.name, _TAKEN_OUT.get(table.name, "")):
            connection.exec_driver_sql(statement)


def missing(connection: Connection) -> list[str]:
    """The triggers a sound ledger has and this one has not."""
    kept = frozenset(connection.exec_driver_sql(_KEPT[connection.dialect.name]).scalars())
    due = {_trigger(table.name, act) for table in _GUARDED for act in _ACTS[connection.dialect.name]}
    return sorted(due - kept)


def _on_sqlite(table: str, unless: str) -> Iterator[str]:
    for act in _ACTS["sqlite"]:
        when = f"WHEN NOT EXISTS ({unless}) " if unless and act == "DELETE" else ""
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        yield f"CREATE TRIGGER {_trigger(table, act)} BEFORE {act} ON {table} {when}{refuse}"


def _on_server(table: str, unless: str) -> Iterator[str]:
    allow = f"IF TG_OP = 'DELETE' AND EXISTS ({unless}) THEN RETURN OLD; END IF; " if unless else ""
    refuse = f"RAISE restrict_violation USING MESSAGE = '{table} is append-only';"
    # The tables it asks are this schema's, whatever path the session that fires it goes by.
    made_as = "RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT"
    yield f"CREATE FUNCTION {table}_append_only() {made_as} AS $$ BEGIN {allow}{refuse} END $$"
    for act in _ACTS["postgresql"]:
        each = "STATEMENT" if act == "TRUNCATE" else "ROW"
        trigger = f"CREATE TRIGGER {_trigger(table, act)} BEFORE {act} ON {table}"
        yield f"{trigger} FOR EACH {each} EXECUTE FUNCTION {table}_append_only()"
    always = ", ".join(f"ENABLE ALWAYS TRIGGER {_trigger(table, act)}" for act in _ACTS["postgresql"])
    yield f"ALTER TABLE {table} {always}"


def _trigger(table: str, act: str) -> str:
    return f"{table}_no_{act.lower()}"
