"""Somewhere in a sentence: one place per name, with its extent where only a part or a number of places is meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contested.extract.lexicon import listed
from contested.extract.report import Report
from contested.extract.settled import by_way_of
from contested.model import Name
from contested.text import Tree


@dataclass(frozen=True, slots=True)
class Where:
    """A place, the nodes that name it, and how much of it: all, most, centre, outskirts or "n of m"."""

    name: Name
    nodes: tuple[int, ...]
    extent: str = ""


def places(report: Report, sentence: int, node: int | None) -> Iterator[Where]:
    """Each place a node and its conjuncts name; nothing when it is no place."""
    if node is None or not report.is_place(sentence, node):
        return
    tree = report.trees[sentence]
    if tree.lemma(node) == "capital" and (of := tree.oblique(node, "of")) is not None:
        yield from _capitals(report, sentence, of)
        return
    extent, whole = _extent(report, sentence, node)
    for each in [*tree.conjuncts(whole), *_including(tree, whole)]:
        if report.is_place(sentence, each):
            name = report.place(sentence, _called(report, sentence, each))
            if name is not None and name.words:
                if " of " in extent and (whose := tree.first(each, "nmod:poss")) is not None:
                    name = report.place(sentence, whose) or name  # "17 of the country's 34 capitals": a share of it
                yield Where(
                    name, (*tree.phrase(node), *tree.phrase(each)) if each == whole else tree.phrase(each), extent
                )


def _including(tree: Tree, node: int) -> list[int]:
    """ "much of the north, including Kunduz and Taloqan": the places named besides."""
    heads = (node, tree.tokens[node].head)
    named = [n for head in heads if head >= 0 for n in tree.all(head, "nmod") if tree.case(n) in ("include", "such as")]
    return [n for each in named if each > node for n in tree.conjuncts(each)]


def _called(report: Report, sentence: int, node: int) -> int:
    """The name beside a place that is only described: "the Afghan capital, Kabul"."""
    tree = report.trees[sentence]
    if tree.tokens[node].pos == "PROPN":
        return node
    return next((n for n in tree.all(node, "appos") if n > node and report.names_place(sentence, n)), node)


def taken_for_place(report: Report, sentence: int, node: int | None) -> Iterator[Where]:
    """The place a node must be because of what is said of it, whatever its name looks like."""
    tree = report.trees[sentence]
    if node is not None and tree.tokens[node].pos in ("PROPN", "NOUN") and not report.reading.timed(sentence, node):
        name = report.place(sentence, node)
        if name is not None and name.words:
            yield Where(name, tree.phrase(node))


def _capitals(report: Report, sentence: int, of: int) -> Iterator[Where]:
    """ "the provincial capitals of A, B and C": the capital of each, in the words that name the province."""
    tree = report.trees[sentence]
    named = []
    for each in tree.conjuncts(of):  # of "Kunduz and Uruzgan provinces" the last is named before its noun
        before = [c for c in tree.all(each, "compound", "nmod", "amod") if tree.tokens[c].pos == "PROPN"]
        named += [each] if tree.tokens[each].pos == "PROPN" else [n for c in before for n in tree.conjuncts(c)]
    for each in named:
        province = report.resolver.place(report.reading.words(sentence, tree.phrase(each)), "province")
        capital = report.register.capital(province.thing) if province.thing else None
        words = report.reading.words(sentence, tree.phrase(each))
        name = by_way_of(province, words, capital.id) if capital else Name(words)
        yield Where(name, tree.phrase(each))


def _extent(report: Report, sentence: int, node: int) -> tuple[str, int]:
    """How much of the place is meant, and the node that names the whole."""
    tree = report.trees[sentence]
    lemma = tree.lemma(node)
    for number in report.reading.numbers(sentence):
        if number.last - 1 in tree.all(node, "nummod") or number.last - 1 == node:
            share = [n for n in report.reading.numbers(sentence) if n.first > number.first]
            if share and share[0].estimate.best and number.estimate.best and share[0].first - number.last < 6:
                counted = tree.oblique(node, "of")
                return f"{number.estimate.best:g} of {share[0].estimate.best:g}", node if counted is None else counted
    of = tree.oblique(node, "of")
    part = of is not None and report.is_place(sentence, of) and lemma in listed("places", "parts")
    whole = of if part and of is not None else node
    if lemma == "most" or any(tree.lemma(c) in ("most", "much") for c in tree.all(node, "amod", "det", "nmod")):
        return "most", whole
    if any(tree.lemma(c) in ("all", "entire", "whole") for c in tree.all(node, "amod", "det", "det:predet")):
        return "all", whole
    if lemma in listed("places", "centres") and part:
        return "centre", whole
    return ("outskirts", whole) if lemma in listed("places", "outskirts") and part else ("", whole)
