"""What is on record: assertions, documents."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from contested.cli import clocks
from contested.cli.session import Session, compact, form_of, output_options, session, show, width

if TYPE_CHECKING:
    from contested.ledger import Removal
    from contested.model import Document, Standing
    from contested.workspace import Workspace

EMPTY = "no assertions yet. Next: contested add PATH"
SHORT = 8  # characters of an id shown in tables; any unambiguous beginning is accepted
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
        found = sorted(workspace.documents(), key=lambda each: (str(each.published or ""), each.file, each.id))
        removed = workspace.removals()
    anew = superseded(found)
    if form in ("json", "jsonl"):
        facts = [
            _facts(each) | {"superseded_by": anew.get(each.id), "removed": _removed(removed.get(each.id))}
            for each in found
        ]
        show(objects(form, "documents", facts), output)
    else:
        heads = ["id", "published", "dating", "source", "title", "file", "superseded by"]
        rows = [
            [each.id, str(each.published or ""), each.dating, each.source, title, each.file, anew.get(each.id, "")]
            for each in found
            for title in [str(removed.get(each.id, each.title))]
        ]
        if form == "table":
            rows = [[_short(row[0]), *row[1:-1], _short(row[-1])] for row in rows]
            show(lay_out(heads, rows, width(output)) if rows else "", output)
        else:
            show(sheet(heads, rows), output)
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


def _facts(document: Document) -> dict[str, Any]:
    from contested.write.plain import plain

    return {field: value for field, value in plain(document).items() if field != "text"}
