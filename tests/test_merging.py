"""Merging, case by case: whose word stands, what is told otherwise, what was taken out, what is refused."""

import datetime as dt
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import Table
from sqlalchemy.exc import IntegrityError

import toy
from contested.cli import run
from contested.errors import LedgerError, UsageError
from contested.ledger import Ledger
from contested.ledger.file import LedgerFile
from contested.ledger.merging import Merging
from contested.ledger.tables import FLESH, SPINE
from contested.ledger.written import unfold
from contested.model import Entry, Origin
from contested.read import removed
from contested.workspace import open_workspace, removing
from grounds import Ground
from ledger_world import DOCUMENT, HOUR, MORNING, OTHER, entry, ids, judges, says

NOON = MORNING + 6 * HOUR
Fresh = Callable[[], AbstractContextManager[Ledger]]
REPORT = "source: Gazette\npublished: 2021-08-08\n\nPolice said: Rebels captured Kunduz.\n"


@pytest.fixture
def there(fresh: Fresh) -> Iterator[Ledger]:
    """Another office's ledger; either may be in a file or on a server."""
    with fresh() as ledger:
        yield ledger


@pytest.fixture
def filed(tmp_path: Path) -> Iterator[Ledger]:
    """In a file, for tests that copy it."""
    with Ledger.open(tmp_path / "ledger.sqlite", create=True) as ledger:
        yield ledger


def rows(ground: Ground, asked: str) -> list[tuple[object, ...]]:
    with ground.raw() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(asked)]


# ── entries ──────────────────────────────────────────────────────────────────────────────────────


def test_an_entry_keeps_what_it_says_and_tells_where_it_comes_from(ledger: Ledger, there: Ledger) -> None:
    there.record_all(DOCUMENT, [entry(says())])
    done = ledger.merge(there, at=NOON)
    (mine,), (theirs,) = ledger.entries(), there.entries()
    assert mine == replace(theirs, recorded_at=NOON, origin=Origin(there.head(), MORNING))
    assert (done.entries, done.documents, done.known, done.problems) == (1, 1, 0, ())
    assert ids(ledger, known=MORNING + HOUR) == []
    assert ids(ledger) == [says().id]
    assert ledger.verify(head=there.head()) == []


def test_of_two_readings_the_one_made_last_stands_wherever_it_was_made(ledger: Ledger, there: Ledger) -> None:
    there.record_all(DOCUMENT, [entry(says(0), at=MORNING)])
    ledger.record_all(DOCUMENT, [entry(says(7), at=MORNING + HOUR)])
    ledger.merge(there, at=NOON)
    assert ids(ledger) == [says(7).id]
    there.record(entry(says(14), at=MORNING + 2 * HOUR))
    ledger.merge(there, at=NOON + HOUR)
    assert ids(ledger) == [says(14).id]
    assert ids(ledger, known=NOON) == [says(7).id]


def test_what_went_by_way_of_a_third_office_is_taken_once(ledger: Ledger, there: Ledger, fresh: Fresh) -> None:
    there.record_all(DOCUMENT, [entry(says())])
    with fresh() as third:
        third.merge(there, at=NOON)
        ledger.merge(third, at=NOON + HOUR)
        assert ledger.merge(there, at=NOON + 2 * HOUR).known == 1
        there.merge(ledger, at=NOON + 3 * HOUR)
        (only,) = ledger.entries()
        assert only.origin == Origin(next(there.links()).hash, MORNING)
        for head in (there.head(), third.head()):
            assert ledger.verify(head=head) == []
        assert there.verify(head=ledger.head()) == []


def test_a_copy_that_went_on_shares_the_beginning(filed: Ledger, tmp_path: Path) -> None:
    filed.record_all(DOCUMENT, [entry(says())])
    filed.close()
    shutil.copy(tmp_path / "ledger.sqlite", tmp_path / "copy.sqlite")
    with Ledger.open(tmp_path / "copy.sqlite") as copy, Ledger.open(tmp_path / "ledger.sqlite") as first:
        copy.record(judges("reject", says().id, at=MORNING + HOUR))
        first.record(entry(says(7), recorder="event@1", at=MORNING + 2 * HOUR))
        done = first.merge(copy, at=NOON)
        assert (done.entries, done.known) == (1, 1)
        assert ids(first) == [says(7).id]
        assert first.verify(head=copy.head()) == []


