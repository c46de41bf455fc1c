"""Where reports' toponyms are: resolve."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator
from contextlib import closing, nullcontext
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from contested.cli.adding import UNREADABLE
from contested.cli.lines import LONGEST, numbered
from contested.cli.session import Session, session
from contested.errors import UsageError

if TYPE_CHECKING:
    from contested.register import Register
    from contested.register.marked import Marked

MOST_SPANS = 5_000  # toponyms of one report


@click.command()
@click.argument("file", metavar="FILE|-")
@click.option("--alone", is_flag=True, help="Answer line by line; learn nothing from a publisher's other reports.")
@session
def resolve(here: Session, file: str, alone: bool) -> int:
    """Say where the toponyms of reports are.

    A line is a JSON object with `text`, `spans` [{start, end}] and, if known, `source` (the publisher's name or
    address); a line comes out for each, with the spans resolved. In a workspace its packs and its home are used.
    """
    from msgspec import json

    from contested.register import toponyms

    register, home = _register(here)
    with _opened(file) as lines:
        reports = _Reports(here, file, lines)
        for spans in toponyms.resolve(register, reports, together=not alone, home=home):
            answer = {"line": reports.numbers.popleft(), "spans": spans}
            click.echo(json.encode(answer).decode())
    return UNREADABLE if reports.bad else 0


def _register(here: Session) -> tuple[Register, str]:
    """The register, and the home country of the workspace if there is one."""
    from contested.register import open_register
    from contested.workspace import CONFIG

    if not (Path(here.folder) / CONFIG).is_file():
        return open_register(), ""
    with here.open() as workspace:
        here.warn(workspace.register.problems)
        return workspace.register, workspace.home


def _opened(file: str) -> closing[IO[bytes]] | nullcontext[IO[bytes]]:
    if file == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return closing(Path(file).open("rb"))
    except OSError as fault:
        raise UsageError(
            f"{file} cannot be read: {fault.strerror}. Name a file of JSON lines, or - for stdin"
        ) from None


class _Reports:
    """The good lines of a file as reports; the bad ones are named and counted, and the rest goes on."""

    def __init__(self, here: Session, file: str, lines: IO[bytes]) -> None:
        self._here, self._file, self._lines = here, file, lines
        self.numbers: deque[int] = deque()  # of the good lines not yet answered
        self.bad = 0

    def __iter__(self) -> Iterator[Marked]:
        from contested.model import Problem

        for number, line in numbered(self._lines):
            report = _report(line) if line is not None else f"it is too long (more than {LONGEST / 1e6:.0f} MB)"
            if isinstance(report, str):
                self.bad += 1
                remedy = 'Write {"text": "…", "spans": [{"start": 0, "end": 5}]} on one line'
                self._here.warn([Problem(self._file, report, remedy, str(number))])
            else:
                self.numbers.append(number)
                yield report


def _report(line: bytes) -> Marked | str:
    """The report in a line, or what is wrong with it."""
    import msgspec

    from contested.register.marked import Marked

    try:
        report = msgspec.json.decode(line, type=Marked)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        return f"it is no report: {fault}"
    if len(report.spans) > MOST_SPANS:
        return f"it has {len(report.spans):,} spans; at most {MOST_SPANS:,} are read"
    size = len(report.text)
    wrong = next((span for span in report.spans if not 0 <= span.start < span.end <= size), None)
    return f"the span {wrong.start}–{wrong.end} is not within its text of {size} characters" if wrong else report
