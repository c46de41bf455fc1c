"""Names known by heart lean the scores of the network, and no more than that."""

from __future__ import annotations

import numpy as np
import pytest

from contested.text.decode import Floats, names
from contested.text.remembered import Memory

TAGS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
LINES = ["Wadi Halfa\t20\tLOC:19 PER:1", "Halfa\t4\tPER:4", "May\t40\tPER:2"]


def undecided(words: int) -> Floats:
    return np.zeros((words, len(TAGS)))


def test_a_known_name_settles_what_the_network_leaves_open() -> None:
    words = ["to", "Wadi", "Halfa"]
    scores = undecided(3)
    scores[0, 0] = 9.0
    scores[1:, 0] = -3.0
    scores[2, [TAGS.index("I-PER"), TAGS.index("I-LOC")]] = 1.0
    assert names(Memory(LINES, TAGS).lean(words, scores), TAGS) == ["O", "B-LOC", "I-LOC"]


def test_the_longest_name_is_the_one_known() -> None:
    memory = Memory(LINES, TAGS)
    alone, together = (memory.lean(words, undecided(len(words)))[-1] for words in (["Halfa"], ["Wadi", "Halfa"]))
    assert alone[TAGS.index("B-PER")] > alone[TAGS.index("B-LOC")]
    assert together[TAGS.index("I-LOC")] > together[TAGS.index("I-PER")]


def test_words_that_are_seldom_a_name_lean_away_from_one() -> None:
    leaned = Memory(LINES, TAGS).lean(["May"], undecided(1))[0]
    assert leaned.argmax() == 0


def test_what_the_network_is_sure_of_stands() -> None:
    scores = undecided(1)
    scores[0, TAGS.index("B-LOC")] = 12.0
    assert names(Memory(LINES, TAGS).lean(["May"], scores), TAGS) == ["B-LOC"]


def test_unknown_words_keep_their_scores() -> None:
    scores = undecided(2)
    assert Memory(LINES, TAGS).lean(["quiet", "town"], scores) is scores


@pytest.mark.parametrize("line", ["Wadi Halfa", "Wadi Halfa\tmany\tLOC:1", "Wadi Halfa\t3\tRIVER:3", "Halfa\t3\tLOC"])
def test_a_damaged_line_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Memory([line], TAGS)
