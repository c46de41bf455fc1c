"""Tellings: a report given another source or day is told anew, as ID.2, and the analysts' judgements go with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from contested.model import Assertion, Document, Entry, Judgement, Problem

if TYPE_CHECKING:
    from contested.ledger import Ledger


def first_of(document: str) -> str:
    """The id a report had when it was first told."""
    return document.partition(".")[0]


def telling(document: str) -> int:
    """Which telling of a report an id names: the first has no number."""
    return int(document.partition(".")[2] or 1)


def last_tellings(documents: Iterable[Document]) -> dict[str, Document]:
    """Each document by the id it first had, as it was told last."""
    found: dict[str, Document] = {}
    for document in sorted(documents, key=lambda each: telling(each.id)):
        found[first_of(document.id)] = document
    return found


def superseded(documents: Iterable[Document]) -> dict[str, str]:
    """The documents that were told anew since: the id of the last telling by the id of each earlier one."""
    return told_anew(each.id for each in documents)


def told_anew(documents: Iterable[str]) -> dict[str, str]:
    """The same by ids alone."""
    everything = sorted(documents, key=telling)
    last = {first_of(each): each for each in everything}
    return {each: last[first_of(each)] for each in everything if last[first_of(each)] != each}


def carried(
    ledger: Ledger, former: str, document: Document, entries: Sequence[Entry]
) -> tuple[list[Entry], list[Problem]]:
    """The judgements on a former telling made anew on what the new one says in the same words, and those that cannot.

    An assertion is the same when its content, its voices but for the publisher, and the place of its quote are.
    """
    before = {each.id: each for entry in ledger.entries(former) for each in entry.assertions if each.quote}
    now = {_words(each): each.id for entry in entries for each in entry.assertions}
    anew = {id_: now.get(_words(each), "") for id_, each in before.items()}
    held: list[Entry] = []
    lost: list[str] = []
    for recorder, said in ledger.judgements(former):
        judgement = said.content
        assert isinstance(judgement, Judgement)
        if judgement.verdict == "undo":  # what it undid is not in force
            continue
        of = tuple(dict.fromkeys(anew.get(each, each) for each in judgement.of))
        if all(of) and of != judgement.of:
            note = f"{judgement.note} (carried over from {former})".lstrip()
            again = replace(said, content=replace(judgement, of=of, note=note))
            held.append(Entry(dt.datetime.now(dt.UTC), recorder, "", (again,)))
        else:
            lost.append(said.id)
    return held, [_unheard(document, lost)] if lost else []


def _words(each: Assertion) -> tuple[object, ...]:
    assert each.quote
    return each.content, each.voices[1:], each.quote.start, each.quote.end


def _unheard(document: Document, judgements: Sequence[str]) -> Problem:
    several = "1 judgement was" if len(judgements) == 1 else f"{len(judgements)} judgements were"
    reason = f"{several} made on its former telling and cannot be carried over to this one"
    return Problem(document.file, reason, f"Judge these anew: {', '.join(judgements)}")
