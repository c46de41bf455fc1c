"""The trees of spaCy's English pipelines (ClearNLP) turned into those of Universal Dependencies.

Most labels have another name only. Three structures differ: UD hangs a preposition on its noun, the verb "be" on what
is predicated, and the words between conjuncts on the one that follows.
"""

from __future__ import annotations

from collections.abc import Sequence

_NAMES = {
    "ROOT": "root", "nsubjpass": "nsubj:pass", "csubjpass": "csubj:pass", "dobj": "obj", "dative": "iobj",
    "auxpass": "aux:pass", "neg": "advmod", "quantmod": "advmod", "npadvmod": "obl:unmarked", "predet": "det:predet",
    "poss": "nmod:poss", "prt": "compound:prt", "relcl": "acl:relcl", "preconj": "cc:preconj", "intj": "discourse",
    "meta": "dep", "acomp": "xcomp", "attr": "xcomp", "oprd": "xcomp", "pcomp": "advcl", "pobj": "obl",
    "prep": "advmod", "agent": "advmod",
}  # fmt: skip
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "SYM"})
_VERBAL = frozenset({"VERB", "AUX"})
_BE = frozenset({"be", "is", "are", "am", "was", "were", "been", "being", "'s", "’s", "'re", "’re", "'m", "’m"})


def universal(
    words: Sequence[str], parts: Sequence[str], heads: Sequence[int], labels: Sequence[str]
) -> tuple[list[int], list[str]]:
    """Heads (-1 for a root) and labels in UD; `parts` are universal parts of speech. What was a tree stays one."""
    tree = _Tree([word.lower() for word in words], parts, list(heads), list(labels))
    tree.turn_conjunctions()
    upward = tree.upward()
    for node in upward:
        tree.turn_preposition(node)
    for node in upward:
        tree.turn_copula(node)
    return tree.heads, [tree.named(node) for node in range(len(words))]


class _Tree:
    def __init__(self, words: list[str], parts: Sequence[str], heads: list[int], labels: list[str]) -> None:
        self.words, self.parts, self.heads, self.labels = words, parts, heads, labels
        self.children: list[set[int]] = [set() for _ in words]
        for node, head in enumerate(heads):
            if head >= 0:
                self.children[head].add(node)

    def below(self, node: int, *labels: str) -> list[int]:
        """The children of a node that have one of these labels, in order."""
        return sorted(c for c in self.children[node] if self.labels[c] in labels)

    def upward(self) -> list[int]:
        """All nodes, each before its head."""
        order = [node for node, head in enumerate(self.heads) if head < 0]
        for node in order:  # it grows as it is walked
            order += self.children[node]
        return order[::-1]

    def hang(self, node: int, head: int) -> None:
        if self.heads[node] >= 0:
            self.children[self.heads[node]].remove(node)
        if head >= 0:
            self.children[head].add(node)
        self.heads[node] = head

    def lift(self, lower: int, upper: int) -> None:
        """Let a child take its head's place and have the head and its other children below it."""
        for child in list(self.children[lower]):
            self.hang(child, upper if child != upper else self.heads[lower])
        self.hang(lower, upper)

    def turn_conjunctions(self) -> None:
        """ "a, b and c": b and c hang on a, "," on b, "and" on c."""
        for node, head in enumerate(list(self.heads)):
            if head >= 0 and (self.labels[node] == "cc" or (self.labels[node] == "punct" and node > head)):
                self.hang(node, next((c for c in self.below(head, "conj") if c > max(node, head)), head))
        for node in range(len(self.heads)):
            while self.labels[node] == "conj" and (head := self.heads[node]) >= 0 and self.labels[head] == "conj":
                self.hang(node, self.heads[head])

    def turn_preposition(self, node: int) -> None:
        """Put the object of a preposition into its place, the preposition below it."""
        for below in self.below(node, "pobj", "pcomp")[:1]:
            clause = self.labels[below] == "pcomp" and self.parts[below] in _VERBAL
            self.lift(node, below)
            role, self.labels[node] = self.labels[node], "mark" if clause else "case"
            self.labels[below] = self._role(below, clause, role) if role in ("prep", "agent", "dative") else role

    def _role(self, node: int, clause: bool, role: str) -> str:
        head = self.heads[node]
        if head >= 0 and self.labels[head] in ("prep", "agent") and self.below(head, "pobj", "pcomp") == [node]:
            return "pcomp" if clause else "pobj"  # of two prepositions: "out of the town"
        nominal = head >= 0 and self.parts[head] in _NOMINAL
        if clause:
            return "acl" if nominal else "advcl"
        return "obl:agent" if role == "agent" else "nmod" if nominal else "obl"

    def turn_copula(self, node: int) -> None:
        """Put what is predicated into the place of "be", which then hangs on it; "there is …" has a subject instead."""
        if self.words[node] not in _BE or self.labels[node] in ("aux", "auxpass", "cop"):
            return
        said = self.below(node, "attr", "acomp")
        if self.below(node, "expl"):
            for below in said:
                self.labels[below] = "nsubj"
            return
        if not said and self.below(node, "nsubj"):
            said = [c for c in self.below(node, "obl") if c > node]
        if said:
            self.lift(node, said[0])
            self.labels[said[0]], self.labels[node] = self.labels[node], "cop"

    def named(self, node: int) -> str:
        label = self.labels[node]
        return "mark" if label == "aux" and self.parts[node] == "PART" else _NAMES.get(label, label)
