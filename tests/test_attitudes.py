"""Attributions as spans: the whole phrase of the source, the group of the cue, all of the content."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contested.text.attitudes import Attitude, attitudes
from contested.text.encoder import read_tokens
from contested.text.sentences import sentences
from contested.text.tree import Tree


def read(text: str) -> tuple[list[Tree], list[Attitude]]:
    trees = [Tree(sentence) for sentence in read_tokens(list(sentences(text)))]
    return trees, attitudes(trees)


def words(trees: list[Tree], places: frozenset[tuple[int, int]]) -> str:
    return " ".join(trees[s].tokens[n].text for s, n in sorted(places))


def told(text: str) -> list[tuple[str, str, str]]:
    """(source, cue, content) of every attribution, as words."""
    trees, found = read(text)
    return [(words(trees, a.source), words(trees, a.cue), words(trees, a.content)) for a in found]


@pytest.mark.parametrize(
    ("text", "source", "cue", "content"),
    [
        ("The governor of Aleppo said the road was open.", "The governor of Aleppo", "said", "the road was open"),
        ("The road was open, officials said.", "officials", "said", "The road was open"),
        ("The ministry has also denied that the town fell.", "The ministry", "has also denied", "that the town fell"),
        ("The generals want to hold the bridge.", "The generals", "want", "to hold the bridge"),
        ("The army accused the rebels of arson.", "The army", "accused", "the rebels of arson"),
        ("Residents are afraid of another siege.", "Residents", "are afraid of", "another siege"),
        ("The mayor called for calm.", "The mayor", "called for", "calm"),
        ("Aid groups voiced fears of a famine.", "Aid groups", "voiced fears of", "a famine"),
        ("The delegates appeared to blame the army.", "The delegates", "appeared to blame", "the army"),
        ("According to the United Nations, thousands fled.", "the United Nations", "According to", "thousands fled"),
        ("The bishop is a critic of the treaty.", "The bishop", "is a critic of", "the treaty"),
    ],
)
def test_spans(text: str, source: str, cue: str, content: str) -> None:
    assert (source, cue, content) in told(text)


def test_nobody_named_is_nobody() -> None:
    assert ("", "reportedly") in [(source, cue) for source, cue, _ in told("The town was reportedly empty.")]


def test_an_infinitive_of_purpose_says_nothing() -> None:
    assert not [cue for _, cue, _ in told("He went to the square to tell the crowd the news.") if "tell" in cue]


@pytest.mark.parametrize(
    ("text", "source", "cue", "content"),
    [
        ("The governor said the rebels had left, adding that schools would open on Monday.",
         "The governor", "adding", "that schools would open on Monday"),
        ("The spokesman added:\n\nWe will hold the town until help arrives.",
         "The spokesman", "added", "We will hold the town until help arrives ."),
        ("“Why is the road closed? Nobody can bring food.” The mayor asked.",
         "The mayor", "asked", "Why is the road closed ? Nobody can bring food ."),
    ],
)  # fmt: skip
def test_words_that_stand_apart_from_their_cue(text: str, source: str, cue: str, content: str) -> None:
    assert (source, cue, content) in told(text)


def test_what_is_added_is_not_part_of_what_was_said() -> None:
    found = told("The governor said the rebels had left, adding that schools would open on Monday.")
    assert ("The governor", "said", "the rebels had left") in found


def test_a_quotation_goes_on_over_sentences() -> None:
    found = told('"The bridge is gone," the engineer said. "Nobody can cross the river now."')
    assert any(source == "the engineer" and "Nobody can cross" in content for source, _, content in found)


def test_a_label_speaks_for_its_paragraph() -> None:
    found = told("CHAIRMAN: The session is open. We begin with the budget.\n\nThe room was full.")
    assert any(source == "CHAIRMAN" and content.endswith("the budget .") for source, _, content in found)
    assert not any("room" in content for _, _, content in found)


@settings(max_examples=15, deadline=None)
@given(st.text(st.sampled_from('said that "“”: officials the town, fell. to want of A B\n'), max_size=120))
def test_parts_of_an_attribution_do_not_overlap(text: str) -> None:
    trees, found = read(text)
    for a in found:
        assert a.cue
        assert a.content
        assert not a.source & a.cue
        assert not a.cue & a.content
        assert all(0 <= n < len(trees[s].tokens) for s, n in a.source | a.cue | a.content)
