"""The chain, as whoever checks it needs it: each entry's hash, and what that is made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection, select

from contested.ledger.index import some
from contested.ledger.tables import entries
from contested.ledger.written import BEGINNING, sha, unfold


class Link(NamedTuple):
    """One entry in the chain: its number and hash, and what the hash is made of; no body where it was taken out."""

    n: int
    hash: str
    body: str
    body_sha256: str
    document: str
    document_digest: str


def links(connection: Connection, after: int) -> Iterator[Link]:
    """The next entries after one, in order. ValueError or ZstdError where a body cannot be read."""
    for row in some(connection, after):
        body = unfold(row.body) if row.body is not None else b""
        known = sha(body) if row.body is not None else row.sha or b""
        yield Link(row.n, row.hash.hex(), body.decode(), known.hex(), row.id, row.digest.hex())


def holds(connection: Connection, head: str) -> bool:
    """Whether an entry has this hash, or it is the beginning before any."""
    try:
        noted = bytes.fromhex(head)
    except ValueError:
        return False
    found = connection.execute(select(entries.c.n).where(entries.c.hash == noted)).first()
    return noted == BEGINNING or found is not None
