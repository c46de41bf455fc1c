"""The disk fills up while reports are added: the add ends with the remedy, and is taken up when there is room."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import toy
from contested import open_workspace
from contested.errors import LedgerError
from contested.read.archive import Archive
from unwritable import full_disk, small_disk

REPORT = "source: Gazette\npublished: 2021-08-08\n\nPolice said: Rebels captured Kunduz. {}\n"
REMEDY = "Make room or check rights|Free some space|the room on the disk"


@pytest.fixture
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Six reports that do not fold up well, so that each takes some pages."""
    toy.stand_in(monkeypatch)
    paths = [tmp_path / f"{number}.txt" for number in range(6)]
    for number, path in enumerate(paths):
        path.write_text(REPORT.format(" ".join(f"{(number + 1) * each**5:x}" for each in range(1500))))
    return paths


@pytest.mark.parametrize("left", range(0, 84, 4))
def test_an_add_that_runs_out_of_room_is_taken_up_when_there_is_some(
    reports: list[Path], tmp_path: Path, left: int
) -> None:
    with small_disk(tmp_path / "disk", "4m") as disk:
        with open_workspace(disk / "w", create=True) as workspace:
            with full_disk(disk, left), pytest.raises(LedgerError, match=REMEDY):
                workspace.add(reports)
            there = len(list(workspace.documents()))
            assert there < len(reports)
            assert workspace.verify() == []
            assert workspace.add(reports).documents == len(reports) - there
            assert workspace.verify() == []
        with open_workspace(disk / "w") as workspace:
            assert len(list(workspace.assertions())) == len(reports)
            assert workspace.verify() == []
        assert list((disk / "w" / "archive").glob("*/.*")) == []


def test_a_custody_line_for_which_there_is_no_room_is_taken_back(tmp_path: Path) -> None:
    """The page that custody.jsonl ends in is nearly full: a part of the next line would fit, and must not stay."""
    with small_disk(tmp_path / "disk", "1m") as disk:
        archive = Archive(disk / "archive")
        digest = archive.keep(b"first", came_from="a" * 3500, how="added as a file")
        before = archive.custody.read_bytes()
        with full_disk(disk, left=1), pytest.raises(LedgerError, match="No space left on device"):
            archive.keep(random.Random(1).randbytes(3000), came_from="b" * 3500, how="added as a file")
        assert archive.custody.read_bytes() == before
        assert archive.check() == []
        assert archive.original(digest) == b"first"