def test_whoever_claims_to_be_one_of_ours_is_another(ledger: Ledger, there: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    there.add_document(DOCUMENT)
    there.record(replace(entry(says(7)), origin=Origin(ledger.head(), MORNING)))
    ledger.merge(there, at=NOON)
    assert len(list(ledger.entries())) == 2
    assert ledger.verify() == []


@pytest.mark.parametrize("earlier", ["here", "there"])
def test_one_name_is_taken_for_one_person(ledger: Ledger, there: Ledger, earlier: str) -> None:
    first, last = (ledger, there) if earlier == "here" else (there, ledger)
    for each, verdict, hours in ((first, "accept", 1), (last, "reject", 2)):
        each.record_all(DOCUMENT, [entry(says())])
        each.record(judges(verdict, says().id, at=MORNING + hours * HOUR))
    assert ledger.merge(there, at=NOON).analysts == ("amy",)
    assert ids(ledger) == []  # what amy said last
    assert ledger.merge(there, at=NOON).analysts == ()


def test_a_clock_that_runs_ahead_is_told(ledger: Ledger, there: Ledger) -> None:
    there.record_all(DOCUMENT, [entry(says(), at=NOON)])
    (problem,) = ledger.merge(there, at=MORNING).problems
    assert "later than now" in problem.reason


# ── documents ────────────────────────────────────────────────────────────────────────────────────


def test_the_same_report_under_another_file_name_is_the_same(ledger: Ledger, there: Ledger, ground: Ground) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    there.record_all(replace(DOCUMENT, file="clips/k.txt"), [entry(says(7), at=MORNING + HOUR)])
    assert ledger.merge(there, at=NOON).problems == ()
    assert ledger.document(DOCUMENT.id) == DOCUMENT
    assert len(rows(ground, "SELECT * FROM told_otherwise")) == 1
    assert ledger.verify() == []


def test_a_report_told_otherwise_stays_as_told_here_and_theirs_is_kept(
    ledger: Ledger, there: Ledger, ground: Ground
) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    there.record_all(replace(DOCUMENT, source="The Herald", published=dt.date(2021, 8, 10)), [entry(says(7))])
    (problem,) = ledger.merge(there, at=NOON).problems
    assert "The Herald, 2021-08-10" in problem.reason
    assert "The Fictional Courier, 2021-08-16" in problem.reason
    assert "--source" in problem.remedy
    assert ledger.document(DOCUMENT.id) == DOCUMENT
    ((meta, body),) = rows(ground, "SELECT meta, body FROM told_otherwise")
    assert (json.loads(unfold(meta))["source"], body) == ("The Herald", None)
    there.record(entry(says(14), at=NOON))
    assert ledger.merge(there, at=NOON + HOUR).problems == ()  # told once
    assert ledger.verify() == []


def test_what_was_read_into_other_words_is_left_out_and_kept(ledger: Ledger, there: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    there.record_all(replace(DOCUMENT, text=DOCUMENT.text.upper()), [entry(says(7), at=MORNING + HOUR)])
    done = ledger.merge(there, at=NOON)
    assert "other words" in done.problems[0].reason
    assert (done.entries, done.left_out, ids(ledger)) == (0, 1, [says().id])
    assert ledger.verify(head=there.head()) == []


@pytest.mark.parametrize("table", [each for each in (*SPINE, *FLESH) if each.name != "removed"], ids=str)
@pytest.mark.parametrize("act", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
def test_what_was_merged_cannot_be_changed_or_deleted(
    ledger: Ledger, there: Ledger, ground: Ground, table: Table, act: str
) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    there.record_all(replace(DOCUMENT, source="The Herald"), [entry(says(7))])
    ledger.merge(there, at=NOON)
    with ground.raw() as connection, pytest.raises(IntegrityError, match="append-only"):
        connection.exec_driver_sql(act.format(table.name, next(iter(table.c)).name))


# ── taken out ────────────────────────────────────────────────────────────────────────────────────


def removal(document: str = DOCUMENT.id, at: dt.datetime = MORNING + HOUR) -> Entry:
    return Entry(at, "tombstone:cy", document, removes="names a witness")


def test_what_was_taken_out_there_is_taken_out_here(ledger: Ledger, there: Ledger) -> None:
    again = replace(DOCUMENT, id=f"{DOCUMENT.id}.2", source="The Herald")
    for each in (ledger, there):
        each.record_all(DOCUMENT, [entry(says())])
    ledger.record_all(again, [entry(says(document=again), on=again)])
    there.record(removal())
    assert set(ledger.merge(there, at=NOON).removed) == {DOCUMENT.id, again.id}
    assert ids(ledger) == []
    with pytest.raises(UsageError, match="names a witness"):
        ledger.document(DOCUMENT.id)
    head = ledger.head()
    assert ledger.merge(there, at=NOON).removed == ()
    assert (ledger.head(), ledger.verify(head=there.head())) == (head, [])


def test_what_was_taken_out_there_does_not_come_in_elsewhere(ledger: Ledger, there: Ledger, fresh: Fresh) -> None:
    there.record_all(DOCUMENT, [entry(says())])
    there.record(removal())
    ledger.merge(there, at=NOON)
    with fresh() as third:
        third.record_all(DOCUMENT, [entry(says(7))])
        third.record_all(OTHER, [entry(says(document=OTHER), on=OTHER, at=MORNING + HOUR)])
        done = ledger.merge(third, at=NOON + HOUR)
        assert (done.entries, done.left_out) == (1, 1)
        assert ids(ledger) == [says(document=OTHER).id]
        assert ledger.verify(head=third.head()) == []


# ── what is refused ──────────────────────────────────────────────────────────────────────────────


def test_a_ledger_is_not_merged_with_itself(ledger: Ledger, ground: Ground) -> None:
    with ground.open() as same, pytest.raises(UsageError, match="itself"):
        ledger.merge(same)


def test_nor_by_another_name_of_its_file(filed: Ledger, tmp_path: Path) -> None:
    (tmp_path / "link.sqlite").symlink_to(tmp_path / "ledger.sqlite")
    with Ledger.open(tmp_path / "link.sqlite") as same, pytest.raises(UsageError, match="itself"):
        filed.merge(same)


@pytest.mark.parametrize("act", ["UPDATE bodies SET body = x'00' WHERE entry = 2", "UPDATE texts SET body = x'28'"])
def test_nothing_is_taken_from_where_a_ledger_was_altered(ledger: Ledger, tmp_path: Path, act: str) -> None:
    path = tmp_path / "there.sqlite"
    with Ledger.open(path, create=True) as there:
        there.record_all(DOCUMENT, [entry(says()), entry(says(7), recorder="event@1")])
    connection = sqlite3.connect(path)
    for name in ("bodies_no_update", "texts_no_update"):
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(act)
    connection.commit()
    connection.close()
    with Ledger.open(path) as there, pytest.raises(LedgerError, match=r"there.sqlite: .*contested verify"):
        ledger.merge(there, at=NOON)
    assert ids(ledger) == []
    assert ledger.verify() == []


def test_a_link_that_is_gone_is_missed(filed: Ledger, there: Ledger, tmp_path: Path) -> None:
    there.record_all(DOCUMENT, [entry(says()), entry(says(7), recorder="event@1")])
    filed.merge(there, at=NOON)
    filed.close()
    for which, place in (("ASC", "entries 1"), ("DESC", "entries 2")):
        shutil.copy(tmp_path / "ledger.sqlite", tmp_path / "altered.sqlite")
        connection = sqlite3.connect(tmp_path / "altered.sqlite")
        connection.execute("DROP TRIGGER links_no_delete")
        connection.execute(f"DELETE FROM links WHERE entry = (SELECT entry FROM links ORDER BY entry {which} LIMIT 1)")
        connection.commit()
        connection.close()
        with Ledger.open(tmp_path / "altered.sqlite") as altered:
            assert place in [each.place for each in altered.verify()]


# ── workspaces ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def offices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Path:
    """A folder with two workspaces, each with a report of its own and one that both have."""
    monkeypatch.chdir(tmp_path)
    toy.stand_in(monkeypatch)
    for office, town in (("north", "Kunduz"), ("south", "Herat")):
        clips = tmp_path / f"{office}-clips"
        clips.mkdir()
        (clips / "own.txt").write_text(REPORT.replace("Kunduz", f"{town} at last"))
        (clips / "both.txt").write_text(REPORT)
        assert run(["init", office]) == 0
        assert run(["-C", office, "add", str(clips)]) == 0
    capfd.readouterr()
    return tmp_path


def test_workspaces_are_merged_with_originals_and_how_they_came(
    offices: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (offices / "south" / "packs" / "own.csv").write_text("name\n")
    assert run(["-C", "north", "merge", "south", "--json"]) == 0
    told = capfd.readouterr()
    facts = json.loads(told.out)
    assert (facts["documents"], facts["originals"], facts["problems"]) == (1, 1, [])
    assert facts["differing"] == ["packs/own.csv"]
    assert "packs/own.csv" in told.err
    lines = (offices / "north" / "archive" / "custody.jsonl").read_text().splitlines()
    theirs = (offices / "south" / "archive" / "custody.jsonl").read_text().splitlines()
    assert set(theirs) <= set(lines)
    assert [json.loads(each)["how"] for each in lines].count("merged from another workspace") == 1
    assert run(["-C", "north", "verify"]) == 0
    with open_workspace("north") as north:
        assert len(list(north.documents())) == 3


def test_merging_to_and_fro_comes_to_rest(offices: Path) -> None:
    for _ in range(2):
        assert run(["-C", "north", "merge", "south"]) == 0
        assert run(["-C", "south", "merge", "north"]) == 0
    before = {path: path.read_bytes() for path in offices.rglob("custody.jsonl")}
    with open_workspace("north") as north, open_workspace("south") as south:
        heads = north.ledger.head(), south.ledger.head()
        assert [each.id for each in north.assertions()] == [each.id for each in south.assertions()]
    assert run(["-C", "north", "merge", "south"]) == 0
    assert run(["-C", "south", "merge", "north"]) == 0
    with open_workspace("north") as north, open_workspace("south") as south:
        assert (north.ledger.head(), south.ledger.head()) == heads
        assert north.verify() == south.verify() == []
    assert {path: path.read_bytes() for path in before} == before


@pytest.fixture
def apart(offices: Path) -> tuple[str, bytes]:
    """South holds what north has, from files of its own; what is to go, and its original as north keeps it."""
    assert run(["-C", "south", "merge", "north"]) == 0
    assert run(["-C", "south", "add", "--source", "The Kunduz Times", "north-clips/own.txt"]) == 0
    with open_workspace("north") as north:
        gone = next(each for each in north.documents() if each.file.endswith("own.txt"))
        bin_ = offices / "south" / "refused" / "llm-x"
        bin_.mkdir(parents=True)
        (bin_ / f"{gone.id}.2.jsonl").write_text("at last")
        (offices / "south" / "ledger-1.sqlite").write_text("at last")
        return gone.id, (north.archive / gone.original[:2] / f"{gone.original}.zst").read_bytes()


def still_there(folder: Path, gone: tuple[str, bytes]) -> list[str]:
    """The files that hold words of what was taken out, its original, or the name of its file."""
    wanted = (b"Kunduz at last", b"Kunduz Times", b"north-clips/own.txt", gone[1])
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if gone[0] in path.name or any(each in path.read_bytes() for each in wanted)]


def everything(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def remove_in_the_north(gone: tuple[str, bytes]) -> int:
    return run(["-C", "north", "remove", gone[0], "--reason", "a court order", "--analyst", "amy", "--yes"])


def test_of_what_was_taken_out_there_no_byte_is_left_here(offices: Path, apart: tuple[str, bytes]) -> None:
    south = offices / "south"
    assert len(still_there(south, apart)) > 2
    assert remove_in_the_north(apart) == 0
    assert run(["-C", "south", "merge", "north"]) == 0
    assert still_there(south, apart) == []
    assert not list(south.glob("ledger-*"))
    assert run(["-C", "south", "verify"]) == 0
    last = (south / "archive" / "custody.jsonl").read_text().splitlines()[-1]
    assert all(each in last for each in ('"reason":"a court order"', '"by":"amy"', f"{apart[0]}.2"))
    before = everything(south)
    assert run(["-C", "south", "merge", "north"]) == 0
    assert everything(south) == before


@pytest.mark.parametrize(
    ("where", "act"),
    [
        (LedgerFile, "scrub"),
        (Merging, "_remove"),
        (Merging, "_take"),
        (removed, "sweep"),
        (removed, "_settle"),
        (removed, "_blank"),
        (removing, "_empty_bin"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_removal_cut_short_is_finished_by_merging_again(
    offices: Path, apart: tuple[str, bytes], where: object, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    assert remove_in_the_north(apart) == 0
    (offices / "late.txt").write_text(REPORT.replace("Kunduz", "Farah"))
    assert run(["-C", "north", "add", "late.txt"]) == 0
    with monkeypatch.context() as patched, open_workspace("south") as south:
        patched.setattr(where, act, cut)
        with pytest.raises(KeyboardInterrupt):
            south.merge("north")
    assert run(["-C", "south", "merge", "north"]) == 0
    assert still_there(offices / "south", apart) == []
    assert run(["-C", "south", "verify"]) == 0


def test_an_original_that_another_document_rests_on_stays(
    offices: Path, apart: tuple[str, bytes], capfd: pytest.CaptureFixture[str]
) -> None:
    with open_workspace("south") as south:
        whole = south.document(apart[0])
        assert whole
        south.ledger.add_document(replace(whole, id="e2" * 12, text="Rebels captured Herat."))
    assert remove_in_the_north(apart) == 0
    assert run(["-C", "south", "merge", "north"]) == 3
    assert f"it stays, words and all: {'e2' * 12} came in the same file" in capfd.readouterr().err
    assert run(["-C", "south", "verify"]) == 0


def test_an_original_that_comes_along_with_another_document_is_kept_anew(
    offices: Path, apart: tuple[str, bytes]
) -> None:
    with open_workspace("north") as north:
        whole = north.document(apart[0])
        assert whole
        other = replace(whole, id="e2" * 12, text="Rebels captured Herat.")
        north.ledger.record_all(other, [Entry(dt.datetime.now(dt.UTC), "reader 1", other.id)])
    assert remove_in_the_north(apart) == 3
    for _ in range(2):
        assert run(["-C", "south", "merge", "north"]) == 0
        assert run(["-C", "south", "verify"]) == 0
    assert apart[1] in everything(offices / "south").values()


def test_an_original_that_is_missing_there_is_named(offices: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for path in (offices / "south" / "archive").rglob("*.zst"):
        path.unlink()
    assert run(["-C", "north", "merge", "south"]) == 3
    assert "its original did not come along" in capfd.readouterr().err
    with open_workspace("north") as north:
        assert len(list(north.documents())) == 3


@pytest.mark.parametrize(("other", "reason"), [("north", "itself"), ("nowhere", "not a workspace")])
def test_what_cannot_be_merged_is_refused(
    offices: Path, other: str, reason: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["-C", "north", "merge", other]) == 2
    assert reason in capfd.readouterr().err
