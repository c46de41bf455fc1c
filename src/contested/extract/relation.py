"""How one party stands to another: ties, supports, arms, opposes, splits from, allied, member of."""

from __future__ import annotations

from collections.abc import Iterator

from contested.extract import Extractor
from contested.extract.frames import Evoked
from contested.extract.report import Report
from contested.model import Assertion, Relation
from contested.text import Tree, speech_lexicon


def _extract(report: Report, before: tuple[Assertion, ...]) -> Iterator[Assertion]:
    for sentence, found in report.told("relation"):
        for subject, object_ in _pairs(report.trees[sentence], found):
            acting = all(_acts(report, sentence, node) for node in (subject, object_))
            if acting and subject != object_:
                yield _asserted(report, sentence, found, subject, object_)


def _acts(report: Report, sentence: int, node: int) -> bool:
    """Whether a node is somebody; before a hyphen, "al-Qaida-linked", it always is."""
    return report.is_party(sentence, node) or report.trees[sentence].tokens[node].label == "obl:unmarked"


def _pairs(tree: Tree, found: Evoked) -> list[tuple[int, int]]:
    """Subject and object; of "ties between A and B" the two conjuncts."""
    subject, object_ = found.node("subject"), found.node("object")
    if subject is None or object_ is None:
        return []
    if tree.tokens[subject].pos == "PRON" and tree.label(subject) == "nmod":  # "continued its ties with"
        clause = tree.clause[found.trigger]
        if tree.lemma(clause) in speech_lexicon()["cite"] | speech_lexicon()["say"]:
            return []  # "citing their ties to": not the speaker's own
        subject = tree.agent(clause) or subject
    if subject == object_:
        joined = tree.conjuncts(subject)
        return [(joined[0], joined[1])] if len(joined) > 1 else []
    return [(subject, object_)]


def _asserted(report: Report, sentence: int, found: Evoked, subject: int, object_: int) -> Assertion:
    tree = report.trees[sentence]
    content = Relation(found.frame.sets["relation"], report.party(sentence, subject), report.party(sentence, object_))
    return report.asserts(content, sentence, found.trigger, {*tree.phrase(subject), *tree.phrase(object_)})


def _learned(report: Report, sentence: int, found: Evoked) -> Iterator[Assertion]:
    for subject, object_ in _pairs(report.trees[sentence], found):
        if subject != object_ and "relation" in found.frame.sets:
            yield _asserted(report, sentence, found, subject, object_)


EXTRACTOR = Extractor("relation", 3, ("relation",), _extract, _learned)
