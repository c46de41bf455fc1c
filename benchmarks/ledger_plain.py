"""What the ledger is held against: plain tables in SQLite and a window function, as one would write them in an hour.

No hashes, no judgements, no history of readings kept ready: which entries stand at a moment is asked of a window over
all entries each time. Texts lie uncompressed beside their documents, bodies as JSON beside the columns asked for.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from itertools import islice
from pathlib import Path

import msgspec
from benchmarks.war import Act, family

from contested.model import Assertion, Document, Entry

AT_ONCE = 1000  # acts of one transaction
TABLES = """
    CREATE TABLE documents (id TEXT PRIMARY KEY, source TEXT, published TEXT, text TEXT);
    CREATE TABLE entries (n INTEGER PRIMARY KEY, recorded_at TEXT, recorder TEXT, family TEXT, document TEXT);
    CREATE INDEX entries_document ON entries (document, family, n);
    CREATE TABLE assertions (entry INTEGER, id TEXT, kind TEXT, place TEXT, day TEXT, body TEXT);
    CREATE INDEX assertions_of ON assertions (kind, place, day);
    CREATE INDEX assertions_place ON assertions (place, day);
    CREATE INDEX assertions_kind ON assertions (kind, day);
    CREATE INDEX assertions_day ON assertions (day);
"""
STANDING = """
    standing AS (
        SELECT n FROM (
            SELECT n, row_number() OVER (PARTITION BY document, family ORDER BY n DESC) AS back
            FROM entries WHERE recorded_at <= :known
        ) WHERE back = 1
    )
"""
PICTURE = f"""
    WITH {STANDING}
    SELECT place, body FROM (
        SELECT place, body, row_number() OVER (PARTITION BY place ORDER BY day DESC, entry DESC) AS back
        FROM assertions WHERE kind = 'control' AND day <= :on AND place <> '' AND entry IN (SELECT n FROM standing)
    ) WHERE back = 1 ORDER BY place
"""
PAGE = f"""
    WITH {STANDING}
    SELECT id, body FROM assertions
    WHERE {{asked}} AND day >= :since AND day < :until AND entry IN (SELECT n FROM standing)
    ORDER BY day LIMIT :most
"""


class Plain:
    """A plain database at a path, begun there if there is none."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.execute("PRAGMA journal_mode = WAL")
        if not self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            self._connection.executescript(TABLES)
        self._n = self._connection.execute("SELECT ifnull(max(n), 0) FROM entries").fetchone()[0]

    def close(self) -> None:
        self._connection.close()

    def record_many(self, acts: Iterable[Act]) -> None:
        rest = iter(acts)
        while some := list(islice(rest, AT_ONCE)):
            with self._connection:
                for document, entries in some:
                    self._keep(document)
                    for entry in entries:
                        self._n += 1
                        self._insert("entries", [self._act(entry)])
                        self._insert("assertions", [self._row(each, document) for each in entry.assertions])

    def _act(self, entry: Entry) -> tuple[object, ...]:
        analyst = entry.recorder.startswith("analyst:")  # whom nothing supersedes
        by = f"{entry.recorder} {self._n}" if analyst else family(entry.recorder)
        return self._n, entry.recorded_at.isoformat(), entry.recorder, by, entry.document

    def _keep(self, document: Document) -> None:
        row = (document.id, document.source, str(document.published), document.text)
        self._connection.execute("INSERT OR IGNORE INTO documents VALUES (?, ?, ?, ?)", row)

    def _row(self, each: Assertion, document: Document) -> tuple[object, ...]:
        place = getattr(each.content, "place", None)
        day = each.period.since or document.published
        return self._n, each.id, each.kind, place.thing if place else "", str(day), msgspec.json.encode(each).decode()

    def _insert(self, table: str, rows: list[tuple[object, ...]]) -> None:
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            self._connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)

    # ── questions ────────────────────────────────────────────────────────────────────────────────

    def picture(self, on: dt.date, known: dt.datetime) -> list[tuple[str, Assertion]]:
        """The last that was said of who holds each place; who says it is not weighed."""
        asked = self._connection.execute(PICTURE, {"on": str(on), "known": known.isoformat()})
        return [(place, _decoder.decode(body)) for place, body in asked]

    def page(
        self, kind: str, place: str, since: dt.date, until: dt.date, known: dt.datetime, most: int
    ) -> list[tuple[str, Assertion]]:
        """The first assertions in a period by day, of a kind and about a place where these are given."""
        asked = {"kind": kind, "place": place, "since": str(since), "until": str(until), "most": most}
        given = [f"{name} = :{name}" for name in ("kind", "place") if asked[name]] or ["kind <> 'judgement'"]
        found = self._connection.execute(PAGE.format(asked=" AND ".join(given)), asked | {"known": known.isoformat()})
        return [(id_, _decoder.decode(body)) for id_, body in found]


_decoder = msgspec.json.Decoder(Assertion)


def pages_by_table(path: Path) -> dict[str, tuple[int, int]]:
    """The bytes of each table and of all its indexes; empty where SQLite was built without dbstat."""
    asked = """
        SELECT tbl_name, sum(pgsize * (type = 'table')), sum(pgsize * (type = 'index'))
        FROM dbstat JOIN sqlite_master USING (name) GROUP BY tbl_name ORDER BY sum(pgsize) DESC
    """
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        try:
            return {table: (own, indexes) for table, own, indexes in connection.execute(asked)}
        except sqlite3.OperationalError:
            return {}
