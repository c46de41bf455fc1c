"""One report as the extractors see it: its reading, its names resolved, and assertions made from its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from msgspec.structs import replace

from contested.extract.frames import Evoked, evoked
from contested.extract.lexicon import listed, table
from contested.extract.mentions import Mentions, definite
from contested.extract.naming import PLACES, country_of, names_in
from contested.extract.settled import NOTHING, Settled, SettledFirst, by_way_of
from contested.extract.weighing import chance
from contested.model import AnyContent, Assertion, Document, Name, Quote, Voice, kind
from contested.register import Register
from contested.register.actors import SPELT_ALIKE
from contested.register.marked import Marked, Span
from contested.text import Reading, Tree, speech_lexicon
from contested.text.introduced import introduced, short_form

# How sure the register must be that a name is a place, when the encoder says nothing and when it says otherwise, and
# how many people then live there. Set by hand.
PERHAPS, SURELY, LARGE = 0.4, 0.6, 20_000
_PEOPLE = frozenset({"they", "he", "she", "it", "we", "i", "some", "many", "most", "other", "others"})
_THEMSELVES = frozenset({"it", "they", "we"})
_WITHIN = frozenset({"in", "at", "near"})
_BESIDE = frozenset({"in", "at", "near", "outside", "inside", "around", "across from", "in front of", "beside", "by"})


class Report:
    """A document, read and with its names resolved in its own context."""

    def __init__(
        self, document: Document, register: Register, home: str = "", settled: Settled = NOTHING, *, gated: bool = True
    ) -> None:
        self.register = register
        self.reading = Reading(document, gated=gated)
        self.document = document = self.reading.document
        named = list(names_in(self.reading, register))
        names = [name.words for name in named]
        self._short = introduced(document.text)
        marked = Marked(document.text, [Span(*name.span) for name in named if name.place], document.source)
        resolver = register.resolver(names, home, self._short, marked)
        if not home and (about := country_of(named, resolver, register)):
            resolver = register.resolver(names, about, self._short, marked)
        self.resolver = SettledFirst(resolver, register, settled)
        self.mentions = Mentions(self)

    @property
    def trees(self) -> tuple[Tree, ...]:
        return self.reading.trees

    # ── names ───────────────────────────────────────────────────────────────────────────────────

    def party(self, sentence: int, node: int | None) -> Name | None:
        """A node as somebody: a person, a force, a state; the words as written."""
        if node is None:
            return None
        tree = self.trees[sentence]
        node = tree.named(node)
        whose = tree.first(node, "nmod:poss")
        if whose is not None and tree.lemma(node) in speech_lexicon()["nouns"] and tree.tokens[whose].pos != "PRON":
            node = whose  # "the agency's assessment contradicts him": the agency does
        words = self.reading.words(sentence, counted(tree, tree.phrase(node))).removesuffix("’").removesuffix("'")
        if words.lower() in _THEMSELVES and (said := self.reading.speakers(sentence, node)):
            words = said[-1].who  # "the army says it has retaken the bridge"
        means = self.reading.antecedents.of(sentence, node, words)
        known = self.resolver.actor(means)
        if not known.thing and (tree.tokens[node].pos == "PRON" or definite(self, sentence, node)):
            known = self.mentions.party(sentence, node, words)
        if not known.thing and tree.tokens[node].pos == "PROPN":
            words = self._short.get(short_form(words), means)  # by its full name, so that both are one
        return by_way_of(known, means if words.lower() in ("he", "she") else words, known.thing)

    def is_party(self, sentence: int, node: int) -> bool:
        """Whether a node can act: a name, a pronoun, a word for a force or a group, or what resolves to an actor."""
        tree = self.trees[sentence]
        token = tree.tokens[node]
        if token.pos == "PRON":
            return tree.lemma(node) in _PEOPLE
        if token.pos == "PROPN" or tree.lemma(node) in listed("parties", "groups"):
            return not token.entity.endswith("TIM")
        if token.entity and not token.entity.endswith("TIM"):
            return True
        marks = tree.all(node, "amod", "compound")  # "Kurdish peshmerga": a people before a noun
        if any(tree.tokens[m].entity.endswith(("GPE", "ORG")) for m in marks):
            return True
        of = tree.oblique(node, "of")
        if of is not None and token.pos in ("NOUN", "NUM", "ADJ", "DET") and self.is_party(sentence, of):
            return True
        return token.text[0].isupper() and bool(self.register.plain.actor(token.text).thing)  # "U.N.-backed"

    def is_place(self, sentence: int, node: int) -> bool:
        """Whether a node names or describes somewhere: an entity, a known place, or a word like "district"."""
        tree = self.trees[sentence]
        token = tree.tokens[node]
        if tree.lemma(node) in listed("places", "nouns"):
            return not token.entity.endswith(("PER", "ORG"))
        if tree.lemma(node) in listed("places", "parts") or token.pos == "NUM":
            of = tree.oblique(node, "of")
            return of is not None and self.is_place(sentence, of)
        return self.names_place(sentence, node)

    def names_place(self, sentence: int, node: int) -> bool:
        """Whether a node is a place's name: for the encoder, or for the register where the encoder thinks otherwise."""
        tree = self.trees[sentence]
        token = tree.tokens[node]
        if token.pos != "PROPN" or any(m.first <= node < m.last for m in self.reading.dates(sentence)):
            return False
        words = self.reading.words(sentence, tree.phrase(node))
        if self.register.actors.stands_at(words):
            return tree.case(node) in _BESIDE  # "outside the Pentagon"; "the Pentagon said"
        known = self.resolver.place(words)
        if token.entity[2:] in PLACES:
            return bool(known.thing) or not self.resolver.actor(words).thing
        if token.entity.endswith("ORG") and tree.lemma(node).lower() in table("places", "means"):
            return True  # "Arghandab District"
        if token.entity.endswith(("PER", "ORG", "GPE")):
            return self._well_known(words) or (tree.case(node) in _WITHIN and self._nobody(words))
        return known.sure >= PERHAPS

    def names_town(self, sentence: int, node: int) -> bool:
        """Whether a node is the name of a place, or "the town of …", and of no country, which is a party besides."""
        tree = self.trees[sentence]
        if tree.tokens[node].pos == "NOUN" and self.is_place(sentence, node):
            of = tree.oblique(node, "of")
            return of is not None and self.names_town(sentence, of)
        if not self.names_place(sentence, node):
            return False
        place = self.place(sentence, node)
        thing = self.register.thing(place.thing) if place is not None else None
        return thing is None or thing.type != "country"

    def _well_known(self, words: str) -> bool:
        """Whether words the encoder takes for somebody are a big enough place that bears nobody's name.

        Asked without the report's context: whether a word is a name must not hang on what is said later.
        """
        known = self.register.plain.place(words)
        thing = self.register.thing(known.thing) if known.sure >= SURELY else None
        somebody = self.register.plain.actor(words)
        if thing is None or (somebody.thing and thing.type != "country" and not somebody.thing.endswith("-government")):
            return False
        return thing.type != "settlement" or thing.population >= LARGE or bool(thing.capital_of)

    def _nobody(self, words: str) -> bool:
        """Whether words are the name of a place, whatever its size, and of no one."""
        return self.register.plain.place(words).sure >= SURELY and not self.register.plain.actor(words).thing

    def place(self, sentence: int, node: int | None) -> Name | None:
        if node is None:
            return None
        tree = self.trees[sentence]
        phrase = self._named_place(tree, node)
        words = self.reading.words(sentence, phrase)
        seat = tree.lemma(node) == "capital" and any(tree.tokens[n].entity for n in phrase)  # "the Iraqi capital"
        if not seat and all(tree.tokens[n].pos != "PROPN" for n in phrase):
            return self.mentions.place(sentence, node, words) if definite(self, sentence, node) else Name(words)
        named = self.resolver.place(words)
        of = tree.oblique(node, "of")
        own = any(tree.tokens[n].pos == "PROPN" for n in phrase if n < node)  # "the Nad Ali district of Helmand"
        if of in phrase and node > phrase[0] and not own and tree.lemma(node) in listed("places", "nouns"):
            words = self.reading.words(sentence, tuple(n for n in phrase if n >= node))  # "the northern city of Kunduz"
        return replace(named, words=words)

    @staticmethod
    def _named_place(tree: Tree, node: int) -> tuple[int, ...]:
        """The words that name a place; of "Houthi-controlled Sanaa" only the name."""
        held = [c for c in tree.all(node, "amod") if c < node and tree.first(c, "obl:unmarked", "compound") is not None]
        return tuple(n for n in tree.phrase(node) if not held or n > held[-1])

    def of_a_speaker(self, sentence: int, node: int) -> bool:
        """ "officials in the capital said", "Kabul said": whether a place is where speakers sit, or who they are."""
        tree = self.trees[sentence]
        made = [a for a in self.reading.covering(sentence) if a.sentence == sentence]
        heads, cues = {a.head for a in made}, {a.cue for a in made}
        return tree.tokens[node].head in cues or not heads.isdisjoint((node, *tree.above(node)))

    # ── what the words evoke ────────────────────────────────────────────────────────────────────

    def told(self, lexicon: str) -> Iterator[tuple[int, Evoked]]:
        """Every frame evoked by words that are told as having happened, with the sentence it stands in."""
        for sentence, found in self.evoked(lexicon):
            if self.reading.mood(sentence, found.trigger) == "told":
                yield sentence, found

    def evoked(self, lexicon: str) -> Iterator[tuple[int, Evoked]]:
        """Every frame evoked, whatever the mood."""
        for sentence, tree in enumerate(self.trees):
            for found in evoked(tree, lexicon):
                yield sentence, found

    # ── assertions ──────────────────────────────────────────────────────────────────────────────

    def _trimmed(self, sentence: int, nodes: set[int]) -> list[int]:
        """Without the punctuation at either end."""
        tokens, kept = self.trees[sentence].tokens, sorted(nodes)
        while len(kept) > 1 and tokens[kept[0]].pos == "PUNCT":
            kept.pop(0)
        while len(kept) > 1 and tokens[kept[-1]].pos == "PUNCT":
            kept.pop()
        return kept

    @cached_property
    def publisher(self) -> Voice:
        return Voice(self.document.source, thing=_surely(self.resolver.actor(self.document.source)))

    def voices(self, sentence: int, node: int, *, denied: bool = False) -> tuple[Voice, ...]:
        """The chain at a word, the publisher first; what is said not to be so, its innermost voice denies."""
        speakers = self.reading.speakers(sentence, node)
        chain = [Voice(s.who, _surely(self.resolver.actor(s.means)), s.cue, s.denies) for s in speakers]
        chain = [self.publisher, *chain]
        if denied:
            last = chain[-1]
            chain[-1] = Voice(last.who, last.thing, last.cue, not last.denies)
        return tuple(chain)

    def asserts(self, content: AnyContent, sentence: int, trigger: int, nodes: Iterable[int], *,
                voice: int | None = None, deniable: bool = True, weighed: bool = True,
                granted: bool = False) -> Assertion:  # fmt: skip
        """What is said at a trigger word, quoting from the first to the last of these nodes.

        `voice` is a speaker the trigger itself names ("the ministry blamed rebels"): it stands innermost.
        What is not `weighed` nobody showed the network: it is as sure as the words. What is `granted` nobody denies:
        who denies something about it does not speak of it.
        """
        start, end = self.trees[sentence].extent(self._trimmed(sentence, {trigger, *nodes}))
        denied = deniable and self.reading.negated(sentence, trigger)
        voices = self.voices(sentence, trigger, denied=denied)
        if granted:
            voices = (replace(voices[0], denies=False), *(voice for voice in voices[1:] if not voice.denies))
        speaker = self.party(sentence, voice) if not denied else None  # "no group has claimed it": nobody speaks
        if speaker is not None and speaker.words != voices[-1].who:
            voices = (*voices, Voice(speaker.words, _surely(speaker), self.trees[sentence].lemma(trigger)))
        period, hedge = self.reading.period(sentence, trigger), self.reading.hedge(sentence, trigger)
        sure = chance(self.trees[sentence], kind(content), start, end) if weighed else 1.0
        return Assertion(content, voices, period, Quote(self.document.id, start, end), hedge, sure)


def counted(tree: Tree, phrase: tuple[int, ...]) -> tuple[int, ...]:
    """A phrase from its number on, without "at least" or "more than"."""
    number = next((n for n in phrase if tree.tokens[n].pos == "NUM"), phrase[0])
    about = all(tree.lemma(n) in listed("parties", "about") for n in phrase if n < number)
    return tuple(n for n in phrase if n >= number) if about else phrase


def _surely(name: Name) -> str:
    """Whom a voice is: it cannot say how sure that is, so nobody when the name is only spelt like one we know."""
    return name.thing if name.sure > SPELT_ALIKE else ""
