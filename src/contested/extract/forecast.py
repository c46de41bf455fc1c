"""What somebody says may or will come about, by when, and how likely."""

from __future__ import annotations

from collections.abc import Iterator

from contested.extract import Extractor
from contested.extract.frames import Evoked
from contested.extract.lexicon import listed
from contested.extract.report import Report
from contested.model import Assertion, Forecast, Period
from contested.text import Clause, Tree, clauses

_SELF = frozenset({"it", "they", "we", "he", "she", "i"})


def _extract(report: Report, before: tuple[Assertion, ...]) -> Iterator[Assertion]:
    bound = [a.quote for a in before if a.kind == "commitment" and a.quote is not None]
    covered: set[tuple[int, int]] = set()
    for clause in clauses(report.reading):
        if (clause.sentence, clause.head) in covered or not _foretold(report, clause):
            continue
        below = _proposition(clause.tree, clause.head)
        start, end = clause.tree.extent(below)
        if any(q.start < end and start < q.end for q in bound):
            continue
        covered |= {(clause.sentence, n) for n in clause.tree.under(clause.head)}
        words = clause.words(tuple(sorted(below)))
        content = Forecast(words, horizon=_horizon(report, clause.sentence, below))
        dated = content.horizon is not None  # what may come by a day is foretold, however it is said
        yield report.asserts(content, clause.sentence, clause.head, below, deniable=False, weighed=not dated)


def _foretold(report: Report, clause: Clause) -> bool:
    """A clause somebody foretells, or says may come; what speakers will do themselves is a pledge, no forecast."""
    tree, head = clause.tree, clause.head
    speakers = clause.speakers
    modal = _modal(tree, head)
    own = (subject := tree.agent(head)) is not None and tree.lemma(subject) in _SELF
    if speakers and speakers[-1].cue in listed("forecast", "plain"):
        finite = tree.first(head, "nsubj") is not None
        return finite and tree.tokens[head].label != "acl:relcl"
    if any(tree.lemma(c) in listed("forecast", "outlook") for c in tree.above(head)[:1]) and modal:
        return True
    if speakers and _foreseen(report, clause):
        return True
    past = any(tree.lemma(a) == "have" for a in tree.all(head, "aux"))
    if not modal or past or tree.tokens[head].label == "acl:relcl" or (own and modal in ("will", "would")):
        return False
    if not any(
        tree.lemma(n) in listed("forecast", "topics") or tree.tokens[n].entity[2:] in ("GPE", "ORG")
        for n in tree.under(head)
    ):
        return False
    if speakers and speakers[-1].cue in listed("forecast", "foretell"):
        return True
    return bool(speakers) and modal in ("may", "might", "could")


def _foreseen(report: Report, clause: Clause) -> bool:
    """ "is very likely to", "is not a foregone conclusion": a word of probability on what is not past."""
    hedges = [h for h in report.reading.hedges(clause.sentence) if clause.tree.clause[h.first] == clause.head]
    probable = any(w in h.likelihood.words.lower() for h in hedges for w in listed("forecast", "probable"))
    token = clause.tree.tokens[clause.head]
    past = token.text.lower().endswith("ed") or clause.tree.first(clause.head, "aux") is not None
    return probable and not past and clause.tree.first(clause.head, "nsubj") is not None


def _modal(tree: Tree, head: int) -> str:
    """The modal or word of likelihood on a predicate, "" for none."""
    for c in tree.all(head, "aux", "aux:pass"):
        if tree.lemma(c) in listed("forecast", "modals"):
            return tree.lemma(c)
    return (
        "likely" if tree.lemma(head) in listed("forecast", "likely") and tree.first(head, "xcomp") is not None else ""
    )


def _proposition(tree: Tree, head: int) -> set[int]:
    dropped = {
        n for c in tree.children[head] if tree.label(c) in ("mark", "punct", "cc", "parataxis") for n in tree.under(c)
    }
    return tree.under(head) - dropped or {head}


def _horizon(report: Report, sentence: int, nodes: set[int]) -> Period | None:
    """By when: a horizon named in the proposition, else a point in time it holds."""
    told = report.document.dated
    for m in report.reading.dates(sentence):
        ahead = m.period is not None and told is not None and m.period.since is not None and m.period.since > told
        if m.first in nodes and (m.kind == "horizon" or ahead):
            return m.period
    return None


def _learned(report: Report, sentence: int, found: Evoked) -> Iterator[Assertion]:
    below = _proposition(report.trees[sentence], found.trigger)
    words = report.reading.words(sentence, tuple(sorted(below)))
    content = Forecast(words, horizon=_horizon(report, sentence, below))
    yield report.asserts(content, sentence, found.trigger, below, deniable=False)


EXTRACTOR = Extractor("forecast", 3, ("forecast",), _extract, _learned)
