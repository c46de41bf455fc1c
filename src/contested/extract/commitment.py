"""What a party binds itself to, or is bound to by an instrument: one assertion for each thing it must or must not."""

from __future__ import annotations

from collections.abc import Iterator

from contested.extract import Extractor
from contested.extract.frames import Evoked
from contested.extract.lexicon import Frame, listed
from contested.extract.report import Report
from contested.model import Assertion, Commitment, Name, Period
from contested.text import clauses

_SELF = frozenset({"it", "they", "we", "he", "she", "i"})
_ANNOUNCES = frozenset({"say", "announce", "declare", "state", "tell", "confirm", "add", "insist"})
_FORBIDS = frozenset({"prohibit", "bar", "forbid"})


def _extract(report: Report, before: tuple[Assertion, ...]) -> Iterator[Assertion]:
    for sentence, found in report.evoked("commitment"):
        obligation = found.node("obligation")
        party = _party(report, sentence, found)
        told = report.reading.mood(sentence, found.trigger) in ("told", "intended")
        if obligation is not None and party is not None and told:
            for each in _joined(report, sentence, found, obligation):
                yield _asserted(report, sentence, found, each, party)
    yield from _own_doing(report)


def _party(report: Report, sentence: int, found: Evoked) -> int | None:
    """Who is bound: the party of the frame, or whoever the instrument says must do it."""
    tree, obligation = report.trees[sentence], found.node("obligation")
    if found.frame.sets.get("instrumental") and obligation is not None and tree.tokens[obligation].pos == "VERB":
        return tree.subject(obligation) if not tree.passive(obligation) else tree.agent(obligation)
    return found.node("party")


def _own_doing(report: Report) -> Iterator[Assertion]:
    """ "the group said it would free its prisoners": what speakers say they will do, they are bound to."""
    frame = Frame(("will",), roles={})
    for clause in clauses(report.reading):
        tree, head, sentence = clause.tree, clause.head, clause.sentence
        will = tree.label(head) == "ccomp" and tree.modal(head) in ("will", "would", "'ll", "wo")
        if not will or tree.tokens[head].pos != "VERB" or tree.passive(head):
            continue
        subject, speakers = tree.agent(head), clause.speakers
        own = subject is not None and tree.lemma(subject) in _SELF
        if own and speakers and speakers[-1].cue in _ANNOUNCES:
            yield _asserted(report, sentence, Evoked(frame, head, {}), head, subject or 0)


def _joined(report: Report, sentence: int, found: Evoked, obligation: int) -> list[int]:
    """ "will not host, will not allow …": each verb is an obligation of its own when it has its own auxiliary."""
    tree = report.trees[sentence]
    hosts = [obligation, *([found.trigger] if found.frame.sets.get("instrumental") else [])]
    verbs = [c for h in hosts for c in tree.all(h, "conj") if tree.tokens[c].pos == "VERB" and c > obligation]
    return [obligation, *(v for v in verbs if tree.first(v, "aux") is not None and tree.first(v, "nsubj") is None)]


def _asserted(report: Report, sentence: int, found: Evoked, obligation: int, party: int) -> Assertion:
    tree = report.trees[sentence]
    below = tree.under(obligation) - {n for c in tree.all(obligation, "conj") for n in tree.under(c)}
    must_not = report.reading.negated(sentence, obligation) or tree.lemma(found.trigger) in _FORBIDS
    content = Commitment(
        report.party(sentence, party),
        report.reading.words(sentence, tuple(sorted(_without_mark(report, sentence, obligation, below)))),
        "must_not" if must_not else "must",
        _instrument(report, sentence, found.node("instrument")),
        _due(report, sentence, below),
    )
    bound = bool(found.frame.sets.get("instrumental"))  # what an agreement says binds, whatever the network makes of it
    nodes = {*below, *tree.phrase(party)}
    return report.asserts(content, sentence, found.trigger, nodes, deniable=False, weighed=not bound)


def _without_mark(report: Report, sentence: int, obligation: int, below: set[int]) -> set[int]:
    tree = report.trees[sentence]
    before = ("mark", "case", "punct", "cc", "nsubj", "aux")  # "it would free them": to free them
    dropped = {n for c in tree.all(obligation, *before) if c < obligation for n in tree.under(c)}
    return (below - dropped) or below


def _instrument(report: Report, sentence: int, node: int | None) -> Name | None:
    if node is None or report.trees[sentence].lemma(node) not in listed("commitment", "instruments"):
        return None
    return report.party(sentence, node)


def _due(report: Report, sentence: int, nodes: set[int]) -> Period | None:
    """The deadline named within the obligation."""
    return next((m.period for m in report.reading.dates(sentence) if m.first in nodes and m.kind == "horizon"), None)


def _learned(report: Report, sentence: int, found: Evoked) -> Iterator[Assertion]:
    obligation, party = found.node("obligation"), _party(report, sentence, found)
    if obligation is not None and party is not None:
        yield _asserted(report, sentence, found, obligation, party)


EXTRACTOR = Extractor("commitment", 3, ("commitment",), _extract, _learned)
