"""The first five minutes: bundled reports, a workspace, pictures, the app."""

from __future__ import annotations

import shlex
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import click

from contested.cli.adding import read_in
from contested.cli.drawing import caption, story
from contested.cli.serving import PORT, listen
from contested.cli.session import Session, session, show, width

if TYPE_CHECKING:
    from contested.model import Picture, Row

PICTURES = ("control", "capitals", "incidents")
LINES, WIDTH = 6, 100  # of each picture; the width where no terminal says its own


@click.command()
@click.argument("folder", metavar="[DIR]", default="contested-demo")
@click.option("--no-serve", is_flag=True, help="Stop after the pictures; do not open the app.")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(1, 65535), help="Where the app listens.")
@session
def demo(here: Session, folder: str, no_serve: bool, port: int) -> None:
    """Read the bundled reports and draw pictures.

    The workspace is DIR (contested-demo here by default). One row is explained; then the app opens.
    """
    from contested.workspace import open_workspace

    with open_workspace(folder, create=True) as workspace:
        here.tell(f"reading the example reports into {folder} …")
        read_in(here, workspace, (str(examples()),))
        drawn = [workspace.picture(name) for name in PICTURES]
        for picture in drawn:
            show(_short(picture))
        if found := telling(drawn):
            picture, row = found
            show(f"$ contested -C {folder} explain {picture.name} {' '.join(map(shlex.quote, row.key))}")
            show("\n".join(story(workspace, row)) + "\n")
    here.tell(f"next: contested -C {folder} assertions, or the app: contested -C {folder} serve")
    if not no_serve:
        listen(here, folder, port)


def examples() -> Path:
    """The folder of example reports, in the installed package or in a checkout."""
    packed = Path(str(files("contested"))) / "examples"
    return packed if packed.is_dir() else Path(__file__).parents[3] / "examples"


def telling(drawn: list[Picture]) -> tuple[Picture, Row] | None:
    """The row most worth explaining: of a known place, with words for and against it, and fresh."""
    rows = [(picture, row) for picture in drawn for row in picture.rows if row.support]
    return max(rows, key=lambda each: _weight(each[1]), default=None)


def _weight(row: Row) -> tuple[bool, bool, bool, str]:
    return bool(row.against), any(row.things), row.status == "contested", str(row.last_evidence)


def _short(picture: Picture) -> str:
    from msgspec.structs import replace

    from contested.write.table import columns, lay_out

    fresh = sorted(picture.rows, key=lambda row: (any(row.things), str(row.last_evidence)), reverse=True)
    heads, rows = columns(replace(picture, rows=tuple(fresh)))
    more = f"… and {len(rows) - LINES} more\n" if len(rows) > LINES else ""
    table = lay_out(heads, rows[:LINES], width() or WIDTH) if rows else "no rows\n"
    return f"{caption(picture)}\n\n{table}{more}\n"
