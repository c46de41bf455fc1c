"""A hand-over: what is in it, that it checks itself, that one changed byte shows, and that nothing is half done."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("bagit", reason="the extra bag is not installed: pip install 'contested[bag]'")
pytest.importorskip("warcio", reason="the extra bag is not installed: pip install 'contested[bag]'")

import bagit

import toy
from contested.cli import run
from contested.errors import LedgerError, UsageError
from contested.read.archive import Archive
from contested.workspace import Workspace, handover, open_workspace
from contested.workspace.handover import hand_over
from contested.write import bag
from contested.write.bag import checker, warc

REPORT = "source: Gazette\npublished: 2021-08-08\n\nPolice said: Rebels captured Kunduz – “all of it”.\n"
BEGINNING = bytes(32)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """A workspace of three reports, one with an address, and a judgement."""
    toy.stand_in(monkeypatch)
    monkeypatch.chdir(tmp_path)
    for name, town in (("a.txt", "Kunduz"), ("b.txt", "Herat"), ("c.txt", "Farah")):
        (tmp_path / name).write_text(REPORT.replace("Kunduz", town))
    (tmp_path / "c.txt").write_text("url: https://example.org/farah\n" + (tmp_path / "c.txt").read_text())
    with open_workspace(tmp_path / "w", create=True) as workspace:
        workspace.add(["a.txt", "b.txt", "c.txt"])
        workspace.judge(next(workspace.assertions()).id, "accept", analyst="reader one")
        (workspace.folder / "codebooks" / "mine.toml").write_text("# mine\n")
        yield workspace


def jsonl(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def told(folder: Path, *head: str) -> tuple[int, str]:
    """What the checker that was handed over says, run as who receives it would, without this package."""
    command = [sys.executable, "-I", "-S", str(folder / "data" / "check.py"), *head]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder.parent)
    assert done.stderr == ""
    return done.returncode, done.stdout


# ── what is in it ────────────────────────────────────────────────────────────────────────────────


def test_it_is_a_sound_bag_that_holds_everything(here: Workspace, tmp_path: Path) -> None:
    done = hand_over(here, tmp_path / "h")
    assert (done.documents, done.originals, done.problems) == (3, 3, ())
    bagit.Bag(str(tmp_path / "h")).validate()
    assert (tmp_path / "h" / "bagit.txt").read_text().startswith("BagIt-Version: 1.0\n")
    assert {path.name for path in (tmp_path / "h").glob("*manifest-*")} == {
        f"{kind}manifest-sha{bits}.txt" for kind in ("", "tag") for bits in (256, 512)
    }
    data = tmp_path / "h" / "data"
    assert {path.relative_to(data).as_posix() for path in data.rglob("*") if path.is_file()} == {
        "originals.warc.gz", "documents.jsonl", "entries.jsonl", "custody.jsonl", "codebooks/mine.toml", "head.json",
        "contested.toml", "README.txt", "check.py",
    }  # fmt: skip
    assert json.loads((data / "head.json").read_bytes())["head"] == here.ledger.head()
    assert (data / "custody.jsonl").read_bytes() == here.archive.joinpath("custody.jsonl").read_bytes()
    texts = {document["id"]: document["text"] for document in jsonl(data / "documents.jsonl")}
    assert texts == {each.id: here.ledger.document(each.id).text for each in here.documents()}
    assert told(tmp_path / "h") == (0, f"sound. Head: {here.ledger.head()}\n")


def test_the_chain_can_be_hashed_again_by_the_lines_of_the_readme(
    here: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    hand_over(here, tmp_path / "h")
    monkeypatch.chdir(tmp_path / "h" / "data")
    readme = Path("README.txt").read_text()
    lines = readme.partition("    import json\n")[2].partition("\n\nThe digest")[0]
    exec("import json\n" + "\n".join(line.removeprefix("    ") for line in lines.splitlines()), {})
    assert capfd.readouterr().out == f"{here.ledger.head()}\n"


def test_originals_are_a_warc_file_that_others_read(here: Workspace, tmp_path: Path) -> None:
    from warcio.archiveiterator import ArchiveIterator

    hand_over(here, tmp_path / "h")
    found = []
    with (tmp_path / "h" / "data" / "originals.warc.gz").open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            assert record.rec_headers.protocol == "WARC/1.1"
            found.append((record.rec_type, dict(record.rec_headers.headers), record.content_stream().read()))
    assert [kind for kind, *_ in found] == ["warcinfo"] + ["resource", "metadata"] * 3
    custody = jsonl(here.archive / "custody.jsonl")
    for (_, headers, original), (_, beside, line), said in zip(found[1::2], found[2::2], custody, strict=True):
        assert headers["WARC-Payload-Digest"] == f"sha256:{said['sha256']}"
        assert sha256(original).hexdigest() == said["sha256"]
        assert headers["WARC-Date"] == said["received_at"]
        assert headers["Content-Type"] == "text/plain"
        assert (json.loads(line), beside["WARC-Refers-To"]) == (said, headers["WARC-Record-ID"])
    targets = {headers["WARC-Target-URI"] for _, headers, _ in found[1:]}
    assert "https://example.org/farah" in targets
    assert f"urn:sha256:{custody[0]['sha256']}" in targets


@pytest.mark.parametrize(
    "url", ["", "javascript:x", "http://a/\r\nWARC-Type: x", "http://a/ b", "http://a/<b>", f"http://{'a' * 3000}"]
)
def test_an_address_that_would_break_a_header_is_not_written(url: str) -> None:
    assert warc.uri(url, "ab") == "urn:sha256:ab"


def test_two_hand_overs_of_one_record_hold_the_same_originals(here: Workspace, tmp_path: Path) -> None:
    hand_over(here, tmp_path / "h")
    hand_over(here, tmp_path / "again")
    for name in ("documents.jsonl", "entries.jsonl", "custody.jsonl"):
        assert (tmp_path / "h" / "data" / name).read_bytes() == (tmp_path / "again" / "data" / name).read_bytes()


def test_an_empty_record_is_handed_over(tmp_path: Path) -> None:
    with open_workspace(tmp_path / "empty", create=True) as workspace:
        assert hand_over(workspace, tmp_path / "h").documents == 0
    assert told(tmp_path / "h") == (0, f"sound. Head: {BEGINNING.hex()}\n")


# ── some reports only ────────────────────────────────────────────────────────────────────────────


def test_of_reports_not_handed_over_there_are_hashes_only(here: Workspace, tmp_path: Path) -> None:
    chosen = next(each for each in here.documents() if each.file == "b.txt")
    done = hand_over(here, tmp_path / "h", [chosen.id[:8]])
    assert (done.documents, done.originals, done.problems) == (1, 1, ())
    data = tmp_path / "h" / "data"
    entries = jsonl(data / "entries.jsonl")
    assert len(entries) == 4
    known = [entry for entry in entries if "body" in entry]
    assert {entry["document"] for entry in known} == {chosen.id}
    assert {tuple(entry) for entry in entries if "body" not in entry} == {
        ("n", "hash", "body_sha256", "document_digest")
    }
    assert [line["came_from"] for line in jsonl(data / "custody.jsonl")] == ["b.txt"]
    whole = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    whole += gzip.decompress((data / "originals.warc.gz").read_bytes())
    assert b"Herat" in whole
    assert b"Kunduz" not in whole
    assert b"Farah" not in whole
    assert told(tmp_path / "h") == (0, f"sound. Head: {here.ledger.head()}\n")


def test_a_document_that_is_not_there_is_refused(here: Workspace, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no document"):
        hand_over(here, tmp_path / "h", ["ffff"])
    assert not (tmp_path / "h").exists()


# ── it checks itself ─────────────────────────────────────────────────────────────────────────────


def test_a_changed_byte_in_any_file_is_found(here: Workspace, tmp_path: Path) -> None:
    hand_over(here, tmp_path / "h")
    for path in sorted((tmp_path / "h" / "data").rglob("*")):
        if path.is_file() and path.name != "check.py":
            sound = path.read_bytes()
            path.write_bytes(sound[:-2] + bytes([sound[-2] ^ 1]) + sound[-1:])
            code, said = told(tmp_path / "h")
            assert (code, f"data/{path.relative_to(tmp_path / 'h' / 'data').as_posix()}" in said) == (1, True)
            path.write_bytes(sound)
    assert told(tmp_path / "h")[0] == 0


@pytest.mark.parametrize(
    ("name", "was", "now", "reason"),
    [
        ("entries.jsonl", b"Rebels", b"Allies", "its body is not what was recorded"),
        ("documents.jsonl", b"Rebels", b"Allies", "is not what was recorded"),
        ("documents.jsonl", b"Gazette", b"Gazelle", "is not what was recorded"),
        ("head.json", b'"head":"', b'"head":"0', "does not end in the head"),
    ],
)
def test_what_is_changed_with_its_sums_is_found_by_the_chain(
    here: Workspace, tmp_path: Path, name: str, was: bytes, now: bytes, reason: str
) -> None:
    hand_over(here, tmp_path / "h")
    path = tmp_path / "h" / "data" / name
    assert was in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(was, now))
    forged = bagit.Bag(str(tmp_path / "h"))
    forged.save(manifests=True)
    forged.validate()
    code, said = told(tmp_path / "h")
    assert (code, reason in said, "manifest" in said) == (1, True, False)


def test_entries_and_documents_that_are_taken_out_are_missed(here: Workspace, tmp_path: Path) -> None:
    hand_over(here, tmp_path / "h")
    data = tmp_path / "h" / "data"
    for name, reason in (("entries.jsonl", "the one before it is gone"), ("documents.jsonl", "is missing")):
        sound = (data / name).read_bytes()
        (data / name).write_bytes(b"".join(sound.splitlines(keepends=True)[1:]))
        assert [reason in fault for fault in checker.check(data) if "manifest" not in fault and "sha" not in fault]
        (data / name).write_bytes(sound)


def test_an_original_exchanged_for_another_is_found(here: Workspace, tmp_path: Path) -> None:
    hand_over(here, tmp_path / "h")
    file = tmp_path / "h" / "data" / "originals.warc.gz"
    other = gzip.decompress(file.read_bytes()).replace(b"Rebels captured Herat", b"Allies captured Herat")
    file.write_bytes(gzip.compress(other))
    faults = list(checker.check_originals(file.parent))
    assert ["is not what was received" in faults[0], "the original of" in faults[1]] == [True, True]


def test_a_head_noted_earlier_is_looked_for(here: Workspace, tmp_path: Path) -> None:
    earlier = here.ledger.head()
    (tmp_path / "d.txt").write_text(REPORT.replace("Kunduz", "Baghlan"))
    here.add(["d.txt"])
    hand_over(here, tmp_path / "h")
    assert told(tmp_path / "h", earlier)[0] == 0
    assert told(tmp_path / "h", "ab" * 32) == (1, f"entries.jsonl: it does not hold the head {'ab' * 32}\n")


@pytest.mark.parametrize("junk", [b"", b"{", b"[]\n", b"null\n", b"\xff\xfe", b'{"n": "x"}\n', b"\x1f\x8b\x08junk"])
def test_no_file_breaks_the_checker(here: Workspace, tmp_path: Path, junk: bytes) -> None:
    hand_over(here, tmp_path / "h")
    for name in ("entries.jsonl", "documents.jsonl", "originals.warc.gz", "head.json"):
        path = tmp_path / "h" / "data" / name
        sound = path.read_bytes()
        path.write_bytes(junk)
        assert told(tmp_path / "h")[0] == 1
        path.write_bytes(sound)


# ── nothing by halves ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["h", "h.zip"])
def test_what_is_there_is_left_alone(here: Workspace, tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(UsageError, match="nothing is overwritten"):
        hand_over(here, tmp_path / name)
    assert list((tmp_path / name).iterdir()) == []


@pytest.mark.parametrize("name", ["h", "h.zip"])
@pytest.mark.parametrize("fault", [KeyboardInterrupt, OSError])
def test_an_interruption_leaves_nothing_behind(
    here: Workspace, tmp_path: Path, name: str, fault: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise fault

    before, place = sorted(tmp_path.iterdir()), Path.cwd()
    monkeypatch.setattr(bag, "zipped" if name.endswith(".zip") else "close", stop)
    with pytest.raises(fault):
        hand_over(here, tmp_path / name)
    assert (sorted(tmp_path.iterdir()), Path.cwd()) == (before, place)


def test_a_zip_file_unfolds_to_a_bag_of_its_name(here: Workspace, tmp_path: Path) -> None:
    hand_over(here, tmp_path / "h.zip")
    with zipfile.ZipFile(tmp_path / "h.zip") as archive:
        archive.extractall(tmp_path / "unfolded")
    assert [path.name for path in (tmp_path / "unfolded").iterdir()] == ["h"]
    bagit.Bag(str(tmp_path / "unfolded" / "h")).validate()
    assert told(tmp_path / "unfolded" / "h")[0] == 0


def test_what_cannot_be_handed_over_is_told_and_the_rest_done(here: Workspace, tmp_path: Path) -> None:
    first, second, _ = sorted(here.archive.glob("*/*.zst"))
    first.unlink()
    second.write_bytes(b"?")
    (here.folder / "packs" / "100%.toml").write_text("")
    (here.folder / "packs" / "link.toml").symlink_to(tmp_path / "a.txt")
    lines = here.archive.joinpath("custody.jsonl").read_bytes().splitlines(keepends=True)
    here.archive.joinpath("custody.jsonl").write_bytes(b"".join(lines) + b"{none}")
    done = hand_over(here, tmp_path / "h")
    assert (done.documents, done.originals) == (3, 1)
    reasons = "\n".join(map(str, done.problems))
    for reason in ("is missing", "cannot be read", "100%.toml", "link.toml", "no custody line"):
        assert reason in reasons
    assert (tmp_path / "h" / "data" / "problems.txt").read_text() == reasons + "\n"
    code, said = told(tmp_path / "h")
    assert (code, said.count("the original of")) == (1, 2)


def test_an_original_without_custody_is_handed_over_and_told(here: Workspace, tmp_path: Path) -> None:
    here.archive.joinpath("custody.jsonl").unlink()
    done = hand_over(here, tmp_path / "h")
    assert (done.originals, len(done.problems)) == (3, 3)
    assert all("no custody line" in problem.reason for problem in done.problems)
    assert told(tmp_path / "h")[0] == 0


def test_a_chain_that_does_not_lead_to_its_head_is_not_handed_over(
    here: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover, "end", lambda _: handover.Head("ab" * 32, 4))
    with pytest.raises(LedgerError, match="contested verify"):
        hand_over(here, tmp_path / "h")
    assert not (tmp_path / "h").exists()


def test_entries_recorded_meanwhile_stay_out(here: Workspace, tmp_path: Path) -> None:
    noted = here.ledger.head()
    (tmp_path / "d.txt").write_text(REPORT.replace("Kunduz", "Baghlan"))

    def meanwhile(done: int, _total: int, _name: str) -> None:
        if done == 1:
            here.add(["d.txt"])

    assert hand_over(here, tmp_path / "h", progress=meanwhile).head.head == noted
    assert here.ledger.head() != noted
    assert told(tmp_path / "h") == (0, f"sound. Head: {noted}\n")


# ── custody ──────────────────────────────────────────────────────────────────────────────────────


def test_a_custody_line_says_where_when_how_by_whom_and_by_what(here: Workspace, tmp_path: Path) -> None:
    (line, *_) = jsonl(here.archive / "custody.jsonl")
    assert (line["came_from"], line["how"]) == ("a.txt", "added as a file")
    assert line["bytes"] == (tmp_path / "a.txt").stat().st_size
    assert line["tool"].startswith("contested ")
    assert line["by"]
    assert line["modified_at"] < line["received_at"]


def test_a_line_of_before_is_still_read(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    digest = archive.keep(b"x", came_from="a", how="added as a file")
    old = {
        "sha256": digest,
        "bytes": 1,
        "came_from": "a",
        "received_at": "2026-01-01T00:00:00Z",
        "how": "h",
        "tool": "t",
    }
    archive.custody.write_text(json.dumps(old) + "\n")
    assert archive.check() == []
    ((_, custody),) = archive.lines([])
    assert (custody.by, custody.modified_at) == ("", None)


# ── from the command line ────────────────────────────────────────────────────────────────────────


def test_export_bag(here: Workspace, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", "w", "export", "bag", "h.zip"]) == 0
    out, err = capfd.readouterr()
    assert out == ""
    assert "3 documents, 3 originals" in err
    assert "h/data/check.py" in err
    assert run(["-C", "w", "export", "bag", "h.zip"]) == 2
    next(here.archive.glob("*/*.zst")).unlink()
    assert run(["-C", "w", "export", "bag", "h"]) == 3
    assert "is missing" in capfd.readouterr().err


def test_without_the_extra_the_command_that_installs_it_is_told(
    here: Workspace, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "warcio", None)
    assert run(["-C", "w", "export", "bag", "h"]) == 5
    assert "warcio, which is not installed: pip install 'contested[bag]'" in capfd.readouterr().err


def test_a_folder_of_any_name_is_handed_over(tmp_path: Path) -> None:
    try:
        folder = tmp_path / "w\udcff\n%"
        folder.mkdir()
    except OSError:
        pytest.skip("this disk knows no such names")
    with open_workspace(folder, create=True) as workspace:
        hand_over(workspace, tmp_path / "h")
    assert told(tmp_path / "h")[0] == 0
