"""Where nothing can be written a workspace can still be read, drawn and checked; what would write says what to do."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest

import toy
from contested import Workspace, open_workspace
from contested.cli import run
from contested.errors import LedgerError
from contested.ledger import Ledger
from faults_world import SESSION, state
from unwritable import full_disk, read_only_disk, small_disk, without_rights

REPORT = "source: Gazette\npublished: 2021-08-08\n\nPolice said: Rebels captured Kunduz. Rebels captured Herat.\n"
Place = Callable[[Path], AbstractContextManager[None]]


def no_right_to_the_folder(folder: Path) -> AbstractContextManager[None]:
    return without_rights(folder, *folder.rglob("*"))


def no_right_to_the_file(folder: Path) -> AbstractContextManager[None]:
    ledger = folder / "ledger.sqlite"
    return without_rights(ledger, folder / "archive" / "custody.jsonl", *(folder / "archive").glob("??"))


def a_read_only_disk(folder: Path) -> AbstractContextManager[None]:
    return read_only_disk(folder.parent)


def a_full_disk(folder: Path) -> AbstractContextManager[None]:
    return full_disk(folder.parent)


PLACES: tuple[Place, ...] = (a_read_only_disk, a_full_disk, no_right_to_the_folder, no_right_to_the_file)
every_place = pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__.replace("_", " "))
REMEDY = "Check the folder's permissions|Make room or check rights|Free some space"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A workspace with one report, on a disk of its own."""
    toy.stand_in(monkeypatch)
    monkeypatch.delenv("CONTESTED_WORKSPACE", raising=False)
    (tmp_path / "a.txt").write_text(REPORT)
    (tmp_path / "b.txt").write_text(REPORT.replace("Kunduz", "Farah"))
    with small_disk(tmp_path / "disk") as disk:
        with open_workspace(disk / "w", create=True) as workspace:
            workspace.add([tmp_path / "a.txt"])
        yield disk / "w"


def seen(workspace: Workspace) -> tuple[object, ...]:
    """What is on record, what stands, and a picture."""
    picture = workspace.picture("control", on=dt.date(2021, 8, 9))
    return workspace.ledger.head(), [each.id for each in workspace.assertions()], len(picture.rows)


@every_place
def test_it_can_be_read_drawn_and_checked(folder: Path, place: Place) -> None:
    with open_workspace(folder) as workspace:
        known = seen(workspace)
    with place(folder), open_workspace(folder) as workspace:
        assert seen(workspace) == known
        assert workspace.verify(head=workspace.ledger.head()) == []
        assert workspace.words(next(workspace.assertions())).startswith("Rebels captured")
    assert known[2] == 2


@every_place
def test_the_commands_that_read_work_and_the_others_end_with_a_ledger_fault(
    folder: Path, place: Place, capfd: pytest.CaptureFixture[str]
) -> None:
    def ran(*words: str) -> int:
        return run(["-C", str(folder), *words])

    with place(folder):
        assert {ran("verify"), ran("picture", "control"), ran("assertions"), ran("documents")} == {0}
        capfd.readouterr()
        assert ran("add", str(folder.parents[1] / "b.txt")) == 4
        told = capfd.readouterr().err
    assert re.search(REMEDY, told), told


@every_place
def test_what_writes_is_refused_with_the_remedy_and_can_be_done_after(folder: Path, place: Place) -> None:
    with open_workspace(folder) as workspace:
        known, said = seen(workspace), next(workspace.assertions()).id
    with place(folder), open_workspace(folder) as workspace:
        acts: tuple[Callable[[], object], ...] = (
            lambda: workspace.judge(said, "reject", analyst="amy"),
            lambda: workspace.add([folder.parents[1] / "b.txt"]),
            lambda: workspace.ledger.reindex(),
        )
        for act in acts:
            with pytest.raises(LedgerError, match=REMEDY):
                act()
        assert seen(workspace) == known
    with open_workspace(folder) as workspace:
        assert workspace.judge(said, "reject", analyst="amy")
        assert workspace.add([folder.parents[1] / "b.txt"]).documents == 1
        assert workspace.verify() == []


def test_what_a_killed_writer_left_in_its_journal_is_never_passed_over(tmp_path: Path) -> None:
    """Read as it lies, the file would lack the last acts: that is refused, not shown."""
    with small_disk(tmp_path / "disk") as disk:
        ledger = Ledger.open(tmp_path / "ledger.sqlite", create=True)
        SESSION[0](ledger)
        for name in ("ledger.sqlite", "ledger.sqlite-wal"):
            shutil.copy(tmp_path / name, disk / name)
        known = state(ledger)
        ledger.close()
        with read_only_disk(disk), pytest.raises(LedgerError, match="copy the workspace to where you may write"):
            Ledger.open(disk / "ledger.sqlite")
        shutil.copytree(disk, tmp_path / "copy")
        with Ledger.open(tmp_path / "copy" / "ledger.sqlite") as copied:
            assert state(copied) == known


def test_a_reader_who_may_not_write_sees_what_others_add(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(path, create=True) as ledger:
        SESSION[0](ledger)
    with ExitStack() as rights:
        rights.enter_context(without_rights(tmp_path, path))
        reader = Ledger.open(path)
        before = state(reader)
        rights.close()  # somebody who may
        with Ledger.open(path) as ledger:
            SESSION[1](ledger)
            after = state(ledger)
        rights.enter_context(without_rights(tmp_path, path))
        assert state(reader) == after != before
        reader.close()
