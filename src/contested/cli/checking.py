"""Soundness and standards: verify, reindex, upgrade, codebooks."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import click

from contested.cli.looking import objects
from contested.cli.session import Session, compact, count, form_of, output_options, session, show, width
from contested.errors import CodebookError, MissingPart, UsageError

if TYPE_CHECKING:
    from contested.model import Problem
    from contested.workspace import Workspace

LEDGER_FAULT, CODEBOOK_FAULT = 4, 2
ROOT = "Stamps must lead back to a certificate in this PEM file."


@click.command()
@click.option("--head", metavar="HASH", help="A head noted earlier: the record must still hold it.")
@click.option("--tsa-root", "roots", metavar="FILE", type=click.Path(path_type=Path), help=ROOT)
@output_options("json", "jsonl")
@session
def verify(here: Session, head: str | None, roots: Path | None, form: str | None, output: str) -> int:
    """Check the ledger, quotes, originals and stamps.

    Names what is wrong: a broken chain, an altered row, a missing or altered original, a stamp that does not hold.
    """
    from contested.write.plain import plain

    if head is not None and not re.fullmatch("[0-9a-fA-F]{64}", head.strip()):
        raise UsageError(f"no head: {head[:80]!r}. Give the 64 digits and letters that contested head printed")
    with here.open() as workspace:
        problems = [*workspace.verify((head or "").strip()), *_stamps(here, workspace, roots)]
        last = workspace.ledger.head()
    if form:
        show(objects(form, "problems", [plain(problem) for problem in problems]), output)
    elif problems:
        here.warn(problems)
    else:
        show(f"sound. Head: {last}", output)
    return LEDGER_FAULT if problems else 0


def _stamps(here: Session, workspace: Workspace, roots: Path | None) -> list[Problem]:
    """What is wrong with the stamps; without the extra they stay unchecked, and that is told."""
    from contested.workspace import stamps

    there, _ = stamps.kept(workspace)
    try:
        problems = stamps.check(workspace, roots)
    except MissingPart as fault:
        if roots:
            raise
        here.tell(f"{count(len(there), 'stamp')} not checked: {fault}")
        return []
    if there and not roots:
        here.tell("whose stamps they are was not checked: --tsa-root FILE names the certificate of an authority")
    return problems


@click.command()
@session
def reindex(here: Session) -> None:
    """Make the ledger's indexes again.

    Nothing on record changes: they are drawn from its entries.
    """
    with here.open() as workspace:
        entries = workspace.ledger.reindex()
    here.tell(f"indexes made again from {entries} {'entry' if entries == 1 else 'entries'}")


@click.command()
@session
def upgrade(here: Session) -> None:
    """Write a ledger of an older contested as this one keeps it.

    Entry by entry, with the same hashes, and checked whole before it takes the place of the old one, which is kept.
    """
    from contested.workspace import upgrade

    kept = upgrade(here.folder)
    told = f"upgraded and sound; the ledger as it was is kept as {kept.name}" if kept else "nothing to upgrade"
    here.tell(told)


@click.group(invoke_without_command=True)
@click.pass_context
def codebooks(context: click.Context) -> None:
    """List, show and check codebooks."""
    if context.invoked_subcommand is None:
        context.invoke(list_all)


@codebooks.command("list")
@output_options("json", "jsonl")
@session
def list_all(here: Session, form: str | None = None, output: str = "-") -> None:
    """Name every codebook and what it draws."""
    from contested.derive import codebooks as names
    from contested.write.table import lay_out

    shelf = _shelf(here)
    facts = [_facts(name, shelf) for name in names(shelf)]
    if form_of(form, output, ("json", "jsonl")) == "table":
        heads = ("name", "picture", "title", "source")
        show(lay_out(heads, [[fact[head] for head in heads] for fact in facts], width(output)), output)
    else:
        show(objects(form or "json", "codebooks", facts), output)


@codebooks.command("show")
@click.argument("name", metavar="NAME|FILE")
@output_options("json")
@session
def show_one(here: Session, name: str, form: str | None, output: str) -> None:
    """Print a codebook as it is declared."""
    from contested.derive import load_codebook

    shelf = _shelf(here)
    load_codebook(name, shelf)  # one that is missing or wrong is told as such
    built_in = Path(str(files("contested.derive"))) / "codebooks"
    places = (shelf / f"{name}.toml", built_in / f"{name}.toml", Path(name))
    declared = next(path for path in places if path.is_file()).read_text(encoding="utf-8")
    if form_of(form, output, ("json",)) == "json":
        declared = compact({"schema": "contested/codebook/1", "name": Path(name).stem, **tomllib.loads(declared)})
    show(declared, output)


@codebooks.command("check")
@click.argument("file", metavar="FILE")
@session
def check(here: Session, file: str) -> int:
    """Name everything that is wrong with a codebook."""
    from contested.derive import check_codebook

    problems = check_codebook(Path(file))
    here.warn(problems)
    if problems:
        return CODEBOOK_FAULT
    here.tell(f"{file} can be used")
    return 0


def _facts(name: str, shelf: Path) -> dict[str, str]:
    from contested.derive import load_codebook

    try:
        book = load_codebook(name, shelf)
    except CodebookError as fault:
        return {"name": name, "picture": "", "title": f"cannot be used: {fault}", "source": ""}
    return {"name": name, "picture": book.picture or name, "title": book.title, "source": book.source}


def _shelf(here: Session) -> Path:
    return Path(here.folder) / "codebooks"
