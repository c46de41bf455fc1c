"""Going over very many rows or values, some at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select

from contested.errors import LedgerError

AT_ONCE = 10_000  # parameters of one statement; databases allow some thirty thousand
ROWS = 500  # read at a time
A = TypeVar("A")


def slices(values: Sequence[A]) -> Iterator[Sequence[A]]:
    """So many as one statement may ask for, at a time."""
    for first in range(0, len(values), AT_ONCE):
        yield values[first : first + AT_ONCE]


def in_order(connection: Connection, asked: Select[Any], key: Any) -> Iterator[Row[Any]]:
    """All rows in the order of a key. LedgerError where a damaged index would lead in a circle."""
    some, after = asked.order_by(key).limit(ROWS), None
    while rows := connection.execute(some).all():
        yield from rows
        after = onward(after, getattr(rows[-1], key.name))
        some = asked.where(key > after).order_by(key).limit(ROWS)


def onward(before: Any, after: Any) -> Any:
    """The next place to read on from. LedgerError where a damaged index would lead in a circle."""
    if before is not None and not after > before:
        raise LedgerError("the file is damaged: an index is out of order. Run: contested verify")
    return after
