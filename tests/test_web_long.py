"""A long record in pages: what the index answers is what the whole would, and looking further leaves nothing out."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks.war import reports
from starlette.testclient import TestClient

from contested import open_workspace
from contested.cli import run, streaming
from contested.model import Standing
from contested.web import app, documents, listing, record
from contested.workspace import Workspace
from contested.workspace.names import on_record, unknown
from contested.workspace.settling import settled_names
from web_world import HERE, Known

THEN = dt.datetime(2006, 1, 1, tzinfo=dt.UTC)
MOMENTS = pytest.mark.parametrize("moment", [None, THEN], ids=["now", "then"])


@pytest.fixture(scope="module")
def war(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = tmp_path_factory.mktemp("war") / "w"
    with open_workspace(folder, create=True) as workspace:
        workspace.ledger.record_many(reports(2_500, places=25, years=12, seed=3), at_once=50)
        one, two, *_ = (each for each in workspace.assertions() if each.judgements)
        workspace.judge(one.id, "accept", analyst="somebody else")
        workspace.judge(two.id, "undo", analyst=two.judgements[-1].voices[0].who)
        yield workspace


@pytest.fixture
def web(war: Workspace) -> TestClient:
    return TestClient(app(war), base_url=HERE)


def ids(found: list[Standing]) -> list[str]:
    return [each.id for each in found]


@MOMENTS
def test_the_index_counts_as_the_whole_does(war: Workspace, moment: dt.datetime | None) -> None:
    asked, whole = war.ledger.as_known(moment), Known(war, moment)  # type: ignore[arg-type] - asked as a world is
    assert asked.count() == whole.count() > 300
    assert asked.at_most(whole.count())
    assert not asked.at_most(whole.count() - 1)
    assert asked.judged() == whole.judged() > 0
    assert asked.kinds() == whole.kinds()
    assert asked.types() == whole.types()
    for kinds, of_type in (((), ""), (("control",), ""), (("event",), "clash"), (("event",), "nosuch")):
        assert asked.days(kinds, of_type) == whole.days(kinds, of_type)
    shelf = [each.id for each in war.documents(moment)]
    assert asked.shelved() == whole.shelved() == len(shelf)
    assert asked.said(shelf) == whole.said(shelf)
    assert sorted(asked.tellings(shelf)) == sorted(shelf)
    assert {each.id for each in asked.reports(limit=10_000)} == set(shelf)
    assert [asked.has(each.id) for each in war.documents()] == [whole.has(each.id) for each in war.documents()]


@MOMENTS
@pytest.mark.parametrize("last_first", [False, True])
@pytest.mark.parametrize(("kinds", "of_type"), [((), ""), (("control",), ""), (("event",), "clash")])
def test_the_index_lists_as_the_whole_does(
    war: Workspace, moment: dt.datetime | None, last_first: bool, kinds: tuple[str, ...], of_type: str
) -> None:
    asked, whole = war.ledger.as_known(moment), Known(war, moment)  # type: ignore[arg-type]
    day = dt.date(2004, 5, 1)
    for since, until, skip in ((None, None, 0), (day, None, 7), (None, day, 3), (day, day.replace(year=2005), 20)):
        same = {"of_type": of_type, "since": since, "until": until, "last_first": last_first, "skip": skip, "limit": 30}
        assert ids(asked.page(kinds, **same)) == ids(whole.page(kinds, **same))  # type: ignore[arg-type]
    some = {"of_type": of_type, "last_first": last_first, "skip": 2, "limit": 30}
    assert ids(asked.undated(kinds, **some)) == ids(whole.undated(kinds, **some))  # type: ignore[arg-type]
    everything = ids(whole.page(kinds, of_type=of_type, limit=10_000))
    assert ids(asked.newest(everything, 9)) == ids(whole.newest(everything, 9))
    assert ids(asked.begun(everything[0][:2], 9)) == ids(whole.begun(everything[0][:2], 9))


@pytest.mark.parametrize("path", ["/timeline", "/timeline?type=clash&since=2003-01-01", "/assertions?kind=control"])
def test_pages_one_after_another_hold_everything_once(web: TestClient, path: str) -> None:
    first = web.get(path.replace("?", ".json?") if "?" in path else f"{path}.json").json()
    told: list[str] = []
    for page in range(1, first["pages"] + 1):
        at = f"{path}{'&' if '?' in path else '?'}page={page}".replace("?", ".json?", 1)
        said = web.get(at).json()
        told += [each["id"] for each in said.get("events", said.get("assertions"))]
    assert len(told) == len(set(told)) == first["total"] > 40


@pytest.mark.parametrize("query", ["q=the", "source={source}", "q=the&kind=event"])
def test_looking_further_finds_what_is_found_at_once(
    war: Workspace, web: TestClient, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = query.format(source=next(war.assertions()).source)
    whole = web.get(f"/assertions.json?{query}").json()
    expected = [
        each["id"]
        for page in range(1, whole["pages"] + 1)
        for each in web.get(f"/assertions.json?{query}&page={page}").json()["assertions"]
    ]
    monkeypatch.setattr(listing, "LOOKED", 150)
    monkeypatch.setattr(listing, "AT_ONCE", 40)
    assert "look further" in web.get(f"/assertions?{query}").text
    found, skip = [], 0
    while skip is not None:
        said = web.get(f"/assertions.json?{query}&skip={skip}").json()
        found += [each["id"] for each in said["assertions"]]
        assert said["looked_through"] <= 150 + 40
        skip = said["skip"]
    assert found == expected
    assert len(found) == whole["total"]


def test_many_documents_are_listed_in_the_order_of_their_coming(
    war: Workspace, web: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = {each.id: each.source for each in war.documents()}
    monkeypatch.setattr(record, "FEW", 10)
    monkeypatch.setattr(documents, "FEW", 10)
    monkeypatch.setattr(documents, "LOOKED", 60)
    monkeypatch.setattr(documents, "AT_ONCE", 25)
    many = TestClient(app(war), base_url=HERE)
    first = many.get("/documents.json").json()
    found = [
        each["id"]
        for page in range(1, first["pages"] + 1)
        for each in many.get(f"/documents.json?page={page}").json()["documents"]
    ]
    assert sorted(found) == sorted(expected)
    source, told, skip = next(iter(expected.values())), [], 0
    while skip is not None:
        said = many.get("/documents.json", params={"source": source, "skip": skip}).json()
        told += [each["id"] for each in said["documents"]]
        skip = said["skip"]
    assert sorted(told) == sorted(id_ for id_, of in expected.items() if of == source)
    assert 'placeholder="the whole name"' in many.get("/documents").text


@MOMENTS
def test_names_taken_for_nothing_are_known_to_the_index(war: Workspace, moment: dt.datetime | None) -> None:
    whole = {
        (name.role, name.words.casefold()): name.assertions
        for name in on_record(war.assertions(known=moment))
        if not name.thing and name.role == "place"
    }
    found = unknown(war.ledger.as_known(moment))
    assert whole
    assert {(each.role, each.words.casefold()): each.assertions for each in found if each.role == "place"} == whole
    for each in found:
        assert each.example in war.ledger.as_known(moment).some([each.example])


def test_a_long_record_s_names_are_settled_and_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_workspace(tmp_path / "w", create=True) as workspace:
        workspace.ledger.record_many(reports(600, places=25, years=12, seed=4))
        monkeypatch.setattr(record, "HEAVY", 10)
        web = TestClient(app(workspace, "amy"), base_url=HERE)
        first = next(each for each in web.get("/review.json").json()["names"] if each["role"] == "place")
        assert "The record is long" in web.get("/review").text
        workspace.mean(first["words"], "", "place", "amy")
        (name,) = settled_names(workspace.ledger)
        assert name.called("place", first["words"])
        assert [each["words"] for each in web.get("/review.json?show=settled").json()["names"]] == [name.words]
        done = web.get("/review", params={"done": f"place/{first['words']}"}).text
        assert "Settled:" in done
        workspace.unsettle(first["words"], "place", "amy")
        assert settled_names(workspace.ledger) == []


def test_a_picture_too_large_for_a_page_says_how_it_is_written(war: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "HEAVY", 10)
    web = TestClient(app(war), base_url=HERE)
    told = web.get("/picture/timeline.json?on=2009-01-01").json()
    assert told["command"] == "contested picture timeline --on 2009-01-01 --csv -o timeline.csv"
    assert "Too large for a page" in web.get("/picture/timeline").text
    assert web.get("/map.json").json()["picture"]["rows"], "what looks back is drawn however much there is"


@pytest.mark.parametrize("form", ["--jsonl", "--json", "--csv"])
@pytest.mark.parametrize("command", ["assertions", "documents"])
def test_a_long_list_written_as_it_is_found_says_the_same(
    war: Workspace, form: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def written() -> str:
        assert run(["-q", "-C", str(war.folder), command, form, "-o", str(tmp_path / "out")]) == 0
        return (tmp_path / "out").read_text(encoding="utf-8")

    whole = written()
    monkeypatch.setattr("contested.cli.looking.LONG", 1)
    streamed = written()
    if form == "--json":
        kept, told = json.loads(whole), json.loads(streamed)
        assert kept.keys() == told.keys()
        assert sorted(map(str, kept[command])) == sorted(map(str, told[command]))
    else:
        assert sorted(whole.splitlines()) == sorted(streamed.splitlines())
    monkeypatch.setattr(streaming, "BLOCK", 7)
    assert run(["-q", "-C", str(war.folder), command]) == 0


def test_a_file_is_whole_or_as_it_was(tmp_path: Path) -> None:
    from contested.cli.session import pour

    def torn() -> Iterator[str]:
        yield "new"
        raise ValueError("torn")

    out = tmp_path / "out.csv"
    out.write_text("old\n", encoding="utf-8")
    with pytest.raises(ValueError, match="torn"):
        pour(torn(), str(out))
    assert out.read_text(encoding="utf-8") == "old\n"
    assert [each.name for each in tmp_path.iterdir()] == ["out.csv"]
    pour(iter(["a", "b"]), str(out))
    assert out.read_text(encoding="utf-8") == "a\nb\n"
