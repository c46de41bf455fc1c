"""Many at once: two adds in two processes, two reviewers in others, readers of pictures, and a check of it all.

No error, no lost row, and a chain that is sound at every look.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import toy
from contested import open_workspace
from forked import Tell, fork

REPORT = "source: Gazette\npublished: 2021-08-{:02}\n\nPolice said: Rebels captured Kunduz. Rebels captured Herat{}.\n"
LOOKS = 12


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace of one report; 30 more lie beside it, ten of which both offices will add."""
    toy.stand_in(monkeypatch)
    (tmp_path / "reports").mkdir()
    for number in range(30):
        (tmp_path / "reports" / f"{number:02}.txt").write_text(REPORT.format(number % 28 + 1, "a" * number))
    with open_workspace(tmp_path / "w", create=True) as workspace:
        workspace.add([tmp_path / "reports" / "15.txt"])
    return tmp_path / "w"


def adds(home: Path, first: int, last: int) -> None:
    with open_workspace(home) as workspace:
        files = sorted((home.parent / "reports").iterdir())[first:last]
        assert workspace.add(files).problems == ()


def reviews(home: Path, name: str, tell: Tell) -> None:
    """Looks at what stands, judges some of it and takes some of that back; tells each judgement made."""
    verdict = {"amy": "accept", "ben": "reject"}[name]
    for _ in range(LOOKS):
        with open_workspace(home) as workspace:
            for held in list(workspace.assertions())[-4:]:
                for word in (verdict, "undo", verdict):
                    if entry := workspace.judge(held.id, word, analyst=name):
                        tell(entry.assertions[0].id)


def draws(home: Path) -> None:
    """Draws pictures and checks the whole; whatever is added meanwhile, what was on record then never changes."""
    with open_workspace(home) as workspace:
        for _ in range(LOOKS):
            moment, head = dt.datetime.now(dt.UTC), workspace.ledger.head()
            before = [each.id for each in workspace.ledger.view(known=moment)]
            assert workspace.picture("control", on=dt.date(2021, 8, 29)).rows
            assert workspace.verify(head) == []
            assert [each.id for each in workspace.ledger.view(known=moment)] == before


def test_adds_reviewers_and_readers_at_once(home: Path) -> None:
    at_work = [
        fork(lambda _: adds(home, 0, 20)),
        fork(lambda _: adds(home, 10, 30)),
        fork(lambda tell: reviews(home, "amy", tell)),
        fork(lambda tell: reviews(home, "ben", tell)),
        fork(lambda _: draws(home)),
        fork(lambda _: draws(home)),
    ]
    ended = [each.ended() for each in at_work]
    assert [each.status for each in ended] == [0] * 6, "\n".join(
        line for each in ended if each.status for line in each.told
    )
    with open_workspace(home) as workspace:
        assert workspace.verify() == []
        read = [each for each in workspace.ledger.entries() if each.recorder == "toy@1"]
        assert len(read) == len({each.document for each in read}) == 30
        judged = [each for each in workspace.ledger.entries() if each.recorder.startswith("analyst:")]
        for name, process in (("amy", ended[2]), ("ben", ended[3])):
            assert [each.assertions[0].id for each in judged if each.recorder.endswith(name)] == process.told
            assert process.told
        workspace.ledger.reindex()
        assert workspace.verify() == []
