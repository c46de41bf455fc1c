"""A large record's pictures are those of a small one: drawn by looking back or by marks, the rows are the same."""

from __future__ import annotations

import datetime as dt
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


@pytest.mark.parametrize(("first", "together"), [(1, 1), (1, 3), (2, 1_000)])
def test_looking_back_asks_again_where_the_first_few_do_not_settle_a_row(
    war: Path, first: int, together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_workspace(war) as workspace:
        whole = drawn(workspace, "control")
        monkeypatch.setattr(picturing, "LITTLE", 0)
        monkeypatch.setattr(picturing, "FEW", 0)
        for name, most in (("ledger.backwards.FIRST", first), ("derive.backwards.TOGETHER", together)):
            monkeypatch.setattr(f"contested.{name}", most)
        assert drawn(workspace, "control") == whole
