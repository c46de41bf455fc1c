"""Reports in: init, add."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contested.cli import clocks
from contested.cli.progress import Bar
from contested.cli.session import Session, count, session

if TYPE_CHECKING:
    from contested.workspace import Added, Workspace

UNREADABLE = 3
UNDATED = "Give one with --published DATE, or by a line `published: DATE` at the head of the file"


@click.command()
@click.argument("folder", metavar="DIR")
@click.option(
    "--ledger", default="", metavar="URL", help="Keep its ledger on a server: postgresql+psycopg://USER@HOST/DATABASE."
)
@session
def init(here: Session, folder: str, ledger: str) -> None:
    """Make a workspace in DIR.

    With --ledger its ledger is the one at an address on a PostgreSQL server, begun there if there is none.
    """
    from contested.workspace import CONFIG, open_workspace

    there = (Path(folder) / CONFIG).is_file()
    open_workspace(folder, create=True, ledger=ledger).close()
    done = f"{folder} is a workspace already and stays as it is" if there else f"workspace made in {folder}"
    here.tell(f"{done}. Next: contested -C {folder} add PATH")


@click.command()
@click.argument("paths", metavar="PATH…", nargs=-1, required=True)
@click.option("--source", default="", metavar="NAME", help="Who published them, where they do not say so themselves.")
@clocks.published
@click.option("--again", is_flag=True, help="Read anew what was read before, as after a new pack of names.")
@session
def add(here: Session, /, paths: tuple[str, ...], **how: Any) -> int:
    """Read files and folders, record what they say.

    Adding again changes nothing. Files that cannot be read are named and the rest is done.
    """
    with here.open() as workspace:
        return read_in(here, workspace, paths, **how)


def read_in(here: Session, workspace: Workspace, paths: tuple[str, ...], **how: Any) -> int:
    """Add paths with a bar, tell what came of it, and return the exit code."""
    with Bar(here.quiet) as bar:
        added = workspace.add(paths, progress=bar, **how)
    here.warn(added.problems)
    here.tell(summary(added))
    if added.undated:
        here.tell(f"{count(added.undated, 'document')} without a date: the days spoken of are not known. {UNDATED}")
    return UNREADABLE if added.problems else 0


def summary(added: Added) -> str:
    """One line on what an add did."""
    parts = [
        f"{count(added.documents, 'document')} added",
        count(added.assertions, "assertion"),
        f"{added.known} already there" if added.known else "",
        count(len(added.problems), "problem") if added.problems else "",
    ]
    return ", ".join(part for part in parts if part)
