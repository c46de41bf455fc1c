"""Two offices merge their workspaces: originals and how they came, what was taken out there, what is refused."""

import datetime as dt
import json
from pathlib import Path

import pytest
from msgspec.structs import replace

import toy
from contested.cli import run
from contested.ledger.file import LedgerFile
from contested.ledger.merging import Merging
from contested.model import Entry
from contested.read import removed
from contested.workspace import open_workspace, removing

REPORT = "source: Gazette\npublished: 2021-08-08\n\nPolice said: Rebels captured Kunduz.\n"


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
