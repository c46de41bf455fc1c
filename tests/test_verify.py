"""Whatever is altered in a ledger is found, and the row is named."""

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from msgspec.structs import replace

from contested.ledger import Ledger
from contested.ledger.written import as_json, digest, link, pack
from contested.model import Assertion, Document, Entry, Judgement, Quote, Statement, Voice

BYTES = b"The envoy said talks in Doha would resume on 9 September 2020."
REPORT = Document("a" * 24, "The Fictional Courier", BYTES.decode(), sha256(BYTES).hexdigest(), file="doha.txt")
SECOND = replace(REPORT, id="b" * 24)
NOON = dt.datetime(2020, 9, 10, 12, tzinfo=dt.UTC)


def said(on: Document, start: int = 4) -> Assertion:
    return Assertion(Statement(about="talks"), (Voice("The envoy"),), quote=Quote(on.id, start, start + 5))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(path, create=True) as ledger:
        for document in (REPORT, SECOND):
            ledger.record_all(document, [Entry(NOON, "statement@1", document.id, (said(document), said(document, 10)))])
        reject = Assertion(Judgement((said(REPORT).id,), "reject"), (Voice("amy"),))
        ledger.record(Entry(NOON, "analyst:amy", "", (reject,)))
    return path


@contextmanager
def altering(path: Path) -> Iterator[sqlite3.Connection]:
    """The file without its guards, which are put back after."""
    connection = sqlite3.connect(path)
    guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    yield connection
    for _, sql in guards:
        connection.execute(sql)
    connection.commit()
    connection.close()


def found(path: Path) -> list[tuple[str, str]]:
    with Ledger.open(path) as ledger:
        return [(each.place, each.reason) for each in ledger.verify(lambda _: BYTES)]


def places(path: Path) -> list[str]:
    return [place for place, _ in found(path)]


def test_a_sound_ledger_has_no_problems(path: Path) -> None:
    assert found(path) == []


KEYS = {
    "documents": ("id",),
    "texts": ("document",),
    "entries": ("n",),
    "assertions": ("entry", "position"),
    "judgements": ("entry", "position"),
}


@pytest.mark.parametrize(
    ("table", "column", "row", "place"),
    [
        ("documents", "digest", 2, f"documents {SECOND.id}"),
        ("documents", "length", 2, f"documents {SECOND.id}"),
        ("documents", "meta", 2, f"documents {SECOND.id}"),
        ("texts", "body", 2, f"documents {SECOND.id}"),
        ("entries", "recorded_at", 2, "entries 2"),
        ("entries", "recorder", 2, "entries 2"),
        ("entries", "family", 2, "entries 2"),
        ("entries", "body", 2, "entries 2"),
        ("entries", "previous", 2, "entries 2"),
        ("entries", "hash", 2, "entries 2"),
        ("assertions", "id", 2, "assertions of entry 1"),
        ("assertions", "kind", 2, "assertions of entry 1"),
        ("assertions", "document", 2, "assertions of entry 1"),
        ("judgements", "assertion", 1, "judgements of entry 3"),
        ("judgements", "document", 1, "judgements of entry 3"),
        ("judgements", "kind", 1, "judgements of entry 3"),
    ],
)
@pytest.mark.parametrize("mask", [0x01, 0x80])
def test_one_byte_changed_anywhere_is_found_with_its_row(
    path: Path, table: str, column: str, row: int, place: str, mask: int
) -> None:
    keys = KEYS[table]
    columns = ", ".join((*keys, column))
    with altering(path) as connection:
        connection.text_factory = bytes
        asked = f"SELECT {columns} FROM {table} ORDER BY {', '.join(keys)} LIMIT 1 OFFSET {row - 1}"
        *key, before = connection.execute(asked).fetchone()
        where = " AND ".join(f"CAST({each} AS BLOB) = CAST(? AS BLOB)" for each in keys)
        stored = {"body": "BLOB", "length": "INTEGER"}.get(column, "TEXT") if table != "entries" else "TEXT"
        change = f"UPDATE {table} SET {column} = CAST(? AS {stored}) WHERE {where}"
        assert connection.execute(change, (_changed(before, mask), *key)).rowcount == 1
    assert place in places(path)


