"""The ledger: what goes in, what stands, what is refused, and what survives."""

import datetime as dt
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from contested.errors import LedgerError, UsageError
from contested.ledger import Ledger, file
from contested.ledger.tables import VERSION
from contested.model import (
    Assertion,
    Control,
    Document,
    Entry,
    Estimate,
    Event,
    Judgement,
    Name,
    Period,
    Quote,
    Verdict,
    Voice,
)

TEXT = "Police said on 15 August 2021 that fighters had entered Kabul. The ministry denied it. کابل 😀"
MORNING = dt.datetime(2021, 8, 16, 6, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DOCUMENT = Document("d1" * 12, "The Fictional Courier", TEXT, "0" * 64, dt.date(2021, 8, 16), "given", file="kabul.txt")
OTHER = replace(DOCUMENT, id="e2" * 12, published=dt.date(2021, 8, 17), dating="guessed")


def says(start: int = 0, document: Document = DOCUMENT, **content: Any) -> Assertion:
    given: dict[str, Any] = {"status": "taken", "place": Name("Kabul", "geonames:1138958", 0.9)}
    said = Control(**(given | content))
    voices = (Voice("The Fictional Courier"), Voice("Police", cue="said"))
    return Assertion(said, voices, Period(dt.date(2021, 8, 15)), Quote(document.id, start, start + 5))


def entry(*said: Assertion, recorder: str = "control@1", at: dt.datetime = MORNING, on: Document = DOCUMENT) -> Entry:
    return Entry(at, recorder, on.id, said)


def judges(verdict: Verdict, *of: str, analyst: str = "amy", at: dt.datetime = MORNING, **more: Any) -> Entry:
    return Entry(at, f"analyst:{analyst}", "", (Assertion(Judgement(of, verdict, **more), (Voice(analyst),)),))


@pytest.fixture
def ledger(tmp_path: Path) -> Any:
    with Ledger.open(tmp_path / "ledger.sqlite", create=True) as ledger:
        yield ledger


def ids(ledger: Ledger, **asked: Any) -> list[str]:
    return [each.id for each in ledger.view(**asked)]


# ── recording ────────────────────────────────────────────────────────────────────────────────────


def test_what_goes_in_comes_out(ledger: Ledger) -> None:
    assert ledger.record_all(DOCUMENT, [entry(says())])
    (stands,) = ledger.view()
    assert stands.assertion == says()
    assert (stands.id, stands.recorder, stands.recorded_at) == (says().id, "control@1", MORNING)
    assert (stands.source, stands.published, stands.file) == (DOCUMENT.source, DOCUMENT.published, DOCUMENT.file)
    assert ledger.document(DOCUMENT.id) == DOCUMENT
    assert list(ledger.documents()) == [replace(DOCUMENT, text="")]
    assert list(ledger.entries()) == [entry(says())]


def test_a_guessed_day_is_not_told_as_the_day_of_publication(ledger: Ledger) -> None:
    ledger.record_all(OTHER, [entry(says(document=OTHER), on=OTHER)])
    assert [each.published for each in ledger.view()] == [None]


def test_recording_twice_changes_nothing(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says()), entry(recorder="event@1")])
    head = ledger.head()
    assert not ledger.record_all(DOCUMENT, [entry(says(), at=MORNING + HOUR), entry(recorder="event@1")])
    assert not ledger.record(entry(says(), at=MORNING + HOUR))
    assert not ledger.add_document(DOCUMENT)
    assert ledger.head() == head
    assert ledger.record(entry(says(), recorder="control@2", at=MORNING + HOUR))


def test_a_whole_number_and_the_same_number_with_a_point_are_one(ledger: Ledger) -> None:
    def killed(number: float) -> Entry:
        event = Event("bombing", killed=Estimate(number, number))
        return entry(replace(says(), content=event), recorder="event@1")

    ledger.record_all(DOCUMENT, [killed(3)])
    assert not ledger.record(killed(3.0))
    assert ids(ledger) == [killed(3.0).assertions[0].id]
    assert ledger.verify() == []


