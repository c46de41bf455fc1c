"""Any other attributed claim, opinion, denial or demand: what voices say that no particular kind has said already."""

from __future__ import annotations

from collections.abc import Iterator

from contested.extract import Extractor
from contested.extract.frames import Evoked, evoked
from contested.extract.lexicon import frames
from contested.extract.report import Report
from contested.model import Assertion, Name, Quote, Statement, Voice
from contested.register.actors import STANDS_FOR
from contested.text import Attribution, Tree, speech_lexicon


def _extract(report: Report, before: tuple[Assertion, ...]) -> Iterator[Assertion]:
    taken = [a.quote for a in before if a.quote is not None]
    for number, tree in enumerate(report.trees):
        spoken = [a for a in report.reading.covering(number) if _speaks_here(report, a)]
        for a in sorted(spoken, key=lambda a: len(a.covers)):
            said = _said(tree, a, number)
            if said and _utterance(tree, said) and not _overlaps(taken, *tree.extent(said)):
                made = _stated(report, number, a, said)
                taken.append(made.quote or Quote("", 0, 0))
                yield made
        for found in evoked(tree, "statement"):
            made_act = _act(report, number, found)
            if (
                made_act is not None
                and made_act.quote
                and not _overlaps(taken, made_act.quote.start, made_act.quote.end)
            ):
                taken.append(made_act.quote)
                yield made_act


def _speaks_here(report: Report, a: Attribution) -> bool:
    """Somebody speaks, and neither asks nor binds himself."""
    cue = report.trees[a.sentence].lemma(a.cue)
    bound = ("VERB", cue) in frames("commitment") and cue not in (
        "say",
        "state",
        "announce",
        "call",
        "declare",
        "demand",
    )
    return a.head >= 0 and not a.asks and not bound


def _said(tree: Tree, a: Attribution, number: int) -> set[int]:
    """The words of this sentence that an attribution covers, marks and joining words at the ends left out."""
    said = {i for s, i in a.covers if s == number} - (a.frame if a.sentence == number else set())
    while said and (tree.tokens[min(said)].pos in ("PUNCT", "SCONJ", "CCONJ")):
        said.remove(min(said))
    while said and tree.tokens[max(said)].pos == "PUNCT":
        said.remove(max(said))
    return said


def _utterance(tree: Tree, said: set[int]) -> bool:
    return len(said) >= 3 and any(tree.tokens[i].pos in ("VERB", "AUX") for i in said)


def _overlaps(taken: list[Quote], start: int, end: int) -> bool:
    return any(q.start < end and start < q.end for q in taken)


def _stated(report: Report, number: int, a: Attribution, said: set[int]) -> Assertion:
    tree = report.trees[number]
    top = min(said, key=lambda i: (len(tree.above(i)), i))
    subject = tree.agent(top)
    about = tree.phrase(subject) if subject is not None and subject in said else (top,)
    last = report.voices(number, top)[-1]
    content = Statement(_speaker(report, last), report.reading.words(number, about))
    return report.asserts(content, number, top, said, deniable=False)


def _speaker(report: Report, voice: Voice) -> Name:
    """A voice as a name: as sure as its words are, or, where it only stands for somebody ("he said"), as that is."""
    known = report.resolver.actor(voice.who)
    return known if known.thing == voice.thing else Name(voice.who, voice.thing, STANDS_FOR if voice.thing else 0.0)


def _act(report: Report, number: int, found: Evoked) -> Assertion | None:
    """ "condemned the raid", "refused to accept the terms": the speaker and what it is about."""
    tree, speaker, about = report.trees[number], found.node("speaker"), found.node("about")
    if speaker is None or about is None or tree.tokens[about].pos == "PRON":
        return None
    if tree.lemma(found.trigger) in speech_lexicon()["disputes"] and tree.lemma(about) not in speech_lexicon()["nouns"]:
        return None  # "contested the district" says nothing
    below = tree.under(about) - {n for c in tree.all(about, "conj") for n in tree.under(c)}
    content = Statement(report.party(number, speaker), report.reading.words(number, tuple(sorted(below))))
    return report.asserts(content, number, found.trigger, below, deniable=False, voice=speaker)


def _learned(report: Report, sentence: int, found: Evoked) -> Iterator[Assertion]:
    """What the innermost voice at the word says, or the act of speech that the word itself is."""
    tree = report.trees[sentence]
    spoken = [a for a in report.reading.covering(sentence) if a.head >= 0 and (sentence, found.trigger) in a.covers]
    if any(a.asks for a in spoken):
        return
    if not spoken:
        made = _act(report, sentence, found)
        yield from () if made is None else (made,)
        return
    innermost = min(spoken, key=lambda a: len(a.covers))
    said = _said(tree, innermost, sentence) & tree.under(found.trigger) or {found.trigger}
    yield _stated(report, sentence, innermost, said)


EXTRACTOR = Extractor("statement", 3, ("statement",), _extract, _learned)
