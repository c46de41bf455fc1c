"""Stamps: an authority that is asked for one gives it or not; what is kept holds, or shows that it does not."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("rfc3161_client", reason="the extra stamp is not installed: pip install 'contested[stamp]'")
pytest.importorskip("httpx2", reason="the extra stamp is not installed: pip install 'contested[stamp]'")

import toy
import tsa
from contested.cli import run
from contested.errors import UsageError
from contested.workspace import Workspace, authority, open_workspace, stamps, tokens
from contested.workspace.tokens import NoStampError

if not tsa.OPENSSL:
    pytest.skip("openssl, which plays the authority, is not installed", allow_module_level=True)

REPORT = "source: Gazette\npublished: 2021-08-08\n\nPolice said: Rebels captured Kunduz.\n"
HEAD = "ab" * 32


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> tsa.Authority:
    return tsa.Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def there(house: tsa.Authority) -> Iterator[tsa.Authority]:
    house.manner, house.asked = "sound", []
    with tsa.serving(house):
        yield house


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    toy.stand_in(monkeypatch)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(REPORT)
    with open_workspace(tmp_path / "w", create=True) as workspace:
        workspace.add(["a.txt"])
        yield workspace


@pytest.fixture(scope="module")
def token(house: tsa.Authority) -> bytes:
    """An answer on HEAD."""
    return house.answer(tokens.question(HEAD)[0])


# ── asking ───────────────────────────────────────────────────────────────────────────────────────


def test_a_stamp_is_given_kept_and_holds(here: Workspace, there: tsa.Authority) -> None:
    stamp = stamps.stamp(here, there.url, there.root)
    assert stamp.head == here.ledger.head()
    assert abs(stamp.stamped_at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=5)
    assert (stamp.entries, stamp.policy, stamp.tsa) == (1, "1.2.3.4.1", there.url)
    assert stamps.kept(here) == ([stamp], [])
    assert stamps.check(here) == stamps.check(here, there.root) == []
    names = sorted(path.name for path in (here.folder / "stamps").iterdir())
    assert names == [f"{stamp.head}.json", f"{stamp.head}.tsr"]


def test_a_stamp_is_checked_by_openssl_as_the_readme_of_a_hand_over_says(
    here: Workspace, there: tsa.Authority, tmp_path: Path
) -> None:
    head = stamps.stamp(here, there.url).head
    data, token = tmp_path / "head.txt", here.folder / "stamps" / f"{head}.tsr"
    data.write_text(head)
    tsa.openssl("ts", "-verify", "-data", str(data), "-in", str(token), "-CAfile", str(there.root))


def test_only_a_hash_of_the_head_leaves(here: Workspace, there: tsa.Authority) -> None:
    stamp = stamps.stamp(here, there.url)
    ((headers, question),) = there.asked
    assert sha256(stamp.head.encode()).digest() in question
    assert len(question) < 100  # the hash, its name, a number, and nothing else
    assert "contested" not in str(headers).lower()
    assert {"Cookie", "Authorization"} & headers.keys() == set()


def test_a_second_stamp_is_kept_beside_the_first(here: Workspace, there: tsa.Authority) -> None:
    first, second = stamps.stamp(here, there.url), stamps.stamp(here, there.url)
    assert first.serial != second.serial
    assert (here.folder / "stamps" / f"{first.head}.2.tsr").is_file()
    assert {each.serial for each in stamps.kept(here)[0]} == {first.serial, second.serial}
    assert stamps.check(here, there.root) == []


@pytest.mark.parametrize(
    ("manner", "reason"),
    [
        ("redirects", "302"),
        ("broken", "500"),
        ("page", "text/html"),
        ("endless", "more than"),
        ("refuses", "refuses"),
    ],
)
def test_who_gives_no_stamp_is_told_and_nothing_is_kept(
    here: Workspace, there: tsa.Authority, manner: str, reason: str
) -> None:
    there.manner = manner
    with pytest.raises(NoStampError, match=reason):
        stamps.stamp(here, there.url)
    assert stamps.kept(here) == ([], [])


def test_an_answer_is_timed_as_a_whole(there: tsa.Authority) -> None:
    there.manner = "drips"
    with pytest.raises(NoStampError, match="no whole answer"):
        authority.ask(there.url, b"?", seconds=0.2)


def test_nobody_there_is_told() -> None:
    with pytest.raises(NoStampError, match=r"127\.0\.0\.1 cannot be reached"):
        authority.ask("http://127.0.0.1:1/", b"?")


@pytest.mark.parametrize(
    "url", ["", "tsa.example.org", "ftp://tsa.example.org", "http://", "http://a b/", "http://a:b/"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="no address"):
        authority.ask(url, b"?")


def test_an_address_with_a_password_is_refused() -> None:
    with pytest.raises(UsageError, match="password"):
        authority.ask("http://me:secret@127.0.0.1:1/", b"?")


def test_an_answer_to_another_question_is_no_stamp(here: Workspace, there: tsa.Authority) -> None:
    def swapped(head: str) -> bytes:
        return there.answer(tokens.question(head)[0])

    with pytest.raises(NoStampError, match="something else"):
        stamps.stamp(here, there.url, ask=lambda *_: swapped(HEAD))
    with pytest.raises(NoStampError, match="another question"):
        stamps.stamp(here, there.url, ask=lambda *_: swapped(here.ledger.head()))


def test_a_stamp_by_somebody_else_is_not_kept(here: Workspace, there: tsa.Authority, tmp_path: Path) -> None:
    tsa.make_root(tmp_path / "other.pem", tmp_path / "other.key")
    with pytest.raises(NoStampError, match="cannot be led back"):
        stamps.stamp(here, there.url, tmp_path / "other.pem")
    assert stamps.kept(here) == ([], [])


def test_an_empty_record_is_not_stamped(tmp_path: Path, there: tsa.Authority) -> None:
    with open_workspace(tmp_path / "empty", create=True) as workspace, pytest.raises(UsageError, match="nothing is on"):
        stamps.stamp(workspace, there.url)
    assert there.asked == []


# ── what is kept ─────────────────────────────────────────────────────────────────────────────────


def test_a_stamp_holds_while_the_record_grows_and_not_when_it_is_written_anew(
    here: Workspace, there: tsa.Authority, tmp_path: Path
) -> None:
    stamps.stamp(here, there.url)
    (tmp_path / "b.txt").write_text(REPORT.replace("Kunduz", "Herat"))
    here.add([tmp_path / "b.txt"])
    assert stamps.check(here, there.root) == []
    with open_workspace(tmp_path / "anew", create=True) as other:
        other.add([tmp_path / "b.txt"])
        shutil.copytree(here.folder / "stamps", other.folder / "stamps")
        (problem,) = stamps.check(other, there.root)
    assert "written anew" in problem.reason


def test_every_damage_to_a_kept_stamp_is_named(here: Workspace, there: tsa.Authority, tmp_path: Path) -> None:
    stamp = stamps.stamp(here, there.url)
    folder = here.folder / "stamps"
    token, beside = folder / f"{stamp.head}.tsr", folder / f"{stamp.head}.json"
    sound = {path: path.read_bytes() for path in (token, beside)}
    said = json.loads(sound[beside])
    damages = [
        (token, b"", "no time stamp"),
        (token, there.answer(tokens.question(HEAD)[0]), "something else"),
        (token, bytes(300_000), "larger than"),
        (token, sound[token][:-1] + bytes([sound[token][-1] ^ 1]), "led back"),
        (beside, b"{}", "does not say"),
        (beside, b"\xff", "does not say"),
        (beside, json.dumps(said | {"head": HEAD}).encode(), "another head"),
        (beside, json.dumps(said | {"stamped_at": "2001-01-01T00:00:00Z"}).encode(), "token says"),
        (beside, json.dumps(said | {"stamped_at": "2001-01-01T00:00:00"}).encode(), "does not say"),
        (folder / "notes.txt", b"?", "no stamp"),
    ]
    for path, damage, reason in damages:
        path.write_bytes(damage)
        assert [reason in problem.reason for problem in stamps.check(here, there.root)] == [True], reason
        path.write_bytes(sound[path]) if path in sound else path.unlink()
    assert stamps.check(here, there.root) == []


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 5000), byte=st.integers(1, 255), cut=st.integers(0, 5000))
def test_no_answer_breaks_the_reader(token: bytes, house: tsa.Authority, at: int, byte: int, cut: int) -> None:
    changed = bytearray(token)
    changed[at % len(token)] ^= byte
    for data in (bytes(changed), token[: cut % len(token)]):
        try:
            read = tokens.read(data, HEAD)
        except NoStampError:
            continue
        tokens.hold(read, HEAD, tokens.certificates(house.root))


@pytest.mark.parametrize(
    "content", [b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_a_file_without_certificates_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "root.pem").write_bytes(content)
    with pytest.raises(UsageError, match=r"root\.pem: it holds no certificate"):
        tokens.certificates(tmp_path / "root.pem")


# ── from the command line ────────────────────────────────────────────────────────────────────────


def test_head_stamps_and_verify(here: Workspace, there: tsa.Authority, capfd: pytest.CaptureFixture[str]) -> None:
    said = partial(capfd.readouterr)
    command = ["-C", str(here.folder)]
    assert run([*command, "head", "--stamp", "--tsa", there.url, "--tsa-root", str(there.root)]) == 0
    out, err = said()
    assert out == f"{here.ledger.head()}\n"
    assert "stamped" in err
    assert run([*command, "stamps", "--jsonl"]) == 0
    listed = json.loads(said().out)
    assert (listed["head"], listed["tsa"]) == (here.ledger.head(), there.url)
    assert run([*command, "stamps"]) == 0
    assert here.ledger.head() in said().out
    assert run([*command, "verify", "--tsa-root", str(there.root)]) == 0
    assert said().err == ""
    assert run([*command, "verify"]) == 0
    assert "--tsa-root" in said().err
    (here.folder / "stamps" / f"{here.ledger.head()}.tsr").write_bytes(b"?")
    assert run([*command, "verify"]) == 4
    assert "no time stamp" in said().err


def test_no_stamp_is_exit_code_3_and_the_head_is_printed(
    here: Workspace, there: tsa.Authority, capfd: pytest.CaptureFixture[str]
) -> None:
    there.manner = "broken"
    assert run(["-C", str(here.folder), "head", "--stamp", "--tsa", there.url]) == 3
    out, err = capfd.readouterr()
    assert out == f"{here.ledger.head()}\n"
    assert "answers no time stamp" in err
