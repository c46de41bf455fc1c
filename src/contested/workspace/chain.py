"""The head in which the chain of a record ends: what a hand-over and a stamp rest on."""

from __future__ import annotations

import datetime as dt

import msgspec

from contested.ledger import Ledger
from contested.model import Noun
from contested.write.plain import plain


class Head(Noun, frozen=True):
    """The end of the chain: the hash of the last entry, how many entries lead to it, and when that was recorded."""

    head: str
    entries: int
    recorded_at: dt.datetime | None = None


def end(ledger: Ledger) -> Head:
    """The head of a record, with the number and moment of its entry."""
    entries, head, moment = ledger.end()
    return Head(head, entries, moment)


def facts(last: Head, workspace: str) -> dict[str, object]:
    """A head as plain data under its schema's name, with the name of the workspace."""
    return {"schema": "contested/head/1", "workspace": workspace, **plain(last)}


def as_line(value: object) -> bytes:
    """A line of JSON."""
    return msgspec.json.encode(value) + b"\n"
