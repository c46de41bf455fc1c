"""What a report has named so far: what "the city", "the insurgents" or "they" stand for is looked up here.

A definite description takes a thing of its kind that was named before it: of places the one the report keeps coming
back to, of parties the last that acted. That is a guess, and its confidence (GUESSED) says so; the words stay as they
were written.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contested.extract.lexicon import table
from contested.model import Name, Thing
from contested.register import Register

if TYPE_CHECKING:
    from contested.extract.report import Report

GUESSED = 0.5
FADES = 0.85  # what a mention keeps of its weight from one sentence to the next; ours
FAR = 40  # sentences back, ours: who acted earlier than that no longer comes before who was named last
_NONE = "-"  # no type: such a word looks back to nothing
_THEY = frozenset({"they", "it", "their", "its", "them", "who"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A thing named or meant at a word; `subject` when it is who acts there."""

    at: tuple[int, int]
    thing: str
    type: str
    subject: bool


class Mentions:
    """The places and the parties of one report, in the order they are met."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._places: list[Mention] = []
        self._parties: list[Mention] = []
        for at in _nouns(report):
            self._meet(at)

    def place(self, sentence: int, node: int, words: str) -> Name:
        """The town "the city" means here, or the words alone."""
        types = table("places", "means").get(self._report.trees[sentence].lemma(node), _NONE)
        return self._topical(self._places, (sentence, node), types, words)

    def party(self, sentence: int, node: int, words: str) -> Name:
        """The party "the insurgents" or "they" mean here, or the words alone."""
        lemma = self._report.trees[sentence].lemma(node)
        if lemma in _THEY:
            acting = [m for m in self._parties if m.subject and sentence - 2 <= m.at[0] < sentence]
            return self._last(acting, (sentence, node), (), words)
        return self._last(self._parties, (sentence, node), table("parties", "means").get(lemma, _NONE), words)

    def _meet(self, at: tuple[int, int]) -> None:
        report, (sentence, node) = self._report, at
        tree, words = report.trees[sentence], report.reading.words(sentence, report.trees[sentence].phrase(node))
        subject = tree.label(node) == "nsubj"
        place = report.resolver.place(words) if report.names_place(sentence, node) else Name(words)
        pointing = definite(report, sentence, node)
        if not place.thing and pointing:
            place = self.place(sentence, node, words)
        if place.thing and (thing := report.register.thing(place.thing)) is not None:
            if not report.of_a_speaker(sentence, node) or _local(report.register, thing):
                self._places.append(Mention(at, place.thing, thing.type, subject))
            return
        party = report.resolver.actor(words)
        if not party.thing and pointing:
            party = self.party(sentence, node, words)
        if party.thing and (thing := report.register.thing(party.thing)) is not None:
            self._parties.append(Mention(at, party.thing, thing.type, subject))

    @staticmethod
    def _topical(met: list[Mention], at: tuple[int, int], type_: str, words: str) -> Name:
        """The place named before in the same sentence, else the one a report keeps coming back to: nearer mentions
        count more, and among equals the nearest."""
        weights: dict[str, float] = {}
        for mention in reversed(met[: bisect_left(met, at, key=lambda m: m.at)]):
            if at[0] - mention.at[0] > FAR:
                break
            if mention.type == type_:
                if mention.at[0] == at[0]:
                    return Name(words, mention.thing, GUESSED)
                weights[mention.thing] = weights.get(mention.thing, 0.0) + FADES ** (at[0] - mention.at[0])
        return Name(words, max(weights, key=lambda thing: weights[thing]), GUESSED) if weights else Name(words)

    @staticmethod
    def _last(met: list[Mention], at: tuple[int, int], types: tuple[str, ...] | str, words: str) -> Name:
        wanted = (types,) if isinstance(types, str) else types
        named = None
        for mention in reversed(met[: bisect_left(met, at, key=lambda m: m.at)]):
            if wanted and mention.type not in wanted:
                continue
            if mention.subject:
                return Name(words, mention.thing, GUESSED)
            named = named or mention
            if at[0] - mention.at[0] > FAR:
                break
        return Name(words, named.thing, GUESSED) if named is not None else Name(words)


def _local(register: Register, thing: Thing) -> bool:
    """Whether who speaks in a town speaks of it: "residents of Kunduz"; "officials in Kabul" mean the state."""
    seats = (register.capital(above) for above in register.ancestors(thing.id)[-1:])
    return thing.type == "settlement" and all(seat is None or seat.id != thing.id for seat in seats)


def definite(report: Report, sentence: int, node: int) -> bool:
    """ "the city", "the insurgents": a common noun with the article and nothing else to tell it by."""
    tree = report.trees[sentence]
    if tree.tokens[node].pos != "NOUN" or len(tree.phrase(node)) > 1:
        return False
    return any(tree.lemma(c) in ("the", "this", "that", "both") for c in tree.all(node, "det"))


def _nouns(report: Report) -> Iterator[tuple[int, int]]:
    """The heads of noun phrases, in order."""
    for sentence, tree in enumerate(report.trees):
        for node, token in enumerate(tree.tokens):
            if token.pos in ("PROPN", "NOUN") and tree.label(node) not in ("flat", "compound"):
                yield sentence, node
