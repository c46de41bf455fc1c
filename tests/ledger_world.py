"""Two reports and short ways to say, enter and judge something, for the tests of the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from msgspec.structs import replace

from contested.ledger import Ledger
from contested.model import (
    Assertion,
    Control,
    Document,
    Entry,
    Judgement,
    Name,
    Period,
    Quote,
    Verdict,
    Voice,
)

TEXT = "Police said on 15 August 2021 that fighters had entered Kabul. The ministry denied it. کابل 😀"
MORNING = dt.datetime(2021, 8, 16, 6, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DOCUMENT = Document("d1" * 12, "The Fictional Courier", TEXT, "0" * 64, dt.date(2021, 8, 16), "given", file="kabul.txt")
OTHER = replace(DOCUMENT, id="e2" * 12, published=dt.date(2021, 8, 17), dating="guessed")


def says(start: int = 0, document: Document = DOCUMENT, **content: Any) -> Assertion:
    given: dict[str, Any] = {"status": "taken", "place": Name("Kabul", "geonames:1138958", 0.9)}
    said = Control(**(given | content))
    voices = (Voice("The Fictional Courier"), Voice("Police", cue="said"))
    return Assertion(said, voices, Period(dt.date(2021, 8, 15)), Quote(document.id, start, start + 5))


def entry(*said: Assertion, recorder: str = "control@1", at: dt.datetime = MORNING, on: Document = DOCUMENT) -> Entry:
    return Entry(at, recorder, on.id, said)


def judges(verdict: Verdict, *of: str, analyst: str = "amy", at: dt.datetime = MORNING, **more: Any) -> Entry:
    return Entry(at, f"analyst:{analyst}", "", (Assertion(Judgement(of, verdict, **more), (Voice(analyst),)),))


def ids(ledger: Ledger, **asked: Any) -> list[str]:
    return [each.id for each in ledger.view(**asked)]


@contextmanager
def fresh() -> Iterator[Ledger]:
    """An empty ledger in a folder of its own, for laws that make many."""
    with TemporaryDirectory() as folder, Ledger.open(Path(folder) / "ledger.sqlite", create=True) as ledger:
        yield ledger
