"""Whether the record is what it was: every row is read, hashed again and held against the words it quotes.

The chain shows any change inside the record. It cannot show that the last entries were cut off, or that all of it was
written anew: for that, note the head somewhere else, and give it here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from itertools import chain
from typing import Any

from sqlalchemy import Connection, select

from contested.errors import ContestedError
from contested.ledger.chain import holds
from contested.ledger.entered import ENTERED, Entered, Taken, body_of, entry_fault
from contested.ledger.guards import missing
from contested.ledger.linked import link_faults
from contested.ledger.part import DAMAGE, RESTORE, Found, damage
from contested.ledger.rejudged import judgement_faults
from contested.ledger.retraced import Finding, strays
from contested.ledger.tables import documents, entries, particulars
from contested.ledger.walking import in_order, slices
from contested.ledger.written import BEGINNING, link, read_document
from contested.model import Problem

Original = Callable[[str], bytes]
Parts = Callable[[Connection], Found]


def examine(
    connection: Connection, file: str, parts: Parts, original: Original | None = None, head: str = ""
) -> Iterator[Problem]:
    """Everything wrong, row by row. `original` gives the bytes that have a sha256; `head` was noted at some time.

    `parts` tells what is wrong with documents and what is on them. It is asked last: others may be looking meanwhile.
    """
    with as_it_is(connection):
        checks = (_check_file, _check_links, judgement_faults, strays)
        whole, links, judged, astray = (list(_survived(check(connection))) for check in checks)
        found = _found(connection, parts)
        chained = _survived(_check_entries(connection, found))
        told = (whole, map(_damaged, found.damage), found.documents, chained, links, found.readings, judged, astray)
        yield from (Problem(file, *each) for each in dict.fromkeys(chain.from_iterable(told)))
        if head:
            yield from (Problem(file, *each) for each in _check_head(connection, head))
        if original:
            yield from _check_originals(connection, original)


def _survived(findings: Iterator[Finding]) -> Iterator[Finding]:
    try:
        yield from findings
    except DAMAGE as fault:
        yield _damaged(damage(fault))


def _found(connection: Connection, parts: Parts) -> Found:
    try:
        return parts(connection)
    except DAMAGE as fault:
        return Found(damage=[damage(fault)])


def _damaged(what: str) -> Finding:
    return f"the file is damaged: {what}", RESTORE, ""


class as_it_is:  # noqa: N801 - reads as a phrase
    """An altered row may hold bytes that are no UTF-8: read them as they are, so that their row can be named."""

    def __init__(self, connection: Connection) -> None:
        self._driver: Any = connection.connection.driver_connection

    def __enter__(self) -> None:
        if hasattr(self._driver, "text_factory"):
            self._driver.text_factory = lambda raw: raw.decode(errors="surrogateescape")

    def __exit__(self, *_: object) -> None:
        if hasattr(self._driver, "text_factory"):
            self._driver.text_factory = str


def _check_file(connection: Connection) -> Iterator[Finding]:
    if connection.dialect.name == "sqlite":
        for (said_of_it,) in connection.exec_driver_sql("PRAGMA integrity_check"):
            if said_of_it != "ok":
                yield f"the file is damaged: {said_of_it}", RESTORE, ""
    for trigger in missing(connection):
        yield f"the trigger {trigger} is gone: rows could be changed", RESTORE, ""


def _check_links(connection: Connection) -> Iterator[Finding]:
    for reason, place in link_faults(connection):
        yield reason, RESTORE, place


def _check_head(connection: Connection, head: str) -> Iterator[Finding]:
    if not holds(connection, head):
        yield f"no entry has the head {head}: the record was cut short or written anew", RESTORE, ""


# ── the chain ────────────────────────────────────────────────────────────────────────────────────


def _check_entries(connection: Connection, found: Found) -> Iterator[Finding]:
    """Every entry that something is wrong with, in order."""
    loose = _loose_faults(connection, sorted(set(found.loose)))
    for n, reason in sorted((*found.entries, *loose)):
        yield reason, RESTORE, f"entries {n}"


def _loose_faults(connection: Connection, loose: Sequence[int]) -> Iterator[tuple[int, str]]:
    """What is wrong with the entries that do not follow the one before them as it stands.

    A row is blamed once, and not for what is wrong with the one before it.
    """
    taken, followed = Taken(connection), _Chain(0, 0, BEGINNING)
    for some in slices(loose):
        rows = connection.execute(ENTERED.where(entries.c.n.in_(some)).order_by(entries.c.n)).all()
        for row in map(Entered._make, rows):
            before = _before(connection, row.n)
            if before[0] != followed.n:
                followed = _Chain(*before)
            said, known, reason = body_of(row)
            if reason := reason or followed.fault(row, known) or entry_fault(row, said, None, taken):
                yield row.n, reason


def _before(connection: Connection, n: int) -> tuple[int, int, bytes]:
    """The entry before an entry: its number, its moment and its hash."""
    asked = select(entries.c.n, entries.c.recorded_at, entries.c.hash).where(entries.c.n.between(1, n - 1))
    row = connection.execute(asked.order_by(entries.c.n.desc()).limit(1)).first()
    return (row.n, row.recorded_at, row.hash) if row else (0, 0, BEGINNING)


class _Chain:
    """The entries followed from one on: its number, its moment and its hash."""

    def __init__(self, n: int, moment: int, head: bytes) -> None:
        self.n, self._moment = n, moment
        self._heads = {head}  # the last hash as it stands, and as it should be

    def fault(self, row: Entered, known: bytes) -> str:
        """What is wrong with the next entry, the sha256 of its body being `known`."""
        n, self.n = self.n, row.n
        moment, self._moment = self._moment, row.recorded_at
        if row.digest is None:
            self._heads = {row.hash}
            return f"its document {row.document} is gone"
        due = {link(head, known, row.digest) for head in self._heads}
        self._heads = {row.hash, *due}
        if row.n != n + 1:
            self._heads = {row.hash}
            return f"{row.n - n - 1} entries before it are gone" if row.n > n else "no entry has such a number"
        if row.hash not in due:
            return "it is not what was recorded, or does not follow the entry before it: its hash differs"
        return "it is dated before the entry before it" if row.recorded_at < moment else ""


# ── originals ────────────────────────────────────────────────────────────────────────────────────


def _check_originals(connection: Connection, original: Original) -> Iterator[Problem]:
    seen: set[str] = set()
    for row in in_order(
        connection, select(documents.c.n, documents.c.id, particulars.c.meta).join(particulars), documents.c.n
    ):
        try:
            document = read_document(row.id, row.meta)
        except ContestedError:  # named already
            continue
        if document.original in seen:
            continue
        seen.add(document.original)
        place = f"original {document.original}"
        try:
            kept = original(document.original)
        except (OSError, LookupError, ValueError, ContestedError) as trouble:
            # Errors of ours end with their remedy.
            what, _, remedy = str(trouble).rpartition(". ") if isinstance(trouble, ContestedError) else ("", "", "")
            reason = f"its original cannot be read ({what or trouble})"
            yield Problem(document.file, reason, remedy if what else "Add the file again", place)
            continue
        if sha256(kept).hexdigest() != document.original:
            yield Problem(document.file, "its original was altered", "Restore the archive from a copy", place)
