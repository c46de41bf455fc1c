"""The originals, byte for byte, and how each came in.

archive/ab/abcdef….zst     one original, compressed, under its sha256; written once, never over another
archive/custody.jsonl      one line for each original that came in: what, from where, when, how, by what tool;
                           and one more for each that was taken out (see `removed`)
"""

from __future__ import annotations

import datetime as dt
import errno
import os
import re
import tempfile
from collections.abc import Collection, Iterator
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from itertools import islice
from pathlib import Path

import msgspec

from contested.errors import LedgerError
from contested.model import Problem
from contested.read.torn import torn

LIMIT = 1_000_000_000
"""The most bytes an original may unfold to: a file put here by somebody else must not fill the memory."""

LONGEST = 1_000_000
"""The most bytes of a custody line."""

AT_ONCE = 1_000  # lines taken over in one write


class Custody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How one original came in: its digest and size in bytes, from where, when (UTC), in what way, by what tool.

    `by` is who had the tool take it in, `modified_at` when the file had been changed last, as its disk said. Lines
    written before these were asked for lack them. Where an original was taken out, the last line on it says so: when
    (UTC), by whom, why, and which documents it held.
    """

    sha256: str
    bytes: int
    came_from: str
    received_at: dt.datetime
    how: str
    tool: str
    by: str = ""
    modified_at: dt.datetime | None = None
    removed_at: dt.datetime | None = None
    reason: str = ""
    documents: tuple[str, ...] = ()


class Archive:
    """A folder of originals."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.custody = folder / "custody.jsonl"

    def keep(
        self, data: bytes, *, came_from: str, how: str, by: str = "", modified_at: dt.datetime | None = None
    ) -> str:
        """Keep these bytes and write down how they came; return their sha256. Keeping twice changes nothing.

        The custody line is written before the original takes its name, and after its bytes: an original never stands
        without a line, nor a line without the bytes, though the act may be cut short between the two. LedgerError where
        the folder cannot be written.
        """
        import zstandard

        digest = sha256(data).hexdigest()
        place = self.place(digest)
        now = dt.datetime.now(dt.UTC)
        record = Custody(digest, len(data), _written(came_from), now, _written(how), _tool(), _written(by), modified_at)
        try:
            if place.exists():
                _settle(place.parent)  # somebody may have named it this moment, and not be sure of it yet
                return digest
            if not place.parent.is_dir():
                place.parent.mkdir(parents=True, exist_ok=True)
                _settle(self.folder)
            ready = _write_aside(place, zstandard.ZstdCompressor(level=9).compress(data))
            try:
                self.append(record)
            except OSError:
                ready.unlink(missing_ok=True)
                raise
            _name(ready, place)
        except OSError as fault:
            raise LedgerError(f"{place} cannot be written ({fault.strerror}). Make room or check rights") from fault
        return digest

    def has(self, digest: str) -> bool:
        return self.place(digest).exists()

    def original(self, digest: str) -> bytes:
        """The bytes with this sha256. LedgerError names the file when it is missing or is not what it was."""
        import zstandard

        place = self.place(digest)
        try:
            with place.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
                data = stream.read(LIMIT + 1)
        except FileNotFoundError:
            raise LedgerError(f"{place} is missing. Add the file it came from again") from None
        except (OSError, zstandard.ZstdError) as fault:
            raise LedgerError(f"{place} cannot be read ({fault}). {_RESTORE}") from fault
        if sha256(data).hexdigest() != digest:
            raise LedgerError(f"{place} has changed since it was kept. {_RESTORE}")
        return data

    def check(self, blamed: Collection[str] = ()) -> list[Problem]:
        """What is wrong with it: originals changed or missing, or without a line that says how they came.

        The bytes of those that were blamed already are not blamed again.
        """
        problems: list[Problem] = []
        # In this order: what somebody adds meanwhile has its line by the time that the lines are read.
        there = {path.stem: path for path in sorted(self.folder.glob("[0-9a-f][0-9a-f]/*.zst"))}
        recorded = {record.sha256: record for _, record in self.lines(problems)}
        removed = {digest: record for digest, record in recorded.items() if record.removed_at}
        for digest in sorted(recorded.keys() - there.keys() - removed.keys() - frozenset(blamed)):
            place = self.folder / digest[:2] / f"{digest}.zst"
            if not _aside(place) and not place.exists():
                problems.append(Problem(str(place), "this original is missing", "Restore it, or add its file again"))
        for digest, path in there.items():
            if digest in removed:
                again = f"Run again: contested remove {' '.join(removed[digest].documents)} --reason TEXT"
                problems.append(Problem(str(path), "this original was to be taken out, and is there", again))
            if digest not in recorded:
                problems.append(Problem(str(path), "no custody line says how this came in", "Restore custody.jsonl"))
            try:
                if digest not in blamed:
                    self.original(digest)
            except LedgerError:
                problems.append(Problem(str(path), "this original is not what was kept", _RESTORE))
        return problems

    def lines(self, problems: list[Problem]) -> Iterator[tuple[bytes, Custody]]:
        """The custody lines as they are written and what they say, in order; what is none is added to the problems.

        One that a power cut tore is passed over: its original never took its name, or has another line, whole.
        """
        if not self.custody.exists():
            return
        torn_lines: dict[int, str] = {}
        try:
            for number, at, line, said in self._read():
                if said:
                    yield line, said
                elif (digest := torn(line, at)) is None:
                    problems.append(self._no_line(number))
                else:
                    torn_lines[number] = digest
            alone = {digest for digest in torn_lines.values() if digest and self.has(digest)}
            if alone:
                alone -= {said.sha256 for *_, said in self._read() if said}
            problems += [self._no_line(number) for number, digest in torn_lines.items() if digest in alone]
        except OSError as fault:
            problems.append(Problem(str(self.custody), f"it cannot be read ({fault.strerror})", "Check the rights"))

    def _read(self) -> Iterator[tuple[int, int, bytes, Custody | None]]:
        """Each line: its number, where in the file it begins, how it is written, and what it says, if it is one."""
        at = 0
        with self.custody.open("rb") as file:
            for number, line in enumerate(iter(lambda: file.readline(LONGEST), b""), 1):
                if line.strip():
                    yield number, at, line, _said(line)
                at += len(line)

    def _no_line(self, number: int) -> Problem:
        reason, remedy = "this is no custody line", "Restore the file from a copy"
        return Problem(str(self.custody), reason, remedy, f"line {number}")

    def take_lines(self, other: Archive) -> list[Problem]:
        """Write down another archive's custody lines, as they stand, of the originals that are here; each once.

        But not that one was taken out: what is here all the same, others rest on. Answers what there is no custody
        line. LedgerError where ours cannot be written.
        """
        problems: list[Problem] = []
        known = {_mark(line) for line, _ in self.lines([])}
        missing = (
            line.strip()
            for line, said in other.lines(problems)
            if said.removed_at is None
            and _mark(line) not in known
            and _is_digest(said.sha256)
            and self.has(said.sha256)
        )
        try:
            while some := list(islice(missing, AT_ONCE)):
                self._write(b"\n".join(some))
        except OSError as fault:
            raise LedgerError(
                f"{self.custody} cannot be written ({fault.strerror}). Make room or check rights"
            ) from fault
        return problems

    def place(self, digest: str) -> Path:
        """Where the original of this sha256 is, or would be. LedgerError when it is no sha256."""
        if not _is_digest(digest):
            raise LedgerError(f"{self.folder}: {digest[:80]!r} is no sha256, so no original is named so")
        return self.folder / digest[:2] / f"{digest}.zst"

    def append(self, record: Custody) -> None:
        """Write a custody line at the end."""
        self._write(msgspec.json.encode(record))

    def _write(self, lines: bytes) -> None:
        """One write at the end, so that two processes do not mix lines; a line torn by a crash is closed off first."""
        descriptor = os.open(self.custody, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            size = os.fstat(descriptor).st_size
            torn = size > 0 and _last_byte(descriptor) != b"\n"
            _write_through(descriptor, b"\n" * torn + lines + b"\n")
            if not size:
                _settle(self.folder)
        finally:
            os.close(descriptor)


_RESTORE = "Restore it from a copy, or delete it and add the file it came from again"


def _is_digest(text: str) -> bool:
    return re.fullmatch("[0-9a-f]{64}", text) is not None


def _mark(line: bytes) -> bytes:
    return sha256(line.strip()).digest()


def _said(line: bytes) -> Custody | None:
    try:
        return msgspec.json.decode(line, type=Custody)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _last_byte(descriptor: int) -> bytes:
    os.lseek(descriptor, -1, os.SEEK_END)
    return os.read(descriptor, 1)


def _write_through(descriptor: int, line: bytes) -> None:
    """Write at the end, to the disk; where a full or failing disk takes only a part, take that back."""
    written = os.write(descriptor, line)
    fault = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) if written < len(line) else None
    try:
        os.fsync(descriptor)
    except OSError as failing:
        fault = failing
    if fault:
        os.ftruncate(descriptor, os.lseek(descriptor, 0, os.SEEK_CUR) - written)
        raise fault


def _write_aside(place: Path, data: bytes) -> Path:
    """Written through to the disk beside where it will stand, under a name of its own; nothing, where it fails."""
    descriptor, name = tempfile.mkstemp(prefix=f".{place.stem}.", suffix=".tmp", dir=place.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _settle(place.parent)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _aside(place: Path) -> list[Path]:
    """What was written aside for a place: it is being kept, or that was cut short until its file is added again."""
    return list(place.parent.glob(f".{place.stem}.*.tmp"))


def _name(ready: Path, place: Path) -> None:
    """Give the bytes their name, unless somebody who keeps the same bytes has done so, and sweep up after both."""
    try:
        ready.replace(place)
    except FileNotFoundError:
        if not place.exists():
            raise
    for left in _aside(place):
        left.unlink(missing_ok=True)
    _settle(place.parent)


def _settle(folder: Path) -> None:
    """Write a folder's names through to the disk, where the system knows how."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _written(text: str) -> str:
    """Text that can be written as UTF-8, whatever a file is called."""
    return text.encode("utf-8", "replace").decode()


@cache
def _tool() -> str:
    return f"contested {version('contested')}"
