"""Names of one's own: packs add, list, remove."""

from __future__ import annotations

from pathlib import Path

import click

from contested.cli.looking import objects
from contested.cli.session import Session, form_of, output_options, session, show, width


@click.group(invoke_without_command=True)
@click.pass_context
def packs(context: click.Context) -> None:
    """Add, list and remove packs of places."""
    if context.invoked_subcommand is None:
        context.invoke(list_all)


@packs.command()
@click.argument("file", metavar="FILE")
@click.option("--licence", default="", metavar="TEXT", help="Under which licence it may be used, if it does not say.")
@session
def add(here: Session, file: str, licence: str) -> None:
    """Check a file of places and copy it into the workspace.

    A dump of GeoNames (XX.txt, XX.zip), boundaries in GeoJSON (also zipped), or CSV or TOML of ours. Adding again
    changes nothing.
    """
    with here.open() as workspace:
        pack, new = workspace.add_pack(Path(file), licence)
    for note in pack.notes:
        here.tell(f"note: {note}")
    done = "added" if new else "already there"
    here.tell(f"{pack.name}: {done}, {pack.places:,} places, licence: {pack.licence}")
    if new:
        here.tell("Reports on record were read without it; read them anew with: contested add --again PATH")


@packs.command("list")
@output_options("json", "jsonl")
@session
def list_all(here: Session, form: str | None = None, output: str = "-") -> None:
    """List the packs of the workspace."""
    from contested.write.plain import plain
    from contested.write.table import lay_out

    with here.open() as workspace:
        found = workspace.packs()
    form = form_of(form, output, ("json", "jsonl"))
    if form != "table":
        show(objects(form, "packs", [plain(pack) for pack in found]), output)
        return
    rows = [[pack.name, f"{pack.places:,}", pack.licence or "not on record", pack.file] for pack in found]
    show(lay_out(("pack", "places", "licence", "file"), rows, width(output)), output)


@packs.command()
@click.argument("name")
@session
def remove(here: Session, name: str) -> None:
    """Take a pack out of the workspace."""
    with here.open() as workspace:
        pack = workspace.remove_pack(name)
    here.tell(f"{pack.name}: removed")
