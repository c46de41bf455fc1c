"""The dead and the injured of a sentence: how many, and which words the count hangs on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contested.extract.lexicon import listed
from contested.extract.report import Report
from contested.model import Estimate
from contested.text import Tree

_COUNTING = frozenset({"nummod", "det", "amod", "compound"})
# Ours: above this, deaths told without an act are a war's running total, not one event.
TOTAL = 1000
ONE = Estimate(1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Toll:
    """A count of killed or wounded: the word that says so, the people, how many (None: uncounted), all words."""

    trigger: int
    people: int
    killed: Estimate | None
    wounded: Estimate | None
    words: tuple[int, ...]


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
        if people is None or _natural(tree, node):
            continue
        count, nodes = count_of(report, sentence, people)
        if count is None and (token.pos == "ADJ" or tree.label(node) == "amod"):
            continue  # "the dead", "wounded people": nobody is said to have died here
        words = (node, *tree.phrase(people), *nodes)
        yield Toll(node, people, count if kills else None, count if wounds else None, words)


def _natural(tree: Tree, node: int) -> bool:
    """Whether a flood, an illness or an accident did it: deaths, but no violence."""
    by = [tree.agent(node), *tree.obliques(node, "in", "by", "from", "of", "after")]
    words = {tree.lemma(n) for b in by if b is not None for n in (b, *tree.all(b, "compound", "amod"))}
    return bool(words & listed("casualties", "natural"))


def _people(tree: Tree, node: int) -> int | None:
    if tree.lemma(node) in ("die", "perish"):
        return tree.agent(node)
    if tree.tokens[node].pos == "ADJ":
        return (
            tree.first(node, "nsubj") or tree.first(tree.tokens[node].head, "obj")
            if tree.tokens[node].head >= 0
            else None
        )
    people = tree.patient(node)
    after = node + 1  # "wounded 350": a number may stand for the people
    alone = people is None and after < len(tree.tokens) and tree.tokens[after].pos == "NUM"
    return after if alone else people


def count_of(report: Report, sentence: int, people: int) -> tuple[Estimate | None, tuple[int, ...]]:
    """How many, and the words that say so: a number, "a", "no", one person named; of several joined, their sum."""
    tree = report.trees[sentence]
    counts = [_counted(report, sentence, each) for each in tree.conjuncts(people)]
    numbers = [count for count, _ in counts if count is not None]
    if counts[0][0] is None or len(numbers) == 1:
        return counts[0]
    return added(numbers), tuple(n for _, nodes in counts for n in nodes)


def _counted(report: Report, sentence: int, people: int) -> tuple[Estimate | None, tuple[int, ...]]:
    tree = report.trees[sentence]
    if (number := _number_of(report, sentence, people)) is not None:
        return number
    of = tree.oblique(people, "of")
    if of is not None and tree.lemma(people) in listed("casualties", "anybody"):
        return count_of(report, sentence, of)
    determiners = {tree.lemma(c) for c in tree.all(people, "det", "nummod")}
    if "no" in determiners:
        return Estimate(0.0, 0.0, 0.0), ()
    named = tree.tokens[people].entity.endswith("PER") and tree.tokens[people].pos == "PROPN"
    return (ONE, ()) if named or determiners & {"a", "an", "one"} or _somebody(tree, people) else (None, ())


def _number_of(report: Report, sentence: int, people: int) -> tuple[Estimate, tuple[int, ...]] | None:
    """The numbers that count people, several added up: "six American and two Afghan soldiers"."""
    tree, found = report.trees[sentence], []
    for number in report.reading.numbers(sentence):
        nodes = tuple(range(number.first, number.last))
        own = any(n == people or (tree.tokens[n].head == people and tree.label(n) in _COUNTING) for n in nodes)
        if own or number.last in (people, min(tree.phrase(people), default=people)):
            found.append((number.estimate, nodes))
    if not found:
        return None
    return found[0] if len(found) == 1 else (added([one for one, _ in found]), tuple(n for _, ns in found for n in ns))


def _somebody(tree: Tree, people: int) -> bool:
    """Whether a noun is one person without a number: "his bodyguard", "the marine"."""
    token = tree.tokens[people]
    single = token.pos == "NOUN" and token.text.lower() == tree.lemma(people)
    return single and tree.lemma(people) in listed("casualties", "person")


def added(counts: Sequence[Estimate]) -> Estimate:
    """The sum, each end absent where one of them lacks it."""
    parts = {end: [getattr(count, end) for count in counts] for end in ("low", "best", "high")}
    return Estimate(**{end: sum(one) if None not in one else None for end, one in parts.items()})


def running_total(count: Estimate | None) -> bool:
    """Whether a count is too high for one event: a thousand dead are a war's, not an attack's."""
    return count is not None and max(count.low or 0, count.best or 0) >= TOTAL
