"""A workspace whose ledger is on a server: made, joined by somebody else, and worked on by both."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

import toy
from contested.cli import run
from contested.workspace import open_workspace
from grounds import OnServer, on_server


@pytest.fixture
def place(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[OnServer]:
    """Where a ledger may be begun; its password is in the environment."""
    place = on_server(database)
    monkeypatch.setenv("PGPASSWORD", str(make_url(database).password or ""))
    yield place
    place.clear()


def without_password(place: OnServer) -> str:
    return make_url(str(place.where))._replace(password=None).render_as_string()


@pytest.fixture
def toys(monkeypatch: pytest.MonkeyPatch) -> None:
    toy.stand_in(monkeypatch)


def test_two_offices_share_one_record(
    place: OnServer, toys: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = without_password(place)
    one, other = str(tmp_path / "one"), str(tmp_path / "other")
    for folder in (one, other, one):
        assert run(["init", folder, "--ledger", url]) == 0
    assert tomllib.loads((tmp_path / "one" / "contested.toml").read_text())["ledger"] == url
    assert not (tmp_path / "one" / "ledger.sqlite").exists()
    report = tmp_path / "a.txt"
    report.write_text("source: The Fictional Courier\npublished: 2021-08-09\n\nThe Taliban captured Kunduz.\n")
    assert run(["-C", one, "add", str(report)]) == 0
    assert run(["-C", one, "verify"]) == 0
    with open_workspace(other) as workspace:
        assert [each.source for each in workspace.documents()] == ["The Fictional Courier"]
        (said,) = workspace.assertions()
        assert workspace.judge(said.id, "reject", analyst="amy")
    with open_workspace(one) as workspace:
        assert list(workspace.assertions()) == []
        assert workspace.verify() == []
    capsys.readouterr()
    assert run(["init", one, "--ledger", f"{url}_else"]) == 2
    assert "its ledger is" in capsys.readouterr().err


def test_a_server_that_is_not_there_leaves_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("psycopg")
    assert run(["init", str(tmp_path / "w"), "--ledger", "postgresql+psycopg://127.0.0.1:1/war"]) == 4
    assert "no server answers there" in capsys.readouterr().err
    assert not (tmp_path / "w").exists()


def test_without_the_client_library_the_exit_code_is_5(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert run(["init", str(tmp_path / "w"), "--ledger", "postgresql+psycopg://127.0.0.1:1/war"]) == 5
    assert "pip install 'contested[postgres]'" in capsys.readouterr().err
