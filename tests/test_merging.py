"""Merging, case by case: whose word stands, what is told otherwise, what was taken out, what is refused."""

import datetime as dt
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import Table
from sqlalchemy.exc import IntegrityError

from contested.errors import LedgerError, UsageError
from contested.ledger import Ledger
from contested.ledger.tables import FLESH, SPINE
from contested.ledger.written import unfold
from contested.model import Entry, Origin
from grounds import Ground
from ledger_world import DOCUMENT, HOUR, MORNING, OTHER, entry, ids, judges, says

NOON = MORNING + 6 * HOUR
Fresh = Callable[[], AbstractContextManager[Ledger]]


@pytest.fixture
def there(fresh: Fresh) -> Iterator[Ledger]:
    """Another office's ledger; either may be in a file or on a server."""
    with fresh() as ledger:
        yield ledger


@pytest.fixture
def filed(tmp_path: Path) -> Iterator[Ledger]:
    """In a file, for tests that copy it."""
    with Ledger.open(tmp_path / "ledger.sqlite", create=True) as ledger:
        yield ledger


def rows(ground: Ground, asked: str) -> list[tuple[object, ...]]:
    with ground.raw() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(asked)]


# ── entries ──────────────────────────────────────────────────────────────────────────────────────


def test_an_entry_keeps_what_it_says_and_tells_where_it_comes_from(ledger: Ledger, there: Ledger) -> None:
    there.record_all(DOCUMENT, [entry(says())])
    done = ledger.merge(there, at=NOON)
    (mine,), (theirs,) = ledger.entries(), there.entries()
    assert mine == replace(theirs, recorded_at=NOON, origin=Origin(there.head(), MORNING))
    assert (done.entries, done.documents, done.known, done.problems) == (1, 1, 0, ())
    assert ids(ledger, known=MORNING + HOUR) == []
    assert ids(ledger) == [says().id]
    assert ledger.verify(head=there.head()) == []


def test_of_two_readings_the_one_made_last_stands_wherever_it_was_made(ledger: Ledger, there: Ledger) -> None:
    there.record_all(DOCUMENT, [entry(says(0), at=MORNING)])
    ledger.record_all(DOCUMENT, [entry(says(7), at=MORNING + HOUR)])
    ledger.merge(there, at=NOON)
    assert ids(ledger) == [says(7).id]
    there.record(entry(says(14), at=MORNING + 2 * HOUR))
    ledger.merge(there, at=NOON + HOUR)
    assert ids(ledger) == [says(14).id]
    assert ids(ledger, known=NOON) == [says(7).id]


def test_what_went_by_way_of_a_third_office_is_taken_once(ledger: Ledger, there: Ledger, fresh: Fresh) -> None:
    there.record_all(DOCUMENT, [entry(says())])
    with fresh() as third:
        third.merge(there, at=NOON)
        ledger.merge(third, at=NOON + HOUR)
        assert ledger.merge(there, at=NOON + 2 * HOUR).known == 1
        there.merge(ledger, at=NOON + 3 * HOUR)
        (only,) = ledger.entries()
        assert only.origin == Origin(next(there.links()).hash, MORNING)
        for head in (there.head(), third.head()):
            assert ledger.verify(head=head) == []
        assert there.verify(head=ledger.head()) == []


def test_a_copy_that_went_on_shares_the_beginning(filed: Ledger, tmp_path: Path) -> None:
    filed.record_all(DOCUMENT, [entry(says())])
    filed.close()
    shutil.copy(tmp_path / "ledger.sqlite", tmp_path / "copy.sqlite")
    with Ledger.open(tmp_path / "copy.sqlite") as copy, Ledger.open(tmp_path / "ledger.sqlite") as first:
        copy.record(judges("reject", says().id, at=MORNING + HOUR))
        first.record(entry(says(7), recorder="event@1", at=MORNING + 2 * HOUR))
        done = first.merge(copy, at=NOON)
        assert (done.entries, done.known) == (1, 1)
        assert ids(first) == [says(7).id]
        assert first.verify(head=copy.head()) == []


