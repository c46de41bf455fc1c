"""One report as language: its sentences as trees, who says which word, when, and how surely."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contested.model import Document, Likelihood, Period
from contested.text.antecedents import Antecedents
from contested.text.capitals import true_cased
from contested.text.dates import TimeMention
from contested.text.dating import mentions
from contested.text.factual import Mood, mood
from contested.text.gate import unread, worth
from contested.text.likelihood import Hedge, find_hedges
from contested.text.numbers import NumberMention, find_numbers
from contested.text.sentences import Sentence, sentences
from contested.text.tagging import read_tokens
from contested.text.tree import Tree
from contested.text.voices import Attribution, attributions, chain, covering, nobody

_PRONOUNS = frozenset({"he", "she", "it", "they", "we", "i", "you"})
_NEGATIONS = frozenset({"not", "n't", "n’t", "never", "no", "neither", "nor", "without"})


@dataclass(frozen=True, slots=True)
class Speaker:
    """One link of a chain: the words that name it, the fullest name they stand for, the cue, whether it denies.

    A pronoun gives way to the name it stands for, in the report's own words (docs/decisions/002).
    """

    who: str
    means: str
    cue: str
    denies: bool


class Reading:
    """A report read once; clauses and extractors ask it about places in it, (sentence, token).

    A `gated` reading passes over sentences that concern no extractor: their words have no tags. What is printed all in
    capitals is read as it would be written, so `document.text` may differ from the report's in case, and in no offset.
    """

    def __init__(self, document: Document, *, gated: bool = False) -> None:
        self.document = document = true_cased(document)
        cut = list(sentences(document.text))
        self.trees = tuple(map(Tree, _where_worth(cut, document.text) if gated else read_tokens(cut)))
        self.attributions = attributions(self.trees)
        speakers = [(a.sentence, a.head) for a in self.attributions if a.head >= 0]
        self.antecedents = Antecedents(self.trees, document.text, speakers)
        self._covering = covering(self.attributions)
        self._speakers: dict[tuple[int, int], tuple[Speaker, ...]] = {}
        self._dates: list[list[TimeMention]] = []
        self._hedges: dict[int, list[Hedge]] = {}
        self._numbers: dict[int, list[NumberMention]] = {}

    def words(self, sentence: int, nodes: tuple[int, ...]) -> str:
        return self.trees[sentence].words(nodes, self.document.text) if nodes else ""

    def dates(self, sentence: int) -> list[TimeMention]:
        """The times a sentence names, in the light of those before it."""
        if not self._dates:
            self._dates = mentions([tree.tokens for tree in self.trees], self.document.text, self.document.dated)
        return self._dates[sentence]

    def timed(self, sentence: int, node: int) -> bool:
        """Whether a word belongs to a time that is named."""
        return any(m.first <= node < m.last for m in self.dates(sentence))

    def hedges(self, sentence: int) -> list[Hedge]:
        if sentence not in self._hedges:
            self._hedges[sentence] = find_hedges(self.trees[sentence].tokens)
        return self._hedges[sentence]

    def numbers(self, sentence: int) -> list[NumberMention]:
        if sentence not in self._numbers:
            self._numbers[sentence] = find_numbers(self.trees[sentence].tokens, self.dates(sentence))
        return self._numbers[sentence]

    def speakers(self, sentence: int, node: int) -> tuple[Speaker, ...]:
        """Who says this word, from the outside in, the publisher left out. A voice heard twice in a row is one."""
        if (sentence, node) not in self._speakers:
            self._speakers[sentence, node] = self._heard(sentence, node)
        return self._speakers[sentence, node]

    def _heard(self, sentence: int, node: int) -> tuple[Speaker, ...]:
        said: list[Speaker] = []
        for a in self._chain(sentence, node):
            speaker = self._speaker(a)
            if speaker is None:
                continue
            if said and (said[-1].means == speaker.means or speaker.means.lower() in _PRONOUNS):
                said[-1] = Speaker(said[-1].who, said[-1].means, speaker.cue, said[-1].denies != speaker.denies)
            else:
                said.append(speaker)
        return tuple(said)

    def _chain(self, sentence: int, node: int) -> list[Attribution]:
        return chain(self.covering(sentence), (sentence, node))

    def covering(self, sentence: int) -> list[Attribution]:
        """The attributions that cover words of a sentence, wherever they stand."""
        return self._covering.get(sentence, [])

    def _speaker(self, a: Attribution) -> Speaker | None:
        if a.head < 0:
            return None
        who = self.words(a.sentence, a.source)
        means = self.antecedents.of(a.sentence, a.head, who)
        return Speaker(means if who.lower() in _PRONOUNS else who, means, self.trees[a.sentence].lemma(a.cue), a.denies)

    def period(self, sentence: int, node: int) -> Period:
        """When what is said here held: a date in its own clause, in one above it said by the same voices, or in one
        joined to it, "killed five and wounded ten on Monday"."""
        tree = self.trees[sentence]
        points = [m for m in self.dates(sentence) if m.kind == "point" and m.period is not None]
        if not points:
            return Period()
        owner, voices = tree.clause, len(self._chain(sentence, node))
        above = list(dict.fromkeys((owner[node], *(owner[up] for up in tree.above(node)))))
        within = next((i for i, c in enumerate(above) if len(self._chain(sentence, c)) != voices), len(above))
        joined = [c for c in tree.all(owner[node], "conj") if tree.first(c, "nsubj") is None and owner[c] == c]
        for clause in (*above[:within], *joined):
            dated = [m for m in points if owner[m.first] == clause]
            if dated:
                nearest = min(dated, key=lambda m: abs(m.first - node))
                return nearest.period or Period()
        return Period()

    def hedge(self, sentence: int, node: int) -> Likelihood | None:
        """How sure the words are: a hedge in the same clause, or one it depends on within the same voices."""
        tree, owner = self.trees[sentence], self.trees[sentence].clause
        voices = len(self._chain(sentence, node))
        clauses = [c for c in dict.fromkeys((owner[node], *(owner[u] for u in tree.above(node))))
                   if len(self._chain(sentence, c)) == voices]  # fmt: skip
        for hedge in self.hedges(sentence):
            place = owner[hedge.first]
            if place == owner[node] or (place in clauses and _governs(tree, hedge.first, owner[node])):
                return hedge.likelihood
        return None

    def mood(self, sentence: int, node: int) -> Mood:
        """Whether the word is told as having happened; what somebody asks is supposed."""
        if any(a.asks for a in self._chain(sentence, node)):
            return "supposed"
        return mood(self.trees[sentence], node)

    def negated(self, sentence: int, node: int) -> bool:
        """Whether the word is said not to be so."""
        tree = self.trees[sentence]
        subject = tree.subject(node) if tree.tokens[node].pos in ("VERB", "AUX") else None
        if subject is not None and nobody(tree, subject):
            return True
        beside = tree.all(node, "advmod", "det", "aux")
        longer = [g for c in beside if tree.tokens[c].text.lower() == "longer" for g in tree.children[c]]  # "no longer"
        return any(tree.tokens[c].text.lower() in _NEGATIONS for c in (*beside, *longer))


def _where_worth(cut: list[Sentence], text: str) -> Iterator[Sentence]:
    wanted = worth(cut, text)
    read = iter(read_tokens([one for one, want in zip(cut, wanted, strict=True) if want]))
    return (next(read) if want else unread(one) for one, want in zip(cut, wanted, strict=True))


def _governs(tree: Tree, hedge: int, clause: int) -> bool:
    """A hedge above a clause speaks of it when the clause hangs on it: "it appears that …", "could be overrun"."""
    above = {clause, *tree.above(clause)}
    return hedge in above or (tree.tokens[hedge].head in above and tree.label(hedge) in ("aux", "advmod"))


@dataclass(frozen=True, slots=True)
class Clause:
    """One predicate with the words that are its own, and its voices peeled off.

    `tokens` of all clauses of a sentence are disjoint; `head` is the predicate.
    """

    reading: Reading
    sentence: int
    head: int
    tokens: tuple[int, ...]

    @property
    def tree(self) -> Tree:
        return self.reading.trees[self.sentence]

    @property
    def speakers(self) -> tuple[Speaker, ...]:
        """Who says it, the outermost first; the publisher is not among them."""
        return self.reading.speakers(self.sentence, self.head)

    @property
    def mood(self) -> Mood:
        return self.reading.mood(self.sentence, self.head)

    @property
    def negated(self) -> bool:
        return self.reading.negated(self.sentence, self.head)

    @property
    def period(self) -> Period:
        return self.reading.period(self.sentence, self.head)

    @property
    def hedge(self) -> Likelihood | None:
        return self.reading.hedge(self.sentence, self.head)

    @property
    def text(self) -> str:
        """The words from the first to the last of the clause."""
        return self.words(self.tokens)

    def words(self, nodes: tuple[int, ...]) -> str:
        return self.reading.words(self.sentence, nodes)


def clauses(report: Document | Reading) -> Iterator[Clause]:
    """The clauses of a report in order: of a document, which is then read, or of one read already."""
    reading = report if isinstance(report, Reading) else Reading(report)
    for number, tree in enumerate(reading.trees):
        own: dict[int, list[int]] = {}
        for node, head in enumerate(tree.clause):
            own.setdefault(head, []).append(node)
        for head in sorted(own):
            yield Clause(reading, number, head, tuple(own[head]))
