"""Name tags: runs that make sense, and one kind for a name that recurs in a report."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from contested.text import decode
from contested.text.naming import named

TAGS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]


def scores(*likely: str, by: float = 4.0) -> np.ndarray:
    """Scores that favour these tags."""
    found = np.zeros((len(likely), len(TAGS)))
    for word, tag in enumerate(likely):
        found[word, TAGS.index(tag)] = by
    return found


def test_a_name_that_recurs_is_of_one_kind() -> None:
    words = [["Marib", "fell"], ["near", "Marib"], ["in", "MARIB"]]
    doubtful = scores("B-PER", "O", by=0.5)
    tags = named(words, [doubtful, scores("O", "B-LOC"), scores("O", "B-LOC")], TAGS)
    assert tags == [["B-LOC", "O"], ["O", "B-LOC"], ["O", "B-LOC"]]


def test_a_name_that_stands_alone_keeps_its_kind() -> None:
    assert named([["Marib", "fell"]], [scores("B-PER", "O", by=0.5)], TAGS)[0][0] == "B-PER"


def test_a_certain_reading_is_not_outvoted() -> None:
    words = [["Jordan", "spoke"], ["in", "Jordan"]]
    tags = named(words, [scores("B-PER", "O", by=30.0), scores("O", "B-LOC")], TAGS)
    assert tags == [["B-PER", "O"], ["O", "B-LOC"]]


def test_longer_names_vote_whole() -> None:
    words = [["Wad", "Madani"], ["Wad", "Madani"], ["Madani"]]
    tags = named(words, [scores("B-LOC", "I-LOC"), scores("B-PER", "I-PER", by=0.5), scores("B-PER")], TAGS)
    assert tags == [["B-LOC", "I-LOC"], ["B-LOC", "I-LOC"], ["B-PER"]]


def test_steps_decide_between_like_paths() -> None:
    even = np.zeros((2, len(TAGS)))
    even[:, 0] = -5.0
    steps = np.zeros((len(TAGS), len(TAGS)))
    steps[TAGS.index("B-LOC"), TAGS.index("I-LOC")] = 2.0
    assert decode.names(even, TAGS, steps) == ["B-LOC", "I-LOC"]


@settings(max_examples=60)
@given(st.lists(st.lists(st.lists(st.floats(-9, 9), min_size=5, max_size=5), min_size=1, max_size=6), max_size=5))
def test_no_name_goes_on_from_another_kind(rows: list[list[list[float]]]) -> None:
    words = [[("kabul", "kunduz")[i % 2] for i in range(len(each))] for each in rows]
    for tags in named(words, [np.array(each) for each in rows], TAGS):
        before = "O"
        for tag in tags:
            assert tag[0] != "I" or before[2:] == tag[2:]
            before = tag
