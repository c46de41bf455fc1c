"""The benchmark of the swap law: whom it exchanges, and what it counts as changed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from benchmarks.fairness import Changed, Party, Score, alone, differing, exchange, in_words, lent, pairs, texts

from contested.model import Assertion, Name, Quote, Statement, Voice
from contested.register import open_register
from contested.text import reading
from contested.text.sentences import sentences


def party(words: str, sort: str = "state") -> Party:
    return Party(words, "GPE", "w", sort, place=True)


def test_names_are_exchanged_wherever_they_stand_whole() -> None:
    change = exchange("Chad", "Mali")
    assert change("Chad and Mali; Chad's army; Chadian, Malian") == "Mali and Chad; Mali's army; Chadian, Malian"
    assert change(change("Chad met Mali")) == "Chad met Mali"
    assert exchange("South Sudan", "Sudan")("Sudan and South Sudan") == "South Sudan and Sudan"


def test_two_of_one_class_in_a_sentence_or_one_and_the_next_of_its_class() -> None:
    chad, mali, benin, ford = party("Chad"), party("Mali"), party("Benin"), party("Ford", "person")
    read = [("Chad met Ford, then Mali.", [chad, ford, mali]), ("Benin spoke.", [benin]), ("Ford spoke.", [ford])]
    assert list(pairs(read)) == [("both", "Chad", "Mali"), ("one", "Benin", "Chad"), ("", "", "")]


def test_a_name_that_also_stands_in_part_is_left_alone() -> None:
    assert alone("Chad met Mali.", "Chad", "Mali")
    assert not alone("Chad met Malian troops.", "Chad", "Mali")
    assert not alone("Idriss Deby came; Deby left.", "Idriss Deby", "Juvenal Habyarimana")


def test_assertions_are_compared_by_their_words_alone() -> None:
    here = Assertion(Statement(Name("Chad", "iso:TD", 0.9), "peace"), (Voice("Paper"),), quote=Quote("x", 0, 4))
    there = Assertion(Statement(Name("Mali"), "peace"), (Voice("Paper"),), quote=Quote("x", 0, 4))
    change = exchange("Chad", "Mali")
    assert in_words([here], "Chad spoke", change) == in_words([there], "Mali spoke")
    assert in_words([here], "Chad spoke") != in_words([there], "Mali spoke")


def test_a_counterpart_is_read_with_the_trees_of_the_first() -> None:
    text, other = "Rebels attacked Chad.", "Rebels attacked Mali."
    read = reading.read_tokens
    tagged = read(list(sentences(text)))
    with lent(tagged, other) as alike:
        assert alike
        lent_ = reading.read_tokens(list(sentences(other)))
    assert [token.text for token in lent_[0].tokens] == ["Rebels", "attacked", "Mali", "."]
    assert [token.head for token in lent_[0].tokens] == [token.head for token in tagged[0].tokens]
    assert reading.read_tokens is read
    with lent(tagged, "Rebels attacked.") as alike:
        assert not alike


def test_no_rule_knows_a_party() -> None:
    changed = differing("Chad accused Mali of attacking a garrison.", "Chad", "Mali", open_register())
    assert changed is not None
    assert changed.there == "Mali accused Chad of attacking a garrison."
    assert changed.changes[0] == Counter()


def test_shares_are_of_the_sentences_tried() -> None:
    made = Score()
    made.add(Changed("", (Counter(), Counter({("event", "a"): 1, ("event", "b"): 1})), "heads"))
    made.add(Changed("", (Counter(), Counter()), "heads"))
    assert list(made.rows()) == [
        "all | 0 | 0.0000 | 1 | 0.5000",
        "event | 0 | 0.0000 | 1 | 0.5000",
        "seen otherwise: heads | | | 1 | 0.5000",
    ]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no such file of sentences"):
        texts(tmp_path / "read.jsonl")
