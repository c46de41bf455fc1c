"""A large record's pictures are those of a small one: drawn by looking back or by marks, the rows are the same."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from benchmarks.war import reports
from msgspec.structs import replace

from contested import open_workspace
from contested.model import Row
from contested.workspace import Workspace, picturing

ON = dt.date(2010, 6, 1)
KNOWN = dt.datetime(2012, 1, 1, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def war(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("war") / "w"
    with open_workspace(folder, create=True) as workspace:
        workspace.ledger.record_many(reports(3_000, places=25, years=12, seed=3), at_once=50)
    return folder


def drawn(workspace: Workspace, name: str, known: dt.datetime | None = None) -> list[Row]:
    """The rows that are of something; of a large record those left aside are not gathered.

    Sorted, for a thing unknown to the register, which reports call by many names, is sorted there by its id.
    """
    rows = workspace.picture(name, on=ON, known=known).rows
    return sorted((replace(row, ignored=()) for row in rows if any(row.key)), key=lambda row: (row.key, row.things))


NAMES = (
    "capitals", "claims", "commitments", "control", "control-lwj", "designations", "forecasts", "incidents",
    "quantities", "relations", "sources", "timeline",
)  # fmt: skip


@pytest.mark.parametrize("known", [None, KNOWN])
@pytest.mark.parametrize("name", NAMES)
def test_every_picture_of_a_large_record_has_the_rows_of_a_small_one(
    war: Path, name: str, known: dt.datetime | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_workspace(war) as workspace:
        whole = drawn(workspace, name, known)
        monkeypatch.setattr(picturing, "LITTLE", 0)
        monkeypatch.setattr(picturing, "FEW", 0)
        monkeypatch.setattr(picturing, "AT_ONCE", 70)
        assert drawn(workspace, name, known) == whole
        assert whole or name == "capitals"  # no town of this war is one


LIMITS = ("ledger.backwards.FIRST", "derive.backwards.MOST", "workspace.picturing.TOGETHER")


@pytest.mark.parametrize("limits", [(1, 1, 1), (1, 3, 1_000), (2, 20_000, 3)])
def test_looking_back_asks_again_where_the_first_few_do_not_settle_a_row(
    war: Path, limits: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_workspace(war) as workspace:
        whole = drawn(workspace, "control")
        monkeypatch.setattr(picturing, "LITTLE", 0)
        monkeypatch.setattr(picturing, "FEW", 0)
        for name, most in zip(LIMITS, limits, strict=True):
            monkeypatch.setattr(f"contested.{name}", most)
        assert drawn(workspace, "control") == whole


def test_a_picture_being_poured_keeps_nobody_from_removing(
    war: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picturing, "FEW", 0)
    monkeypatch.setattr(picturing, "TOGETHER", 1)
    folder = shutil.copytree(war, tmp_path / "w")
    with open_workspace(folder) as workspace, open_workspace(folder) as other:
        poured = picturing.rows(workspace.ledger, workspace.register, workspace.codebook("control"), ON, None)
        first = next(poured)
        theirs = {other.standing(id_).assertion.quote.document for id_ in first.support}  # type: ignore[union-attr]
        others = sorted({each.id for each in other.ledger.documents()} - theirs)
        assert other.ledger.remove(others[:1], "court", "amy") == others[:1]
        left = {row.key for row in poured}
        assert left == {row.key for row in other.picture("control", on=ON).rows} - {first.key}
        assert len(left) > 5
