"""Words to word pieces: ids, the casing class of each piece's word, and where each word begins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from contested.text.pieces import casing

from .examples import GMB, IGNORE, PLO, SPEECH, UPOS, Example

CLS, SEP = 101, 102


@dataclass(slots=True)
class Encoded:
    """An example as numbers. Shapes: pieces [P] with CLS and SEP, words [W]; absent layers are None."""

    corpus: str
    pieces: np.ndarray
    owner: np.ndarray  # [P] word of each piece, -1 for CLS and SEP
    first: np.ndarray  # [W] first piece of each word
    casing: np.ndarray  # [W]
    layers: dict[str, np.ndarray]
    doubts: dict[str, np.ndarray] = field(default_factory=dict)  # a teacher's probabilities where there is no gold


def cutter(model: Path) -> Callable[[str], list[int]]:
    """Word → word-piece ids, remembered."""
    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    memory: dict[str, list[int]] = {}

    def cut(word: str) -> list[int]:
        if word not in memory:
            memory[word] = tokenizer.encode(word, add_special_tokens=False).ids or [100]
        return memory[word]

    return cut


def encode(example: Example, cut: Callable[[str], list[int]], labels: dict[str, int]) -> Encoded:
    """Numbers of one example; dependency labels unknown to `labels` fall back to their base label."""
    pieces, owner, first = [CLS], [-1], []
    for i, word in enumerate(example.words):
        ids = cut(word)
        first.append(len(pieces))
        pieces += ids
        owner += [i] * len(ids)
    layers: dict[str, np.ndarray] = {}

    def layer(name: str, values: list[int]) -> None:
        layers[name] = np.array(values, np.int64)

    if example.heads:
        layer("upos", [UPOS.index(tag) if tag in UPOS else IGNORE for tag in example.upos])
        layer("arcs", [head + 1 for head in example.heads])
        layer("labels", [labels.get(one, labels.get(one.split(":")[0], IGNORE)) for one in example.labels])
    if example.gmb:
        layer("gmb", [GMB.index(tag) for tag in example.gmb])
    if example.plo:
        layer("plo", [IGNORE if tag is None else PLO.index(tag) for tag in example.plo])
    if example.speech:
        layer("speech", [IGNORE if one is None else SPEECH.index(one) for one in example.speech])
    return Encoded(
        example.corpus,
        np.array([*pieces, SEP]),
        np.array([*owner, -1]),
        np.array(first),
        np.array([casing(word) for word in example.words]),
        layers,
    )
