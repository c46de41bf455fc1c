"""The ledger's file: append-only, opened again, damaged, killed, and shared by several writers."""

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from contested.errors import LedgerError
from contested.ledger import Ledger, file
from contested.ledger.tables import FLESH, SPINE, VERSION
from ledger_world import DOCUMENT, OTHER, entry, judges, says


@pytest.mark.parametrize("table", [table.name for table in (*SPINE, *FLESH) if table.name not in ("links", "removed")])
@pytest.mark.parametrize("act", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {}", "REPLACE INTO {0} SELECT * FROM {0}"])
def test_rows_cannot_be_changed_or_deleted(ledger: Ledger, tmp_path: Path, table: str, act: str) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    ledger.record(judges("reject", says().id))
    column = {"entries": "recorder", "documents": "digest", "particulars": "meta"}.get(table, "body")
    with sqlite3.connect(tmp_path / "ledger.sqlite") as connection:
        connection.execute("PRAGMA recursive_triggers = ON")
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(act.format(table, column))
    connection.close()


def test_it_opens_again_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(path, create=True) as ledger:
        ledger.record_all(DOCUMENT, [entry(says())])
        head = ledger.head()
    assert [each.name for each in tmp_path.iterdir()] == ["ledger.sqlite"]
    with Ledger.open(path, create=True) as ledger:
        assert ledger.head() == head
        assert ledger.record(entry(says(7), recorder="event@1"))
        assert ledger.verify(head=head) == []


def test_the_indexes_can_be_thrown_away(ledger: Ledger, tmp_path: Path) -> None:
    ledger.record_all(DOCUMENT, [entry(says(0), says(7))])
    reject = judges("reject", says(7).id)
    for each in (reject, judges("undo", reject.assertions[0].id), judges("reject", says(0).id)):
        ledger.record(each)
    with sqlite3.connect(tmp_path / "ledger.sqlite") as connection:
        before = [
            connection.execute(f"SELECT * FROM {each}").fetchall() for each in ("terms", "readings", "judgements")
        ]
        assert all(before)
        assert ledger.reindex() == 4
        after = [connection.execute(f"SELECT * FROM {each}").fetchall() for each in ("terms", "readings", "judgements")]
    connection.close()
    assert after == before
    assert ledger.verify() == []


@pytest.mark.parametrize(
    ("version", "reason"), [(VERSION + 1, "newer contested.*Upgrade"), (VERSION - 1, "older contested")]
)
def test_another_version_of_the_schema_is_refused(tmp_path: Path, version: int, reason: str) -> None:
    path = tmp_path / "ledger.sqlite"
    Ledger.open(path, create=True).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    with pytest.raises(LedgerError, match=reason):
        Ledger.open(path)


def test_what_is_no_ledger_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="contested init"):
        Ledger.open(tmp_path / "none.sqlite")
    (tmp_path / "letter.txt").write_text("Dear reader, " * 500)
    with pytest.raises(LedgerError, match="Restore it"):
        Ledger.open(tmp_path / "letter.txt", create=True)
    with sqlite3.connect(tmp_path / "shop.sqlite") as connection:
        connection.execute("CREATE TABLE orders (id)")
    connection.close()
    with pytest.raises(LedgerError, match="no ledger"):
        Ledger.open(tmp_path / "shop.sqlite", create=True)


def test_an_empty_file_is_no_ledger_until_one_is_begun_in_it(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.touch()
    with pytest.raises(LedgerError, match="no ledger"):
        Ledger.open(path)
    Ledger.open(path, create=True).close()
    with Ledger.open(path) as ledger:
        assert ledger.head() == "0" * 64
        assert ledger.verify() == []


def test_a_damaged_page_is_a_ledger_fault(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(path, create=True) as ledger:
        ledger.record_all(DOCUMENT, [entry(*(says(start) for start in range(60)))])
    raw = bytearray(path.read_bytes())
    raw[4096:] = b"\xff" * (len(raw) - 4096)
    path.write_bytes(raw)
    with pytest.raises(LedgerError, match="Restore it"), Ledger.open(path) as ledger:
        list(ledger.view())


def test_killed_in_the_middle_nothing_of_the_act_is_there(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(path, create=True) as ledger:
        ledger.record_all(DOCUMENT, [entry(says())])
        head = ledger.head()
    script = f"""
import os, signal, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from ledger_world import DOCUMENT, OTHER, entry, says
from contested.ledger import Ledger
from contested.ledger.readings import Readings
flush = Readings.flush
def killed(self):
    flush(self)
    if self._rows == [] and self._n == 4:
        os.kill(os.getpid(), signal.SIGKILL)
Readings.flush = killed
with Ledger.open(Path({str(path)!r})) as ledger:
    ledger.record_all(OTHER, [entry(says(document=OTHER), recorder=each, on=OTHER) for each in ("a@1", "b@1", "c@1")])
"""
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ended.returncode == -9, ended.stderr
    with Ledger.open(path) as ledger:
        assert ledger.head() == head
        assert [each.id for each in ledger.documents()] == [DOCUMENT.id]
        assert ledger.verify(head=head) == []


def test_a_second_writer_waits_for_the_first(ledger: Ledger, tmp_path: Path) -> None:
    ledger.add_document(DOCUMENT)
    first = sqlite3.connect(tmp_path / "ledger.sqlite", isolation_level=None, check_same_thread=False)
    first.execute("BEGIN IMMEDIATE")
    second = threading.Thread(target=lambda: ledger.record(entry(says())))
    second.start()
    second.join(0.2)
    assert second.is_alive()
    assert list(ledger.entries()) == []  # and a reader waits for neither
    first.execute("COMMIT")
    second.join()
    first.close()
    assert list(ledger.entries()) == [entry(says())]


def test_a_writer_kept_waiting_too_long_is_told_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "PATIENCE", 0.05)
    with Ledger.open(tmp_path / "ledger.sqlite", create=True) as ledger:
        first = sqlite3.connect(tmp_path / "ledger.sqlite", isolation_level=None)
        first.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match="another process is writing"):
            ledger.add_document(DOCUMENT)
        first.close()


def test_a_view_begun_is_not_disturbed_by_what_is_recorded_meanwhile(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says(0), says(7))])
    begun = ledger.view()
    seen = [next(begun).id]
    ledger.record(judges("reject", says(7).id))
    ledger.record_all(OTHER, [entry(says(document=OTHER), on=OTHER)])
    assert seen + [each.id for each in begun] == [says(0).id, says(7).id]


def test_many_threads_may_record_at_once(ledger: Ledger) -> None:
    def work(name: int) -> None:
        for version in range(5):
            ledger.record(entry(says(version), recorder=f"r{name}@{version}"))

    ledger.add_document(DOCUMENT)
    threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(ledger.entries())) == 20
    assert ledger.verify() == []
