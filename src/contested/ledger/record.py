"""Recording: what is added to the end, by one committer inside one transaction.

Rows are gathered and written together when the act ends, or before it must ask what they say: a report read for the
first time, which most are, asks nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace
from sqlalchemy import Connection, Table, bindparam, delete, func, insert, select

from contested.errors import UsageError
from contested.ledger.folding import Folding
from contested.ledger.judging import changes_nothing
from contested.ledger.moments import last_entry
from contested.ledger.readings import Concerned, Readings, as_spoken, concerned
from contested.ledger.sound import faults
from contested.ledger.tables import (
    END,
    NUL,
    bodies,
    documents,
    entries,
    particulars,
    put,
    removed,
    texts,
    told_otherwise,
    variants,
)
from contested.ledger.told import Ids
from contested.ledger.written import (
    BEGINNING,
    TOMBSTONE,
    as_bytes,
    as_json,
    digest,
    family,
    fold_all,
    link,
    normal,
    pack_all,
    read_document,
    read_stamp,
    sha,
    stamp,
    unfold,
    unpack,
)
from contested.model import Document, Entry, Judgement

# Made once: SQLAlchemy takes longer to make a statement than SQLite to run it.
_OF: Any = bindparam("of")
_HELD = (
    select(documents, particulars.c.meta)
    .join_from(documents, particulars, particulars.c.document == documents.c.n, isouter=True)
    .where(documents.c.id.in_(bindparam("of", expanding=True)))
)
_ID = select(documents.c.id).where(documents.c.n == bindparam("n"))
_TEXT = select(texts.c.body).where(texts.c.document == _OF)
_ANY = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Held(NamedTuple):
    """A document on record: its number, what vouches for it, how long its text is, and its day."""

    n: int
    id: str
    digest: bytes
    length: int
    dated: dt.date | None


class Act:
    """What is recorded together. Time never runs backwards: an act that its clock puts before the last one is recorded
    a microsecond after that. Otherwise a clock set back would slip entries into moments that were looked at already."""

    def __init__(self, connection: Connection, now: dt.datetime | None = None) -> None:
        last = last_entry(connection)
        self.n: int = last.n if last else 0
        self.hash: bytes = last.hash if last else BEGINNING
        self._connection = connection
        self._earliest: int = max(last.recorded_at + 1 if last else 0, stamp(now) if now else 0)
        self._documents: int = connection.execute(select(func.max(documents.c.n))).scalar() or 0
        self._held: dict[str, Held | None] = {}
        self._readings = Readings(connection, self._flush)
        self._spine: dict[Table, list[tuple[Any, ...]]] = {documents: [], entries: []}
        self._flesh = {particulars: Folding(fold_all), texts: Folding(pack_all), bodies: Folding(fold_all)}

    def add(self, document: Document) -> bool:
        """Keep a document; False when it is there. UsageError when it is there with other words."""
        held = self.held(document.id)
        if held is not None:
            self._same(held, document)
            return False
        if NUL in document.id:
            raise UsageError(f"{document.file}: {document.id!r} cannot be an id: it holds a NUL")
        text, meta = as_bytes(document.text), as_json(replace(document, text=""))
        self._documents += 1
        n, known = self._documents, digest(meta, document.text)
        self._spine[documents].append((n, document.id, known, len(document.text)))
        self._flesh[particulars].add(n, meta)
        self._flesh[texts].add(n, text)
        self._held[document.id] = Held(n, document.id, known, len(document.text), document.dated)
        self._readings.open(n, document.dated)
        return True

    def add_bare(self, document: str, digest: bytes, length: int) -> None:
        """Put a document on record of which only what vouches for it is left."""
        self._documents += 1
        self._spine[documents].append((self._documents, document, digest, length))
        self._held[document] = Held(self._documents, document, digest, length, None)
        self._readings.open(self._documents, None)

    def append(self, given: Entry) -> bool:
        """Add an entry to the end; False when it only repeats what its recorder said last.

        One with an origin is added as it is: it was placed, and held against the record, where it was made.
        UsageError when it says what cannot be: no voice, a quote outside its document, a judgement of nothing.
        """
        self._earliest = max(self._earliest, stamp(given.recorded_at))
        entry = replace(normal(given), recorded_at=read_stamp(self._earliest))
        bears, ids = None, tuple(each.id for each in entry.assertions)
        if family(entry.recorder) is None:
            if entry.origin is None or not entry.document:
                bears = [self._concerned(entry, each.content) for each in entry.assertions]
                entry = self._placed(entry, bears)
            else:
                bears = concerned(entry, self._readings.bearing)
        held = self.held(entry.document)
        faults(entry, held.length if held else None)
        assert held is not None
        if entry.origin is None and self._repeats(held, entry, ids, bears):
            return False
        self._write(held, entry)
        if entry.removes:
            self._take_out(held, entry)
        if bears is None:
            self._readings.follow(self.n, held.n, entry, ids)
        else:
            self._readings.follow_judgement(self.n, entry, ids, bears)
        return True

    def close(self) -> None:
        """Write what was gathered."""
        self._flush()
        self._readings.flush()

    def expect(self, ids: Sequence[str]) -> None:
        """Look these documents up together, for many of them will come."""
        self._held |= dict.fromkeys(ids)
        for row in self._connection.execute(_HELD, {"of": list(ids)}):
            dated = read_document(row.id, row.meta).dated if row.meta else None
            self._held[row.id] = Held(row.n, row.id, row.digest, row.length, dated)

    def held(self, document: str) -> Held | None:
        if document not in self._held:
            self.expect([document])
        return self._held[document]

    # ── recording twice changes nothing ──────────────────────────────────────────────────────────

    def _repeats(self, held: Held, entry: Entry, ids: Ids, bears: Concerned | None) -> bool:
        if bears is not None:
            return self._judges_again(held, entry, ids, bears)
        told = self._readings.told(held.n)
        if told.removed and not entry.removes:
            raise UsageError(f"the bytes of {held.id} were taken out: nothing more is recorded of it")
        last = told.said.get(family(entry.recorder) or "")
        return last is not None and _bare(last.entry) == _bare(entry)

    def _judges_again(self, held: Held, entry: Entry, ids: Ids, bears: Concerned) -> bool:
        touched = {held.n, *(document for each in bears for document in each.values())}
        before = {each.order: each for document in touched for each in self._readings.told(document).spoken}
        return changes_nothing([before[at] for at in sorted(before)], as_spoken(END, entry, ids, bears))

    # ── what an analyst judges ───────────────────────────────────────────────────────────────────

    def _concerned(self, entry: Entry, content: Any) -> dict[str, int]:
        """The assertions a judgement concerns in the end, each with its document. UsageError when there is none."""
        if not isinstance(content, Judgement):
            raise UsageError(
                f"{entry.recorder}: judgements are an analyst's, and an analyst's entry holds nothing else"
            )
        found: dict[str, int] = {}
        for target in content.of:
            of = self._readings.bearing(target)
            if not of:
                raise UsageError(f"{entry.recorder}: there is no assertion {target!r} on record to judge")
            if target not in of and content.verdict not in ("undo", "note"):
                raise UsageError(f"{entry.recorder}: {target} is a judgement: it can be undone or noted, no more")
            found |= of
        return found

    def _placed(self, entry: Entry, bears: Concerned) -> Entry:
        """An analyst's entry set under the document of what it judges."""
        judged = list(dict.fromkeys(document for each in bears for document in each.values()))
        if not judged:
            raise UsageError(f"{entry.recorder}: an analyst's entry judges something")
        if not entry.document:
            return replace(entry, document=self._named(judged[0]))
        held = self.held(entry.document)
        if held is None or held.n not in judged:
            raise UsageError(f"{entry.recorder}: nothing judged is in document {entry.document}")
        return entry

    def _named(self, document: int) -> str:
        for each in self._held.values():
            if each is not None and each.n == document:
                return each.id
        return str(self._connection.execute(_ID, {"n": document}).scalar_one())

    # ── rows ─────────────────────────────────────────────────────────────────────────────────────

    def _write(self, held: Held, entry: Entry) -> None:
        """Add the next entry."""
        body = as_json(entry)
        self.n += 1
        self.hash = link(self.hash, sha(body), held.digest)
        made_at = stamp(entry.made_at) if entry.origin else None
        who = (entry.recorder, family(entry.recorder))
        self._spine[entries].append((self.n, self._earliest, made_at, *who, held.n, self.hash))
        self._flesh[bodies].add(self.n, body)

    def _take_out(self, held: Held, entry: Entry) -> None:
        """The flesh goes: of the document, of every entry on it but those that say why, and of those it takes along."""
        self.close()
        on_it = (entries.c.document == held.n) & entries.c.family.is_distinct_from(TOMBSTONE)
        taken = entries.c.family.is_(None) & entries.c.hash.in_([bytes.fromhex(each) for each in entry.takes])
        for said in (on_it, taken) if entry.takes else (on_it,):
            asked = select(bodies).join_from(bodies, entries).where(said)
            for row in self._connection.execute(asked).all():
                self._connection.execute(insert(removed), {"entry": row.entry, "sha": sha(unfold(row.body))})
                self._connection.execute(delete(bodies).where(bodies.c.entry == row.entry))
        otherwise = select(variants.c.digest).where(variants.c.document == held.n)
        self._connection.execute(delete(told_otherwise).where(told_otherwise.c.digest.in_(otherwise)))
        for table in (particulars, texts):
            self._connection.execute(delete(table).where(table.c.document == held.n))

    def _flush(self) -> None:
        for table, rows in self._spine.items():
            put(self._connection, table, rows)
            rows.clear()
        for table, folding in self._flesh.items():
            put(self._connection, table, folding.rows())

    def _same(self, held: Held, document: Document) -> None:
        if digest(as_json(replace(document, text="")), document.text) == held.digest:
            return
        self.close()
        kept = self._connection.execute(_TEXT, {"of": held.n}).scalar()
        if kept is None:
            raise UsageError(f"{document.file}: the bytes of {document.id} were taken out. See: contested log")
        if unpack(document.id, kept) != document.text:
            raise UsageError(
                f"{document.file}: {document.id} is on record with other words. Give its reader a new version"
            )


def _bare(entry: Entry) -> Entry:
    return replace(entry, recorded_at=_ANY, origin=None)
