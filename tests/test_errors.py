"""What happens when things go wrong, written as cases a person can read: tests/errors/*.case.

A case is a title line, then files, commands and what each command is expected to do:

    --- name            a file of the folder the case runs in: the lines that follow, up to the next mark
    --- name (hex)      the same, given as hexadecimal bytes
    --- name (times N)  the same, the lines repeated N times
    $ contested …       a command line
    ! replace FILE OLD NEW    put NEW in the place of the bytes OLD where FILE first has them
    exit N              its exit code (0 where nothing is said)
    out TEXT, err TEXT  a line of stdout, of stderr contains TEXT
    no TEXT             neither contains TEXT
"""

import os
import re
import shlex
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import toy
from contested.cli import run
from contested.workspace import open_workspace

CASES = sorted((Path(__file__).parent / "errors").glob("*.case"))


@dataclass
class Step:
    """One command and what is expected of it."""

    line: str
    exit: int = 0
    expected: list[tuple[str, str]] = field(default_factory=list)


def parse(text: str) -> tuple[dict[str, bytes], list[Step]]:
    """The files and the steps of a case."""
    files: dict[str, tuple[str, list[str]]] = {}
    steps: list[Step] = []
    _title, *lines = text.splitlines()
    lines_of: list[str] | None = None
    for line in lines:
        if mark := re.fullmatch(r"--- (\S+)(?: \((.*)\))?", line):
            lines_of = files.setdefault(mark[1], (mark[2] or "", []))[1]
        elif line.startswith(("$ ", "! ")):
            steps.append(Step(line))
            lines_of = None
        elif lines_of is not None:
            lines_of.append(line)
        elif line.strip():
            word, _, rest = line.partition(" ")
            if word == "exit":
                steps[-1].exit = int(rest)
            else:
                assert word in ("out", "err", "no"), f"no such expectation: {line}"
                steps[-1].expected.append((word, rest))
    return {name: _content(how, lines) for name, (how, lines) in files.items()}, steps


def _content(how: str, lines: list[str]) -> bytes:
    text = "\n".join(lines).strip("\n")
    if how == "hex":
        return bytes.fromhex(text)
    times = int(how.removeprefix("times ")) if how else 1
    return (text + "\n").encode() * times if text else b""


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_error(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    toy.stand_in(monkeypatch)
    files, steps = parse(case.read_text(encoding="utf-8"))
    for name, content in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(content)
    assert steps
    for step in steps:
        check(step, capfd)


def check(step: Step, capfd: pytest.CaptureFixture[str]) -> None:
    """Run one step and compare."""
    sign, name, *words = shlex.split(step.line)
    if sign == "!":
        assert name == "replace"
        replace(Path(words[0]), words[1].encode(), words[2].encode())
        return
    code = run(words)
    out, err = capfd.readouterr()
    told = f"{step.line}\n{out}\n{err}"
    assert code == step.exit, told
    for word, text in step.expected:
        where = {"out": out, "err": err, "no": out + err}[word]
        assert (text in where) == (word != "no"), f"{word} {text}\n\n{told}"
    assert "Traceback" not in err


def replace(file: Path, old: bytes, new: bytes) -> None:
    """Change bytes behind the ledger's back."""
    content = file.read_bytes()
    assert old in content, f"{file} has no {old!r}"
    file.write_bytes(content.replace(old, new, 1))


# ── an interrupted add ───────────────────────────────────────────────────────────────────────────

SLOWLY = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever started this may have it ignored
sys.path.insert(0, sys.argv[1])
import pytest, toy
from contested import cli, extract
def slow(document, register, home, settled):
    time.sleep(0.05)
    return toy.extract(document, register, home)
toy.stand_in(pytest.MonkeyPatch())
extract.extract = slow
cli.main(["-C", "w", "add", "reports"])
"""
REPORTS = 30


@pytest.fixture
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with thirty reports and an empty workspace `w`, as the current folder."""
    monkeypatch.chdir(tmp_path)
    toy.stand_in(monkeypatch)
    (tmp_path / "reports").mkdir()
    for number in range(REPORTS):
        report = f"source: Gazette\npublished: 2021-08-{number + 1:02}\n\nPolice said: Rebels captured Town{number}.\n"
        (tmp_path / "reports" / f"{number:02}.txt").write_text(report)
    assert run(["init", "w"]) == 0
    return tmp_path


@pytest.mark.parametrize(("stop", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_an_interrupted_add_is_taken_up_where_it_stopped(
    stop: signal.Signals, code: int, reports: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    running = subprocess.Popen(
        [sys.executable, "-c", SLOWLY, str(Path(__file__).parent)], stderr=subprocess.PIPE, env=os.environ
    )
    wait_for_documents(reports / "w" / "ledger.sqlite", 3, running)
    running.send_signal(stop)
    _, told = running.communicate()
    assert running.returncode == code, told.decode()
    assert b"Traceback" not in told
    with open_workspace("w") as after:
        kept = len(list(after.documents()))
        assert 3 <= kept < REPORTS
        assert after.ledger.verify() == []
    assert run(["-C", "w", "add", "reports"]) == 0
    assert f"{REPORTS - kept} documents added" in capfd.readouterr().err
    with open_workspace("w") as after:
        assert after.verify() == []
    assert assertions_of("w", capfd) == whole(capfd)


def wait_for_documents(ledger: Path, number: int, running: subprocess.Popen[bytes]) -> None:
    """Wait until another process has recorded so many documents."""
    asking = sqlite3.connect(f"file:{ledger}?mode=ro", uri=True, timeout=10)
    try:
        while asking.execute("SELECT count(*) FROM documents").fetchone()[0] < number:
            assert running.poll() is None, running.communicate()[1].decode()
            time.sleep(0.02)
    finally:
        asking.close()


def whole(capfd: pytest.CaptureFixture[str]) -> list[str]:
    """The assertions of the same reports added without interruption."""
    run(["init", "clean"])
    run(["-C", "clean", "add", "reports"])
    return assertions_of("clean", capfd)


def assertions_of(folder: str, capfd: pytest.CaptureFixture[str]) -> list[str]:
    capfd.readouterr()
    assert run(["-C", folder, "assertions", "--jsonl"]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert len(lines) == REPORTS
    return sorted(lines)
