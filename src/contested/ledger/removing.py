"""Taking out: for legal or safety reasons the bytes of a report go; what vouches for them stays, and says why.

With a report go the judgements on it. One act of an analyst may judge several reports, and is chained as one: then all
of it goes, and what is in force of it on others is recorded again in the same act, with the old one as its `origin`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence, Set
from typing import Any, NamedTuple

from msgspec.structs import replace
from sqlalchemy import Connection, Row, select

from contested.errors import UsageError
from contested.ledger.judging import Spoken, in_force
from contested.ledger.record import Act
from contested.ledger.standing import read_bodies, spoken_on
from contested.ledger.tables import END, IS_TOMBSTONE, bodies, documents, entries, judgements, readings
from contested.ledger.written import TOMBSTONE, read_stamp
from contested.model import Assertion, Entry, Judgement, Origin


class Removal(NamedTuple):
    """That the bytes of a document were taken out: why, by whom, when (UTC)."""

    document: str
    reason: str
    by: str
    at: dt.datetime

    def __str__(self) -> str:
        return f"removed: {self.reason} ({self.at:%Y-%m-%d %H:%M} UTC, by {self.by})"


def removals(connection: Connection, ids: Collection[str] = ()) -> dict[str, Removal]:
    """What was taken out, by the document's id: of these, or all. Of several reasons the first is given."""
    rows = tombstones(connection, ids)
    said = read_bodies(connection, [row.n for row in rows])
    return {row.id: removal_of(row, said[row.n]) for row in rows}


def removal_of(row: Row[Any], said: Entry) -> Removal:
    """What a tombstone says, by its row and its body."""
    return Removal(row.id, said.removes, row.recorder[len(TOMBSTONE) + 1 :], read_stamp(row.recorded_at))


def tombstones(connection: Connection, ids: Collection[str] = ()) -> Sequence[Row[Any]]:
    """The entries that say why something was taken out, of these documents or of all, the last first."""
    asked = select(entries, documents.c.id).join_from(entries, documents).where(IS_TOMBSTONE)
    asked = asked.where(documents.c.id.in_(ids)) if ids else asked
    return connection.execute(asked.order_by(entries.c.n.desc())).all()


def take_out(
    connection: Connection, ids: Sequence[str], reason: str, by: str, at: dt.datetime | None = None
) -> list[str]:
    """Take these documents out; answers which were not taken out before, by their ids. The indexes must be drawn anew.

    UsageError when one is not on record, or no reason is given.
    """
    if not reason.strip():
        raise UsageError("a removal says why: the reason stays on record when the words are gone")
    before, act = removals(connection, ids), Act(connection)
    due = [each for each in dict.fromkeys(ids) if each not in before]
    if missing := [each for each in due if act.held(each) is None]:
        raise UsageError(f"there is no document {missing[0]!r} on record. See: contested documents")
    if not due:
        return []
    now = at or dt.datetime.now(dt.UTC)
    numbers = [held.n for held in map(act.held, due) if held]
    cut = list(_cut(connection, numbers))
    takes = tuple(each.hash for each in cut if each.document not in numbers)
    for place, document in enumerate(due):
        act.append(Entry(now, f"{TOMBSTONE}:{by}", document, removes=reason, takes=takes if place == 0 else ()))
    for each in cut:
        if each.rest:
            act.append(Entry(now, each.recorder, "", each.rest, each.origin))
    act.close()
    return due


class Cut(NamedTuple):
    """An analyst's entry that goes: its hash, the number of its document, and what is to be said of others again."""

    hash: str
    document: int
    recorder: str
    origin: Origin
    rest: tuple[Assertion, ...]


def _cut(connection: Connection, numbers: Sequence[int]) -> Iterator[Cut]:
    """The acts of analysts that go with these documents, each with what is to be recorded again: what is in force."""
    of_them = select(readings.c.id).where(readings.c.document.in_(numbers))
    gone, renamed = {key.hex() for key in connection.execute(of_them).scalars()}, dict[str, str]()
    due, held = _reach(connection, numbers, gone)
    asked = select(entries.c.n, entries.c.hash, entries.c.document).where(entries.c.n.in_(due)).order_by(entries.c.n)
    for row in connection.execute(asked).all():
        entry = read_bodies(connection, [row.n])[row.n]
        spoiled, rest = _notes(entry, gone), list[Assertion]()
        for position, each in enumerate(entry.assertions):
            left = _without(each, gone, renamed, spoiled) if (row.n, position) in held else None
            if left is None:
                gone.add(each.id)
            else:
                renamed[each.id] = left.id
                rest.append(left)
        origin = entry.origin or Origin(row.hash.hex(), entry.recorded_at)
        yield Cut(row.hash.hex(), row.document, entry.recorder, origin, tuple(rest))


def _reach(
    connection: Connection, numbers: Sequence[int], gone: Set[str]
) -> tuple[set[int], frozenset[tuple[int, int]]]:
    """The entries of analysts that go, and which judgements, by entry and position, are in force and no undoing.

    What goes may have been undone, or have undone something: what bears on the same assertions and is in force no more,
    or is an undoing, goes as well. Then nothing comes back in force, nor ceases to be, for want of the other.
    """
    on_them = select(entries.c.n).join_from(entries, bodies).where(entries.c.family.is_(None))
    new = set(connection.execute(on_them.where(entries.c.document.in_(numbers))).scalars())
    due, within = set[int](), set(numbers)
    touched, named = set(gone), set[str]()
    while True:
        due |= new
        for row in connection.execute(select(judgements).where(judgements.c.entry.in_(new))):
            touched.add(row.assertion.hex())
            within.add(row.document)
            named.add(row.id.hex())
        spoken = spoken_on(connection, sorted(within), END)
        held = frozenset((each.entry, each.position) for each in in_force(spoken) if each.judgement.verdict != "undo")
        new = {each.entry for each in spoken if _goes(each, gone, touched, named, held)} - due
        if not new:
            return due, held


def _goes(each: Spoken, gone: Set[str], touched: Set[str], named: Set[str], held: Collection[tuple[int, int]]) -> bool:
    if not gone.isdisjoint(each.bears_on) or not named.isdisjoint(each.judgement.of):
        return True
    return (each.entry, each.position) not in held and not touched.isdisjoint(each.bears_on)


def _notes(entry: Entry, gone: Set[str]) -> frozenset[str]:
    """The notes an act makes on what goes: the same words may stand on its other judgements."""
    said = [each.content for each in entry.assertions if isinstance(each.content, Judgement)]
    return frozenset(each.note for each in said if not gone.isdisjoint(each.of))


def _without(
    assertion: Assertion, gone: Collection[str], renamed: dict[str, str], spoiled: Collection[str]
) -> Assertion | None:
    """What is left of a judgement without what it says of these, and without notes on them; None if nothing is."""
    said = assertion.content
    assert isinstance(said, Judgement)
    of = tuple(renamed.get(each, each) for each in said.of if each not in gone)
    note = "" if said.note in spoiled else said.note
    if (of, note) == (said.of, said.note):
        return assertion
    if len(of) < (2 if said.verdict in ("same", "different") else 1):
        return None
    return replace(assertion, content=replace(said, of=of, note=note))
