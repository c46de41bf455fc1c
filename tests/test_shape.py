"""The shape of the house: small modules, small functions, plain names, no network, and everything in its place."""

import ast
import re
import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import get_args

import pytest

from contested.extract import BUILT_IN, extractors
from contested.extract.lexicon import frames
from contested.model import AnyContent, Judgement

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "contested"
MODULES = sorted(SOURCE.rglob("*.py"))
LINES_OF_A_MODULE, LINES_OF_A_FUNCTION = 400, 40

NO_MODULE = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc", "service", "base", "core"}
NO_ENDING = ("Manager", "Service", "Handler", "Base", "Helper", "Impl")
CALLED_SO = {"get_command", "process_bind_param"}  # methods that click and SQLAlchemy call by these names
NO_BEGINNING = ("get_", "do_", "handle_", "process_")
NO_IMPORT = {
    "requests", "httpx", "httpx2", "aiohttp", "urllib3", "http.client", "ftplib", "smtplib", "socket", "telnetlib",
    "websockets", "urllib.request", "urllib.robotparser", "xmlrpc", "huggingface_hub", "transformers", "torch",
}  # fmt: skip
BUT = {
    "cli/serving.py": {"socket"},  # it looks for a free port on loopback, and connects to nothing
    "extract/llm/endpoint.py": {"httpx2"},  # it asks the one address it is given, where a language model is to read
    "workspace/authority.py": {"httpx2"},  # it asks the one authority it is given for a time stamp
}
# What we lean on fetches too, if asked: these are never called.
NO_CALL = ("fetch_url", "from_pretrained", "urlopen", "urlretrieve")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


every_module = pytest.mark.parametrize("path", MODULES, ids=name_of)


# ── size ─────────────────────────────────────────────────────────────────────────────────────────


