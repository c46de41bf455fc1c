"""Checking a large ledger in several processes, each of them a part of the documents and all that is on them.

python -m contested.ledger.parted FILE FIRST LAST     (prints what is wrong as JSON; "" for no end)
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, func, select

from contested.ledger.check import Parts
from contested.ledger.file import LedgerFile
from contested.ledger.home import Home
from contested.ledger.moments import last_by
from contested.ledger.part import End, Found, check_part
from contested.ledger.tables import documents

LARGE = 20_000  # entries: below, to start a process takes longer than to do it here
MOST = 4  # processes


class Part(NamedTuple):
    """Documents by their numbers, and who checks them."""

    first: End
    last: End
    process: subprocess.Popen[bytes] | None  # none could be started


@contextmanager
def in_parts(file: Home) -> Iterator[Parts]:
    """What is wrong with documents and all that is on them, found by other processes where there is much to check."""
    with file.reading() as connection:
        many = last_by(connection, None) > LARGE
        last: int = connection.execute(select(func.max(documents.c.n))).scalar() or 0
    several = min(os.cpu_count() or 1, MOST, last) if many else 1
    if several <= 1 or not isinstance(file, LedgerFile):
        yield check_part
        return
    ends = [last * each // several for each in range(1, several)]
    spans = zip([None, *(end + 1 for end in ends)], [*ends, None], strict=True)
    parts: list[Part] = []
    try:
        parts.extend(Part(*span, _start(file.path, *span)) for span in spans)
        yield lambda connection: _gathered(connection, parts)
    finally:
        for process in filter(None, (part.process for part in parts)):
            with process:  # which then is waited for, and its pipe closed
                process.kill()


def _gathered(connection: Connection, parts: Sequence[Part]) -> Found:
    whole = Found()
    for part in parts:
        found = _told(part.process) or check_part(connection, part.first, part.last)
        for field in Found.__struct_fields__:
            getattr(whole, field).extend(getattr(found, field))
    return whole


def _told(process: subprocess.Popen[bytes] | None) -> Found | None:
    """What a process found; None where it never ran, was killed, or says something else: then it is done here."""
    if process is None:
        return None
    told, _ = process.communicate()
    try:
        return None if process.returncode else msgspec.json.decode(told, type=Found)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _start(path: Path, *span: End) -> subprocess.Popen[bytes] | None:
    # -P: no module is looked for in the current folder, which may be what somebody handed over to be checked
    command = [sys.executable, "-P", "-m", __name__, str(path), *("" if end is None else str(end) for end in span)]
    try:
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603
    except OSError:
        return None


def main() -> None:
    path, *span = sys.argv[1:]
    gc.disable()  # nothing here goes in circles, and to look for that takes a third of the time
    file = LedgerFile(Path(path))
    with file.reading() as connection:  # where it holds what is no UTF-8 this ends, and is done over by who asked
        found = check_part(connection, *(int(end) if end else None for end in span))
    sys.stdout.buffer.write(msgspec.json.encode(found))
    file.close()


if __name__ == "__main__":
    main()
