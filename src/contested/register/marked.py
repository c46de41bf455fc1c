"""A report whose toponyms are marked, read: a group for each name, and what the text says around it.

words of a span ──candidates──▶ a group for each name   (level: the word beside it; containers: ", Helmand", "Yemen's")
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from contested.model import Noun
from contested.register.candidates import Called, Candidate, Candidates, levels, narrowing
from contested.register.context import Group
from contested.register.phrases import LONGEST
from contested.register.spelling import key

LONGEST_WORD = 40  # characters on either side of a span that may belong to its words
SURE, SOUNDS_ALIKE, CONTAINING = 0.99, 0.6, 0.5  # ceilings of confidence, by what is known of a name


class Span(Noun, frozen=True, gc=False):
    """Where a toponym stands in a text: code points, `end` not included."""

    start: int
    end: int


class Marked(Noun, frozen=True, forbid_unknown_fields=False):
    """A report whose toponyms are marked; `source` is its publisher's name or address."""

    text: str
    spans: list[Span]
    source: str | None = None
    published: str | None = None


def listing(names: list[str], source: str = "") -> Marked:
    """Names without a text: one a line, so that none says anything of another's words."""
    text, spans = "", []
    for name in names:
        spans.append(Span(len(text), len(text) + len(name)))
        text += f"{name}\n"
    return Marked(text, spans, source)


Groups = dict[tuple[str, str], Group]
"""By name (see `spelling.key`) and the level its words say."""


@dataclass(slots=True)
class Mention:
    """A span read: the group its name belongs to (none when no place is so called), and what the text puts it in."""

    span: Span
    group: Group | None
    precision: str
    ceiling: float  # of confidence
    holders: tuple[Candidate, ...]


@dataclass(slots=True)
class Reading:
    """A report read: its mentions in order, and their groups, to be settled."""

    mentions: list[Mention]
    groups: Groups


class Reader:
    """Reads marked reports; `about` is the id of the country they are known to be mostly about, if any."""

    def __init__(self, candidates: Candidates, about: str = "") -> None:
        self._candidates = candidates
        self._about = about

    def read(self, report: Marked) -> Reading:
        groups: dict[tuple[str, str], Group] = {}
        mentions: list[Mention] = []
        for number, span in enumerate(report.spans):
            before = mentions[number - 1] if number else None
            mentions.append(self._mention(report.text, span, before, groups))
        return Reading(mentions, {name: group for name, group in groups.items() if group.candidates})

    def _mention(self, text: str, span: Span, before: Mention | None, groups: Groups) -> Mention:
        start, end = whole_words(text, span)
        words, rest = text[start : min(end, start + LONGEST)], text[end : end + 60]
        called = self._candidates.called(words)
        if not called.candidates and ", " in words:
            words, _, inside = words.partition(", ")
            called, rest = self._candidates.called(words), f", {inside}"
        ceiling = SURE if called.whole else CONTAINING
        level = called.level or _level_beside(text, span)
        if self._about and not any(level in ("", one.type) for one in called.candidates):
            alike = self._candidates.sounding(words, self._about)
            if alike.candidates and (not called.candidates or any(one.type == level for one in alike.candidates)):
                called, ceiling = alike, SOUNDS_ALIKE
        holders = self.holders(rest)
        group = groups.get((key(words), level))
        if group is None:
            group = groups[key(words), level] = Group(called.candidates, called.points, level)
        else:
            group.weight = min(2.0, group.weight + 0.25)
        if not holders and before is not None and before.group and _adjective(text, before.span.end, span.start):
            holders = tuple(one for one in before.group.candidates if one.type != "settlement")
            before.group.contents.append(group)
        group.containers |= {one.id for one in holders}
        precision = "feature" if called.whole else "containing"
        return Mention(span, group if called.candidates else None, precision, ceiling, holders)

    def holders(self, rest: str) -> tuple[Candidate, ...]:
        """What the words after a toponym put it in: ", Helmand", ", La.", " in Texas"."""
        found = _AFTER.match(rest)
        words = found[1].split(" ") if found else []
        for size in range(len(words), 0, -1):
            called: Called = self._candidates.called(" ".join(words[:size]))
            if units := tuple(one for one in called.candidates if one.type != "settlement"):
                return units
        return ()


_AFTER = re.compile(r"(?:,| in| \() ?(?:the )?((?:(?:[A-Z][a-z]?\.){2,}|[A-Z][\w'’-]*\.?)(?: [A-Z][\w'’-]*\.?){0,3})")
_NEXT = re.compile(r"[ -]([A-Za-z]+)\b")
_OF = re.compile(r"\b([A-Za-z]+) of (?:the )?$")


def whole_words(text: str, span: Span) -> tuple[int, int]:
    """The words a span means: from the beginning of the word it begins in; a word it only begins is none of its own."""
    start, end = max(0, min(span.start, len(text))), max(0, min(span.end, len(text)))
    first, beyond = start - LONGEST_WORD, end - LONGEST_WORD
    while max(0, first) < start < end and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    last = end
    while max(start, beyond) < last < len(text) and text[last - 1].isalnum() and text[last].isalnum():
        last -= 1
    return start, last if text[start:last].strip() else end


@cache
def _beside() -> dict[str, str]:
    """Levels by the words that may stand beside a name; "the capital of France" says nothing of France."""
    return {word: level for word, level in levels().items() if word != "capital"}


def _level_beside(text: str, span: Span) -> str:
    if (after := _NEXT.match(text, span.end, span.end + LONGEST_WORD)) and (
        level := _beside().get(after[1].casefold())
    ):
        return level
    before = _OF.search(text, max(0, span.start - 24), span.start)
    return _beside().get(before[1].casefold(), "") if before else ""


def _adjective(text: str, end: int, start: int) -> bool:
    """Whether "Yemen" and "Marib" stand as in "Yemen's Marib" or "Yemeni city of Marib"."""
    between = text[end:start] if 0 < start - end <= LONGEST_WORD else ""
    if not between.endswith(" "):
        return False
    words = between.replace("’", "'").removeprefix("'s").casefold().split()
    said = all(word in _beside() or word in narrowing() for word in words)
    return said and (between[0] in "'’" or any(word in _beside() for word in words))
