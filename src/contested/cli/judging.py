"""An analyst speaks: judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from contested.cli.session import Session, session

if TYPE_CHECKING:
    from contested.model import AnyContent


@click.command()
@click.argument("ids", metavar="ID…", nargs=-1, required=True)
@click.argument("verdict")
@click.option("--note", default="", metavar="TEXT", help="Why.")
@click.option("--analyst", default="", envvar="CONTESTED_ANALYST", metavar="NAME", help="Who judges. Default: you.")
@click.option("--amended", metavar="JSON", help="With the verdict amend: the content to read instead.")
@session
def judge(here: Session, ids: tuple[str, ...], verdict: str, note: str, analyst: str, amended: str | None) -> None:
    """Record your judgement on assertions.

    ID is an assertion's id or its beginning. Verdicts: accept, reject, amend, same, different, resolved_true,
    resolved_false, note, undo.
    """
    with here.open() as workspace:
        entry = workspace.judge(ids, verdict, note, analyst, _content(amended) if amended else None)
    if entry is None:
        here.tell("that changes nothing: it was judged so already, or there is nothing to undo")
    else:
        here.tell(f"{verdict}: {', '.join(ids)}, by {entry.assertions[0].voices[0].who}")


def _content(text: str) -> AnyContent:
    import msgspec

    from contested.errors import UsageError
    from contested.model import AnyContent

    try:
        content: AnyContent = msgspec.json.decode(text, type=AnyContent)
    except msgspec.DecodeError as fault:
        raise UsageError(f"--amended is no content: {fault}. Take one from: contested assertions --jsonl") from None
    return content
