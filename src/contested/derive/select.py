"""First step: which assertions concern the picture, what they say in its terms, and which do not count."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from contested.derive.codebook import Codebook, Meaning
from contested.derive.evidence import NEVER, Evidence, Wording, folded, shifted
from contested.derive.speakers import make_one
from contested.derive.who import mark_claims
from contested.model import Name, Standing


def select(book: Codebook, standings: Iterable[Standing], on: dt.date, wording: Wording) -> list[Evidence]:
    """The evidence in order of time, each with its meaning, or with the reason why it is left aside."""
    once: dict[str, Standing] = {}
    read_by: dict[str, set[str]] = defaultdict(set)
    for standing in standings:
        if standing.assertion.kind in book.kinds:
            read_by[standing.id] |= {standing.recorder, *standing.also}
            known = once.setdefault(standing.id, standing)
            if (standing.recorded_at, standing.recorder) < (known.recorded_at, known.recorder):
                once[standing.id] = standing
    meanings: dict[str, list[Meaning]] = defaultdict(list)
    for meaning in book.means:
        meanings[meaning.kind].append(meaning)
    evidence = [_evidence(standing) for standing in once.values()]
    evidence = [e for e in evidence if _concerns(book, e, wording)]
    evidence.sort(key=lambda e: e.order)
    make_one(evidence)
    spelled: dict[str, str] = {}
    for e in evidence:
        e.aside = _left(book, read_by[e.id]) or _unfit(book, e, on) or _read(book, e, meanings[e.kind], wording)
        if not e.aside:  # the same words, however capitalised, are one value
            e.value = spelled.setdefault(e.value.casefold(), e.value)
            e.denies = spelled.setdefault(e.denies.casefold(), e.denies)
    mark_claims(book, evidence, wording.register)
    return evidence


def _evidence(standing: Standing) -> Evidence:
    voice = standing.assertion.voices[-1]
    speaker = voice.thing or folded(voice.who)
    return Evidence(standing, standing.assertion.kind, _day(standing), Name(voice.who, voice.thing), speaker)


def _day(standing: Standing) -> dt.date:
    period = standing.assertion.period
    if period.since is None and period.until is not None:  # "until Friday": the last day it was so
        return min(shifted(period.until, -1), standing.published or dt.date.max)
    return standing.day or NEVER


def _concerns(book: Codebook, e: Evidence, wording: Wording) -> bool:
    if not book.where or e.kind not in book.reads:
        return True
    return wording.holds(book.where, e)


def _left(book: Codebook, recorders: set[str]) -> str:
    """Why no reader of it counts; empty when one does."""
    aside = book.who_counts.not_read_by
    for recorder in recorders:
        if not any(fnmatchcase(name, each) for name in (recorder, recorder.partition("@")[0]) for each in aside):
            return ""
    return f"read by {', '.join(sorted(recorders))}"


def _unfit(book: Codebook, e: Evidence, on: dt.date) -> str:
    """Why it cannot count whatever it says; empty when it can."""
    assertion, counting = e.standing.assertion, book.who_counts
    if e.day == NEVER:
        return "undated"
    if e.day > on:
        return f"later than {on}"
    if assertion.confidence < counting.least_confidence:
        return f"uncertain reading: confidence {assertion.confidence:.2f}"
    likelihood = assertion.likelihood
    if likelihood is not None and likelihood.high < counting.hedged_below:
        if counting.hedged == "ignored":
            return f"hedged: “{likelihood.words}”"
        e.claim = True
    return ""


def _read(book: Codebook, e: Evidence, meanings: Sequence[Meaning], wording: Wording) -> str:
    """Give it the first meaning that fits; or say why none does. A kind without meanings says no value."""
    for meaning in meanings:
        if wording.holds(meaning.when, e):
            if not meaning.value and not meaning.denies:
                break
            denied = e.standing.assertion.denied
            said = (meaning.if_denied, meaning.value or meaning.denies) if denied else (meaning.value, meaning.denies)
            value, denies = (wording.say(template, e) for template in said)
            if value is None or denies is None:
                return "does not say whom or what it speaks of"
            e.value, e.denies = value, denies
            e.degree, e.gives_way = meaning.degree, meaning.gives_way and not denied
            e.favours, e.harms = meaning.favours, meaning.harms
            e.lasts = book.lasts_days if meaning.lasts_days is None else meaning.lasts_days
            return ""
    e.lasts = book.lasts_days
    return "says nothing in the terms of this standard" if meanings else ""
