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
from contested.ledger.written import BEGINNING, as_json, digest, fold, link, pack, sha
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
    "documents": ("n",),
    "particulars": ("document",),
    "texts": ("document",),
    "entries": ("n",),
    "bodies": ("entry",),
    "terms": ("n",),
    "readings": ("n",),
    "judgements": ("entry", "position"),
}
TEXTS = {"id", "recorder", "family", "words"}


@pytest.mark.parametrize(
    ("table", "column", "row", "place"),
    [
        ("documents", "id", 2, "documents "),
        ("documents", "digest", 2, f"documents {SECOND.id}"),
        ("documents", "length", 2, f"documents {SECOND.id}"),
        ("particulars", "meta", 2, f"documents {SECOND.id}"),
        ("texts", "body", 2, f"documents {SECOND.id}"),
        ("entries", "recorded_at", 2, "entries 2"),
        ("entries", "made_at", 2, "entries 2"),
        ("entries", "recorder", 2, "entries 2"),
        ("entries", "family", 2, "entries 2"),
        ("entries", "hash", 2, "entries 2"),
        ("bodies", "body", 2, "entries 2"),
        ("terms", "words", 1, "readings of entry 1"),
        ("readings", "id", 2, "readings of entry 1"),
        ("readings", "since", 2, "readings of entry 1"),
        ("readings", "until", 2, "readings of entry 1"),
        ("readings", "kind", 2, "readings of entry 1"),
        ("readings", "place", 2, "readings of entry 1"),
        ("readings", "document", 2, "readings of entry 1"),
        ("judgements", "assertion", 1, "judgements of entry 3"),
        ("judgements", "document", 1, "judgements of entry 3"),
        ("judgements", "id", 1, "judgements of entry 3"),
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
        connection.execute("PRAGMA foreign_keys = OFF")
        asked = f"SELECT {columns} FROM {table} ORDER BY {', '.join(keys)} LIMIT 1 OFFSET {row - 1}"
        *key, before = connection.execute(asked).fetchone()
        where = " AND ".join(f"{each} = ?" for each in keys)
        text = column in TEXTS and (table, column) not in {("readings", "id"), ("judgements", "id")}
        change = f"UPDATE {table} SET {column} = {'CAST(? AS TEXT)' if text else '?'} WHERE {where}"
        assert connection.execute(change, (_changed(before, mask), *key)).rowcount == 1
    assert any(each.startswith(place) for each in places(path))


def _changed(value: object, mask: int) -> object:
    if isinstance(value, int | None):
        return (value or 0) ^ mask
    assert isinstance(value, bytes)
    raw = bytearray(value or b"\x00")
    raw[len(raw) // 2] ^= mask
    return bytes(raw)


def forge(connection: sqlite3.Connection, n: int, forged: Entry) -> None:
    """Write entry n anew, with the hash it would have."""
    asked = "SELECT digest FROM entries JOIN documents ON documents.n = document WHERE entries.n = ?"
    (known,) = connection.execute(asked, (n,)).fetchone()
    before = connection.execute("SELECT hash FROM entries WHERE n = ?", (n - 1,)).fetchone() or (BEGINNING,)
    body = as_json(forged)
    row = (link(before[0], sha(body), known), n)
    connection.execute("UPDATE entries SET hash = ? WHERE n = ?", row)
    connection.execute("UPDATE bodies SET body = ? WHERE entry = ?", (fold(body), n))


def test_only_the_first_of_the_rows_that_depend_on_it_is_blamed(path: Path) -> None:
    with altering(path) as connection:
        connection.execute("UPDATE entries SET hash = zeroblob(32) WHERE n = 1")
    assert [place for place in places(path) if place.startswith("entries")] == ["entries 1"]


def test_an_entry_written_anew_with_its_hash_breaks_the_next(path: Path) -> None:
    with Ledger.open(path) as ledger:
        forged = replace(next(ledger.entries()), assertions=())
    with altering(path) as connection:
        forge(connection, 1, forged)
    reason = "it is not what was recorded, or does not follow the entry before it: its hash differs"
    assert ("entries 2", reason) in found(path)


def test_a_document_written_anew_with_its_digest_breaks_its_entries(path: Path) -> None:
    forged = as_json(replace(SECOND, text="", source="Another Courier"))
    with altering(path) as connection:
        connection.execute("UPDATE particulars SET meta = ? WHERE document = 2", (fold(forged),))
        connection.execute("UPDATE documents SET digest = ? WHERE n = 2", (digest(forged, SECOND.text),))
    assert places(path) == ["entries 2"]


def test_the_check_goes_on_to_the_last_row(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("check", "index", "retraced"):
        monkeypatch.setattr(f"contested.ledger.{module}.AT_ONCE", 1)
    assert found(path) == []
    with altering(path) as connection:
        connection.execute("UPDATE entries SET hash = zeroblob(32) WHERE n = 3")
        connection.execute("UPDATE texts SET body = ? WHERE document = 2", (b"",))
    assert places(path) == [f"documents {SECOND.id}", "entries 3"]


def test_rows_taken_out_are_missed(path: Path) -> None:
    with Ledger.open(path) as ledger:
        head = ledger.head()
    with altering(path) as connection:
        connection.execute("DELETE FROM entries WHERE n = 2")
    assert ("entries 3", "1 entries before it are gone") in found(path)
    assert "readings of entry 2" in places(path)
    with altering(path) as connection:
        connection.execute("DELETE FROM entries WHERE n = 3")
    with Ledger.open(path) as ledger:
        assert any("cut short" in each.reason for each in ledger.verify(head=head))


def test_a_text_taken_out_is_missed(path: Path) -> None:
    with altering(path) as connection:
        connection.execute("DELETE FROM texts WHERE document = 2")
    assert (f"documents {SECOND.id}", "its text is gone") in found(path)


def test_a_quote_beyond_its_text_is_found_even_when_hashes_agree(path: Path) -> None:
    with Ledger.open(path) as ledger:
        first = next(ledger.entries())
        wrong = replace(first, assertions=(said(REPORT, len(REPORT.text)),))
    with altering(path) as connection:
        forge(connection, 1, wrong)
    assert any(place == "entries 1" and "not inside the text" in reason for place, reason in found(path))


def test_a_text_that_unfolds_without_end_is_not_unfolded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contested.ledger.written.TEXT_LIMIT", 1 << 20)
    with altering(path) as connection:
        connection.execute("UPDATE texts SET body = ? WHERE document = 2", (_bomb(),))
        connection.execute("UPDATE bodies SET body = ? WHERE entry = 2", (_bomb(),))
    assert any(place == f"documents {SECOND.id}" and "unfolds" in reason for place, reason in found(path))
    assert any(place == "entries 2" and "claims" in reason for place, reason in found(path))


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
        connection.execute("UPDATE readings SET day = 1 WHERE entry = 1")
    with Ledger.open(path) as ledger:
        assert [each.remedy for each in ledger.verify()] == ["Run: contested reindex"]
        ledger.reindex()
        assert ledger.verify() == []
