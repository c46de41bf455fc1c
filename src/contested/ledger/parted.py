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
from contested.ledger.part import End, Found, check_part
from contested.ledger.tables import documents, entries

LARGE = 20_000  # entries: below, to start a process takes longer than to do it here
MOST = 4  # processes


class Part(NamedTuple):
    """Documents by their numbers, and who checks them."""

    first: End
    last: End
    process: subprocess.Popen[bytes]


@contextmanager
def parted(file: Home) -> Iterator[Parts]:
    """What is wrong with documents and all that is on them, found by other processes where there is much to check."""
    with file.reading() as connection:
        many = (connection.execute(select(func.max(entries.c.n))).scalar() or 0) > LARGE
        last: int = connection.execute(select(func.max(documents.c.n))).scalar() or 0
    several = min(os.cpu_count() or 1, MOST, last) if many else 1
    if several <= 1 or not isinstance(file, LedgerFile):
        yield check_part
        return
    ends = [last * each // several for each in range(1, several)]
    spans = zip([None, *(end + 1 for end in ends)], [*ends, None], strict=True)
    parts = [Part(*span, _start(file.path, *span)) for span in spans]
    try:
        yield lambda connection: _gathered(connection, parts)
    finally:
        for part in parts:
            part.process.kill()
            part.process.wait()


def _gathered(connection: Connection, parts: Sequence[Part]) -> Found:
    whole = Found()
    for part in parts:
        told, _ = part.process.communicate()
        if part.process.returncode:  # it could not be started, or was killed: do it here
            found = check_part(connection, part.first, part.last)
        else:
            found = msgspec.json.decode(told, type=Found)
        for field in Found.__struct_fields__:
            getattr(whole, field).extend(getattr(found, field))
    return whole


def _start(path: Path, *span: End) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", __name__, str(path), *("" if end is None else str(end) for end in span)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603


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
