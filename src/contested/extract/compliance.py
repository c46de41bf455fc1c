"""Whether a party keeps what it was bound to: met, partial, breached, disputed, or no evidence."""

from __future__ import annotations

from collections.abc import Iterator

from contested.extract import Extractor
from contested.extract.frames import Evoked
from contested.extract.lexicon import listed
from contested.extract.report import Report
from contested.model import Assertion, Compliance
from contested.text import Tree

_REFUSALS = frozenset({"fail", "refuse", "decline", "lack", "stop", "violate", "failure", "refusal"})


def _extract(report: Report, before: tuple[Assertion, ...]) -> Iterator[Assertion]:
    for sentence, found in report.evoked("compliance"):
        tree, of = report.trees[sentence], found.node("of")
        bond = of is not None and any(tree.lemma(n) in listed("compliance", "bonds") for n in _named(tree, of))
        known = found.node("party") is not None or tree.passive(found.trigger) or tree.case(found.trigger) == "in"
        if of is not None and bond and known and _stated(report, sentence, found):
            yield _asserted(report, sentence, found, of)


def _named(tree: Tree, of: int) -> set[int]:
    """What a bond is called, without what else is told of it: "officials who have promised" are no promise."""
    whole = [of, *tree.obliques(of)] if tree.tokens[of].pos == "VERB" else [of]  # "progress in delivering on …"
    return {n for one in whole for each in tree.conjuncts(one) for n in tree.phrase(each)}


def _stated(report: Report, sentence: int, found: Evoked) -> bool:
    """Told as so, or refused: "failed to honour the truce" is a breach, "to honour the truce" nothing yet."""
    head = report.trees[sentence].tokens[found.trigger].head
    refused = head >= 0 and report.trees[sentence].lemma(head) in _REFUSALS
    return refused or report.reading.mood(sentence, found.trigger) == "told"


def _asserted(report: Report, sentence: int, found: Evoked, of: int) -> Assertion:
    tree, party = report.trees[sentence], found.node("party")
    head = tree.tokens[found.trigger].head
    refused = report.reading.negated(sentence, found.trigger) or (head >= 0 and tree.lemma(head) in _REFUSALS)
    verdict = found.frame.sets["verdict"]
    if refused:
        verdict = {"met": "breached", "breached": "met"}.get(verdict, verdict)
    accuser = head if head >= 0 and tree.lemma(head) == "accuse" else None
    if accuser is not None:
        party = tree.patient(accuser)
    content = Compliance(verdict, report.party(sentence, party), report.reading.words(sentence, tree.phrase(of)))
    nodes = {*tree.phrase(of), *(tree.phrase(party) if party is not None else ())}
    voice = tree.agent(accuser) if accuser is not None else None
    return report.asserts(content, sentence, found.trigger, nodes, deniable=False, voice=voice)


def _learned(report: Report, sentence: int, found: Evoked) -> Iterator[Assertion]:
    of = found.node("of")
    if of is not None and "verdict" in found.frame.sets:
        yield _asserted(report, sentence, found, of)


EXTRACTOR = Extractor("compliance", 3, ("compliance",), _extract, _learned)
