"""Words of time to periods and TIMEX3 values: a grammar over the classes of lexicons/times.toml.

Weekdays and months without a year are those last past, or those to come where the sentence looks ahead. A period is
never finer than its words: "in March" is a month, "two weeks ago" a week, "the past two decades" years.
A mention takes in the words that bound it (since, until, by, within, between … and), but not a mere "in", "on", "at";
the times it holds leave those out, as TIMEX3 does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from contested.model import Period
from contested.text import timewords
from contested.text.patterns import Phrase, Rule
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
        tag = _tag(phrase)
        if tag in _KINDS:
            spoken = _Spoken(tokens, reckoning)
            whole = spoken.time(phrase)
            times = tuple((places[p.first], places[p.end - 1] + 1, time) for p, time in spoken.times(phrase, whole))
            kind = _kind(tag, whole.period, reckoning.published)
            yield TimeMention(places[at], places[phrase.end - 1] + 1, whole.period, kind, times)
        at = phrase.end


def _tag(phrase: Phrase) -> str:
    """The tag of the rule that made a phrase, or of its first tagged part."""
    inner = (_tag(v) for v in phrase.values if isinstance(v, Phrase))
    return (phrase.made.tag if phrase.made else "") or next((tag for tag in inner if tag), "")


class _Spoken:
    """One phrase said at its place: its parts are built from the left, each once."""

    def __init__(self, tokens: Sequence[Token], reckoning: Reckoning) -> None:
        self._tokens, self._reckoning = tokens, reckoning
        self._built: dict[int, Any] = {}

    def time(self, phrase: Phrase) -> Timex:
        """What a phrase says; no value where the calendar has no such day, or the words need one that is not known."""
        try:
            said = self._value(phrase)
        except (ValueError, OverflowError):
            said = None
        return said if isinstance(said, Timex) else Timex("DATE")

    def times(self, phrase: Phrase, whole: Timex) -> Iterator[tuple[Phrase, Timex]]:
        """The times named within a phrase, with what each says."""
        timed = [v for v in phrase.values if isinstance(v, Phrase) and v.made and v.made.makes in TIMED]
        parts = whole.parts if len(whole.parts) == len(timed) else ()
        for at, part in enumerate(timed):
            yield part, parts[at] if parts else self.time(part)

    def _value(self, phrase: Phrase) -> Any:
        """Raises ValueError or OverflowError where there is none."""
        if phrase.made is None:
            return phrase.values[0]
        if id(phrase) not in self._built:
            try:
                self._built[id(phrase)] = self._build(phrase, phrase.made)
            except (ValueError, OverflowError) as fault:
                self._built[id(phrase)] = fault
        built = self._built[id(phrase)]
        if isinstance(built, Exception):
            raise built
        return built

    def _build(self, phrase: Phrase, made: Rule) -> Any:
        values = [self._value(v) if isinstance(v, Phrase) else v for v in phrase.values]
        value = made.build(Moment(self._reckoning, self._tokens, phrase.first), *values)
        if isinstance(value, Timex) and made.makes == "DATE":
            before = self._tokens[phrase.first - 1].text if phrase.first else ""
            if before in ("ended", "ending") and "Q" in self._reckoning.said:
                value = replace(value, aside=True)  # "the quarter ended June 30" goes on speaking of the quarter
            self._reckoning.hears(value, self._tokens[phrase.first].start, self._tokens[phrase.end - 1].end)
        return value


def _kind(tag: str, period: Period | None, published: dt.date | None) -> TimeKind:
    """A bound ("by …", "until …") is a horizon when it lies ahead."""
    if tag == "in" and period is not None:
        return "horizon"
    if tag == "bound" and period is not None and period.until is not None:
        return "horizon" if published is None or period.until > published else "point"
    return _KINDS[tag]
