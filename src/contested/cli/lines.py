"""JSON lines in: the lines of a file that are not empty, one too long to be read told from the others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

LONGEST = 5_000_000  # bytes of one line


def numbered(opened: IO[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """(number, line) of each line that is not empty; None for one of more than LONGEST bytes, which is passed over."""
    number = 0
    while line := opened.readline(LONGEST + 1):
        number += 1
        if len(line) > LONGEST:
            while line and not line.endswith(b"\n"):
                line = opened.readline(LONGEST)
            yield number, None
        elif line.strip():
            yield number, line
