"""The toponyms of reports, resolved: where each is, how sure that is, what else it may be.

words of a span ──candidates──▶ a group for each name ──context──▶ shares ──▶ the best, its runners-up, its precision
                                   ▲ level and containers the text says        ▲ the publisher's home, from its name
                                                                                 and its other reports (outlets)
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from contested.model import Noun
from contested.register.candidates import Called, Candidate, Candidates, _levels, _narrowing
from contested.register.context import Group, Home, settle
from contested.register.outlets import Outlets
from contested.register.phrases import LONGEST
from contested.register.spelling import key

if TYPE_CHECKING:
    from contested.register import Register

WINDOW, LETTERS = 2_000, 20_000_000  # reports and characters read ahead, to learn where publishers are at home
LONGEST_WORD = 40  # characters on either side of a span that may belong to its words
RUNNERS_UP = 5
# What is not known is likelier near a town than in the midst of a province: so many characters farther these count.
WIDER = {"province": 150, "country": 300, "region": 300}
SURE, SOUNDS_ALIKE, CONTAINING, FALLBACK = 0.99, 0.6, 0.5, 0.15  # ceilings of confidence, by precision


class Span(Noun, frozen=True, gc=False):
    """Where a toponym stands in a text: code points, `end` not included."""

    start: int
    end: int


class Report(Noun, frozen=True, forbid_unknown_fields=False):
    """A report whose toponyms are marked; `source` is its publisher's name or address."""

    text: str
    spans: list[Span]
    source: str | None = None
    published: str | None = None


class Runner(Noun, frozen=True, gc=False):
    """Another place that may be meant."""

    id: str
    name: str
    confidence: float


class Resolved(Noun, frozen=True, omit_defaults=False, gc=False):
    """A toponym's place. `thing` is empty, and there is no point, where nothing at all is known.

    `precision`: "feature" when the place so called is meant; "containing" when only what holds it is known ("northern
    Helmand", an unknown village in it); "fallback" when it is merely the nearest place the report names.
    """

    start: int
    end: int
    thing: str = ""
    name: str = ""
    latitude: float | None = None
    longitude: float | None = None
    confidence: float = 0.0
    precision: str = ""
    runners_up: tuple[Runner, ...] = ()


@dataclass(slots=True)
class _Mention:
    """A span read: the group its name belongs to (none when no place is so called), and what the text puts it in."""

    span: Span
    group: Group | None
    precision: str
    ceiling: float  # of confidence
    holders: tuple[Candidate, ...]


@dataclass(slots=True)
class _Reading:
    """A report read, before and after its groups are settled."""

    mentions: list[_Mention]
    groups: list[Group]


def resolve(
    register: Register, reports: Iterable[Report], *, together: bool = True, home: str = ""
) -> Iterator[list[Resolved]]:
    """The toponyms of each report, in the order of its spans.

    `together` reads ahead (up to 2,000 reports) to learn where their publishers are at home; `home` is the country (id,
    code or name) that the reports are mostly about, if any.
    """
    toponyms = Toponyms(register, home)
    if not together:
        yield from map(toponyms.one, reports)
        return
    for window in _windows(reports):
        yield from toponyms.batch(window)


def _windows(reports: Iterable[Report]) -> Iterator[list[Report]]:
    window: list[Report] = []
    letters = 0
    for report in reports:
        window.append(report)
        letters += len(report.text)
        if len(window) == WINDOW or letters > LETTERS:
            yield window
            window, letters = [], 0
    if window:
        yield window


