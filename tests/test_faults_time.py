"""A clock set back between acts, and a file from another time: an older or a newer version of this program."""

from __future__ import annotations

import datetime as dt
import random
import re
import sqlite3
from pathlib import Path

import pytest

import toy
from contested import open_workspace
from contested.cli import run
from contested.ledger import Ledger
from contested.ledger.tables import VERSION
from faults_world import SESSION, state
from ledger_world import DOCUMENT, MORNING, entry, ids, judges, says

REPORT = "source: Gazette\npublished: 2021-08-08\n\nPolice said: Rebels captured {}.\n"


# ── the clock ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("seed", range(5))
def test_whatever_the_clock_says_what_was_known_at_a_moment_stays_so(ledger: Ledger, seed: int) -> None:
    chance, known = random.Random(seed), list[tuple[dt.datetime, list[str]]]()
    ledger.add_document(DOCUMENT)
    for version in range(20):
        at = MORNING + dt.timedelta(hours=chance.randint(-100_000, 100_000))
        held = ids(ledger)
        verdict = chance.choice(("accept", "reject"))
        ledger.record(judges(verdict, held[0], at=at) if held and version % 3 == 2 else entry(says(version), at=at))
        *_, last = ledger.entries()
        known.append((last.recorded_at, ids(ledger)))
    moments = [moment for moment, _ in known]
    assert moments == sorted(moments)  # it stands still rather than run backwards
    assert [ids(ledger, known=moment) for moment in moments] == [held for _, held in known]
    assert ledger.verify() == []


def test_a_clock_set_back_while_reports_are_added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a day, then by thirty years: what is added is dated right after what was there."""
    toy.stand_in(monkeypatch)
    back = dt.timedelta()
    monkeypatch.setattr("contested.workspace.clocks.now", lambda: dt.datetime.now(dt.UTC) - back)
    with open_workspace(tmp_path / "w", create=True) as workspace:
        heads = []
        for place, days in (("Kunduz", 0), ("Herat", 1), ("Farah", 11_000)):
            back = dt.timedelta(days=days)
            (tmp_path / f"{place}.txt").write_text(REPORT.format(place))
            assert workspace.add([tmp_path / f"{place}.txt"]).documents == 1
            heads.append(workspace.ledger.head())
        recorded = [each.recorded_at for each in workspace.ledger.entries()]
        assert recorded[2] - recorded[0] == 2 * dt.timedelta(microseconds=1)
        assert [len(ids(workspace.ledger, known=moment)) for moment in recorded] == [1, 2, 3]
        assert all(workspace.verify(head) == [] for head in heads)


# ── versions ─────────────────────────────────────────────────────────────────────────────────────


OTHERS = {
    999: "written by a newer contested .* Upgrade: pip install",
    0: "written by an older contested .* Run: contested upgrade",
}


@pytest.mark.parametrize("version", OTHERS)
@pytest.mark.parametrize("command", ["verify", "assertions", "documents", "reindex", "add a.txt", "init ."])
def test_a_file_of_another_version_is_refused_and_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], command: str, version: int
) -> None:
    toy.stand_in(monkeypatch)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CONTESTED_WORKSPACE", raising=False)
    (tmp_path / "a.txt").write_text(REPORT.format("Kunduz"))
    assert run(["init", "."]) == 0
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        for act in SESSION[:3]:
            act(ledger)
        known = state(ledger)
    of_version(tmp_path / "ledger.sqlite", version)
    before = (tmp_path / "ledger.sqlite").read_bytes()
    capfd.readouterr()
    assert run(command.split()) == 4
    assert re.search(OTHERS[version], capfd.readouterr().err)
    assert (tmp_path / "ledger.sqlite").read_bytes() == before
    of_version(tmp_path / "ledger.sqlite", VERSION)
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        assert state(ledger) == known
        assert ledger.verify() == []


def of_version(path: Path, version: int) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
