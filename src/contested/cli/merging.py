"""Two offices, one record: merge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from contested.cli.progress import Bar
from contested.cli.session import Session, compact, count, output_options, session, show

if TYPE_CHECKING:
    from contested.workspace import Joined

INCOMPLETE = 3


@click.command()
@click.argument("other", metavar="OTHER")
@output_options("json")
@session
def merge(here: Session, other: str, form: str | None, output: str) -> int:
    """Bring another workspace's record in.

    OTHER is the folder of a workspace; nothing in it is changed. Its entries are recorded here in their order, each
    once, known from now on, and its chain can be checked here as well as there. Merging again takes what came since.
    Packs and codebooks are not merged: those that differ are named.
    """
    with here.open() as workspace, Bar(here.quiet) as bar:
        joined = workspace.merge(other, progress=bar)
    here.warn(joined.problems)
    if form == "json":
        show(compact(_facts(joined)), output)
    here.tell(summary(joined))
    if joined.differing:
        here.tell(f"not merged, and not the same here: {', '.join(joined.differing)}. Copy those you want")
    if joined.record.analysts:
        names = ", ".join(joined.record.analysts)
        here.tell(f"in both records somebody judges as {names}: one name is taken for one person")
    return INCOMPLETE if joined.problems else 0


def summary(joined: Joined) -> str:
    """One line on what a merge did."""
    record = joined.record
    entries = "1 entry" if record.entries == 1 else f"{record.entries} entries"
    parts = [
        f"{entries} taken",
        count(record.documents, "new document"),
        count(joined.originals, "original"),
        f"{record.known} already there" if record.known else "",
        f"{record.left_out} left out" if record.left_out else "",
        f"{count(len(record.removed), 'document')} taken out, as there" if record.removed else "",
        count(len(joined.problems), "problem") if joined.problems else "",
    ]
    return ", ".join(part for part in parts if part)


def _facts(joined: Joined) -> dict[str, Any]:
    from contested.write.plain import plain

    record = joined.record
    return {
        "schema": "contested/merged/1",
        "entries": record.entries,
        "known": record.known,
        "left_out": record.left_out,
        "documents": record.documents,
        "originals": joined.originals,
        "removed": list(record.removed),
        "analysts": list(record.analysts),
        "differing": list(joined.differing),
        "problems": [plain(each) for each in joined.problems],
    }
