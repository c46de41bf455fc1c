"""Recording: what may be said, and how it is added to the end. Called by one committer inside one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from msgspec.structs import replace
from sqlalchemy import BindParameter, Connection, bindparam, insert, select

from contested.errors import UsageError
from contested.ledger import index
from contested.ledger.judging import Spoken, changes_nothing
from contested.ledger.standing import spoken_on
from contested.ledger.tables import documents, entries, texts
from contested.ledger.written import (
    BEGINNING,
    as_json,
    digest,
    family,
    link,
    normal,
    pack,
    read_entry,
    read_stamp,
    stamp,
    unpack,
)
from contested.model import Assertion, Document, Entry, Judgement

# Made once: SQLAlchemy takes longer to make a statement than SQLite to run it.
_OF: BindParameter[str] = bindparam("of")
_TEXT = select(texts.c.body).where(texts.c.document == _OF)
_HELD = select(documents.c.digest, documents.c.length).where(documents.c.id == _OF)
_LAST = select(entries).order_by(entries.c.n.desc()).limit(1)
_LATEST = (
    select(entries.c.n, entries.c.body)
    .where(entries.c.document == _OF, entries.c.family == bindparam("by"))
    .order_by(entries.c.n.desc())
    .limit(1)
)
_INSERT, _INSERT_DOCUMENT, _INSERT_TEXT = insert(entries), insert(documents), insert(texts)


def add(connection: Connection, document: Document) -> bool:
    """Keep a document; False when it is there. UsageError when it is there with other words."""
    kept = connection.execute(_TEXT, {"of": document.id}).scalar()
    if kept is not None:
        if unpack(document.id, kept) != document.text:
            raise UsageError(
                f"{document.file}: {document.id} is on record with other words. Give its reader a new version"
            )
        return False
    body, meta = pack(document.text), as_json(replace(document, text=""))
    row = {"id": document.id, "digest": digest(meta, document.text), "length": len(document.text), "meta": meta}
    connection.execute(_INSERT_DOCUMENT, row)
    connection.execute(_INSERT_TEXT, {"document": document.id, "body": body})
    return True


def append(connection: Connection, new: Iterable[Entry]) -> int:
    """Add entries to the end, as one act; answers how many were no repetition.

    Time never runs backwards here: an act that its clock puts before the last one is recorded a microsecond after that.
    Otherwise a clock set back would slip entries into moments that have been looked at already.
    """
    last = connection.execute(_LAST).first()
    n, previous = (last.n, last.hash) if last else (0, BEGINNING)
    earliest = stamp(read_stamp(last.recorded_at) + dt.timedelta(microseconds=1)) if last else ""
    begun = n
    # Once a document: its row is never changed.
    held: Callable[[str], Any] = cache(lambda document: connection.execute(_HELD, {"of": document}).first())
    for given in new:
        earliest = max(earliest, stamp(given.recorded_at))
        entry = _sound(connection, replace(normal(given), recorded_at=read_stamp(earliest)), held)
        if _repeats(connection, entry):
            continue
        n += 1
        previous = _write(connection, n, previous, entry, held(entry.document).digest)
    return n - begun


def _write(connection: Connection, n: int, previous: str, entry: Entry, known: str) -> str:
    """Add entry n on a document of a known digest, with its index; answers its hash."""
    body = as_json(entry)
    row = {
        "n": n,
        "recorded_at": stamp(entry.recorded_at),
        "recorder": entry.recorder,
        "family": family(entry.recorder),
        "document": entry.document,
        "body": body,
        "previous": previous,
        "hash": link(previous, body, known),
    }
    connection.execute(_INSERT, row)
    index.write(connection, n, entry)
    return str(row["hash"])


# ── what may be said ─────────────────────────────────────────────────────────────────────────────


def fault(assertion: Assertion, document: str, length: int) -> str:
    """What is wrong with an assertion about a document whose text is so long; empty when nothing is."""
    content, quote = assertion.content, assertion.quote
    if not assertion.voices:
        return "nobody says it: it has no voices"
    if isinstance(content, Judgement):
        if not content.of:
            return "it judges nothing"
        if (content.verdict == "amend") != (content.amended is not None):
            return "the verdict amend, and only it, says what to read instead"
        return "it amends to a judgement" if isinstance(content.amended, Judgement) else ""
    if quote is None:
        return "it quotes nothing"
    if quote.document != document:
        return f"it quotes another document, {quote.document}"
    if not 0 <= quote.start < quote.end <= length:
        return f"its quote {quote.start}:{quote.end} is not inside the text, which has {length} characters"
    return ""


def _sound(connection: Connection, entry: Entry, held: Callable[[str], Any]) -> Entry:
    """The entry, if it may be recorded; an analyst's with the document of what is judged. UsageError if not."""
    analyst = family(entry.recorder) is None
    if not (entry.recorder.removeprefix("analyst:") if analyst else family(entry.recorder)):
        raise UsageError(f"{entry.recorder!r} is no recorder. Write extractor@version or analyst:name")
    if any(isinstance(each.content, Judgement) != analyst for each in entry.assertions):
        raise UsageError(f"{entry.recorder}: judgements are an analyst's, and an analyst's entry holds nothing else")
    if analyst:
        entry = _placed(connection, entry)
    document = held(entry.document)
    if document is None:
        raise UsageError(f"{entry.recorder}: there is no document {entry.document!r} on record. Add it first")
    for position, each in enumerate(entry.assertions):
        if wrong := fault(each, entry.document, document.length):
            raise UsageError(f"{entry.recorder}: assertion {position} about {entry.document}: {wrong}")
    return entry


def _placed(connection: Connection, entry: Entry) -> Entry:
    """An analyst's entry set under the document of what it judges. UsageError when that is not on record."""
    judged: list[str] = []
    for each in entry.assertions:
        assert isinstance(each.content, Judgement)
        for target in each.content.of:
            concerned = index.bearing_of(connection, target, before=_END)
            if not concerned:
                raise UsageError(f"{entry.recorder}: there is no assertion {target!r} on record to judge")
            if target not in concerned and each.content.verdict not in ("undo", "note"):
                raise UsageError(f"{entry.recorder}: {target} is a judgement: it can be undone or noted, no more")
            judged.extend(concerned.values())
    if not judged:
        raise UsageError(f"{entry.recorder}: an analyst's entry judges something")
    if entry.document and entry.document not in judged:
        raise UsageError(f"{entry.recorder}: nothing judged is in document {entry.document}")
    return replace(entry, document=entry.document or judged[0])


# ── recording twice changes nothing ──────────────────────────────────────────────────────────────

_END = 1 << 62  # after every entry


def _repeats(connection: Connection, entry: Entry) -> bool:
    if family(entry.recorder) is None:
        return _judges_again(connection, entry)
    row = connection.execute(_LATEST, {"of": entry.document, "by": family(entry.recorder)}).first()
    return row is not None and replace(entry, recorded_at=_ANY) == replace(read_entry(*row), recorded_at=_ANY)


_ANY = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def _judges_again(connection: Connection, entry: Entry) -> bool:
    now, touched = [], {entry.document}
    for position, each in enumerate(entry.assertions):
        assert isinstance(each.content, Judgement)
        concerned = index.bearing(connection, each.content, before=_END)
        touched |= set(concerned.values())
        when = stamp(entry.recorded_at)
        now.append(Spoken(_END, position, each.id, entry.recorder, when, entry.document, each, tuple(concerned)))
    before = spoken_on(connection, sorted(touched), _END)
    return changes_nothing(before, now)
