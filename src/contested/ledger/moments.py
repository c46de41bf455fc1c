"""Where in the record a moment lies."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, bindparam, case, exists, func, literal, select

from contested.ledger.tables import entries

_NUMBER: Any = select(func.max(entries.c.n))
_ENTRY = select(entries).order_by(entries.c.n.desc()).limit(1)


def _halving() -> Any:
    """The last entry recorded by a moment. Moments go up with the numbers of entries, so that no index is needed: it is
    one of those from `low` to `high`, of which half is looked at further."""
    whole = select(literal(0).label("low"), func.coalesce(_NUMBER.scalar_subquery(), 0).label("high"))
    span = whole.cte("span", recursive=True)
    middle = (span.c.low + span.c.high + 1) // 2
    later = exists().where(entries.c.n == middle, entries.c.recorded_at > bindparam("before"))
    half = select(case((later, span.c.low), else_=middle), case((later, middle - 1), else_=span.c.high))
    span = span.union_all(half.where(span.c.low < span.c.high))
    return select(span.c.low).where(span.c.low == span.c.high).limit(1)


_BY = _halving()


def last_entry(connection: Connection) -> Row[Any] | None:
    """The last entry, without its body; None when there is none."""
    return connection.execute(_ENTRY).first()


def last_by(connection: Connection, before: int | None) -> int:
    """The number of the last entry recorded by a moment, or of the last of all; 0 when there is none."""
    if before is None:
        return connection.execute(_NUMBER).scalar() or 0
    return connection.execute(_BY, {"before": before}).scalar() or 0
