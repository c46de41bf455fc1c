"""What names mean: names, names mean, names add, names undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from contested.cli.looking import SHORT, objects
from contested.cli.session import Session, analyst_option, count, form_of, output_options, session, show, width

if TYPE_CHECKING:
    from contested.extract.settled import Role
    from contested.workspace import Workspace
    from contested.workspace.names import OnRecord

_COLUMNS = ("role", "words", "taken for", "sure", "assertions", "sources", "id")
_analyst = analyst_option("Who settles it.")
_party = click.option("--party", is_flag=True, help="The name of a party, list or instrument, not of a place.")
_note = click.option("--note", default="", metavar="TEXT", help="Why.")


@click.group(invoke_without_command=True)
@click.option("--unsure", is_flag=True, help="Only those to settle: taken for nothing, or for something unsurely.")
@click.option("--missing", is_flag=True, help="Only those taken for nothing.")
@click.option("--place", "role", flag_value="place", help="Only places.")
@click.option("--party", "role", flag_value="party", help="Only parties, lists and instruments.")
@click.option("--all", "everything", is_flag=True, help='Also what is no proper name: "police", "the city".')
@output_options("json", "jsonl")
@click.pass_context
def names(context: click.Context, /, **asked: Any) -> None:
    """List the names on record, and settle what they mean.

    The least known come first. What is settled is remembered for this workspace: reports added later are read so.
    """
    if context.invoked_subcommand is None:
        _listed(context.obj, **asked)


def _listed(
    here: Session, unsure: bool, missing: bool, role: str | None, everything: bool, form: str | None, output: str
) -> None:
    from contested.write.plain import plain
    from contested.write.table import lay_out

    form = form_of(form, output, ("json", "jsonl"))
    with here.open() as workspace:
        found = [
            name
            for name in workspace.names()
            if (everything or name.proper)
            and (not unsure or name.open)
            and (not missing or (not name.thing and not name.settled))
            and role in (None, name.role)
        ]
        if form != "table":
            facts = [plain(name) | {"settled": name.settled} for name in found]
            show(objects(form, "names", facts), output)
        else:
            rows = [_row(workspace, name) for name in found]
            show(lay_out(_COLUMNS, rows, width(output)) if rows else "", output)
    if not found:
        here.tell("no names of that sort")


def _row(workspace: Workspace, name: OnRecord) -> list[str]:
    thing = workspace.thing(name.thing) if name.thing else None
    taken = f"{thing.name} ({name.thing})" if thing else name.thing or ("nothing known" if name.settled else "")
    sure = "settled" if name.settled else f"{name.sure:.2f}"
    return [name.role, name.words, taken, sure, str(name.assertions), str(name.sources), name.example[:SHORT]]


@names.command()
@click.argument("words")
@click.argument("thing")
@_party
@_analyst
@_note
@session
def mean(here: Session, words: str, thing: str, party: bool, analyst: str, note: str) -> None:
    """Settle what a name means wherever it stands.

    THING is an id, or a name that only one thing has; "" says that it is nothing we know.
    """
    with here.open() as workspace:
        entry = workspace.mean(words, thing, _role(party), analyst, note)
        here.tell(f"{words}: {_meant(workspace, words, _role(party))}")
    changed = len(entry.assertions) if entry else 0
    here.tell(
        f"{count(changed, 'assertion')} changed" if changed else "that changes nothing: it was settled so already"
    )


@names.command()
@click.argument("words")
@click.option("--within", default="", metavar="W", help="What it lies in: an id or a name. Default: a guess, told.")
@click.option("--at", metavar="LAT,LON", help="Where it is, in degrees.")
@click.option("--type", "level", default="settlement", show_default=True, metavar="T", help="district, region …")
@_analyst
@session
def add(here: Session, words: str, within: str, at: str | None, level: str, analyst: str) -> None:
    """Add a place that nobody knows, and settle that this name means it.

    It becomes a row of the workspace's pack added.csv.
    """
    from contested.workspace.meanings import point

    with here.open() as workspace:
        guess = workspace.lies_in(words) if not within else None
        place = workspace.add_place(words, within, point(at) if at else None, level, analyst=analyst)
        here.tell(f"{words}: {_meant(workspace, words, 'place')}")
    if guess and place.within == guess.thing:
        here.tell(f"that it lies in {guess.name} is a guess ({guess.why}); change it in packs/added.csv")


@names.command()
@click.argument("words")
@_party
@_analyst
@session
def undo(here: Session, words: str, party: bool, analyst: str) -> None:
    """Take back what was settled last of a name."""
    with here.open() as workspace:
        workspace.unsettle(words, _role(party), analyst)
        here.tell(f"{words}: {_meant(workspace, words, _role(party))}")


def _role(party: bool) -> Role:
    return "party" if party else "place"


def _meant(workspace: Workspace, words: str, role: Role) -> str:
    """What a name is taken for now, in words."""
    name = workspace.name(words, role)
    thing = workspace.thing(name.thing) if name and name.thing else None
    if name is None or thing is None:
        return "nothing known"
    return f"{thing.name}, {workspace.told(thing)} ({thing.id})" + ("" if name.settled else f", {name.sure:.2f} sure")
