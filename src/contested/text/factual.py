"""Whether a word is told as having happened: not asked, planned, supposed, or only possible."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

from contested.text.tree import Tree

Mood = Literal["told", "possible", "intended", "supposed"]
_UNREAL = {"may": "possible", "might": "possible", "could": "possible", "can": "possible"}


@cache
def _listed(name: str) -> frozenset[str]:
    words = tomllib.loads((files(__package__) / "lexicons" / "moods.toml").read_text(encoding="utf-8"))
    return frozenset(words[name])


def mood(tree: Tree, node: int) -> Mood:
    """How a word is told, by the clauses it stands in, up to the main one or to a word of speech."""
    at: int = tree.clause[node]
    governing = [n for n in tree.above(node) if tree.clause[n] == at or n == at]
    if tree.tokens[node].pos == "NOUN" and any(tree.lemma(n) in _listed("intends") for n in governing):
        return "intended"  # "preparation for an assault"
    if tree.tokens[node].pos == "NOUN" and _presupposed(tree, node, governing):
        return "told"
    for _ in range(6):
        past = any(tree.lemma(a) == "have" for a in tree.all(at, "aux"))  # "may have fled": told, if unsurely
        if (modal := tree.modal(at)) and not past:
            return "possible" if modal in _UNREAL else "intended"
        if any(
            tree.tokens[m].text.lower() == "such" for c in tree.all(at, "case", "mark") for m in (c, *tree.children[c])
        ):
            return "told"  # "such as freeing prisoners"
        if any(tree.lemma(m) in ("if", "unless", "whether", "lest") for m in tree.all(at, "mark")):
            return "supposed"
        head = tree.tokens[at].head
        if head < 0:
            return "told"
        if _infinitive(tree, at) and tree.lemma(head) not in _listed("happens"):
            return "intended"
        if tree.label(at) in ("xcomp", "ccomp") and tree.lemma(head) in _listed("mulls"):
            return "intended"  # "are considering imposing sanctions"
        if tree.label(at) in ("ccomp", "parataxis", "acl:relcl") or tree.tokens[at].label == "acl:relcl":
            return "told"
        at = tree.clause[head]
    return "told"


def _presupposed(tree: Tree, node: int, governing: list[int]) -> bool:
    """ "will investigate the murder of a judge": the murder was, whatever becomes of the rest."""
    verb = next((n for n in governing if tree.tokens[n].pos == "VERB"), None)
    return verb is not None and tree.lemma(verb) in _listed("presupposes")


def _infinitive(tree: Tree, verb: int) -> bool:
    """ "to take the town": intended, unless what governs it says it came about ("managed to take the town")."""
    if any(tree.lemma(m) == "to" and tree.tokens[m].pos == "PART" for m in tree.all(verb, "mark")):
        return True
    return (
        tree.label(verb) == "conj"
        and tree.first(verb, "nsubj", "aux") is None
        and tree.tokens[verb].head >= 0
        and (_infinitive(tree, tree.tokens[verb].head))
    )