@every_module
def test_a_module_fits_in_the_head(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LINES_OF_A_MODULE


@every_module
def test_a_function_fits_on_the_screen(path: Path) -> None:
    functions = [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = {f.name: size for f in functions if (size := (f.end_lineno or 0) - f.lineno + 1) > LINES_OF_A_FUNCTION}
    assert long == {}


# ── names ────────────────────────────────────────────────────────────────────────────────────────


@every_module
def test_names_say_what_things_are(path: Path) -> None:
    defined = [n.name for n in ast.walk(tree(path)) if isinstance(n, ast.FunctionDef | ast.ClassDef)]
    vague = [n for n in defined if n.endswith(NO_ENDING) or n.lstrip("_").startswith(NO_BEGINNING)]
    assert set(vague) <= CALLED_SO
    assert not NO_MODULE & {path.stem, *path.relative_to(SOURCE).parts[:-1]}


@every_module
def test_a_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(tree(path)), "the first line of a module tells its one idea"


# ── nothing leaves the machine ───────────────────────────────────────────────────────────────────


@every_module
def test_nothing_here_reaches_for_the_network(path: Path) -> None:
    reached = {no for no in NO_IMPORT if any(f"{name}.".startswith(f"{no}.") for name in imported(path))}
    assert reached == BUT.get(path.relative_to(SOURCE).as_posix(), set())
    names = {node.id for node in ast.walk(tree(path)) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}
    assert not names & set(NO_CALL)


def imported(path: Path) -> set[str]:
    """Every module a file imports, and every name it takes from one, as dotted names."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_the_look_for_imports_finds_them(tmp_path: Path) -> None:
    module = tmp_path / "m.py"
    module.write_text("import httpx\nfrom urllib import request\ndef f():\n    import socket\n")
    assert {"httpx", "urllib.request", "socket"} <= imported(module)


# ── everything in its place ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.toml")), ids=name_of)
def test_data_is_toml_that_loads(path: Path) -> None:
    assert tomllib.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(p.stem for p in (SOURCE / "extract" / "lexicons").glob("*.toml")))
def test_a_lexicon_s_frames_are_well_formed(name: str) -> None:
    raw = tomllib.loads((SOURCE / "extract" / "lexicons" / f"{name}.toml").read_text(encoding="utf-8"))
    if "frame" in raw:
        words = {word for frame in raw["frame"] for word in frame["words"]}
        assert {word for _, word in frames(name)} == words
        assert words == {word.lower() for word in words}, "lemmas are written in lower case"


def test_no_word_list_lies_idle() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (SOURCE / "extract").glob("*.py"))
    data = {path.stem: path.read_text(encoding="utf-8") for path in (SOURCE / "extract" / "lexicons").glob("*.toml")}
    lists = {
        (path.stem, name)
        for path in (SOURCE / "extract" / "lexicons").glob("*.toml")
        for name in tomllib.loads(path.read_text(encoding="utf-8"))
    }
    idle = {(home, name) for home, name in lists if name != "frame" and f'"{home}", "{name}"' not in code}
    assert {(home, name) for home, name in idle if f'"@{name}"' not in data[home]} == set()


@pytest.mark.parametrize("name", BUILT_IN)
def test_an_extractor_has_its_case_folder(name: str) -> None:
    assert list((ROOT / "tests" / "cases" / name).glob("*.case"))


def test_every_kind_has_an_extractor() -> None:
    """But judgements, which analysts make."""
    kinds = {str(cls.__struct_config__.tag) for cls in get_args(AnyContent)} - {Judgement.__struct_config__.tag}
    assert {kind for extractor in extractors() for kind in extractor.makes} == kinds


def test_every_module_of_extract_that_extracts_is_built_in() -> None:
    found = {path.stem for path in (SOURCE / "extract").glob("*.py") if "EXTRACTOR = " in path.read_text("utf-8")}
    assert found == set(BUILT_IN)


@pytest.mark.parametrize(
    "path",
    [
        "py.typed", "register/admin1.tsv", "text/model/encoder.onnx", "text/model/label_scores.npz",
        "text/model/labels.json", "text/model/lemmas.tsv", "text/model/vocabulary.txt", "web/static/contested.css",
        "web/static/contested.js", "web/static/review.js", "web/templates/base.html", "web/templates/map.html",
        "web/templates/review.html", "write/bag/README.txt", "write/bag/checker.py",
    ],
)  # fmt: skip
def test_the_package_carries_its_data(path: str) -> None:
    assert (files("contested") / path).is_file()


# ── what does not belong in a repository ─────────────────────────────────────────────────────────


FOLDERS = ("src", "tests", "docs", "examples", "training", "benchmarks", "changelog.d", ".ci")


@cache
def texts() -> tuple[Path, ...]:
    """Every file of ours but the trained ones."""
    inside = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file() and not made(path)]
    return (*(path for path in ROOT.iterdir() if path.is_file()), *inside)


def made(path: Path) -> bool:
    """Whether a file is a tool's cache, or trained."""
    parts = path.relative_to(ROOT).parts[1:]
    return path.suffix in (".onnx", ".npz") or any(part.startswith((".", "__pycache__")) for part in parts)


# Paths and package indexes of one machine, written so that these lines are no finding themselves.
FOREIGN = re.compile(
    r"(?<![\w.])/(?:work|Users|root|mnt)[/]\w|/home[/](?!somebody\b)\w|[.][.]/shared[/]|file:[/]//\w|index[-]url"
)


def test_no_path_of_one_machine_is_in_the_tree() -> None:
    found = [
        f"{name_of(path)}: {line.strip()[:100]}"
        for path in texts()
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines()
        if FOREIGN.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("line", ["'{0}home{0}ada'", "..{0}shared{0}x", "({0}work{0}x)", "file:{0}{0}{0}etc"])
def test_the_look_for_paths_finds_them(line: str) -> None:
    assert FOREIGN.search(line.format("/"))


def test_no_large_file_but_the_model_is_in_the_tree() -> None:
    large = [name_of(path) for path in texts() if path.stat().st_size > 1_000_000]
    assert large == []
