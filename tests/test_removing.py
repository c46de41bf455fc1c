"""A report taken out for legal or safety reasons: of its words nothing is left on the disk, of the record all is."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

import toy
from contested import Workspace, open_workspace
from contested.cli import removing as asking
from contested.cli import run
from contested.errors import LedgerError, UsageError
from contested.ledger import file
from contested.ledger.written import as_json
from contested.model import Standing
from contested.read import removed
from contested.read.archive import Archive
from contested.workspace import removing

RARE = "Quorvaneth"
HEAD = f"source: Gazette\ntitle: The {RARE} letter\npublished: 2021-08-08\n\n"
REPORT = f"{HEAD}Zyxwa captured {RARE}. Rebels captured Herat.\n"
OTHER = "source: Gazette\npublished: 2021-08-09\n\nRebels captured Kunduz. Rebels captured Farah.\n"
WHY = "a court order of 3 May 2022"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    toy.stand_in(monkeypatch)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / f"{RARE}.txt").write_text(REPORT)
    (tmp_path / "in" / "other.txt").write_text(OTHER)
    return tmp_path


@pytest.fixture
def workspace(folder: Path) -> Iterator[Workspace]:
    """Two reports, of which the one to go is told twice, judged, amended, and was read by a model as well."""
    with open_workspace(folder / "w", create=True) as workspace:
        workspace.add([folder / "in"])
        workspace.add([folder / "in" / f"{RARE}.txt"], source=f"The {RARE} Times")
        here, there = of(workspace, rare(workspace)), of(workspace, "other.txt")
        workspace.judge(here[0], "note", f"{RARE} is a code word", "amy")
        workspace.judge([here[1], there[0]], "accept", f"not by {RARE}", "dan")
        workspace.judge([here[0], there[1]], "same", f"as {RARE} says", "bob")
        workspace.mean("Rebels", "", "party", "amy", f"so {RARE} calls them")
        (folder / "w" / "refused" / "llm-x").mkdir(parents=True)
        for telling in tellings(workspace):
            (folder / "w" / "refused" / "llm-x" / f"{telling}.jsonl").write_text(RARE)
        yield workspace


def tellings(workspace: Workspace) -> list[str]:
    return workspace.ledger.tellings(next(each.id for each in workspace.documents() if RARE in each.file))


def at(workspace: Workspace) -> str:
    return next(each.id for each in workspace.documents() if each.file.endswith("other.txt"))


def rare(workspace: Workspace) -> str:
    return tellings(workspace)[-1]


def of(workspace: Workspace, document: str) -> list[str]:
    """The ids of what stands in a report, by its id or the name of its file."""
    return [each.id for each in workspace.assertions() if document in (report(each), Path(each.file).name)]


def report(standing: Standing) -> str:
    return standing.assertion.quote.document if standing.assertion.quote else ""


PACKED = """
SELECT body FROM texts JOIN documents ON n = document WHERE id LIKE ?1 UNION ALL
SELECT meta FROM particulars JOIN documents ON n = document WHERE id LIKE ?1 UNION ALL
SELECT bodies.body FROM bodies JOIN entries ON entries.n = entry JOIN documents ON documents.n = document
WHERE id LIKE ?1
"""


def secrets(workspace: Workspace) -> list[bytes]:
    """What must not be found: words, and all compressed bytes that hold them, cut into pieces."""
    connection = sqlite3.connect(workspace.folder / "ledger.sqlite")
    packed = [body for (body,) in connection.execute(PACKED, (f"{tellings(workspace)[0]}%",))]
    connection.close()
    document = workspace.document(rare(workspace))
    assert document
    packed.append((workspace.archive / document.original[:2] / f"{document.original}.zst").read_bytes())
    pieces = [body[at : at + 24] for body in packed for at in range(0, len(body) - 24, 12)]
    ids = re.compile(rb"[0-9a-f]+")  # of other reports' assertions, perhaps
    return [RARE.encode(), RARE.lower().encode(), b"Zyxwa", *(each for each in pieces if not ids.fullmatch(each))]


def found(folder: Path, wanted: list[bytes]) -> list[tuple[str, bytes]]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    named = [(str(path), RARE.encode()) for path in files if RARE in str(path.relative_to(folder))]
    return named + [(path.name, each) for path in files for each in wanted if each in path.read_bytes()]


# ── nothing is left ──────────────────────────────────────────────────────────────────────────────


def test_no_byte_of_it_is_left_in_the_folder(workspace: Workspace) -> None:
    wanted, head = secrets(workspace), workspace.ledger.head()
    assert {name for name, _ in found(workspace.folder, wanted)} >= {"ledger.sqlite-wal", "custody.jsonl"}
    done = workspace.remove([rare(workspace)[:8]], WHY, "amy")
    assert (len(done.documents), done.originals, done.problems) == (2, 1, ())
    assert found(workspace.folder, wanted) == []
    assert not any(RARE.encode() in as_json(each) for each in (*workspace.ledger.entries(), *workspace.documents()))
    assert workspace.verify(head) == []
    workspace.close()
    assert found(workspace.folder, wanted) == []
    with open_workspace(workspace.folder) as again:
        assert again.verify(head) == []


def test_it_says_why_when_and_by_whom(workspace: Workspace) -> None:
    gone, now = tellings(workspace), dt.datetime.now(dt.UTC)
    workspace.remove([gone[0]], WHY, "amy")
    assert sorted(workspace.removals()) == gone
    (removal, _) = workspace.removals().values()
    assert (removal.reason, removal.by) == (WHY, "amy")
    assert abs(removal.at - now) < dt.timedelta(minutes=5)
    with pytest.raises(UsageError, match=f"was removed: {WHY} .*by amy"):
        workspace.ledger.document(gone[0][:8])
    assert workspace.document(gone[1]) is None
    *_, line = workspace.archive.joinpath("custody.jsonl").read_text().splitlines()
    assert all(each in line for each in (WHY, '"by":"amy"', '"removed_at":"', *gone))


def test_no_moment_shows_it_any_more_and_every_moment_shows_the_rest(workspace: Workspace) -> None:
    moments = [each.recorded_at for each in workspace.ledger.entries()]
    gone = set(tellings(workspace))

    def shown(moment: dt.datetime) -> list[str]:
        return [each.id for each in workspace.assertions(known=moment) if report(each) not in gone]

    before = [shown(moment) for moment in moments]
    workspace.remove([rare(workspace)], WHY)
    assert [shown(moment) for moment in moments] == before
    for moment in moments:
        assert not gone & {report(each) for each in workspace.assertions(known=moment)}


def said_of(workspace: Workspace, id_: str) -> set[tuple[str, str, str]]:
    """Who said what of an assertion, with what note."""
    said = [(each.voices[0].who, each.content) for each in workspace.standing(id_).judgements]
    return {(who, content.verdict, content.note) for who, content in said}  # type: ignore[union-attr]


def test_what_was_judged_of_others_in_the_same_act_stays_judged(workspace: Workspace) -> None:
    others = [each.id for entry in workspace.ledger.entries(at(workspace)) for each in entry.assertions if each.quote]
    before = {id_: said_of(workspace, id_) for id_ in others}
    assert ("dan", "accept", f"not by {RARE}") in before[others[0]]
    assert ("bob", "same", f"as {RARE} says") in before[others[1]]
    workspace.remove([rare(workspace)], WHY)
    for id_ in others:  # a note on both reports goes, and so does a likeness to what is gone
        kept = {(who, verdict) for who, verdict, _ in before[id_] if verdict != "same"}
        assert {(who, verdict) for who, verdict, _ in said_of(workspace, id_)} == kept
        assert not any(RARE in note for _, _, note in said_of(workspace, id_))
    assert workspace.verify() == []


def test_a_judgement_undone_before_stays_undone(workspace: Workspace) -> None:
    here, there = of(workspace, rare(workspace)), of(workspace, "other.txt")
    entry = workspace.judge([here[0], there[0]], "reject", "", "carol")
    assert entry
    assert ("carol", "reject", "") in said_of(workspace, there[0])
    workspace.judge(entry.assertions[0].id, "undo", "", "carol")
    before = {each for each in said_of(workspace, there[0]) if each[1] != "same"}
    assert "carol" not in {who for who, _, _ in before}
    workspace.remove([rare(workspace)], WHY)
    after = said_of(workspace, there[0])
    assert {each[:2] for each in after} == {each[:2] for each in before}
    assert workspace.verify() == []


def test_the_indexes_drawn_again_are_the_same(workspace: Workspace) -> None:
    workspace.remove([rare(workspace)], WHY)
    with sqlite3.connect(workspace.folder / "ledger.sqlite") as connection:
        before = [
            connection.execute(f"SELECT * FROM {each}").fetchall() for each in ("terms", "readings", "judgements")
        ]
        workspace.ledger.reindex()
        after = [connection.execute(f"SELECT * FROM {each}").fetchall() for each in ("terms", "readings", "judgements")]
    connection.close()
    assert after == before


# ── it does not come back ────────────────────────────────────────────────────────────────────────


def test_added_again_with_its_folder_it_is_refused_and_the_rest_goes_on(workspace: Workspace, folder: Path) -> None:
    workspace.remove([rare(workspace)], WHY, "amy")
    head = workspace.ledger.head()
    (folder / "in" / "third.txt").write_text(OTHER.replace("Kunduz", "Zaranj"))
    for how in ({}, {"again": True}, {"source": "Another"}):
        added = workspace.add([folder / "in"], **how)  # type: ignore[arg-type]
        (problem,) = added.problems
        assert f"removed: {WHY}" in problem.reason
        assert "not taken in again" in problem.remedy
    assert workspace.ledger.head() != head
    assert {Path(each.file).name for each in workspace.documents()} == {"", "other.txt", "third.txt"}
    assert found(workspace.folder, [RARE.encode()]) == []


def test_a_model_is_not_asked_of_it(workspace: Workspace) -> None:
    gone = set(tellings(workspace))
    workspace.remove([rare(workspace)], WHY)
    pytest.importorskip("httpx2")
    assert not gone & {each.document.id for each in workspace.to_extract("x")}


# ── what else rests on it ────────────────────────────────────────────────────────────────────────


def test_an_original_that_others_rest_on_stays_and_that_is_told(folder: Path) -> None:
    with open_workspace(folder / "v", create=True) as workspace:
        workspace.add([folder / "in" / f"{RARE}.txt"])
        (first,) = workspace.documents()
        second = replace(first, id="e2" * 12, text="Rebels captured Herat.")
        workspace.ledger.add_document(second)
        done = workspace.remove([first.id], WHY)
        (problem,) = done.problems
        assert (done.originals, second.id in problem.reason) == (0, True)
        assert workspace.verify() == []
        assert workspace.remove([second.id], WHY).originals == 1
        assert workspace.verify() == []
        assert list(workspace.archive.glob("??/*")) == []


def test_what_is_handed_over_afterwards_checks_itself(workspace: Workspace, folder: Path) -> None:
    pytest.importorskip("bagit")
    pytest.importorskip("warcio")
    from contested.workspace.handover import hand_over

    workspace.remove([rare(workspace)], WHY)
    done = hand_over(workspace, folder / "bag")
    assert {WHY in each.reason for each in done.problems} == {True}
    checked = subprocess.run([sys.executable, folder / "bag" / "data" / "check.py"], capture_output=True, check=False)
    assert (checked.returncode, checked.stdout[:5]) == (0, b"sound"), checked.stdout
    assert found(folder / "bag", [RARE.encode()]) == []


def test_a_ledger_kept_from_before_an_upgrade_goes_too(workspace: Workspace) -> None:
    (workspace.folder / "ledger-1.sqlite").write_text(RARE)
    assert workspace.remove([rare(workspace)], WHY).ledgers == ("ledger-1.sqlite",)
    assert found(workspace.folder, [RARE.encode()]) == []


# ── cut short ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("at", ["declared", "recorded", "scrubbed", "unlinked", "blanked", "binned"])
def test_cut_short_anywhere_it_is_finished_by_doing_it_again(
    workspace: Workspace, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted, head, gone = secrets(workspace), workspace.ledger.head(), tellings(workspace)

    def cut(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    where: dict[str, tuple[object, str]] = {
        "declared": (workspace.ledger, "remove"),
        "recorded": (file.LedgerFile, "scrub"),
        "scrubbed": (removed, "sweep"),
        "unlinked": (removed, "_settle"),
        "blanked": (removed, "_blank"),
        "binned": (removing, "_empty_bin"),
    }
    with monkeypatch.context() as patched:
        patched.setattr(*where[at], cut)
        with pytest.raises(KeyboardInterrupt):
            workspace.remove([gone[0]], WHY)
    assert workspace.ledger.verify(Archive(workspace.archive).original if at == "declared" else None, head) == []
    workspace.remove([gone[0]], "again", "bob")
    assert found(workspace.folder, wanted) == []
    assert workspace.verify(head) == []
    if at != "declared":
        assert {each.reason for each in workspace.removals().values()} == {WHY}


def test_an_original_declared_gone_that_is_there_is_named(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(removed, "sweep", lambda *_: [])
        workspace.remove([rare(workspace)], WHY)
    (problem,) = workspace.verify()
    assert "was to be taken out, and is there" in problem.reason
    assert "contested remove" in problem.remedy


def test_a_reader_in_the_way_is_told_of(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "PATIENCE", 0.05)
    gone, wanted = rare(workspace), secrets(workspace)
    workspace.close()
    somebody = sqlite3.connect(workspace.folder / "ledger.sqlite", isolation_level=None)
    somebody.execute("BEGIN")
    somebody.execute("SELECT count(*) FROM entries").fetchone()
    with open_workspace(workspace.folder) as again:
        with pytest.raises(LedgerError, match="journal still holds"):
            again.remove([gone], WHY)
        somebody.close()
        again.remove([gone], WHY)
        assert found(again.folder, wanted) == []
        assert again.verify() == []


# ── it is no way to alter the record ─────────────────────────────────────────────────────────────


def test_flesh_cannot_go_without_a_reason(workspace: Workspace) -> None:
    for reason in ("", "  "):
        with pytest.raises(UsageError, match="says why"):
            workspace.remove([rare(workspace)], reason)
    with pytest.raises(UsageError, match="there is no document"):
        workspace.remove(["ffff"], WHY)
    assert workspace.removals() == {}
    assert workspace.verify() == []


@pytest.mark.parametrize("table", ["bodies", "texts", "particulars"])
def test_what_no_tombstone_names_is_missed(workspace: Workspace, table: str) -> None:
    workspace.remove([rare(workspace)], WHY)
    with sqlite3.connect(workspace.folder / "ledger.sqlite") as connection:
        connection.execute(f"DROP TRIGGER {table}_no_delete")
        connection.execute(f"DELETE FROM {table}")
    connection.close()
    assert any("gone" in each.reason for each in workspace.verify())


def test_bytes_put_back_are_found(workspace: Workspace) -> None:
    connection = sqlite3.connect(workspace.folder / "ledger.sqlite")
    before = connection.execute("SELECT * FROM bodies").fetchall()
    workspace.remove([rare(workspace)], WHY)
    connection.executemany("INSERT OR IGNORE INTO bodies VALUES (?, ?)", before)
    connection.commit()
    connection.close()
    assert any("were to be taken out, and are there" in each.reason for each in workspace.verify())


# ── from the command line, and in the app ────────────────────────────────────────────────────────


def test_it_asks_first(
    workspace: Workspace, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, here = rare(workspace)[:10], ["-C", str(workspace.folder)]
    assert run([*here, "remove", gone, "--reason", WHY]) == 2
    assert "Say --yes" in capfd.readouterr().err
    answers = iter("ny")
    monkeypatch.setattr(asking.sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: next(answers))
    assert run([*here, "remove", gone, "--reason", WHY]) == 130
    assert workspace.removals() == {}
    assert run([*here, "remove", gone, "--reason", WHY, "--analyst", "amy"]) == 0
    assert "2 documents removed, 1 original deleted" in capfd.readouterr().err
    assert run([*here, "remove", gone, "--reason", WHY, "--yes"]) == 0
    assert "2 removed before" in capfd.readouterr().err
    assert run([*here, "documents", "--csv"]) == 0
    assert capfd.readouterr().out.count(f"removed: {WHY}") == 2
    assert run([*here, "documents", "--jsonl"]) == 0
    assert capfd.readouterr().out.count('"by": "amy"') == 2
    assert run([*here, "log"]) == 0
    told = capfd.readouterr().out
    assert (told.count(WHY), RARE in told) == (2, False)
    assert run([*here, "log", "--document", gone]) == 0
    assert WHY in capfd.readouterr().out
    assert run([*here, "diff", "--from", "2021-01-01"]) == 0


def test_the_app_says_gone(workspace: Workspace) -> None:
    from starlette.testclient import TestClient

    from contested.web import app
    from web_world import HERE

    gone = tellings(workspace)
    web = TestClient(app(workspace), base_url=HERE)
    assert RARE in web.get(f"/doc/{gone[0]}").text
    with open_workspace(workspace.folder) as another:
        another.remove([gone[0]], WHY, "amy")
    for document in (*gone, gone[0][:8]):
        answer = web.get(f"/doc/{document}")
        assert (answer.status_code, f"removed: {WHY}" in answer.text, RARE in answer.text) == (410, True, False)
        assert "<h1>Removed</h1>" in answer.text
        assert 'href="/picture/incidents"' in answer.text
        assert web.get(f"/doc/{document}.json").status_code == 410
    for page in ("/map", "/documents", "/assertions", "/timeline", "/documents.json"):
        answer = web.get(page)
        assert (answer.status_code, RARE in answer.text) == (200, False)
    assert f"removed: {WHY}" in web.get("/documents").text
