"""The trained reader: tags that make sense, trees that are trees, and files that are checked."""

from __future__ import annotations

from importlib.resources import files
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contested.errors import ModelError
from contested.text import decode, encoder
from contested.text.encoder import read_tokens
from contested.text.lemmas import lemma
from contested.text.pieces import WordPieces
from contested.text.sentences import Sentence, sentences


def read(text: str) -> list[Sentence]:
    return read_tokens(list(sentences(text)))


def tagged(text: str) -> dict[str, tuple[str, str, str, str, str]]:
    (one,) = read(text)
    return {token.text: (token.lemma, token.pos, token.label, token.entity, token.speech) for token in one.tokens}


def test_a_sentence_is_parsed() -> None:
    (one,) = read("Taliban fighters captured Kunduz on Monday.")
    fighters, captured, kunduz = one.tokens[1], one.tokens[2], one.tokens[3]
    assert (captured.head, captured.label, captured.pos, captured.lemma) == (-1, "root", "VERB", "capture")
    assert (fighters.head, fighters.label, fighters.lemma) == (2, "nsubj", "fighter")
    assert (kunduz.head, kunduz.label, kunduz.entity) == (2, "obj", "B-LOC")


def test_who_says_what() -> None:
    tags = tagged("The rebels have seized the bridge, officials said.")
    assert tags["officials"][4] == "source"
    assert tags["said"][4] == "cue"
    assert tags["seized"][4] == "content"


def test_passives_are_told_from_actives() -> None:
    assert tagged("The town was captured by rebels.")["town"][2] == "nsubj:pass"


def test_capitals_do_not_hide_names() -> None:
    assert tagged("REBELS SEIZE NORTHERN TOWN IN SYRIA")["SYRIA"][3] == "B-LOC"


def test_order_and_offsets_are_kept() -> None:
    text = "No. " + "Rebels took the bridge over the river on Sunday, officials said. " * 3 + "Yes."
    before = list(sentences(text))
    after = read_tokens(before)
    assert [[(t.start, t.end, t.text) for t in one.tokens] for one in after] == [
        [(t.start, t.end, t.text) for t in one.tokens] for one in before
    ]
    assert after[1].tokens[0].head == after[2].tokens[0].head


def test_nothing_is_read_from_nothing() -> None:
    assert read_tokens([]) == []


def is_tree(sentence: Sentence) -> bool:
    heads = [token.head for token in sentence.tokens]
    if heads.count(-1) != 1:
        return False
    for start in range(len(heads)):
        at, steps = start, 0
        while heads[at] != -1 and steps <= len(heads):
            at, steps = heads[at], steps + 1
        if heads[at] != -1:
            return False
    return [token.label == "root" for token in sentence.tokens] == [head == -1 for head in heads]


def names_are_consistent(sentence: Sentence) -> bool:
    before = ""
    for token in sentence.tokens:
        if token.entity.startswith("I-") and before[2:] != token.entity[2:]:
            return False
        before = token.entity
    return True


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=120))
@example("word, 123 " * 2500)
@example("x" * 6000)
@example("!?" * 2000)
@example("漢字" * 400 + "\u202e👩‍👩‍👧‍👦\x00\ufffd")
def test_any_text_gives_trees_and_consistent_names(text: str) -> None:
    for sentence in read(text):
        assert is_tree(sentence)
        assert names_are_consistent(sentence)


@given(st.integers(1, 5), st.randoms(use_true_random=False))
def test_the_tree_is_the_best_one(words: int, dice: object) -> None:
    seed = dice.randint(0, 10**6)  # type: ignore[attr-defined]
    scores = np.random.default_rng(seed).normal(size=(words, words + 1)) * 3
    best = max(
        (heads for heads in product(range(words + 1), repeat=words) if _is_arborescence(heads)),
        key=lambda heads: sum(scores[i, head] for i, head in enumerate(heads)),
    )
    assert tuple(decode.tree(scores)) == best


def _is_arborescence(heads: tuple[int, ...]) -> bool:
    if heads.count(0) != 1:
        return False
    for start in range(1, len(heads) + 1):
        at = start
        for _ in heads:
            at = heads[at - 1] if at else 0
        if at:
            return False
    return True


def test_a_name_never_continues_another_kind() -> None:
    tags = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
    scores = np.array([[0.0, 2.0, 0, 0, 0], [0, 0, 1.9, 0, 2.0], [3.0, 0, 0, 0, 0]])
    assert decode.names(scores, tags) == ["B-PER", "I-PER", "O"]


def test_word_pieces_are_those_of_bert() -> None:
    pieces = WordPieces({"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "ku": 3, "##nd": 4, "##uz": 5, "cafe": 6, "-": 7})
    assert pieces("Kunduz") == (3, 4, 5)
    assert pieces("CAFÉ") == (6,)
    assert pieces("ku-ku") == (3, 7, 3)
    assert pieces("unseen") == pieces("\x00") == pieces("a" * 101) == (0,)


@pytest.mark.parametrize(
    ("word", "pos", "expected"),
    [
        ("fighters", "NOUN", "fighter"),
        ("casualties", "NOUN", "casualty"),
        ("men", "NOUN", "man"),
        ("seized", "VERB", "seize"),
        ("overran", "VERB", "overrun"),
        ("shelling", "VERB", "shell"),
        ("occupies", "VERB", "occupy"),
        ("fled", "VERB", "flee"),
        ("withdrew", "VERB", "withdraw"),
        ("was", "AUX", "be"),
        ("Taliban", "PROPN", "Taliban"),
        ("n't", "PART", "not"),
        ("worst", "ADJ", "bad"),
    ],
)
def test_lemmas(word: str, pos: str, expected: str) -> None:
    assert lemma(word, pos) == expected


@pytest.mark.parametrize("name", ["encoder.onnx", "label_scores.npz", "labels.json", "vocabulary.txt"])
@pytest.mark.parametrize("damage", ["missing", "damaged"])
def test_a_missing_or_damaged_file_is_named(
    name: str, damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "model"
    copy.mkdir()
    for path in (files("contested.text") / "model").iterdir():
        if path.name != name:
            (copy / path.name).symlink_to(str(path))
    if damage == "damaged":
        (copy / name).write_bytes(b"\xffnot this")
    monkeypatch.setattr(encoder, "files", lambda _: tmp_path)
    encoder._model.cache_clear()
    try:
        with pytest.raises(ModelError, match=rf"{name}.*reinstall the package"):
            read("Rebels took the town.")
    finally:
        encoder._model.cache_clear()
