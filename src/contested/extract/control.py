"""Who holds, took, lost, contests, surrounds or threatens which place: one assertion for each place named."""

from __future__ import annotations

from collections.abc import Iterator

from contested.extract import Extractor
from contested.extract.frames import Evoked, evoked
from contested.extract.places import places
from contested.extract.report import Report
from contested.model import Assertion, Control


def _extract(report: Report, before: tuple[Assertion, ...]) -> Iterator[Assertion]:
    for sentence, tree in enumerate(report.trees):
        for found in evoked(tree, "control"):
            yield from _asserted(report, sentence, found)


def _asserted(report: Report, sentence: int, found: Evoked) -> Iterator[Assertion]:
    tree, holder = report.trees[sentence], found.node("holder")
    if holder is not None and report.is_place(sentence, holder) and tree.tokens[holder].pos != "PROPN":
        holder = None
    whole = {n for node in found.roles.values() for n in tree.phrase(node)}
    for where in places(report, sentence, found.node("place")):
        content = Control(found.frame.sets["status"], where.name, report.party(sentence, holder), where.extent)
        yield report.asserts(content, sentence, found.trigger, {*whole, *where.nodes})


EXTRACTOR = Extractor("control", 1, ("control",), _extract)
