"""Where the ledger lives: append-only, opened again, damaged, killed, and shared by several writers."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from contested.errors import LedgerError
from contested.ledger import Ledger
from contested.ledger.tables import FLESH, SPINE, VERSION, readings
from grounds import Ground
from ledger_world import DOCUMENT, OTHER, entry, ids, judges, says

ELSEWHERE = ("links", "variants", "told_otherwise", "removed")  # see test_merging.py, test_removing.py


@pytest.mark.parametrize("table", [table.name for table in (*SPINE, *FLESH) if table.name not in ELSEWHERE])
@pytest.mark.parametrize("act", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {}", "all of it"])
def test_rows_cannot_be_changed_or_deleted(ledger: Ledger, ground: Ground, table: str, act: str) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    ledger.record(judges("reject", says().id))
    column = {"entries": "recorder", "documents": "digest", "particulars": "meta"}.get(table, "body")
    act = {"all of it": ALL_OF_IT[ground.name]}.get(act, act)
    with pytest.raises(IntegrityError, match="append-only"), ground.raw() as connection:
        connection.exec_driver_sql(act.format(table, column))


ALL_OF_IT = {"sqlite": "REPLACE INTO {0} SELECT * FROM {0}", "postgresql": "TRUNCATE {0} CASCADE"}


def test_it_opens_again_and_goes_on(ground: Ground) -> None:
    with ground.open(create=True) as ledger:
        ledger.record_all(DOCUMENT, [entry(says())])
        head = ledger.head()
    if isinstance(ground.where, Path):
        assert [each.name for each in ground.where.parent.iterdir()] == ["ledger.sqlite"]
    with ground.open(create=True) as ledger:
        assert ledger.head() == head
        assert ledger.record(entry(says(7), recorder="event@1"))
        assert ledger.verify(head=head) == []


def test_the_indexes_can_be_thrown_away(ledger: Ledger, ground: Ground) -> None:
    ledger.record_all(DOCUMENT, [entry(says(0), says(7))])
    reject = judges("reject", says(7).id)
    for each in (reject, judges("undo", reject.assertions[0].id), judges("reject", says(0).id)):
        ledger.record(each)
    before = rows(ground)
    assert all(before)
    assert ledger.reindex() == 4
    after = rows(ground)
    assert after == before
    assert ledger.verify() == []


def rows(ground: Ground) -> list[list[tuple[object, ...]]]:
    asked = ("terms ORDER BY n", "readings ORDER BY n", "judgements ORDER BY entry, position, assertion")
    with ground.raw() as connection:
        return [[tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {each}")] for each in asked]


def test_an_index_thrown_away_altogether_is_made_again(ledger: Ledger, ground: Ground) -> None:
    ledger.record_all(DOCUMENT, [entry(says(0), says(7))])
    before = rows(ground)
    with ground.raw() as connection:
        connection.exec_driver_sql("DROP TABLE judgements")
        connection.exec_driver_sql("DROP INDEX readings_place")
    assert ledger.reindex() == 1
    assert rows(ground) == before
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


def test_killed_in_the_middle_nothing_of_the_act_is_there(ground: Ground) -> None:
    with ground.open(create=True) as ledger:
        ledger.record_all(DOCUMENT, [entry(says())])
        head = ledger.head()
    script = f"""
import os, signal, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from ledger_world import DOCUMENT, OTHER, entry, says
from contested.ledger import Ledger
from contested.ledger.readings import Readings
flush = Readings.flush
def killed(self):
    flush(self)
    if self._rows == [] and self._n == 4:
        os.kill(os.getpid(), signal.SIGKILL)
Readings.flush = killed
with Ledger.open({str(ground.where)!r}) as ledger:
    ledger.record_all(OTHER, [entry(says(document=OTHER), recorder=each, on=OTHER) for each in ("a@1", "b@1", "c@1")])
"""
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ended.returncode == -9, ended.stderr
    with ground.open() as ledger:
        assert ledger.head() == head
        assert [each.id for each in ledger.documents()] == [DOCUMENT.id]
        assert ledger.verify(head=head) == []


@contextmanager
def kept_waiting(ground: Ground) -> Iterator[None]:
    """While another holds the ledger to write to it."""
    with ground.open() as another, another._file.writing():
        yield


def test_a_second_writer_waits_for_the_first(ledger: Ledger, ground: Ground) -> None:
    ledger.add_document(DOCUMENT)
    second = threading.Thread(target=lambda: ledger.record(entry(says())))
    with kept_waiting(ground):
        second.start()
        second.join(0.2)
        assert second.is_alive()
        assert list(ledger.entries()) == []  # and a reader waits for neither
    second.join()
    assert list(ledger.entries()) == [entry(says())]


def test_a_writer_kept_waiting_too_long_is_told_why(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    for home in ("file", "server"):
        monkeypatch.setattr(f"contested.ledger.{home}.PATIENCE", 0.05)
    with ground.open(create=True) as ledger:
        with kept_waiting(ground), pytest.raises(LedgerError, match="another process is writing"):
            ledger.add_document(DOCUMENT)
        assert ledger.add_document(DOCUMENT)


def test_a_view_begun_is_not_disturbed_by_what_is_recorded_meanwhile(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says(0), says(7))])
    begun = ledger.view()
    seen = [next(begun).id]
    ledger.record(judges("reject", says(7).id))
    ledger.record_all(OTHER, [entry(says(document=OTHER), on=OTHER)])
    assert seen + [each.id for each in begun] == [says(0).id, says(7).id]


def test_who_reads_sees_one_state_whatever_others_do(ledger: Ledger, ground: Ground) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    asked = select(func.count()).select_from(readings)
    with ground.open() as other, other._file.reading() as connection:
        assert connection.execute(asked).scalar() == 1
        ledger.record(entry(says(7), recorder="event@1"))
        assert ledger.reindex() == 2
        assert connection.execute(asked).scalar() == 1
    assert len(ids(ledger)) == 2


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


WORK = """
import sys
sys.path.insert(0, {here!r})
from msgspec.structs import replace
from contested.ledger import Ledger
from ledger_world import DOCUMENT, entry, judges, says
with Ledger.open({where!r}) as ledger:
    for number in range(12):
        report = replace(DOCUMENT, id=f"{name}{{number:022x}}")
        said = says(number, document=report)
        ledger.record_all(report, [entry(said, on=report), entry(recorder="event@1", on=report)])
        ledger.record(judges("reject" if number % 2 else "accept", said.id, analyst={name!r}))
"""


def test_several_processes_write_and_nothing_is_lost(ledger: Ledger, ground: Ground) -> None:
    scripts = [
        WORK.format(here=str(Path(__file__).parent), where=str(ground.where), name=each) for each in ("aa", "bb")
    ]
    writers = [subprocess.Popen([sys.executable, "-c", each], stderr=subprocess.PIPE, text=True) for each in scripts]
    seen: list[int] = []
    while any(each.poll() is None for each in writers):
        seen.append(len(list(ledger.entries())))
        assert len(set(found := ids(ledger))) == len(found)
    assert [(each.wait(), each.communicate()[1]) for each in writers] == [(0, "")] * 2
    assert seen == sorted(seen)
    kept = list(ledger.entries())
    assert [len([each for each in kept if each.recorder == f"analyst:{name}"]) for name in ("aa", "bb")] == [12, 12]
    assert (len(kept), len(list(ledger.documents())), len(ids(ledger))) == (72, 24, 12)
    assert ledger.verify() == []
