"""First step: which assertions concern the picture, what they say in its terms, and which do not count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from fnmatch import fnmatchcase
from functools import lru_cache, partial
from operator import attrgetter
from typing import get_args

from msgspec.structs import replace

from contested.derive.evidence import NEVER, Evidence, day_of, field
from contested.derive.standard import Standard
from contested.derive.who import Sides
from contested.derive.wording import CACHED, folded
from contested.model import AnyContent, Name, Standing, Voice


class Selection:
    """Turns standings into evidence; what it gives for one depends on that one and on the parties alone."""

    def __init__(self, standard: Standard, on: dt.date, parties: Collection[Name]) -> None:
        book, wording = standard.book, standard.wording
        self._book = book
        self._on = on
        self._wording = wording
        self._kinds = {
            cls: name for cls in get_args(AnyContent) if (name := str(cls.__struct_config__.tag)) in book.kinds
        }
        self._terms = standard.terms
        mode = book.who_counts.parties
        self._sides = None if mode == "alike" else Sides(mode, standard.ranks, parties)
        self._spoken = lru_cache(maxsize=CACHED)(_spoken)

    def __call__(self, standings: Iterable[Standing]) -> list[Evidence]:
        """The evidence in order of time, each with its meaning, or with the reason why it is left aside."""
        found = [e for standing in _once(standings) if (e := self.evidence(standing))]
        if len(found) > 1:
            found.sort(key=attrgetter("order"))
        return found

    def evidence(self, standing: Standing) -> Evidence | None:
        """None when it is none of the picture's."""
        assertion = standing.assertion
        kind, voices = self._kinds.get(type(assertion.content)), assertion.voices
        if kind is None:
            return None
        voice, speaker = self._spoken(voices[-1])
        denied = voices[0].denies if len(voices) == 1 else assertion.denied
        e = Evidence(standing, kind, day_of(standing), voice, speaker, denied)
        if not self._concerns(e):
            return None
        e.aside = self._left(standing) or self._unfit(e) or self._read(e)
        if self._sides and not e.aside and not e.claim:
            e.claim = self._sides.claims(e)
        return e

    def _concerns(self, e: Evidence) -> bool:
        where = self._book.where
        return not where or e.kind not in self._book.reads or self._wording.holds(where, partial(field, e))

    def _left(self, standing: Standing) -> str:
        """Why no reader of it counts; empty when one does."""
        aside = self._book.who_counts.not_read_by
        recorders = (standing.recorder, *standing.also) if aside else ()
        if not recorders or any(not _named(recorder, aside) for recorder in recorders):
            return ""
        return f"read by {', '.join(sorted(set(recorders)))}"

    def _unfit(self, e: Evidence) -> str:
        """Why it cannot count whatever it says; empty when it can."""
        assertion, counting = e.standing.assertion, self._book.who_counts
        if e.day == NEVER:
            return "undated"
        if e.day > self._on:
            return f"later than {self._on}"
        if assertion.confidence < counting.least_confidence:
            return f"uncertain reading: confidence {assertion.confidence:.2f}"
        likelihood = assertion.likelihood
        if likelihood is not None and likelihood.high < counting.hedged_below:
            if counting.hedged == "ignored":
                return f"hedged: “{likelihood.words}”"
            e.claim = True
        return ""

    def _read(self, e: Evidence) -> str:
        said = self._terms.read(e)
        e.value, e.denies, e.implies, e.degree, e.gives_way, e.favours, e.harms, e.lasts, aside = said
        return aside


def _once(standings: Iterable[Standing]) -> Iterable[Standing]:
    """Each assertion once: as it was first recorded, with all who read it."""
    once: dict[str, Standing] = {}
    for standing in standings:
        known = once.setdefault(standing.id, standing)
        if known is not standing:
            once[standing.id] = _together(known, standing)
    return once.values()


def _together(one: Standing, other: Standing) -> Standing:
    first = min(one, other, key=lambda each: (each.recorded_at, each.recorder))
    others = {one.recorder, other.recorder, *one.also, *other.also} - {first.recorder}
    return replace(first, also=tuple(sorted(others)))


def _spoken(voice: Voice) -> tuple[Name, str]:
    return Name(voice.who, voice.thing), voice.thing or folded(voice.who)


def _named(recorder: str, patterns: Iterable[str]) -> bool:
    names = recorder, recorder.partition("@")[0]
    return any(fnmatchcase(name, pattern) for name in names for pattern in patterns)
