"""An entry as it lies, and what is wrong with it by itself: its body, its columns, and what it says."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, NamedTuple

import zstandard
from sqlalchemy import Connection, select

from contested.errors import ContestedError, UsageError
from contested.ledger.removing import tombstones
from contested.ledger.sound import faults
from contested.ledger.standing import readable
from contested.ledger.tables import bodies, documents, entries, removed
from contested.ledger.trouble import bare
from contested.ledger.written import BEGINNING, TOMBSTONE, as_entry, family, link, sha, stamp, unfold
from contested.model import Entry


class Entered(NamedTuple):
    """An entry, its body, and what vouches for that; None where that is gone."""

    n: int
    recorded_at: int
    made_at: int | None
    recorder: str
    family: str | None
    document: int
    hash: bytes
    body: bytes | None
    sha: bytes | None
    id: str | None  # its document's, as the two below
    digest: bytes | None
    length: int | None
    hash_before: bytes | None  # of the entry before it
    moment_before: int | None


_before = entries.alias("before")
ENTERED: Any = (  # in the order of the fields above, which are told apart by it
    select(entries, bodies.c.body, removed.c.sha, documents.c.id, documents.c.digest, documents.c.length)
    .add_columns(_before.c.hash.label("hash_before"), _before.c.recorded_at.label("moment_before"))
    .join_from(entries, documents, isouter=True)
    .join(bodies, bodies.c.entry == entries.c.n, isouter=True)
    .join(removed, removed.c.entry == entries.c.n, isouter=True)
    .join(_before, _before.c.n == entries.c.n - 1, isouter=True)
)


class Taken:
    """What tombstones took out: documents by their numbers, and entries on others by their hashes."""

    def __init__(self, connection: Connection) -> None:
        why = tombstones(connection)
        self.documents = frozenset(row.document for row in why)
        self._entries: set[bytes] = set()
        for entry in readable(connection, [row.n for row in why]).values():
            with suppress(ValueError):  # which is named where its row is, as is an entry that cannot be read
                self._entries.update(map(bytes.fromhex, entry.takes if entry else ()))

    def has(self, row: Entered) -> bool:
        return row.hash in self._entries or (row.document in self.documents and row.family != TOMBSTONE)


def body_of(row: Entered) -> tuple[bytes, bytes, str]:
    """An entry's body, the sha256 of it or of what stands in its place, and why it cannot be had."""
    if row.body is None:
        return b"", row.sha or b"", "" if row.sha else "its body is gone"
    try:
        said = unfold(row.body)
    except (zstandard.ZstdError, ValueError, MemoryError) as trouble:
        return b"", b"", f"its body cannot be read ({trouble})"
    return said, sha(said), ""


def entry_of(row: Entered, said: bytes) -> Entry | None:
    """What its body says; None where it says nothing that can be read."""
    try:
        return as_entry(row.n, said) if said else None
    except ContestedError:
        return None


def follows(row: Entered, known: bytes) -> bool:
    """Whether an entry, the sha256 of its body being `known`, follows the one before it as that stands."""
    if row.digest is None:
        return False
    if row.hash_before is None or row.moment_before is None:
        return row.n == 1 and link(BEGINNING, known, row.digest) == row.hash
    return link(row.hash_before, known, row.digest) == row.hash and row.moment_before <= row.recorded_at


def entry_fault(row: Entered, said: bytes, entry: Entry | None, taken: Taken) -> str:
    """What is wrong with an entry by itself: its body as it was `said`, decoded where it can be."""
    if taken.has(row):
        return "its bytes were to be taken out, and are there" if row.body is not None else ""
    if row.body is None:
        return "its body is gone"
    try:
        entry = entry or as_entry(row.n, said)  # which then says why it cannot be
        columns = (row.recorded_at, row.made_at, row.recorder, row.family, row.id)
        made_at = stamp(entry.made_at) if entry.origin else None
        due = (stamp(entry.recorded_at), made_at, entry.recorder, family(entry.recorder), entry.document)
        if columns != due:
            return "its columns do not say what its body says"
        faults(entry, row.length or 0)
    except UsageError as trouble:
        return str(trouble)
    except ContestedError as trouble:
        return bare(trouble)
    return ""
