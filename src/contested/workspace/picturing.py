"""Drawing pictures out of a record of any size: from all that concerns them where that is little, else by parts.

    little            every standing at once; what is left aside is named
    looking back      the codebook lets later evidence hide earlier: from the day asked backwards, place by place
    by marks          all standings once, to learn to which rows each belongs; then row after row

All three give the same rows. What a large record leaves aside is told when a row is explained.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import groupby, islice
from typing import TYPE_CHECKING

from msgspec.structs import replace

from contested.ledger import Known, Ledger
from contested.model import Judgement, Name, Picture, Row, Standing

if TYPE_CHECKING:
    from contested.derive import Codebook, Parting
    from contested.register import Register

LITTLE, FEW = 5_000, 2_000  # standings that are held at once without a thought; where rows can look back, so many
AT_ONCE = 2_000  # standings read together
TOGETHER = 1_000  # rows that look back at once
_APART = "\0"  # between the parts of a mark: sorts before whatever may follow


def latest(known: Known) -> dt.date:
    """The last day, up to today, of which any standing assertion speaks; today if none does."""
    today = dt.datetime.now(dt.UTC).date()
    return known.latest(today) or today


def picture(
    ledger: Ledger, register: Register, book: Codebook, on: dt.date | None, moment: dt.datetime | None
) -> Picture:
    """A picture held whole. `on` is by default the last day of which the record speaks, `moment` is now."""
    frame, drawn = unrolled(ledger, register, book, on, moment)
    return replace(frame, rows=tuple(drawn))


def unrolled(
    ledger: Ledger, register: Register, book: Codebook, on: dt.date | None, moment: dt.datetime | None
) -> tuple[Picture, Iterator[Row]]:
    """A picture without its rows, and the rows as they are drawn."""
    day, asked = on or latest(ledger.as_known(moment)), moment or dt.datetime.now(dt.UTC)
    frame = Picture(book.picture or book.name, book.name, day, asked, book.columns)
    return frame, rows(ledger, register, book, day, moment)


def rows(ledger: Ledger, register: Register, book: Codebook, on: dt.date, moment: dt.datetime | None) -> Iterator[Row]:
    """The rows of a picture as they are drawn, in the order of their keys; only what is at hand is held."""
    from contested.derive import derive

    known = ledger.as_known(moment)
    if known.at_most(FEW if _can_look_back(book) else LITTLE, book.kinds):
        standings = ledger.view(moment, book.kinds)
        yield from derive(book, standings, on, moment or dt.datetime.now(dt.UTC), register).rows
    elif _can_look_back(book):
        yield from _looking_back(known, register, book, on)
    else:
        yield from _by_marks(known, ledger.view(moment, book.kinds), register, book, on)


def weight(known: Known, book: Codebook) -> int:
    """How many standings must be gone through before the first row is drawn; of what looks back, next to none."""
    return 0 if _can_look_back(book) else known.count(book.kinds)


# ── looking back ─────────────────────────────────────────────────────────────────────────────────


def _can_look_back(book: Codebook) -> bool:
    from contested.derive import looks_back

    return looks_back(book) and len(book.kinds) == 1 and book.key[0].of == "place" and _indexed(book)


Names = tuple[tuple["Name | str", ...], ...]  # of a partition, row by row
Numbers = dict["Name | str", list[int]]  # of places in the index


def _looking_back(asked: Known, register: Register, book: Codebook, on: dt.date) -> Iterator[Row]:
    """Rows some at a time, each time of one state of the record, which is not held while they are poured."""
    from contested.derive import Parting

    with asked.held() as known:
        parties, numbers = _parties(known, book, on), _numbers(known, book)
        divided = Parting(book, on, register, parties).divide(numbers)
        first, *more = _batches([one.rows for one in divided if one.mark])
        drawn = _drawn(known, register, book, on, parties, numbers, first)
    yield from drawn
    for some in more:
        with asked.held() as known:
            drawn = _drawn(known, register, book, on, parties, _numbers(known, book), some)  # they may be others now
        yield from drawn


def _numbers(known: Known, book: Codebook) -> Numbers:
    (kind,) = book.kinds
    found: defaultdict[Name | str, list[int]] = defaultdict(list)
    for number, name in known.values(kind, "place").items():
        found[name].append(number)
    return found


def _batches(partitions: Iterable[Names]) -> Iterator[list[Names]]:
    """Partitions, so many that their rows are about as many as look back together."""
    some, rows = list[Names](), 0
    for partition in partitions:
        some.append(partition)
        rows += len(partition)
        if rows >= TOGETHER:
            yield some
            some, rows = [], 0
    yield some


def _drawn(
    known: Known,
    register: Register,
    book: Codebook,
    on: dt.date,
    parties: list[Name],
    numbers: Numbers,
    partitions: Iterable[Names],
) -> list[Row]:
    from contested.derive import looked_back

    (kind,) = book.kinds
    rows: list[list[int]] = []
    places: list[range] = []  # of each partition, among the rows
    for partition in partitions:
        rows += [[n for name in row for n in numbers.get(name, ())] for row in partition]
        places.append(range(len(rows) - len(partition), len(rows)))
    return list(looked_back(book, places, known.backwards(kind, rows, on), on, register, parties))


def _indexed(book: Codebook) -> bool:
    from contested.derive import party_fields
    from contested.ledger.facets import PARTIES

    return all(fields <= set(PARTIES.get(kind, ())) for kind, fields in party_fields(book).items())


def _parties(known: Known, book: Codebook, on: dt.date) -> list[Name]:
    from contested.derive import party_days, party_fields

    return known.parties(party_fields(book), *party_days(book, on))


# ── by marks ─────────────────────────────────────────────────────────────────────────────────────


def _by_marks(
    known: Known, standings: Iterator[Standing], register: Register, book: Codebook, on: dt.date
) -> Iterator[Row]:
    from contested.derive import Parting
    from contested.derive import rows as drawn

    parties = _parties(known, book, on) if _indexed(book) else []
    parting = Parting(book, on, register, parties)
    with closing(_Marks(book.as_judged)) as marks:
        for some in _together(standings, parting):
            marks.add(parting, some)
        marks.tie()
        yield from drawn(book, marks.partitions(known), on, register, parties)


def _together(standings: Iterator[Standing], parting: Parting) -> Iterator[list[Standing]]:
    """Standings some at a time; whole reports where evidence joins the nearest in its report."""
    if not parting.reports:
        while some := list(islice(standings, AT_ONCE)):
            yield some
    else:
        for _, report in groupby(standings, key=lambda each: each.assertion.quote and each.assertion.quote.document):
            yield list(report)


class _Marks:
    """Which standings belong to which mark, sorted outside of memory."""

    def __init__(self, as_judged: bool) -> None:
        self._as_judged = as_judged
        self._same: set[tuple[str, ...]] = set()  # what analysts call the same is drawn together
        self._file = sqlite3.connect("", isolation_level=None)  # a file of SQLite's own, gone when it is closed
        self._file.execute("PRAGMA journal_mode = OFF")
        self._file.execute("CREATE TABLE marks (mark TEXT, id TEXT)")
        self._file.execute("BEGIN")

    def close(self) -> None:
        self._file.close()

    def add(self, parting: Parting, standings: Iterable[Standing]) -> None:
        rows = []
        for mark, each in parting.marks(standings):
            same = _called_same(each) if self._as_judged else set()
            self._same |= same
            if any(mark) or same:
                rows.append((_APART.join(mark), each.id))
        self._file.executemany("INSERT INTO marks VALUES (?, ?)", rows)

    def tie(self) -> None:
        """Give what is called the same one mark, the last: any comes after that of what makes no row."""
        if self._same:
            self._file.execute("CREATE INDEX marks_id ON marks (id)")
            self._file.execute("CREATE INDEX marks_mark ON marks (mark)")
        for ids in sorted(self._same):
            asked = f"SELECT DISTINCT mark FROM marks WHERE id IN ({', '.join('?' * len(ids))})"  # noqa: S608
            found = sorted(self._file.execute(asked, ids).fetchall())
            last = found[-1] if found else ("",)
            self._file.executemany("UPDATE marks SET mark = ? WHERE mark = ?", [(*last, *one) for one in found[:-1]])

    def partitions(self, known: Known) -> Iterator[list[Standing]]:
        """The standings of each mark, mark by mark, read many at a time."""
        in_order = self._file.execute("SELECT mark, id FROM marks ORDER BY mark")
        waiting, many = list[list[str]](), 0
        for _, same in groupby(in_order, key=lambda row: row[0]):
            waiting.append([id_ for _, id_ in same])
            many += len(waiting[-1])
            if many >= AT_ONCE:
                yield from _read(known, waiting)
                waiting, many = [], 0
        yield from _read(known, waiting)


def _called_same(standing: Standing) -> set[tuple[str, ...]]:
    """What analysts say that this and others are the same."""
    judged = (said.content for said in standing.judgements)
    return {each.of for each in judged if isinstance(each, Judgement) and each.verdict == "same"}


def _read(known: Known, groups: list[list[str]]) -> Iterator[list[Standing]]:
    found: dict[str, Standing] = {}
    every = [id_ for ids in groups for id_ in ids]
    for first in range(0, len(every), AT_ONCE):
        found |= known.some(every[first : first + AT_ONCE])
    for ids in groups:
        yield [found.pop(id_) for id_ in ids if id_ in found]
