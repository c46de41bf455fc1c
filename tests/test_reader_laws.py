"""Laws of the reader for text of any sort: it never breaks, no offset shifts, and every sentence is a tree."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contested.model import Document
from contested.text import Reading
from contested.text.clearnlp import universal
from contested.text.encoder import read_tokens
from contested.text.sentences import Sentence, sentences
from contested.text.tree import Tree
from contested.text.voices import attributions

UNSPACED = 100_000  # characters

NASTY = {
    "a sentence of 5,000 words": "rebels took the town, police said " * 714 + "again.",
    "letters without a space": "x" * UNSPACED,
    "abbreviations without a space": "Mr." * 300 + "-" * UNSPACED,
    "Chinese without a space": "漢字" * (UNSPACED // 2),
    "commas without a space": "1," * (UNSPACED // 2),
    "blanks between carriage returns": "a\r" + " " * UNSPACED + "\rb",
    "control characters": "".join(map(chr, [*range(32), *range(127, 160)])) * 3,
    "NUL": "\0" * 50 + "Rebels\0took\0 the\0town\0.",
    "emoji and joiners": "👩‍👩‍👧‍👦 🇦🇫🏴‍☠️ \u200d\u200d took\u200dit 👍🏽👍🏽. \ufe0f\u20e3 1\ufe0f\u20e3",
    "combining marks": "\u0301\u0301a\u0301\u0323 e" + "\u0301" * 300 + " the\u0301 town\u0489.",
    "lone surrogates": "\ud800\udfff took \udc00. \ud83d",
    "unassigned and private": "\U000e0fff\u0378 \ue000took\U0010ffff. \ufffe\ufffd",
    "right to left": "مرحبا بالعالم. שלום \u202eעולם\u202c took the town. \u2067x\u2069",
    "long words": " ".join(letter * 5_000 for letter in "aé漢-7"),
    "marks only": "!?… — “”‘’ ()[] ... ,,, ;:; --- ''' \"\" ***",
    "separators": "\x0c\x1c\x1d\x85\u2028a.\u2029B\u00a0c\u3000d\v\r\r\n\n\re",
    "nothing": " \n\t\r\n ",
}


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY.keys())
def test_nothing_breaks_the_reader(text: str) -> None:
    holds(text)


nasty = st.text(
    st.one_of(
        st.characters(codec=None, categories=None),
        st.sampled_from(list(" \n\r\t.!?'’\"“”-–(),;:aB7é漢\0\x85\u200d\u0301\u202e\ud800\ue000😀שع")),
    ),
    max_size=60,
)


@settings(max_examples=60, deadline=None)
@given(nasty)
def test_any_text_is_read_whole_and_the_same_each_time(text: str) -> None:
    holds(text)


def holds(text: str) -> None:
    """What must be so of every text that is read."""
    read = read_tokens(list(sentences(text)))
    tokens = [token for sentence in read for token in sentence.tokens]
    at = 0
    for token in tokens:
        assert text[at : token.start].strip() == ""
        assert text[token.start : token.end] == token.text != ""
        at = token.end
    assert text[at:].strip() == ""
    assert all(map(is_tree, read))
    assert all(token.pos and token.lemma and token.label for token in tokens)
    for made in attributions([Tree(sentence) for sentence in read]):
        assert all(place < len(read[sentence].tokens) for sentence, place in made.covers)
    if len(text) < 1000:
        assert read_tokens(list(sentences(text))) == read
        trees = Reading(Document("d", "Gazette", text, "0" * 64)).trees
        assert [(tree.sentence.start, tree.sentence.end) for tree in trees] == [(one.start, one.end) for one in read]


def is_tree(sentence: Sentence) -> bool:
    """One root, and from every word a way up to it."""
    return one_tree([token.head for token in sentence.tokens])


def one_tree(heads: list[int]) -> bool:
    """One root, and from every node a way up to it."""
    reached = {node for node, head in enumerate(heads) if head == -1}
    if len(reached) != 1:
        return False
    for start in range(len(heads)):
        way, at = [start], heads[start]
        while at not in reached and way[-1] not in reached:
            if len(way) > len(heads):
                return False
            way.append(at)
            at = heads[at]
        reached.update(way)
    return True


def test_the_law_of_trees_sees_what_is_none() -> None:
    assert one_tree([-1, 0, 1])
    assert not one_tree([-1, -1])
    assert not one_tree([-1, 2, 1])


def test_the_nasty_texts_are_what_they_are_called() -> None:
    categories = {unicodedata.category(char) for text in NASTY.values() for char in text}
    assert {"Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Zl", "Zp", "Lo", "So"} <= categories
    assert all(any(name in title for title in NASTY) for name in ("NUL", "surrogates", "joiners", "right to left"))


labels = st.sampled_from(
    ["prep", "pobj", "pcomp", "agent", "dative", "cc", "punct", "conj", "attr", "acomp", "expl", "nsubj", "dobj", "obl"]
)


@st.composite
def trees(draw: st.DrawFn) -> tuple[list[str], list[str], list[int], list[str]]:
    """Words, parts of speech, heads and ClearNLP labels of any tree."""
    size = draw(st.integers(1, 12))
    order = draw(st.permutations(range(size)))
    heads = [-1] * size
    for place, node in enumerate(order[1:], 1):
        heads[node] = order[draw(st.integers(0, place - 1))]
    told = ["ROOT" if head < 0 else draw(labels) for head in heads]
    words = draw(st.lists(st.sampled_from(["is", "town", "in"]), min_size=size, max_size=size))
    parts = draw(st.lists(st.sampled_from(["VERB", "NOUN", "AUX", "ADP"]), min_size=size, max_size=size))
    return words, parts, heads, told


@settings(max_examples=200, deadline=None)
@given(trees())
def test_a_tree_of_spacy_s_stays_a_tree(given_tree: tuple[list[str], list[str], list[int], list[str]]) -> None:
    heads, told = universal(*given_tree)
    assert one_tree(heads)
    assert [label == "root" for label in told] == [head < 0 for head in heads]
