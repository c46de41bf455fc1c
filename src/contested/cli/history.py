"""Looking back: log, diff."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contested.cli import clocks
from contested.cli.completing import kinds, pictures
from contested.cli.looking import SHORT, check_kinds, objects
from contested.cli.session import Session, compact, count, form_of, output_options, pour, session, show, width
from contested.errors import ContestedError, UsageError

if TYPE_CHECKING:
    from contested.model import Judgement, Standing
    from contested.workspace import Workspace
    from contested.workspace.acts import Act
    from contested.workspace.differing import Change, Redrawn

_ACTS = ("when", "who", "did", "file")
_CHANGES = ("change", "why", "id", "kind", "said", "otherwise", "voices", "quote", "file")
_TOLD = 3  # judgements of one act put into words


@click.command()
@clocks.since
@clocks.until
@click.option("--document", default="", metavar="ID", help="Only what was set under this document.")
@click.option("--analyst", default="", metavar="NAME", help="Only this analyst's acts.")
@click.option("--recorder", default="", metavar="GLOB", help='Only these recorders\': "control@*", "llm-*".')
@click.option("-n", "limit", type=click.IntRange(1), default=50, show_default=True, help="How many to show.")
@output_options("json", "jsonl")
@session
def log(
    here: Session,
    since: dt.datetime | None,
    until: dt.datetime | None,
    document: str,
    analyst: str,
    recorder: str,
    limit: int,
    form: str | None,
    output: str,
) -> None:
    """Tell the record act by act, the last first.

    What was read and read again, what came in and was withdrawn, who judged what, and with which words.
    """
    form = form_of(form, output, ("json", "jsonl"))
    if analyst and recorder:
        raise UsageError("--analyst names a recorder already. Give one of the two")
    who = f"analyst:{escape(analyst)}" if analyst else recorder or "*"
    with here.open() as workspace:
        acts = workspace.log(since, until, document=document, recorder=who, limit=limit)
        if form == "jsonl":
            pour((compact(each) for each in _plain(acts)), output)
            return
        if form == "json":
            show(objects(form, "acts", list(_plain(acts))), output)
            return
        rows = [_act(workspace, each) for each in acts]
        begun = bool(rows) or next(workspace.log(limit=1), None) is not None
    _table(_ACTS, rows, output)
    if not rows:
        given = {
            "--since": since,
            "--until": until,
            "--document": document,
            "--analyst": analyst,
            "--recorder": recorder,
        }
        here.tell(_nothing(begun, [name for name, value in given.items() if value]))


@click.command()
@click.argument("picture", required=False, default="", shell_complete=pictures)
@clocks.earlier
@clocks.later
@clocks.days
@clocks.known
@click.option("--kind", default="", metavar="KIND", help="Only assertions of this kind.", shell_complete=kinds)
@click.option("--codebook", metavar="NAME|FILE", help="Draw PICTURE by this codebook: a name or a TOML file.")
@output_options("json", "jsonl")
@session
def diff(here: Session, /, picture: str, form: str | None, output: str, **asked: Any) -> None:
    """Tell what was learned, or what changed in the world.

    --from A --to B: what was learned between two moments, each assertion that is new, withdrawn, amended or judged;
    with a PICTURE, which of its rows changed. --on A --on B PICTURE: what changed in the world between two days.
    """
    form = form_of(form, output, ("json", "jsonl"))
    _make_sense(picture, **asked)
    with here.open() as workspace:
        if picture:
            told = _rows_changed(workspace, picture, form, output, **asked)
        else:
            told = _learned(workspace, form, output, **asked)
    here.tell(told)


def _make_sense(
    picture: str,
    earlier: dt.datetime | None,
    later: dt.datetime | None,
    days: tuple[dt.date, ...],
    known: dt.datetime | None,
    kind: str,
    codebook: str | None,
) -> None:
    """UsageError unless two moments or two days are set against each other."""
    check_kinds((kind,) if kind else ())
    if earlier is None and len(days) != 2:
        raise UsageError("say what to set against what: --from MOMENT [--to MOMENT], or --on DATE --on DATE PICTURE")
    if earlier is None and later is not None:
        raise UsageError("--to wants a --from")
    if earlier is not None and (len(days) > 1 or known is not None):
        raise UsageError(
            "--from asks what was learned, --on DATE --on DATE what changed in the world. Give one of them"
        )
    if not picture and (days or codebook):
        raise UsageError("only a picture is drawn for a day, by a codebook. Name one, as in: contested diff control")
    if picture and kind:
        raise UsageError("--kind is of assertions; a picture reads what its codebook says")


# ── the record, act by act ───────────────────────────────────────────────────────────────────────


def _plain(acts: Iterable[Act]) -> Iterator[dict[str, Any]]:
    from contested.write.plain import plain

    return (plain(each) for each in acts)


def _nothing(begun: bool, given: list[str]) -> str:
    """What to do where no act is told."""
    if begun:
        return f"nothing was recorded of that sort. Ask without {' or '.join(given)}"
    return "nothing was recorded yet. Begin with: contested add PATH"


def _act(workspace: Workspace, act: Act) -> list[str]:
    others = len(act.recorders) - 1
    who = act.recorders[0].partition(":")[2] or act.recorders[0]
    who += f" and {count(others, 'other')}" if others else ""
    did = _did(workspace, act) + (f" (there on {act.made_at:%Y-%m-%d %H:%M})" if act.made_at else "")
    return [f"{act.at:%Y-%m-%d %H:%M:%S}", who, did, Path(act.file).name]


def _did(workspace: Workspace, act: Act) -> str:
    made, new, gone = count(act.assertions, "assertion"), f"{act.new} new", f"{act.withdrawn} withdrawn"
    match act.did:
        case "read":
            return f"read: {made}"
        case "read again":
            return f"read again: {made}, {new}, {gone}"
        case "withdrew":
            return f"withdrew all {act.withdrawn} it had said"
        case "removed":
            return f"took the words of {act.document[:SHORT]} out: {act.why}"
        case "judged":
            told = [_judged(workspace, each, act.at) for each in act.judgements[:_TOLD]]
            left = len(act.judgements) - _TOLD
            return "; ".join([*told, *([f"and {left} more"] if left > 0 else [])])


def _judged(workspace: Workspace, judgement: Judgement, at: dt.datetime) -> str:
    """A judgement in words: what it says of what, in which words that was said, and why."""
    from contested.workspace.clocks import before
    from contested.write.phrase import changes

    try:
        said = _of_what(workspace, judgement, at)
        if judgement.amended:
            then = workspace.standing(judgement.of[0], before(at)).assertion.content
            said += f" [{changes(then, judgement.amended) or 'as it read'}]"
    except ContestedError:
        return f"{judgement.verdict.replace('_', ' ')} {judgement.of[0][:SHORT]}, whose words were taken out"
    return said + (f": {judgement.note}" if judgement.note else "")


def _of_what(workspace: Workspace, judgement: Judgement, at: dt.datetime) -> str:
    """What is said of what: "reject e82f529e “they hold Kunduz”"; of another judgement, what that said of what."""
    from contested.model import Judgement
    from contested.write.phrase import headline

    target = workspace.standing(judgement.of[0], at)
    content = target.assertion.content
    if isinstance(content, Judgement):  # an undo of an undo is not unfolded: they may follow each other without end
        what = f"({'undo' if content.verdict == 'undo' else _of_what(workspace, content, at)})"
    else:
        what = f"“{words}”" if (words := workspace.words(target)) else headline(target.assertion)
    others = f" and {count(len(judgement.of) - 1, 'other')}" if len(judgement.of) > 1 else ""
    return f"{judgement.verdict.replace('_', ' ')} {target.id[:SHORT]} {what}{others}"


# ── what was learned ─────────────────────────────────────────────────────────────────────────────


def _learned(
    workspace: Workspace,
    form: str,
    output: str,
    earlier: dt.datetime,
    later: dt.datetime | None,
    kind: str,
    **_others: Any,
) -> str:
    found = workspace.diff(earlier, later, kind)
    if form == "jsonl":
        pour((compact(_line(workspace, each)) for each in found), output)
        return ""
    if form == "json":
        show(objects(form, "changes", [_line(workspace, each) for each in found]), output)
        return ""
    rows, sorts = [], dict.fromkeys(("new", "withdrawn", "amended", "judged", "meant otherwise"), 0)
    for each in found:
        rows.append(_change(workspace, each))
        sorts[each.sort] += 1
    _table(_CHANGES, rows, output)
    return ", ".join(f"{number} {sort}" for sort, number in sorts.items() if number) or "nothing was learned in between"


def _line(workspace: Workspace, change: Change) -> dict[str, Any]:
    from contested.write.plain import line, plain

    parts = {"change": change.sort, "why": change.why, "before": plain(change.before)}
    said = {"judgements": plain(change.judgements), "lifted": plain(change.lifted)}
    return parts | line(change.standing, workspace.words(change.standing)) | said


def _change(workspace: Workspace, change: Change) -> list[str]:
    from contested.write.phrase import chain, changes, headline, judged

    each = change.standing
    said, otherwise = each.assertion, changes(change.before, each.assertion.content) if change.before else ""
    by = [*map(judged, change.judgements), *(f"lifted: {judged(one)}" for one in change.lifted)]
    why = "; ".join(by) or change.why
    words, file = workspace.words(each), Path(each.file).name
    return [change.sort, why, each.id[:SHORT], said.kind, headline(said), otherwise, chain(said.voices), words, file]


# ── rows that changed ────────────────────────────────────────────────────────────────────────────


def _rows_changed(
    workspace: Workspace,
    picture: str,
    form: str,
    output: str,
    earlier: dt.datetime | None,
    later: dt.datetime | None,
    days: tuple[dt.date, ...],
    known: dt.datetime | None,
    codebook: str | None,
    **_others: Any,
) -> str:
    on = (days[0], days[-1]) if days else (None, None)
    moments = (known, known) if earlier is None else (earlier, later)
    if earlier is not None and later is not None and later < earlier:
        raise UsageError("--to is before --from. Name the earlier one first")
    found = workspace.redrawn(picture, on, moments, codebook)
    if form == "table":
        show("\n".join(_redrawn(workspace, found, moments)), output)
    else:
        facts = [_row_line(workspace, each, moments) for each in found]
        show(objects(form, "rows", facts), output)
    return count(len(found), "row") + " changed" if found else "no row changed"


def _redrawn(workspace: Workspace, found: Iterable[Redrawn], moments: tuple[Any, Any]) -> Iterator[str]:
    from contested.write.table import printable

    for each in found:
        yield printable(f"{', '.join(filter(None, each.key))}: {_state(each.before)} → {_state(each.after)}")
        for mark, ids, known in (("+", each.gained, moments[1]), ("−", each.lost, moments[0])):
            for id_ in ids:
                yield from _witness(workspace, workspace.standing(id_, known), mark)
        for id_ in each.turned:
            now = workspace.standing(id_, moments[1])
            yield from _witness(workspace, now, "±", _turn(each, now, workspace.standing(id_, moments[0])))
        yield ""


def _state(row: Any) -> str:
    return f"{row.value or 'no value'} [{row.status}]" if row else "nothing"


def _turn(row: Redrawn, now: Standing, then: Standing) -> str:
    """How an assertion turned: the side it left, and what it reads otherwise."""
    from contested.write.phrase import changes

    assert row.before is not None
    assert row.after is not None
    sides = ["against" if now.id in each.against else "for" for each in (row.before, row.after)]
    otherwise = changes(then.assertion.content, now.assertion.content)
    return "; ".join(filter(None, (" → ".join(sides) if sides[0] != sides[1] else "", otherwise)))


def _witness(workspace: Workspace, each: Standing, mark: str, turn: str = "") -> Iterator[str]:
    from contested.write.phrase import chain
    from contested.write.table import printable

    yield f"  {mark} " + printable(f"“{workspace.words(each)}”" + (f" [{turn}]" if turn else ""))
    told = (chain(each.assertion.voices), str(each.day or "undated"), Path(each.file).name, each.id[:SHORT])
    yield "      " + printable(" · ".join(told))


def _row_line(workspace: Workspace, each: Redrawn, moments: tuple[Any, Any]) -> dict[str, Any]:
    from contested.write.plain import line, plain

    def lines(ids: tuple[str, ...], known: dt.datetime | None) -> list[dict[str, Any]]:
        return [line(said, workspace.words(said)) for said in (workspace.standing(id_, known) for id_ in ids)]

    row: dict[str, Any] = plain(each)
    turned = lines(each.turned, moments[1])
    return row | {"gained": lines(each.gained, moments[1]), "lost": lines(each.lost, moments[0]), "turned": turned}


def _table(heads: tuple[str, ...], rows: list[list[str]], output: str) -> None:
    from contested.write.table import lay_out

    show(lay_out(heads, rows, width(output)) if rows else "", output)
