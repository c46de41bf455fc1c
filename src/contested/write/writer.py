"""What a writer is."""

from collections.abc import Callable
from dataclasses import dataclass

from contested.model import Picture, Row, Thing

Places = Callable[[str], Thing | None]
"""Finds a thing of the register by its id."""


@dataclass(frozen=True)
class Writer:
    """One format: its name, the suffix its files bear, and the function that writes a picture in it."""

    name: str
    suffix: str
    write: Callable[[Picture, Places], str]


def rows(picture: Picture) -> list[Row]:
    """The rows that are about something: all but the one that holds what found no place in any."""
    return [row for row in picture.rows if any(row.key)]


def state(row: Row) -> str:
    """How a row is settled, and whether analysts differ on what it rests on."""
    return f"{row.status}, disputed" if row.disputed else row.status


def cells(picture: Picture, row: Row) -> tuple[str, ...]:
    """A row as the picture's columns name it: the key's parts, the value, the further cells."""
    parts = (*row.key, row.value, *row.cells)
    return parts + ("",) * (len(picture.columns) - len(parts))
