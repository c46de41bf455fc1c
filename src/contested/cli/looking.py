"""What is on record: assertions, documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from contested.cli import clocks
from contested.cli.progress import Counted
from contested.cli.session import (
    Session,
    compact,
    form_of,
    on_screen,
    output_options,
    pour,
    session,
    show,
    width,
)
from contested.cli.streaming import LONG, Form, lines, worded

if TYPE_CHECKING:
    from contested.ledger import Removal
    from contested.model import Document, Standing
    from contested.workspace import Workspace

EMPTY = "no assertions yet. Next: contested add PATH"
SHORT = 8  # characters of an id shown in tables; any unambiguous beginning is accepted
_HEADS = ("id", "published", "dating", "source", "title", "file", "superseded by")
_COLUMNS = ("id", "kind", "said", "voices", "published", "quote", "source", "file")


@click.command()
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only of this kind; may be given again.")
@click.option("--document", default="", metavar="ID", help="Only from this document.")
@clocks.known
@output_options("json", "jsonl", "csv")
@session
def assertions(
    here: Session,
    kinds: tuple[str, ...],
    document: str,
    known: dt.datetime | None,
    form: str | None,
    output: str,
) -> None:
    """List what stands, with words and voices."""
    form = form_of(form, output, ("json", "jsonl", "csv"))
    check_kinds(kinds)
    with here.open() as workspace:
        if not document and not workspace.ledger.as_known(known).at_most(LONG, kinds):
            here.tell("there are many: report by report, in the order of the reports’ ids")
            told = Counted(workspace.assertions(kinds, known=known), "assertions", here.quiet or on_screen(output))
            pour(_assertions_in_lines(form, workspace, told, width(output)), output)
            return
        found = sorted(workspace.assertions(kinds, document, known), key=_reading_order)
        show(_as(form, workspace, found, width(output)), output)
    if not found:
        here.tell(EMPTY if not (kinds or document or known) else "no assertions of that sort")


@click.command()
@output_options("json", "jsonl", "csv")
@session
def documents(here: Session, form: str | None, output: str) -> None:
    """List the reports that were read."""
    from contested.workspace import superseded
    from contested.write.csv import sheet
    from contested.write.table import lay_out

    form = form_of(form, output, ("json", "jsonl", "csv"))
    with here.open() as workspace:
        if workspace.ledger.as_known().shelved() > LONG:
            here.tell("there are many: in the order of their ids")
            told = Counted(workspace.documents(), "documents", here.quiet or on_screen(output))
            pour(_documents_in_lines(form, told, workspace.removals(), width(output)), output)
            return
        found = sorted(workspace.documents(), key=lambda each: (str(each.published or ""), each.file, each.id))
        removed = workspace.removals()
    anew = superseded(found)
    if form in ("json", "jsonl"):
        show(objects(form, "documents", [_facts(each, anew, removed) for each in found]), output)
    elif form == "csv":
        show(sheet(_HEADS, [_document_row(each, anew, removed) for each in found]), output)
    else:
        rows = [_shortened(_document_row(each, anew, removed)) for each in found]
        show(lay_out(_HEADS, rows, width(output)) if rows else "", output)
    if not found:
        here.tell("no documents yet. Next: contested add PATH")


def _removed(removal: Removal | None) -> dict[str, str] | None:
    return removal and {"reason": removal.reason, "by": removal.by, "at": f"{removal.at:%Y-%m-%dT%H:%M:%SZ}"}


def objects(form: str, name: str, values: list[dict[str, Any]]) -> str:
    """Values as one JSON object under a schema's name, or as one a line."""
    if form == "jsonl":
        return "".join(compact(value) + "\n" for value in values)
    return compact({"schema": f"contested/{name}/1", name: values})


def _short(document: str) -> str:
    """The beginning of a document's id, with the number of its telling if it has one."""
    first, dot, number = document.partition(".")
    return first[:SHORT] + dot + number


def check_kinds(kinds: tuple[str, ...]) -> None:
    """UsageError when there is no such kind."""
    from typing import get_args

    from contested.errors import UsageError
    from contested.model import AnyContent

    known = [str(content.__struct_config__.tag) for content in get_args(AnyContent)]
    for kind in kinds:
        if kind not in known:
            raise UsageError(f"no kind {kind!r}. Choose from: {', '.join(known)}")


def _as(form: str, workspace: Workspace, found: list[Standing], width: int) -> str:
    from contested.write.csv import sheet
    from contested.write.plain import line
    from contested.write.table import lay_out

    if form in ("json", "jsonl"):
        return objects(form, "assertions", [line(each, workspace.words(each)) for each in found])
    rows = [_row(each, workspace.words(each)) for each in found]
    if form == "csv":
        return sheet(_COLUMNS, rows)
    return lay_out(_COLUMNS[:-2], [[row[0][:SHORT], *row[1:-2]] for row in rows], width) if rows else ""


def _reading_order(each: Standing) -> tuple[str, str, int, str]:
    """By day of publication, then as the words stand in their report."""
    quote = each.assertion.quote
    return str(each.published or ""), each.file, quote.start if quote else 0, each.id


def _row(each: Standing, words: str) -> list[str]:
    from contested.write.phrase import chain, headline

    said = each.assertion
    published = str(each.published or "")
    return [each.id, said.kind, headline(said), chain(said.voices), published, words, each.source, each.file]


def _facts(document: Document, anew: Mapping[str, str], removed: Mapping[str, Removal]) -> dict[str, Any]:
    from contested.write.plain import plain

    facts = {field: value for field, value in plain(document).items() if field != "text"}
    return facts | {"superseded_by": anew.get(document.id), "removed": _removed(removed.get(document.id))}


def _document_row(each: Document, anew: Mapping[str, str], removed: Mapping[str, Removal]) -> list[str]:
    title = str(removed.get(each.id, each.title))
    told = (str(each.published or ""), each.dating, each.source, title, each.file)
    return [each.id, *told, anew.get(each.id, "")]


def _shortened(row: list[str]) -> list[str]:
    return [_short(row[0]), *row[1:-1], _short(row[-1])]


# ── more than can be held ────────────────────────────────────────────────────────────────────────


def _assertions_in_lines(form: str, workspace: Workspace, found: Iterable[Standing], width: int) -> Iterator[str]:
    from contested.write.plain import line

    def row(told: tuple[Standing, str]) -> list[str]:
        whole = _row(*told)
        return [whole[0][:SHORT], *whole[1:-2]] if form == "table" else whole

    heads = _COLUMNS[:-2] if form == "table" else _COLUMNS
    yield from lines(form, Form("assertions", heads, lambda told: line(*told), row), worded(workspace, found), width)


def _documents_in_lines(
    form: str, found: Iterable[Document], removed: Mapping[str, Removal], width: int
) -> Iterator[str]:
    """The tellings of a report come one after another: each knows the last."""
    from contested.workspace import superseded

    def told() -> Iterator[tuple[Document, Mapping[str, str]]]:
        for _, tellings in groupby(found, key=lambda each: each.id.partition(".")[0]):
            same = list(tellings)
            yield from ((each, superseded(same)) for each in same)

    def row(each: tuple[Document, Mapping[str, str]]) -> list[str]:
        told = _document_row(*each, removed)
        return _shortened(told) if form == "table" else told

    yield from lines(form, Form("documents", _HEADS, lambda each: _facts(*each, removed), row), told(), width)
