"""The head of a record, printed or written down to be filed away; stamps where nothing is installed to check them."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import toy
from contested.cli import run
from contested.workspace import open_workspace

REPORT = "source: Gazette\npublished: 2021-08-08\n\nPolice said: Rebels captured Kunduz.\n"
NOBODY = "http://127.0.0.1:1/"


@pytest.fixture
def head(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> str:
    """The head of a workspace in the current folder."""
    monkeypatch.chdir(tmp_path)
    toy.stand_in(monkeypatch)
    (tmp_path / "a.txt").write_text(REPORT)
    with open_workspace(tmp_path, create=True) as workspace:
        workspace.add(["a.txt"])
        return workspace.ledger.head()


def test_the_head_and_nothing_else(head: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["head"]) == 0
    assert capfd.readouterr() == (f"{head}\n", "")


def test_the_head_as_json(head: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["head", "--json"]) == 0
    said = json.loads(capfd.readouterr().out)
    assert said.pop("recorded_at").endswith("Z")
    assert said == {"schema": "contested/head/1", "workspace": tmp_path.name, "head": head, "entries": 1}
    assert run(["head", "-o", "head.json"]) == 0
    assert json.loads((tmp_path / "head.json").read_text())["head"] == head


@pytest.mark.parametrize("where", [".", "the record", "up/../the record", "/"])
def test_a_note_to_file_away_says_how_to_check_it(
    head: str, tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "here" / "the record"
    shutil.copytree(tmp_path, folder)
    (tmp_path / "here" / "up").mkdir()
    monkeypatch.chdir(folder if where == "." else tmp_path / "here")
    assert run(["-C", str(folder) if where == "/" else where, "head", "-o", "head.txt"]) == 0
    note = Path("head.txt").read_text()
    assert f"\n{head}\n" in note
    name, *words = next(shlex.split(line) for line in note.splitlines() if " verify " in line)
    assert (name, "-C" in words, words[-2:]) == ("contested", where != ".", ["--head", head])
    assert run(words) == 0


@pytest.mark.parametrize("name", ["head.txt", "head.json"])
def test_an_earlier_note_is_not_written_over(
    head: str, tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_text("filed in 2021")
    assert run(["head", "-o", name]) == 2
    assert f"{name} is there already, and nothing is overwritten. Choose another name" in capfd.readouterr().err
    assert (tmp_path / name).read_text() == "filed in 2021"


@pytest.mark.parametrize("noted", ["abc", "", "0" * 63, "g" * 64, "0" * 65])
def test_what_is_no_head_is_told_so(head: str, noted: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", "--head", noted]) == 2
    assert f"no head: {noted!r}." in capfd.readouterr().err


@pytest.mark.parametrize("change", [str, str.upper, " {} ".format])
def test_a_head_is_found_however_it_was_copied(head: str, change: Callable[[str], str]) -> None:
    assert run(["verify", "--head", change(head)]) == 0
    assert run(["verify", "--head", change("e" * 64)]) == 4


def test_an_empty_record_has_a_head(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    open_workspace(tmp_path, create=True).close()
    assert run(["-C", str(tmp_path), "head", "--json"]) == 0
    said = json.loads(capfd.readouterr().out)
    assert (said["head"], said["entries"], said["recorded_at"]) == ("0" * 64, 0, None)


@pytest.mark.parametrize("words", [["--stamp"], ["--tsa", NOBODY], ["--tsa-root", "root.pem"]])
def test_nobody_is_asked_who_is_not_named(head: str, words: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["head", *words]) == 2
    assert "--stamp --tsa URL" in capfd.readouterr().err


def test_no_stamps_yet(head: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["stamps"]) == 0
    assert "no stamps yet" in capfd.readouterr().err


def test_without_the_extra(
    head: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("contested.workspace.tokens", "rfc3161_client"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    monkeypatch.delattr("contested.workspace.tokens", raising=False)
    assert run(["head", "--stamp", "--tsa", NOBODY]) == 5
    assert "pip install 'contested[stamp]'" in capfd.readouterr().err
    moment = "2026-01-01T00:00:00Z"
    said = {"head": head, "entries": 1, "tsa": NOBODY, "asked_at": moment, "serial": "1", "policy": "1.2"}
    (tmp_path / "stamps").mkdir()
    (tmp_path / "stamps" / f"{head}.json").write_text(json.dumps(said | {"stamped_at": moment}))
    (tmp_path / "stamps" / f"{head}.tsr").write_bytes(b"?")
    assert run(["verify"]) == 0
    assert "1 stamp not checked" in capfd.readouterr().err
    assert run(["verify", "--tsa-root", "root.pem"]) == 5


def test_stamps_are_no_reports(head: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "stamps").mkdir()
    (tmp_path / "stamps" / f"{head}.json").write_text(REPORT)
    assert run(["add", "."]) == 0
    assert "1 already there" in capfd.readouterr().err
