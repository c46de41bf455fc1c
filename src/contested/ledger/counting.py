"""How much there is, of which day and of what sort: counts that are read from the index alone."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Connection, Select, func, select

from contested.ledger.facets import NOTHING, PARTIES, PLACES
from contested.ledger.judging import weigh
from contested.ledger.standing import spoken_on
from contested.ledger.tables import judgements, readings, terms
from contested.ledger.views import Kinds, Views, stood
from contested.ledger.walking import slices

Reading = Callable[[], AbstractContextManager[Connection]]
COLUMNS = {"place": readings.c.place, "actor": readings.c.actor, "other": readings.c.other}
HAVING = {  # the kinds that have one
    "place": PLACES,
    "actor": frozenset(PARTIES),
    "other": frozenset(kind for kind, fields in PARTIES.items() if len(fields) > 1),
}
_MANY: Any = func.count()


class Counts:
    """What can be counted of the record as known at a moment: up to one entry."""

    def __init__(self, reading: Reading, views: Views, upto: int, now: bool = True) -> None:
        self._reading, self._views, self._upto, self._now = reading, views, upto, now

    def count(self, kinds: Collection[str] = ()) -> int:
        """How many assertions of these kinds stand, or of all."""
        with self._reading() as connection:
            found: int = connection.execute(self._counted(connection, kinds)).scalar_one()
        return found

    def at_most(self, many: int, kinds: Collection[str] = ()) -> bool:
        """Whether no more than so many stand of these kinds, or of all; no more are counted."""
        with self._reading() as connection:
            asked = select(readings.c.n).where(stood(self._upto))
            asked = asked.where(readings.c.kind.in_(Kinds(connection, kinds).every(connection))).limit(many + 1)
            found: int = connection.execute(select(_MANY).select_from(asked.subquery())).scalar_one()
        return found <= many

    def days(self, kinds: Collection[str] = (), of_type: str = "") -> dict[dt.date | None, int]:
        """How many stand of each day, and of none: of these kinds or all, or the events of a type."""
        with self._reading() as connection:
            asked = self._counted(connection, kinds).add_columns(readings.c.day)
            if of_type:
                asked = asked.where(readings.c.type == number(connection, of_type))
            found: Counter[int | None] = Counter()
            for many, day in connection.execute(asked.group_by(readings.c.kind, readings.c.day)):
                found[day] += many
        return {dt.date.fromordinal(day) if day else None: many for day, many in found.items()}

    def kinds(self) -> dict[str, int]:
        """How many stand of each kind there is."""
        with self._reading() as connection:
            return self._tallied(connection, self._counted(connection, ()), readings.c.kind)

    def types(self) -> dict[str, int]:
        """How many events stand of each type there is."""
        with self._reading() as connection:
            return self._tallied(connection, self._counted(connection, ("event",)), readings.c.type)

    def judged(self) -> int:
        """How many stand on which a judgement is in force."""
        spoken = select(judgements.c.assertion, func.min(judgements.c.document).label("document"))
        spoken = spoken.where(judgements.c.entry <= self._upto).group_by(judgements.c.assertion)
        once = spoken.having(_MANY == 1).subquery()  # nothing undoes it: an undo bears on the same
        with self._reading() as connection:
            asked = select(_MANY).select_from(readings).where(stood(self._upto))
            found: int = connection.execute(asked.where(readings.c.id.in_(select(once.c.assertion)))).scalar_one()
            documents = sorted({row.document for row in connection.execute(spoken.having(_MANY > 1))})
            for some in slices(documents):
                ids = [bytes.fromhex(id_) for id_, each in self._weighed(connection, some).items() if each > 1]
                for part in slices(ids):
                    found += connection.execute(asked.where(readings.c.id.in_(part))).scalar_one()
        return found

    def _weighed(self, connection: Connection, documents: Sequence[int]) -> dict[str, int]:
        """How many judgements were ever made on each assertion of these documents on which one is in force."""
        spoken = spoken_on(connection, documents, self._upto)
        ever = Counter(of for each in spoken for of in each.bears_on)
        return {id_: ever[id_] for id_, each in weigh(spoken).items() if each.judgements}

    def unknown(self, facet: str) -> dict[str, tuple[int, str]]:
        """The words of every place (actor, other party) that was taken for nothing: how many assertions name it so in
        what they are indexed by, and the first of them."""
        column = COLUMNS[facet]
        words = select(terms.c.n).where(terms.c.words >= NOTHING, terms.c.words < chr(ord(NOTHING) + 1))
        asked = select(column, _MANY, func.min(readings.c.n)).where(stood(self._upto), column.in_(words))
        with self._reading() as connection:
            asked = asked.where(readings.c.kind.in_(Kinds(connection, HAVING[facet]).numbers))
            rows = connection.execute(asked.group_by(column)).all()
            called: dict[int, str] = {}
            ids: dict[int, str] = {}
            for some in slices([row[0] for row in rows]):
                found = connection.execute(select(terms).where(terms.c.n.in_(some)))
                called |= {row.n: row.words.removeprefix(NOTHING) for row in found}
            for some in slices([row[2] for row in rows]):
                found = connection.execute(select(readings.c.n, readings.c.id).where(readings.c.n.in_(some)))
                ids |= {row.n: row.id.hex() for row in found}
        return {called[of]: (many, ids[n]) for of, many, n in rows}

    def _counted(self, connection: Connection, kinds: Collection[str]) -> Select[Any]:
        asked = select(_MANY).select_from(readings).where(stood(self._upto))
        return asked.where(readings.c.kind.in_(Kinds(connection, kinds).every(connection)))

    def _tallied(self, connection: Connection, asked: Select[Any], column: Any) -> dict[str, int]:
        counts = {n: many for many, n in connection.execute(asked.add_columns(column).group_by(column)) if n}
        found = connection.execute(select(terms).where(terms.c.n.in_(list(counts))))
        return {row.words: counts[row.n] for row in found}


def number(connection: Connection, words: str) -> int:
    """The number of a term; of one that is not there, one that nothing has."""
    found = connection.execute(select(terms.c.n).where(terms.c.words == words)).scalar()
    return -1 if found is None else found
