"""A picture as CSV (RFC 4180, UTF-8): a line per row, with the ids of the assertions it rests on."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from contested.model import Picture, Row
from contested.write.plain import moment
from contested.write.writer import Places, Writer, cells, rows

STATE = (
    "status",
    "rule",
    "last_evidence",
    "things",
    "support_ids",
    "against_ids",
    "disputed_ids",
    "picture",
    "codebook",
    "on",
    "known",
)


def write(picture: Picture, _places: Places) -> str:
    return "".join(f"{line}\n" for line in written(picture, rows(picture)))


def written(picture: Picture, of: Iterable[Row]) -> Iterator[str]:
    """Rows of a picture line by line, under its columns; they need not be held by it."""
    shared = (picture.name, picture.codebook, picture.on.isoformat(), moment(picture.known))
    lines = (
        (
            *cells(picture, row),
            row.status,
            row.rule,
            row.last_evidence.isoformat() if row.last_evidence else "",
            " ".join(row.things).strip(),
            " ".join(row.support),
            " ".join(row.against),
            " ".join(row.disputed),
            *shared,
        )
        for row in of
    )
    return in_lines((*picture.columns, *STATE), lines)


def sheet(columns: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Columns and lines as CSV text, every cell safe to open in a spreadsheet."""
    return "".join(f"{line}\n" for line in in_lines(columns, lines))


def in_lines(columns: Sequence[str], lines: Iterable[Sequence[str]]) -> Iterator[str]:
    """The same line by line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")  # whose characters are quoted in a cell
    for line in chain((columns,), lines):
        writer.writerow([inert(cell) for cell in line])
        yield out.getvalue()[:-1]
        out.seek(0)
        out.truncate()


def inert(cell: str) -> str:
    """The cell, with a leading apostrophe where a spreadsheet would run it as a formula (OWASP, CSV injection).

    A bare carriage return, which many readers take for the end of a row, becomes a line feed.
    """
    cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    if not cell.startswith(("=", "+", "-", "@", "\t", "\n")):
        return cell
    try:
        float(cell)
    except ValueError:
        return "'" + cell
    return cell


WRITER = Writer("csv", ".csv", write)
