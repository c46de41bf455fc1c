"""What speaks of places from a day backwards: read of many together, and little further than is asked for.

back = known.backwards("control", rows, on)     rows of places, by their numbers in the index
back.days([0, 1, 2])                            the day of which each of these rows speaks next
back.standings({0: day, 2: day})                of each of these all that is left down to a day
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Integer, Text, bindparam, cast, func, select

from contested.ledger.among import among
from contested.ledger.tables import readings, terms
from contested.ledger.views import READ, Views
from contested.ledger.walking import slices
from contested.model import Standing

FIRST, TIMES = 4, 4  # readings of a place that are looked up at first; where they do not do, so many times as many
_BETWEEN = " "
_OF_PLACE = (
    select(readings.c.day, readings.c.n)
    .where(
        readings.c.kind == bindparam("kind"),
        readings.c.place == terms.c.n,
        readings.c.day <= bindparam("on"),
        readings.c.since <= bindparam("upto"),
        readings.c.until > bindparam("upto"),
    )
    # as the index by places goes
    .order_by(readings.c.day.desc(), readings.c.since.desc(), readings.c.until.desc(), readings.c.n.desc())
    .limit(bindparam("most", type_=Integer))
    .correlate(terms)
    .subquery()
)
# The first few of each of many places in one statement, as words, for a subquery gives one value. A window would number
# all there are.
_WORDS: Any = cast(_OF_PLACE.c.day, Text).concat(_BETWEEN).concat(cast(_OF_PLACE.c.n, Text))
_AHEAD = select(terms.c.n, select(func.aggregate_strings(_WORDS, _BETWEEN)).scalar_subquery()).where(among(terms.c.n))
_ROWS = READ.where(among(readings.c.n))


class _Place:
    """The readings of one place as far as they are looked up: their days and numbers, the last day first."""

    __slots__ = ("ahead", "asked", "given", "n")

    def __init__(self, n: int) -> None:
        self.n = n
        self.ahead: list[tuple[int, int]] = []
        self.asked = 0  # how many were looked up
        self.given = 0  # how many of them were given: all of some days, none of the next

    @property
    def day(self) -> int:
        """The day of what comes next; 0 when nothing does."""
        return self.ahead[self.given][0] if self.given < len(self.ahead) else 0

    def lacks(self, day: int | None) -> bool:
        """Whether there may be more, down to a day, than was looked up; without one, whether it is unknown what comes
        next."""
        if len(self.ahead) < self.asked:
            return False
        return self.given == self.asked or (day is not None and self.ahead[-1][0] >= day)

    def take(self, day: int) -> list[tuple[int, int]]:
        """All down to a day."""
        first = self.given
        while self.given < len(self.ahead) and self.ahead[self.given][0] >= day:
            self.given += 1
        return self.ahead[first : self.given]


class Backwards:
    """Readings of a kind on rows of places, from a day backwards, as one state of the record has them."""

    def __init__(
        self, connection: Connection, views: Views, upto: int, kind: int, rows: Sequence[Sequence[int]], on: int
    ) -> None:
        self._connection, self._views, self._upto = connection, views, upto
        self._given = {"kind": kind, "upto": upto, "on": on}
        self._rows = [[_Place(n) for n in row] for row in rows]

    def days(self, rows: Sequence[int]) -> list[dt.date | None]:
        """The day of what comes next of each row; None where nothing more does."""
        self._look_up([place for row in rows for place in self._rows[row] if place.lacks(None)])
        found = (max([place.day for place in self._rows[row]], default=0) for row in rows)
        return [dt.date.fromordinal(day) if day else None for day in found]

    def standings(self, rows: Mapping[int, dt.date]) -> list[list[Standing]]:
        """What comes next of each row down to its day: the last day first, those of one day in any order."""
        down_to = {row: day.toordinal() for row, day in rows.items()}
        while lacking := [place for row, day in down_to.items() for place in self._rows[row] if place.lacks(day)]:
            self._look_up(lacking)
        taken = []
        for row, day in down_to.items():
            first, *more = self._rows[row]
            of_row = first.take(day)
            if more:
                of_row = sorted([*of_row, *(each for place in more for each in place.take(day))], reverse=True)
            taken.append([n for _, n in of_row])
        read = self._read([n for of_row in taken for n in of_row])
        return [[read[n] for n in of_row if n in read] for of_row in taken]

    def _look_up(self, places: Sequence[_Place]) -> None:
        """Look up more of each of these places, from the first on: what was given stays in its place."""
        alike: defaultdict[int, list[_Place]] = defaultdict(list)
        for place in places:
            alike[max(FIRST, TIMES * place.asked)].append(place)
        for most, some in alike.items():
            for these in slices(some):
                self._ask(most, {place.n: place for place in these})

    def _ask(self, most: int, places: Mapping[int, _Place]) -> None:
        for n, words in self._connection.execute(_AHEAD, self._given | {"some": list(places), "most": most}).all():
            numbers = [int(each) for each in words.split(_BETWEEN)] if words else []
            places[n].ahead = sorted(zip(numbers[::2], numbers[1::2], strict=True), reverse=True)
            places[n].asked = most

    def _read(self, numbers: Sequence[int]) -> dict[int, Standing]:
        found: dict[int, Standing] = {}
        for some in slices(sorted(numbers)):
            rows = self._connection.execute(_ROWS, {"some": some}).all()
            found |= self._views.numbered(self._connection, rows, self._upto)
        return found
