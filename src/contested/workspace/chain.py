"""The chain of a record, link by link, and the head it ends in: what a hand-over and a stamp rest on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from hashlib import sha256
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from contested.ledger import Ledger
from contested.ledger.written import BEGINNING, as_json, digest, link
from contested.model import Document, Noun
from contested.write.plain import plain


class Head(Noun, frozen=True):
    """The end of the chain: the hash of the last entry, how many entries lead to it, and when that was recorded."""

    head: str
    entries: int
    recorded_at: dt.datetime | None = None


class Link(NamedTuple):
    """One entry in the chain: its number and hash, and what the hash is made of."""

    n: int
    hash: str
    body: str
    body_sha256: str
    document: str
    document_digest: str


def end(ledger: Ledger) -> Head:
    """The head of a record, with the number and moment of its entry."""
    while True:
        head, entries, moment = ledger.head(), 0, None
        for entry in ledger.entries():
            entries, moment = entries + 1, entry.recorded_at
        if ledger.head() == head:  # else something was recorded meanwhile
            return Head(head, entries, moment)


def facts(last: Head, workspace: str) -> dict[str, object]:
    """A head as plain data under its schema's name, with the name of the workspace."""
    return {"schema": "contested/head/1", "workspace": workspace, **plain(last)}


def digested(document: Document) -> tuple[str, str]:
    """What is known of a document as JSON, as it is hashed, and the digest of that and its text."""
    meta = as_json(replace(document, text=""))
    return meta, digest(meta, document.text)


def digests(ledger: Ledger, told: Callable[[str], object] = lambda _: None) -> dict[str, str]:
    """The digest of every document by its id; each id is `told` as it is reckoned."""
    found = {}
    for document in ledger.documents():
        told(document.id)
        found[document.id] = digested(ledger.document(document.id))[1]
    return found


def links(ledger: Ledger, of: Mapping[str, str], upto: str) -> Iterator[Link]:
    """Every entry in order as far as a head, hashed anew from the beginning, given the digests of documents."""
    last = BEGINNING
    if upto == last:
        return
    for n, entry in enumerate(ledger.entries(), start=1):
        body = as_json(entry)
        last = link(last, body, of[entry.document])
        yield Link(n, last, body, sha256(body.encode()).hexdigest(), entry.document, of[entry.document])
        if last == upto:
            return


def held(ledger: Ledger, heads: Collection[str]) -> frozenset[str]:
    """Those of these heads that the record holds, or the beginning before any."""
    wanted = set(heads)
    hashes = (each.hash for each in links(ledger, digests(ledger), ledger.head())) if wanted else iter(())
    return frozenset(wanted & {BEGINNING, *(each for each in hashes if each in wanted)})


def as_line(value: object) -> bytes:
    """A line of JSON."""
    return msgspec.json.encode(value) + b"\n"
