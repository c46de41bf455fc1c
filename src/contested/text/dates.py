"""Words of time to periods: a grammar over the classes of lexicons/times.toml.

Weekdays and months without a year are those last past, or those to come where the sentence looks ahead. A period is
never finer than its words: "in March" is a month, "two weeks ago" a week, "the past two decades" years.
A mention takes in the words that bound it (since, until, by, within, between … and), but not a mere "in", "on", "at".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from contested.model import Period
from contested.text import timewords
from contested.text.patterns import Phrase, Rule
from contested.text.sentences import Token
from contested.text.timerules import GRAMMAR, Moment

TimeKind = Literal["point", "duration", "set", "horizon"]
_KINDS: dict[str, TimeKind] = {"": "point", "bound": "point", "duration": "duration", "in": "duration", "set": "set",
                               "horizon": "horizon"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TimeMention:
    """Words of time, tokens[first:last]: a point (of whatever length), a duration, a set or a horizon to come.

    `period` is None where the words fix none: durations, sets, and what hangs on an unknown day.
    """

    first: int
    last: int
    period: Period | None
    kind: TimeKind


@dataclass(frozen=True, slots=True)
class _Reading:
    """A phrase's value (a period, or a count of units) and the tag of the rule that made it."""

    value: Any
    tag: str


def find_dates(tokens: Sequence[Token], published: dt.date | None) -> list[TimeMention]:
    """The times a sentence names, left to right, not overlapping. Relative ones are reckoned from `published`."""
    words = [timewords.plain(token) for token in tokens]
    classes = timewords.classes(tokens, words)
    if not any(classes):
        return []

    def build(made: Rule, at: int, values: list[Any]) -> _Reading:
        now = Moment(published, tokens, at)
        plain = [v.value if isinstance(v, _Reading) else v for v in values]
        inner = next((v.tag for v in values if isinstance(v, _Reading)), "")
        return _Reading(_resolved(made, now, plain), made.tag or inner)

    found = GRAMMAR.parse(words, classes, timewords.counts(words), build)
    return _outermost(found, published)


def _resolved(made: Rule, now: Moment, values: list[Any]) -> Any:
    """What a rule makes; None where the calendar has no such day, or the words need a day that is not known."""
    try:
        return made.build(now, *values)
    except (ValueError, OverflowError):
        return None


def _outermost(found: Sequence[dict[str, Phrase]], published: dt.date | None) -> list[TimeMention]:
    mentions: list[TimeMention] = []
    at = 0
    while at < len(found):
        phrase = found[at].get("TIME")
        if phrase is None:
            at += 1
            continue
        reading: _Reading = phrase.value
        if reading.tag in _KINDS:
            mentions.append(TimeMention(at, phrase.end, reading.value, _kind(reading, published)))
        at = phrase.end
    return mentions


def _kind(reading: _Reading, published: dt.date | None) -> TimeKind:
    """A bound ("by …", "until …") is a horizon when it lies ahead."""
    if reading.tag == "in" and reading.value is not None:
        return "horizon"
    if reading.tag == "bound" and isinstance(reading.value, Period) and reading.value.until is not None:
        return "horizon" if published is None or reading.value.until > published else "point"
    return _KINDS[reading.tag]
