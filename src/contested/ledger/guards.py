"""The triggers that let spine and flesh only grow, in the words of each database.

Flesh goes only where an entry of the family `tombstone` says why. On a server a table cannot be emptied at a stroke
either (TRUNCATE), and the triggers fire for a replica's session too.
"""

from __future__ import annotations

from sqlalchemy import Connection, Table

from contested.ledger.tables import FLESH, METADATA, SPINE
from contested.ledger.written import TOMBSTONE

_GUARDED = (*SPINE, *FLESH)
_ACTS = {"sqlite": ("UPDATE", "DELETE"), "postgresql": ("UPDATE", "DELETE", "TRUNCATE")}
_OF_DOCUMENT = f"SELECT 1 FROM entries WHERE document = OLD.document AND family = '{TOMBSTONE}'"  # noqa: S608
_TAKEN_OUT = {  # what allows flesh to go
    "particulars": _OF_DOCUMENT,
    "texts": _OF_DOCUMENT,
    "bodies": "SELECT 1 FROM entries AS gone JOIN entries AS reason ON reason.document = gone.document "  # noqa: S608
    f"WHERE gone.n = OLD.entry AND reason.family = '{TOMBSTONE}'",
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
        for act in _ACTS[connection.dialect.name]:
            for statement in say(table, act, _TAKEN_OUT.get(table.name, "") if act == "DELETE" else ""):
                connection.exec_driver_sql(statement)


def missing(connection: Connection) -> list[str]:
    """The triggers a sound ledger has and this one has not."""
    kept = frozenset(connection.exec_driver_sql(_KEPT[connection.dialect.name]).scalars())
    due = {_trigger(table, act) for table in _GUARDED for act in _ACTS[connection.dialect.name]}
    return sorted(due - kept)


def _on_sqlite(table: Table, act: str, unless: str) -> tuple[str, ...]:
    return (
        f"CREATE TRIGGER {_trigger(table, act)} BEFORE {act} ON {table.name} "
        + (f"WHEN NOT EXISTS ({unless}) " if unless else "")
        + f"BEGIN SELECT RAISE(ABORT, '{table.name} is append-only'); END",
    )


def _on_server(table: Table, act: str, unless: str) -> tuple[str, ...]:
    name, each = _trigger(table, act), "STATEMENT" if act == "TRUNCATE" else "ROW"
    allowed = f"IF EXISTS ({unless}) THEN RETURN OLD; END IF; " if unless else ""
    refuse = f"BEGIN {allowed}RAISE restrict_violation USING MESSAGE = '{table.name} is append-only'; END"
    # The tables it asks are this schema's, whatever path the session that fires it goes by.
    made_as = "RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT"
    return (
        f"CREATE FUNCTION {name}() {made_as} AS $$ {refuse} $$",
        f"CREATE TRIGGER {name} BEFORE {act} ON {table.name} FOR EACH {each} EXECUTE FUNCTION {name}()",
        f"ALTER TABLE {table.name} ENABLE ALWAYS TRIGGER {name}",
    )


def _trigger(table: Table, act: str) -> str:
    return f"{table.name}_no_{act.lower()}"
