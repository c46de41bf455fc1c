"""Folders: walked in order, once, and never in silence."""

import os
from pathlib import Path

import pytest

from contested.read import files, read
from read_world import BODY, fault, put


def test_folders_are_walked_in_order_without_what_is_hidden(tmp_path: Path) -> None:
    names = ["b.txt", "a.txt", "sub/c.txt", ".hidden.txt", ".git/config.txt", "another/d.html"]
    for name in names:
        put(tmp_path, name, BODY)
    found = [path.relative_to(tmp_path).as_posix() for path in files([tmp_path, tmp_path / "a.txt"])]
    assert found == ["a.txt", "b.txt", "another/d.html", "sub/c.txt"]


@pytest.mark.skipif(os.name != "posix", reason="needs links")
def test_a_folder_that_holds_itself_ends(tmp_path: Path) -> None:
    put(tmp_path, "sub/a.txt", BODY)
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    found = list(files([tmp_path]))
    assert found == [tmp_path / "gone.txt", tmp_path / "sub" / "a.txt"]
    assert "no such file" in fault(read(found[0])).reason


def test_a_folder_with_nothing_in_it_is_named(tmp_path: Path) -> None:
    put(tmp_path, ".hidden", BODY)
    assert list(files([tmp_path])) == [tmp_path]
    assert "nothing to read" in fault(read(tmp_path)).reason


def test_what_is_missing_is_passed_on_to_be_named(tmp_path: Path) -> None:
    assert list(files([tmp_path / "missing"])) == [tmp_path / "missing"]
