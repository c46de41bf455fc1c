"""The toponyms of reports, resolved: where each is, how sure that is, what else it may be.

words of a span ──candidates──▶ a group for each name ──context──▶ shares ──▶ the best, its runners-up, its precision
                                   ▲ level and containers the text says        ▲ the publisher's home, from its name
                                                                                 and its other reports (outlets)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from contested.model import Noun
from contested.register.candidates import Candidate
from contested.register.context import Group, Home, settle
from contested.register.marked import CONTAINING, Marked, Mention, Reader, Reading, Span
from contested.register.outlets import Outlets

if TYPE_CHECKING:
    from contested.register import Register

WINDOW, LETTERS = 2_000, 20_000_000  # reports and characters read ahead, to learn where publishers are at home
RUNNERS_UP = 5
# What is not known is likelier near a town than in the midst of a province: so many characters farther these count.
WIDER = {"province": 150, "country": 300, "region": 300}
FALLBACK = 0.15  # the ceiling of its confidence


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


def resolve(
    register: Register, reports: Iterable[Marked], *, together: bool = True, home: str = ""
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


def _windows(reports: Iterable[Marked]) -> Iterator[list[Marked]]:
    window: list[Marked] = []
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
        about = register.country(home)
        self._read = Reader(register.candidates, about).read
        self._outlets = Outlets(register.candidates, about)

    def one(self, report: Marked) -> list[Resolved]:
        """One report by itself, with what is known of its publisher."""
        return self._settled(report, self._read(report))

    def batch(self, reports: Sequence[Marked]) -> Iterator[list[Resolved]]:
        """Reports in the light of what their publishers' other reports are about."""
        readings = [self._read(report) for report in reports]
        by_source: dict[str, list[list[Group]]] = defaultdict(list)
        for report, reading in zip(reports, readings, strict=True):
            if report.source and reading.groups:
                by_source[report.source].append([*reading.groups.values()])
        for source, read in by_source.items():
            self._outlets.learn(source, read)
        yield from map(self._settled, reports, readings)

    def _settled(self, report: Marked, reading: Reading) -> list[Resolved]:
        source = report.source or ""
        home = self._outlets.home(source)
        settle([*reading.groups.values(), *self._outlets.named(source)], home)
        return _answers(reading, home)


# ── answering ────────────────────────────────────────────────────────────────────────────────────


def _answers(reading: Reading, home: Home) -> list[Resolved]:
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


def _answer(mention: Mention) -> Resolved:
    group = mention.group
    if group is None:
        return Resolved(mention.span.start, mention.span.end)
    ceiling, precision = mention.ceiling, mention.precision
    order = sorted(range(len(group.shares)), key=lambda number: -group.shares[number])
    sure = [(group.candidates[number], round(ceiling * group.shares[number], 3)) for number in order[: RUNNERS_UP + 1]]
    others = tuple(Runner(one.id, one.name, confidence) for one, confidence in sure[1:] if confidence > 0)
    return _placed(mention.span, *sure[0], precision, others)


def _placed(span: Span, one: Candidate, confidence: float, precision: str, others: tuple[Runner, ...] = ()) -> Resolved:
    precision = precision if one.pointed or precision == "fallback" else "containing"
    return Resolved(
        span.start, span.end, one.id, one.name, one.latitude, one.longitude, round(confidence, 3), precision, others
    )


def _nearest(mention: Mention, known: Sequence[tuple[Resolved, Candidate]], home: Home) -> Resolved:
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
