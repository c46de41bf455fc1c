"""A ledger of an older schema becomes one of today, hash by hash; and nothing is lost where that is cut short."""

import os
import sqlite3
from pathlib import Path

import pytest
from msgspec.structs import replace

import schema_one
from contested.cli import run
from contested.errors import LedgerError
from contested.ledger import Ledger, upgrading
from contested.ledger.tables import VERSION
from contested.ledger.upgrading import READ, upgrade
from contested.model import Entry
from contested.workspace import open_workspace
from ledger_world import DOCUMENT, HOUR, MORNING, OTHER, entry, judges, says

REJECT = judges("reject", says(7).id, at=MORNING + 2 * HOUR)
ENTRIES = (
    entry(says(0), says(7)),
    entry(says(document=OTHER), on=OTHER, at=MORNING + HOUR),
    replace(REJECT, document=DOCUMENT.id),
    entry(says(0), says(9), recorder="control@2", at=MORNING + 3 * HOUR),
    replace(judges("undo", REJECT.assertions[0].id, at=MORNING + 4 * HOUR), document=DOCUMENT.id),
)


@pytest.fixture
def old(tmp_path: Path) -> tuple[Path, str]:
    """A ledger of schema 1, and its head."""
    path = tmp_path / "ledger.sqlite"
    return path, schema_one.write(path, (OTHER, DOCUMENT), ENTRIES)


def recorded(path: Path) -> Ledger:
    """The same, recorded by today's ledger."""
    ledger = Ledger.open(path, create=True)
    for each in (OTHER, DOCUMENT):
        ledger.add_document(each)
    for each in ENTRIES:
        ledger.record(each)
    return ledger


def test_every_older_schema_can_be_read() -> None:
    assert sorted(READ) == list(range(1, VERSION))


def test_the_older_one_is_refused_with_the_command(old: tuple[Path, str]) -> None:
    with pytest.raises(LedgerError, match=r"older contested.*Run: contested upgrade"):
        Ledger.open(old[0])


def test_upgraded_it_has_the_same_head_and_says_the_same(old: tuple[Path, str], tmp_path: Path) -> None:
    path, head = old
    kept = upgrade(path)
    assert kept == tmp_path / "ledger-1.sqlite"
    with Ledger.open(path) as ledger, recorded(tmp_path / "fresh.sqlite") as fresh:
        assert ledger.verify(head=head) == []
        assert ledger.head() == head == fresh.head()
        assert list(ledger.entries()) == list(ENTRIES)
        assert list(ledger.documents()) == list(fresh.documents())
        assert ledger.document(DOCUMENT.id) == DOCUMENT
        for hour in range(6):
            known = MORNING + hour * HOUR
            assert list(ledger.view(known)) == list(fresh.view(known))
        assert ledger.record(Entry(MORNING + 5 * HOUR, "event@1", OTHER.id))
    with sqlite3.connect(kept) as before:
        assert before.execute("SELECT hash FROM entries ORDER BY n DESC").fetchone() == (head,)
    before.close()
    assert upgrade(path) is None


@pytest.mark.parametrize("at", ["_write", "_check", "_take_place"])
def test_cut_short_it_can_be_run_again(old: tuple[Path, str], at: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path, head = old
    before = path.read_bytes()
    act = getattr(upgrading, at)

    def cut(*given: object) -> None:
        act(*given[:2]) if at != "_take_place" else os.link(*given[:2])  # type: ignore[call-overload]
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(upgrading, at, cut)
        if at == "_write":  # as if killed: nobody tidies up
            patched.setattr(upgrading, "_discard", lambda _aside: None)
        with pytest.raises(KeyboardInterrupt):
            upgrade(path)
    assert path.read_bytes()[100:] == before[100:]
    with pytest.raises(LedgerError, match="Run: contested upgrade"):
        Ledger.open(path)
    assert upgrade(path)
    assert sorted(each.name for each in path.parent.iterdir()) == ["ledger-1.sqlite", "ledger.sqlite"]
    with Ledger.open(path) as ledger:
        assert ledger.verify(head=head) == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entries SET body = replace(body, 'Kabul', 'Kabal') WHERE n = 2",
        "UPDATE entries SET hash = previous WHERE n = 4",
        "UPDATE documents SET meta = replace(meta, 'Fictional', 'Fictitious')",
        "UPDATE documents SET digest = 'none'",
        "DELETE FROM texts",
        "DELETE FROM entries WHERE n = 3",
        "DROP TABLE entries",
    ],
)
def test_one_that_is_not_sound_stays_as_it_is(old: tuple[Path, str], change: str) -> None:
    path, _ = old
    with sqlite3.connect(path) as connection:
        connection.execute(change)
    connection.close()
    before = path.read_bytes()
    with pytest.raises(LedgerError, match=r"ledger\.sqlite: .*Verify it with the version"):
        upgrade(path)
    assert path.read_bytes()[100:] == before[100:]
    assert [each.name for each in path.parent.iterdir()] == ["ledger.sqlite"]


def test_one_in_use_is_left_alone(old: tuple[Path, str]) -> None:
    path, _ = old
    somebody = sqlite3.connect(path)
    somebody.execute("SELECT count(*) FROM entries").fetchone()
    with pytest.raises(LedgerError, match="in use"):
        upgrade(path)
    somebody.close()
    assert upgrade(path)


def test_what_is_in_the_way_is_not_written_over(old: tuple[Path, str]) -> None:
    path, _ = old
    (path.parent / "ledger-1.sqlite").write_text("mine")
    with pytest.raises(LedgerError, match="in the way"):
        upgrade(path)
    assert (path.parent / "ledger-1.sqlite").read_text() == "mine"


@pytest.mark.parametrize(("version", "reason"), [(VERSION + 1, "newer contested"), (0, "never that of a ledger")])
def test_a_schema_nobody_knows_is_refused(old: tuple[Path, str], version: int, reason: str) -> None:
    path, _ = old
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    with pytest.raises(LedgerError, match=reason):
        upgrade(path)


@pytest.mark.parametrize("content", [b"", b"Dear reader, " * 500])
def test_what_is_no_ledger_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "ledger.sqlite").write_bytes(content)
    with pytest.raises(LedgerError, match="no ledger"):
        upgrade(tmp_path / "ledger.sqlite")
    with pytest.raises(LedgerError, match="there is no ledger"):
        upgrade(tmp_path / "none.sqlite")


def test_from_the_command_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    open_workspace(tmp_path / "w", create=True).close()
    (tmp_path / "w" / "ledger.sqlite").unlink()
    head = schema_one.write(tmp_path / "w" / "ledger.sqlite", (OTHER, DOCUMENT), ENTRIES)
    here = ["-C", str(tmp_path / "w")]
    assert run([*here, "documents"]) == 4
    assert "Run: contested upgrade" in capfd.readouterr().err
    assert run([*here, "upgrade"]) == 0
    assert "kept as ledger-1.sqlite" in capfd.readouterr().err
    assert run([*here, "upgrade"]) == 0
    assert "nothing to upgrade" in capfd.readouterr().err
    with open_workspace(tmp_path / "w") as workspace:
        assert workspace.ledger.verify(head=head) == []
