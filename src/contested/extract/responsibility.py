"""Who claims a deed, denies it, or is blamed for it."""

from __future__ import annotations

from collections.abc import Iterator

from contested.extract import Extractor
from contested.extract.frames import Evoked
from contested.extract.lexicon import listed
from contested.extract.report import Report
from contested.model import Assertion, Responsibility

_SELF = frozenset({"it", "they", "we", "he", "she", "i", "group"})


def _extract(report: Report, before: tuple[Assertion, ...]) -> Iterator[Assertion]:
    for sentence, found in report.told("responsibility"):
        tree, of, claimant = report.trees[sentence], found.node("of"), found.node("claimant")
        if claimant is None or (of is None and found.frame.sets["stance"] == "blamed"):
            continue
        deed = (
            of is None
            or tree.tokens[of].pos == "VERB"
            or any(tree.lemma(n) in listed("responsibility", "deeds") for n in tree.under(of))
        )
        traced = tree.lemma(found.trigger) in listed("responsibility", "traces")
        if deed and (not traced or report.is_party(sentence, claimant)):
            for each in tree.conjuncts(claimant):
                yield _asserted(report, sentence, found, each)


def _asserted(report: Report, sentence: int, found: Evoked, claimant: int) -> Assertion:
    tree, of = report.trees[sentence], found.node("of")
    stance = found.frame.sets["stance"]
    speakers = report.reading.speakers(sentence, found.trigger)
    if tree.lemma(found.trigger) == "responsible" and speakers and tree.lemma(claimant) in _SELF:
        stance = "claims"
    marks = {n for c in tree.all(of, "case", "mark") for n in tree.under(c)} if of is not None else set()
    if of == found.trigger:  # "the cartel is behind this attack": the words of the deed alone
        of_nodes = tree.phrase(found.trigger)
    else:
        of_nodes = tuple(sorted(tree.under(of) - marks)) if of is not None else ()
    content = Responsibility(stance, report.party(sentence, claimant), report.reading.words(sentence, of_nodes))
    nodes = {*tree.phrase(claimant), *(tree.phrase(of) if of is not None else ())}
    shown = tree.lemma(found.trigger) not in listed("responsibility", "unshown")
    return report.asserts(content, sentence, found.trigger, nodes, voice=found.node("voice"), weighed=shown)


def _learned(report: Report, sentence: int, found: Evoked) -> Iterator[Assertion]:
    claimant = found.node("claimant")
    if claimant is not None and "stance" in found.frame.sets:
        yield _asserted(report, sentence, found, claimant)


EXTRACTOR = Extractor("responsibility", 3, ("responsibility",), _extract, _learned)
