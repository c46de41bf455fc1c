"""Files in, documents out: one module, one format. Others offer theirs by the entry point `contested.readers`.

A file that cannot be read is a Problem, never an exception: the batch goes on.
"""

from __future__ import annotations

import datetime as dt
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b, sha256
from importlib.metadata import entry_points
from pathlib import Path
from urllib.parse import urlsplit

from contested.model import Document, Problem
from contested.read import html, plain
from contested.read.characters import line, what_it_is
from contested.read.reader import Reader, Report

__all__ = ["Reader", "Reading", "Report", "files", "read", "readers"]


@dataclass(frozen=True)
class Reading:
    """What came of one file: its documents, its defects, its bytes as received and their sha256."""

    documents: tuple[Document, ...] = ()
    problems: tuple[Problem, ...] = ()
    original: bytes = b""
    sha256: str = ""


@cache
def readers() -> tuple[Reader, ...]:
    """Every format that can be read; the first that takes a file reads it."""
    theirs = tuple(point.load() for point in entry_points(group="contested.readers"))
    return (*theirs, html.READER, plain.READER)


def files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files meant by these paths, each once: a folder means all it holds, in sorted order, but for hidden ones.

    Folders that are links inside a folder are not entered. What is missing, and a folder that holds nothing, are
    passed on as they are, for `read` to name.
    """
    seen: set[Path] = set()
    for path in paths:
        for file in _within(path) if path.is_dir() else (path,):
            if file not in seen:
                seen.add(file)
                yield file


def _within(folder: Path) -> Iterator[Path]:
    empty = True
    unopened: list[Path] = []
    for where, folders, names in os.walk(folder, onerror=lambda fault: unopened.append(Path(fault.filename))):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(name for name in names if not name.startswith(".")):
            empty = False
            yield Path(where, name)
    yield from unopened
    if empty and not unopened:
        yield folder


def read(path: Path, *, source: str = "", published: dt.date | None = None) -> Reading:
    """Read one file. What the caller gives goes before what the file says of itself.

    The source is the one given, else the header's or the site's name, else the host of its address, else the name of
    the file without its suffix.
    """
    name = os.fsencode(path).decode("utf-8", "replace")
    known = readers()
    data = _bytes(path, name, max(reader.limit for reader in known))
    if isinstance(data, Problem):
        return Reading(problems=(data,))
    digest = sha256(data).hexdigest()
    documents: list[Document] = []
    problems: list[Problem] = []
    reader: Reader | None = None
    try:  # a reader may be anybody's, and must not take the batch down
        for reader in known:
            if reader.takes(data, name):
                break
        else:
            reader = None
        if problem := _refused(data, name, reader):
            return Reading((), (problem,), data, digest)
        assert reader
        for found in reader.read(data, name):
            if isinstance(found, Problem):
                problems.append(found)
            else:
                identity = _identity(digest, reader, len(documents))
                documents.append(_document(found, identity, digest, name, source, published))
    except Exception as fault:
        problems.append(_defect(name, reader, fault))
    return Reading(tuple(documents), tuple(problems), data, digest)


def _bytes(path: Path, name: str, limit: int) -> bytes | Problem:
    """The bytes of a file, never more than the limit."""
    try:
        about = path.stat()
        if stat.S_ISDIR(about.st_mode):
            next(path.iterdir(), None)
            return Problem(name, "this folder holds nothing to read", "Name a file, or a folder with reports in it")
        if not stat.S_ISREG(about.st_mode):
            return Problem(name, "this is no ordinary file", "Copy what it holds into a file")
        if about.st_size <= limit:
            with path.open("rb") as file:
                data = file.read(limit + 1)
            if len(data) <= limit:
                return data
        return _too_large(name, max(about.st_size, limit + 1), limit)
    except FileNotFoundError:
        return Problem(name, "there is no such file", "Check the name")
    except PermissionError:
        return Problem(name, "it may not be read", "Give yourself leave to read it, or run as who may")
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or str(fault)
        return Problem(name, f"it cannot be read ({reason})", "Check the name and the disk")


def _refused(data: bytes, name: str, reader: Reader | None) -> Problem | None:
    """Why a file is not read at all, if so."""
    if not data.strip():
        return Problem(name, "it is empty", "Add a file that holds a report")
    if reader is None:
        what = what_it_is(data) or f"of a kind unknown here ({Path(name).suffix})"
        return Problem(name, f"this is {what}; this version reads text and HTML", "Save its text as a .txt file")
    return _too_large(name, len(data), reader.limit) if len(data) > reader.limit else None


def _defect(name: str, reader: Reader | None, fault: Exception) -> Problem:
    reason = f"the reader {reader.signature if reader else ''} broke on it ({type(fault).__name__}: {fault})"
    return Problem(name, reason, "Save its text as a .txt file, and tell whoever made the reader")


def _too_large(name: str, size: int, limit: int) -> Problem:
    reason = f"it is too large for a report ({size / 1e6:.1f} MB; the most read is {limit / 1e6:.0f} MB)"
    return Problem(name, reason, "Split it into one file a report")


def _identity(original: str, reader: Reader, position: int) -> str:
    """A document's id: the same bytes read by the same reader are the same documents, whatever the file is called."""
    return blake2b(f"{original} {reader.signature} {position}".encode(), digest_size=16).hexdigest()


def _document(
    found: Report, identity: str, original: str, name: str, source: str, published: dt.date | None
) -> Document:
    return Document(
        id=identity,
        source=line(source) or found.source or _host(found.url) or Path(name).stem,
        text=found.text,
        original=original,
        published=published or found.published,
        dating="given" if published else found.dating,
        title=found.title,
        authors=found.authors,
        url=found.url,
        language=found.language,
        file=name,
    )


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
