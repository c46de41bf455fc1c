"""`contested extract` where a server fails, an extra is missing, or words would leave this machine."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("httpx2", reason="the extra llm is not installed: pip install 'contested[llm]'")
pytest.importorskip("tenacity", reason="the extra llm is not installed: pip install 'contested[llm]'")

from contested.cli import run
from contested.extract.llm import Reply, prompt
from contested.workspace import Workspace, open_workspace
from llm_world import (
    FORMS,
    Server,
    hangs_up,
    sends,
    shown,
)
from test_llm_workspace import HEAD, OTHER, extract, prepared, recorded, well


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Path:
    begun = prepared(tmp_path, monkeypatch)
    capfd.readouterr()
    return begun


@pytest.fixture
def workspace(here: Path) -> Iterator[Workspace]:
    with open_workspace(here) as opened:
        yield opened


@pytest.fixture
def server(here: Path) -> Iterator[Server]:
    with Server() as good:
        good.answer = well
        yield good


# ── a server that fails ──────────────────────────────────────────────────────────────────────────


def test_a_run_that_breaks_off_goes_on_where_it_stopped(
    server: Server, workspace: Workspace, capfd: pytest.CaptureFixture[str]
) -> None:
    server.answer = lambda asked: well(asked) if "Kunduz" in shown(asked) else sends({"error": "quota"}, 403)
    assert extract(server) == 3
    err = capfd.readouterr().err
    assert "it does not admit us" in err
    assert "1 of 2 documents are not read" in err
    assert "1 document read, 4 assertions, 2 problems" in err
    before = len(server.asked)
    server.answer = well
    assert extract(server) == 0
    assert [shown(asked) for asked in server.asked[before:]] == [OTHER]
    assert len(recorded(workspace)) == 5


def test_an_interrupt_leaves_whole_documents_and_the_rest_is_read_later(
    server: Server, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []

    def interrupted(_self: object, _messages: object, _schema: object) -> Reply:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return Reply(json.dumps({"assertions": FORMS}))

    with monkeypatch.context() as patch:
        patch.setattr("contested.extract.llm.endpoint.Endpoint.ask", interrupted)
        assert extract(server) == 130
    assert len(recorded(workspace)) == 4
    assert extract(server) == 0
    assert [shown(asked) for asked in server.asked] == [OTHER]
    clean = sorted(recorded(workspace))
    extract(server, "--again")
    assert sorted(recorded(workspace)) == clean


def test_a_document_that_gets_no_answer_does_not_stop_the_others(
    server: Server, workspace: Workspace, capfd: pytest.CaptureFixture[str]
) -> None:
    server.answer = lambda asked: hangs_up if "Kunduz" in shown(asked) else well(asked)
    assert extract(server) == 3
    assert "problem: a.txt: it cannot be reached" in capfd.readouterr().err
    assert len(recorded(workspace)) == 1


def test_several_in_a_row_without_an_answer_end_the_run(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for number in range(5):
        (here / f"c{number}.txt").write_text(f"{HEAD}Rebels captured Town{number}.")
    run(["add", "."])
    with Server(sends({"choices": []})) as server:
        assert extract(server) == 3
    assert len(server.asked) == 3
    assert "of 7 documents are not read" in capfd.readouterr().err


def test_a_report_beyond_measure_is_named_and_not_sent(
    server: Server, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("contested.workspace.asking.LONGEST", 100)
    assert extract(server) == 3
    assert "a.txt: it is too long for a model" in capfd.readouterr().err
    assert [shown(asked) for asked in server.asked] == [OTHER]


def test_one_report_that_cannot_be_looked_at_does_not_stop_the_others(
    server: Server, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    whole = prompt.messages

    def broken(text: str, kinds: Any) -> Any:
        return whole(text, kinds) if "Kunduz" not in text else 1 / 0

    monkeypatch.setattr(prompt, "messages", broken)
    assert extract(server) == 3
    assert "a.txt: what the model said of it could not be looked at (ZeroDivisionError" in capfd.readouterr().err
    assert len(recorded(workspace)) == 1


# ── what leaves this machine ─────────────────────────────────────────────────────────────────────


def test_a_server_elsewhere_is_warned_of_loud_or_quiet(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    asked = ["extract", "--model", "m", "--dry-run", "--endpoint"]
    run(["-q", *asked, "http://models.example.org/v1"])
    err = capfd.readouterr().err
    assert err == (
        "contested: warning: the text of reports leaves this machine for models.example.org, unencrypted: "
        "anybody on the way can read it\n"
    )
    run([*asked, "https://models.example.org/v1"])
    assert "leaves this machine for models.example.org\n" in capfd.readouterr().err
    run([*asked, "http://localhost:1/v1"])
    assert "leaves" not in capfd.readouterr().err
    run(["-q", *asked, "http://localhost:1/v1", "--proxy"])
    assert "goes through the proxy" in capfd.readouterr().err


def test_a_dry_run_shows_what_would_be_sent_and_sends_nothing(
    server: Server, capfd: pytest.CaptureFixture[str]
) -> None:
    assert extract(server, "--dry-run", "--json") == 0
    out, err = capfd.readouterr()
    assert server.asked == []
    told = json.loads(out)["waiting"]
    assert [each["file"] for each in told] == ["a.txt", "b.txt"]
    extract(server)
    sent = [sum(len(message["content"]) for message in asked["messages"]) for asked in server.asked]
    assert [each["characters"] for each in told] == sent
    assert (
        f"2 documents, 2 requests, {sum(sent):,} characters, about {sum(sent) // 4:,} tokens; nothing was sent" in err
    )
    capfd.readouterr()
    extract(server, "--dry-run")
    out, err = capfd.readouterr()
    assert out.strip() == ""
    assert "0 documents" in err


def test_the_key_comes_from_the_environment_and_is_told_to_nobody(
    here: Path, server: Server, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    key = "sk-a-key-of-nobody"
    monkeypatch.setenv("CONTESTED_LLM_KEY", key)
    server.answer = lambda _asked: sends({"error": f"no such key: {key}"}, 401)
    assert run(["-v", "extract", "--endpoint", server.url, "--model", "m"]) == 3
    assert server.headers[0]["Authorization"] == f"Bearer {key}"
    assert key not in "".join(capfd.readouterr())
    written = [file for file in here.rglob("*") if file.is_file() and key.encode() in file.read_bytes()]
    assert written == []


@pytest.mark.parametrize("missing", [("--endpoint", "http://127.0.0.1:1"), ("--model", "m")])
def test_server_and_model_must_be_named(
    missing: tuple[str, str], here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["extract", *missing]) == 2
    assert "Missing option" in capfd.readouterr().err


@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_what_is_no_address_is_usage(dry: tuple[str, ...], here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["extract", "--endpoint", "models", "--model", "m", *dry]) == 2
    assert "'models' is no endpoint" in capfd.readouterr().err


# ── the part missing ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("part", ["httpx2", "tenacity"])
def test_a_missing_part_is_told_with_its_install_command(
    part: str, here: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "contested.extract.llm.endpoint", raising=False)
    monkeypatch.setitem(sys.modules, part, None)
    assert run(["extract", "--endpoint", "http://127.0.0.1:1/v1", "--model", "m"]) == 5
    err = capfd.readouterr().err
    assert f"the package {part}, which is not installed" in err
    assert "pip install 'contested[llm]'" in err
    assert run(["extract", "--endpoint", "http://127.0.0.1:1/v1", "--model", "m", "--dry-run"]) == 0
