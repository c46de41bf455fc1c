"""Reports taken out for legal or safety reasons: remove."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from contested.cli.adding import UNREADABLE
from contested.cli.session import Session, analyst_option, count, session
from contested.errors import UsageError

if TYPE_CHECKING:
    from contested.workspace import Workspace


@click.command()
@click.argument("documents", metavar="DOCUMENT…", nargs=-1, required=True)
@click.option("--reason", required=True, metavar="TEXT", help="Why; it stays on record, so do not repeat the words.")
@analyst_option("Who removes.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@session
def remove(here: Session, documents: tuple[str, ...], reason: str, analyst: str, yes: bool) -> int:
    """Take reports out for good, and keep why.

    Text, title, name, original, what was found in it and said of it are deleted from the workspace, of all its
    tellings; hashes and the reason stay, and the record can be verified as before. It cannot be undone.
    """
    with here.open() as workspace:
        if not yes:
            _ask(here, workspace, documents)
        done = workspace.remove(documents, reason, analyst)
    here.warn(done.problems)
    parts = [f"{count(len(done.documents), 'document')} removed", f"{count(done.originals, 'original')} deleted"]
    if len(done.named) > len(done.documents):
        parts.append(f"{len(done.named) - len(done.documents)} removed before")
    here.tell(", ".join(parts))
    if done.ledgers:
        here.tell(f"deleted as well, for it held the words: {', '.join(done.ledgers)}")
    here.tell("Copies of this folder elsewhere, backups among them, are not touched: see to them")
    return UNREADABLE if done.problems else 0


def _ask(here: Session, workspace: Workspace, documents: tuple[str, ...]) -> None:
    from contested.write.table import printable

    if not sys.stdin.isatty():
        raise UsageError("nobody is here to confirm it, and it cannot be undone. Say --yes")
    removals = workspace.removals()
    for prefix in documents:
        for each in workspace.ledger.tellings(prefix):
            found = None if each in removals else workspace.document(each)
            told = f"{found.source}, {found.published or 'no date'}: {found.title or found.file}" if found else ""
            click.echo(printable(f"{each}  {told or removals.get(each, '')}"), err=True)
    click.confirm("Take this out for good?", abort=True, err=True)
