"""The times that texts name, as JSON lines: dates."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click
import msgspec

from contested.cli.adding import UNREADABLE
from contested.cli.lines import LONGEST, numbered
from contested.cli.session import Session, session

if TYPE_CHECKING:
    from contested.model import Problem


class Text(msgspec.Struct):
    """One line that comes in; what else it holds is passed over."""

    text: str
    published: dt.date | None = None
    id: Any = msgspec.UNSET


class Span(msgspec.Struct):
    """One time of a text, text[start:end] in code points. `until` is the day after the last."""

    start: int
    end: int
    text: str
    type: str
    value: str | None
    mod: str | None
    since: dt.date | None
    until: dt.date | None
    precision: str
    edtf: str | None


class Times(msgspec.Struct):
    """One line that goes out."""

    spans: list[Span]
    id: Any = msgspec.UNSET


@click.command()
@click.argument("file", metavar="FILE|-")
@click.option("--narrative/--news", "narrative", default=None, help="How the texts tell; else each decides for itself.")
@session
def dates(here: Session, file: str, narrative: bool | None) -> int:
    """Show the times that texts name, with their days.

    FILE holds JSON lines {"text": …, "published": "2021-08-08", "id": …}; for each a line {"spans": […], "id": …} goes
    out. A line that cannot be read is named, and the others are read.
    """
    broken = False
    try:
        with nullcontext(sys.stdin.buffer) if file == "-" else Path(file).open("rb") as opened:
            for found in _lines(opened, file):
                if isinstance(found, Text):
                    click.echo(msgspec.json.encode(_times(found, narrative)))
                else:
                    here.warn([found])
                    broken = True
    except OSError as fault:
        from contested.model import Problem

        here.warn([Problem(file, f"it cannot be read ({fault.strerror or fault})", "Check the name and the rights")])
        broken = True
    return UNREADABLE if broken else 0


def _lines(opened: IO[bytes], file: str) -> Iterator[Text | Problem]:
    """Each line that is not empty, or what is wrong with it."""
    from contested.model import Problem

    for number, line in numbered(opened):
        place = f"line {number}"
        if line is None:
            yield Problem(file, f"it is longer than {LONGEST / 1e6:.0f} MB", "Split the text", place)
            continue
        try:
            yield msgspec.json.decode(line, type=Text)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
            remedy = 'Write one object a line: {"text": …, "published": "YYYY-MM-DD"}'
            yield Problem(file, f"it is no text ({fault})", remedy, place)


def _times(given: Text, narrative: bool | None) -> Times:
    from contested.model import Period
    from contested.text.dating import find_timexes
    from contested.write.edtf import edtf

    spans = []
    for one in find_timexes(given.text, given.published, narrative=narrative):
        time = one.timex
        period = time.period or Period()
        words = given.text[one.start : one.end]
        spans.append(Span(one.start, one.end, words, time.type, time.value or None, time.mod or None, period.since,
                          period.until, period.precision, edtf(period) or None))  # fmt: skip
    return Times(spans, given.id)
