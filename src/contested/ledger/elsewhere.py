"""Another ledger as a merge reads it: its entries in order, each held against its chain before it is taken."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, select

from contested.errors import ContestedError, LedgerError
from contested.ledger.home import Home
from contested.ledger.index import walk
from contested.ledger.moments import last_by
from contested.ledger.removing import Removal, removal_of
from contested.ledger.standing import read_bodies
from contested.ledger.tables import documents, entries, particulars, texts
from contested.ledger.written import BEGINNING, TOMBSTONE, as_json, digest, link, read_entry, sha, unfold, unpack
from contested.model import Entry, Origin


class Told(NamedTuple):
    """A document's flesh there: its particulars as JSON, its text, and the text as it is kept."""

    meta: bytes
    text: str
    body: bytes


class Taken(NamedTuple):
    """An entry there: its row, the hash before it, what it says (None: its words are gone), and where it was made."""

    row: Row[Any]
    previous: bytes
    entry: Entry | None
    birth: Origin | None


class Elsewhere:
    """The ledger merged from. It may go on growing meanwhile: nothing is locked between two readings."""

    def __init__(self, file: Home) -> None:
        self._file = file

    @property
    def path(self) -> str:
        return self._file.place

    def count(self) -> int:
        with self._file.reading() as connection:
            return last_by(connection, None)

    def hash_of(self, n: int) -> bytes:
        """The hash of entry n; of none, what the first follows."""
        with self._file.reading() as connection:
            return connection.execute(select(entries.c.hash).where(entries.c.n == n)).scalar() or BEGINNING

    def batch(self, after: int, size: int) -> list[Taken]:
        """The next entries after entry n. LedgerError names the first that is not what was recorded there."""
        previous = self.hash_of(after)
        with self._file.reading() as connection:
            rows = list(islice(walk(connection, after), size))
        taken = []
        for row in rows:
            entry = self._entry(row, previous)
            birth = (entry.origin or Origin(row.hash.hex(), entry.recorded_at)) if entry else None
            taken.append(Taken(row, previous, entry, birth))
            previous = row.hash
        return taken

    def told(self, numbers: Collection[int]) -> dict[int, Told]:
        """The flesh of documents by their numbers there. LedgerError names the first that is not what was recorded."""
        asked = (
            select(documents, particulars.c.meta, texts.c.body)
            .join_from(documents, particulars)
            .join(texts, texts.c.document == documents.c.n)
            .where(documents.c.n.in_(numbers))
        )
        found = {}
        with self._file.reading() as connection, self._named():
            for row in connection.execute(asked):
                told = Told(row.meta, unpack(row.id, row.body), row.body)
                if digest(unfold(told.meta), told.text) != row.digest:
                    raise self._altered(f"documents {row.id}")
                found[row.n] = told
        return found

    def removed(self) -> list[tuple[Row[Any], Removal]]:
        """The documents whose bytes were taken out there (id, digest, length), each with why, by whom and when."""
        asked: Select[Any] = select(entries, documents.c.id, documents.c.digest, documents.c.length)
        of = asked.join_from(entries, documents).where(entries.c.family == TOMBSTONE).order_by(entries.c.n)
        with self._file.reading() as connection, self._named():
            rows = connection.execute(of).all()
            said = read_bodies(connection, [row.n for row in rows])
        return [(row, removal_of(row, said[row.n])) for row in rows if row.n in said]

    def analysts(self, after: int = 0) -> frozenset[str]:
        """Whose judgements were first recorded there, after entry n."""
        with self._file.reading() as connection:
            return analysts(connection, after)

    def _entry(self, row: Row[Any], previous: bytes) -> Entry | None:
        try:
            body = unfold(row.body) if row.body is not None else b""
        except Exception as trouble:  # whatever a damaged frame does to its reader
            raise self._altered(f"entries {row.n}") from trouble
        vouched = sha(body) if body else row.sha
        if row.digest is None or vouched is None or link(previous, vouched, row.digest) != row.hash:
            raise self._altered(f"entries {row.n}")
        if not body:
            return None
        with self._named():
            entry = read_entry(row.n, row.body)
        if as_json(entry) != body or entry.document != row.id:
            reason = "it is not written as this version writes"
            raise LedgerError(f"{self.path}: entries {row.n}: {reason}. Merge with the newer of the two versions")
        return entry

    def _altered(self, place: str) -> LedgerError:
        reason = "it is not what was recorded there, and nothing from there on was taken"
        return LedgerError(f"{self.path}: {place}: {reason}. Run there: contested verify")

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except ContestedError as trouble:
            said = str(trouble)
            raise LedgerError(said if said.startswith(self.path) else f"{self.path}: {said}") from trouble


def analysts(connection: Connection, after: int = 0) -> frozenset[str]:
    """Whose judgements were first recorded in a ledger, after entry n."""
    own = (entries.c.family.is_(None), entries.c.made_at.is_(None), entries.c.n > after)
    return frozenset(connection.execute(select(entries.c.recorder).where(*own).distinct()).scalars())
