"""The workspace: what is added once stays added once, and both clocks are kept."""

import datetime as dt
import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import contested
import toy
from contested import Workspace, open_workspace
from contested.errors import UsageError
from contested.model import Control, Document, Judgement, Name
from contested.web import app
from contested.workspace import day, latest, moment, superseded

REPORT = "source: Gazette\npublished: 2021-08-08\n\nPolice said: Rebels captured Kunduz. Rebels captured Herat.\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    toy.stand_in(monkeypatch)
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "a.txt").write_text(REPORT)
    (tmp_path / "reports" / "b.txt").write_text(REPORT.replace("08-08", "08-12").replace("Kunduz", "Farah"))
    return tmp_path


@pytest.fixture
def workspace(folder: Path) -> Workspace:
    return open_workspace(folder / "w", create=True)


def test_every_public_name_is_there() -> None:
    for name in contested.__all__:
        assert getattr(contested, name).__name__ == name


def test_adding_again_changes_nothing(workspace: Workspace, folder: Path) -> None:
    first = workspace.add([folder / "reports"])
    assert (first.documents, first.assertions, first.known, first.problems) == (2, 4, 0, ())
    head = workspace.ledger.head()
    second = workspace.add([folder / "reports"])
    assert (second.documents, second.assertions, second.known) == (0, 0, 2)
    assert workspace.ledger.head() == head


