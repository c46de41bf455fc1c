"""The record handed over to others: export bag."""

from __future__ import annotations

from pathlib import Path

import click

from contested.cli.adding import UNREADABLE
from contested.cli.progress import Bar
from contested.cli.session import Session, count, session


@click.group()
def export() -> None:
    """Hand the record over to others."""


@export.command()
@click.argument("target", metavar="DIR|FILE.zip", type=click.Path(path_type=Path))
@click.option("--document", "documents", multiple=True, metavar="ID", help="Only this document; may be given again.")
@session
def bag(here: Session, target: Path, documents: tuple[str, ...]) -> int:
    """Write a folder that checks itself: originals, custody, texts, entries.

    By BagIt (RFC 8493), the originals as WARC. With --document, what is on record of others is there as hashes only, so
    that the chain can be checked all the same. Nothing is overwritten.
    """
    from contested.workspace.handover import hand_over

    with here.open() as workspace, Bar(here.quiet) as bar:
        done = hand_over(workspace, target, documents, bar)
    here.warn(done.problems)
    parts = (count(done.documents, "document"), count(done.originals, "original"), f"head {done.head.head}")
    here.tell(f"{', '.join(parts)}: handed over in {target}. To check it: python3 {_checker(target)}")
    return UNREADABLE if done.problems else 0


def _checker(target: Path) -> Path:
    """Where the checker lies, once a zip file is unfolded."""
    return target.with_suffix("" if target.suffix == ".zip" else target.suffix) / "data" / "check.py"
