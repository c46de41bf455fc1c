"""A large ledger is checked in parts by several processes: they find what one finds, and all of it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from contested.ledger import parted
from contested.model import Problem
from grounds import InFile
from ledger_world import DOCUMENT, HOUR, MORNING, OTHER, entry, judges, says

REPORTS = [replace(DOCUMENT, id=f"{number:024x}") for number in range(7)]
ALTERED = [  # together, what may be found beside each other
    (
        "UPDATE entries SET hash = x'00' WHERE n = 2",  # the last of a part, if they are three
        "UPDATE texts SET body = x'00' WHERE document = 4",
        "UPDATE readings SET day = 1 WHERE entry = 3",
        "UPDATE entries SET recorded_at = 0 WHERE n = 7",
        "UPDATE judgements SET document = 2",
    ),
    (
        "UPDATE bodies SET body = (SELECT body FROM bodies WHERE entry = 6) WHERE entry = 5",
        "UPDATE entries SET hash = x'00' WHERE n in (6, 7)",
        "DELETE FROM documents WHERE n = 3",
        "UPDATE particulars SET meta = x'00' WHERE document = 1",
    ),
    (
        "DELETE FROM entries WHERE n IN (1, 4, 5)",
        "UPDATE bodies SET body = x'00' WHERE entry = 6",
        "UPDATE documents SET n = -5 WHERE n = 7",
        "DELETE FROM terms",
    ),
]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> InFile:
    """A ledger that counts as large, on a machine of three cores."""
    place = InFile(tmp_path / "ledger.sqlite")
    with place.open(create=True) as ledger:
        for report in REPORTS:
            ledger.record_all(report, [entry(says(document=report), on=report)])
        ledger.record(judges("reject", says(document=REPORTS[0]).id, says(document=REPORTS[6]).id, at=MORNING + HOUR))
        ledger.record_all(OTHER, [entry(says(document=OTHER), on=OTHER)])
        ledger.remove([OTHER.id], "a court order", "amy")
    monkeypatch.setattr(parted, "LARGE", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    return place


def found(place: InFile) -> list[Problem]:
    with place.open() as ledger:
        return ledger.verify()


def alone(place: InFile, monkeypatch: pytest.MonkeyPatch) -> list[Problem]:
    with monkeypatch.context() as small:
        small.setattr(parted, "LARGE", 1000)
        return found(place)


def test_a_sound_ledger_is_sound_in_parts(place: InFile) -> None:
    assert found(place) == []


@pytest.mark.parametrize("altered", ALTERED)
def test_several_find_what_one_finds_in_the_same_order(
    place: InFile, altered: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    with place.altering() as connection:
        for change in altered:
            connection.execute(text(change))
    by_one = alone(place, monkeypatch)
    assert len(by_one) >= len(altered)
    assert found(place) == by_one


def test_what_a_killed_process_leaves_undone_is_done(place: InFile, monkeypatch: pytest.MonkeyPatch) -> None:
    started, start = [], parted._start

    def killed(path: Path, *span: int | None) -> subprocess.Popen[bytes]:
        started.append(span)
        process = start(path, *span)
        assert process is not None
        process.kill()
        return process

    monkeypatch.setattr(parted, "_start", killed)
    with place.altering() as connection:
        connection.execute(text("UPDATE entries SET hash = x'00' WHERE n = 2"))
        connection.execute(text("UPDATE texts SET body = x'00' WHERE document = 7"))
    assert [each.place for each in found(place)] == [f"documents {REPORTS[6].id}", "entries 2"]
    assert started == [(None, 2), (3, 5), (6, None)]


@pytest.mark.parametrize("python", ["", "/nowhere/python", "/bin/echo"])
def test_what_cannot_be_started_or_says_something_else_is_done_here(
    place: InFile, python: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", python)
    with place.altering() as connection:
        connection.execute(text("UPDATE entries SET hash = x'00' WHERE n = 2"))
        connection.execute(text("UPDATE texts SET body = x'00' WHERE document = 7"))
    assert [each.place for each in found(place)] == [f"documents {REPORTS[6].id}", "entries 2"]


def test_what_was_started_ends_with_its_pipe_where_the_next_cannot_be(
    place: InFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[subprocess.Popen[bytes]] = []
    start = parted._start

    def once(path: Path, *span: int | None) -> subprocess.Popen[bytes]:
        if started:
            raise MemoryError
        process = start(path, *span)
        assert process is not None
        started.append(process)
        return process

    monkeypatch.setattr(parted, "_start", once)
    with pytest.raises(MemoryError):
        found(place)
    (process,) = started
    assert process.returncode is not None
    assert process.stdout is not None
    assert process.stdout.closed


def test_nothing_lying_in_the_current_folder_is_run(
    place: InFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("zstandard", "msgspec", "contested"):
        (tmp_path / f"{module}.py").write_text(f"open('{module}.ran', 'w').close()\n")
    monkeypatch.chdir(tmp_path)
    assert found(place) == []
    assert list(tmp_path.glob("*.ran")) == []


def test_an_unreadable_body_is_not_blamed_on_the_entry_after_it(place: InFile) -> None:
    with place.altering() as connection:
        connection.execute(text("UPDATE bodies SET body = x'00' WHERE entry = 4"))
    assert [each.place for each in found(place) if each.place.startswith("entries")] == ["entries 4"]