def test_a_new_version_supersedes_and_an_empty_entry_withdraws(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says(0), says(7))])
    assert ids(ledger) == [says(0).id, says(7).id]
    ledger.record(entry(says(7), recorder="control@2", at=MORNING + HOUR))
    assert ids(ledger) == [says(7).id]
    assert ledger.recorders(DOCUMENT.id) == {"control@2"}
    ledger.record(entry(recorder="control@3", at=MORNING + 2 * HOUR))
    assert ids(ledger) == []
    assert ids(ledger, known=MORNING) == [says(0).id, says(7).id]
    assert ids(ledger, known=MORNING - HOUR) == []


def test_the_recorders_of_a_document_are_those_whose_word_stands(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says()), entry(recorder="event@4")])
    ledger.record(judges("note", says().id, note="see also"))
    assert ledger.recorders(DOCUMENT.id) == {"control@1", "event@4"}
    assert ledger.recorders("nothing") == frozenset()


def test_a_clock_set_back_does_not_slip_into_the_past(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says(0))])
    ledger.record(entry(says(7), recorder="event@1", at=MORNING - 5 * HOUR))
    assert ids(ledger, known=MORNING) == [says(0).id]
    assert [each.recorded_at for each in ledger.entries()] == [MORNING, MORNING + dt.timedelta(microseconds=1)]


def test_moments_are_kept_in_utc_and_must_say_their_zone(ledger: Ledger) -> None:
    kabul = dt.timezone(dt.timedelta(hours=4, minutes=30))
    ledger.record_all(DOCUMENT, [entry(says(), at=MORNING.astimezone(kabul))])
    assert [each.recorded_at for each in ledger.view(known=MORNING.astimezone(kabul))] == [MORNING]
    with pytest.raises(UsageError, match="time zone"):
        ledger.view(known=MORNING.replace(tzinfo=None))
    with pytest.raises(UsageError, match="time zone"):
        ledger.record(entry(says(7), at=MORNING.replace(tzinfo=None)))


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (replace(says(), voices=()), "no voices"),
        (replace(says(), quote=None), "quotes nothing"),
        (replace(says(), quote=Quote(DOCUMENT.id, 4, 4)), "not inside"),
        (replace(says(), quote=Quote(DOCUMENT.id, -1, 4)), "not inside"),
        (replace(says(), quote=Quote(DOCUMENT.id, 0, len(TEXT) + 1)), "not inside"),
        (says(document=OTHER), "another document"),
        (says(status="burnt"), "no entry"),
        (judges("accept", says().id).assertions[0], "analyst's"),
    ],
)
def test_what_cannot_be_said_is_refused_and_nothing_of_its_act_is_kept(
    ledger: Ledger, wrong: Assertion, reason: str
) -> None:
    with pytest.raises(UsageError, match=reason):
        ledger.record_all(DOCUMENT, [entry(says(7), recorder="event@1"), entry(wrong)])
    assert list(ledger.documents()) == []
    assert list(ledger.entries()) == []


def test_the_last_character_can_be_quoted(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(replace(says(), quote=Quote(DOCUMENT.id, len(TEXT) - 1, len(TEXT))))])
    assert ledger.verify() == []


def test_a_document_must_be_on_record_and_keeps_its_words(ledger: Ledger) -> None:
    with pytest.raises(UsageError, match="Add it first"):
        ledger.record(entry(says()))
    ledger.add_document(DOCUMENT)
    with pytest.raises(UsageError, match="other words"):
        ledger.add_document(replace(DOCUMENT, text=TEXT + "."))
    with pytest.raises(UsageError, match="Unicode"):
        ledger.add_document(replace(OTHER, text="half a \ud83d pair"))


# ── what stands ──────────────────────────────────────────────────────────────────────────────────


def test_what_two_recorders_say_comes_once_by_the_earlier(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says(), recorder="zeal@1"), entry(says(), recorder="care@1")])
    ledger.record(entry(says(), recorder="able@1", at=MORNING + HOUR))
    assert [each.recorder for each in ledger.view()] == ["care@1"]


def test_a_view_can_be_of_kinds_and_of_one_document(ledger: Ledger) -> None:
    event = replace(says(12), content=Event("bombing"))
    ledger.record_all(DOCUMENT, [entry(says()), entry(event, recorder="event@1")])
    ledger.record_all(OTHER, [entry(says(document=OTHER), on=OTHER)])
    assert ids(ledger, kinds=("event",)) == [event.id]
    assert ids(ledger, kinds=("control", "event")) == [says().id, event.id, says(document=OTHER).id]
    assert ids(ledger, document=OTHER.id) == [says(document=OTHER).id]
    assert ids(ledger, document=OTHER.id, kinds=("event",)) == []
    with pytest.raises(UsageError, match="collection"):
        ledger.view(kinds="event")


