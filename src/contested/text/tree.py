"""A sentence as a tree: who depends on whom, and which words a node stands for (Universal Dependencies)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from contested.text.sentences import Sentence, Token

# What hangs on a noun without being part of what it is called.
_NOT_NAMING = frozenset({"acl", "acl:relcl", "appos", "parataxis", "conj", "cc", "punct", "case", "advcl", "ccomp",
                         "discourse", "dep", "cop", "nsubj", "mark", "orphan", "list", "csubj", "obl"})  # fmt: skip
_NAMING_CASES = frozenset({"of", "for", "'s", "’s", "'", "’", ""})
_CLAUSAL = frozenset({"root", "ccomp", "advcl", "acl", "parataxis", "csubj", "xcomp", "dep", "list", "conj"})
_MODALS = frozenset(
    {"may", "might", "could", "will", "would", "should", "must", "can", "shall", "'ll", "wo", "ca", "’ll"}
)
_ROUGHLY = frozenset({"mostly", "mainly", "largely", "partly", "predominantly", "chiefly", "still", "also", "now"})
_RELATIVE = frozenset({"who", "which", "that", "whom"})
_ANSWERS = frozenset({
    "accuse", "arrest", "blame", "censure", "condemn", "criticise", "criticize", "denounce", "detain", "fault",
    "indict", "jail", "praise", "prosecute", "punish", "rebuke", "thank", "try",
})  # fmt: skip


class Tree:
    """Navigation over one tagged sentence; nodes are token indices."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.tokens: tuple[Token, ...] = sentence.tokens
        self._labels = [token.label.partition(":")[0] for token in sentence.tokens]
        self.lemmas = [token.lemma.lower() for token in sentence.tokens]
        self._phrases: dict[int, tuple[int, ...]] = {}

    @cached_property
    def tells(self) -> dict[str, dict[int, float]]:
        """For every kind that some word tells, or sort of a kind, the words and their chances."""
        found: dict[str, dict[int, float]] = {}
        for node, token in enumerate(self.tokens):
            for name, told in token.tells or ():
                found.setdefault(name, {})[node] = told
        return found

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        found: list[list[int]] = [[] for _ in self.tokens]
        for index, token in enumerate(self.tokens):
            if token.head >= 0:
                found[token.head].append(index)
        return tuple(map(tuple, found))

    @cached_property
    def clause(self) -> tuple[int, ...]:
        """For every token the head of the clause it belongs to."""
        heads = {i for i in range(len(self.tokens)) if self._heads_clause(i)}
        return tuple(next((n for n in (i, *self.above(i)) if n in heads), i) for i in range(len(self.tokens)))

    def _heads_clause(self, node: int) -> bool:
        token = self.tokens[node]
        predicate = token.pos == "VERB" or self.first(node, "nsubj", "cop") is not None
        return token.head < 0 or (predicate and self.label(node) in _CLAUSAL)

    def label(self, node: int) -> str:
        """The dependency label without its subtype."""
        return self._labels[node]

    def lemma(self, node: int) -> str:
        return self.lemmas[node]

    def all(self, node: int, *labels: str) -> list[int]:
        """Children by label; "nsubj" takes its subtypes too, "nsubj:pass" only itself."""
        below = self.children[node]
        return [c for c in below if self._labels[c] in labels or self.tokens[c].label in labels] if below else []

    def first(self, node: int, *labels: str) -> int | None:
        below = (c for c in self.children[node] if self._labels[c] in labels or self.tokens[c].label in labels)
        return next(below, None)

    def under(self, node: int) -> set[int]:
        """The node and everything below it."""
        found, todo = {node}, [node]
        while todo:
            for child in self.children[todo.pop()]:
                if child not in found:
                    found.add(child)
                    todo.append(child)
        return found

    def above(self, node: int) -> list[int]:
        """Ancestors, nearest first."""
        found: list[int] = []
        while (node := self.tokens[node].head) >= 0 and node not in found:
            found.append(node)
        return found

    def case(self, node: int) -> str:
        """The preposition or marker of a node, several words joined: "in front of"."""
        marks = [m for m in self.all(node, "case", "mark") if m < node]
        words = [w for mark in marks for w in sorted({mark, *self.all(mark, "fixed")})]
        return " ".join(self.lemma(w) for w in words)

    def oblique(self, node: int, *cases: str) -> int | None:
        """The first dependent noun introduced by one of these prepositions (any when none is given)."""
        return next(iter(self.obliques(node, *cases)), None)

    def obliques(self, node: int, *cases: str) -> list[int]:
        return [c for c in self.all(node, "obl", "nmod") if not cases or self.case(c) in cases]

    def conjuncts(self, node: int) -> list[int]:
        """The node and the nouns joined to it by "and", "or", a comma."""
        return [node, *(c for c in self.all(node, "conj") if self.tokens[c].pos not in ("VERB", "AUX"))]

    def phrase(self, node: int) -> tuple[int, ...]:
        """The words that name a node: an unbroken run without articles, relative clauses, appositions or conjuncts."""
        if node not in self._phrases:
            self._phrases[node] = self._phrase(node)
        return self._phrases[node]

    def _phrase(self, node: int) -> tuple[int, ...]:
        naming = {node}
        for child in self.children[node]:
            if self._names(node, child):
                naming |= self._naming_under(child)
        first = last = node
        while first - 1 in naming or (first - 2 in naming and self.tokens[first - 1].text in "-–/"):
            first -= 1
        while last + 1 in naming or (last + 2 in naming and self.tokens[last + 1].text in "-–/"):
            last += 1
        while last + 1 < len(self.tokens) and self._goes_on(node, last + 1):
            last += 1
        while first > 0 and self._goes_on(node, first - 1):
            first -= 1
        while first < node and (
            self.tokens[first].pos == "DET"
            or (self.tokens[first].pos == "ADV" and not self._qualifies(first))
            or self.tokens[first].entity.endswith("TIM")
            or self.tokens[first].text in "“”\"'‘’,-"
        ):
            first += 1
        while last > node and self.tokens[last].entity.endswith("TIM"):
            last -= 1
        return tuple(range(first, last + 1))

    def _qualifies(self, adverb: int) -> bool:
        """ "heavily armed men": whether an adverb belongs to an adjective, which without it would say less."""
        head = self.tokens[adverb].head
        return (
            self.lemma(adverb) not in _ROUGHLY
            and head == adverb + 1
            and self.label(head) == "amod"
            and self.tokens[head].pos in ("ADJ", "VERB")
        )

    def _goes_on(self, node: int, word: int) -> bool:
        """Whether a name goes on with this word beside it, whatever the grammar says of it."""
        token = self.tokens[word]
        return (word > node and token.entity.startswith("I-")) or (
            token.pos == self.tokens[node].pos == "PROPN"
            and token.head in (node, self.tokens[node].head)
            and not self.children[word]
        )

    def _names(self, node: int, child: int) -> bool:
        token = self.tokens[child]
        if self.label(child) in _NOT_NAMING or token.label in _NOT_NAMING:
            return False
        if token.label in ("nmod:tmod", "nmod:unmarked"):
            return False
        if token.label == "amod" and child > node and self.obliques(child):
            return False  # "forces loyal to the president"
        return self.label(child) != "nmod" or self.case(child) in _NAMING_CASES

    def _naming_under(self, child: int) -> set[int]:
        apart = ("acl", "appos", "parataxis", "advcl", "conj", "cc", "punct")
        below = self.under(child)
        return below.difference(*(self.under(c) for c in below if self.label(c) in apart))

    def words(self, nodes: Iterable[int], text: str) -> str:
        """The report's own words from the first to the last of these nodes."""
        start, end = self.extent(nodes)
        return text[start:end]

    def extent(self, nodes: Iterable[int]) -> tuple[int, int]:
        listed = list(nodes)
        return self.tokens[min(listed)].start, self.tokens[max(listed)].end

    def modal(self, verb: int) -> str:
        """The modal auxiliary of a predicate, or of the verb it is joined to; "" when it has none."""
        at = verb
        for _ in range(3):
            for child in self.all(at, "aux"):
                if self.lemma(child) in _MODALS:
                    return self.lemma(child)
            joined = self.label(at) in ("conj", "xcomp") and self.tokens[at].head >= 0
            if not joined or self.first(at, "nsubj", "aux") is not None:
                return ""
            at = self.tokens[at].head
        return ""

    def named(self, node: int) -> int:
        """The name beside a description: in "the governor, A. B." the person, else the node itself."""
        if self.tokens[node].pos == "PROPN":
            return node
        beside = self.all(node, "appos", "flat", "nmod:desc")
        if self.tokens[node].head >= 0:  # "engineers A. B. and C. D.": two subjects side by side are one
            beside += [c for c in self.all(self.tokens[node].head, self.tokens[node].label) if c == node + 1]
        return next((c for c in beside if c > node and self.tokens[c].entity.endswith("PER")), node)

    # ── who does what to whom ───────────────────────────────────────────────────────────────────

    def passive(self, verb: int) -> bool:
        """Whether a verb is in the passive: "was taken", or a bare participle, "the town taken by rebels"."""
        token = self.tokens[verb]
        if token.pos not in ("VERB", "ADJ") or not _past_participle(token):
            return False
        helpers = {self.lemma(c) for c in self.all(verb, "aux", "cop") if c < verb}
        suffers = self.first(verb, "nsubj:pass") is not None and self.first(verb, "obl:agent") is not None
        if suffers or helpers & {"be", "get"}:
            return True
        joined = token.label == "conj" and token.head >= 0 and self.first(verb, "nsubj", "aux") is None
        bare = token.label in ("acl", "advcl", "amod", "xcomp") or (joined and self.passive(token.head))
        return bare and self.first(verb, "obj", "aux", "nsubj", "mark") is None

    def subject(self, node: int) -> int | None:
        """Of whom a predicate is said, also where that hangs on the word above: "is believed to be a member"."""
        own = next((c for c in self.all(node, "nsubj") if self.tokens[c].label != "nsubj:outer"), None)
        return self._antecedent(node, own) if own is not None else self._shared_subject(node)

    def agent(self, verb: int) -> int | None:
        """Who does it: the subject, the "by" of a passive, or the doer shared with a neighbouring verb."""
        if self.passive(verb):
            by = self.first(verb, "obl:agent") or self.oblique(verb, "by")
            return None if by is None or self.tokens[by].entity.endswith("TIM") or self.tokens[by].pos == "NUM" else by
        return self.subject(verb)

    def patient(self, verb: int) -> int | None:
        """To whom or what it is done: the object, or the subject of a passive."""
        if self.passive(verb):
            subject = self.first(verb, "nsubj:pass", "nsubj")
            if subject is not None:
                return self._antecedent(verb, subject)
            head, label = self.tokens[verb].head, self.label(verb)
            if label == "xcomp":
                caused = self.first(head, "obj")  # "had the group added to the list", "remained surrounded"
                return self.first(head, "nsubj") if caused is None else caused
            return head if label in ("acl", "amod") else self.patient(head) if label == "conj" else None
        own = self.first(verb, "obj")
        own = self.first(verb, "iobj") if own is None else own
        if own is None:  # two subjects round an active verb: the second is what it acts on
            own = next((s for s in self.all(verb, "nsubj")[1:] if s > verb), None)
        return self._antecedent(verb, own) if own is not None else self._shared_object(verb)

    def _antecedent(self, verb: int, node: int) -> int:
        """A relative pronoun stands for the noun its clause hangs on."""
        while self.tokens[verb].label == "conj" and self.tokens[verb].head >= 0:
            verb = self.tokens[verb].head
        relative = self.tokens[verb].label == "acl:relcl" and self.lemma(node) in _RELATIVE
        return self.tokens[verb].head if relative else node

    def _answers_for(self, verb: int) -> bool:
        """ "Criticized them for shelling the town": whoever is blamed or praised did it."""
        return self.lemma(verb) in _ANSWERS

    def _shared_subject(self, verb: int, depth: int = 0) -> int | None:
        token = self.tokens[verb]
        if token.head < 0 or depth > 4:
            return None
        label = self.label(verb)
        if self.case(verb).startswith("such"):
            return None  # "such as freeing prisoners": whose doing, only the sense tells
        if label == "acl":
            return token.head if token.label == "acl" and self.first(verb, "mark") is None else None
        controlled = label == "xcomp" or (label == "advcl" and self.case(verb) in ("from", "into", "of"))
        controlled = controlled or (label == "advcl" and self.case(verb) == "for" and self._answers_for(token.head))
        if controlled and (control := self.patient(token.head)) is not None:
            return control  # "forced them to leave", "are accused of arming them"
        if label in ("conj", "xcomp", "advcl"):
            subject = self._astray(verb)
            subject = self.first(token.head, "nsubj") if subject is None else subject
            if subject is not None:
                return self._antecedent(token.head, subject)
            return self._shared_subject(token.head, depth + 1)
        return None

    def _astray(self, verb: int) -> int | None:
        """ "…, while forces took the port": a subject between the marker and its verb, hung on the verb above."""
        mark = self.first(verb, "mark")
        if mark is None:
            return None
        return next((s for s in self.all(self.tokens[verb].head, "nsubj") if mark < s < verb), None)

    def _shared_object(self, verb: int) -> int | None:
        """ "seized and held the bridge": the object hangs on either verb."""
        token = self.tokens[verb]
        joined = [c for c in self.all(verb, "conj") if self.tokens[c].pos == "VERB"]
        if joined and (shared := self.first(joined[0], "obj")) is not None and joined[0] - verb <= 2:
            return shared
        if token.label == "conj" and token.head >= 0 and (shared := self.first(token.head, "obj")) is not None:
            return shared if shared > verb else None
        relative = (
            token.label == "acl:relcl" and self.first(verb, "nsubj") is not None and self.tokens[verb].pos == "VERB"
        )
        return token.head if relative and self.lemma(self.first(verb, "nsubj") or 0) not in _RELATIVE else None


def _past_participle(token: Token) -> bool:
    return token.pos in ("VERB", "ADJ") and not token.text.lower().endswith("ing")
