"""What cannot be read is named with its reason and a remedy."""

import os
import sys
from pathlib import Path

import pytest

from contested.read import read, readers
from read_world import BODY, fault, only, put


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.pdf", b"%PDF-1.7 ...", "a PDF; this version reads text and HTML"),
        ("a.txt", b"%PDF-1.7 ...", "a PDF"),
        ("a.docx", b"PK\x03\x04....", "a zip archive or office file"),
        ("a.html", b"\x89PNG\r\n", "an image"),
        ("a.txt", b"text \0 text", "binary data"),
        ("a.csv", b"a,b", "unknown here (.csv)"),
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t\n", "empty"),
        ("a.txt", b"\xef\xbb\xbf", "empty"),
        ("a.txt", b"source: Gazette\n\n", "no text"),
        ("a.txt", b"\xff\xfea", "UTF-16"),
    ],
)
def test_what_is_no_report_is_named(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    path = put(tmp_path, name, data)
    problem = fault(read(path))
    assert reason in problem.reason
    assert problem.file == str(path)
    assert problem.remedy


def test_broken_text_is_named_by_its_byte(tmp_path: Path) -> None:
    problem = fault(read(put(tmp_path, "a.txt", b"Rebels captured K\xff.")))
    assert (problem.place, "UTF-8" in problem.reason) == ("byte 17", True)


def test_a_huge_file_is_refused_without_being_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    readers()
    monkeypatch.setattr(Path, "open", None)
    problem = fault(read(path))
    assert "50.0 MB; the most read is 5 MB" in problem.reason
    assert "Split it" in problem.remedy


@pytest.mark.parametrize("name", ["missing.txt", "a\0b.txt", "x" * 5000])
def test_a_name_that_names_nothing(tmp_path: Path, name: str) -> None:
    assert fault(read(tmp_path / name)).remedy


@pytest.mark.skipif(os.name != "posix", reason="needs named pipes")
def test_what_is_no_ordinary_file_is_not_waited_on(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert "no ordinary file" in fault(read(tmp_path / "pipe.txt")).reason


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = put(tmp_path, "a.txt", BODY)
    readers()
    monkeypatch.setattr(Path, "open", forbidden)
    assert "may not be read" in fault(read(path)).reason


@pytest.mark.skipif(sys.platform != "linux", reason="other systems allow no such name")
def test_a_name_that_is_no_text_can_still_be_written_down(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    path.write_text(BODY)
    assert only(read(path)).file.encode().endswith("caf\N{REPLACEMENT CHARACTER}.txt".encode())
