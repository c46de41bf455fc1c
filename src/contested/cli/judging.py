"""An analyst speaks: judge, review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from contested.cli import clocks
from contested.cli.completing import begun_verdicts, kinds, verdicts
from contested.cli.completing import pictures as known_pictures
from contested.cli.looking import EMPTY, SHORT, check_kinds
from contested.cli.session import Session, analyst_option, compact, count, form_of, output_options, session, show, width
from contested.errors import UsageError

if TYPE_CHECKING:
    from contested.model import AnyContent
    from contested.workspace import Workspace
    from contested.workspace.agreeing import Agreement, Pair
    from contested.workspace.reviewing import Item, Queue

_COLUMNS = ("why", "id", "kind", "said", "voices", "published", "quote")


@click.command()
@click.argument("ids", metavar="ID…", nargs=-1, shell_complete=begun_verdicts)
@click.argument("verdict", metavar="VERDICT", required=False, default="")
@click.option("--note", default="", metavar="TEXT", help="Why.")
@analyst_option("Who judges.")
@click.option(
    "--set", "fields", multiple=True, metavar="FIELD=VALUE", help="With amend: read this field so; may be given again."
)
@click.option("--amended", metavar="JSON", help="With amend: the whole content to read instead.")
@session
def judge(
    here: Session,
    ids: tuple[str, ...],
    verdict: str,
    note: str,
    analyst: str,
    fields: tuple[str, ...],
    amended: str | None,
) -> None:
    """Record your judgement on assertions.

    ID is an assertion's id or its beginning. Verdicts: accept, reject, amend, same, different, resolved_true,
    resolved_false, note, undo.

    Amend field by field: --set status=held --set killed.best=12 --set place=gn:1138958. An empty VALUE empties.
    """
    _make_sense(ids, verdict, note, bool(fields), bool(amended))
    with here.open() as workspace:
        if fields:
            entry = workspace.amend(ids, note=note, analyst=analyst, **_fields(fields))
        else:
            entry = workspace.judge(ids, verdict, note, analyst, _content(amended) if amended else None)
    if entry is not None:
        here.tell(f"{verdict}: {', '.join(ids)}, by {entry.assertions[0].voices[0].who}")
    elif verdict == "amend":
        here.tell("that changes nothing: it reads so already")
    else:
        here.tell("that changes nothing: it was judged so already, or there is nothing to undo")


def _make_sense(ids: tuple[str, ...], verdict: str, note: str, fields: bool, amended: bool) -> None:
    """UsageError unless a verdict is passed on something, with what belongs to it."""
    known = verdicts()
    if not ids and verdict not in known:
        raise UsageError(
            f"the verdict is missing: contested judge {verdict or 'ID'} VERDICT. Choose from: {', '.join(known)}"
        )
    if not ids:
        raise UsageError(
            f"{verdict} names no assertion: contested judge ID {verdict}. For ids, see: contested assertions"
        )
    if fields and (verdict != "amend" or amended):
        raise UsageError("--set goes with the verdict amend, in the place of --amended")
    if verdict == "amend" and not (fields or amended):
        raise UsageError("amend needs what to read instead: --set FIELD=VALUE, as in --set status=held")
    if verdict == "note" and not note.strip():
        raise UsageError("the note is missing: --note TEXT")


def _fields(given: tuple[str, ...]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals:
            raise UsageError(f"--set {each}: write FIELD=VALUE, as in --set status=held")
        if name in fields:
            raise UsageError(f"--set {name} is given twice. Say which")
        fields[name] = value
    return fields


def _content(text: str) -> AnyContent:
    import msgspec

    from contested.model import AnyContent

    try:
        content: AnyContent = msgspec.json.decode(text, type=AnyContent)
    except msgspec.DecodeError as fault:
        raise UsageError(f"--amended is no content: {fault}. Take one from: contested assertions --jsonl") from None
    return content


# ── what to look at next, and how reviewers agree ────────────────────────────────────────────────


@click.command()
@click.option("--agreement", is_flag=True, help="How far reviewers agree beyond chance (Cohen's kappa).")
@click.option("--kind", default="", metavar="KIND", help="Only of this kind.", shell_complete=kinds)
@click.option(
    "--picture",
    "pictures",
    multiple=True,
    metavar="NAME",
    shell_complete=known_pictures,
    help="Whose contested rows are looked into (control, unless told); may be given again.",
)
@click.option("-n", "limit", type=click.IntRange(1), default=20, show_default=True, help="How many to list.")
@clocks.known
@output_options("json", "jsonl")
@session
def review(
    here: Session,
    agreement: bool,
    kind: str,
    pictures: tuple[str, ...],
    limit: int,
    known: dt.datetime | None,
    form: str | None,
    output: str,
) -> None:
    """List what to look at next.

    First where reviewers differ, then what contested rows rest on, then the least sure readings that nobody has judged.
    """
    form = form_of(form, output, ("json", "jsonl"))
    check_kinds((kind,) if kind else ())
    if agreement and pictures:
        raise UsageError("--agreement is on assertions, whatever picture they are in. Leave out --picture")
    with here.open() as workspace:
        if agreement:
            found = workspace.agreement(kind, known)
            show(_agreed(form, found), output)
            here.tell("" if found.pairs else "that takes two reviewers who judged the same: accept, amend or reject")
            return
        queue = workspace.to_review(limit, kind, pictures or ("control",), known)
        show(_queued(form, workspace, queue, width(output)), output)
        if not queue.items and next(iter(workspace.assertions(known=known)), None) is None:
            here.tell(EMPTY)
            return
    sorts = (
        f"{queue.disputed} disputed, {queue.contested} behind contested rows, {queue.unjudged} others not judged yet"
    )
    here.tell(sorts if queue.items else "nothing is left to look at")


def _queued(form: str, workspace: Workspace, queue: Queue, room: int) -> str:
    from contested.write.plain import line, plain
    from contested.write.table import lay_out

    if form == "table":
        return lay_out(_COLUMNS, [_row(workspace, each) for each in queue.items], room) if queue.items else ""
    items = [
        {
            "why": each.why,
            **line(each.standing, workspace.words(each.standing)),
            "judgements": plain(each.standing.judgements),
        }
        for each in queue.items
    ]
    if form == "jsonl":
        return "".join(compact(each) + "\n" for each in items)
    counts = {name: getattr(queue, name) for name in ("disputed", "contested", "unjudged")}
    return compact({"schema": "contested/review/1", **counts, "items": items})


def _row(workspace: Workspace, item: Item) -> list[str]:
    from contested.write.phrase import chain, headline

    each = item.standing
    said, words = each.assertion, workspace.words(each)
    return [item.why, each.id[:SHORT], said.kind, headline(said), chain(said.voices), str(each.published or ""), words]


def _agreed(form: str, found: Agreement) -> str:
    from contested.write.plain import plain

    if form == "jsonl":
        return "".join(compact(plain(each)) + "\n" for each in found.pairs)
    if form == "json":
        from contested.workspace.agreeing import CATEGORIES

        return compact({"schema": "contested/agreement/1", "categories": list(CATEGORIES), **plain(found)})
    return "\n".join(_told(found)) if found.pairs else ""


def _told(found: Agreement) -> Iterator[str]:
    from contested.workspace.agreeing import CATEGORIES
    from contested.write.table import lay_out

    heads = ("reviewer", "reviewer", "both judged", "agree", "by chance", "kappa")
    yield lay_out(heads, [_pair(each) for each in found.pairs])
    for each in found.pairs:
        if each.judged:
            lines = [[verdict, *map(str, row)] for verdict, row in zip(CATEGORIES, each.table, strict=True)]
            yield lay_out([f"{each.one} ↓ {each.other} →", *CATEGORIES], lines)
    if len(found.pairs) > 1:
        left = sum(each.kappa is None for each in found.pairs)
        told = f", {count(left, 'pair')} without one left out" if left else ""
        yield f"mean over pairs: {_figure(found.mean)}{told}" if found.mean is not None else "no pair has a kappa"


def _pair(each: Pair) -> list[str]:
    kappa = _figure(each.kappa) if each.kappa is not None else f"undefined: {each.why}"
    return [each.one, each.other, str(each.judged), _figure(each.observed), _figure(each.expected), kappa]


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
