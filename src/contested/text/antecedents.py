"""Whom a speaker's short name or pronoun stands for, inside one report."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from contested.text.tree import Tree

_PERSONAL = frozenset({"he", "she"})
_SUBJECTS = frozenset({"nsubj", "nsubj:pass"})


class Antecedents:
    """The named people of a report, in order, to look back to."""

    def __init__(self, trees: Sequence[Tree], text: str, speakers: Sequence[tuple[int, int]]) -> None:
        """`speakers` are the (sentence, head) of everyone who speaks, in any order."""
        self._speaking = sorted(
            (at, trees[at[0]].words(trees[at[0]].phrase(at[1]), text)) for at in speakers if _person(trees, *at)
        )
        self._named: list[tuple[tuple[int, int], str, bool]] = []  # (place, words, is a subject)
        for number, tree in enumerate(trees):
            for node, token in enumerate(tree.tokens):
                if token.entity.endswith("PER") and token.pos == "PROPN" and not _inner(tree, node):
                    words = tree.words(tree.phrase(node), text)
                    self._named.append(((number, node), words, token.label in _SUBJECTS))
        self._places = [place for place, _, _ in self._named]

    def of(self, sentence: int, node: int, who: str) -> str:
        """The words a speaker stands for: for "he" the last named subject, for a surname the full name met before."""
        before = self._named[: bisect_left(self._places, (sentence, node))]
        if who.lower() in _PERSONAL:
            recent = [n for n in before if n[0][0] >= sentence - 3]
            speaking = self._speaking[: bisect_left(self._speaking, ((sentence, node), ""))][-1:]
            here = [n for n in recent if n[0][0] == sentence]
            near = here or recent
            chosen = next((n for n in reversed(near) if n[2]), near[-1] if near else None)
            if speaking and speaking[0][0][0] >= sentence - 1 and (chosen is None or speaking[0][0] > chosen[0]):
                return speaking[0][1]
            return self._full(chosen[1], before) if chosen else who
        return self._full(who, before)

    @staticmethod
    def _full(who: str, before: Sequence[tuple[tuple[int, int], str, bool]]) -> str:
        if " " in who or not who[:1].isupper():
            return who
        return next((words for _, words, _ in before if who in words.split() and " " in words), who)


def _person(trees: Sequence[Tree], sentence: int, node: int) -> bool:
    token = trees[sentence].tokens[node]
    return token.pos in ("NOUN", "PROPN") and not token.entity.endswith(("ORG", "GPE", "LOC"))


def _inner(tree: Tree, node: int) -> bool:
    """Whether the node is only a part of a longer name or title."""
    return tree.label(node) in ("flat", "compound")
