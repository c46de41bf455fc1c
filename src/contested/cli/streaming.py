"""More than can be held: results laid out line by line as they are found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from contested.cli.session import compact

if TYPE_CHECKING:
    from contested.model import Standing
    from contested.workspace import Workspace

T = TypeVar("T")
LONG = 50_000  # things that are held at once without a thought
AT_ONCE = 500  # assertions whose reports are read together
BLOCK = 1_000  # rows of a table laid out together


class Form(NamedTuple, Generic[T]):
    """How one thing is told: under a name as plain data, or under heads as a row."""

    name: str
    heads: Sequence[str]
    data: Callable[[T], dict[str, Any]]
    row: Callable[[T], list[str]]


def lines(form: str, told: Form[T], found: Iterable[T], width: int) -> Iterator[str]:
    """Things as JSON, JSON lines, CSV or a table in blocks."""
    from contested.write.csv import in_lines
    from contested.write.table import lay_out

    if form == "jsonl":
        yield from (compact(told.data(each)) for each in found)
    elif form == "json":
        yield f'{{"schema": {compact(f"contested/{told.name}/1")}, {compact(told.name)}: ['
        for at, each in enumerate(found):
            yield (", " if at else "") + compact(told.data(each))
        yield "]}"
    elif form == "csv":
        yield from in_lines(told.heads, map(told.row, found))
    else:
        left = map(told.row, found)
        while some := list(islice(left, BLOCK)):
            yield lay_out(told.heads, some, width)


def worded(workspace: Workspace, found: Iterable[Standing]) -> Iterator[tuple[Standing, str]]:
    """Assertions with the exact words they rest on, many reports read together."""
    left = iter(found)
    while some := list(islice(left, AT_ONCE)):
        reports = workspace.ledger.read({each.assertion.quote.document for each in some if each.assertion.quote})
        for each in some:
            quote = each.assertion.quote
            report = reports.get(quote.document) if quote else None
            yield each, report.text[quote.start : quote.end] if quote and report else ""
