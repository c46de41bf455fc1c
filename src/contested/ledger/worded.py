"""Assertions by the words in which they name somebody: the index has things where names were taken for one, not words.

    words ──▶ entries in whose bodies they stand ──▶ documents ──▶ readings ──▶ standings

So bodies are looked through, but nothing is made of those in which the words do not stand: that is most of the work.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import msgspec
import zstandard
from sqlalchemy import Connection, bindparam, select

from contested.ledger.shelf import Shelf
from contested.ledger.tables import bodies, documents, entries, judgements, readings
from contested.ledger.views import DOCUMENTS, READ, place, stood
from contested.ledger.walking import slices
from contested.ledger.written import unfold
from contested.model import Standing

BODIES = 5_000  # looked through in one reading
_BODIES = (
    select(bodies)
    .where(bodies.c.entry > bindparam("after"), bodies.c.entry <= bindparam("upto"))
    .order_by(bodies.c.entry)
    .limit(BODIES)
)


class Worded(Shelf):
    """What can be asked by words as they are written, as known at a moment: up to one entry."""

    def worded(self, words: str) -> Iterator[Standing]:
        """Those in which words may stand, in whatever case and spacing, in the order of a view: none that has them in
        a name is left out, but others may come, too."""
        holding = frozenset(self._holding(words))
        with self._reading() as connection:
            reports = sorted(_reports(connection, holding).items(), key=lambda report: report[1])
        for first in range(0, len(reports), DOCUMENTS):
            numbers = [n for n, _ in reports[first : first + DOCUMENTS]]
            asked = READ.where(readings.c.document.in_(numbers), stood(self._upto))
            with self._reading() as connection:
                rows = [row for row in connection.execute(asked) if holding.intersection((row.entry, row.said))]
                found = self._views.standings(connection, rows, self._upto)
            yield from sorted(found, key=place)

    def _holding(self, words: str) -> Iterator[int]:
        """The entries in whose bodies the longest of these words stands; those that cannot be read among them."""
        longest = max(words.casefold().split(), key=len, default="")
        sought, after = msgspec.json.encode(longest).decode()[1:-1], 0
        while True:
            with self._reading() as connection:
                rows = connection.execute(_BODIES, {"after": after, "upto": self._upto}).all()
            if not rows:
                return
            for row in rows:
                if _holds(row.body, sought):
                    yield row.entry
            after = rows[-1].entry


def _holds(body: bytes, sought: str) -> bool:
    try:
        return sought in unfold(body).decode().casefold()
    except (zstandard.ZstdError, ValueError):  # whoever reads it says what is wrong
        return True


def _reports(connection: Connection, numbers: Collection[int]) -> dict[int, str]:
    """The documents that these entries are on, or judge something of, with their ids."""
    on = select(documents.c.n, documents.c.id).join(entries, entries.c.document == documents.c.n)
    of = select(documents.c.n, documents.c.id).join(judgements, judgements.c.document == documents.c.n)
    found: dict[int, str] = {}
    for some in slices(sorted(numbers)):
        for asked in (on.where(entries.c.n.in_(some)), of.where(judgements.c.entry.in_(some))):
            found |= {row.n: row.id for row in connection.execute(asked)}
    return found
