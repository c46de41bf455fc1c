"""The times of a whole text: where they stand, what they say, each in the light of those before it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from contested.text.dates import TimeMention, find_times
from contested.text.reckoning import Reckoning
from contested.text.sentences import Token, sentences
from contested.text.timex import Timex

_YEAR = re.compile(r"(?<![\d.,$£€-])(?:1[0-9]|20)\d\d(?![\d.,]*\d|-\d)|\b\d{2,3}(?= B\.?C\.?\b)")
_NEWS = re.compile(r"\b(?:today|yesterday|tonight|tomorrow|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b")
_CLOSE, _JUMP, _SOON = 2, 5, 5  # years; years; how many named years on
_OLD, _FEW = 2, 5  # years back; how many of them make a story


@dataclass(frozen=True, slots=True)
class Dated:
    """Words of time, text[start:end] in code points, and what they say; its period heeds a bound beside them, as in
    "since 2015", "by Friday"."""

    start: int
    end: int
    timex: Timex


def find_timexes(text: str, published: dt.date | None, *, narrative: bool | None = None) -> Iterator[Dated]:
    """The times a text names, in order and apart. Without `narrative` the text decides whether it tells a story."""
    cut = [sentence.tokens for sentence in sentences(text)]
    for tokens, found in zip(cut, mentions(cut, text, published, narrative=narrative), strict=True):
        for mention in found:
            for first, last, timex in mention.times:
                alone = len(mention.times) == 1 and mention.period is not None
                said = replace(timex, period=mention.period) if alone else timex
                yield Dated(tokens[first].start, tokens[last - 1].end, said)


def mentions(
    cut: Sequence[Sequence[Token]], text: str, published: dt.date | None, *, narrative: bool | None = None
) -> list[list[TimeMention]]:
    """The times that the sentences of a text name, sentence by sentence, each in the light of those before it."""
    story = tells_a_story(text, published) if narrative is None else narrative
    reckoning = Reckoning(published, story, asides=_asides(text) if story else frozenset())
    return [find_times(tokens, reckoning) for tokens in cut]


def tells_a_story(text: str, published: dt.date | None) -> bool:
    """Whether a text tells of times gone by rather than of the news: it names years well before its day, and far more
    of those than weekdays and todays. A text without a day of its own tells a story as soon as it names a year.
    """
    years = [int(year) for year in _YEAR.findall(text)]
    if published is None:
        return bool(years)
    old = sum(year < published.year - _OLD for year in years)
    return old >= _FEW and old >= 4 * len(_NEWS.findall(text))


def _asides(text: str) -> frozenset[int]:
    """Where a text names a year only to return at once to those around it: "1964 … released in 2005 … 1964"."""
    years = [(found.start(), int(found[0])) for found in _YEAR.finditer(text)]
    asides = set[int]()
    before = years[0][1] if years else 0
    for at, (place, year) in enumerate(years):
        following = [later for _, later in years[at + 1 : at + 1 + _SOON]]
        far = abs(year - before) > _JUMP and any(abs(later - before) <= _CLOSE for later in following)
        if year != before and (far or following[:1] == [before]):
            asides.add(place)
        else:
            before = year
    return frozenset(asides)
