"""What every command shares: which workspace, how loud, where results go."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from contested.errors import UsageError

if TYPE_CHECKING:
    from contested.model import Problem
    from contested.workspace import Workspace

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True)
class Session:
    """The global options of one run."""

    folder: str
    quiet: bool = False
    verbose: bool = False

    def open(self) -> Workspace:
        from contested.workspace import open_workspace

        return open_workspace(self.folder)

    def tell(self, message: str) -> None:
        """Say something that is no result: on stderr, and not at all under --quiet."""
        if message and not self.quiet:
            click.echo(message, err=True)

    def warn(self, problems: Iterable[Problem]) -> None:
        """Name defects on stderr, loud or quiet."""
        from contested.write.table import printable

        for problem in problems:
            click.echo(f"contested: problem: {printable(str(problem))}", err=True)


session = click.make_pass_decorator(Session)


def output_options(*forms: str) -> Callable[[Command], Command]:
    """Flags for the forms a command can write (`form` is None, or one of them), and -o FILE (`output`)."""

    def add(command: Command) -> Command:
        for form in reversed(forms):
            command = click.option(f"--{form}", "form", flag_value=form, help=f"Write {_FORMS[form]}.")(command)
        return click.option(
            "-o", "output", metavar="FILE", default="-", help="Write to a file; its suffix may name the form."
        )(command)

    return add


def analyst_option(told: str) -> Callable[[Command], Command]:
    """--analyst NAME: who speaks; by default CONTESTED_ANALYST, or else the user."""
    return click.option(
        "--analyst", envvar="CONTESTED_ANALYST", metavar="NAME", callback=_speaker, help=f"{told} Default: you."
    )


def _speaker(_context: click.Context, _param: click.Parameter, value: str | None) -> str:
    from contested.workspace.folder import speaker

    return speaker(value)


def form_of(form: str | None, output: str, forms: Sequence[str]) -> str:
    """The form asked for by flag, or by the suffix of the file written to, or the table; raises UsageError."""
    suffix = Path(output).suffix.lstrip(".")
    if form is None and suffix not in (*forms, "", "txt"):
        endings = ", ".join(f".{each}" for each in (*forms, "txt"))
        raise UsageError(f"{output}: nothing is written as .{suffix}. Let the name end in {endings}, or choose a form")
    return form or (suffix if suffix in forms else "table")


def show(text: str, output: str = "-") -> None:
    """Write a result to stdout or to a file."""
    if output == "-":
        click.echo(text, nl=not text.endswith("\n") and bool(text))
        return
    try:
        Path(output).write_text(text if text.endswith("\n") else text + "\n", encoding="utf-8")
    except OSError as fault:
        raise _unwritable(output, fault) from None


def pour(lines: Iterable[str], output: str = "-") -> None:
    """Write a result line by line, as it is found. A file is there whole, or as it was before."""
    if output == "-":
        for line in lines:
            click.echo(line)
        return
    whole = Path(output).resolve()
    part = whole.with_name(f"{whole.name}.part") if whole.is_file() or not whole.exists() else whole
    try:
        with part.open("w", encoding="utf-8") as out:
            for line in lines:
                out.write(f"{line}\n")
        if part != whole:
            part.replace(whole)
    except OSError as fault:
        raise _unwritable(output, fault) from None
    finally:
        if part != whole:
            part.unlink(missing_ok=True)


def _unwritable(output: str, fault: OSError) -> UsageError:
    return UsageError(f"{output} cannot be written: {fault.strerror}. Name a file in a folder you may write to")


def count(number: int, noun: str) -> str:
    """A number of things: "1 document", "2 documents"."""
    return f"{number} {noun}" + ("" if number == 1 else "s")


def compact(value: Any) -> str:
    """One JSON value on one line."""
    return json.dumps(value, ensure_ascii=False)


def on_screen(output: str = "-") -> bool:
    """Whether a result is read as it comes."""
    return output == "-" and sys.stdout.isatty()


def width(output: str = "-") -> int:
    """Terminal cells to lay a table out in; 0, for uncut, where it goes to a file or a pipe."""
    return shutil.get_terminal_size().columns if on_screen(output) else 0


_FORMS = {
    "json": "one JSON object",
    "jsonl": "a JSON object a line",
    "csv": "CSV",
    "geojson": "GeoJSON",
}
