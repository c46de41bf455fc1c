"""How one party stands to another: ties, supports, arms, opposes, splits from, allied, member of."""

from __future__ import annotations

from collections.abc import Iterator

from contested.extract import Extractor
from contested.extract.frames import Evoked
from contested.extract.report import Report
from contested.model import Assertion, Relation
from contested.text import Tree


def _extract(report: Report, before: tuple[Assertion, ...]) -> Iterator[Assertion]:
    for sentence, found in report.told("relation"):
        for subject, object_ in _pairs(report.trees[sentence], found):
            if _party(report, sentence, subject) and _party(report, sentence, object_) and subject != object_:
                yield _asserted(report, sentence, found, subject, object_)


def _pairs(tree: Tree, found: Evoked) -> list[tuple[int, int]]:
    """Subject and object; of "ties between A and B" the two conjuncts."""
    subject, object_ = found.node("subject"), found.node("object")
    if subject is None or object_ is None:
        return []
    if subject == object_:
        joined = tree.conjuncts(subject)
        return [(joined[0], joined[1])] if len(joined) > 1 else []
    return [(subject, object_)]


def _party(report: Report, sentence: int, node: int) -> bool:
    """A relation holds between parties: names, pronouns for them, or words that resolve to an actor."""
    tree = report.trees[sentence]
    token = tree.tokens[node]
    if token.pos == "PRON":
        return tree.lemma(node) in ("they", "he", "she", "it", "who")
    if token.entity[2:] in ("ORG", "GPE", "PER", "LOC") or token.pos == "PROPN":
        return True
    named = any(tree.tokens[n].entity or tree.tokens[n].pos == "PROPN" for n in tree.phrase(node))
    return named or tree.lemma(node) in _GROUPS


_GROUPS = frozenset({
    "group", "rebel", "militant", "insurgent", "militia", "government", "army", "troops", "force", "fighter",
    "terrorist", "separatist", "guerrilla", "movement", "party", "regime", "military", "faction", "organization",
})  # fmt: skip


def _asserted(report: Report, sentence: int, found: Evoked, subject: int, object_: int) -> Assertion:
    tree = report.trees[sentence]
    content = Relation(found.frame.sets["relation"], report.party(sentence, subject), report.party(sentence, object_))
    return report.asserts(content, sentence, found.trigger, {*tree.phrase(subject), *tree.phrase(object_)})


EXTRACTOR = Extractor("relation", 1, ("relation",), _extract)
