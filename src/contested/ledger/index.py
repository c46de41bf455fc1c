"""The throw-away indexes: where each assertion and judgement is in the entries. Nothing is true only here."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, select

from contested.ledger.tables import assertions, create_indexes_anew, entries, judgements
from contested.ledger.written import read_entry
from contested.model import Entry, Judgement, kind

AT_ONCE = 500  # entries read at a time
_INSERT = insert(assertions)


def said(n: int, entry: Entry) -> list[dict[str, Any]]:
    """The rows of `assertions` for entry n."""
    return [
        {"entry": n, "position": position, "id": each.id, "kind": each.kind, "document": entry.document}
        for position, each in enumerate(entry.assertions)
    ]


def judged(connection: Connection, n: int, entry: Entry) -> list[dict[str, Any]]:
    """The rows of `judgements` for entry n; the entries before it must be indexed."""
    rows = []
    for position, each in enumerate(entry.assertions):
        if not isinstance(each.content, Judgement):
            continue
        instead = kind(each.content.amended) if each.content.amended else ""
        for assertion, document in bearing(connection, each.content, n).items():
            rows.append(
                {"entry": n, "position": position, "assertion": assertion, "document": document, "kind": instead}
            )
    return rows


def bearing(connection: Connection, judgement: Judgement, before: int) -> dict[str, str]:
    """The assertions a judgement concerns in the end, each with its document, as recorded before entry n."""
    concerned: dict[str, str] = {}
    for each in judgement.of:
        concerned |= bearing_of(connection, each, before)
    return concerned


def bearing_of(connection: Connection, assertion: str, before: int) -> dict[str, str]:
    """The same of one id: itself, or what it concerns if it is a judgement; empty when it is not on record."""
    last = select(assertions).where(assertions.c.id == assertion, assertions.c.entry < before)
    row = connection.execute(last.order_by(assertions.c.entry.desc()).limit(1)).first()
    if row is None:
        return {}
    if row.kind != "judgement":
        return {assertion: row.document}
    whole = select(judgements.c.assertion, judgements.c.document).where(
        judgements.c.entry == row.entry, judgements.c.position == row.position
    )
    return {each.assertion: each.document for each in connection.execute(whole)}


def write(connection: Connection, n: int, entry: Entry) -> None:
    """Index entry n."""
    if rows := said(n, entry):
        connection.execute(_INSERT, rows)
    if any(row["kind"] == "judgement" for row in rows):
        connection.execute(insert(judgements), judged(connection, n, entry))


def reindex(connection: Connection) -> int:
    """Make both indexes again from the entries; answers how many entries there were."""
    create_indexes_anew(connection)
    n = 0
    while True:
        after = select(entries.c.n, entries.c.body).where(entries.c.n > n).order_by(entries.c.n).limit(AT_ONCE)
        rows = connection.execute(after).all()
        if not rows:
            return n
        for row in rows:
            write(connection, row.n, read_entry(row.n, row.body))
        n = rows[-1].n
