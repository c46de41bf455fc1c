"""What is told of one document: each recorder's last word, the judgements on it, and so what stands of it.

entries on the document ──say──▶ last words ┐
                                            ├──▶ row(id): how an assertion stands, or that it does not
judgements that bear on it ─judge─▶ weighed ┘
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct
from sqlalchemy import Connection

from contested.ledger.facets import Row, day_number, facets
from contested.ledger.judging import Spoken, Weighed, weigh
from contested.ledger.standing import latest, read_bodies, spoken_on
from contested.ledger.tables import END
from contested.ledger.written import TOMBSTONE, family, stamp
from contested.model import Assertion, Entry

Ids = Sequence[str]  # of an entry's assertions, in order: worked out once, for that takes longer than to write them
Change = tuple[str, Row | None, Row | None]  # an assertion's id, how it stood, how it stands


class Said(Struct, frozen=True, gc=False):
    """An entry, with its number, when it was made, and the ids of its assertions."""

    n: int
    made_at: int
    entry: Entry
    ids: Ids


class Recording(Struct, frozen=True, order=True, gc=False):
    """One recorder's making of an assertion; the least was made first."""

    made_at: int
    recorder: str
    position: int
    n: int
    assertion: Assertion


class Told:
    """One document as the entries up to some moment have it."""

    def __init__(self, dated: dt.date | None) -> None:
        self.said: dict[str, Said] = {}  # by family, the last made
        self.spoken: list[Spoken] = []  # in the order in which they were made
        self.removed = False
        self._dated = dated
        self._made: dict[str, tuple[Recording, ...]] = {}
        self._weighed: dict[str, Weighed] = {}

    @classmethod
    def load(cls, connection: Connection, document: int, dated: dt.date | None) -> Told:
        """As the entries on record have it."""
        told = cls(dated)
        standing = latest(connection, [document], END)
        bodies = read_bodies(connection, [row.n for row in standing])
        for row in standing:
            if row.n in bodies:
                told._hear(row.n, bodies[row.n], [each.id for each in bodies[row.n].assertions])
        told._weigh(spoken_on(connection, [document], END))
        return told

    def say(self, n: int, entry: Entry, ids: Ids) -> list[Change]:
        """Entry n, a recorder's, comes. Merged from elsewhere, it may have been made before what stands."""
        before = {id_: self.row(id_) for id_ in self._touched(entry, ids)}
        self._hear(n, entry, ids)
        return self._changes(before)

    def judge(self, spoken: Sequence[Spoken]) -> list[Change]:
        """The judgements of an entry come that bear on some of its assertions."""
        # All that were ever judged: an undoing that names one takes back what was judged of others with it.
        judged = {id_ for each in (*self.spoken, *spoken) for id_ in each.bears_on}
        before = {id_: self.row(id_) for id_ in sorted(judged)}
        self._weigh(spoken)
        return self._changes(before)

    def _touched(self, entry: Entry, ids: Ids) -> list[str]:
        """The assertions that an entry may change: those it makes, and those its recorder made before."""
        if entry.removes:
            return list(self._made)
        last = self.said.get(family(entry.recorder) or "")
        return list(dict.fromkeys((*ids, *(last.ids if last else ()))))

    def _hear(self, n: int, entry: Entry, ids: Ids) -> None:
        of, made_at = family(entry.recorder), stamp(entry.made_at)
        assert of is not None
        self.removed = self.removed or of == TOMBSTONE
        last = self.said.get(of)
        if last is not None:
            if last.made_at > made_at:
                return
            for id_ in set(last.ids):
                self._made[id_] = tuple(each for each in self._made[id_] if each.n != last.n)
        self.said[of] = Said(n, made_at, entry, ids)
        for position, (id_, assertion) in enumerate(zip(ids, entry.assertions, strict=True)):
            earlier = self._made.get(id_, ())
            if not earlier or earlier[-1].n != n:
                self._made[id_] = (*earlier, Recording(made_at, entry.recorder, position, n, assertion))

    def _weigh(self, spoken: Iterable[Spoken]) -> None:
        self.spoken.extend(spoken)
        self.spoken.sort(key=lambda each: each.order)
        self._weighed = weigh(self.spoken)

    def _changes(self, before: dict[str, Row | None]) -> list[Change]:
        return [(id_, former, now) for id_, former in before.items() if (now := self.row(id_)) != former]

    def row(self, id_: str) -> Row | None:
        """How an assertion stands; None when it does not. Of those who made it the first counts."""
        made, judged = self._made.get(id_), self._weighed.get(id_)
        if not made or self.removed or (judged is not None and not judged.stands):
            return None
        first = min(made)
        also = sorted({each.recorder for each in made} - {first.recorder}) if len(made) > 1 else ()
        by, content, said = judged.amending if judged else None, first.assertion.content, (first.n, first.position)
        if by is not None:
            assert by.judgement.amended is not None
            content, said = by.judgement.amended, (by.entry, by.position)
        day = day_number(first.assertion, self._dated)
        return Row(first.n, first.position, *said, *facets(content), " ".join(also), day)

    def bare(self, n: int, entry: Entry, ids: Ids, known: Callable[[str], object]) -> Iterator[tuple[str, Row]]:
        """Of an entry's assertions those not `known` before, which do not stand even as they come."""
        seen: set[str] = set()
        for position, id_ in enumerate(ids):
            if id_ not in seen and not known(id_):
                seen.add(id_)
                assertion = entry.assertions[position]
                at = (n, position, n, position)
                yield id_, Row(*at, *facets(assertion.content), "", day_number(assertion, self._dated))
