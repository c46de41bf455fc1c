"""Places where nothing can be written, for real: a small or read-only file system, and folders without the right to.

Where the system does not let us make one, the test is skipped, and says so.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PAGE = 4096  # what a small disk gives at a time


@contextmanager
def small_disk(folder: Path, size: str = "2m") -> Iterator[Path]:
    """A file system of its own in a folder, of so many bytes."""
    folder.mkdir(exist_ok=True)
    _mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@contextmanager
def read_only_disk(folder: Path) -> Iterator[None]:
    """The file system of `small_disk`, as it is when nothing can be written to it."""
    _mount("-o", "remount,ro", str(folder))
    try:
        yield
    finally:
        _mount("-o", "remount,rw", str(folder))


@contextmanager
def full_disk(folder: Path, left: int = 0) -> Iterator[None]:
    """The file system of `small_disk` with so many free pages."""
    filling = folder / "filling"
    with filling.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(PAGE)):
                pass
        except OSError:
            file.truncate(max(0, file.tell() - left * PAGE))
    try:
        yield
    finally:
        filling.unlink()


@contextmanager
def without_rights(folder: Path, *files: Path) -> Iterator[None]:
    """A folder, and the files, that may not be written, nor by the system's own user."""
    before = {path: path.stat().st_mode for path in (folder, *files)}
    for path, mode in before.items():
        path.chmod(mode & ~0o222)
    try:
        with _plain_user():
            yield
    finally:
        for path, mode in before.items():
            path.chmod(mode)


@contextmanager
def _plain_user() -> Iterator[None]:
    """Without what lets root pass over permissions (on Linux, the effective capabilities of this thread)."""
    if os.name != "posix" or (os.geteuid() == 0 and sys.platform != "linux"):
        pytest.skip("permissions do not bind here")
    if os.geteuid() != 0:
        yield
        return
    libc = ctypes.CDLL(None)
    header, held = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()  # version 3, this thread
    libc.capget(header, held)
    none = (ctypes.c_uint32 * 6)(0, *held[1:3], 0, *held[4:6])
    if libc.capset(header, none):
        pytest.skip("rights cannot be laid down here")
    try:
        yield
    finally:
        libc.capset(header, held)


def _mount(*arguments: str) -> None:
    try:
        done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount here")
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