def _changed(value: object, mask: int) -> object:
    if isinstance(value, int):
        return value ^ mask
    assert isinstance(value, bytes)
    raw = bytearray(value or b"\x00")
    raw[len(raw) // 2] ^= mask
    return bytes(raw)


def test_only_the_first_of_the_rows_that_depend_on_it_is_blamed(path: Path) -> None:
    with altering(path) as connection:
        connection.execute("UPDATE entries SET body = replace(body, 'talks', 'walks') WHERE n = 1")
    assert [place for place in places(path) if place.startswith("entries")] == ["entries 1"]


def test_an_entry_written_anew_with_its_hash_breaks_the_next(path: Path) -> None:
    with Ledger.open(path) as ledger:
        forged = replace(next(ledger.entries()), assertions=())
    with altering(path) as connection:
        previous, known = connection.execute(
            "SELECT previous, digest FROM entries JOIN documents ON id = document WHERE n = 1"
        ).fetchone()
        row = (as_json(forged), link(previous, as_json(forged), known))
        connection.execute("UPDATE entries SET body = ?, hash = ? WHERE n = 1", row)
    assert ("entries 2", "it does not follow the entry before it: one of the two was replaced") in found(path)


def test_a_document_written_anew_with_its_digest_breaks_its_entries(path: Path) -> None:
    forged = as_json(replace(SECOND, text="", source="Another Courier"))
    with altering(path) as connection:
        row = (forged, digest(forged, SECOND.text), SECOND.id)
        connection.execute("UPDATE documents SET meta = ?, digest = ? WHERE id = ?", row)
    assert found(path) == [("entries 2", "it is not what was recorded: its hash differs")]


def test_the_check_goes_on_to_the_last_row(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contested.ledger.check.AT_ONCE", 1)
    assert found(path) == []
    with altering(path) as connection:
        connection.execute("UPDATE entries SET hash = previous WHERE n = 3")
        connection.execute("UPDATE texts SET body = ? WHERE document = ?", (b"", SECOND.id))
    assert places(path) == [f"documents {SECOND.id}", "entries 3"]


def test_rows_taken_out_are_missed(path: Path) -> None:
    with Ledger.open(path) as ledger:
        head = ledger.head()
    with altering(path) as connection:
        connection.execute("DELETE FROM entries WHERE n = 2")
    assert ("entries 3", "1 entries before it are gone") in found(path)
    assert "assertions of entry 2" in places(path)
    with altering(path) as connection:
        connection.execute("DELETE FROM entries WHERE n = 3")
    with Ledger.open(path) as ledger:
        assert any("cut short" in each.reason for each in ledger.verify(head=head))


def test_a_text_taken_out_is_missed(path: Path) -> None:
    with altering(path) as connection:
        connection.execute("DELETE FROM texts WHERE document = ?", (SECOND.id,))
    assert (f"documents {SECOND.id}", "its text is gone") in found(path)


def test_a_quote_beyond_its_text_is_found_even_when_hashes_agree(path: Path) -> None:
    with Ledger.open(path) as ledger:
        first = next(ledger.entries())
        wrong = replace(first, assertions=(said(REPORT, len(REPORT.text)),))
    with altering(path) as connection:
        previous, known = connection.execute(
            "SELECT previous, digest FROM entries JOIN documents ON id = document WHERE n = 1"
        ).fetchone()
        row = (as_json(wrong), link(previous, as_json(wrong), known))
        connection.execute("UPDATE entries SET body = ?, hash = ? WHERE n = 1", row)
    assert any(place == "entries 1" and "not inside the text" in reason for place, reason in found(path))


def test_a_text_that_unfolds_without_end_is_not_unfolded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contested.ledger.written.TEXT_LIMIT", 1 << 20)
    with altering(path) as connection:
        bomb = (sqlite3.Binary(_bomb()), SECOND.id)
        connection.execute("UPDATE texts SET body = ? WHERE document = ?", bomb)
    assert any(place == f"documents {SECOND.id}" and "unfolds" in reason for place, reason in found(path))


def _bomb() -> bytes:
    import zstandard

    assert len(pack("fine")) < 100
    return zstandard.ZstdCompressor().compress(b"\x20" * (1 << 21))


def test_guards_taken_off_are_missed(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER entries_no_update")
    connection.close()
    assert found(path) == [("", "the trigger entries_no_update is gone: rows could be changed")]


def test_an_original_missing_or_altered_is_named_with_its_file(path: Path) -> None:
    def gone(_: str) -> bytes:
        raise FileNotFoundError("no such file")

    with Ledger.open(path) as ledger:
        assert [(each.file, each.place) for each in ledger.verify(gone)] == [
            ("doha.txt", f"original {REPORT.original}")
        ]
        assert [each.reason for each in ledger.verify(lambda _: b"else")] == ["its original was altered"]


def test_an_index_that_lies_is_mended_by_reindex(path: Path) -> None:
    with altering(path) as connection:
        connection.execute("UPDATE assertions SET kind = 'event' WHERE entry = 1")
    with Ledger.open(path) as ledger:
        assert [each.remedy for each in ledger.verify()] == ["Run: contested reindex"]
        ledger.reindex()
        assert ledger.verify() == []