def test_what_was_read_is_not_read_again(workspace: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace.add([folder / "reports"])
    seen: list[str] = []

    def watched(document: Document, register: object, home: str = "", *_: object) -> object:
        seen.append(document.file)
        return toy.extract(document, register, home)

    monkeypatch.setattr("contested.extract.extract", watched)
    workspace.add([folder / "reports"])
    assert seen == []
    again = workspace.add([folder / "reports"], again=True)
    assert len(seen) == 2
    assert (again.documents, again.assertions, again.known) == (0, 0, 2)


def test_a_new_version_of_an_extractor_reads_anew(
    workspace: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.add([folder / "reports"])
    monkeypatch.setattr("contested.extract.recorders", lambda: ("toy@2",))
    monkeypatch.setattr("contested.extract.extract", lambda *_: [("toy@2", ())])
    workspace.add([folder / "reports"])
    assert list(workspace.assertions()) == []


def test_a_report_that_breaks_an_extractor_is_a_problem(
    workspace: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def brittle(document: Document, register: object, home: str = "", *_: object) -> object:
        if document.file.endswith("a.txt"):
            raise RecursionError("too deep")
        return toy.extract(document, register, home)

    monkeypatch.setattr("contested.extract.extract", brittle)
    added = workspace.add([folder / "reports"])
    assert added.documents == 1
    assert [Path(problem.file).name for problem in added.problems] == ["a.txt"]
    assert "too deep" in added.problems[0].reason
    assert workspace.add([folder / "reports"]).problems == added.problems


def test_progress_counts_every_file(workspace: Workspace, folder: Path) -> None:
    told: list[tuple[int, int, str]] = []
    workspace.add([folder / "reports"], progress=lambda *at: told.append(at))
    assert [at[:2] for at in told] == [(0, 2), (1, 2), (2, 2)]
    assert told[0][2].endswith("a.txt")


def test_an_undated_report_can_be_dated_later(workspace: Workspace, folder: Path) -> None:
    (folder / "c.txt").write_text("source: Gazette\n\nRebels captured Zaranj.\n")
    assert workspace.add([folder / "c.txt"]).undated == 1
    assert [each.day for each in workspace.assertions()] == [None]
    told = workspace.add([folder / "c.txt"], published="2021-08-06")
    assert (told.documents, told.undated) == (1, 0)
    assert [each.day for each in workspace.assertions()] == [dt.date(2021, 8, 6)]
    workspace.add([folder / "c.txt"], published="2021-08-07")
    workspace.add([folder / "c.txt"], again=True)
    assert [each.day for each in workspace.assertions()] == [dt.date(2021, 8, 7)]


def test_a_source_told_later_is_its_publisher(workspace: Workspace, folder: Path) -> None:
    (folder / "c.txt").write_text("published: 2021-08-06\n\nRebels captured Zaranj.\n")
    workspace.add([folder / "c.txt"])
    workspace.add([folder / "c.txt"], source="Gazette")
    assert [each.assertion.voices[0].who for each in workspace.assertions()] == ["Gazette"]
    assert workspace.add([folder / "c.txt"]).known == 1


@pytest.mark.parametrize("fault", [RecursionError, KeyboardInterrupt])
def test_a_telling_that_fails_leaves_the_former_standing(
    workspace: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch, fault: type[BaseException]
) -> None:
    def breaks(*_: object) -> None:
        raise fault

    report = folder / "reports" / "a.txt"
    workspace.add([report])
    before, head = list(workspace.assertions()), workspace.ledger.head()
    with monkeypatch.context() as broken, suppress(KeyboardInterrupt):
        broken.setattr("contested.extract.extract", breaks)
        assert workspace.add([report, report], source="Wire").documents == 0
    assert (list(workspace.assertions()), workspace.ledger.head()) == (before, head)
    assert workspace.add([report], source="Wire").documents == 1
    assert {each.source for each in workspace.assertions()} == {"Wire"}
    assert len(list(workspace.assertions())) == len(before)


def test_judgements_go_with_a_report_told_anew(workspace: Workspace, folder: Path) -> None:
    report = folder / "reports" / "a.txt"
    workspace.add([report])
    kunduz, herat = (each.id for each in workspace.assertions())
    workspace.judge(kunduz, "accept", analyst="reader one")
    workspace.judge(kunduz, "undo", analyst="reader one")
    workspace.judge(kunduz, "reject", "wrong town", "reader one")
    workspace.judge(herat, "amend", amended=Control("lost", Name("Herat")), analyst="reader two")
    former = workspace.standing(herat).assertion.quote
    assert former
    assert workspace.add([report], source="Wire").problems == ()
    (told,) = workspace.assertions()
    assert (told.source, told.assertion.content) == ("Wire", Control("lost", Name("Herat")))
    assert told.id != herat
    said = told.judgements[0].content
    assert isinstance(said, Judgement)
    assert (said.note, told.judgements[0].voices[0].who) == (f"(carried over from {former.document})", "reader two")
    workspace.add([report], published="2021-08-09")
    assert [each.assertion.content for each in workspace.assertions()] == [Control("lost", Name("Herat"))]


@pytest.mark.parametrize("name", ["", "  "])
def test_nobody_speaks_without_a_name(workspace: Workspace, folder: Path, name: str) -> None:
    workspace.add([folder / "reports" / "a.txt"])
    said = next(workspace.assertions())
    document = next(workspace.documents()).id
    for act in (
        lambda: workspace.judge(said.id, "reject", analyst=name),
        lambda: workspace.amend(said.id, analyst=name, status="lost"),
        lambda: workspace.mean("Kunduz", "", analyst=name),
        lambda: workspace.remove([document], "asked to", analyst=name),
        lambda: app(workspace, name),
    ):
        with pytest.raises(UsageError, match="without a name"):
            act()
    assert said in list(workspace.assertions())


def test_a_judgement_that_cannot_go_along_is_named(
    workspace: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = folder / "reports" / "a.txt"
    workspace.add([report])
    judged = workspace.judge(next(workspace.assertions()).id, "reject", analyst="reader one")
    assert judged
    monkeypatch.setattr("contested.extract.extract", lambda *_: [("toy@1", ())])
    (problem,) = workspace.add([report], source="Wire").problems
    assert "1 judgement was made on its former telling" in problem.reason
    assert judged.assertions[0].id in problem.remedy


def test_a_beginning_means_the_last_telling(workspace: Workspace, folder: Path) -> None:
    report = folder / "reports" / "a.txt"
    workspace.add([report])
    (first,) = (each.id for each in workspace.documents())
    assert len(list(workspace.assertions(document=first[:8]))) == 2
    before = dt.datetime.now(dt.UTC)
    for number in range(2, 12):
        workspace.add([report], source=f"Wire {number}")
    assert len(list(workspace.assertions(document=first[:8]))) == 2
    for asked, meant in ((first[:8], f"{first}.11"), (f"{first[:8]}.2", f"{first}.2"), (first, first)):
        document = workspace.document(asked)
        assert document
        assert document.id == meant
    assert workspace.document(f"{first[:8]}.99") is None
    earlier = (first, *(f"{first}.{number}" for number in range(2, 11)))
    assert superseded(workspace.documents()) == dict.fromkeys(earlier, f"{first}.11")
    assert [each.id for each in workspace.documents(known=before)] == [first]


def test_a_guessed_day_counts_as_none(workspace: Workspace, folder: Path) -> None:
    body = "<p>" + "Rebels captured Zaranj, officials said. " * 5 + "</p><p>Posted on 6 August 2021</p>"
    (folder / "c.html").write_text(f"<!DOCTYPE html><html><body><article>{body}</article></body></html>")
    added = workspace.add([folder / "c.html"])
    assert [each.dating for each in workspace.documents()] == ["guessed"]
    assert added.undated == 1


def test_words_are_the_report_s_own(workspace: Workspace, folder: Path) -> None:
    workspace.add([folder / "reports" / "a.txt"])
    assert {workspace.words(each) for each in workspace.assertions("control")} == {
        "Rebels captured Kunduz",
        "Rebels captured Herat",
    }


def test_both_clocks(workspace: Workspace, folder: Path) -> None:
    workspace.add([folder / "reports" / "a.txt"])
    between = dt.datetime.now(dt.UTC)
    workspace.add([folder / "reports" / "b.txt"])
    assert len(list(workspace.assertions(known=between))) == 2
    assert len(list(workspace.assertions(known=dt.datetime.now(dt.UTC).date()))) == 4
    assert workspace.picture("control").on == dt.date(2021, 8, 12)
    assert workspace.picture("control", known=between).on == dt.date(2021, 8, 8)
    assert workspace.picture("control", known=between).known == between


def test_judgements(workspace: Workspace, folder: Path) -> None:
    workspace.add([folder / "reports" / "a.txt"])
    first, second = workspace.assertions()
    entry = workspace.judge(first.id[:12], "reject", "wrong town", "reader one")
    assert entry
    assert entry.recorder == "analyst:reader one"
    said = entry.assertions[0].content
    assert said == Judgement((first.id,), "reject", "wrong town")
    assert [each.id for each in workspace.assertions()] == [second.id]
    workspace.judge(first.id, "undo", analyst="reader one")
    workspace.judge([first.id, second.id], "same")
    assert {each.id for each in workspace.assertions()} == {first.id, second.id}
    workspace.judge([first.id, second.id], "reject", analyst="reader one")
    assert workspace.judge(second.id, "undo", analyst="reader two") is None
    workspace.judge(second.id, "undo", analyst="reader one")
    assert {each.id for each in workspace.assertions()} == {first.id, second.id}
    assert workspace.ledger.verify() == []
    workspace.judge(first.id, "amend", amended=Control("lost", Name("Kunduz")))
    amended = workspace.standing(first.id)
    assert amended.assertion.content == Control("lost", Name("Kunduz"))


@pytest.mark.parametrize(
    ("verdict", "how"), [("praise", {}), ("amend", {}), ("accept", {"amended": Control("lost")}), ("same", {})]
)
def test_senseless_judgements(workspace: Workspace, folder: Path, verdict: str, how: dict[str, Control]) -> None:
    workspace.add([folder / "reports" / "a.txt"])
    one = next(workspace.assertions())
    with pytest.raises(UsageError):
        workspace.judge(one.id, verdict, **how)


def test_a_judgement_that_changes_nothing_is_none(workspace: Workspace, folder: Path) -> None:
    workspace.add([folder / "reports" / "a.txt"])
    one = next(workspace.assertions()).id
    head = workspace.ledger.head()
    assert workspace.judge(one, "undo", analyst="reader one") is None
    assert workspace.ledger.head() == head
    assert workspace.judge(one, "accept", analyst="reader one")
    assert workspace.judge(one, "accept", analyst="reader one") is None


def test_a_judgement_names_what_it_judges_once(workspace: Workspace, folder: Path) -> None:
    workspace.add([folder / "reports" / "a.txt"])
    one = next(workspace.assertions()).id
    with pytest.raises(UsageError, match="names no assertion"):
        workspace.judge([], "accept")
    with pytest.raises(UsageError, match="compares several"):
        workspace.judge([one, one[:12]], "same")


def test_an_analyst_without_a_name_is_one_all_the_same(
    workspace: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody() -> str:
        raise ImportError("no module pwd")

    workspace.add([folder / "reports" / "a.txt"])
    monkeypatch.setattr("getpass.getuser", nobody)
    entry = workspace.judge(next(workspace.assertions()).id, "accept")
    assert entry
    assert entry.recorder == "analyst:analyst"


def test_a_workspace_must_be_made_first(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="contested init"):
        open_workspace(tmp_path / "nowhere")
    open_workspace(tmp_path / "there", create=True).close()
    with open_workspace(tmp_path / "there") as again:
        assert again.home == ""
        assert again.verify() == []


def test_home_is_read_and_passed_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_workspace(folder / "w", create=True).close()
    (folder / "w" / "contested.toml").write_text('home = "af"\n')
    homes: list[str] = []

    def watched(document: Document, register: object, home: str = "", *_: object) -> object:
        homes.append(home)
        return toy.extract(document, register)

    monkeypatch.setattr("contested.extract.extract", watched)
    with open_workspace(folder / "w") as workspace:
        workspace.add([folder / "reports" / "a.txt"])
    assert homes == ["AF"]


def test_a_bare_day_is_known_to_its_end() -> None:
    assert moment("2021-08-08") == moment(dt.date(2021, 8, 8)) == dt.datetime(2021, 8, 8, 23, 59, 59, 999999, dt.UTC)
    assert moment("2021-08-08T12:00:00+04:30") == dt.datetime(2021, 8, 8, 7, 30, tzinfo=dt.UTC)
    assert moment(dt.datetime(2021, 8, 8, 12)) == dt.datetime(2021, 8, 8, 12, tzinfo=dt.UTC)  # noqa: DTZ001


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "soon"])
def test_what_is_no_moment_is_refused_by_name(text: str) -> None:
    with pytest.raises(UsageError, match=re.escape(f"{text!r} is no moment")):
        moment(text)


@given(st.dates(), st.dates())
def test_moments_keep_the_order_of_days(one: dt.date, other: dt.date) -> None:
    assert day(one.isoformat()) == one
    assert (moment(one) < moment(other)) == (one < other)


@given(st.text(alphabet="0123/ .a-", max_size=12).filter(lambda text: not re.fullmatch(r"\d{4}-\d\d-\d\d", text)))
def test_what_is_no_day_is_refused_by_name(text: str) -> None:
    with pytest.raises(UsageError, match=re.escape(repr(text))):
        day(text)


def test_without_evidence_the_day_is_today() -> None:
    before = dt.datetime.now(dt.UTC).date()
    assert before <= latest([]) <= dt.datetime.now(dt.UTC).date()


def test_the_workspace_does_not_read_itself(workspace: Workspace, folder: Path) -> None:
    added = workspace.add([folder])
    assert (added.documents, added.problems) == (2, ())


def test_an_altered_original_is_found(workspace: Workspace, folder: Path) -> None:
    workspace.add([folder / "reports" / "a.txt"])
    assert workspace.verify() == []
    (original,) = workspace.archive.glob("*/*.zst")
    original.chmod(0o644)
    original.write_bytes(original.read_bytes()[:-4] + b"\0\0\0\0")
    (problem,) = workspace.verify()
    assert (Path(problem.file).name, problem.place) == ("a.txt", f"original {original.stem}")
    assert str(original) in problem.reason


def test_a_missing_original_is_blamed_once_and_its_remedy_said_once(workspace: Workspace, folder: Path) -> None:
    workspace.add([folder / "reports" / "a.txt"])
    (original,) = workspace.archive.glob("*/*.zst")
    original.unlink()
    (problem,) = workspace.verify()
    assert problem.reason == f"its original cannot be read ({original} is missing)"
    assert problem.remedy == "Add the file it came from again"
