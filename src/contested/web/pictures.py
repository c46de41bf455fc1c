"""The pages of pictures as tables; each row opens onto its evidence."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from contested.model import Picture, Row
from contested.web import palette
from contested.web.ask import Ask, missing
from contested.web.evidence import Section, sections, tally
from contested.web.listing import page_of
from contested.web.render import Answer, spaced

if TYPE_CHECKING:
    from contested.derive import Codebook

ROWS = 150  # of a table, on one page
VIEWS = ("map", "table")
STATUSES = {
    "settled": "settled",
    "contested": "contested: sources disagree",
    "claimed": "claimed only, not confirmed",
    "stale": "stale: the last evidence is old",
    "none": "no information",
}
MAPPED = "control"  # the picture the map draws


class Panel(msgspec.Struct, frozen=True):
    """The evidence behind one row; no row when this picture has none of that name."""

    key: str
    row: Row | None
    sections: list[Section] = []

    @property
    def data(self) -> dict[str, Any]:
        """The panel for the JSON twin."""
        lines = {part.name: [card.line | {"reason": card.reason} for card in part.cards] for part in self.sections}
        return {"key": self.key, "row": self.row, **lines}


def show_picture(ask: Ask) -> Answer:
    """Any picture as a table."""
    name = ask.path["name"]
    book = ask.record.codebook(name, ask.view)
    if book is None:
        raise missing(f"There is no picture called “{name}”. There is: {', '.join(ask.record.pictures())}.")
    if weight := ask.record.weight(book, ask.view):
        return too_large(ask, book, weight)
    return table(ask, book, ask.record.picture(book, ask.view), f"/picture/{name}", "row")


def too_large(ask: Ask, book: Codebook, weight: int) -> Answer:
    """A picture nobody can wait for: how it is written to a file instead."""
    name = book.picture or book.name
    options = {"--on": ask.view.on, "--known": ask.view.known, "--codebook": book.name if book.name != name else ""}
    given = "".join(f" {option} {value}" for option, value in options.items() if value)
    command = f"contested picture {name}{given} --csv -o {name}.csv"
    return Answer("large", book.title, {"picture": name, "assertions": weight, "command": command}, {"book": book})


def keyed(rows: Sequence[Row]) -> dict[Row, str]:
    """Each row's key as it stands in a link; where two rows are spelled alike, with their things."""
    spelled = Counter(row.key for row in rows)
    return {row: "/".join(row.key if spelled[row.key] == 1 else (*row.key, *row.things)) for row in rows}


def age(row: Row, on: dt.date) -> str:
    """How long ago the last evidence was, seen from the day looked at."""
    if row.last_evidence is None:
        return ""
    days = (on - row.last_evidence).days
    return "that day" if days == 0 else "a day before" if days == 1 else f"{days} days before"


def table(ask: Ask, book: Codebook, picture: Picture, path: str, parameter: str) -> Answer:
    rows, aside = apart(picture)
    keys = keyed(rows)
    kept = {name: ask.asked(name, known) for name, known in _NARROWED.items()} | {"q": ask.query.get("q", "").strip()}
    found = [row for row in rows if _fits(row, kept["status"], kept["q"])]
    listing = page_of(_ordered(found, kept["sort"]), ask.page, ROWS)
    looks = palette.looks((row.value for row in rows), declared(book)) if picture.name == MAPPED else {}
    panel = panel_of(ask, keys, ask.query.get(parameter, ""))
    turned = kept | {"page": listing.page if listing.page > 1 else ""}
    shown = msgspec.structs.replace(picture, rows=listing.items)
    return Answer(
        "picture",
        f"{spaced(picture.name).capitalize()} on {picture.on}",
        {"picture": shown, **listing.count, "evidence": panel.data if panel else None},
        shared(ask, book, picture, aside, panel)
        | {
            "listing": listing,
            "columns": picture.columns,
            "keys": len(picture.columns) - 1 - len(book.cells),
            "filled": [n for n in range(len(book.cells)) if any(row.cells[n] for row in listing.items if row.cells)],
            "statuses": tally(row.status for row in rows),
            "kept": kept,
            "links": {
                row: ask.view.link(path, "evidence", **turned, **{parameter: keys[row]}) for row in listing.items
            },
            "looks": looks,
            "swatch": palette.swatch,
            "defs": palette.patterns(looks.values()) if looks else "",
        },
    )


def shared(ask: Ask, book: Codebook, picture: Picture, aside: Row | None, panel: Panel | None) -> dict[str, Any]:
    """What the map and the table both show."""
    books = ask.record.pictures()[picture.name]
    return {"on": picture.on, "book": book, "books": books, "aside": aside, "panel": panel, "age": age}


def apart(picture: Picture) -> tuple[list[Row], Row | None]:
    """The rows that are of something, and the one that gathers what is of nothing."""
    rows = [row for row in picture.rows if any(row.key)]
    return rows, next((row for row in picture.rows if not any(row.key)), None)


def panel_of(ask: Ask, keys: dict[Row, str], key: str) -> Panel | None:
    if not key:
        return None
    row = next((row for row, name in keys.items() if name == key), None)
    return Panel(key, row, sections(ask.record, ask.view, row) if row else [])


def declared(book: Codebook) -> list[str]:
    """The values a codebook names outright: they get their looks first, so these never change with the day."""
    return [meaning.value for meaning in book.means if meaning.value and "{" not in meaning.value]


def _fits(row: Row, status: str, words: str) -> bool:
    text = " ".join((*row.key, row.value, *row.cells)).casefold()
    return (not status or row.status == status) and all(word in text for word in words.casefold().split())


def _ordered(rows: list[Row], sort: str) -> list[Row]:
    """By key as drawn, or by value, status, evidence or last; a minus turns it round."""
    by = _SORTS.get(sort.removeprefix("-"))
    return sorted(rows, key=by, reverse=sort.startswith("-")) if by else rows


_SORTS: dict[str, Callable[[Row], Any]] = {
    "value": lambda row: row.value.casefold(),
    "status": lambda row: row.status,
    "evidence": lambda row: len(row.support) + len(row.against),
    "last": lambda row: row.last_evidence or dt.date.min,
}
_NARROWED = {
    "view": VIEWS,
    "status": STATUSES,
    "sort": [sign + name for name in _SORTS for sign in ("", "-")],
}
