"""Who says what: each attribution has a source, a cue and the words it covers; chains follow from how they nest.

The voices of a word are all attributions that cover it, the widest first. So "AP reports that police said rebels
took the town" gives AP ▸ police for "took", and the police, who were only speaking, take nothing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from contested.text.quotations import Quotation, is_speech, quotations, rest_of_paragraph
from contested.text.tree import Tree


@dataclass(frozen=True, slots=True)
class Attribution:
    """One hand-over of speech. `source` are the tokens that name the speaker, `head` their head (-1 for nobody).

    What is asked is covered but not said to be so.
    """

    sentence: int
    cue: int
    head: int
    source: tuple[int, ...]
    covers: frozenset[tuple[int, int]]
    denies: bool = False
    asks: bool = False

    @property
    def frame(self) -> set[int]:
        """The tokens of the hand-over itself: they are said by whoever frames it, not by the source."""
        return {self.cue, *self.source}


@cache
def speech_lexicon() -> dict[str, frozenset[str]]:
    listed = tomllib.loads((files(__package__) / "lexicons" / "speech.toml").read_text(encoding="utf-8"))
    return {name: frozenset(words) for name, words in listed.items()}


def attributions(trees: Sequence[Tree]) -> list[Attribution]:
    """Every attribution of a report, those of quotations that run over sentences included."""
    found = [a for number, tree in enumerate(trees) for a in in_sentence(tree, number)]
    found = _introducing(found, trees)
    return _with_quotations(found, trees)


def in_sentence(tree: Tree, number: int = 0) -> Iterator[Attribution]:
    """The attributions one sentence makes by its own grammar."""
    for cue, token in enumerate(tree.tokens):
        if _speaks(tree, cue):
            yield from _spoken(tree, number, cue)
        elif tree.lemma(cue) in ("according", "accord", "via", "per"):
            yield from _according(tree, number, cue)
        elif token.pos == "NOUN" and tree.lemma(cue) in speech_lexicon()["nouns"]:
            yield from _held_in_noun(tree, number, cue)


def _speaks(tree: Tree, cue: int) -> bool:
    """Whether a word hands over speech: a verb that is listed, or one the encoder hears that has a content clause."""
    words, lemma, token = speech_lexicon(), tree.lemma(cue), tree.tokens[cue]
    heard = token.speech == "cue" and lemma not in words["idle"] and tree.first(cue, "ccomp", "parataxis") is not None
    if token.pos not in ("VERB", "AUX"):
        return heard and token.pos == "NOUN" and tree.first(cue, "ccomp") is not None
    if lemma in words["disputes"] and (what := tree.patient(cue)) is not None:
        return tree.lemma(what) in words["nouns"]
    return heard or any(lemma in words[kind] for kind in ("say", "deny", "ask"))


def _spoken(tree: Tree, number: int, cue: int) -> Iterator[Attribution]:
    """A verb of speech with its content: a clause below it, or the clause it interrupts or closes."""
    lexicon, lemma, source = speech_lexicon(), tree.lemma(cue), _source(tree, cue)
    supposed = lemma in lexicon["ask"]
    if source is not None and nobody(tree, source):
        source, supposed = None, True
    content = _content(tree, cue) or _cited(tree, cue) or frozenset()
    if source is None and not content:
        return
    source = tree.named(source) if source is not None else -1
    naming = tree.phrase(source) if source >= 0 else ()
    doubts = lemma in lexicon["clausal"] and any(
        tree.lemma(c) in ("not", "n't", "n’t") for c in tree.all(cue, "advmod")
    )
    denies = (lemma in lexicon["deny"]) != doubts
    yield Attribution(number, cue, source, naming, _placed(number, content - {cue, *naming}), denies, supposed)


def _source(tree: Tree, cue: int) -> int | None:
    """Who speaks: the subject, he who "was quoted as saying", or the words the encoder reads as the source."""
    words, lemma = speech_lexicon(), tree.lemma(cue)
    source = tree.agent(cue)
    if tree.label(cue) == "acl" and cue > 0 and tree.tokens[cue - 1].text == ",":
        source = tree.subject(tree.clause[tree.tokens[cue].head])  # "he rejected the report, saying …"
    if source is None and tree.passive(cue) and lemma in words["cite"]:
        source = tree.first(cue, "nsubj:pass")
    above = tree.tokens[cue].head
    if source is None and lemma == "say" and above >= 0 and tree.lemma(above) in words["cite"]:
        source = tree.patient(above)
    source = _beside_cue(tree, cue) if source is None else source
    if source is None or (tree.lemma(source) in words["mute"] and tree.tokens[source].pos == "PRON"):
        return None
    token = tree.tokens[source]
    able = token.speech == "source" or token.pos in ("PROPN", "PRON") or bool(token.entity)
    hands = lemma in ("say", "tell") or tree.tokens[-1].text == ":"
    return source if able or nobody(tree, source) or hands else None


def _beside_cue(tree: Tree, cue: int) -> int | None:
    """Where the grammar fails, the words next to the cue that the encoder reads as the source."""
    for step in (-1, 1):
        run, at = [], cue + step
        while 0 <= at < len(tree.tokens) and tree.tokens[at].speech == "source":
            run.append(at)
            at += step
        if run:
            return max((n for n in run if tree.tokens[n].pos in ("PROPN", "NOUN", "PRON")), default=None)
    return None


def nobody(tree: Tree, source: int) -> bool:
    """ "no official has said that …": what follows is not said."""
    none = any(tree.lemma(c) in ("no", "neither", "none") for c in tree.children[source])
    return none or tree.lemma(source) in speech_lexicon()["nobody"]


def _content(tree: Tree, cue: int) -> frozenset[int] | None:
    if tree.lemma(cue) in ("quote", "cite") and (named := tree.first(cue, "obj", "nsubj:pass")) is not None:
        said = [c for c in tree.children[cue] if c > named and tree.label(c) in ("advcl", "ccomp", "xcomp", "obl")]
        if said:  # "quoted police as saying that …"
            return frozenset({n for c in said for n in tree.under(c)} | tree.under(named))
    below = tree.all(cue, "ccomp")
    above = tree.tokens[cue].head
    if not below and above >= 0 and tree.lemma(above) in ("quote", "cite"):
        below = tree.all(above, "ccomp")
    if not below and tree.lemma(cue) not in ("tell", "urge", "threaten"):
        below = [c for c in tree.all(cue, "parataxis", "dep") if tree.tokens[c].pos in ("VERB", "AUX", "ADJ", "NOUN")]
    if not below and tree.lemma(cue) in ("vow", "pledge", "promise", "threaten", "agree", "swear", "claim", "propose"):
        below = tree.all(cue, "xcomp")
    if not below and tree.lemma(cue) == "accuse":
        below = [c for c in tree.all(cue, "advcl", "obl") if tree.case(c) == "of" or tree.tokens[c].pos == "VERB"]
    if below:
        return frozenset(n for c in below for n in tree.under(c))
    if tree.label(cue) == "parataxis" and tree.tokens[cue].head >= 0:
        return frozenset(tree.under(tree.tokens[cue].head) - tree.under(cue))
    if (
        tree.label(cue) == "advcl"
        and tree.first(cue, "mark") is not None
        and tree.lemma(tree.first(cue, "mark") or 0) == "as"
    ):
        head = tree.tokens[cue].head  # "as officials said"
        return frozenset(tree.under(head) - tree.under(cue))
    return None


def _cited(tree: Tree, cue: int) -> frozenset[int] | None:
    """ "cites the agency's assessment of …, which …": the object and all that hangs on it."""
    lexicon = speech_lexicon()
    cited = tree.first(cue, "obj")
    if cited is None or tree.lemma(cue) in lexicon["clausal"] - {"describe"}:
        return None
    if (
        tree.lemma(cue) in lexicon["deny"]
        or tree.lemma(cue) in lexicon["cite"]
        or tree.lemma(cue) in ("report", "announce", "claim", "allege", "warn", "confirm")
    ):
        return frozenset(tree.under(cited))
    return None


def _according(tree: Tree, number: int, cue: int) -> Iterator[Attribution]:
    """ "according to X", "via X": all of the clause but the phrase itself."""
    token = tree.tokens[cue]
    source = token.head if token.label in ("case", "fixed") else tree.oblique(cue) or tree.first(cue, "obj")
    if source is None or source < 0:
        return
    whole = tree.tokens[source].head if token.label in ("case", "fixed") else token.head
    if whole is None or whole < 0:
        return
    whole = tree.clause[whole]
    own = tree.under(source) | tree.under(cue)
    speaker = tree.named(source)
    if tree.lemma(source) in speech_lexicon()["nouns"] and (holder := _holder(tree, source)) is not None:
        speaker = holder
    yield Attribution(number, cue, speaker, tree.phrase(speaker), _placed(number, tree.under(whole) - own))


def _holder(tree: Tree, noun: int) -> int | None:
    """Whose statement it is: "the agency's assessment", "an analysis performed by the agency", "a report by"."""
    made = next((v for v in tree.all(noun, "acl") if tree.passive(v)), None)
    by = tree.agent(made) if made is not None else None
    holder = tree.first(noun, "nmod:poss") or tree.oblique(noun, "by", "from") or by
    return None if holder is None or tree.tokens[holder].pos == "PRON" else holder


def _held_in_noun(tree: Tree, number: int, cue: int) -> Iterator[Attribution]:
    """ "the agency's assessment that …", "a claim by rebels that …": who holds it is a voice of what it says."""
    holder, above = _holder(tree, cue), tree.tokens[cue].head
    cited = tree.label(cue) == "obj" and above >= 0 and tree.lemma(above) in speech_lexicon()["cite"]
    below = [c for c in tree.all(cue, "acl", "ccomp") if cited or tree.first(c, "nsubj") is not None]
    if holder is None or not (below or cited):
        return
    covers = tree.under(cue) - {cue} if cited else {n for c in below for n in tree.under(c)}
    yield Attribution(number, cue, holder, tree.phrase(holder), _placed(number, covers - tree.under(holder)))


def _placed(number: int, nodes: set[int] | frozenset[int]) -> frozenset[tuple[int, int]]:
    return frozenset((number, node) for node in nodes)


def _introducing(found: list[Attribution], trees: Sequence[Tree]) -> list[Attribution]:
    """ "as the paper relates:" at the end of a paragraph hands the next paragraph over."""
    grown = []
    for a in found:
        tree = trees[a.sentence]
        after = a.sentence + 1
        if (
            tree.tokens[-1].text == ":"
            and after < len(trees)
            and trees[after].sentence.paragraph != tree.sentence.paragraph
        ):
            a = replace(a, covers=frozenset(rest_of_paragraph(trees, after)))
        grown.append(a)
    return grown


def _with_quotations(found: list[Attribution], trees: Sequence[Tree]) -> list[Attribution]:
    """Give every quotation to the speaker named beside it, else to whoever spoke just before in its paragraph."""
    made_in: dict[int, list[int]] = {}
    for index, a in enumerate(found):
        if a.head >= 0:
            made_in.setdefault(a.sentence, []).append(index)
    last: int | None = None
    block = -1
    given: dict[int, set[tuple[int, int]]] = {}
    for quotation in quotations(trees):
        if not is_speech(quotation, trees):
            continue
        if quotation.paragraph != block:
            last, block = None, quotation.paragraph
        speaker = _beside(quotation, found, made_in, trees)
        last = last if speaker is None else speaker
        if last is not None:
            given.setdefault(last, set()).update(quotation.tokens)
    for index, words in given.items():
        found[index] = replace(found[index], covers=found[index].covers | words)
    return [a for a in found if a.covers]


def _beside(
    quotation: Quotation, found: list[Attribution], made_in: dict[int, list[int]], trees: Sequence[Tree]
) -> int | None:
    """Which attribution frames a quotation: its cue stands outside, in a sentence the quotation touches."""
    inside = set(quotation.tokens)
    near = [i for s in quotation.sentences for i in made_in.get(s, [])]
    beside = [i for i in near if inside.isdisjoint((found[i].sentence, n) for n in found[i].frame)]
    before = quotation.sentences[0] - 1
    if not beside and before >= 0 and trees[before].tokens[-1].text == ":":  # "He said: / “…”"
        beside = made_in.get(before, [])
    places = {s: (min(held), max(held)) for s in quotation.sentences if (held := [n for t, n in inside if t == s])}
    return min(beside, key=lambda i: _distance(found[i], places), default=None)


def _distance(a: Attribution, places: dict[int, tuple[int, int]]) -> int:
    """How many words lie between a cue and the nearer end of a quotation in its sentence."""
    first, last = places.get(a.sentence, (a.cue - 99, a.cue + 99))
    return min(abs(a.cue - first), abs(a.cue - last))


def chain(found: Sequence[Attribution], place: tuple[int, int]) -> list[Attribution]:
    """The attributions that cover a word, from the outside in."""
    covering = [a for a in found if place in a.covers]
    return sorted(covering, key=lambda a: (-len(a.covers), a.sentence, a.cue))


def covering(found: Sequence[Attribution]) -> dict[int, list[Attribution]]:
    """For each sentence the attributions that cover some of it."""
    by_sentence: dict[int, list[Attribution]] = {}
    for a in found:
        for sentence in {s for s, _ in a.covers}:
            by_sentence.setdefault(sentence, []).append(a)
    return by_sentence
