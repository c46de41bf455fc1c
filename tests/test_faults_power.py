"""The power goes, at any moment: what was acknowledged is there, and of the act at hand all or nothing.

A session is recorded on a disk that writes down what is asked of it; then the files are laid out as they would lie had
the power gone at this or that moment, and opened as anybody would open them the next morning.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Engine, event

from contested.errors import LedgerError
from contested.ledger import Ledger
from failing_disk import Act, Disk
from faults_world import SESSION, State, state
from power_cut import after_power_cut

OPENED_AGAIN = (2, 5, 6)  # before these acts the ledger is closed, which moves what is in its journal into its file


class Recorded(NamedTuple):
    log: list[Act]
    states: list[State]  # after 0, 1, 2 … acts


@contextmanager
def moving_the_journal_after(pages: int) -> Iterator[None]:
    def prepare(connection: Any, _record: object) -> None:
        connection.execute(f"PRAGMA wal_autocheckpoint = {pages}")

    event.listen(Engine, "connect", prepare)
    yield
    event.remove(Engine, "connect", prepare)


@pytest.fixture(scope="module", params=[1000, 8], ids=["journal moved on closing", "journal moved all the time"])
def recorded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    path = tmp_path_factory.mktemp("session") / "ledger.sqlite"
    with Disk() as disk, moving_the_journal_after(request.param):
        ledger = Ledger.open(path, create=True)
        disk.mark("begun")
        states = [state(ledger)]
        for number, act in enumerate(SESSION):
            if number in OPENED_AGAIN:
                ledger.close()
                ledger = Ledger.open(path)
            act(ledger)
            disk.mark("recorded")
            states.append(state(ledger))
        ledger.close()
    return Recorded(disk.log, states)


def moments(log: list[Act]) -> list[int]:
    """Right before and right after each sync, each name deleted and each mark."""
    near = {at + after for at, act in enumerate(log) if act.what in ("sync", "mark", "delete") for after in (0, 1)}
    return sorted(near | {len(log)})


def acknowledged(log: list[Act]) -> int:
    """How many acts are done as far as their callers know; -1 while the ledger is not begun."""
    return sum(act.what == "mark" for act in log) - 1


def survives(recorded: Recorded, cut: int, chance: random.Random | None, folder: Path) -> State:
    """What is read after the cut. Fails where it is not what was acknowledged, or unsound."""
    folder.mkdir()
    log = recorded.log[:cut]
    after_power_cut(log, chance, folder)
    path, done = folder / "ledger.sqlite", acknowledged(log)
    with Ledger.open(path, create=done < 0) as ledger:
        found = state(ledger)
        assert found in recorded.states[max(done, 0) : done + 2], f"cut at {cut}, after {done} acts"
        assert ledger.verify(head=recorded.states[max(done, 0)].head) == []
    return found


def test_at_every_sync_what_was_acknowledged_is_there_and_nothing_by_halves(recorded: Recorded, tmp_path: Path) -> None:
    seen = {survives(recorded, cut, None, tmp_path / str(cut)) for cut in moments(recorded.log)}
    assert seen == set(recorded.states)  # the session was cut before and after each of its acts


@pytest.mark.parametrize("seed", range(2))
def test_whatever_part_of_the_rest_came_through(recorded: Recorded, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    cuts = [*moments(recorded.log), *(chance.randrange(len(recorded.log)) for _ in range(40))]
    for number, cut in enumerate(cuts):
        survives(recorded, cut, chance, tmp_path / str(number))


def test_the_session_goes_on_from_wherever_it_was_cut(recorded: Recorded, tmp_path: Path) -> None:
    chance = random.Random(9)
    for cut in chance.sample(range(len(recorded.log)), 12):
        folder = tmp_path / str(cut)
        found = survives(recorded, cut, chance, folder)
        with Ledger.open(folder / "ledger.sqlite") as ledger:
            for act in SESSION[recorded.states.index(found) :]:
                act(ledger)
            assert state(ledger) == recorded.states[-1]
            assert ledger.verify() == []


def test_a_disk_that_lies_about_syncing_would_be_noticed(recorded: Recorded, tmp_path: Path) -> None:
    """The look at the disk can fail: without the syncs, what was acknowledged is gone."""
    log = [act for act in recorded.log if act.what != "sync"]
    after_power_cut(log, None, tmp_path)
    with pytest.raises(LedgerError, match="there is no ledger"):
        Ledger.open(tmp_path / "ledger.sqlite")
