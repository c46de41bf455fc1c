"""What measures the ledger: it asks the plain tables what it asks the ledger, and prints each table it promises."""

import datetime as dt
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from benchmarks import ledger as benchmark
from benchmarks.ledger import PAGE, Made, Question, made, page, pages_by_table, questions
from benchmarks.ledger_plain import Plain
from benchmarks.war import BEGINS

from contested import open_workspace


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    with pytest.MonkeyPatch.context() as few:  # places, so that much is said of each
        few.setattr(benchmark, "PLACES", 20)
        yield made(tmp_path_factory.mktemp("war"), 2000, alone=False)


def test_the_plain_tables_give_the_same_pages_but_for_what_was_judged(one: Made) -> None:
    with open_workspace(one.folder / "workspace") as workspace, closing(Plain(one.plain)) as plain:
        judged = {target for each in workspace.ledger.entries() if each.recorder.startswith("analyst:")
                  for said in each.assertions for target in getattr(said.content, "of", ())}  # fmt: skip
        found = 0
        for each in [*questions(18), *(each._replace(since=BEGINS.date()) for each in questions(18))]:
            ours = {standing.id for standing in page(workspace, each)}
            if len(ours) == PAGE:  # where a page cuts off, which come first of one day is anybody's choice
                continue
            asked = (each.kind, each.place, each.since, each.on, each.known, PAGE)
            assert ours - judged == {id_ for id_, _ in plain.page(*asked)} - judged
            found += bool(each.place) and len(ours)
        assert found > 30


def test_the_plain_tables_know_a_last_word_on_nearly_every_place_of_the_picture(one: Made) -> None:
    last = Question(dt.date(2021, 1, 1), dt.datetime(2021, 1, 1, tzinfo=dt.UTC), "", "", dt.date(2020, 1, 1))
    with open_workspace(one.folder / "workspace") as workspace, closing(Plain(one.plain)) as plain:
        rows = benchmark.draw(workspace, "control", last.on, last.known).rows
        ours = {row.things[0] for row in rows if row.things and row.things[0]}
        theirs = {place for place, _ in plain.picture(last.on, last.known)}
    assert ours <= theirs
    assert len(ours) > 0.8 * len(theirs)


def test_disk_is_told_by_table(one: Made) -> None:
    path = one.folder / "workspace" / "ledger.sqlite"
    found = pages_by_table(path)
    if not found:
        pytest.skip("this SQLite was built without dbstat")
    assert sum(own + indexes for own, indexes in found.values()) <= path.stat().st_size
    assert {"documents", "texts", "entries"} <= set(found)


def test_every_table_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["ledger", "--assertions", "300", "--questions", "3", "--keep", str(tmp_path)]
    tables = ("record", "picture", "timeline", "growth", "verify")
    monkeypatch.setattr(sys, "argv", [*asked, "--only", *tables])
    monkeypatch.setattr(benchmark, "SMALLEST", 30)
    benchmark.main()
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line in tables] == list(tables)
    assert [line.split("  ")[0] for line in lines if "many" in line or "picture, " in line] == [
        "picture, 30 assertions", "picture, 300 assertions", "10 times as many",
    ]  # fmt: skip
    monkeypatch.setattr(sys, "argv", [*asked, "--draw", "control", "--keep", str(tmp_path / "300" / "workspace")])
    benchmark.main()
    rows, held, spent = map(float, capsys.readouterr().out.split())
    assert rows > 0
    assert held > 10
    assert spent > 0
