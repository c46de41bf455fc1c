"""Originals taken out of the archive: their bytes go, and a line of custody says when, by whom and why."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from contested.errors import LedgerError
from contested.model import Problem
from contested.read.archive import Archive, Custody, _settle, _tool, _written

_CAME_FROM = re.compile(rb'"came_from":\s*"((?:[^"\\]|\\.)*)"')


class Leave(NamedTuple):
    """Why an original goes: which documents it held, the reason, and by whom."""

    documents: tuple[str, ...]
    reason: str
    by: str


def declare(archive: Archive, originals: Mapping[str, Leave]) -> None:
    """Write down that originals are taken out; what is written already is not repeated.

    The line comes before the act, so that an act cut short can be finished: see `sweep`.
    """
    last = _last(archive)
    now = dt.datetime.now(dt.UTC)
    for digest, (documents, reason, by) in sorted(originals.items()):
        if digest in last and last[digest].removed_at is None:
            told = replace(last[digest], came_from="", tool=_tool(), by=_written(by))
            archive.append(replace(told, removed_at=now, reason=_written(reason), documents=documents))


def sweep(archive: Archive, rested_on: Collection[str]) -> list[str]:
    """Delete the originals written down as taken out, but those documents rest on; answers which there were.

    Where they came from goes as well: the name of a file may say as much as its words. LedgerError where the folder
    cannot be written.
    """
    gone = taken_out(archive) - frozenset(rested_on)
    deleted = []
    try:
        for digest in sorted(gone):
            place = archive.place(digest)
            if place.exists():
                deleted.append(digest)
                place.unlink()
                _settle(place.parent)
            for aside in place.parent.glob(f".{digest}*"):
                aside.unlink(missing_ok=True)
        _blank(archive, gone)
    except OSError as fault:
        raise LedgerError(
            f"{archive.folder} cannot be written ({fault.strerror}). Check rights, run it again"
        ) from fault
    return deleted


def taken_out(archive: Archive) -> frozenset[str]:
    """The originals written down as taken out."""
    return frozenset(digest for digest, each in _last(archive).items() if each.removed_at)


def _last(archive: Archive) -> dict[str, Custody]:
    """The last word on each original."""
    problems: list[Problem] = []
    return {record.sha256: record for _, record in archive.lines(problems)}


def _blank(archive: Archive, digests: Collection[str]) -> None:
    """Write blanks over where these came from: in place, so that a line somebody adds meanwhile is not lost."""
    if not digests:
        return
    with archive.custody.open("r+b") as file:
        for start, end in _spans(file.read(), digests):
            file.seek(start)
            file.write(b" " * (end - start))
        file.flush()
        os.fsync(file.fileno())


def _spans(lines: bytes, digests: Collection[str]) -> Iterator[tuple[int, int]]:
    at = 0
    for line in lines.splitlines(keepends=True):
        found = _CAME_FROM.search(line)
        if found and found[1].strip() and any(each.encode() in line for each in digests):
            yield at + found.start(1), at + found.end(1)
        at += len(line)