def test_whoever_claims_to_be_one_of_ours_is_another(ledger: Ledger, there: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    there.add_document(DOCUMENT)
    there.record(replace(entry(says(7)), origin=Origin(ledger.head(), MORNING)))
    ledger.merge(there, at=NOON)
    assert len(list(ledger.entries())) == 2
    assert ledger.verify() == []


@pytest.mark.parametrize("earlier", ["here", "there"])
def test_one_name_is_taken_for_one_person(ledger: Ledger, there: Ledger, earlier: str) -> None:
    first, last = (ledger, there) if earlier == "here" else (there, ledger)
    for each, verdict, hours in ((first, "accept", 1), (last, "reject", 2)):
        each.record_all(DOCUMENT, [entry(says())])
        each.record(judges(verdict, says().id, at=MORNING + hours * HOUR))
    assert ledger.merge(there, at=NOON).analysts == ("amy",)
    assert ids(ledger) == []  # what amy said last
    assert ledger.merge(there, at=NOON).analysts == ()


def test_a_clock_that_runs_ahead_is_told(ledger: Ledger, there: Ledger) -> None:
    there.record_all(DOCUMENT, [entry(says(), at=NOON)])
    (problem,) = ledger.merge(there, at=MORNING).problems
    assert "later than now" in problem.reason


# ── documents ────────────────────────────────────────────────────────────────────────────────────


def test_the_same_report_under_another_file_name_is_the_same(ledger: Ledger, there: Ledger, ground: Ground) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    there.record_all(replace(DOCUMENT, file="clips/k.txt"), [entry(says(7), at=MORNING + HOUR)])
    assert ledger.merge(there, at=NOON).problems == ()
    assert ledger.document(DOCUMENT.id) == DOCUMENT
    assert len(rows(ground, "SELECT * FROM told_otherwise")) == 1
    assert ledger.verify() == []


def test_a_report_told_otherwise_stays_as_told_here_and_theirs_is_kept(
    ledger: Ledger, there: Ledger, ground: Ground
) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    there.record_all(replace(DOCUMENT, source="The Herald", published=dt.date(2021, 8, 10)), [entry(says(7))])
    (problem,) = ledger.merge(there, at=NOON).problems
    assert "The Herald, 2021-08-10" in problem.reason
    assert "The Fictional Courier, 2021-08-16" in problem.reason
    assert "--source" in problem.remedy
    assert ledger.document(DOCUMENT.id) == DOCUMENT
    ((meta, body),) = rows(ground, "SELECT meta, body FROM told_otherwise")
    assert (json.loads(unfold(meta))["source"], body) == ("The Herald", None)
    there.record(entry(says(14), at=NOON))
    assert ledger.merge(there, at=NOON + HOUR).problems == ()  # told once
    assert ledger.verify() == []


def test_what_was_read_into_other_words_is_left_out_and_kept(ledger: Ledger, there: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    there.record_all(replace(DOCUMENT, text=DOCUMENT.text.upper()), [entry(says(7), at=MORNING + HOUR)])
    done = ledger.merge(there, at=NOON)
    assert "other words" in done.problems[0].reason
    assert (done.entries, done.left_out, ids(ledger)) == (0, 1, [says().id])
    assert ledger.verify(head=there.head()) == []


@pytest.mark.parametrize("table", [each for each in (*SPINE, *FLESH) if each.name != "removed"], ids=str)
@pytest.mark.parametrize("act", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
def test_what_was_merged_cannot_be_changed_or_deleted(
    ledger: Ledger, there: Ledger, ground: Ground, table: Table, act: str
) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    there.record_all(replace(DOCUMENT, source="The Herald"), [entry(says(7))])
    ledger.merge(there, at=NOON)
    with ground.raw() as connection, pytest.raises(IntegrityError, match="append-only"):
        connection.exec_driver_sql(act.format(table.name, next(iter(table.c)).name))


# ── taken out ────────────────────────────────────────────────────────────────────────────────────


def removal(document: str = DOCUMENT.id, at: dt.datetime = MORNING + HOUR) -> Entry:
    return Entry(at, "tombstone:cy", document, removes="names a witness")


def test_what_was_taken_out_there_is_taken_out_here(ledger: Ledger, there: Ledger) -> None:
    again = replace(DOCUMENT, id=f"{DOCUMENT.id}.2", source="The Herald")
    for each in (ledger, there):
        each.record_all(DOCUMENT, [entry(says())])
    ledger.record_all(again, [entry(says(document=again), on=again)])
    there.record(removal())
    assert set(ledger.merge(there, at=NOON).removed) == {DOCUMENT.id, again.id}
    assert ids(ledger) == []
    with pytest.raises(UsageError, match="names a witness"):
        ledger.document(DOCUMENT.id)
    head = ledger.head()
    assert ledger.merge(there, at=NOON).removed == ()
    assert (ledger.head(), ledger.verify(head=there.head())) == (head, [])


def test_what_was_taken_out_there_does_not_come_in_elsewhere(ledger: Ledger, there: Ledger, fresh: Fresh) -> None:
    there.record_all(DOCUMENT, [entry(says())])
    there.record(removal())
    ledger.merge(there, at=NOON)
    with fresh() as third:
        third.record_all(DOCUMENT, [entry(says(7))])
        third.record_all(OTHER, [entry(says(document=OTHER), on=OTHER, at=MORNING + HOUR)])
        done = ledger.merge(third, at=NOON + HOUR)
        assert (done.entries, done.left_out) == (1, 1)
        assert ids(ledger) == [says(document=OTHER).id]
        assert ledger.verify(head=third.head()) == []


# ── what is refused ──────────────────────────────────────────────────────────────────────────────


def test_a_ledger_is_not_merged_with_itself(ledger: Ledger, ground: Ground) -> None:
    with ground.open() as same, pytest.raises(UsageError, match="itself"):
        ledger.merge(same)


def test_nor_by_another_name_of_its_file(filed: Ledger, tmp_path: Path) -> None:
    (tmp_path / "link.sqlite").symlink_to(tmp_path / "ledger.sqlite")
    with Ledger.open(tmp_path / "link.sqlite") as same, pytest.raises(UsageError, match="itself"):
        filed.merge(same)


@pytest.mark.parametrize("act", ["UPDATE bodies SET body = x'00' WHERE entry = 2", "UPDATE texts SET body = x'28'"])
def test_nothing_is_taken_from_where_a_ledger_was_altered(ledger: Ledger, tmp_path: Path, act: str) -> None:
    path = tmp_path / "there.sqlite"
    with Ledger.open(path, create=True) as there:
        there.record_all(DOCUMENT, [entry(says()), entry(says(7), recorder="event@1")])
    connection = sqlite3.connect(path)
    for name in ("bodies_no_update", "texts_no_update"):
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(act)
    connection.commit()
    connection.close()
    with Ledger.open(path) as there, pytest.raises(LedgerError, match=r"there.sqlite: .*contested verify"):
        ledger.merge(there, at=NOON)
    assert ids(ledger) == []
    assert ledger.verify() == []


def test_a_link_that_is_gone_is_missed(filed: Ledger, there: Ledger, tmp_path: Path) -> None:
    there.record_all(DOCUMENT, [entry(says()), entry(says(7), recorder="event@1")])
    filed.merge(there, at=NOON)
    filed.close()
    for which, place in (("ASC", "entries 1"), ("DESC", "entries 2")):
        shutil.copy(tmp_path / "ledger.sqlite", tmp_path / "altered.sqlite")
        connection = sqlite3.connect(tmp_path / "altered.sqlite")
        connection.execute("DROP TRIGGER links_no_delete")
        connection.execute(f"DELETE FROM links WHERE entry = (SELECT entry FROM links ORDER BY entry {which} LIMIT 1)")
        connection.commit()
        connection.close()
        with Ledger.open(tmp_path / "altered.sqlite") as altered:
            assert place in [each.place for each in altered.verify()]
