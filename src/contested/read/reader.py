"""What a reader is, and what it finds."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from contested.model import Dating, Problem


@dataclass(frozen=True)
class Report:
    """One report as a reader found it in a file: its text, and what the file itself says of it."""

    text: str
    source: str = ""
    published: dt.date | None = None
    dating: Dating = "unknown"
    title: str = ""
    authors: tuple[str, ...] = ()
    url: str = ""
    language: str = ""


@dataclass(frozen=True)
class Reader:
    """One format: the suffixes its files bear, the most bytes it reads, whether it takes a file, and how it reads it.

    `takes` sees the bytes and the file's name. `read` yields what it found in the file's order, and problems as values;
    a new version of it makes new documents.
    """

    name: str
    version: int
    suffixes: tuple[str, ...]
    limit: int
    takes: Callable[[bytes, str], bool]
    read: Callable[[bytes, str], Iterable[Report | Problem]]

    @property
    def signature(self) -> str:
        return f"{self.name}@{self.version}"
