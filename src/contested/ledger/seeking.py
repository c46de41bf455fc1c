"""Questions that go straight to what they ask for, as known at one moment: they cost by the answer, not by the record.

known = ledger.as_known(moment)
known.values("control", "place")            every place of which control was told
known.parties({"control": {"holder"}}, since, on)
known.backwards("control", rows, on)        what speaks of each row, from a day backwards
known.page(kinds, place=…, since=…, until=…)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import cache
from typing import Any, Self

from sqlalchemy import Connection, Select, bindparam, select, union_all

from contested.ledger.backwards import Backwards
from contested.ledger.counting import COLUMNS, number
from contested.ledger.facets import NOTHING, PARTIES, named
from contested.ledger.leafing import Leaves
from contested.ledger.named import beginning
from contested.ledger.tables import readings, terms
from contested.ledger.views import READ, Kinds, stood
from contested.ledger.walking import slices
from contested.ledger.written import as_key
from contested.model import Name, Standing


class Known(Leaves):
    """The record as known at a moment: up to one entry."""

    # ── who and where ────────────────────────────────────────────────────────────────────────────

    def values(self, kind: str, facet: str) -> dict[int, Name]:
        """Every place (actor, other party) of which this kind ever told, by its number in the index."""
        with self._reading() as connection:
            rows = connection.execute(_values(facet), {"kind": Kinds(connection, [kind]).only}).all()
            return {n: named(words) for n, words in rows}

    def parties(self, fields: Mapping[str, Collection[str]], since: dt.date, until: dt.date) -> list[Name]:
        """Whom assertions of these kinds name in these fields, of all that speak of a day from `since` to `until`."""
        days = {"since": since.toordinal(), "until": until.toordinal(), "upto": self._upto}
        found: dict[int, str] = {}
        with self._reading() as connection:
            for kind, names in fields.items():
                given = days | {"kind": Kinds(connection, [kind]).only}
                for name in names:
                    rows = connection.execute(_named_within("actor" if PARTIES[kind][0] == name else "other"), given)
                    found |= {row.n: row.words for row in rows}
        return [named(words) for words in found.values()]

    def latest(self, until: dt.date, kinds: Collection[str] = ()) -> dt.date | None:
        """The last day, up to one, of which anything of these kinds speaks."""
        with self._reading() as connection:
            days = [
                connection.execute(self._of(kind).where(readings.c.day <= until.toordinal()).limit(1)).scalar()
                for kind in Kinds(connection, kinds).every(connection)
            ]
        last = max((day for day in days if day is not None), default=None)
        return dt.date.fromordinal(last) if last else None

    def _of(self, kind: int) -> Select[Any]:
        asked = select(readings.c.day).where(readings.c.kind == kind, stood(self._upto))
        return asked.order_by(readings.c.day.desc())

    def some(self, ids: Sequence[str]) -> dict[str, Standing]:
        """Those of these assertions that stand, by their ids."""
        keys = [key for key in map(as_key, ids) if key]
        found: dict[str, Standing] = {}
        for some in slices(keys):
            asked = READ.where(readings.c.id.in_(some), stood(self._upto))
            with self._reading() as connection:
                rows = connection.execute(asked).all()
                found |= {each.id: each for each in self._views.standings(connection, rows, self._upto)}
        return found

    # ── pages ────────────────────────────────────────────────────────────────────────────────────

    def page(
        self,
        kinds: Collection[str] = (),
        *,
        of_type: str = "",
        place: str = "",
        since: dt.date | None = None,
        until: dt.date | None = None,
        last_first: bool = False,
        skip: int = 0,
        limit: int = 100,
    ) -> list[Standing]:
        """Assertions in the order of the days they speak of (from `since`, before `until`), so many of them.

        `of_type` is one of events; `place` is a thing's id, or words as written. Those of one day come in the order of
        their ids, and those of none not at all: see `undated`.
        """
        with self._reading() as connection:
            numbers = Kinds(connection, kinds).every(connection)
            where = [stood(self._upto), readings.c.day.is_not(None), *_days(since, until)]
            if of_type:
                where.append(readings.c.type == number(connection, of_type))
            if place:
                asked = select(terms.c.n).where(terms.c.words.in_((place, NOTHING + place)))
                where.append(readings.c.place.in_(connection.execute(asked).scalars().all() or [-1]))
            return self._in_order(connection, numbers, where, last_first, skip, limit)

    def undated(
        self,
        kinds: Collection[str] = (),
        *,
        of_type: str = "",
        last_first: bool = False,
        skip: int = 0,
        limit: int = 100,
    ) -> list[Standing]:
        """Those that speak of no day, in the order of their ids."""
        with self._reading() as connection:
            where = [stood(self._upto), readings.c.day.is_(None)]
            if of_type:
                where.append(readings.c.type == number(connection, of_type))
            numbers = Kinds(connection, kinds).every(connection)
            return self._in_order(connection, numbers, where, last_first, skip, limit)

    def _in_order(
        self, connection: Connection, kinds: Iterable[int], where: list[Any], last_first: bool, skip: int, limit: int
    ) -> list[Standing]:
        walks = [_walk([readings.c.kind == kind, *where], last_first, skip + limit) for kind in kinds]
        if not walks:
            return []
        together = union_all(*(select(walk.subquery()) for walk in walks)).subquery()
        order = _order_of(together, last_first)
        rows = connection.execute(select(together.c.n).order_by(*order).offset(skip).limit(limit)).scalars().all()
        found = {row.n: row for row in connection.execute(READ.where(readings.c.n.in_(rows)))}
        return self._views.standings(connection, [found[n] for n in rows], self._upto)

    def newest(self, ids: Sequence[str], limit: int) -> list[Standing]:
        """Of those of these assertions that stand so many that speak of the last days, the last first."""
        found: list[Any] = []
        for some in slices([key for key in map(as_key, ids) if key]):
            asked = select(readings.c.n, readings.c.id, readings.c.day).where(readings.c.id.in_(some))
            with self._reading() as connection:
                found += connection.execute(asked.where(stood(self._upto))).all()
        found.sort(key=lambda row: (row.day or 0, row.id), reverse=True)
        keys = [row.id.hex() for row in found[:limit]]
        standing = self.some(keys)
        return [standing[key] for key in keys if key in standing]

    def begun(self, prefix: str, limit: int) -> list[Standing]:
        """So many of those whose id begins so, in the order of their ids."""
        if not (ends := beginning(prefix)):
            return []
        with self._reading() as connection:
            asked = READ.where(readings.c.id.between(*ends), stood(self._upto))
            rows = connection.execute(asked.order_by(readings.c.id).limit(limit)).all()
            return self._views.standings(connection, rows, self._upto)

    # ── from a day backwards ─────────────────────────────────────────────────────────────────────

    def backwards(self, kind: str, rows: Sequence[Sequence[int]], on: dt.date) -> Backwards:
        """What speaks of these rows of places (numbers of `values`) from a day backwards; to be asked while `held`."""
        with self._reading() as connection:
            of_kind = Kinds(connection, [kind]).only
            return Backwards(connection, self._views, self._upto, of_kind, rows, on.toordinal())

    @contextmanager
    def held(self) -> Iterator[Self]:
        """The same, asked of one state of the record throughout: between two, numbers may be given anew."""
        with self._reading() as connection:
            yield type(self)(lambda: nullcontext(connection), self._views, self._upto, self._now)


@cache
def _named_within(facet: str) -> Any:
    """The numbers and words of whom readings of a kind that stand name there, of all that speak of some days."""
    column = COLUMNS[facet]
    asked = select(column).where(
        readings.c.kind == bindparam("kind"),
        readings.c.day.between(bindparam("since"), bindparam("until")),
        readings.c.since <= bindparam("upto"),
        readings.c.until > bindparam("upto"),
        column.is_not(None),
    )
    return select(terms.c.n, terms.c.words).where(terms.c.n.in_(asked.distinct()))


@cache
def _values(facet: str) -> Any:
    """The numbers and words of every value that readings of a kind have there."""
    column = COLUMNS[facet]
    # The least, then the least after it …: one seek for each. `min` would go over all that come after.
    least = select(column.label("value")).where(readings.c.kind == bindparam("kind"), column.is_not(None))
    least = least.order_by(column).limit(1)
    walk = select(least.subquery().c.value).cte("walk", recursive=True)
    after = least.where(column > walk.c.value).scalar_subquery()
    walk = walk.union_all(select(after).where(walk.c.value.is_not(None)))
    return select(terms.c.n, terms.c.words).where(terms.c.n.in_(select(walk.c.value).where(walk.c.value.is_not(None))))


def _walk(where: Iterable[Any], last_first: bool, limit: int) -> Select[Any]:
    asked = select(readings.c.n, readings.c.day, readings.c.id).where(*where)
    return asked.order_by(*_order_of(readings, last_first)).limit(limit)


def _order_of(table: Any, last_first: bool) -> tuple[Any, ...]:
    return (table.c.day.desc(), table.c.id.desc()) if last_first else (table.c.day, table.c.id)


def _days(since: dt.date | None, until: dt.date | None) -> Iterator[Any]:
    if since is not None:
        yield readings.c.day >= since.toordinal()
    if until is not None:
        yield readings.c.day < until.toordinal()
