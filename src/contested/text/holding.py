"""The constructions by which a sentence gives somebody a statement, a thought or a wish.

Each gives three sets of nodes: the source's whole phrase, the cue's group and the content. The words are in
lexicons/attitudes.toml, by what follows them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from contested.text.tree import Tree

Parts = tuple[set[int], set[int], set[int]]
_PREPOSITIONS = ("about", "of", "for", "on", "to", "in", "against", "as", "with")
_MARKS = frozenset({",", ":", ";", "-", "–", "—", ".", "--", "?", "!"})
_RELATIVE = frozenset({"who", "which", "that", "whose"})
_IMPERSONAL = frozenset({"it", "there", "which", "that", "this", "what"})
_OF_ADJECTIVES = frozenset({"of", "about", "with", "at", "to", "in", "for"})
_OF_NOUNS = frozenset({"of", "about", "for", "on", "against", "over"})
_OF_OBJECTS = frozenset({"of", "for", "as", "with", "to", "into", "that"})
_ASKING = frozenset({"when", "where", "how", "why", "whether", "if"})


@cache
def lexicon() -> dict[str, frozenset[str]]:
    listed = tomllib.loads((files(__package__) / "lexicons" / "attitudes.toml").read_text(encoding="utf-8"))
    return {name: frozenset(words) for name, words in listed.items()}


def held(tree: Tree) -> Iterator[Parts]:
    """The attributions that one sentence makes by its own grammar."""
    words = lexicon()
    for cue, token in enumerate(tree.tokens):
        lemma, made = tree.lemma(cue), None
        felt = token.text.lower() in words["adjectives"] and tree.passive(cue)
        if felt or (token.pos in ("ADJ", "ADV", "NOUN") and lemma in words["adjectives"]):
            made = _by_adjective(tree, cue)
        if made is None and token.pos == "VERB" and lemma in words["moving"] and not tree.passive(cue):
            made = _moved(tree, cue)
        if made is None and token.pos in ("VERB", "AUX"):
            made = _by_verb(tree, cue)
        if made is None and lemma in words["phrases"]:
            made = _according(tree, cue)
        if made is None and token.pos == "NOUN" and lemma in words["nouns"]:
            made = _by_noun(tree, cue)
        if made is None and token.pos == "NOUN" and lemma in words["partisans"]:
            made = _by_partisan(tree, cue)
        if made is None and lemma in words["adverbs"] and token.head >= 0:
            made = set(), {cue}, tree.under(token.head) - {cue}
        if made is None and token.text.lower() in words["so_called"] and token.label == "amod":
            made = set(), {cue}, {n for n in tree.under(token.head) if n > cue}
        if made is not None and made[2]:
            yield made


def said_by(tree: Tree, cue: int) -> tuple[set[int], set[int]]:
    """Source and cue of a verb whose content stands elsewhere."""
    return _source(tree, cue, set()), _group(tree, cue)


def _by_verb(tree: Tree, cue: int) -> Parts | None:
    above, raised = tree.tokens[cue].head, False
    if tree.case(cue) == "to" and tree.label(cue) in ("advcl", "acl", "xcomp", "csubj"):
        near = 0 < min(tree.under(cue)) - above <= 2  # "went on to explain", not "went to the square to explain"
        raised = near and tree.label(cue) in ("xcomp", "advcl") and tree.lemma(above) in lexicon()["raising"]
        if not raised:
            return None  # "to tell whether …": nobody is said to have told
    content = _content(tree, cue)
    if not content:
        return None
    group = _group(tree, cue)
    if raised:  # "appeared to blame"
        group = {*_group(tree, above), *range(above, max(group) + 1)}
    group |= _preposition(tree, max(group), content)
    source = _source(tree, cue, content) or _heard(tree) - content
    return source, group, _trim(tree, content - group - source)


def _content(tree: Tree, cue: int) -> set[int]:
    """What is said or thought: a clause, direct speech, an infinitive, an object, a phrase with its preposition."""
    words, lemma = lexicon(), tree.lemma(cue)
    particle = tree.first(cue, "compound:prt")
    if particle is not None and f"{lemma} {tree.lemma(particle)}" in words["phrasal"]:
        below = tree.all(cue, "obj", "ccomp", "nsubj:pass")
        return _all_under(tree, below or [c for c in tree.all(cue, "obl", "advcl", "xcomp") if c > cue])
    below = _clauses(tree, cue)
    if lemma in words["infinitive"]:
        below += tree.all(cue, "xcomp")
    if not below and tree.label(cue) == "parataxis" and lemma in words["speech"]:
        return _interrupted(tree, cue)
    if _as_they_said(tree, cue):
        return tree.under(tree.tokens[cue].head) - tree.under(cue)
    asked = [preposition for preposition in _PREPOSITIONS if lemma in words[preposition]]
    below += [c for c in tree.all(cue, "obl", "advcl", "nmod") if tree.case(c).partition(" ")[0] in asked]
    if lemma in words["object"] and not any(tree.label(c) == "ccomp" for c in below):
        below += _objects(tree, cue)
    return _all_under(tree, below)


def _clauses(tree: Tree, cue: int) -> list[int]:
    """Clauses below the cue, but of verbs that bring things about; direct speech below verbs of saying."""
    words, lemma = lexicon(), tree.lemma(cue)
    if lemma not in words["clause"] and (lemma in words["factive"] or tree.first(cue, "obj") is not None):
        return []
    below = tree.all(cue, "ccomp")
    if not below:  # "has not said when …", "mentioned leaving the town"
        below = [c for c in tree.all(cue, "advcl") if c > cue and _asked_after(tree, c, cue)]
    if lemma in words["speech"]:
        below += [c for c in tree.all(cue, "parataxis") if c > cue and tree.tokens[c].pos != "X"]
    return below


def _asked_after(tree: Tree, clause: int, cue: int) -> bool:
    opens = min(tree.under(clause))
    named = opens == clause and tree.tokens[clause].text.endswith("ing")
    return opens - cue <= 2 and (named or tree.lemma(opens) in _ASKING)


def _interrupted(tree: Tree, cue: int) -> set[int]:
    """ "The town fell, police said": the clause above, as far as it stands on the side of its head."""
    own, head = tree.under(cue), tree.tokens[cue].head
    whole = tree.under(head) - own
    return {n for n in whole if n < min(own)} if head < cue else whole


def _objects(tree: Tree, cue: int) -> list[int]:
    """The object with what is said of it, "the group of arson"; in the passive the subject."""
    if tree.passive(cue):
        return [c for c in tree.all(cue, "nsubj:pass", "xcomp", "advcl") if tree.label(c) != "advcl" or c > cue]
    found = tree.all(cue, "obj")
    more = [c for c in tree.all(cue, "xcomp", "obl", "advcl") if found and c > found[0]]
    return [*found, *(c for c in more if tree.label(c) == "xcomp" or tree.case(c) in _OF_OBJECTS)]


def _as_they_said(tree: Tree, cue: int) -> bool:
    """ "as he said", "as officials put it"."""
    mark = tree.first(cue, "mark", "advmod")
    if tree.label(cue) != "advcl" or mark is None or tree.lemma(mark) != "as" or tree.tokens[cue].head < 0:
        return False
    put = tree.lemma(cue) in ("put", "have") and any(tree.lemma(c) == "it" for c in tree.all(cue, "obj"))
    return put or (tree.lemma(cue) in lexicon()["clause"] and tree.first(cue, "ccomp", "obj") is None)


def _group(tree: Tree, cue: int) -> set[int]:
    """The cue with its auxiliaries, negation, particle and the adverbs between."""
    group = {cue}
    for child in tree.children[cue]:
        near = tree.label(child) in ("aux", "cop") or tree.tokens[child].label == "compound:prt"
        if near or (tree.label(child) == "advmod" and not tree.children[child] and abs(child - cue) <= 3):
            group.add(child)
    between = range(min(group), max(group) + 1)
    return {n for n in between if n in group or (n < cue and tree.tokens[n].pos in ("ADV", "PART"))}


def _preposition(tree: Tree, last: int, content: set[int]) -> set[int]:
    """The preposition that a cue asks for and its content opens with: "accused of", "called for"."""
    after = last + 1
    if after not in content or tree.lemma(after) not in (*_PREPOSITIONS, "at"):
        return set()
    introduces = tree.label(after) == "case" or (tree.label(after) == "mark" and tree.lemma(after) != "to")
    return {after} if introduces else set()


def _source(tree: Tree, cue: int, content: set[int]) -> set[int]:
    """The whole phrase of whoever speaks or thinks; "who" and "which" speak for themselves."""
    doer, own = tree.agent(cue), tree.first(cue, "nsubj")
    if doer is not None and own is not None and tree.lemma(own) in _RELATIVE and not tree.passive(cue):
        doer = own
    if doer is None or doer in content or (tree.passive(cue) and _impersonal(tree, doer)):
        return set()
    return _whole(tree, doer, cue)


def _heard(tree: Tree) -> set[int]:
    """What the encoder hears as a source."""
    return {n for n, token in enumerate(tree.tokens) if token.speech == "source"}


def _impersonal(tree: Tree, node: int) -> bool:
    return tree.lemma(node) in _IMPERSONAL and tree.tokens[node].pos == "PRON"


def _whole(tree: Tree, noun: int, without: int) -> set[int]:
    """A noun with all that hangs on it, but not the clause it is asked for, nor its own preposition."""
    kept = tree.under(noun)
    if without in kept:
        above = tree.above(without)
        for node in [without, *above[: above.index(noun)]]:
            kept -= tree.under(node)
    for child in tree.children[noun]:
        introduces = tree.label(child) == "case" and tree.lemma(child) not in ("'s", "’s")
        if introduces or tree.label(child) in ("parataxis", "cop", "nsubj", "advcl", "mark"):
            kept -= tree.under(child)
    return _trim(tree, kept)


def _by_adjective(tree: Tree, cue: int) -> Parts | None:
    """ "officials are confident that …", "critical of the plan"."""
    thinker = tree.first(cue, "nsubj")
    if thinker is None or _impersonal(tree, thinker):
        return None
    below = [c for c in tree.all(cue, "ccomp", "xcomp") if c > cue]
    below += [c for c in tree.all(cue, "obl") if c > cue and tree.case(c) in _OF_ADJECTIVES]
    below += [c for c in tree.all(cue, "advcl") if c > cue and tree.case(c) in ("", "that", "to", "about", "of")]
    group, content = _group(tree, cue), _all_under(tree, below)
    return _whole(tree, thinker, cue), group | _preposition(tree, max(group), content), content


def _moved(tree: Tree, cue: int) -> Parts | None:
    """ "the ruling angered farmers": who is moved is whose feeling it is."""
    mover, moved = tree.first(cue, "nsubj"), tree.first(cue, "obj")
    if mover is None or moved is None:
        return None
    return _whole(tree, moved, cue), _group(tree, cue), _whole(tree, mover, cue)


def _according(tree: Tree, cue: int) -> Parts | None:
    """ "according to X", "per X": all of the clause but the phrase itself."""
    token = tree.tokens[cue]
    inside = token.label in ("case", "fixed")
    if tree.lemma(cue) == "per" and (token.label != "case" or tree.label(token.head) != "obl"):
        return None  # "ten dollars per barrel"
    source = token.head if inside else tree.oblique(cue) or tree.first(cue, "obj")
    top = source if inside else cue
    if source is None or top is None or tree.tokens[top].head < 0:
        return None
    cues = {cue} | {n for n in range(cue + 1, min(cue + 2, len(tree.tokens))) if tree.lemma(n) == "to"}
    own, clause = tree.under(top), tree.clause[tree.tokens[top].head]
    return _trim(tree, own - cues), cues, _trim(tree, tree.under(clause) - own)


def _by_noun(tree: Tree, cue: int) -> Parts | None:
    """ "the group's claim that …", "fears among officials of an attack", "voiced their opposition to"."""
    clausal = [c for c in tree.all(cue, "acl", "ccomp") if tree.tokens[c].label != "acl:relcl" and c > cue]
    clausal = [c for c in clausal if tree.first(c, "mark") is not None or tree.label(c) == "ccomp"]
    below = clausal + [c for c in tree.obliques(cue, *_OF_NOUNS) if c > cue]
    if not below:
        return None
    content = _all_under(tree, below)
    cues = {cue} | {c for c in tree.all(cue, "amod") if c == cue - 1} | _preposition(tree, cue, content)
    verb = tree.tokens[cue].head
    if tree.label(cue) in ("obj", "obl") and tree.lemma(verb) in lexicon()["light"]:
        doer = tree.agent(verb)
        if doer is not None:
            return _whole(tree, doer, cue), {*range(min(_group(tree, verb)), cue), *cues}, content
    holder = next(iter([*tree.all(cue, "nmod:poss"), *tree.obliques(cue, "by", "from", "among")]), None)
    if holder is None:
        return (set(), cues, content) if clausal else None
    return _whole(tree, holder, cue), cues, content


def _by_partisan(tree: Tree, cue: int) -> Parts | None:
    """ "he is a critic of the plan", "they are opponents of the tax"."""
    doer, below = tree.first(cue, "nsubj"), tree.obliques(cue, "of")
    if doer is None or tree.first(cue, "cop") is None or not below:
        return None
    group = set(range(min([cue, *tree.all(cue, "cop", "aux")]), cue + 1))
    content = _all_under(tree, below)
    return _whole(tree, doer, cue), group | _preposition(tree, cue, content), content


def _all_under(tree: Tree, nodes: list[int]) -> set[int]:
    return {n for node in nodes for n in tree.under(node)}


def _trim(tree: Tree, nodes: set[int]) -> set[int]:
    """Without commas and stops at the edges."""
    kept = sorted(nodes)
    while kept and tree.tokens[kept[0]].text in _MARKS:
        kept.pop(0)
    while kept and tree.tokens[kept[-1]].text in _MARKS:
        kept.pop()
    return set(kept)
