"""The record act by act: what was recorded of a report at one moment, by readers or by an analyst."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from itertools import groupby, islice
from typing import Literal

from msgspec.structs import replace

from contested.errors import LedgerError, UsageError
from contested.ledger import Ledger
from contested.model import Document, Entry, Judgement, Noun
from contested.workspace import clocks

AT_HAND = 8  # reports whose entries are kept while acts on them are told
Span = tuple[dt.datetime | None, dt.datetime | None]
Did = Literal["read", "read again", "withdrew", "judged", "removed"]


class Act(Noun, frozen=True):
    """What was recorded of one report at one moment. Of readers: how many assertions they made, how many of these were
    new, and how many of what they had said before they said no more. Of an analyst: the judgements. `why` a report's
    bytes were removed; `made_at` is when an act was first recorded, where that was in another ledger."""

    at: dt.datetime
    did: Did
    recorders: tuple[str, ...]
    document: str
    file: str = ""
    source: str = ""
    assertions: int = 0
    new: int = 0
    withdrawn: int = 0
    judgements: tuple[Judgement, ...] = ()
    why: str = ""
    made_at: dt.datetime | None = None


def acts(ledger: Ledger, span: Span, document: str, recorder: str, limit: int) -> Iterator[Act]:
    """The last acts, the last first. The record is read from its end, no further than they are told."""
    since, until = span
    after = ledger.as_known(clocks.before(since)) if since else None
    walked = ledger.as_known(until).entries(document, after, lambda each: fnmatchcase(each, recorder))
    before = lru_cache(maxsize=AT_HAND)(lambda report: tuple(ledger.entries(report)))
    reports = lru_cache(maxsize=AT_HAND)(lambda report: _report(ledger, report))
    for _, found in islice(groupby(walked, _one_act), limit):
        act = tuple(found)[::-1]
        yield _told(act, reports(act[0].document), before)


def _one_act(entry: Entry) -> tuple[dt.datetime, str, str]:
    """What entries of one act share; each person acts alone."""
    return entry.recorded_at, entry.document, entry.recorder if _by_a_person(entry) else ""


def _by_a_person(entry: Entry) -> bool:
    return entry.recorder.startswith("analyst:") or bool(entry.removes)


def _report(ledger: Ledger, document: str) -> Document | None:
    try:
        return ledger.document(document)
    except (LedgerError, UsageError):  # its words are gone; what was done is told all the same
        return None


def _told(act: Sequence[Entry], report: Document | None, before: Callable[[str], tuple[Entry, ...]]) -> Act:
    first = act[0]
    file, source = (report.file, report.source) if report else ("", "")
    recorders, made_at = tuple(each.recorder for each in act), first.made_at if first.origin else None
    told = Act(first.recorded_at, "judged", recorders, first.document, file, source, made_at=made_at)
    if first.removes:
        return replace(told, did="removed", why=first.removes)
    if _by_a_person(first):
        said = (each.content for entry in act for each in entry.assertions)
        return replace(told, judgements=tuple(each for each in said if isinstance(each, Judgement)))
    made = new = gone = 0
    again = False
    for entry in act:
        earlier = _earlier(entry, before(entry.document))
        then = {each.id for each in earlier.assertions} if earlier else set()
        now = {each.id for each in entry.assertions}
        again = again or earlier is not None
        made, new, gone = made + len(now), new + len(now - then), gone + len(then - now)
    did: Did = "withdrew" if gone and not made else "read again" if again else "read"
    return replace(told, did=did, assertions=made, new=new, withdrawn=gone)


def _earlier(entry: Entry, all_of_it: Sequence[Entry]) -> Entry | None:
    """What the same recorder, in whichever version, had said of the document before."""
    found = None
    for each in all_of_it:
        if (each.recorded_at, each.recorder) == (entry.recorded_at, entry.recorder):
            return found
        if each.recorder.partition("@")[0] == entry.recorder.partition("@")[0]:
            found = each
    return found
