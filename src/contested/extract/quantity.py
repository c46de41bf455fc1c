"""Numbers worth following: forces, displaced people, territory, aid, losses of things, running totals of the dead."""

from __future__ import annotations

from collections.abc import Iterator

from contested.extract import Extractor
from contested.extract.casualties import running_total, tolls
from contested.extract.frames import Evoked
from contested.extract.lexicon import listed
from contested.extract.places import places
from contested.extract.report import Report
from contested.model import Assertion, Estimate, Name, Quantity
from contested.text import NumberMention, Tree


def _extract(report: Report, before: tuple[Assertion, ...]) -> Iterator[Assertion]:
    for sentence, tree in enumerate(report.trees):
        dead = {toll.people for toll in tolls(report, sentence)}
        for number in report.reading.numbers(sentence):
            noun = _counted(tree, number)
            total = noun in dead and running_total(number.estimate)
            if noun is not None and (total or (noun not in dead and _worth(tree, noun, number))):
                yield _asserted(report, sentence, number.estimate, noun, (number.first, number.last - 1), number.unit)
        yield from _none_hurt(report, sentence)


def _counted(tree: Tree, number: NumberMention) -> int | None:
    """The noun a number counts, "of" and a percent sign looked through."""
    last = number.last - 1
    token = tree.tokens[last]
    noun = last if token.pos == "NOUN" and tree.label(last) != "nummod" and number.unit != "USD" else token.head
    for node in range(number.first, number.last):
        if tree.label(node) == "nummod" and tree.tokens[node].head >= 0:
            noun = tree.tokens[node].head
    if number.unit in ("percent", "USD"):
        noun = tree.tokens[noun].head if noun in range(number.first, number.last) and noun >= 0 else noun
        of = tree.oblique(noun, "of", "in") if noun >= 0 else None
        noun = of if of is not None else noun
    return noun if noun >= 0 and tree.tokens[noun].pos in ("NOUN", "PROPN", "ADJ", "VERB") else None


def _worth(tree: Tree, noun: int, number: NumberMention) -> bool:
    lemma = tree.lemma(noun)
    around = {tree.lemma(n) for n in (*tree.under(noun), *tree.above(noun)[:2])}
    if number.unit == "USD":
        return bool(around & listed("quantity", "money"))
    if lemma in listed("quantity", "forces"):
        return True
    if lemma in listed("quantity", "people") or lemma in listed("quantity", "displaced"):
        return bool(around & (listed("quantity", "displaced") | {"refugee", "prisoner", "detainee", "hostage"}))
    if number.unit == "percent":
        return bool(
            around & (listed("quantity", "land") | listed("quantity", "things") | listed("quantity", "destroyed"))
        )
    return lemma in listed("quantity", "things") and bool(around & listed("quantity", "destroyed"))


def _none_hurt(report: Report, sentence: int) -> Iterator[Assertion]:
    """ "no casualties were reported": a count of nought."""
    tree = report.trees[sentence]
    for node in range(len(tree.tokens)):
        bare = any(tree.lemma(c) == "no" for c in tree.all(node, "det"))
        if bare and tree.lemma(node) in listed("casualties", "tolls"):
            yield _asserted(report, sentence, Estimate(0.0, 0.0, 0.0), node, (node, node), weighed=False)


def _asserted(
    report: Report,
    sentence: int,
    value: Estimate,
    noun: int,
    number: tuple[int, int],
    unit: str = "",
    *,
    weighed: bool = True,
) -> Assertion:
    tree = report.trees[sentence]
    naming = tuple(n for n in tree.phrase(noun) if not number[0] <= n <= number[1] or n == noun)
    where = _place(report, sentence, noun)
    nodes = {*tree.phrase(noun), *number, *(where[1] if where else ())}
    verb = tree.tokens[noun].head
    if tree.label(noun) in ("nsubj", "obj") and tree.tokens[verb].pos == "VERB":
        nodes.add(verb)  # "12,000 people fled": what they did tells what is counted
    content = Quantity(report.reading.words(sentence, _after(naming, noun)), value, place=where[0] if where else None,
                       unit=unit or _unit(tree, noun))  # fmt: skip
    return report.asserts(content, sentence, noun, nodes, weighed=weighed)


def _after(naming: tuple[int, ...], noun: int) -> tuple[int, ...]:
    """The unbroken part of the noun's name that holds the noun."""
    run = [noun]
    for node in sorted((n for n in naming if n < noun), reverse=True):
        if node != run[0] - 1:
            break
        run.insert(0, node)
    return (*run, *(n for n in naming if n > noun))


def _place(report: Report, sentence: int, noun: int) -> tuple[Name, tuple[int, ...]] | None:
    tree = report.trees[sentence]
    clause = tree.clause[noun]
    for node in (*tree.obliques(noun, "in", "from", "across"), *tree.obliques(clause, "in", "to", "from", "across")):
        for where in places(report, sentence, node):
            return where.name, where.nodes
    return None


def _learned(report: Report, sentence: int, found: Evoked) -> Iterator[Assertion]:
    """The first number at the word or below it."""
    tree = report.trees[sentence]
    below = tree.under(found.trigger)
    for number in report.reading.numbers(sentence):
        noun = _counted(tree, number)
        if noun is not None and (noun in below or number.first in below):
            yield _asserted(report, sentence, number.estimate, noun, (number.first, number.last - 1), number.unit)
            return


def _unit(tree: Tree, noun: int) -> str:
    """What is counted, in the singular; a people by its name as written, for only some have a lemma."""
    token = tree.tokens[noun]
    return token.text if token.pos == "PROPN" else tree.lemma(noun)


EXTRACTOR = Extractor("quantity", 3, ("quantity",), _extract, _learned)
