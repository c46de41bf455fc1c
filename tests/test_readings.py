"""What training keeps of sentences read by us: offsets and labels, no text."""

from __future__ import annotations

import json

import pytest
from training.readings import KEPT, SORTS, joined, kept

from contested.extract import BUILT_IN

LINES = [json.loads(line) for line in KEPT.read_text(encoding="utf-8").splitlines()]


def test_each_sentence_stands_once_and_in_order() -> None:
    numbers = [line["id"] for line in LINES]
    assert numbers == sorted(set(numbers))


def test_only_offsets_and_labels_are_kept() -> None:
    for line in LINES:
        assert line.keys() == {"id", "told"}
        for told in line["told"]:
            assert told["kind"] in BUILT_IN
            assert told.keys() <= {"kind", "at", "sort", "roles", "voices", "other"}
            spans = [told["at"], *told.get("roles", {}).values(), *told.get("voices", ())]
            assert all(0 <= start < end for start, end in spans)
            assert ("sort" in told) == (told["kind"] in SORTS)
            assert told.get("other", {}).keys() <= {"denied", "hedge", "killed", "wounded", "suicide"}


def test_words_are_joined_as_the_gold_writes_them() -> None:
    words = ["Massoud", "'s", "men", "(", "about", "$", "5", "each", ")", ",", "he", "said", "."]
    assert joined(words) == "Massoud's men (about $5 each), he said."


def test_what_is_not_in_the_sentence_is_not_kept() -> None:
    text = "Rebels seized Bouake."
    told = [
        {"kind": "control", "quote": "Rebels seized Bouake", "holder": "Rebels", "place": "Korhogo", "status": "taken"},
        {"kind": "event", "quote": "soldiers mutinied", "type": "riot"},
    ]
    assert kept(7, text, told) == {
        "id": 7,
        "told": [{"kind": "control", "at": [0, 20], "sort": "taken", "roles": {"holder": [0, 6]}}],
    }


@pytest.mark.parametrize("kind", sorted(SORTS))
def test_every_sort_is_one_word(kind: str) -> None:
    sorts = {told["sort"] for line in LINES for told in line["told"] if told["kind"] == kind}
    assert sorts
    assert all(sort.replace("_", "").isalpha() for sort in sorts)
