"""Documents in, assertions out. One file here is one way of finding assertions: a module with an EXTRACTOR."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

import msgspec

from contested.model import Assertion, Document

if TYPE_CHECKING:
    from contested.extract.frames import Evoked
    from contested.extract.report import Report
    from contested.extract.settled import Settled
    from contested.register import Register

BUILT_IN = (
    "control", "event", "responsibility", "designation", "commitment", "compliance", "relation", "quantity",
    "forecast", "statement",
)  # fmt: skip


class Extractor(msgspec.Struct, frozen=True):
    """One way of finding assertions. Raise `version` whenever its output may change.

    `function` reads one report; `leaves` is what other extractors found before it, in the order of BUILT_IN: the
    general kinds leave alone what a particular kind has said already. `learned` makes assertions of a word, in a
    sentence, that tells the kind without any word list knowing it.
    """

    name: str
    version: int
    makes: tuple[str, ...]
    function: Callable[[Report, tuple[Assertion, ...]], Iterator[Assertion]]
    learned: Callable[[Report, int, Evoked], Iterator[Assertion]] | None = None

    @property
    def recorder(self) -> str:
        return f"{self.name}@{self.version}"


@cache
def extractors() -> tuple[Extractor, ...]:
    """The built-in extractors, then those other packages offer under the entry point `contested.extractors`."""
    built_in = (import_module(f"{__name__}.{name}").EXTRACTOR for name in BUILT_IN)
    return (*built_in, *(point.load() for point in entry_points(group="contested.extractors")))


def recorders() -> tuple[str, ...]:
    """What today's extractors sign with."""
    return tuple(e.recorder for e in extractors())


def extract(
    document: Document, register: Register, home: str = "", settled: Settled | None = None, *, gated: bool = True
) -> tuple[tuple[str, tuple[Assertion, ...]], ...]:
    """What each extractor finds in a document, as (recorder, assertions); none found is worth recording too.

    `settled` is what names mean by their role and words, where somebody settled it (see `extract.settled`).
    Without `gated` every sentence is read, also those that the gate says concern no extractor.
    """
    from contested.extract.report import Report

    report = Report(document, register, home, settled or {}, gated=gated)
    found: list[tuple[str, tuple[Assertion, ...]]] = []
    before: tuple[Assertion, ...] = ()
    for extractor in extractors():
        own = tuple({a.id: a for a in _found(extractor, report, before)}.values())
        found.append((extractor.recorder, own))
        before += own
    return tuple(found)


def _found(extractor: Extractor, report: Report, before: tuple[Assertion, ...]) -> Iterator[Assertion]:
    """What the words proposed and is sure enough, then what was learned beyond the word lists."""
    from contested.extract.weighing import alone, stands, yields

    made = [a for a in extractor.function(report, before) if stands(report, a)]
    yield from made
    if extractor.learned is not None:
        for sentence, found in alone(report, extractor.name, made, before):
            yield from (a for a in extractor.learned(report, sentence, found) if not yields(report, a))
