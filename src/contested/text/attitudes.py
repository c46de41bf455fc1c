"""Who is given which words, thoughts and wishes, as spans: the broad sense of attribution, wider than speech.

Voices (voices.py) are the part of it that hands a statement over, and keep to short names; here stand the whole
phrase of the source, the whole verb group of the cue and all of the content, inner attributions beside outer ones.
After the PARC and PolNeAR schemes (Pareti 2012; Newell, Margolin and Ruths 2018).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from contested.text.holding import held, lexicon, said_by
from contested.text.quotations import Quotation, is_speech, quotations, rest_of_paragraph
from contested.text.tree import Tree

Place = tuple[int, int]
_LABEL = 6  # words of a speaker's label in a transcript, at most
_TAG = 10  # words of a sentence that does nothing but say who spoke
_AFAR = 99


@dataclass(frozen=True, slots=True)
class Attitude:
    """One attribution. All three are (sentence, token) places; `source` is empty where nobody is named."""

    source: frozenset[Place]
    cue: frozenset[Place]
    content: frozenset[Place]


def attitudes(trees: Sequence[Tree]) -> list[Attitude]:
    """Every attribution of a report, those of quotations that run over sentences included."""
    found = [a for number, tree in enumerate(trees) for a in _resumed(list(_in_sentence(tree, number)), trees)]
    spoken = quotations(trees)
    found += _apart(found, trees, spoken)
    found = [*_with_quotations(found, trees, spoken), *_labelled(trees)]
    return [*found, *_heard(found, trees)]


def _in_sentence(tree: Tree, number: int) -> Iterator[Attitude]:
    for source, cue, content in held(tree):
        parts = (source - content - cue, cue, content - cue)
        yield Attitude(*(frozenset((number, node) for node in part) for part in parts))


def _resumed(found: list[Attitude], trees: Sequence[Tree]) -> list[Attitude]:
    """ "He said the town had fallen, adding that …": who said it adds it, whatever verb the tree hangs it on."""
    for inner, a in enumerate(found):
        number, cue = max(a.cue)
        tree = trees[number]
        after_comma = cue > 0 and tree.tokens[cue - 1].text == "," and min(tree.under(cue)) >= cue - 1
        adds = tree.tokens[cue].text.endswith("ing") and tree.lemma(cue) in lexicon()["speech"]
        if not (adds and after_comma and tree.label(cue) == "advcl"):
            continue
        for outer, b in enumerate(found):
            if a.cue <= b.content and max(b.cue) < min(a.cue) and b.source and _hands_over(b, trees):
                later = {place for place in b.content if place[1] >= cue - 1}
                found[outer], found[inner] = replace(b, content=b.content - later), replace(a, source=b.source)
    return found


def _apart(found: list[Attitude], trees: Sequence[Tree], spoken: Sequence[Quotation]) -> Iterator[Attitude]:
    """ "The governor added:" and "Smith asked.": what is said stands in the sentence after it, or before."""
    taken = {place for a in found for place in a.cue}
    quoted = {one.tokens[-1]: one.tokens for one in spoken}
    for number, tree in enumerate(trees):
        root = next((n for n, token in enumerate(tree.tokens) if token.head < 0), 0)
        token = tree.tokens[root]
        if token.pos != "VERB" or tree.lemma(root) not in lexicon()["speech"] or (number, root) in taken:
            continue
        source, cue = said_by(tree, root)
        content = frozenset(_beside(trees, number, quoted))
        if source and content:
            whose, how = (frozenset((number, node) for node in part) for part in (source, cue))
            yield Attitude(whose, how, content)


def _beside(trees: Sequence[Tree], number: int, quoted: Mapping[Place, Sequence[Place]]) -> Iterable[Place]:
    """The paragraph after a colon, or the quotation (by its last word) before a sentence that only says whose it is."""
    tree = trees[number]
    if tree.tokens[-1].text == ":" and number + 1 < len(trees):
        return rest_of_paragraph(trees, number + 1)
    before = trees[number - 1] if number else tree
    if len(tree.tokens) > _TAG or before.sentence.paragraph != tree.sentence.paragraph:
        return ()
    return quoted.get((number - 1, len(before.tokens) - 2), ())


def _with_quotations(found: list[Attitude], trees: Sequence[Tree], spoken: Sequence[Quotation]) -> list[Attitude]:
    """Every quotation goes to the cue beside it, else to whoever spoke last; what "I" think in it is left out."""
    inside = {place for quotation in spoken for place in quotation.tokens}
    found = [a for a in found if not (a.cue <= inside and _first_person(a, trees))]
    cues: dict[int, list[tuple[int, Place]]] = {}
    for index, a in enumerate(found):
        if _hands_over(a, trees):
            for place in a.cue:
                cues.setdefault(place[0], []).append((index, place))
    given: dict[int, set[Place]] = {}
    last: int | None = None
    for quotation in spoken:
        if is_speech(quotation, trees):
            words = set(quotation.tokens)
            near = [one for sentence in quotation.sentences for one in cues.get(sentence, ()) if one[1] not in words]
            beside = [(_distance(place, words), index) for index, place in near]
            last = min(beside)[1] if beside else last
            if last is not None:
                given.setdefault(last, set()).update(words)
    for index, words in given.items():
        a = found[index]
        found[index] = replace(a, content=a.content | (words - a.source - a.cue))
    return found


def _first_person(a: Attitude, trees: Sequence[Tree]) -> bool:
    named = {trees[s].lemma(n) for s, n in a.source}
    return not named or bool(named & {"i", "we", "you"})


def _hands_over(a: Attitude, trees: Sequence[Tree]) -> bool:
    said = {trees[s].lemma(n) for s, n in a.cue}
    return "according" in said or not said.isdisjoint(lexicon()["speech"])


def _distance(place: Place, words: set[Place]) -> int:
    return min((abs(place[1] - n) for s, n in words if s == place[0]), default=_AFAR)


def _labelled(trees: Sequence[Tree]) -> Iterator[Attitude]:
    """Transcripts: "GENERAL SMITH: …" gives the rest of its paragraph to the name before the colon."""
    for number, tree in enumerate(trees):
        if number and trees[number - 1].sentence.paragraph == tree.sentence.paragraph:
            continue
        words = [token.text for token in tree.tokens[: _LABEL + 1]]
        start = 1 if words[0] in '"“' else 0
        colon = words.index(":", start) if ":" in words[start:] else start
        if colon == start or not all(word.isupper() or word in ".-" for word in words[start:colon]):
            continue
        content = {place for place in rest_of_paragraph(trees, number) if place > (number, colon)}
        source = frozenset((number, n) for n in range(start, colon))
        yield Attitude(source, frozenset({(number, colon)}), frozenset(content))


def _heard(found: list[Attitude], trees: Sequence[Tree]) -> Iterator[Attitude]:
    """Where the encoder hears a cue and no rule does, its own source and content."""
    taken = {place for a in found for place in a.cue | a.content}
    for number, tree in enumerate(trees):
        parts: dict[str, set[Place]] = {"source": set(), "cue": set(), "content": set(), "": set()}
        for n, token in enumerate(tree.tokens):
            parts[token.speech].add((number, n))
        source, cue = parts["source"] - taken, parts["cue"] - taken
        if cue and parts["content"]:
            yield Attitude(frozenset(source), frozenset(cue), frozenset(parts["content"]))
