"""What follows from the record: picture, explain."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contested.cli import clocks
from contested.cli.looking import EMPTY, SHORT
from contested.cli.progress import Counted
from contested.cli.session import (
    Session,
    compact,
    count,
    form_of,
    on_screen,
    output_options,
    pour,
    session,
    show,
    width,
)
from contested.errors import UsageError

if TYPE_CHECKING:
    from contested.model import Picture, Row, Standing
    from contested.workspace import Workspace

CODEBOOK = "Draw by this codebook instead: a name or a TOML file."


@click.command()
@click.argument("name")
@clocks.on
@clocks.known
@click.option("--codebook", metavar="NAME|FILE", help=CODEBOOK)
@output_options("json", "jsonl", "csv", "geojson")
@click.option("--format", "form", metavar="NAME", help="Write in this format, one of a further package for instance.")
@session
def picture(
    here: Session,
    name: str,
    on: dt.date | None,
    known: dt.datetime | None,
    codebook: str | None,
    form: str | None,
    output: str,
) -> None:
    """Draw a picture: control, capitals, incidents …

    `contested codebooks` lists what can be drawn, and by which standards.
    """
    from contested.write.writer import rows

    form = form_of(form, output, ("json", "jsonl", "csv", "geojson"))
    with here.open() as workspace:
        if form in ("csv", "jsonl"):
            frame, drawn_rows = workspace.unrolled(name, on, known, codebook)
            found = Counted((row for row in drawn_rows if any(row.key)), "rows", here.quiet or on_screen(output))
            pour(_in_lines(form, frame, found), output)
            here.tell("" if found.done else _why_empty(workspace, frame))
            return
        drawn = workspace.picture(name, on, known, codebook)
        show(_as(form, drawn, workspace, width(output)), output)
        if not rows(drawn):
            here.tell(_why_empty(workspace, drawn))
    if form == "table":
        here.tell(caption(drawn))


@click.command()
@click.argument("name")
@click.argument("key", nargs=-1, metavar="KEY…")
@clocks.on
@clocks.known
@click.option("--codebook", metavar="NAME|FILE", help=CODEBOOK)
@output_options("json", "jsonl")
@session
def explain(
    here: Session,
    name: str,
    key: tuple[str, ...],
    on: dt.date | None,
    known: dt.datetime | None,
    codebook: str | None,
    form: str | None,
    output: str,
) -> None:
    """Tell why a row says what it says.

    Shows the rule that settled it, the words for it, against it and left aside. The parts of KEY may be shortened.
    Without a KEY: what found no place in any row, and why.
    """
    with here.open() as workspace:
        if key:
            row = workspace.explain(name, key, on, known, codebook)
        else:
            row = _unplaced(workspace.picture(name, on, known, codebook))
            here.tell("" if row.ignored else "nothing was left aside")
        if form_of(form, output, ("json", "jsonl")) == "table":
            show("\n".join(story(workspace, row, known)), output)
        else:
            show(compact(account(workspace, row, known)), output)


def caption(drawn: Picture) -> str:
    """One line: which picture, by which codebook, on what day, as known when, and how much found no place in it."""
    aside = sum(len(row.ignored) for row in drawn.rows if not any(row.key))
    left = f"; {count(aside, 'assertion')} left aside (contested explain {drawn.name})" if aside else ""
    return f"{drawn.name} by {drawn.codebook}, on {drawn.on}, as known {drawn.known:%Y-%m-%d %H:%M} UTC{left}"


def story(workspace: Workspace, row: Row, known: dt.datetime | None = None) -> Iterator[str]:
    """A row's account for reading, line by line."""
    from contested.write.table import printable
    from contested.write.writer import state

    if any(row.key):
        yield printable(f"{', '.join(row.key)}: {row.value}  [{state(row)}]")
    if row.rule:
        yield printable(f"rule: {row.rule}")
    if row.disputed:
        yield f"disputed: analysts differ on {', '.join(each[:SHORT] for each in row.disputed)}"
    if row.last_evidence:
        yield f"last evidence: {row.last_evidence}"
    reasons = {each.assertion: each.reason for each in row.ignored}
    for heading, ids in (("for", row.support), ("against", row.against), ("left aside", tuple(reasons))):
        if ids:
            yield f"\n{heading}:"
        for each in ids:
            yield from _witness(workspace, workspace.standing(each, known), reasons.get(each, ""))


def account(workspace: Workspace, row: Row, known: dt.datetime | None = None) -> dict[str, Any]:
    """A row with the whole of every assertion it names, as plain data."""
    from contested.write.plain import line, plain

    def lines(ids: tuple[str, ...]) -> list[dict[str, Any]]:
        standings = [workspace.standing(each, known) for each in ids]
        return [line(each, workspace.words(each)) | {"judgements": plain(each.judgements)} for each in standings]

    left = lines(tuple(each.assertion for each in row.ignored))
    ignored = [said | {"reason": each.reason} for said, each in zip(left, row.ignored, strict=True)]
    evidence = {"support": lines(row.support), "against": lines(row.against), "ignored": ignored}
    return {"schema": "contested/explanation/1", **plain(row), **evidence}


def _witness(workspace: Workspace, each: Standing, reason: str) -> Iterator[str]:
    from contested.write.phrase import chain, headline, judged
    from contested.write.table import printable

    said = each.assertion
    yield printable(f"“{workspace.words(each)}”").join(("  ", ""))
    yield "      " + printable(chain(said.voices))
    yield "      " + printable(f"{said.kind}: {headline(said)}")
    yield "      " + printable(" · ".join((str(each.published or "undated"), Path(each.file).name, each.id[:SHORT])))
    for judgement in each.judgements:
        yield "      " + printable(f"judged: {judged(judgement)}")
    if reason:
        yield "      " + printable(f"left aside: {reason}")


def _in_lines(form: str, frame: Picture, drawn: Iterable[Row]) -> Iterator[str]:
    from contested.write.csv import written
    from contested.write.plain import plain

    return written(frame, drawn) if form == "csv" else (compact(plain(row)) for row in drawn)


def _as(form: str, drawn: Picture, workspace: Workspace, width: int) -> str:
    from contested.write import writers
    from contested.write.table import columns, lay_out
    from contested.write.writer import rows

    if form == "table":
        return lay_out(*columns(drawn), width) if rows(drawn) else ""
    if form not in writers():
        raise UsageError(f"no format {form!r}. Choose from: {', '.join(writers())}")
    return writers()[form].write(drawn, workspace.thing)


def _unplaced(drawn: Picture) -> Row:
    from contested.model import Row

    nothing = Row(("",), "", "none", "left aside")
    return next((row for row in drawn.rows if not any(row.key)), nothing)


def _why_empty(workspace: Workspace, drawn: Picture) -> str:
    if next(iter(workspace.assertions()), None) is None:
        return EMPTY
    return (
        f"nothing that was on record at {drawn.known:%Y-%m-%d %H:%M} UTC bears on this picture on {drawn.on}. "
        "Try another day with --on; --known asks what had been added to this workspace by then"
    )
