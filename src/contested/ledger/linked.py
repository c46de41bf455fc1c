"""Whether the chains merged from elsewhere are what they were: each link follows another, and what it says is here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection, Row, exists, select

from contested.errors import ContestedError
from contested.ledger.standing import readable
from contested.ledger.tables import bodies, documents, entries, links, texts, told_otherwise, variants
from contested.ledger.trouble import bare
from contested.ledger.walking import in_order, slices
from contested.ledger.written import (
    BEGINNING,
    as_json,
    digest,
    link,
    read_document,
    read_entry,
    read_stamp,
    sha,
    unfold,
    unpack,
)
from contested.model import Entry, Origin

Finding = tuple[str, str]  # reason, place


def link_faults(connection: Connection) -> Iterator[Finding]:
    """Every link, told by its hash, that is not what it was; every entry from elsewhere that no link vouches for."""
    for row in _links(connection):
        if reason := _fault(row):
            yield reason, f"links {row.hash.hex()}"
    for hash_ in _loose(connection):
        yield "this link of another chain follows what is not here", f"links {hash_.hex()}"
    for n in _unlinked(connection):
        yield "it is said to come from another ledger, and no link vouches for it", f"entries {n}"
    yield from _variant_faults(connection)


def _links(connection: Connection) -> Iterator[Row[Any]]:
    """Every link with the entry here that says it; `told` is whether its document's digest is one known of it."""
    known = (documents.c.digest == links.c.digest) | exists().where(
        variants.c.digest == links.c.digest, variants.c.document == documents.c.n
    )
    asked = (
        select(links, entries.c.hash.label("here"), entries.c.recorded_at.label("recorded_here"))
        .add_columns(bodies.c.body, known.label("told"))
        .join_from(links, entries, entries.c.n == links.c.entry, isouter=True)
        .join(documents, documents.c.n == entries.c.document, isouter=True)
        .join(bodies, bodies.c.entry == links.c.entry, isouter=True)
    )
    return in_order(connection, asked, links.c.hash)


def _fault(row: Row[Any]) -> str:
    if link(row.previous, row.sha, row.digest) != row.hash:
        return "this link of another chain is not what it was: its hash differs"
    parts = (row.entry is None, row.recorded_at is None, row.birth is None)
    if any(parts):
        return "" if all(parts) else "this link does not say which entry it is, when and where it was made"
    if row.here is None:
        return "the entry here that says it is gone"
    if row.body is None:  # taken out; whether it may be is told where the entry is
        return ""
    try:
        entry = read_entry(row.entry, row.body)
    except ContestedError:  # named already
        return ""
    if not row.told:
        return "it is on a document that is not here"
    return "" if _says(row, entry) else "the entry here does not say what it says"


def _says(row: Row[Any], entry: Entry) -> bool:
    """Whether an entry of ours, put back to what it was there, is what the link vouches for."""
    birth = entry.origin or Origin(row.here.hex(), read_stamp(row.recorded_here))
    if birth.hash != row.birth.hex():
        return False
    there = replace(entry, recorded_at=read_stamp(row.recorded_at), origin=None if row.hash == row.birth else birth)
    vouched: bytes = row.sha
    return sha(as_json(there)) == vouched


def _loose(connection: Connection) -> Sequence[bytes]:
    """The links that follow neither another, nor an entry of ours, nor nothing."""
    following = select(links.c.hash, links.c.previous).where(
        links.c.previous != BEGINNING, links.c.previous.not_in(select(links.c.hash).scalar_subquery())
    )
    left = {row.previous: row.hash for row in connection.execute(following)}
    for some in slices(list(left)):
        ours = connection.execute(select(entries.c.hash).where(entries.c.hash.in_(some))).scalars()
        for each in ours.all():
            del left[each]
    return sorted(left.values())


def _unlinked(connection: Connection) -> Iterator[int]:
    """Entries made before they were recorded here that no link vouches for.

    One that takes an earlier one's place, whose words were taken out, has its origin.
    """
    linked = select(links.c.entry).where(links.c.entry.is_not(None)).scalar_subquery()
    astray = select(entries.c.n).where(entries.c.made_at.is_not(None), entries.c.n.not_in(linked))
    for some in slices(list(connection.execute(astray.order_by(entries.c.n)).scalars())):
        for n, entry in readable(connection, some).items():
            if entry is None:  # named already
                continue
            born = bytes.fromhex(entry.origin.hash) if entry.origin else b""
            vouched = select(links.c.birth).where(links.c.birth == born)
            own = select(entries.c.hash).where(entries.c.hash == born)
            if connection.execute(vouched.union(own)).first() is None:
                yield n


def _variant_faults(connection: Connection) -> Iterator[Finding]:
    asked = (
        select(variants, documents.c.id, told_otherwise.c.meta, told_otherwise.c.body, texts.c.body.label("ours"))
        .join_from(variants, documents, isouter=True)
        .join(told_otherwise, told_otherwise.c.digest == variants.c.digest, isouter=True)
        .join(texts, texts.c.document == variants.c.document, isouter=True)
    )
    for row in in_order(connection, asked, variants.c.digest):
        if reason := _variant_fault(row):
            yield reason, f"variants {row.digest.hex()}"


def _variant_fault(row: Row[Any]) -> str:
    if row.ours is None:  # taken out, or named already
        return "its bytes were to be taken out, and are there" if row.meta is not None else ""
    if row.meta is None:
        return "how it was told elsewhere is gone"
    try:
        text = unpack(row.id, row.ours if row.body is None else row.body)
        there = read_document(row.id, row.meta)
    except ContestedError as trouble:
        return bare(trouble)
    same = digest(unfold(row.meta), text) == row.digest and there.id == row.id
    return "" if same else "its text or its particulars are not what was recorded elsewhere"
