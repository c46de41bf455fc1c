"""Checking the indexes of a large ledger in several processes, each of them a part of the documents.

python -m contested.ledger.parted FILE FIRST LAST     (prints what is wrong as JSON)
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from sqlalchemy import Connection, func, select

from contested.ledger.check import as_it_is
from contested.ledger.file import LedgerFile
from contested.ledger.home import Home
from contested.ledger.retraced import Finding, index_faults, judgement_faults
from contested.ledger.tables import documents, entries

LARGE = 20_000  # entries: below, to start a process takes longer than to do it here
MOST = 4  # processes
Findings = Callable[[Connection], Iterator[Finding]]


@contextmanager
def parted(file: Home) -> Iterator[Findings]:
    """What is wrong with the indexes, found by other processes meanwhile where there is much to check."""
    with file.reading() as connection:
        many = (connection.execute(select(func.max(entries.c.n))).scalar() or 0) > LARGE
        last: int = connection.execute(select(func.max(documents.c.n))).scalar() or 0
    several = min(os.cpu_count() or 1, MOST) if many else 1
    if several == 1 or not isinstance(file, LedgerFile):
        yield _all_faults
        return
    step = -(-last // several)
    processes = [_start(file.path, first, first + step - 1) for first in range(1, last + 1, step)]
    try:
        yield lambda connection: _gathered(connection, processes)
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _all_faults(connection: Connection) -> Iterator[Finding]:
    yield from index_faults(connection)
    yield from judgement_faults(connection)


def _gathered(connection: Connection, processes: list[subprocess.Popen[bytes]]) -> Iterator[Finding]:
    yield from judgement_faults(connection)
    for process in processes:
        told, _ = process.communicate()
        if process.returncode:  # it could not be started, or was killed: do it here
            yield from index_faults(connection)
            return
        yield from msgspec.json.decode(told, type=list[Finding])


def _start(path: Path, first: int, last: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", __name__, str(path), str(first), str(last)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603


def main() -> None:
    path, first, last = sys.argv[1:]
    file = LedgerFile(Path(path))
    with file.reading() as connection, as_it_is(connection):
        found = list(index_faults(connection, int(first), int(last)))
    sys.stdout.buffer.write(msgspec.json.encode(found))
    file.close()


if __name__ == "__main__":
    main()
