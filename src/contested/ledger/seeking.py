"""Questions that go straight to what they ask for, as known at one moment: they cost by the answer, not by the record.

known = ledger.as_known(moment)
known.values("control", "place")            every place of which control was told
known.parties({"control": {"holder"}}, since, on)
known.backwards("control", rows, on)        the standings of each row, from a day back, as far as they are asked for
known.page(kinds, place=…, since=…, until=…)
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, literal_column, or_, select, union_all

from contested.ledger.readings import PARTIES, named
from contested.ledger.tables import readings, terms
from contested.ledger.views import Kinds, Views, stood
from contested.model import Name, Standing

Reading = Callable[[], AbstractContextManager[Connection]]
SOME: ColumnElement[int] = literal_column("0")  # written out, so that an index over some rows is known to hold them
PAGE = 1_500  # rows of the index read at a time, of all places together
PAGES = 4  # before the places still asked for are sought one by one
FIRST, NEXT = 3, 4  # standings made at once for every row, and for one that asks for more
SOUGHT = 50  # rows of one place read at a time
COLUMNS = {"place": readings.c.place, "actor": readings.c.actor, "other": readings.c.other}


class Known:
    """The record as known at a moment: up to one entry."""

    def __init__(self, reading: Reading, views: Views, upto: int) -> None:
        self._reading, self._views, self._upto = reading, views, upto

    # ── who and where ────────────────────────────────────────────────────────────────────────────

    def values(self, kind: str, facet: str) -> dict[int, Name]:
        """Every place (actor, other party) of which this kind ever told, by its number in the index."""
        column = COLUMNS[facet]
        with self._reading() as connection:
            of_kind = Kinds(connection, [kind]).only
            first: Any = select(func.min(column).label("value")).where(readings.c.kind == of_kind, column > SOME)
            walk = first.cte("walk", recursive=True)
            after = select(func.min(column)).where(readings.c.kind == of_kind, column > SOME, column > walk.c.value)
            walk = walk.union_all(select(after.scalar_subquery()).where(walk.c.value.is_not(None)))
            return _names(connection, select(walk.c.value).where(walk.c.value.is_not(None)))

    def parties(self, fields: Mapping[str, Collection[str]], since: dt.date, until: dt.date) -> list[Name]:
        """Whom assertions of these kinds name in these fields, of all that speak of a day from `since` to `until`."""
        found: dict[int, Name] = {}
        with self._reading() as connection:
            for kind, names in fields.items():
                for column in [_column(kind, field) for field in names]:
                    asked = (
                        select(column)
                        .distinct()
                        .where(
                            readings.c.kind == Kinds(connection, [kind]).only,
                            readings.c.day.between(since.toordinal(), until.toordinal()),
                            stood(self._upto),
                            column > SOME,
                        )
                    )
                    found |= _names(connection, asked)
        return list(found.values())

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

    def count(self, kinds: Collection[str] = ()) -> int:
        """How many assertions of these kinds stand, or of all."""
        with self._reading() as connection:
            asked = select(func.count()).select_from(readings).where(stood(self._upto))
            return connection.execute(
                asked.where(readings.c.kind.in_(Kinds(connection, kinds).every(connection)))
            ).scalar_one()

    # ── pages ────────────────────────────────────────────────────────────────────────────────────

    def page(
        self,
        kinds: Collection[str] = (),
        *,
        place: str = "",
        since: dt.date | None = None,
        until: dt.date | None = None,
        last_first: bool = False,
        skip: int = 0,
        limit: int = 100,
    ) -> list[Standing]:
        """Assertions in the order of the days they speak of (from `since`, before `until`), so many of them.

        `place` is a thing's id, or words as written.
        """
        with self._reading() as connection:
            numbers = Kinds(connection, kinds).every(connection)
            where = [stood(self._upto), *_days(since, until)]
            if place:
                asked = select(terms.c.n).where(terms.c.words.in_((place, f"?{place}")))
                where.append(readings.c.place.in_(connection.execute(asked).scalars().all() or [-1]))
                where.append(readings.c.place > SOME)
            walks = [_walk([readings.c.kind == kind, *where], last_first, skip + limit) for kind in numbers]
            if not walks:
                return []
            together = union_all(*(select(walk.subquery()) for walk in walks)).subquery()
            order = (together.c.day.desc(), together.c.n.desc()) if last_first else (together.c.day, together.c.n)
            rows = connection.execute(select(together.c.n).order_by(*order).offset(skip).limit(limit)).scalars().all()
            found = {row.n: row for row in connection.execute(select(readings).where(readings.c.n.in_(rows)))}
            return self._views.standings(connection, [found[n] for n in rows], self._upto)

    # ── from a day backwards ─────────────────────────────────────────────────────────────────────

    def backwards(self, kind: str, rows: Sequence[Collection[int]], on: dt.date) -> list[Iterator[Standing]]:
        """For each of these rows of places (numbers of `values`), what speaks of them, the last day up to `on` first.

        Nothing is read that is not asked for, but for a little read ahead for all of them together.
        """
        with self._reading() as connection:
            of_kind = Kinds(connection, [kind]).only
        back = _Backwards(self._reading, self._views, self._upto, of_kind, rows, on.toordinal())
        return [back.standings(row) for row in range(len(rows))]


class _Backwards:
    """Rows of the index read from a day backwards, all places together, then place by place."""

    def __init__(
        self, reading: Reading, views: Views, upto: int, kind: int, rows: Sequence[Collection[int]], on: int
    ) -> None:
        self._reading, self._views, self._upto = reading, views, upto
        self._rows = rows
        self._row_of = {place: row for row, places in enumerate(rows) for place in places}
        self._asked = (
            select(readings)
            .where(readings.c.kind == kind, stood(upto))
            .order_by(readings.c.day.desc(), readings.c.n.desc())
        )
        self._from: tuple[int, int] = (on, 2**31 - 1)  # what was read so far is of later days
        self._pages = 0
        self._over = False
        self._waiting: list[deque[Any]] = [deque() for _ in rows]
        self._made: dict[int, Standing] = {}

    def standings(self, row: int) -> Iterator[Standing]:
        while True:
            while self._waiting[row]:
                each = self._waiting[row].popleft()
                if each.n not in self._made:
                    self._make([each, *list(self._waiting[row])[: NEXT - 1]])
                if found := self._made.pop(each.n, None):
                    yield found
            if self._over or self._pages >= PAGES:
                break
            self._read()
        if not self._over:
            yield from self._sought(row)

    def _read(self) -> None:
        """The next page, of all places together."""
        with self._reading() as connection:
            found = connection.execute(self._asked.where(_before(*self._from)).limit(PAGE)).all()
        self._pages += 1
        self._over = len(found) < PAGE
        for each in found:
            row = self._row_of.get(each.place)
            if row is not None:
                self._waiting[row].append(each)
        if found:
            self._from = (found[-1].day, found[-1].n)
        if self._pages == 1:
            self._make([each for waiting in self._waiting for each in list(waiting)[:FIRST]])

    def _make(self, rows: Sequence[Any]) -> None:
        with self._reading() as connection:
            made = self._views.standings(connection, rows, self._upto)
        by_id = {each.id: each for each in made}
        self._made |= {row.n: by_id[row.id.hex()] for row in rows if row.id.hex() in by_id}

    def _sought(self, row: int) -> Iterator[Standing]:
        """What lies before everything read so far, of the places of one row."""
        at = self._from
        while True:
            asked = self._asked.where(readings.c.place.in_(list(self._rows[row])), readings.c.place > SOME)
            with self._reading() as connection:
                found = connection.execute(asked.where(_before(*at)).limit(SOUGHT)).all()
                made = self._views.standings(connection, found, self._upto)
            yield from made
            if len(found) < SOUGHT:
                return
            at = (found[-1].day, found[-1].n)


def _before(day: int, n: int) -> Any:
    """Of an earlier day, or of that day and earlier in the index."""
    return (readings.c.day <= day) & or_(readings.c.day < day, readings.c.n < n)


def _walk(where: Iterable[Any], last_first: bool, limit: int) -> Select[Any]:
    order = (readings.c.day.desc(), readings.c.n.desc()) if last_first else (readings.c.day, readings.c.n)
    asked = select(readings.c.n, readings.c.day).where(*where, readings.c.day.is_not(None))
    return asked.order_by(*order).limit(limit)


def _days(since: dt.date | None, until: dt.date | None) -> Iterator[Any]:
    if since is not None:
        yield readings.c.day >= since.toordinal()
    if until is not None:
        yield readings.c.day < until.toordinal()


def _column(kind: str, field: str) -> Any:
    return readings.c.actor if PARTIES[kind][0] == field else readings.c.other


def _names(connection: Connection, numbers: Select[Any]) -> dict[int, Name]:
    asked = select(terms).where(terms.c.n.in_(numbers))
    return {row.n: named(row.words) for row in connection.execute(asked)}
