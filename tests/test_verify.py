"""Whatever is altered in a ledger is found, and the row is named."""

import datetime as dt
from hashlib import sha256

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, text

from contested.errors import LedgerError
from contested.ledger.written import BEGINNING, as_json, digest, fold, link, pack_all, sha
from contested.model import Assertion, Document, Entry, Judgement, Quote, Statement, Voice
from grounds import Ground

BYTES = b"The envoy said talks in Doha would resume on 9 September 2020."
REPORT = Document("a" * 24, "The Fictional Courier", BYTES.decode(), sha256(BYTES).hexdigest(), file="doha.txt")
SECOND = replace(REPORT, id="b" * 24)
NOON = dt.datetime(2020, 9, 10, 12, tzinfo=dt.UTC)


def said(on: Document, start: int = 4) -> Assertion:
    return Assertion(Statement(about="talks"), (Voice("The envoy"),), quote=Quote(on.id, start, start + 5))


@pytest.fixture
def place(ground: Ground) -> Ground:
    """A ledger of three entries, to be altered."""
    with ground.open(create=True) as ledger:
        for document in (REPORT, SECOND):
            ledger.record_all(document, [Entry(NOON, "statement@1", document.id, (said(document), said(document, 10)))])
        reject = Assertion(Judgement((said(REPORT).id,), "reject"), (Voice("amy"),))
        ledger.record(Entry(NOON, "analyst:amy", "", (reject,)))
    return ground


def found(place: Ground) -> list[tuple[str, str]]:
    with place.open() as ledger:
        return [(each.place, each.reason) for each in ledger.verify(lambda _: BYTES)]


def places(place: Ground) -> list[str]:
    return [place for place, _ in found(place)]


def test_a_sound_ledger_has_no_problems(place: Ground) -> None:
    assert found(place) == []


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


@pytest.mark.parametrize(
    ("table", "column", "row", "where"),
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
    place: Ground, table: str, column: str, row: int, where: str, mask: int
) -> None:
    keys = KEYS[table]
    columns = ", ".join((*keys, column))
    with place.altering() as connection:
        asked = f"SELECT {columns} FROM {table} ORDER BY {', '.join(keys)} LIMIT 1 OFFSET {row - 1}"
        *key, before = connection.exec_driver_sql(asked).one()
        keyed = " AND ".join(f"{each} = :{each}" for each in keys)
        text_of = "CAST(:now AS TEXT)" if isinstance(before, str) else ":now"
        change = text(f"UPDATE {table} SET {column} = {text_of} WHERE {keyed}")
        now = _changed(before, mask, ground_of=place.name)
        assert connection.execute(change, {"now": now, **dict(zip(keys, key, strict=True))}).rowcount == 1
    assert any(each.startswith(where) for each in places(place))


