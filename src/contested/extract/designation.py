"""Who puts whom on which list or under sanction, and who takes them off: one assertion for each
authority and target named."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from contested.extract import Extractor
from contested.extract.frames import Evoked
from contested.extract.report import Report
from contested.model import Assertion, Designation, Name
from contested.text import Tree


def _extract(report: Report, before: tuple[Assertion, ...]) -> Iterator[Assertion]:
    for sentence, found in report.told("designation"):
        tree, target = report.trees[sentence], found.node("target")
        if target is None or tree.tokens[target].pos not in ("NOUN", "PROPN", "PRON"):
            continue
        by = found.node("authority")
        authorities: list[int | None] = [*tree.conjuncts(by)] if by is not None else [None]
        for authority, each in product(authorities, tree.conjuncts(_named(tree, target))):
            yield _asserted(report, sentence, found, each, authority)


def _named(tree: Tree, target: int) -> int:
    """ "the newly designated terrorists are A and B": the names, where the sentence gives them."""
    head = tree.tokens[target].head
    named = head >= 0 and tree.label(target) == "nsubj" and tree.tokens[head].pos == "PROPN"
    return head if named else target


def _asserted(report: Report, sentence: int, found: Evoked, target: int, authority: int | None) -> Assertion:
    tree, listing = report.trees[sentence], found.node("list")
    content = Designation(found.frame.sets["act"], report.party(sentence, authority),
                          report.party(sentence, target), _list(report, sentence, listing))  # fmt: skip
    nodes = {n for node in (*found.roles.values(), target) for n in tree.phrase(node)}
    return report.asserts(content, sentence, found.trigger, nodes)


def _list(report: Report, sentence: int, node: int | None) -> Name | None:
    if node is None:
        return None
    words = report.reading.words(sentence, report.trees[sentence].phrase(node))
    known = report.resolver.list(words)
    return Name(words, known.thing, known.sure)


def _learned(report: Report, sentence: int, found: Evoked) -> Iterator[Assertion]:
    target = found.node("target")
    if target is not None and "act" in found.frame.sets:
        yield _asserted(report, sentence, found, target, found.node("authority"))


EXTRACTOR = Extractor("designation", 3, ("designation",), _extract, _learned)
