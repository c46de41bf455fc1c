"""Names from a report to the review and back: settled once, remembered for every later report of the workspace."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from contested import open_workspace
from contested.cli import run
from contested.errors import LedgerError, UsageError
from contested.extract.settled import Role
from contested.register import Register, open_register
from contested.register.added import COLUMNS, LOCK, add_place
from contested.register.additions import read_table
from contested.web import app
from contested.workspace import Workspace
from contested.workspace.meanings import choices, holder, meant, point, told
from contested.workspace.names import name_in
from contested.write import writers
from web_world import HERE

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").rglob("*.txt"))
MARJAH = """\
source: The Example Courier
published: 2010-02-14

Marines attacked Koru Chareh on Saturday. The Taliban still held Loy Chareh, Helmand.
Afghan soldiers captured Koru Chareh on Sunday, the ministry of defence said.
Residents said that the bazaar was closed.
"""
LATER = """\
source: The Example Wire
published: 2010-02-20

Marines seized koru chareh on Friday. The Taliban attacked Koru Chareh, and fighters held Loy Chareh.
"""


@cache
def register() -> Register:
    return open_register()


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    (tmp_path / "a.txt").write_text(MARJAH)
    (tmp_path / "b.txt").write_text(LATER)
    with open_workspace(tmp_path / "w", create=True) as opened:
        opened.add([tmp_path / "a.txt"])
        yield opened


def meanings(workspace: Workspace, role: Role, words: str) -> set[tuple[str, float]]:
    found = (name_in(each.assertion.content, role, words) for each in workspace.assertions())
    return {(name.thing, name.sure) for name in found if name}


# ── from a report to the review and back ─────────────────────────────────────────────────────────


def test_a_missing_place_is_added_settled_remembered_and_taken_back(workspace: Workspace, tmp_path: Path) -> None:
    assert {("place", "Koru Chareh"), ("place", "Loy Chareh")} <= {
        (name.role, name.words) for name in workspace.names() if name.open
    }
    guess = workspace.lies_in("Loy Chareh")
    assert guess
    assert (guess.thing, guess.why) == ("iso:AF-HEL", "the report puts it there")
    loy = workspace.add_place("loy  chareh")
    koru = workspace.add_place("Koru Chareh", within="Helmand", at=(31.51, 64.12))
    assert (loy.id, loy.name, loy.within, loy.latitude) == ("added:loy-chareh", "Loy Chareh", "iso:AF-HEL", None)
    assert meanings(workspace, "place", "Koru Chareh") == {(koru.id, 1.0)}
    workspace.add([tmp_path / "b.txt"])
    assert len({each.source for each in workspace.assertions()}) == 2
    assert meanings(workspace, "place", "Koru Chareh") == {(koru.id, 1.0)}
    assert [row.things[0] for row in workspace.picture("control").rows if row.key[0].casefold() == "koru chareh"] == [
        koru.id
    ]
    workspace.unsettle("Koru Chareh")
    assert meanings(workspace, "place", "Koru Chareh") == {("", 0.0)}
    assert meanings(workspace, "place", "Loy Chareh") == {(loy.id, 1.0)}
    assert workspace.verify() == []


def test_what_is_settled_holds_where_the_workspace_is_copied_or_opened_anew(
    workspace: Workspace, tmp_path: Path
) -> None:
    workspace.add_place("Koru Chareh", within="iso:AF-HEL")
    workspace.mean("Marines", "actor:united-states-forces", "party")
    with open_workspace(workspace.folder) as again:
        assert again.settled() == {
            ("place", "koru chareh"): "added:koru-chareh", ("party", "marines"): "actor:united-states-forces",
        }  # fmt: skip
        again.add([tmp_path / "b.txt"])
        assert meanings(again, "party", "Marines") == {("actor:united-states-forces", 1.0)}
        assert name_of_the_holder(again, "Marines seized") == "actor:united-states-forces"


def name_of_the_holder(workspace: Workspace, quoted: str) -> str:
    (said,) = (each for each in workspace.assertions("control") if workspace.words(each).startswith(quoted))
    name = name_in(said.assertion.content, "party", "Marines")
    assert name
    return name.thing


def test_a_thing_that_is_gone_is_passed_over(workspace: Workspace, tmp_path: Path) -> None:
    workspace.add_place("Koru Chareh", within="Helmand")
    workspace.remove_pack("added")
    workspace.add([tmp_path / "b.txt"])
    wire = [each for each in workspace.assertions() if each.source == "The Example Wire"]
    found = {name for each in wire if (name := name_in(each.assertion.content, "place", "Koru Chareh"))}
    assert {(name.thing, name.sure) for name in found} == {("", 0.0)}
    (known,) = (name for name in workspace.names() if name.called("place", "Koru Chareh"))
    assert not known.settled


def test_a_later_view_never_changes_an_earlier(workspace: Workspace) -> None:
    before, moment = list(workspace.assertions()), dt.datetime.now(dt.UTC)
    names = workspace.names()
    workspace.add_place("Koru Chareh", within="Helmand")
    assert list(workspace.assertions(known=moment)) == before
    assert workspace.names(known=moment) == names
    assert workspace.names() != names


def test_what_cannot_be_settled(workspace: Workspace) -> None:
    for words, thing, role, says in (
        ("Koru Chareh", "gn:nothing", "place", "no place 'gn:nothing'"),
        ("Koru Chareh", "actor:taliban", "place", "no place"),
        ("Taliban", "iso:AF-HEL", "party", "no party"),
        ("Koru Chareh", "Kunduz", "place", "gn:1135689"),
        ("Nowhere", "", "place", "names a place 'Nowhere'"),
    ):
        with pytest.raises(UsageError, match=says):
            workspace.mean(words, thing, role)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="'Nowhere'"):
        workspace.add_place("Nowhere")
    assert not (workspace.folder / "packs" / "added.csv").exists()


# ── what a name may mean ─────────────────────────────────────────────────────────────────────────


def test_namesakes_are_told_apart() -> None:
    found = choices(register(), "place", "Kunduz", ["gn:1135689"], "iso:AF-KDZ")
    assert found[0].thing == "gn:1135689"
    assert found[0].far is not None
    assert {each.thing: each.told for each in found}["iso:AF-KDZ"] == "province in Afghanistan"
    assert len(found) == len({each.thing for each in found}) <= 9
    assert choices(register(), "place", "Kunduz province", [])[0].thing == "iso:AF-KDZ"
    assert "actor:houthis" in {each.thing for each in choices(register(), "party", "Yemen's Houthi movement", [])}
    assert choices(register(), "party", "Qzxw", ["gone"]) == ()
    assert all(each.thing.startswith("actor:") for each in choices(register(), "party", "Pakistan", ["iso:PK"]))


def test_a_thing_is_meant_by_its_id_or_a_name_it_alone_has() -> None:
    assert meant(register(), "party", "Hezbollah").id == meant(register(), "party", "actor:hezbollah").id
    assert meant(register(), "place", "Lashkar Gah, Helmand").name == "Lashkar Gah"
    assert holder(register(), "Kunduz").id == "iso:AF-KDZ"
    assert holder(register(), "Afghanistan").id == "iso:AF"
    with pytest.raises(UsageError, match="Qzxw"):
        holder(register(), "Qzxw")
    helmand = register().thing("iso:AF-HEL")
    assert helmand
    assert told(register(), helmand) == "province in Afghanistan"


@pytest.mark.parametrize("words", ["", "north", "1", "1,", ",1", "1;2"])
def test_what_is_no_point_is_refused(words: str) -> None:
    with pytest.raises(UsageError, match="no point"):
        point(words)
    assert point("31.52, -64") == (31.52, -64.0)


# ── places added one by one ──────────────────────────────────────────────────────────────────────


def test_adding_again_changes_nothing_and_otherwise_is_refused(tmp_path: Path) -> None:
    places = register().places
    assert add_place(tmp_path, places, ["Koru Chareh"], "iso:AF-HEL") == "added:koru-chareh"
    table = (tmp_path / "added.csv").read_bytes()
    assert add_place(tmp_path, places, ["  Koru   Chareh "], "iso:AF-HEL") == "added:koru-chareh"
    assert (tmp_path / "added.csv").read_bytes() == table
    with pytest.raises(UsageError, match="already"):
        add_place(tmp_path, places, ["Koru Chareh"], "iso:AF-KAN")
    assert table.decode().splitlines()[0] == ",".join(COLUMNS)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["added.csv", "packs.json"]
    assert json.loads((tmp_path / "packs.json").read_text())[0]["licence"] == "own"


def test_a_table_of_one_s_own_keeps_its_columns(tmp_path: Path) -> None:
    (tmp_path / "added.csv").write_text("name,population,within\nGhar,70,iso:AF-HEL\n")
    add_place(tmp_path, register().places, ["Koru, Chareh", "Coru"])
    found = open_register(tmp_path)
    assert found.problems == ()
    assert [thing.population for thing in found.places.named("Ghar") if thing.id == "added:ghar"] == [70]
    koru = found.thing("added:koru-chareh")
    assert koru
    assert koru.names == ("Koru, Chareh", "Coru")


def test_a_district_added_alone_divides_nothing(tmp_path: Path) -> None:
    before = len(register().children("iso:AF-HEL", "district"))
    add_place(tmp_path, register().places, ["Koru Chareh"], "iso:AF-HEL", None, "district")
    assert len(open_register(tmp_path).children("iso:AF-HEL", "district")) == before + 1


def test_many_who_add_at_once_lose_nothing(tmp_path: Path) -> None:
    places, faults = register().places, []

    def add(number: int) -> None:
        try:
            add_place(tmp_path, places, [f"Chareh {number}"], "iso:AF-HEL")
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len((tmp_path / "added.csv").read_text().splitlines()) == 9
    assert not (tmp_path / LOCK).exists()


def test_a_lock_left_over_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contested.register.added.PATIENCE", 0.0)
    (tmp_path / LOCK).touch()
    with pytest.raises(UsageError, match="delete"):
        add_place(tmp_path, register().places, ["Koru Chareh"])
    monkeypatch.setattr("contested.register.added.STALE", -1.0)
    assert add_place(tmp_path, register().places, ["Koru Chareh"])


@given(st.text(max_size=40))
@settings(max_examples=40, deadline=None)
def test_any_name_is_added_or_refused(words: str) -> None:
    with TemporaryDirectory() as folder:
        try:
            place = add_place(Path(folder), register().places, [words])
        except UsageError:
            return
        found = read_table(Path(folder) / "added.csv")
        assert [each.id for each in found] == [place]
        assert found[0].name == " ".join(words.split())


def test_a_place_is_written_once_its_name_is_settled_and_finished_when_interrupted(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **_more: object) -> None:
        raise LedgerError("another process is writing to it")

    table, head = workspace.folder / "packs" / "added.csv", workspace.ledger.head()
    for wrong in ({"type": "hamlet"}, {"name": "Koru | Chareh"}, {"analyst": "\0"}):
        with pytest.raises(UsageError):
            workspace.add_place("Koru Chareh", within="Helmand", **wrong)  # type: ignore[arg-type]
    with monkeypatch.context() as patch:
        patch.setattr(workspace.ledger, "record", fail)
        with pytest.raises(LedgerError):
            workspace.add_place("Koru Chareh", within="Helmand")
    assert not table.exists()
    assert workspace.ledger.head() == head
    with monkeypatch.context() as patch:
        patch.setattr("contested.register.added._check", lambda *_: None)
        patch.setattr("contested.register.added._write", fail)
        with pytest.raises(LedgerError):
            workspace.add_place("Koru Chareh", within="Helmand")
    assert workspace.settled() == {("place", "koru chareh"): "added:koru-chareh"}
    assert workspace.add_place("Koru Chareh", within="Helmand").id == "added:koru-chareh"
    assert len(table.read_text().splitlines()) == 2
    assert len(list(workspace.settlings())) == 1


def test_a_place_that_is_refused_leaves_nothing_on_record(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    packs, head = workspace.folder / "packs", workspace.ledger.head()
    monkeypatch.setattr("contested.register.added.PATIENCE", 0.0)
    packs.mkdir(exist_ok=True)
    (packs / LOCK).touch()
    with pytest.raises(UsageError, match="somebody else is adding"):
        workspace.add_place("Koru Chareh", within="Helmand")
    (packs / LOCK).unlink()
    table = packs / "added.csv"
    table.write_text("id,name,latitude,longitude\nadded:ghar,Ghar,north,5\n")
    with pytest.raises(UsageError):
        workspace.add_place("Koru Chareh", within="Helmand")
    assert workspace.ledger.head() == head
    assert [path.name for path in packs.iterdir()] == ["added.csv"]
    table.unlink()
    assert workspace.add_place("Koru Chareh", within="Helmand").id == "added:koru-chareh"


def test_a_place_without_coordinates_is_safe_everywhere(workspace: Workspace) -> None:
    workspace.add_place("Loy Chareh")
    workspace.add_place("Koru Chareh", within="Helmand", at=(31.51, 64.12))
    picture = workspace.picture("control")
    drawn = json.loads(writers()["geojson"].write(picture, workspace.thing))
    shapes = {each["properties"]["place"]: each["geometry"] for each in drawn["features"]}
    assert shapes["Loy Chareh"] is None
    assert shapes["Koru Chareh"]["coordinates"] == [64.12, 31.51]
    known = workspace.register
    assert known.distance("added:loy-chareh", "iso:AF-HEL") is None
    assert known.neighbours("added:loy-chareh").places == ()
    for phrase in ("Loy Chareh", "10 km east of Loy Chareh", "between Loy Chareh and Kabul", "near Loy Chareh"):
        known.area(phrase)
    site = TestClient(app(workspace), base_url=HERE)
    for path in ("/map", "/map?view=table", "/review?show=all", "/picture/capitals"):
        assert site.get(path).status_code == 200
    assert ["Loy Chareh"] in site.get("/map.json").json()["not_on_map"]


# ── the command line ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def told_by(workspace: Workspace, capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def tell(*words: str) -> tuple[int, str, str]:
        capfd.readouterr()
        code = run(["-C", str(workspace.folder), *words])
        return code, *capfd.readouterr()

    return tell


def test_names_on_the_command_line(told_by: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = told_by("names", "--missing", "--place")
    assert code == 0
    assert [line.split()[1] for line in out.splitlines()[2:]] == ["Koru", "Loy"]
    assert "Afghan soldiers" not in told_by("names", "--unsure")[1]
    assert "Residents" in told_by("names", "--all", "--party")[1]
    assert "Residents" not in told_by("names", "--party")[1]
    lines = [json.loads(line) for line in told_by("names", "--jsonl")[1].splitlines()]
    assert lines[0] == {
        "role": "place", "words": "Koru Chareh", "thing": "", "sure": 0.0, "assertions": 2, "sources": 1,
        "example": lines[0]["example"], "others": [], "proper": True, "settled": False,
    }  # fmt: skip
    assert json.loads(told_by("names", "--json")[1])["schema"] == "contested/names/1"


def test_a_name_is_settled_on_the_command_line(told_by: Callable[..., tuple[int, str, str]]) -> None:
    code, out, err = told_by(
        "names", "mean", "Koru Chareh", "iso:AF-HEL", "--note", "by the map", "--analyst", "A. Reader"
    )
    assert (code, out) == (0, "")
    assert err == "Koru Chareh: Helmand, province in Afghanistan (iso:AF-HEL)\n2 assertions changed\n"
    assert "settled so already" in told_by("names", "mean", "koru chareh", "iso:AF-HEL")[2]
    code, _, err = told_by("names", "mean", "Koru Chareh", "Kunduz")
    assert code == 2
    assert "iso:AF-KDZ" in err
    assert "settled" in told_by("names")[1]
    assert told_by("names", "undo", "Koru Chareh")[2] == "Koru Chareh: nothing known\n"
    assert told_by("names", "undo", "Koru Chareh")[0] == 2
    assert told_by("names", "mean", "Taliban", "", "--party")[2].startswith("Taliban: nothing known\n")
    assert told_by("names", "undo", "Taliban", "--party")[2].startswith("Taliban: Taliban, armed group")


def test_a_place_is_added_on_the_command_line(told_by: Callable[..., tuple[int, str, str]]) -> None:
    code, _, err = told_by("names", "add", "Loy Chareh")
    assert code == 0
    assert "settlement in Helmand, Afghanistan (added:loy-chareh)" in err
    assert "is a guess" in err
    code, _, err = told_by(
        "names", "add", "Koru Chareh", "--within", "Helmand", "--at", "31.51,64.12", "--type", "district"
    )
    assert (code, err) == (0, "Koru Chareh: Koru Chareh, district in Helmand, Afghanistan (added:koru-chareh)\n")
    assert "own" in told_by("packs")[1]
    assert told_by("names", "add", "Loy Chareh", "--at", "north")[0] == 2
    for command in ("mean", "add", "undo"):
        assert told_by("names", command, "--help")[0] == 0
    assert told_by("names", "--place", "--unsure")[2] == "no names of that sort\n"
