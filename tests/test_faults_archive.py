"""The power goes while originals are kept: what was acknowledged is there, and adding again mends the rest."""

from __future__ import annotations

import random
from pathlib import Path
from typing import NamedTuple

import pytest

from contested.errors import LedgerError
from contested.read.archive import Archive
from watched_files import Step, lay_out, watched

ORIGINALS = [f"Police said: Rebels captured Kunduz, {n}.\n".encode() * 30 * n for n in range(1, 6)]
ORIGINALS.insert(2, random.Random(7).randbytes(9_000))  # several sectors, however it is compressed


class Session(NamedTuple):
    steps: list[Step]
    digests: list[str]


def keep(archive: Archive, data: bytes) -> str:
    return archive.keep(data, came_from="clips/a.txt", how="added as a file", by="amy")


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """Originals kept one after the other, one of them twice; each is marked as soon as it is acknowledged."""
    folder = tmp_path_factory.mktemp("session")
    (folder / "archive").mkdir()
    with watched(folder / "archive") as watch:
        digests = []
        for data in ORIGINALS:
            digests.append(keep(Archive(folder / "archive"), data))
            watch.mark()
        keep(Archive(folder / "archive"), ORIGINALS[0])
    return Session(watch.steps, digests)


def holds(archive: Archive, session: Session, many: int) -> None:
    """Fails where one of the first originals is gone, or no line says how it came in."""
    lines = {said.sha256 for _, said in archive.lines([])}
    for digest, data in list(zip(session.digests, ORIGINALS, strict=True))[:many]:
        assert archive.original(digest) == data
        assert digest in lines


def survives(session: Session, cut: int, chance: random.Random | None, folder: Path) -> list[str]:
    """What is wrong after the power went there, before anything is mended. Fails where what was acknowledged is gone,
    or where to add all again does not mend what is not."""
    folder.mkdir()
    steps = session.steps[:cut]
    lay_out(steps, chance, folder)
    archive = Archive(folder)
    holds(archive, session, sum(step.what == "mark" for step in steps))
    wrong = [each.reason for each in archive.check()]
    for data in ORIGINALS:
        keep(archive, data)
    holds(archive, session, len(ORIGINALS))
    assert archive.check() == [], f"cut at {cut}: {steps[-1:]}"
    assert list(folder.glob("*/.*")) == [], "what was written aside is swept up"
    return wrong


def all_survive(session: Session, folder: Path) -> None:
    """After every step, where only what was synced came through; nothing is then by halves."""
    for cut in range(len(session.steps) + 1):
        assert survives(session, cut, None, folder / str(cut)) == []


def test_the_session_is_watched_whole(session: Session, tmp_path: Path) -> None:
    done = [step.what for step in session.steps]
    assert done.count("mark") == done.count("rename") == len(ORIGINALS)
    assert {"mkdir", "create", "write", "sync", "settle"} <= set(done)
    lay_out(session.steps, None, tmp_path)
    holds(Archive(tmp_path), session, len(ORIGINALS))
    assert Archive(tmp_path).check() == []


def test_after_every_step_what_was_acknowledged_is_there(session: Session, tmp_path: Path) -> None:
    all_survive(session, tmp_path)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_part_of_the_rest_came_through(session: Session, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    for cut in range(len(session.steps) + 1):
        survives(session, cut, chance, tmp_path / str(cut))


@pytest.mark.parametrize("left_out", ["sync", "settle"])
def test_a_disk_that_lies_about_syncing_would_be_noticed(session: Session, tmp_path: Path, left_out: str) -> None:
    """The look at the disk can fail: without the syncs, what was acknowledged is gone."""
    lying = Session([step for step in session.steps if step.what != left_out], session.digests)
    with pytest.raises((LedgerError, AssertionError)):
        all_survive(lying, tmp_path)


def test_what_another_has_only_just_named_is_written_through_before_it_is_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled: list[Path] = []
    monkeypatch.setattr("contested.read.archive._settle", lambda folder: None)
    digest = keep(Archive(tmp_path), ORIGINALS[0])  # by one who has not come so far
    monkeypatch.setattr("contested.read.archive._settle", settled.append)
    assert keep(Archive(tmp_path), ORIGINALS[0]) == digest
    assert settled == [Archive(tmp_path).place(digest).parent]
