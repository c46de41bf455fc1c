"""Batches by word-piece count, corpora sampled by share."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from contested.text.pieces import DIGITS, EDGE, LETTER, LOWER, SIGN, TITLE, UPPER

from .examples import IGNORE
from .pieces import Encoded

MASK, HIDDEN = 103, 0.05
LAYERS = ("upos", "arcs", "labels", "gmb", "plo", "speech")


def recase(casing: np.ndarray, dice: np.random.Generator) -> np.ndarray:
    """Sometimes a headline: all capitals, title case or no capitals (word pieces are uncased anyway)."""
    roll = dice.random()
    if roll > 0.08:
        return casing
    target = UPPER if roll < 0.03 else TITLE if roll < 0.06 else LOWER
    fixed = (casing == DIGITS) | (casing == SIGN) | (casing == LETTER)
    return np.where(fixed, casing, target)


def hide(one: Encoded, dice: np.random.Generator) -> np.ndarray:
    """Pieces with one word in twenty masked: its neighbours must do."""
    hidden = dice.random(len(one.first)) < HIDDEN
    return np.where((one.owner >= 0) & hidden[one.owner], MASK, one.pieces)


def collate(examples: list[Encoded], dice: np.random.Generator | None = None) -> dict[str, Tensor]:
    """Padded tensors; layers absent from an example are ignored there. With dice, casing is augmented."""
    size = len(examples)
    pieces_long = max(len(one.pieces) for one in examples)
    words_long = max(len(one.first) for one in examples)
    pieces = np.zeros((size, pieces_long), np.int64)
    casing = np.full((size, pieces_long), EDGE, np.int64)
    first = np.zeros((size, words_long), np.int64)
    empty = np.ones((size, words_long + 1), bool)
    layers = {
        name: np.full((size, words_long), IGNORE, np.int64)
        for name in LAYERS
        if any(name in one.layers for one in examples)
    }
    for row, one in enumerate(examples):
        pieces[row, : len(one.pieces)] = one.pieces if dice is None else hide(one, dice)
        cases = one.casing if dice is None else recase(one.casing, dice)
        casing[row, : len(one.pieces)] = np.where(one.owner >= 0, cases[one.owner], EDGE)
        first[row, : len(one.first)] = one.first
        empty[row, : len(one.first) + 1] = False
        for name, layer in one.layers.items():
            layers[name][row, : len(layer)] = layer
    arrays = {"pieces": pieces, "casing": casing, "first": first, "empty": empty, **layers, **doubts(examples)}
    return {name: torch.from_numpy(array) for name, array in arrays.items()}


def doubts(examples: list[Encoded]) -> dict[str, np.ndarray]:
    """[row, word, class] probabilities of each layer that a teacher filled somewhere; zeros elsewhere."""
    longest = max(len(one.first) for one in examples)
    found: dict[str, np.ndarray] = {}
    for row, one in enumerate(examples):
        for name, told in one.doubts.items():
            classes = longest + 1 if name == "arcs" else told.shape[1]
            full = found.setdefault(f"{name}?", np.zeros((len(examples), longest, classes), np.float32))
            full[row, : told.shape[0], : told.shape[1]] = told
    return found


def epoch(examples: list[Encoded], size: int, dice: np.random.Generator) -> Iterator[list[Encoded]]:
    """All examples once, grouped by similar length into batches of about `size` word pieces."""
    order = sorted(range(len(examples)), key=lambda i: len(examples[i].pieces) + dice.normal(0, 2))
    groups: list[list[int]] = []
    longest = size + 1
    for i in order:
        longest = max(longest, len(examples[i].pieces)) if groups else size + 1
        if not groups or longest * (len(groups[-1]) + 1) > size:
            groups.append([])
            longest = len(examples[i].pieces)
        groups[-1].append(i)
    for at in dice.permutation(len(groups)):
        yield [examples[i] for i in groups[at]]


def endless(pools: dict[str, list[Encoded]], shares: dict[str, float], size: int, seed: int) -> Iterator[list[Encoded]]:
    """Batches for ever: a pool drawn by its share, then its next batch."""
    dice = np.random.default_rng(seed)
    names = list(pools)
    weights = np.array([shares[name] for name in names])
    running = {name: epoch(pools[name], size, dice) for name in names}
    while True:
        name = names[dice.choice(len(names), p=weights / weights.sum())]
        batch = next(running[name], None)
        if batch is None:
            running[name] = epoch(pools[name], size, dice)
            batch = next(running[name])
        yield batch
