"""Words that the index writes as numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy import Connection, bindparam, func, insert, select

from contested.ledger.tables import terms
from contested.ledger.walking import slices

_INSERT_TERM = insert(terms)
_KNOWN = select(terms.c.words, terms.c.n).where(terms.c.words.in_(bindparam("some", expanding=True)))


class Terms:
    """Words and their numbers, from 1 on in the order of their coming; no words have none."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[str, int | None] = {"": None}
        self._last: int = connection.execute(select(func.max(terms.c.n))).scalar() or 0

    def know(self, words: Iterable[str]) -> Callable[[str], int | None]:
        """Look these words up, and give new ones their numbers; answers what tells a word's number."""
        asked = [each for each in dict.fromkeys(words) if each not in self._known]
        for some in slices(asked):
            rows = self._connection.execute(_KNOWN, {"some": some})
            self._known |= {row.words: row.n for row in rows}
        new = [each for each in asked if each not in self._known]
        rows_due = [{"n": self._last + place, "words": each} for place, each in enumerate(new, start=1)]
        if rows_due:
            self._connection.execute(_INSERT_TERM, rows_due)
            self._known |= {each["words"]: each["n"] for each in rows_due}  # type: ignore[misc]
            self._last += len(new)
        return self._known.__getitem__
