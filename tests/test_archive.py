"""The archive: what is kept is kept once, comes back as it was, and shows when it does not."""

import json
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from contested.errors import LedgerError
from contested.read import archive as module
from contested.read.archive import Archive
from contested.read.torn import SECTOR

DATA = b"Police said: Rebels captured Kunduz.\n" * 20


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def keep(archive: Archive, data: bytes = DATA) -> tuple[str, Path]:
    digest = archive.keep(data, came_from="clips/a.txt", how="added as a file")
    return digest, archive.folder / digest[:2] / f"{digest}.zst"


def custody(archive: Archive) -> list[dict[str, object]]:
    return [json.loads(line) for line in archive.custody.read_text().splitlines()]


@settings(deadline=None, max_examples=20)
@given(st.lists(st.binary(max_size=200), max_size=6))
def test_what_is_kept_comes_back(originals: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive(Path(folder))
        for data in originals + originals[:2]:
            digest, _ = keep(archive, data)
            assert digest == sha256(data).hexdigest()
            assert archive.original(digest) == data
        assert len(list(Path(folder).glob("*/*"))) == len(set(originals))
        assert archive.check() == []


def test_keeping_twice_is_keeping_once(archive: Archive) -> None:
    digest, path = keep(archive)
    before = path.stat().st_mtime_ns, custody(archive)
    assert archive.keep(DATA, came_from="elsewhere", how="otherwise") == digest
    assert (path.stat().st_mtime_ns, custody(archive)) == before


def test_how_it_came_in_is_written_down(archive: Archive) -> None:
    digest, _ = keep(archive)
    (record,) = custody(archive)
    assert record.pop("received_at", "").__str__().endswith("Z")
    assert str(record.pop("tool")).startswith("contested ")
    assert record == {"sha256": digest, "bytes": len(DATA), "came_from": "clips/a.txt", "how": "added as a file"}


@pytest.mark.parametrize(
    ("damaged", "reason"),
    [
        (zstandard.compress(DATA + b"."), "has changed"),
        (zstandard.compress(DATA)[:-6], "has changed|cannot be read"),
        (b"no frame at all", "cannot be read"),
        (b"", "has changed|cannot be read"),
    ],
)
def test_a_changed_original_is_named(archive: Archive, damaged: bytes, reason: str) -> None:
    digest, path = keep(archive)
    keep(archive, b"another")
    path.write_bytes(damaged)
    with pytest.raises(LedgerError, match=reason) as raised:
        archive.original(digest)
    assert path.name in str(raised.value)
    (problem,) = archive.check()
    assert (problem.file, "not what was kept" in problem.reason) == (str(path), True)


def test_any_flipped_byte_of_the_words_shows(archive: Archive) -> None:
    digest, path = keep(archive, b"short")
    raw = path.read_bytes()
    at = raw.index(b"short")
    path.write_bytes(raw[:at] + b"s4ort" + raw[at + 5 :])
    with pytest.raises(LedgerError):
        archive.original(digest)


def test_a_missing_original_is_named(archive: Archive) -> None:
    digest, path = keep(archive)
    path.unlink()
    with pytest.raises(LedgerError, match="missing"):
        archive.original(digest)
    (problem,) = archive.check()
    assert (problem.file, "missing" in problem.reason) == (str(path), True)
    keep(archive)
    assert archive.check() == []


def test_an_original_nobody_accounts_for_is_named(archive: Archive) -> None:
    _, path = keep(archive)
    archive.custody.unlink()
    (problem,) = archive.check()
    assert (problem.file, "custody" in problem.reason) == (str(path), True)


BEGUN = b'{"sha256":"ab'


@pytest.mark.parametrize(
    "torn",
    [
        lambda at: BEGUN,
        lambda at: BEGUN + b"12" * 31 + b'","bytes":7,"came_from":"clips/\xc3',
        lambda at: bytes(SECTOR - at % SECTOR) + b'"by":"amy"}',
        lambda at: BEGUN + bytes(2 * SECTOR - (at + len(BEGUN)) % SECTOR) + b'"by":"amy"}\n',
        lambda at: BEGUN + bytes(90),
    ],
)
def test_a_torn_line_costs_only_itself(archive: Archive, torn: Callable[[int], bytes]) -> None:
    keep(archive)
    with archive.custody.open("ab") as file:
        file.write(torn(file.tell()))
    assert archive.check() == []
    digest, _ = keep(archive, b"another")
    assert archive.check() == []
    assert archive.original(digest) == b"another"


def test_of_an_original_that_is_there_one_line_is_whole(archive: Archive) -> None:
    _, path = keep(archive)
    whole = archive.custody.read_bytes()
    archive.custody.write_bytes(whole[:-5] + b"\n" + whole)
    assert archive.check() == []
    archive.custody.write_bytes(whole[:-5] + b"\n")
    assert {(each.file, each.place) for each in archive.check()} == {(str(archive.custody), "line 1"), (str(path), "")}
    path.unlink()
    assert archive.check() == []


@pytest.mark.parametrize(
    "alter",
    [
        lambda line: b"somebody wrote this here",
        lambda line: line.replace(b"clips", b"\0lips"),
        lambda line: line.replace(b'"bytes"', b'bytes"')[:-9],
        lambda line: b" " + line[:-9],
        lambda line: line[:-1] + b"]",
        lambda line: b"[" + line[:-1],
        lambda line: b"\xff" + line,
        lambda line: b"7",
    ],
)
def test_an_altered_line_is_told(archive: Archive, alter: Callable[[bytes], bytes]) -> None:
    keep(archive)
    (line,) = archive.custody.read_bytes().splitlines()
    archive.custody.write_bytes(line + b"\n" + alter(line) + b"\n" + line + b"\n")
    (problem,) = archive.check()
    assert (problem.file, problem.place, problem.reason) == (str(archive.custody), "line 2", "this is no custody line")


def test_a_line_that_no_power_cut_tears_so_is_told(archive: Archive) -> None:
    keep(archive)
    with archive.custody.open("ab") as file:
        file.write(b'{"sha256":"ab}\n')
    (problem,) = archive.check()
    assert (problem.file, problem.place) == (str(archive.custody), "line 2")


def test_an_interrupted_keep_leaves_nothing_half_written(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(module.Archive, "append", full)
        with pytest.raises(LedgerError, match="No space left"):
            keep(archive)
    assert [path for path in archive.folder.rglob("*") if path.is_file()] == []
    keep(archive)
    assert archive.check() == []


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "AB" * 32, "ab" * 31])
def test_only_a_digest_names_an_original(archive: Archive, digest: str) -> None:
    with pytest.raises(LedgerError, match="no sha256"):
        archive.original(digest)


def test_an_original_that_unfolds_without_end_is_cut_off(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    digest, _ = keep(archive, bytes(2000))
    monkeypatch.setattr(module, "LIMIT", 1000)
    with pytest.raises(LedgerError):
        archive.original(digest)


def test_a_check_of_nothing_finds_nothing(archive: Archive) -> None:
    assert archive.check() == []
