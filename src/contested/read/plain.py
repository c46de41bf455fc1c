"""Plain text, with or without a header of its own.

    source: The Example Courier
    published: 2021-08-08
    title: Two capitals in a day
    authors: one name; another name
    url: https://example.org/two-capitals

    The text.

The header stands at the very top, bare as here or between lines of ---. Whoever wrote it gave the date knowingly, so
it counts as given. A line the header knows nothing of stays in the text: nothing is lost.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath

from contested.model import Problem
from contested.read.characters import decode, line, what_it_is
from contested.read.reader import Reader, Report

MEGABYTE = 1_000_000
HEADER_LINES = 40
EARLIEST = 1800  # the year before which no report was published

_PAIR = re.compile(r"([A-Za-z][\w-]*):(?:[ \t]+(.*))?")
_FENCE = re.compile(r"---[ \t]*")


@dataclass
class Header:
    """What the header says, the lines of it that were not understood, and the defects met."""

    said: dict[str, str] = field(default_factory=dict)
    published: dt.date | None = None
    left: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def take(self, text: str, file: str, number: int) -> None:
        """One line of the header: understood, or left."""
        pair = _PAIR.fullmatch(text.rstrip())
        key, value = (pair[1].lower(), _bare(pair[2] or "")) if pair else ("", "")
        if key in KEYS and key not in self.said and value and self._fits(key, value, file, number):
            self.said[key] = value
        elif text.strip():
            self.left.append(text)

    def _fits(self, key: str, value: str, file: str, number: int) -> bool:
        """Whether a value can be what its key wants."""
        if key == "published":
            said = iso_day(value)
            self.published = said if said and may_be(said) else None
            if not self.published:
                remedy = "Write it as year-month-day, as in 2021-08-08; the report was read without it"
                fault = Problem(
                    file, f"published: {line(value, 80)!r} is no day{_beyond(said)}", remedy, f"line {number}"
                )
                self.problems.append(fault)
            return self.published is not None
        return key != "url" or is_web(value)


KEYS = ("source", "published", "url", "title", "authors")


def part(text: str, file: str) -> tuple[Header, str]:
    """The header at the top of a text, and the text without what was understood of it."""
    lines = text.split("\n")
    first, last = _extent(lines)
    header = Header()
    for number in range(first, last):
        header.take(lines[number], file, number + 1)
    if not header.said and not header.problems:
        return header, text
    rest = lines[last + (first == 1) :]
    if header.left and rest and rest[0].strip():
        rest = ["", *rest]
    return header, "\n".join([*header.left, *rest])


def _extent(lines: list[str]) -> tuple[int, int]:
    """First and last line (closed-open, without fences) of the header; nothing if there is none."""
    if _FENCE.fullmatch(lines[0]):
        closing = (n for n in range(1, min(len(lines), HEADER_LINES)) if _FENCE.fullmatch(lines[n]))
        return 1, next(closing, 1)
    opening = _PAIR.fullmatch(lines[0].rstrip())
    if not opening or opening[1].lower() not in KEYS:
        return 0, 0
    last = 0
    while last < min(len(lines), HEADER_LINES) and _PAIR.fullmatch(lines[last].rstrip()):
        last += 1
    return 0, last


def iso_day(text: str) -> dt.date | None:
    """The day of a date or moment in ISO 8601, as written there; None for anything else."""
    try:
        return dt.datetime.fromisoformat(text).date() if re.match(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None


def may_be(published: dt.date) -> bool:
    """Whether a report can have been published on a day: not before newspapers, nor more than a year from now."""
    return dt.date(EARLIEST, 1, 1) <= published <= dt.datetime.now(dt.UTC).date() + dt.timedelta(days=366)


def _beyond(day: dt.date | None) -> str:
    return " a report can have been published on" if day else ""


def is_web(url: str) -> bool:
    """Whether it is an address on the web, and nothing that runs."""
    return re.fullmatch(r"https?://[^\s\"'<>]+", url, re.IGNORECASE) is not None


def _bare(value: str) -> str:
    value = value.strip()
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1].strip() if quoted else value


def names(text: str) -> tuple[str, ...]:
    """Names written in a row: parted by semicolons where there are any, else by commas."""
    parts = text.split(";" if ";" in text else ",")
    return tuple(name for each in parts if (name := line(each, 100)))


def read(data: bytes, file: str) -> Iterator[Report | Problem]:
    """One report, or what is wrong with the file."""
    if what := what_it_is(data):
        yield Problem(file, f"this is {what}; this version reads text and HTML", "Save its text as a .txt file")
        return
    text = decode(data, file)
    if isinstance(text, Problem):
        yield text
        return
    header, body = part(text, file)
    yield from header.problems
    body = body.strip("\n").rstrip()
    if not body.strip():
        yield Problem(file, "it has no text" if header.said else "it is empty", "Add a file that holds a report")
        return
    yield Report(
        text=body,
        source=line(header.said.get("source", "")),
        published=header.published,
        dating="given" if header.published else "unknown",
        title=line(header.said.get("title", "")),
        authors=names(header.said.get("authors", "")),
        url=header.said.get("url", ""),
    )


def takes(_data: bytes, name: str) -> bool:
    return PurePath(name).suffix.lower() in READER.suffixes


READER = Reader("plain", 1, (".txt", ".text", ".md", ".markdown", ""), 5 * MEGABYTE, takes, read)
