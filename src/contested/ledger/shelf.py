"""The reports themselves, as known at a moment: so many at a time, the last recorded first."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, exists, func, select

from contested.ledger.counting import Counts
from contested.ledger.tables import documents, entries, particulars, readings
from contested.ledger.views import stood
from contested.ledger.walking import slices
from contested.ledger.written import read_document
from contested.model import Document


class Shelf(Counts):
    """What can be asked of the reports; those on record at a moment are those something was recorded of by then."""

    def reports(self, skip: int = 0, limit: int = 100) -> list[Document]:
        """So many without their texts, the last to come first."""
        asked = select(documents.c.id, particulars.c.meta).join_from(documents, particulars, isouter=True)
        asked = self._then(asked).order_by(documents.c.n.desc()).offset(skip).limit(limit)
        with self._reading() as connection:
            rows = connection.execute(asked).all()
        return [read_document(row.id, row.meta) if row.meta else Document(row.id, "", "", "") for row in rows]

    def shelved(self) -> int:
        """How many there are."""
        with self._reading() as connection:
            found: int = connection.execute(self._then(select(func.count()).select_from(documents))).scalar_one()
        return found

    def has(self, document: str) -> bool:
        """Whether one was on record, by its whole id."""
        asked = self._then(select(documents.c.n).where(documents.c.id == document))
        with self._reading() as connection:
            return connection.execute(asked).first() is not None

    def said(self, of: Collection[str]) -> dict[str, int]:
        """How many assertions stand in each of these documents, by their ids; in none where none is named."""
        asked = select(documents.c.id, func.count()).join_from(
            documents, readings, readings.c.document == documents.c.n
        )
        asked = asked.where(stood(self._upto)).group_by(documents.c.n)
        found: dict[str, int] = {}
        for some in slices(list(of)):
            with self._reading() as connection:
                rows = connection.execute(asked.where(documents.c.id.in_(some)))
                found |= {row[0]: row[1] for row in rows}
        return found

    def tellings(self, of: Collection[str]) -> list[str]:
        """The ids of these documents and of every other telling of the same reports."""
        found: list[str] = []
        with self._reading() as connection:
            for first in dict.fromkeys(each.partition(".")[0] for each in of):
                same = (documents.c.id == first) | documents.c.id.between(f"{first}.", f"{first}/")
                found += connection.execute(self._then(select(documents.c.id).where(same))).scalars()
        return found

    def _then(self, asked: Select[Any]) -> Select[Any]:
        if self._now:
            return asked
        return asked.where(exists().where(entries.c.document == documents.c.n, entries.c.n <= self._upto))