class Toponyms:
    """Resolves reports over one register; what it learns of publishers stays."""

    def __init__(self, register: Register, home: str = "") -> None:
        self._candidates = Candidates(register.places)
        self._about = register.country(home)
        self._outlets = Outlets(self._candidates, self._about)

    def one(self, report: Report) -> list[Resolved]:
        """One report by itself, with what is known of its publisher."""
        return self._settled(report, self._read(report))

    def batch(self, reports: Sequence[Report]) -> Iterator[list[Resolved]]:
        """Reports in the light of what their publishers' other reports are about."""
        readings = [self._read(report) for report in reports]
        by_source: dict[str, list[list[Group]]] = defaultdict(list)
        for report, reading in zip(reports, readings, strict=True):
            if report.source and reading.groups:
                by_source[report.source].append(reading.groups)
        for source, read in by_source.items():
            self._outlets.learn(source, read)
        yield from map(self._settled, reports, readings)

    def _settled(self, report: Report, reading: _Reading) -> list[Resolved]:
        source = report.source or ""
        home = self._outlets.home(source)
        settle([*reading.groups, *self._outlets.named(source)], home)
        return _answers(reading, home)

    # ── reading ──────────────────────────────────────────────────────────────────────────────────

    def _read(self, report: Report) -> _Reading:
        groups: dict[tuple[str, str], Group] = {}
        mentions: list[_Mention] = []
        for number, span in enumerate(report.spans):
            before = mentions[number - 1] if number else None
            mentions.append(self._mention(report.text, span, before, groups))
        return _Reading(mentions, [group for group in groups.values() if group.candidates])

    def _mention(
        self, text: str, span: Span, before: _Mention | None, groups: dict[tuple[str, str], Group]
    ) -> _Mention:
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
        holders = self._holders(rest)
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
        return _Mention(span, group if called.candidates else None, precision, ceiling, holders)

    def _holders(self, rest: str) -> tuple[Candidate, ...]:
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
    return {word: level for word, level in _levels().items() if word != "capital"}


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
    said = all(word in _beside() or word in _narrowing() for word in words)
    return said and (between[0] in "'’" or any(word in _beside() for word in words))


# ── answering ────────────────────────────────────────────────────────────────────────────────────


def _answers(reading: _Reading, home: Home) -> list[Resolved]:
    found = [_answer(mention) for mention in reading.mentions]
    if all(one.thing for one in found):
        return found
    known = [
        (one, group.candidates[group.best()])
        for one, mention in zip(found, reading.mentions, strict=True)
        if (group := mention.group) is not None
    ]
    both = zip(found, reading.mentions, strict=True)
    return [one if one.thing else _nearest(mention, known, home) for one, mention in both]


def _answer(mention: _Mention) -> Resolved:
    group = mention.group
    if group is None:
        return Resolved(mention.span.start, mention.span.end)
    ceiling, precision = mention.ceiling, mention.precision
    order = sorted(range(len(group.shares)), key=lambda number: -group.shares[number])
    sure = [(group.candidates[number], round(ceiling * group.shares[number], 3)) for number in order[: RUNNERS_UP + 1]]
    others = tuple(Runner(one.id, one.name, confidence) for one, confidence in sure[1:] if confidence > 0)
    return _placed(mention.span, *sure[0], precision, others)


def _placed(span: Span, one: Candidate, confidence: float, precision: str, others: tuple[Runner, ...] = ()) -> Resolved:
    return Resolved(
        span.start, span.end, one.id, one.name, one.latitude, one.longitude, round(confidence, 3), precision, others
    )


def _nearest(mention: _Mention, known: Sequence[tuple[Resolved, Candidate]], home: Home) -> Resolved:
    """What holds a place we do not know, or else the place that the report names nearest to it, best a town."""
    span = mention.span
    if mention.holders:
        return _placed(span, max(mention.holders, key=lambda one: one.prior), CONTAINING / 2, "containing")
    if not known:
        return _placed(span, home.town, FALLBACK / 3, "fallback") if home.town else Resolved(span.start, span.end)

    def far(one: tuple[Resolved, Candidate]) -> int:
        return min(abs(one[0].start - span.end), abs(span.start - one[0].end)) + WIDER.get(one[1].type, 0)

    near, place = min(known, key=far)
    return _placed(span, place, FALLBACK * near.confidence, "fallback")
