"""Two records made one: the entries of another ledger brought in, in their order, each once.

An entry keeps what it says, and gets an `origin`: its hash and its moment where it was first recorded. It is known here
from now on. Beside it stands the *link* it was in the other chain, so that this chain can be checked here as well:

    there   hash ◀── previous ‖ sha256(body) ‖ digest          one row of `links`
                                   ▲
    here    entry, its recorded_at and origin put back to what they were there

Links come in the order of their chain, together with their entries. So what was taken is always a beginning of the
other chain, and an interrupted merge goes on where it stopped.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection, Row, insert, select

from contested.errors import LedgerError, UsageError
from contested.ledger.elsewhere import Elsewhere, Taken, analysts
from contested.ledger.home import Home
from contested.ledger.index import reindex
from contested.ledger.record import Act, Held
from contested.ledger.removing import Removal, take_out, tombstones
from contested.ledger.standing import read_bodies
from contested.ledger.tables import documents, entries, links, particulars, texts, told_otherwise, variants
from contested.ledger.written import as_json, read_document, sha, stamp, unfold, unpack
from contested.model import Document, Entry, Problem

AT_ONCE = 500  # entries taken in one act
TOLD = ("source", "published", "dating", "title", "authors", "url", "language", "kind")  # what may be told otherwise

Arriving = Callable[[Sequence[Document]], None]
"""Called with the documents that entries about to be taken are on, without their texts."""

Leaving = Callable[[Sequence[Removal]], AbstractContextManager[None]]
"""Called with what was taken out there; entered before it is taken out here, left when it is and no entry was taken."""


@dataclass
class Merged:
    """What a merge did: entries taken, those of theirs that were here, those whose words were taken out here or there
    or differ here; new documents, documents taken out because they were taken out there, analysts of one name."""

    entries: int = 0
    known: int = 0
    left_out: int = 0
    documents: int = 0
    removed: tuple[str, ...] = ()
    analysts: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


class Merging:
    """One merge: what comes from where, and the count so far. `at` is now, unless told otherwise."""

    def __init__(
        self, file: Home, other: Home, arriving: Arriving | None, leaving: Leaving | None, at: dt.datetime | None
    ) -> None:
        if other.is_same(file):
            raise UsageError(f"{other.place} is this ledger itself. Name another workspace to merge from")
        self.theirs = Elsewhere(other)
        self._file, self._arriving, self._at = file, arriving, at
        self._leaving: Leaving = leaving or (lambda _: nullcontext())
        self.gone: set[str] = set()  # the reports taken out here, by the ids they first had
        self.done = Merged()

    def run(self, progress: Callable[[int, int], None] | None = None) -> Merged:
        """Take what is not here yet."""
        total = self.theirs.count()
        # What was taken is a beginning of their chain: halve until its end is found.
        start = bisect_left(range(1, total + 1), True, key=lambda n: not self._has(n, self.theirs.hash_of(n)))
        self.done.known = start
        with self._file.reading() as connection:
            shared = analysts(connection) & self.theirs.analysts(start)
        self.done.analysts = tuple(sorted(each.partition(":")[2] for each in shared))
        self._follow(self.theirs.removed())
        while batch := self.theirs.batch(start, AT_ONCE):
            if progress:
                progress(start, total)
            self._take(batch)
            start = batch[-1].row.n
        if progress:
            progress(start, max(start, total))
        return self.done

    def now(self) -> dt.datetime:
        return self._at or dt.datetime.now(dt.UTC)

    def _has(self, n: int, there: bytes) -> bool:
        """Whether entry n of theirs is here: in the beginning both chains share, or by its link."""
        with self._file.reading() as connection:
            here = connection.execute(select(entries.c.hash).where(entries.c.n == n)).scalar()
            linked = select(links.c.hash).where(links.c.hash == there)
            return here == there or connection.execute(linked).first() is not None

    def _follow(self, removed: Sequence[tuple[Row[Any], Removal]]) -> None:
        """What was taken out there is taken out here, before anything else. Cut short, it is finished by the next."""
        with self._leaving([removal for _, removal in removed]) if removed else nullcontext():
            self._remove(removed)
            if removed:
                self._file.scrub()

    def _remove(self, removed: Sequence[tuple[Row[Any], Removal]]) -> None:
        """As an act of ours, with their reason."""
        with self._file.writing() as connection:
            self.gone = {_first(row.id) for row in tombstones(connection)}
            for row, removal in removed:
                act = Act(connection)
                if act.held(row.id) is None:
                    act.add_bare(row.id, row.digest, row.length)
                    act.close()
                tellings = sorted({row.id, *_tellings(connection, _first(row.id))})
                self.done.removed += tuple(take_out(connection, tellings, removal.reason, removal.by, self.now()))
                self.gone.add(_first(row.id))
            if self.done.removed:
                reindex(connection)

    def _take(self, batch: list[Taken]) -> None:
        if self._arriving:
            metas = {
                each.row.id: each.row.meta for each in batch if each.row.meta and _first(each.row.id) not in self.gone
            }
            self._arriving([read_document(id_, meta) for id_, meta in metas.items()])
        with self._file.writing() as connection:
            _Taking(self, connection, batch).run()


class _Taking:
    """A batch as one act: all of it is taken, or nothing."""

    def __init__(self, merging: Merging, connection: Connection, batch: list[Taken]) -> None:
        self._done, self._theirs, self._now = merging.done, merging.theirs, merging.now()
        self._gone = merging.gone
        self._connection, self._act = connection, Act(connection)
        hashes = [each.row.hash for each in batch]
        linked = set(connection.execute(select(links.c.hash).where(links.c.hash.in_(hashes))).scalars())
        self._batch = [each for each in batch if each.row.hash not in linked]
        self._born = _born(connection, self._batch)
        self._said = read_bodies(connection, set(self._born.values()))
        self._usable: dict[bytes, bool] = {}  # documents by their digests there
        self._links: list[dict[str, Any]] = []

    def run(self) -> None:
        rows = {each.row.id: each.row for each in self._batch}
        self._act.expect(list(rows))
        held = {id_: self._act.held(id_) for id_ in rows}
        new = [row.document for id_, row in rows.items() if row.meta and _differs(held[id_], row.digest)]
        self._told = self._theirs.told(new) if new else {}
        for each in self._batch:
            self._one(each)
        self._act.close()
        if self._links:
            self._connection.execute(insert(links), self._links)

    def _one(self, each: Taken) -> None:
        row, entry, birth = each.row, each.entry, each.birth
        usable = entry is not None and self._document(row)
        n = self._here(each)
        if n is not None:
            self._done.known += 1
        elif entry is not None and birth is not None and usable:
            try:
                self._act.append(replace(entry, recorded_at=self._now, origin=birth))
            except UsageError as trouble:
                place = f"{self._theirs.path}: entries {row.n}"
                raise LedgerError(f"{place}: {trouble}. Run there: contested verify") from trouble
            n = self._born[bytes.fromhex(birth.hash)] = self._act.n
            self._done.entries += 1
            self._ahead(entry)
        else:
            self._done.left_out += 1
        said = n is not None and birth is not None
        self._links.append(
            {
                "hash": row.hash,
                "previous": each.previous,
                "sha": sha(unfold(row.body)) if row.body is not None else row.sha,
                "digest": row.digest,
                "entry": n,
                "recorded_at": row.recorded_at if said else None,
                "birth": bytes.fromhex(birth.hash) if said and birth else None,
            }
        )

    def _here(self, each: Taken) -> int | None:
        """The entry here that says it already; whoever only claims to be one of ours is another."""
        if each.entry is None or each.birth is None:
            return None
        n = self._born.get(bytes.fromhex(each.birth.hash))
        ours = self._said.get(n) if n is not None else None
        there = each.entry
        if ours is not None and replace(ours, recorded_at=there.recorded_at, origin=there.origin) != there:
            return None
        return n

    def _ahead(self, entry: Entry) -> None:
        if entry.made_at > self._now and not any(each.file == self._theirs.path for each in self._done.problems):
            reason = f"it holds what was recorded at {entry.made_at:%Y-%m-%d %H:%M:%S} UTC, which is later than now"
            remedy = "Set the clock that is wrong: until then that stands before what is recorded here"
            self._done.problems += (Problem(self._theirs.path, reason, remedy),)

    # ── documents ────────────────────────────────────────────────────────────────────────────────

    def _document(self, row: Any) -> bool:
        """Have the document of an entry on record; whether the entry can stand on it."""
        if row.digest not in self._usable:
            self._usable[row.digest] = self._brought(row, self._act.held(row.id))
        return self._usable[row.digest]

    def _brought(self, row: Any, held: Held | None) -> bool:
        if _first(row.id) in self._gone:
            return False
        if held is not None:
            return held.digest == row.digest or self._variant(row, held)
        told = self._told.get(row.document)
        if told is None:  # taken out since
            return False
        document = replace(read_document(row.id, told.meta), text=told.text)
        if document.id != row.id or as_json(replace(document, text="")) != unfold(told.meta):
            reason = f"documents {row.id}: it is not written as this version writes"
            raise LedgerError(f"{self._theirs.path}: {reason}. Merge with the newer of the two versions")
        self._act.add(document)
        self._done.documents += 1
        return True

    def _variant(self, row: Any, held: Held) -> bool:
        """Keep how a document of ours was told there; whether its words are the same."""
        kept = select(told_otherwise.c.body).where(told_otherwise.c.digest == row.digest)
        if before := self._connection.execute(kept).first():
            return before.body is None
        self._act.close()
        flesh = select(particulars.c.meta, texts.c.body).join_from(
            particulars, texts, texts.c.document == particulars.c.document
        )
        ours = self._connection.execute(flesh.where(particulars.c.document == held.n)).one()
        told = self._told.get(row.document)
        if told is None:
            return False
        same = unpack(row.id, ours.body) == told.text
        self._connection.execute(insert(variants), {"digest": row.digest, "document": held.n})
        otherwise = {"digest": row.digest, "meta": told.meta, "body": None if same else told.body}
        self._connection.execute(insert(told_otherwise), otherwise)
        here, there = read_document(row.id, ours.meta), read_document(row.id, told.meta)
        if not same or any(getattr(here, each) != getattr(there, each) for each in TOLD):
            self._done.problems += (_told_otherwise(here, there, same),)
        return same


def _told_otherwise(here: Document, there: Document, same: bool) -> Problem:
    if not same:
        reason = "the same bytes were read into other words there: what was recorded of these is left out"
        return Problem(here.file, reason, "Add it anew in both places with one version", here.id)
    ours, theirs = (f"{each.source}, {each.published or 'no date'} ({each.dating})" for each in (here, there))
    remedy = "To settle it, tell one of the two anew: contested add FILE --source NAME --published DATE"
    return Problem(here.file, f"told there otherwise ({theirs}); it stays as told here ({ours})", remedy, here.id)


def _differs(held: Held | None, there: bytes) -> bool:
    return held is None or held.digest != there


def _first(document: str) -> str:
    return document.partition(".")[0]


def _tellings(connection: Connection, first: str) -> set[str]:
    column = documents.c.id
    several = select(column).where((column == first) | ((column > f"{first}.") & (column < f"{first}/")))
    return set(connection.execute(several).scalars())


def _born(connection: Connection, batch: Iterable[Taken]) -> dict[bytes, int]:
    """Which entries here say what theirs do: by the hash each had where it was first recorded."""
    births = [each.birth for each in batch if each.birth]
    hashes = {bytes.fromhex(each.hash) for each in births}
    merged = select(links.c.birth, links.c.entry).where(links.c.birth.in_(hashes), links.c.entry.is_not(None))
    found = {row.birth: row.entry for row in connection.execute(merged.order_by(links.c.entry.desc()))}
    # Ours come home: looked up by their moment, for hashes have no index.
    moments = {stamp(each.recorded_at) for each in births if bytes.fromhex(each.hash) not in found}
    own = select(entries.c.hash, entries.c.n).where(entries.c.recorded_at.in_(moments))
    return found | {row.hash: row.n for row in connection.execute(own) if row.hash in hashes}
