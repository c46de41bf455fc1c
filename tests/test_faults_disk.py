"""The disk fails or is full, whatever is asked of it: the act fails, says why and what to do, and is not there.

When the disk is well again the same act succeeds, without opening the ledger anew.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from contested.errors import LedgerError
from contested.ledger import Ledger
from failing_disk import CHANGES, FULL, IOERR, Disk
from faults_world import SESSION, State, state

Session = tuple[Path, list[State]]
FOR_GOOD, ONCE = 1 << 30, 1
REMEDY = (
    r"\.sqlite: (the disk is full or failing .* Free some space; nothing of this act was recorded"
    "|it cannot be opened for writing .* Check the folder's permissions and the room on the disk)"
)
WAYS = {
    "an error": (IOERR, ONCE, CHANGES),
    "errors from then on": (IOERR, FOR_GOOD, CHANGES),
    "full from then on": (FULL, FOR_GOOD, ("open", "write")),
}
every_way = pytest.mark.parametrize(("how", "times", "acts"), WAYS.values(), ids=WAYS)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A folder with the ledger's file before each act, and what a reader sees of each."""
    folder = tmp_path_factory.mktemp("session")
    states = []
    for number, act in enumerate((*SESSION, None)):
        with Ledger.open(folder / "ledger.sqlite", create=True) as ledger:
            states.append(state(ledger))
        shutil.copy(folder / "ledger.sqlite", folder / str(number))
        if act:
            with Ledger.open(folder / "ledger.sqlite") as ledger:
                act(ledger)
    return folder, states


@pytest.fixture
def disk() -> Iterator[Disk]:
    with Disk() as disk:
        yield disk


@every_way
@pytest.mark.parametrize("number", range(len(SESSION)))
def test_an_act_that_fails_says_so_is_not_there_and_can_be_done_again(
    disk: Disk, session: Session, tmp_path: Path, number: int, how: int, times: int, acts: tuple[str, ...]
) -> None:
    kept, states = session
    before, after = states[number : number + 2]
    path = tmp_path / "ledger.sqlite"
    for k in range(10_000):
        shutil.copy(kept / str(number), path)
        with Ledger.open(path) as ledger:
            with disk.failing(k, how, times, acts) as fault:
                told = refused(lambda ledger=ledger: SESSION[number](ledger))
            assert state(ledger) == (before if told else after), f"{acts} number {k}: {told}"
            SESSION[number](ledger)
            assert state(ledger) == after
        with Ledger.open(path) as ledger:
            assert state(ledger) == after
            assert ledger.verify() == []
        if not fault.struck:
            break
        assert re.search(REMEDY, told), f"{acts} number {k}: {told}"
    assert k > 3


@every_way
def test_beginning_one_fails_so_and_can_be_done_again(
    disk: Disk, tmp_path: Path, how: int, times: int, acts: tuple[str, ...]
) -> None:
    for k in range(1000):
        path = tmp_path / f"{k}.sqlite"
        with disk.failing(k, how, times, acts) as fault:
            told = refused(lambda path=path: Ledger.open(path, create=True).close())
        with Ledger.open(path, create=True) as ledger:
            SESSION[0](ledger)
            assert ledger.verify() == []
        if not fault.struck:
            break
        assert not told or re.search(REMEDY, told), f"{acts} number {k}: {told}"
    assert k > 10


@every_way
def test_closing_is_forgiven_and_loses_nothing(
    disk: Disk, tmp_path: Path, how: int, times: int, acts: tuple[str, ...]
) -> None:
    """What is in the journal is moved when it is closed next."""
    for k in range(1000):
        path = tmp_path / f"{k}.sqlite"
        ledger = Ledger.open(path, create=True)
        SESSION[0](ledger)
        known = state(ledger)
        with disk.failing(k, how, times, acts) as fault:
            ledger.close()
        with Ledger.open(path) as ledger:
            assert state(ledger) == known
            assert ledger.verify(head=known.head) == []
        if not fault.struck:
            break
    assert k > 3


@pytest.mark.parametrize("ask", [state, lambda ledger: ledger.verify(), lambda ledger: ledger.reindex()])
def test_what_cannot_be_read_is_told_and_harms_nothing(
    disk: Disk, session: Session, tmp_path: Path, ask: Callable[[Ledger], object]
) -> None:
    kept, states = session
    path = tmp_path / "ledger.sqlite"
    shutil.copy(kept / str(len(SESSION)), path)
    with disk.failing(1 << 30, IOERR, acts=("read",)) as fault:
        asked_of(path, ask)
        needed = (1 << 30) - fault.after
    for k in range(0, needed, max(1, needed // 25)):
        with disk.failing(k, IOERR, ONCE, ("read",)) as fault:
            told = refused(lambda: asked_of(path, ask))
        assert fault.struck
        assert not told or re.search("failing", told), told
        assert asked_of(path, state) == states[-1]
        assert asked_of(path, lambda ledger: ledger.verify()) == []


def asked_of(path: Path, ask: Callable[[Ledger], object]) -> object:
    with Ledger.open(path) as ledger:
        return ask(ledger)


def refused(act: Callable[[], object]) -> str:
    """What was said against it; empty when it was done."""
    try:
        act()
    except LedgerError as fault:
        return str(fault)
    return ""