def _changed(value: object, mask: int, ground_of: str) -> object:
    if isinstance(value, int | None):
        return (value or 0) ^ mask
    if isinstance(value, str) and ground_of == "postgresql":  # which takes no bytes that are no UTF-8
        middle = len(value) // 2
        return value[:middle] + chr(ord(value[middle]) ^ mask) + value[middle + 1 :]
    assert isinstance(value, bytes | str)
    raw = bytearray((value.encode() if isinstance(value, str) else value) or b"\x00")
    raw[len(raw) // 2] ^= mask
    return bytes(raw)


def forge(connection: Connection, n: int, forged: Entry) -> None:
    """Write entry n anew, with the hash it would have."""
    asked = "SELECT digest FROM entries JOIN documents ON documents.n = document WHERE entries.n ="
    known = connection.exec_driver_sql(f"{asked} {n}").scalar_one()
    before = connection.exec_driver_sql(f"SELECT hash FROM entries WHERE n = {n - 1}").scalar() or BEGINNING
    body = as_json(forged)
    said = {"hash": link(before, sha(body), known), "n": n}
    connection.execute(text("UPDATE entries SET hash = :hash WHERE n = :n"), said)
    connection.execute(text("UPDATE bodies SET body = :body WHERE entry = :n"), {"body": fold(body), "n": n})


def test_only_the_first_of_the_rows_that_depend_on_it_is_blamed(place: Ground) -> None:
    with place.altering() as connection:
        connection.execute(text("UPDATE entries SET hash = :zeros WHERE n = 1"), {"zeros": BEGINNING})
    assert [place for place in places(place) if place.startswith("entries")] == ["entries 1"]


def test_an_entry_written_anew_with_its_hash_breaks_the_next(place: Ground) -> None:
    with place.open() as ledger:
        forged = replace(next(ledger.entries()), assertions=())
    with place.altering() as connection:
        forge(connection, 1, forged)
    reason = "it is not what was recorded, or does not follow the entry before it: its hash differs"
    assert ("entries 2", reason) in found(place)


def test_a_document_written_anew_with_its_digest_breaks_its_entries(place: Ground) -> None:
    forged = as_json(replace(SECOND, text="", source="Another Courier"))
    with place.altering() as connection:
        connection.execute(text("UPDATE particulars SET meta = :now WHERE document = 2"), {"now": fold(forged)})
        connection.execute(text("UPDATE documents SET digest = :now WHERE n = 2"), {"now": digest(forged, SECOND.text)})
    assert places(place) == ["entries 2"]


@pytest.mark.parametrize("body", [b"", b"\0", fold(b"{}"), fold(b"nothing")])
@pytest.mark.parametrize("n", [1, 2, 3])
def test_an_entry_that_cannot_be_read_is_blamed_once(place: Ground, body: bytes, n: int) -> None:
    with place.altering() as connection:
        connection.execute(text("UPDATE bodies SET body = :now WHERE entry = :n"), {"now": body, "n": n})
    assert places(place) == [f"entries {n}"]


def test_an_entry_whose_body_is_gone_is_blamed_once(place: Ground) -> None:
    with place.altering() as connection:
        connection.exec_driver_sql("DELETE FROM bodies WHERE entry = 2")
    assert places(place) == ["entries 2"]


def test_the_check_goes_on_to_the_last_row(place: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    for some in ("walking.ROWS", "walking.AT_ONCE", "part.AT_ONCE", "rejudged.ROWS"):
        monkeypatch.setattr(f"contested.ledger.{some}", 1)
    assert found(place) == []
    with place.altering() as connection:
        connection.execute(text("UPDATE entries SET hash = :zeros WHERE n = 3"), {"zeros": BEGINNING})
        connection.execute(text("UPDATE texts SET body = :now WHERE document = 2"), {"now": b""})
    assert places(place) == [f"documents {SECOND.id}", "entries 3"]


def test_rows_taken_out_are_missed(place: Ground) -> None:
    with place.open() as ledger:
        head = ledger.head()
    with place.altering() as connection:
        connection.exec_driver_sql("DELETE FROM entries WHERE n = 2")
    assert ("entries 3", "1 entries before it are gone") in found(place)
    assert "readings of entry 2" in places(place)
    with place.altering() as connection:
        connection.exec_driver_sql("DELETE FROM entries WHERE n = 3")
    with place.open() as ledger:
        assert any("cut short" in each.reason for each in ledger.verify(head=head))


def test_a_text_taken_out_is_missed(place: Ground) -> None:
    with place.altering() as connection:
        connection.exec_driver_sql("DELETE FROM texts WHERE document = 2")
    assert (f"documents {SECOND.id}", "its text is gone") in found(place)


def test_a_quote_beyond_its_text_is_found_even_when_hashes_agree(place: Ground) -> None:
    with place.open() as ledger:
        first = next(ledger.entries())
        wrong = replace(first, assertions=(said(REPORT, len(REPORT.text)),))
    with place.altering() as connection:
        forge(connection, 1, wrong)
    assert any(place == "entries 1" and "not inside the text" in reason for place, reason in found(place))


def test_a_text_that_unfolds_without_end_is_not_unfolded(place: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contested.ledger.written.TEXT_LIMIT", 1 << 20)
    with place.altering() as connection:
        connection.execute(text("UPDATE texts SET body = :now WHERE document = 2"), {"now": _bomb()})
        connection.execute(text("UPDATE bodies SET body = :now WHERE entry = 2"), {"now": _bomb()})
    assert any(place == f"documents {SECOND.id}" and "unfolds" in reason for place, reason in found(place))
    assert any(place == "entries 2" and "claims" in reason for place, reason in found(place))


def _bomb() -> bytes:
    import zstandard

    assert len(pack_all([b"fine"])[0]) < 100
    return zstandard.ZstdCompressor().compress(b"\x20" * (1 << 21))


def test_guards_taken_off_are_missed(place: Ground) -> None:
    with place.raw() as connection:
        of_table = " ON entries" if place.name == "postgresql" else ""
        connection.exec_driver_sql(f"DROP TRIGGER entries_no_update{of_table}")
    assert found(place) == [("", "the trigger entries_no_update is gone: rows could be changed")]


def test_an_original_missing_or_altered_is_named_with_its_file(place: Ground) -> None:
    def gone(_: str) -> bytes:
        raise FileNotFoundError("no such file")

    with place.open() as ledger:
        assert [(each.file, each.place) for each in ledger.verify(gone)] == [
            ("doha.txt", f"original {REPORT.original}")
        ]
        assert [each.reason for each in ledger.verify(lambda _: b"else")] == ["its original was altered"]


def test_what_a_judgement_of_a_judgement_bears_on_is_looked_up_again(
    place: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contested.ledger.rejudged.ROWS", 1)
    with place.open() as ledger:
        (reject,) = list(ledger.entries())[-1].assertions
        undo = Assertion(Judgement((reject.id,), "undo"), (Voice("bob"),))
        ledger.record(Entry(NOON, "analyst:bob", "", (undo,)))
    assert found(place) == []
    with place.altering() as connection:
        connection.exec_driver_sql("UPDATE judgements SET document = 2 WHERE entry = 4")
    assert "judgements of entry 4" in places(place)


def test_an_index_that_lies_is_mended_by_reindex(place: Ground) -> None:
    with place.altering() as connection:
        connection.exec_driver_sql("UPDATE readings SET day = 1 WHERE entry = 1")
    with place.open() as ledger:
        assert [each.remedy for each in ledger.verify()] == ["Run: contested reindex"]
        ledger.reindex()
        assert ledger.verify() == []


@pytest.mark.parametrize(
    ("wrong", "places"),
    [
        ("INSERT INTO judgements SELECT 1, 0, id, document, id FROM readings WHERE n = 1", ["judgements of entry 1"]),
        ("INSERT INTO judgements SELECT 1, 7, id, document, id FROM readings WHERE n = 1", ["judgements of entry 1"]),
        ("UPDATE judgements SET position = 3", ["readings of entry 1", "judgements of entry 3"]),
        ("UPDATE judgements SET position = -1", ["readings of entry 1", "judgements of entry 3"]),
    ],
)
def test_a_row_that_points_at_no_judgement_is_named_and_hides_nothing(
    place: Ground, wrong: str, places: list[str]
) -> None:
    with place.altering() as connection:
        connection.exec_driver_sql(wrong)
        connection.exec_driver_sql("UPDATE readings SET day = 1 WHERE entry = 2")
    with place.open() as ledger:
        found = ledger.verify()
        assert {each.remedy for each in found} == {"Run: contested reindex"}
        assert {each.place for each in found} >= {*places, "readings of entry 2"}
        with pytest.raises(LedgerError, match=r"judgements of entry \d: .* Run: contested reindex"):
            list(ledger.view(kinds=("judgement",)))
        ledger.reindex()
        assert ledger.verify() == []
        assert len(list(ledger.view(kinds=("judgement",)))) == 1


def test_a_reading_that_points_at_no_amendment_is_named(place: Ground) -> None:
    with place.altering() as connection:
        connection.exec_driver_sql("UPDATE readings SET said = 3, said_position = 0 WHERE entry = 2")
    with place.open() as ledger, pytest.raises(LedgerError, match="readings of entry 2: the index"):
        list(ledger.view())
