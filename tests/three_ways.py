"""One question asked three ways: by the ledger's index, by window functions over its entries, by the plain model.

A question is: which assertions of these kinds, at this place (or anywhere), spoke of this day or an earlier one, and
stood at this moment? `History` makes a record to ask, of two offices that read, read again, judge and merge.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from contested.ledger import Ledger
from contested.model import (
    Assertion,
    Control,
    Document,
    Entry,
    Estimate,
    Event,
    Judgement,
    Name,
    Period,
    Quantity,
    Quote,
    Voice,
)
from ledger_model import Model

START = dt.datetime(2021, 8, 1, tzinfo=dt.UTC)
TEXT = "Officials in the north said on Monday that the crossing was closed and shelled, and traders left it."
PLACES = [Name("Kunduz", "gn:1135689", 0.9), Name("Herat", "gn:1140026", 0.9), Name("Old  Mill"), Name("old mill")]
KINDS = ("control", "event", "quantity")


class Question(NamedTuple):
    kinds: tuple[str, ...]
    place: str
    on: dt.date
    known: dt.datetime


def place_of(name: Name) -> str:
    return name.thing or "?" + " ".join(name.words.split())


class History:
    """Two offices' ledgers and models; the first is asked."""

    def __init__(self, folder: Path, acts: int, seed: int) -> None:
        self.chance, self.path = Random(seed), folder / "here.sqlite"
        self.ledgers = [Ledger.open(self.path, create=True), Ledger.open(folder / "there.sqlite", create=True)]
        self.models = [Model(), Model()]
        published = (START.date() + dt.timedelta(days=each % 40) for each in range(acts // 6))
        self.reports = [
            Document(f"{n:032x}", "Gazette", TEXT, "0" * 64, day, "given") for n, day in enumerate(published, start=1)
        ]
        for step in range(acts):
            self._act(START + dt.timedelta(minutes=step), step)
        self._merge(0, START + dt.timedelta(minutes=acts))

    def close(self) -> None:
        for each in self.ledgers:
            each.close()

    def _act(self, now: dt.datetime, step: int) -> None:
        office, dice = self.chance.randrange(2), self.chance.random()
        ledger, model = self.ledgers[office], self.models[office]
        ids = sorted({said.id for each in model.entries for said in each.assertions if said.quote})
        if step % 60 == 59:
            self._merge(office, now)
        elif dice < 0.35 and ids:
            who, of = self.chance.choice(["amy", "bo", "cy"]), self.chance.choice(ids)
            verdict = self.chance.choice(["reject", "reject", "accept", "note"])
            said = Assertion(Judgement((of,), verdict), (Voice(who),))
            ledger.record(Entry(now, f"analyst:{who}", "", (said,)))
            model.record(now, f"analyst:{who}", "", (said,))
        else:
            report = self.chance.choice(self.reports)
            recorder = self.chance.choice(["control@1", "control@2", "event@1", "llm@1"])
            found = {each.id: each for each in (self._said(report) for _ in range(self.chance.randrange(5)))}
            ledger.add_document(report)
            ledger.record(Entry(now, recorder, report.id, tuple(found.values())))
            model.record(now, recorder, report.id, tuple(found.values()))

    def _merge(self, office: int, now: dt.datetime) -> None:
        self.ledgers[office].merge(self.ledgers[1 - office], at=now)
        self.models[office].merge(self.models[1 - office], now)

    def _said(self, report: Document) -> Assertion:
        place, start = self.chance.choice(PLACES), self.chance.randrange(4)
        content = self.chance.choice(
            [Control("held", place), Event("shelling", place=place), Quantity("refugees", Estimate(best=9.0))]
        )
        since = START.date() + dt.timedelta(days=self.chance.randrange(40)) if self.chance.random() < 0.7 else None
        return Assertion(content, (Voice("Gazette"),), Period(since), Quote(report.id, start, start + 9))

    def questions(self, count: int) -> Iterator[Question]:
        """Random ones, now and then about a moment between two entries or before the first."""
        places = ["", *map(place_of, PLACES)]
        span = (self.models[0].entries[-1].known - START).total_seconds()
        for _ in range(count):
            kinds = tuple(self.chance.sample(KINDS, self.chance.randrange(1, len(KINDS) + 1)))
            on = START.date() + dt.timedelta(days=self.chance.randrange(-2, 42))
            known = START + dt.timedelta(seconds=self.chance.uniform(-100, span + 100))
            yield Question(kinds, self.chance.choice(places), on, known)


class ByModel:
    """What the plain model says; views are kept by how many entries are known."""

    def __init__(self, history: History) -> None:
        self._model = history.models[0]
        self._known = [each.known for each in self._model.entries]
        self._days = {each.id: each.published for each in history.reports}
        said = (each for entry in self._model.entries for each in entry.assertions)
        self._said = {each.id: each for each in said if each.quote}
        self._views: dict[int, frozenset[str]] = {}

    def answer(self, asked: Question) -> list[str]:
        upto = bisect_right(self._known, asked.known)
        if upto not in self._views:
            self._views[upto] = frozenset(self._model.view(asked.known))
        return sorted(each for each in self._views[upto] if self._fits(self._said[each], asked))

    def _fits(self, said: Assertion, asked: Question) -> bool:
        at = getattr(said.content, "place", None)
        day = said.period.since or self._days[said.quote.document if said.quote else ""]
        is_there = not asked.place or (at is not None and place_of(at) == asked.place)
        return said.kind in asked.kinds and is_there and day is not None and day <= asked.on


class BySQL:
    """Asks the ledger's file: its index of readings, or its entries with window functions."""

    def __init__(self, history: History) -> None:
        self._connection = sqlite3.connect(history.path)
        self._unfold(history)

    def close(self) -> None:
        self._connection.close()

    def by_index(self, asked: Question) -> list[str]:
        return self._ids(INDEX, asked)

    def by_window(self, asked: Question) -> list[str]:
        return self._ids(WINDOW, asked)

    def _ids(self, statement: str, asked: Question) -> list[str]:
        microseconds = (asked.known - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)
        upto = self._connection.execute(UPTO, (microseconds,)).fetchone()[0]
        kinds = [*asked.kinds, "", ""][:3]
        given = {"upto": upto, "place": asked.place, "day": asked.on.toordinal()} | dict(zip("abc", kinds, strict=True))
        return [id_ for (id_,) in self._connection.execute(statement, given)]

    def _unfold(self, history: History) -> None:
        """What entries say and judge, a row each, drawn from the entries alone."""
        self._connection.executescript(TABLES)
        days = {each.id: each.published for each in history.reports}
        for n, entry in enumerate(history.ledgers[0].entries(), start=1):
            for each in entry.assertions:
                if isinstance(each.content, Judgement):
                    row = (n, entry.recorder, each.content.of[0], each.content.verdict)
                    self._connection.execute("INSERT INTO temp.verdicts VALUES (?, ?, ?, ?)", row)
                else:
                    at = getattr(each.content, "place", None)
                    day = each.period.since or days[entry.document]
                    told = (n, each.id, each.kind, place_of(at) if at else "", day.toordinal() if day else None)
                    self._connection.execute("INSERT INTO temp.said VALUES (?, ?, ?, ?, ?)", told)


UPTO = "SELECT coalesce(max(n), 0) FROM entries WHERE recorded_at <= ?"
TABLES = """
CREATE TEMP TABLE said (entry INTEGER, id TEXT, kind TEXT, place TEXT, day INTEGER);
CREATE INDEX temp.said_entry ON said (entry);
CREATE TEMP TABLE verdicts (entry INTEGER, recorder TEXT, id TEXT, verdict TEXT);
"""
INDEX = """
SELECT lower(hex(id)) FROM readings
WHERE since <= :upto AND until > :upto AND day <= :day
  AND kind IN (SELECT n FROM terms WHERE words IN (:a, :b, :c))
  AND (:place = '' OR place = (SELECT n FROM terms WHERE words = :place))
ORDER BY id
"""
WINDOW = """
WITH ordered AS (
    SELECT n, row_number() OVER (PARTITION BY document, family
        ORDER BY coalesce(made_at, recorded_at) DESC, n DESC) AS place
    FROM entries WHERE n <= :upto AND family IS NOT NULL
), judged AS (
    SELECT verdicts.id, verdict,
           row_number() OVER (PARTITION BY verdicts.id, verdicts.recorder
        ORDER BY coalesce(made_at, recorded_at) DESC, n DESC) AS place
    FROM verdicts JOIN entries ON entries.n = verdicts.entry
    WHERE entries.n <= :upto AND verdict IN ('accept', 'reject')
), rejected AS (
    SELECT id FROM judged WHERE place = 1 GROUP BY id HAVING sum(verdict = 'accept') = 0
)
SELECT DISTINCT said.id FROM ordered JOIN said ON said.entry = ordered.n
WHERE ordered.place = 1 AND said.kind IN (:a, :b, :c) AND (:place = '' OR said.place = :place) AND said.day <= :day
  AND said.id NOT IN (SELECT id FROM rejected)
ORDER BY said.id
"""
