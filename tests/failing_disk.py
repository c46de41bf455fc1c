"""A disk that can fail, fill up, turn read-only and lose its power, below the SQLite that Python itself uses.

    with Disk() as disk:                        # every database opened from here on stands on it
        with disk.failing(after=3, how=FULL):   # the fourth write, truncation or sync finds no room, and all after it
            ...
        after_power_cut(disk.log, None, folder)  # see power_cut: the files as they lie when the power goes now

It is a VFS of SQLite's own kind, set before the built-in one: a file is opened by the built-in VFS and keeps all its
methods (locks, shared memory), but for the few that change something, which are written down and may fail. So a fault
comes to the ledger as SQLite itself reports it, through the driver the ledger always has; what SQLite forgives (a
checkpoint that failed after the commit) is forgiven here too. A VFS written in Python over a wrapper of SQLite cannot
do that: there every exception comes out, forgiven or not.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Self

import pytest

OK, IOERR, FULL, CANTOPEN = 0, 10, 13, 14  # results of SQLite's
PARTS = {"read": 1, "write": 3, "sync": 4, "truncate": 6, "delete": 10}  # IOERR_READ is IOERR | 1 << 8, and so on
CHANGES = ("open", "write", "truncate", "sync", "delete")  # open, where it makes the file
OPEN_READWRITE, OPEN_CREATE, OPEN_MAIN_JOURNAL, OPEN_WAL = 0x2, 0x4, 0x800, 0x80000


class Methods(Structure):
    """sqlite3_io_methods: what can be done with a file."""

    _fields_ = [("version", c_int)] + [
        (name, c_void_p)
        for name in (
            "close", "read", "write", "truncate", "sync", "size", "lock", "unlock", "reserved", "control", "sector",
            "device", "shm_map", "shm_lock", "shm_barrier", "shm_unmap", "fetch", "unfetch",
        )
    ]  # fmt: skip


class File(Structure):
    """sqlite3_file: where its methods are; what follows is the built-in VFS's own."""

    _fields_ = [("methods", POINTER(Methods))]


class Vfs(Structure):
    """sqlite3_vfs: how files are opened and deleted, and what else a system does."""

    _fields_ = [
        ("version", c_int), ("file_bytes", c_int), ("longest", c_int), ("next", c_void_p), ("name", c_char_p),
        ("own", c_void_p), ("open", c_void_p), ("delete", c_void_p),
    ] + [
        (name, c_void_p)
        for name in (
            "access", "full_path", "dl_open", "dl_error", "dl_sym", "dl_close", "randomness", "sleep", "time",
            "last_error", "time64", "set_call", "get_call", "next_call",
        )
    ]  # fmt: skip


OPENS = CFUNCTYPE(c_int, c_void_p, c_void_p, POINTER(File), c_int, POINTER(c_int))
DELETES = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int)
MOVES = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)  # reads and writes: file, buffer, bytes, offset
TRUNCATES = CFUNCTYPE(c_int, c_void_p, c_int64)
SYNCS = CFUNCTYPE(c_int, c_void_p, c_int)


class Act(NamedTuple):
    """One thing done to a file: where (offset, new size, or whether it also syncs the folder), and the bytes."""

    what: str
    file: str
    at: int = 0
    data: bytes = b""


@dataclass
class Fault:
    """After so many of these acts have passed, so many of the next ones fail."""

    after: int
    how: int
    times: int
    acts: tuple[str, ...]
    struck: int = 0

    def result(self, what: str) -> int:
        if what not in self.acts:
            return OK
        self.after -= 1
        if self.after >= 0 or self.struck >= self.times:
            return OK
        self.struck += 1
        if what == "open":
            return CANTOPEN
        return FULL if self.how == FULL and what == "write" else IOERR | PARTS[what] << 8


NO_FAULT = Fault(0, OK, 0, ())
_kept: list[Disk] = []  # SQLite may hold a file of it to the end


def library() -> ctypes.CDLL:
    """The SQLite that Python's driver is linked with. Skips the test where it cannot be reached from outside."""
    import _sqlite3

    try:
        found = ctypes.CDLL(getattr(_sqlite3, "__file__", None))
        found.sqlite3_vfs_find.restype = POINTER(Vfs)
    except (OSError, AttributeError):
        pytest.skip("SQLite is linked into this Python in such a way that no file system can be put below it")
    return found


