"""What a power cut leaves of a custody line: its beginning, or all but the sectors that never came, which are zeros."""

from __future__ import annotations

import re

import msgspec

SECTOR = 512  # bytes; what a disk writes at once is a whole number of these
_HEAD = b'{"sha256":"'
_DIGEST = slice(len(_HEAD), len(_HEAD) + 64)


def torn(line: bytes, at: int) -> str | None:
    """The digest that a torn line begins with, "" where that is lost, None where no power cut leaves such a line.

    `at` is where in its file the line begins, in bytes.
    """
    line = line.rstrip(b"\n")
    if not (_has_gaps(line, at) if b"\0" in line else _is_beginning(line)):
        return None
    head = line[: _DIGEST.stop]
    fits = (byte in (0, *(_HEAD[n : n + 1] or b"0123456789abcdef")) for n, byte in enumerate(head))
    if not all(fits):
        return None
    return head[_DIGEST].decode() if len(head) == _DIGEST.stop and 0 not in head else ""


def _has_gaps(line: bytes, at: int) -> bool:
    """Whether all its zeros may be sectors that never came: each run ends with a sector, or with the line."""
    ends = (gap.end() for gap in re.finditer(rb"\0+", line))
    return all(end == len(line) or (at + end) % SECTOR == 0 for end in ends)


def _is_beginning(line: bytes) -> bool:
    """Whether it only lacks an end."""
    try:
        msgspec.json.decode(line)
    except msgspec.DecodeError as fault:
        return "truncated" in str(fault)
    except UnicodeDecodeError:
        return False
    return False
