"""The dead and the injured of a sentence: how many, and which words the count hangs on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contested.extract.lexicon import listed
from contested.extract.report import Report
from contested.model import Estimate
from contested.text import Tree

# Ours: above this, deaths told without an act are a war's running total, not one event.
TOTAL = 1000


@dataclass(frozen=True, slots=True)
class Toll:
    """A count of killed or wounded: the word that says so, the people, and how many (None when not counted)."""

    trigger: int
    people: int
    killed: Estimate | None
    wounded: Estimate | None


def tolls(report: Report, sentence: int) -> Iterator[Toll]:
    """Every "killed 20 people", "three were wounded", "left 12 dead" of a sentence."""
    tree = report.trees[sentence]
    for node, token in enumerate(tree.tokens):
        lemma = tree.lemma(node)
        kills = lemma in listed("casualties", "kill") or (lemma in listed("casualties", "dead") and token.pos == "ADJ")
        wounds = lemma in listed("casualties", "wound") or (
            lemma in listed("casualties", "hurt") and token.pos == "ADJ"
        )
        if token.pos not in ("VERB", "ADJ") or not (kills or wounds):
            continue
        people = _people(tree, node)
        if people is None:
            continue
        count = count_of(report, sentence, people)
        yield Toll(node, people, count if kills else None, count if wounds else None)


def _people(tree: Tree, node: int) -> int | None:
    if tree.lemma(node) in ("die", "perish"):
        return tree.agent(node)
    if tree.tokens[node].pos == "ADJ":
        return (
            tree.first(node, "nsubj") or tree.first(tree.tokens[node].head, "obj")
            if tree.tokens[node].head >= 0
            else None
        )
    return tree.patient(node)


def count_of(report: Report, sentence: int, people: int) -> Estimate | None:
    """How many: the number on the noun, the noun that is a number, or one for a single person named."""
    tree = report.trees[sentence]
    for number in report.reading.numbers(sentence):
        last = number.last - 1
        if any(n == people or (tree.tokens[n].head == people and tree.label(n) in ("nummod", "det", "amod", "compound"))
               for n in range(number.first, last + 1)):  # fmt: skip
            return number.estimate
    of = tree.oblique(people, "of")
    if of is not None and tree.lemma(people) in ("dozen", "hundred", "thousand", "score", "ten"):
        return count_of(report, sentence, of)
    if any(tree.lemma(c) in ("a", "an", "one") for c in tree.all(people, "det", "nummod")):
        return Estimate(1, 1, 1)
    if any(tree.lemma(c) == "no" for c in tree.all(people, "det")):
        return Estimate(0, 0, 0)
    return (
        Estimate(1, 1, 1) if tree.tokens[people].entity.endswith("PER") and tree.tokens[people].pos == "PROPN" else None
    )


def running_total(count: Estimate | None) -> bool:
    """Whether a count is too high for one event: a thousand dead are a war's, not an attack's."""
    return count is not None and max(count.low or 0, count.best or 0) >= TOTAL
