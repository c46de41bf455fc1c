"""The head of the record, to be noted elsewhere or stamped by an authority: head, stamps."""

from __future__ import annotations

import datetime as dt
from importlib.metadata import version
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import click

from contested.cli.checking import ROOT
from contested.cli.looking import objects
from contested.cli.session import Session, compact, form_of, output_options, session, show, width
from contested.errors import UsageError

if TYPE_CHECKING:
    from contested.workspace.chain import Head

ASTRAY = 3


@click.command()
@click.option("--stamp", is_flag=True, help="Have an authority stamp it with the time; only a hash of it leaves.")
@click.option("--tsa", default="", metavar="URL", help="The authority: a server that speaks RFC 3161.")
@click.option("--tsa-root", "roots", metavar="FILE", type=click.Path(path_type=Path), help=ROOT)
@output_options("json")
@session
def head(here: Session, stamp: bool, tsa: str, roots: Path | None, form: str | None, output: str) -> None:
    """Print the head of the record, which vouches for all of it.

    Noted elsewhere, it proves later what was on record now. With -o FILE it writes a note to file away.
    """
    from contested.workspace.chain import end, facts
    from contested.workspace.folder import called
    from contested.write.table import printable

    form = form_of(form, output, ("json",))
    if stamp != bool(tsa) or (roots and not stamp):
        raise UsageError("a stamp is asked for with --stamp --tsa URL; nobody is asked who is not named")
    if Path(output).is_file():  # an earlier head is what proves that nothing was changed since
        raise UsageError(f"{output} is there already, and nothing is overwritten. Choose another name")
    with here.open() as workspace:
        last, name = end(workspace.ledger), printable(called(workspace.folder))
        if form == "json":
            show(compact(facts(last, name)), output)
        else:
            show(last.head if output == "-" else _note(last, name, here.folder), output)
        if stamp:
            from contested.workspace.stamps import stamp as ask

            given = ask(workspace, tsa, roots, last)
            here.tell(f"stamped {_second(given.stamped_at)} by {given.tsa}; the stamp is kept in stamps/")


@click.command()
@output_options("json", "jsonl")
@session
def stamps(here: Session, form: str | None, output: str) -> int:
    """List the stamps that authorities gave on heads of the record.

    `contested verify` checks them.
    """
    from contested.workspace.stamps import kept
    from contested.write.plain import plain
    from contested.write.table import lay_out

    form = form_of(form, output, ("json", "jsonl"))
    with here.open() as workspace:
        found, problems = kept(workspace)
    if form == "table":
        rows = [[_second(each.stamped_at), each.head, str(each.entries), each.tsa, each.serial] for each in found]
        heads = ("stamped at", "head", "entries", "authority", "number")
        show(lay_out(heads, rows, width(output)) if rows else "", output)
    else:
        show(objects(form, "stamps", [plain(each) for each in found]), output)
    here.warn(problems)
    if not found:
        here.tell("no stamps yet. See: contested head --help")
    return ASTRAY if problems else 0


def _note(last: Head, workspace: str, folder: str) -> str:
    """A page to file away: what it is, the hash, and how to check it from where it was made."""
    from contested.write.table import printable

    at = "" if Path(folder) == Path() else f" -C {quote(printable(folder))}"
    now, recorded = _second(dt.datetime.now(dt.UTC)), _second(last.recorded_at) if last.recorded_at else "never"
    return f"""\
HEAD OF A RECORD

{last.head}

workspace        {workspace}
entries          {last.entries}, the last recorded {recorded}
noted            {now}, by contested {version("contested")}

The head is the hash (sha256) of the last entry of a record kept by the program contested. Each entry's hash covers the
one before it, so this one stands for all {last.entries}: whoever changes, drops or slips in one of them cannot
arrive at this head again. Keep this note where those who keep the record cannot reach it.

To check that the record still holds what it held when this was noted:

    contested{at} verify --head {last.head}

filed by         ______________________________

on               ______________________________
"""


def _second(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S} UTC"