class Disk:
    """What lies below every SQLite file opened while it is in place (`with Disk() as disk`), on any thread."""

    def __init__(self) -> None:
        self.log: list[Act] = []
        self.fault = NO_FAULT
        self._names: dict[int, str] = {}  # of open files, by where SQLite keeps them
        self._new: set[int] = set()  # journals whose first sync syncs their folder, too
        self._library = library()
        self._below = self._library.sqlite3_vfs_find(None)
        self._vfs = Vfs.from_buffer_copy(self._below.contents)
        self._vfs.name, self._vfs.next = b"failing", None
        self._callbacks: list[Any] = []
        self._methods: dict[int, Methods] = {}
        self._vfs.open = self._callback(OPENS, self._open)
        self._vfs.delete = self._callback(DELETES, self._delete)
        _kept.append(self)

    def __enter__(self) -> Self:
        self._library.sqlite3_vfs_register(ctypes.byref(self._vfs), 1)
        return self

    def __exit__(self, *_: object) -> None:
        self._library.sqlite3_vfs_unregister(ctypes.byref(self._vfs))
        self._library.sqlite3_vfs_register(self._below, 1)

    def mark(self, what: str) -> None:
        """Write into the log that something is done, as far as whoever asked for it knows."""
        self.log.append(Act("mark", what))

    @contextmanager
    def failing(self, after: int, how: int, times: int = 1 << 30, acts: tuple[str, ...] = CHANGES) -> Iterator[Fault]:
        """Let so many of these acts pass, and fail the next ones."""
        self.fault = Fault(after, how, times, acts)
        try:
            yield self.fault
        finally:
            self.fault = NO_FAULT

    # ── what SQLite calls ────────────────────────────────────────────────────────────────────────

    def _callback(self, kind: Any, function: Any) -> Any:
        made = kind(function)
        self._callbacks.append(made)
        return ctypes.cast(made, c_void_p)

    def _open(self, _vfs: int, name: int | None, file: Any, flags: int, out: Any) -> int:
        path = ctypes.string_at(name).decode() if name else ""
        makes = bool(path and flags & OPEN_CREATE and not Path(path).exists())
        if makes and (fails := self.fault.result("open")):
            file.contents.methods = None
            return fails
        result = OPENS(self._below.contents.open)(ctypes.addressof(self._below.contents), name, file, flags, out)
        if result == OK and path:
            at = ctypes.addressof(file.contents)
            self._names[at] = path
            self._new.discard(at)
            if flags & OPEN_CREATE and flags & (OPEN_MAIN_JOURNAL | OPEN_WAL):
                self._new.add(at)
            if makes:
                self.log.append(Act("open", path))
            file.contents.methods = ctypes.pointer(self._between(file.contents.methods))
        return int(result)

    def _delete(self, _vfs: int, name: int, sync: int) -> int:
        path = ctypes.string_at(name).decode()
        if Path(path).exists() and (fails := self.fault.result("delete")):
            return fails
        result = DELETES(self._below.contents.delete)(ctypes.addressof(self._below.contents), name, sync)
        if result == OK:
            self.log.append(Act("delete", path, sync))
        return int(result)

    def _between(self, below: Any) -> Methods:
        """The built-in methods with ours before those that read or change."""
        key = ctypes.addressof(below.contents)
        if key not in self._methods:
            own = Methods.from_buffer_copy(below.contents)
            read, write = MOVES(own.read), MOVES(own.write)
            truncate = TRUNCATES(own.truncate)

            def reads(file: int, buffer: int, size: int, at: int) -> int:
                return self.fault.result("read") or read(file, buffer, size, at)

            def writes(file: int, buffer: int, size: int, at: int) -> int:
                act = Act("write", self._names[file], at, ctypes.string_at(buffer, size))
                return self._done(act, self.fault.result("write") or write(file, buffer, size, at))

            def truncates(file: int, size: int) -> int:
                act = Act("truncate", self._names[file], size)
                return self._done(act, self.fault.result("truncate") or truncate(file, size))

            def syncs(file: int, _how: int) -> int:
                act = Act("sync", self._names[file], file in self._new)  # really to wait would teach us nothing
                result = self._done(act, self.fault.result("sync"))
                self._new -= {file} if result == OK else set()
                return result

            own.read, own.write = self._callback(MOVES, reads), self._callback(MOVES, writes)
            own.truncate, own.sync = self._callback(TRUNCATES, truncates), self._callback(SYNCS, syncs)
            self._methods[key] = own
        return self._methods[key]

    def _done(self, act: Act, result: int) -> int:
        if result == OK:
            self.log.append(act)
        return result