def test_a_view_follows_the_order_of_the_words(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says(9), says(0), recorder="a@1"), entry(says(4), recorder="b@1")])
    assert ids(ledger) == [says(0).id, says(4).id, says(9).id]


def test_a_view_passes_from_one_reading_to_the_next(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contested.ledger.standing.AT_ONCE", 2)
    reports = [replace(DOCUMENT, id=f"{number:024x}") for number in range(7)]
    for report in reports:
        ledger.record_all(report, [entry(says(document=report), on=report)])
    assert ids(ledger) == [says(document=report).id for report in reports]
    assert ids(ledger, kinds=("control", "event")) == ids(ledger)


def test_a_rejected_assertion_falls_and_undo_restores_it(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    reject = judges("reject", says().id, note="old film", at=MORNING + HOUR)
    ledger.record(reject)
    assert ids(ledger) == []
    assert ids(ledger, known=MORNING) == [says().id]
    assert ledger.standing(says().id).judgements == reject.assertions
    ledger.record(judges("undo", reject.assertions[0].id, at=MORNING + 2 * HOUR))
    (stands,) = ledger.view()
    assert stands.judgements == ()


def test_undo_takes_back_one_of_two_same_judgements_at_a_time(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    reject = judges("reject", says().id)
    undo = judges("undo", reject.assertions[0].id)
    assert [ledger.record(each) for each in (reject, undo, reject)] == [True, True, True]
    assert ids(ledger) == []
    assert ledger.record(undo)
    assert not ledger.record(undo)
    assert ids(ledger) == [says().id]


def test_an_undo_can_be_undone_and_can_name_the_assertion(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    ledger.record(judges("accept", says().id))
    ledger.record(judges("reject", says().id))
    undo = judges("undo", says().id)
    ledger.record(undo)
    assert [each.content.verdict for each in next(ledger.view()).judgements] == ["accept"]  # type: ignore[union-attr]
    ledger.record(judges("undo", undo.assertions[0].id))
    assert ids(ledger) == []
    assert ledger.verify() == []


def test_another_analysts_word_is_not_taken_back_by_naming_the_assertion(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    ledger.record(judges("reject", says().id))
    assert not ledger.record(judges("undo", says().id, analyst="bo"))
    assert ids(ledger) == []


def test_where_analysts_differ_it_stands_with_both(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    ledger.record(judges("reject", says().id))
    ledger.record(judges("accept", says().id, analyst="bo"))
    (stands,) = ledger.view()
    assert [each.voices[0].who for each in stands.judgements] == ["amy", "bo"]
    ledger.record(judges("reject", says().id, analyst="bo"))
    assert ids(ledger) == []


def test_an_amended_assertion_stands_amended_under_its_old_id(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    ledger.record(judges("amend", says().id, amended=Event("clash", place=Name("Kabul"))))
    (stands,) = ledger.view(kinds=("event",))
    assert stands.id == says().id
    assert stands.assertion == replace(says(), content=Event("clash", place=Name("Kabul")))
    assert ids(ledger, kinds=("control",)) == []
    ledger.record(judges("reject", says().id))
    assert ids(ledger) == []


def test_the_last_to_amend_is_read_even_when_it_was_said_before(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    clash, seizure = Event("clash"), Event("seizure")
    for analyst, content in (("amy", clash), ("bo", seizure), ("amy", clash)):
        assert ledger.record(judges("amend", says().id, analyst=analyst, amended=content))
    assert [each.assertion.content for each in ledger.view()] == [clash]


def test_a_later_extractor_orphans_no_judgement(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    ledger.record(judges("reject", says().id))
    ledger.record(entry(replace(says(), confidence=0.4), says(7), recorder="control@2"))
    assert ids(ledger) == [says(7).id]


def test_one_judgement_may_bear_on_several_documents(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    ledger.record_all(OTHER, [entry(says(document=OTHER), on=OTHER)])
    pair = (says().id, says(document=OTHER).id)
    same = judges("same", *pair)
    ledger.record(same)
    assert [each.judgements for each in ledger.view()] == [same.assertions] * 2
    assert ids(ledger, kinds=("judgement",)) == [same.assertions[0].id]
    ledger.record(judges("different", *reversed(pair)))
    assert [each.judgements[0].content.verdict for each in ledger.view()] == ["different"] * 2  # type: ignore[union-attr]
    ledger.record(judges("undo", says().id))
    assert [each.judgements for each in ledger.view()] == [same.assertions] * 2


def test_what_is_not_on_record_cannot_be_judged(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    reject = judges("reject", says().id)
    ledger.record(reject)
    for wrong, reason in (
        (judges("reject", "f" * 24), "on record to judge"),
        (judges("accept", reject.assertions[0].id), "undone or noted"),
        (judges("reject"), "judges something"),
        (judges("reject", says().id, amended=Event("clash")), "verdict amend"),
        (replace(judges("accept", says().id), document="elsewhere"), "nothing judged is in"),
        (replace(judges("accept", says().id), assertions=(says(),)), "nothing else"),
    ):
        with pytest.raises(UsageError, match=reason):
            ledger.record(wrong)
    assert len(list(ledger.entries())) == 2


# ── by the beginning of an id ────────────────────────────────────────────────────────────────────


def test_an_id_may_be_shortened_as_long_as_it_is_the_only_one(ledger: Ledger) -> None:
    near = replace(OTHER, id=DOCUMENT.id[:4] + "ff")
    ledger.record_all(DOCUMENT, [entry(says(0), says(7))])
    ledger.add_document(near)
    assert ledger.standing(says(7).id[:10]).id == says(7).id
    assert ledger.document(near.id[:5]).id == near.id
    for wrong, reason in (("", "no document"), ("zz", "no document"), (DOCUMENT.id[:4], "several")):
        with pytest.raises(UsageError, match=reason):
            ledger.document(wrong)
    with pytest.raises(UsageError, match="no assertion"):
        ledger.standing(says(0).id, known=MORNING - HOUR)


def test_an_assertion_withdrawn_is_still_found_by_its_id(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    ledger.record(entry(recorder="control@2"))
    assert ids(ledger) == []
    assert ledger.standing(says().id).assertion == says()
    note = judges("note", says().id, note="withdrawn, yet true")
    ledger.record(note)
    assert ledger.standing(note.assertions[0].id).assertion == note.assertions[0]


# ── the file ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("table", ["documents", "texts", "entries", "assertions", "judgements"])
@pytest.mark.parametrize("act", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {}", "REPLACE INTO {0} SELECT * FROM {0}"])
def test_rows_cannot_be_changed_or_deleted(ledger: Ledger, tmp_path: Path, table: str, act: str) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    ledger.record(judges("reject", says().id))
    column = {"texts": "body", "entries": "body", "documents": "meta"}.get(table, "document")
    with sqlite3.connect(tmp_path / "ledger.sqlite") as connection:
        connection.execute("PRAGMA recursive_triggers = ON")
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(act.format(table, column))
    connection.close()


def test_it_opens_again_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(path, create=True) as ledger:
        ledger.record_all(DOCUMENT, [entry(says())])
        head = ledger.head()
    assert [each.name for each in tmp_path.iterdir()] == ["ledger.sqlite"]
    with Ledger.open(path, create=True) as ledger:
        assert ledger.head() == head
        assert ledger.record(entry(says(7), recorder="event@1"))
        assert ledger.verify(head=head) == []


def test_the_indexes_can_be_thrown_away(ledger: Ledger, tmp_path: Path) -> None:
    ledger.record_all(DOCUMENT, [entry(says(0), says(7))])
    reject = judges("reject", says(7).id)
    for each in (reject, judges("undo", reject.assertions[0].id), judges("reject", says(0).id)):
        ledger.record(each)
    with sqlite3.connect(tmp_path / "ledger.sqlite") as connection:
        before = [connection.execute(f"SELECT * FROM {each}").fetchall() for each in ("assertions", "judgements")]
        assert all(before)
        assert ledger.reindex() == 4
        after = [connection.execute(f"SELECT * FROM {each}").fetchall() for each in ("assertions", "judgements")]
    connection.close()
    assert after == before
    assert ledger.verify() == []


@pytest.mark.parametrize(
    ("version", "reason"), [(VERSION + 1, "newer contested.*Upgrade"), (VERSION - 1, "older contested")]
)
def test_another_version_of_the_schema_is_refused(tmp_path: Path, version: int, reason: str) -> None:
    path = tmp_path / "ledger.sqlite"
    Ledger.open(path, create=True).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    with pytest.raises(LedgerError, match=reason):
        Ledger.open(path)


def test_what_is_no_ledger_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="contested init"):
        Ledger.open(tmp_path / "none.sqlite")
    (tmp_path / "letter.txt").write_text("Dear reader, " * 500)
    with pytest.raises(LedgerError, match="Restore it"):
        Ledger.open(tmp_path / "letter.txt", create=True)
    with sqlite3.connect(tmp_path / "shop.sqlite") as connection:
        connection.execute("CREATE TABLE orders (id)")
    connection.close()
    with pytest.raises(LedgerError, match="no ledger"):
        Ledger.open(tmp_path / "shop.sqlite", create=True)


def test_an_empty_file_is_no_ledger_until_one_is_begun_in_it(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.touch()
    with pytest.raises(LedgerError, match="no ledger"):
        Ledger.open(path)
    Ledger.open(path, create=True).close()
    with Ledger.open(path) as ledger:
        assert ledger.head() == "0" * 64
        assert ledger.verify() == []


def test_a_damaged_page_is_a_ledger_fault(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(path, create=True) as ledger:
        ledger.record_all(DOCUMENT, [entry(*(says(start) for start in range(60)))])
    raw = bytearray(path.read_bytes())
    raw[4096:] = b"\xff" * (len(raw) - 4096)
    path.write_bytes(raw)
    with Ledger.open(path) as ledger, pytest.raises(LedgerError, match="Restore it"):
        list(ledger.view())


def test_killed_in_the_middle_nothing_of_the_act_is_there(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(path, create=True) as ledger:
        ledger.record_all(DOCUMENT, [entry(says())])
        head = ledger.head()
    script = f"""
import os, signal, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_ledger import DOCUMENT, OTHER, entry, says, Path
from contested.ledger import Ledger, index
write = index.write
def killed(connection, n, entry):
    write(connection, n, entry)
    if n == 3:
        os.kill(os.getpid(), signal.SIGKILL)
index.write = killed
with Ledger.open(Path({str(path)!r})) as ledger:
    ledger.record_all(OTHER, [entry(says(document=OTHER), recorder=each, on=OTHER) for each in ("a@1", "b@1", "c@1")])
"""
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ended.returncode == -9, ended.stderr
    with Ledger.open(path) as ledger:
        assert ledger.head() == head
        assert [each.id for each in ledger.documents()] == [DOCUMENT.id]
        assert ledger.verify(head=head) == []


def test_a_second_writer_waits_for_the_first(ledger: Ledger, tmp_path: Path) -> None:
    ledger.add_document(DOCUMENT)
    first = sqlite3.connect(tmp_path / "ledger.sqlite", isolation_level=None, check_same_thread=False)
    first.execute("BEGIN IMMEDIATE")
    second = threading.Thread(target=lambda: ledger.record(entry(says())))
    second.start()
    second.join(0.2)
    assert second.is_alive()
    assert list(ledger.entries()) == []  # and a reader waits for neither
    first.execute("COMMIT")
    second.join()
    first.close()
    assert list(ledger.entries()) == [entry(says())]


def test_a_writer_kept_waiting_too_long_is_told_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "PATIENCE", 0.05)
    with Ledger.open(tmp_path / "ledger.sqlite", create=True) as ledger:
        first = sqlite3.connect(tmp_path / "ledger.sqlite", isolation_level=None)
        first.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match="another process is writing"):
            ledger.add_document(DOCUMENT)
        first.close()


def test_a_view_begun_is_not_disturbed_by_what_is_recorded_meanwhile(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says(0), says(7))])
    begun = ledger.view()
    seen = [next(begun).id]
    ledger.record(judges("reject", says(7).id))
    ledger.record_all(OTHER, [entry(says(document=OTHER), on=OTHER)])
    assert seen + [each.id for each in begun] == [says(0).id, says(7).id]


def test_many_threads_may_record_at_once(ledger: Ledger) -> None:
    def work(name: int) -> None:
        for version in range(5):
            ledger.record(entry(says(version), recorder=f"r{name}@{version}"))

    ledger.add_document(DOCUMENT)
    threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(ledger.entries())) == 20
    assert ledger.verify() == []
