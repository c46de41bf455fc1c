"""Words of time to periods and TIMEX3 values: a grammar over the classes of lexicons/times.toml.

Weekdays and months without a year are those last past, or those to come where the sentence looks ahead. A period is
never finer than its words: "in March" is a month, "two weeks ago" a week, "the past two decades" years.
A mention takes in the words that bound it (since, until, by, within, between … and), but not a mere "in", "on", "at";
the times it holds leave those out, as TIMEX3 does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from contested.model import Period
from contested.text import timewords
from contested.text.patterns import Phrase
from contested.text.reckoning import Moment, Reckoning
from contested.text.sentences import Token
from contested.text.timerules import GRAMMAR, TIMED
from contested.text.timex import Timex

TimeKind = Literal["point", "duration", "set", "horizon"]
_KINDS: dict[str, TimeKind] = {"": "point", "bound": "point", "duration": "duration", "in": "duration", "set": "set",
                               "horizon": "horizon"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TimeMention:
    """Words of time, tokens[first:last]: a point (of whatever length), a duration, a set or a horizon to come.

    `period` is None where the words fix none: durations, sets, and what hangs on an unknown day.
    `times` are the times named in it, one for most, two for a range: where each stands, tokens[first:last], and what
    it says.
    """

    first: int
    last: int
    period: Period | None
    kind: TimeKind
    times: tuple[tuple[int, int, Timex], ...] = ()


def find_dates(tokens: Sequence[Token], published: dt.date | None) -> list[TimeMention]:
    """The times a sentence names, left to right, not overlapping. Relative ones are reckoned from `published`."""
    return find_times(tokens, Reckoning(published))


def find_times(tokens: Sequence[Token], reckoning: Reckoning) -> list[TimeMention]:
    """The times a sentence names, left to right; those of the sentences before it are kept in `reckoning`."""
    if not timewords.speaks_of_time(tokens):
        return []
    parts, places = timewords.split(tokens)
    words = [timewords.plain(token) for token in parts]
    classes = timewords.classes(parts, words)
    found = GRAMMAR.parse(words, classes, timewords.given(words))
    return list(_outermost(found, parts, places, reckoning))


def _outermost(
    found: Sequence[dict[str, Phrase]], tokens: Sequence[Token], places: Sequence[int], reckoning: Reckoning
) -> Iterator[TimeMention]:
    at = 0
    while at < len(found):
        phrase = found[at].get("TIME")
        if phrase is None:
            at += 1
            continue
        spoken = _Spoken(tokens, reckoning)
        whole, tag = spoken.read(phrase)
        if tag in _KINDS:
            times = tuple((places[p.first], places[p.end - 1] + 1, time) for p, time in spoken.times(phrase, whole))
            period = whole.period if whole is not None else None
            kind = _kind(tag, period, reckoning.published)
            yield TimeMention(places[at], places[phrase.end - 1] + 1, period, kind, times)
        at = phrase.end


class _Spoken:
    """One phrase said at its place: its parts are built from the left, each once."""

    def __init__(self, tokens: Sequence[Token], reckoning: Reckoning) -> None:
        self._tokens, self._reckoning = tokens, reckoning
        self._built: dict[int, tuple[Any, str]] = {}

    def read(self, phrase: Phrase) -> tuple[Any, str]:
        """A phrase's value, and the tag of the rule that made it or of its first tagged part. None where the calendar
        has no such day, or the words need a day that is not known."""
        if phrase.made is None:
            return phrase.values[0], ""
        if id(phrase) not in self._built:
            inner = [self.read(v) if isinstance(v, Phrase) else (v, "") for v in phrase.values]
            tag = phrase.made.tag or next((tag for _, tag in inner if tag), "")
            now = Moment(self._reckoning, self._tokens, phrase.first)
            try:
                value = phrase.made.build(now, *(value for value, _ in inner))
            except (ValueError, OverflowError, AttributeError, TypeError):
                value = None
            if isinstance(value, Timex) and phrase.made.makes == "DATE":
                self._reckoning.hears(value, self._tokens[phrase.first].start, self._tokens[phrase.end - 1].end)
            self._built[id(phrase)] = value, tag
        return self._built[id(phrase)]

    def times(self, phrase: Phrase, whole: Timex | None) -> Iterator[tuple[Phrase, Timex]]:
        """The times named within a phrase, with what each says; without a value where that is not known."""
        timed = [v for v in phrase.values if isinstance(v, Phrase) and v.made and v.made.makes in TIMED]
        parts = whole.parts if whole is not None and len(whole.parts) == len(timed) else ()
        for at, part in enumerate(timed):
            said = parts[at] if parts else self.read(part)[0]
            yield part, said if isinstance(said, Timex) else Timex("DATE")


def _kind(tag: str, period: Period | None, published: dt.date | None) -> TimeKind:
    """A bound ("by …", "until …") is a horizon when it lies ahead."""
    if tag == "in" and period is not None:
        return "horizon"
    if tag == "bound" and period is not None and period.until is not None:
        return "horizon" if published is None or period.until > published else "point"
    return _KINDS[tag]
