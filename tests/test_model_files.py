"""The reader's files: one that is missing, cut short or of another model is named, with what to do, and exit code 5."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from contested.cli import run
from contested.text import encoder, lemmas

SHIPPED = Path(str(files("contested.text"))) / "model"
NAMES = (
    "encoder.onnx", "label_scores.npz", "labels.json", "vocabulary.txt", "names.tsv", "lemmas.tsv", "telling.onnx",
    "telling.json",
)  # fmt: skip


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the model's folder that the reader reads instead, and beside it a report, in the current folder."""
    copy = tmp_path / "model"
    copy.mkdir()
    for name in NAMES:
        (copy / name).symlink_to(SHIPPED / name)
    (tmp_path / "a.txt").write_text("Rebels took the town.\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CONTESTED_SPACY", raising=False)
    for module in (encoder, lemmas):
        monkeypatch.setattr(module, "files", lambda _: tmp_path)
    encoder._model.cache_clear()
    lemmas._shipped.cache_clear()
    yield copy
    encoder._model.cache_clear()
    lemmas._shipped.cache_clear()


def put(path: Path, content: bytes) -> None:
    path.unlink()
    path.write_bytes(content)


def half(path: Path) -> None:
    content = path.read_bytes()
    middle = len(content) // 2
    put(path, content[: middle + (content[middle - 1 : middle] == b"\n")])


def fewer_names(path: Path) -> None:
    names = json.loads(path.read_bytes())
    put(path, json.dumps(names | {"upos": names["upos"][:-1]}).encode())


def fewer_to_tell(path: Path) -> None:
    names = json.loads(path.read_bytes())
    put(path, json.dumps({"tells": names["tells"][:-1]}).encode())


def no_root(path: Path) -> None:
    names = json.loads(path.read_bytes())
    put(path, json.dumps(names | {"labels": ["stem" if each == "root" else each for each in names["labels"]]}).encode())


def fewer_labels(path: Path) -> None:
    with np.load(path) as scores:
        arrays = dict(scores)
    path.unlink()
    np.savez(path, **arrays | {"weight": arrays["weight"][:, :-1], "bias": arrays["bias"][:-1]})


def other_vectors(path: Path) -> None:
    with np.load(path) as scores:
        arrays = dict(scores)
    path.unlink()
    np.savez(path, **arrays | {"weight": arrays["weight"][:-1]})


def told(model: Path, name: str, capfd: pytest.CaptureFixture[str]) -> str:
    """What is said of a damaged file: one line that names it and the remedy."""
    assert run(["parse", "a.txt"]) == 5
    out, err = capfd.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    assert str(model / name) in line
    assert "missing or damaged" in line
    assert "pip install --force-reinstall contested" in line
    return line


def test_the_copy_of_the_model_is_read(model: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["parse", "a.txt"]) == 0
    assert "take" in capfd.readouterr().out


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("damage", [Path.unlink, half, lambda path: put(path, b""), lambda path: put(path, b"\xff no")])
def test_a_missing_or_damaged_file_is_named(
    name: str, damage: Callable[[Path], None], model: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    damage(model / name)
    told(model, name, capfd)


@pytest.mark.parametrize(
    ("damage", "name", "named", "fault"),
    [
        (fewer_names, "labels.json", "labels.json", "16 names under 'upos' for 17 scores"),
        (fewer_to_tell, "telling.json", "telling.json", "names for"),
        (no_root, "labels.json", "labels.json", "no label 'root'"),
        (fewer_labels, "label_scores.npz", "labels.json", "names under 'labels' for"),
        (other_vectors, "label_scores.npz", "label_scores.npz", "for vectors of"),
    ],
)
def test_files_of_different_models_are_told_apart(
    damage: Callable[[Path], None], name: str, named: str, fault: str, model: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    damage(model / name)
    assert fault in told(model, named, capfd)


def test_a_network_without_an_output_is_refused() -> None:
    outputs = [SimpleNamespace(name=name, shape=["batch", "words", 17]) for name in ("upos", "arcs", "gmb")]
    with pytest.raises(ValueError, match="no output label_head, label_word, speech, vectors"):
        encoder._sizes(SimpleNamespace(get_outputs=lambda: outputs))
