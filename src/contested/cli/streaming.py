"""More than can be held: results laid out line by line as they are found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from contested.cli.session import compact

if TYPE_CHECKING:
    from contested.model import Standing
    from contested.workspace import Workspace

LONG = 5_000  # things that are held at once without a thought
AT_ONCE = 500  # assertions whose reports are read together
BLOCK = 1_000  # rows of a table laid out together


def lines(
    form: str, name: str, heads: Sequence[str], found: Iterable[tuple[dict[str, Any], list[str]]], width: int
) -> Iterator[str]:
    """Things as JSON, JSON lines, CSV or a table of blocks; each is given as plain data and as a row."""
    from contested.write.csv import in_lines
    from contested.write.table import lay_out

    if form == "jsonl":
        yield from (compact(data) for data, _ in found)
    elif form == "json":
        yield f'{{"schema": {compact(f"contested/{name}/1")}, {compact(name)}: ['
        for at, (data, _) in enumerate(found):
            yield (", " if at else "") + compact(data)
        yield "]}"
    elif form == "csv":
        yield from in_lines(heads, (row for _, row in found))
    else:
        left = (row for _, row in found)
        while some := list(islice(left, BLOCK)):
            yield lay_out(heads, some, width)


def worded(workspace: Workspace, found: Iterable[Standing]) -> Iterator[tuple[Standing, str]]:
    """Assertions with the exact words they rest on, many reports read together."""
    left = iter(found)
    while some := list(islice(left, AT_ONCE)):
        reports = workspace.ledger.read({each.assertion.quote.document for each in some if each.assertion.quote})
        for each in some:
            quote = each.assertion.quote
            report = reports.get(quote.document) if quote else None
            yield each, report.text[quote.start : quote.end] if quote and report else ""
