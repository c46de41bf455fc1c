"""Killed (-9) while reports are added: what was acknowledged is there, no report by halves, adding again goes on."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import toy
from contested import open_workspace
from contested.ledger import Ledger
from contested.model import Assertion, Document, Entry
from contested.read import archive
from failing_disk import Disk, Fault
from forked import Forked, Tell, fork

REPORT = "source: Gazette\npublished: 2021-08-{:02}\n\nPolice said: Rebels captured Kunduz. Rebels captured Herat{}.\n"
KILLS, REPORTS = 200, 6
COMMITS = ("sync", "delete")


@pytest.fixture
def homes(tmp_path: Path) -> Iterator[Path]:
    """Where workspaces are made: in memory, where there is such a place. A kill does not lose what is in a cache."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


@pytest.fixture
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    toy.stand_in(monkeypatch)
    folder = tmp_path / "reports"
    folder.mkdir()
    for number in range(REPORTS):
        (folder / f"{number:02}.txt").write_text(REPORT.format(number % 28 + 1, "abcdefghij"[number % 10] * number))
    return folder


class Killing(Fault):
    """No fault of the disk's: the process ends, right before or right after one of the acts."""

    def __init__(self, after: int) -> None:
        super().__init__(after, 0, 0, COMMITS)

    def result(self, what: str) -> int:
        if what in self.acts:
            self.passed()
        return 0

    def passed(self) -> None:
        self.after -= 1
        if self.after < 0:
            os.kill(os.getpid(), signal.SIGKILL)


def adding(home: Path, reports: Path, files: int, killed_at: int | None = None) -> Forked:
    """A process that adds reports and tells each that is acknowledged. It may be killed at one of its commits."""

    def work(tell: Tell) -> None:
        record_all = Ledger.record_all

        def told(ledger: Ledger, document: Document, entries: list[Entry]) -> bool:
            done = record_all(ledger, document, entries)
            tell(document.id)
            return done

        Ledger.record_all = told  # type: ignore[method-assign, assignment]
        with Disk() as disk:
            if killed_at is not None:
                disk.fault = killing = Killing(killed_at)
                for name in ("fsync", "replace"):
                    between(archive.os, name, killing)
            with open_workspace(home, create=True) as workspace:
                workspace.add(sorted(reports.iterdir())[:files])

    return fork(work)


def between(module: object, name: str, killing: Killing) -> None:
    """The commits of the archive count like those of the ledger, before and after."""
    real = getattr(module, name)

    def counted(*given: object, **more: object) -> object:
        killing.passed()
        done = real(*given, **more)
        killing.passed()
        return done

    setattr(module, name, counted)


def sound(home: Path, acknowledged: set[str]) -> int:
    """How many reports are on record, each of them whole; fails where one that was acknowledged is not."""
    with open_workspace(home, create=not acknowledged) as workspace:  # it may have been begun by halves
        ledger = workspace.ledger
        due = {each.id: toy_says(ledger.document(each.id)) for each in workspace.documents()}
        assert acknowledged <= due.keys()
        assert {entry.document: entry.assertions for entry in ledger.entries()} == due
        assert [each.assertion for each in ledger.view()] == [each for one in sorted(due) for each in due[one]]
        assert workspace.verify() == []
    return len(due)


def toy_says(document: Document) -> tuple[Assertion, ...]:
    ((_, said),) = toy.extract(document, None)
    return said


def test_at_every_commit(reports: Path, homes: Path) -> None:
    survived, seen = False, set()
    for killed_at in range(1000):
        home = homes / str(killed_at)
        ended = adding(home, reports, 2, killed_at).ended()
        assert ended.status in (0, -signal.SIGKILL), ended.told
        seen.add(sound(home, set(ended.told)))
        again = adding(home, reports, 2).ended()
        assert (again.status, sound(home, {*ended.told, *again.told})) == (0, 2), again.told
        survived = ended.status == 0
        if survived:
            break
    assert survived
    assert seen == {0, 1, 2}


def test_at_two_hundred_moments_taken_by_chance(reports: Path, homes: Path) -> None:
    chance, kills, rounds = random.Random(6), 0, 0
    begun = time.monotonic()
    assert adding(homes / "first", reports, REPORTS).ended().status == 0
    whole = time.monotonic() - begun
    while kills < KILLS:
        home, ended, acknowledged = homes / str(rounds), None, set[str]()
        while ended is None or ended.status:
            child = adding(home, reports, REPORTS)
            time.sleep(chance.uniform(0, whole))
            child.kill()
            ended = child.ended()
            assert ended.status in (0, -signal.SIGKILL), ended.told
            acknowledged |= set(ended.told)
            kills += ended.status != 0
            found = sound(home, acknowledged)
        assert found == REPORTS
        rounds += 1
