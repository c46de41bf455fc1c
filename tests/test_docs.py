"""The docs: every command, codebook, kind and extractor is in them, their links lead somewhere, their examples run."""

import json
import re
import shlex
import tomllib
from pathlib import Path
from typing import get_args, get_type_hints

import msgspec
import pytest

from contested.cli import contested as command_line
from contested.cli import run
from contested.derive import codebooks
from contested.errors import ContestedError
from contested.extract import BUILT_IN
from contested.model import AnyContent, Assertion, Row, Verdict
from contested.write import writers

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
EVERY_TEXT = [*PAGES, *(ROOT / name for name in ("README.md", "CHANGELOG.md", "changelog.d/README.md"))]

_FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def text_of(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def blocks(page: Path, language: str) -> list[str]:
    return [body for tongue, body in _FENCED.findall(page.read_text(encoding="utf-8")) if tongue == language]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


# ── nothing is left unsaid ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("command", sorted(command_line.list_commands(None)))
def test_every_command_is_documented(command: str) -> None:
    assert f"`contested {command}" in text_of("cli.md")


@pytest.mark.parametrize("command", sorted(command_line.list_commands(None)))
def test_every_flag_is_documented(command: str) -> None:
    found = command_line.get_command(None, command)
    flags = {flag for option in found.params for flag in option.opts if flag.startswith("--")}
    assert {
        flag for flag in flags if f"`{flag}" not in text_of("cli.md") and f"{flag} " not in rows_of(command)
    } == set()


def rows_of(command: str) -> str:
    """The lines of the page that show a command, with its flags set apart by spaces."""
    lines = [line for line in text_of("cli.md").splitlines() if f"`contested {command}" in line]
    return re.sub(r"[\[\]|`]", " ", " ".join(lines)) + " "


@pytest.mark.parametrize("name", sorted(codebooks()))
def test_every_codebook_is_documented(name: str) -> None:
    assert f"| `{name}` |" in text_of("codebooks.md")


@pytest.mark.parametrize("cls", get_args(AnyContent), ids=lambda cls: cls.__name__)
def test_every_kind_is_documented(cls: type) -> None:
    assert f"| `{cls.__name__.lower()}` |" in text_of("model.md")
    assert cls.__name__.lower() in text_of("glossary.md")


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_extractor_is_documented(name: str) -> None:
    assert f"| `{name}` |" in text_of("extractors.md")


@pytest.mark.parametrize("verdict", get_args(Verdict))
def test_every_verdict_is_documented(verdict: str) -> None:
    assert f"`{verdict}`" in text_of("model.md")


@pytest.mark.parametrize("name", sorted(writers()))
def test_every_form_is_documented(name: str) -> None:
    assert name in text_of("cli.md")


@pytest.mark.parametrize("status", get_args(get_type_hints(Row)["status"]))
def test_every_status_is_in_the_glossary(status: str) -> None:
    assert f"**{status}**" in text_of("glossary.md")


def test_every_exit_code_is_documented() -> None:
    codes = {fault.exit_code for fault in (ContestedError, *ContestedError.__subclasses__())}
    assert {code for code in codes if f"| {code} |" not in text_of("cli.md")} == set()


def test_every_page_is_reached_from_the_first() -> None:
    linked = set(_LINK.findall(text_of("index.md")))
    assert {page.name for page in DOCS.glob("*.md")} - {"index.md"} <= linked


def test_every_module_of_the_house_is_shown() -> None:
    modules = {path.name for path in (ROOT / "src" / "contested").iterdir() if not path.name.startswith(("_", "py."))}
    shown = {f"{name}/" if "." not in name else name for name in modules}
    assert {name for name in shown if f"| `{name}` |" not in text_of("architecture.md")} == set()


# ── nothing said is untrue ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("page", EVERY_TEXT, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    links = [link.partition("#")[0] for link in _LINK.findall(page.read_text(encoding="utf-8"))]
    within = [link for link in links if link and "://" not in link]
    assert [link for link in within if not (page.parent / link).exists()] == []


@pytest.mark.parametrize(
    ("page", "snippet"),
    [(page, body) for page in PAGES for body in blocks(page, "python")],
    ids=lambda part: part.name if isinstance(part, Path) else "",
)
def test_examples_in_python_run(page: Path, snippet: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(snippet, name_of(page), "exec"), {"__name__": "example"})


def test_the_model_s_example_is_an_assertion_with_the_id_it_gives() -> None:
    (example,) = blocks(DOCS / "model.md", "json")
    assert f"Its id is `{msgspec.json.decode(example, type=Assertion).id}`" in text_of("model.md")


EXAMPLE = """\
source: The Example Courier
published: 2015-10-02

Taliban fighters captured Kunduz on Monday, police said.
"""
_COMMAND = re.compile(r"^    \$ contested (.*)\n((?:    (?!\$ ).*\n)*)", re.MULTILINE)


def test_commands_on_the_page_of_the_ledger_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """In a workspace with the report of index.md; HASH is the head printed before, and … is anything."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kunduz.txt").write_text(EXAMPLE)
    assert run(["init", "."]) == run(["add", "kunduz.txt"]) == 0
    head = ""
    for words, shown in _COMMAND.findall(text_of("ledger.md")):
        capfd.readouterr()
        code = run(shlex.split(words.replace("HASH", head)))
        out, err = capfd.readouterr()
        assert code == 0, f"{words}\n{err}"
        for line in shown.splitlines():
            expected = re.escape(line.strip()).replace("…", ".*")
            assert re.search(f"^{expected}$", out + err, re.MULTILINE), f"{words}: {line}\n{out}{err}"
        head = out.strip() if words == "head" else head
    assert head


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_data_in_the_docs_is_well_formed(page: Path) -> None:
    for body in blocks(page, "toml"):
        tomllib.loads(body)
    for body in blocks(page, "json"):
        json.loads(body)


@pytest.mark.parametrize("page", sorted((DOCS / "decisions").glob("*.md")), ids=lambda page: page.stem)
def test_a_decision_has_its_number_day_and_reasons(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# {page.name[:3]} · ")
    assert re.search(r"^\d{4}-\d{2}-\d{2} · (accepted|replaced by \d{3})$", text, re.MULTILINE)
    assert "**Why.**" in text


def test_the_readme_s_commands_are_those_the_check_runs() -> None:
    readme, check = (ROOT / "README.md").read_text(encoding="utf-8"), (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert re.search(r"^.*\.venv/bin/pytest", readme, re.MULTILINE), "the test command, which .ci/run takes from here"
    assert "README.md" in check
    assert "contested demo" in readme
    assert "contested demo --no-serve" in check


def test_what_the_package_carries_of_others_is_in_the_notice() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    for name in ("encoder.onnx", "vocabulary.txt", "lemmas.tsv", "gate.tsv", "admin1.tsv"):
        assert name in notice
        assert list((ROOT / "src" / "contested").rglob(name))
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_the_changelog_speaks_of_this_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"## {project['version']}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
