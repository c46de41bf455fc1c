"""A session on a ledger, act by act, and what a reader sees of it after each; for the tests that inject faults."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from msgspec.structs import replace

from contested.ledger import Ledger
from ledger_world import DOCUMENT, OTHER, entry, ids, judges, says

THIRD = replace(DOCUMENT, id="f3" * 12, text=DOCUMENT.text * 50)
REJECT = judges("reject", says(7).id)

SESSION: tuple[Callable[[Ledger], object], ...] = (
    lambda ledger: ledger.record_all(DOCUMENT, [entry(says(0), says(7))]),
    lambda ledger: ledger.record_all(OTHER, [entry(says(document=OTHER), on=OTHER), entry(recorder="b@1", on=OTHER)]),
    lambda ledger: ledger.record(REJECT),
    lambda ledger: ledger.record(entry(*(says(start) for start in range(20)), recorder="event@1")),
    lambda ledger: ledger.reindex(),
    lambda ledger: ledger.record(judges("undo", REJECT.assertions[0].id)),
    lambda ledger: ledger.record_all(THIRD, [entry(*(says(n, THIRD) for n in range(40)), on=THIRD)]),
    lambda ledger: ledger.record(judges("amend", says(0).id, amended=says(status="lost").content)),
    lambda ledger: ledger.reindex(),
)


class State(NamedTuple):
    """What a reader sees of a ledger."""

    head: str
    documents: tuple[str, ...]
    entries: int
    view: tuple[str, ...]


def state(ledger: Ledger) -> State:
    documents = tuple(each.id for each in ledger.documents())
    return State(ledger.head(), documents, len(list(ledger.entries())), tuple(ids(ledger)))
