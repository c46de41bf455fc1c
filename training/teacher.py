"""Layers that a corpus has not: the network as it stands says what it thinks of them, and the run learns from that.

Self-training (Yarowsky 1995) in its soft form, distillation (Hinton, Vinyals and Dean 2015): the pupil sees words
hidden and cases changed, the teacher the sentence itself (Xie et al. 2020, "noisy student"). Where a treebank's gold
parts of speech say what is a proper noun, a name's bounds are nearly settled and only its kind is the teacher's.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from contested.text.pieces import LOWER

from .batches import collate
from .examples import PLO, UPOS
from .model import TAGS, Reader
from .pieces import Encoded

SIZE = 3000  # word pieces a batch
PROPER, COMMON = 1.5, 2.5  # how far gold parts of speech move the scores of names, in natural logarithms
JOINING = [UPOS.index(pos) for pos in ("ADP", "DET", "CCONJ", "PUNCT", "PART")]  # "Bank of England"
CAPITAL = [UPOS.index(pos) for pos in ("ADJ", "NOUN", "NUM", "VERB", "X", "SYM")]  # "Joint Chiefs of Staff"


@torch.no_grad()
def complete(reader: Reader, examples: list[Encoded], bf16: bool = False) -> None:
    """Fill `doubts` of each example with probabilities for every layer that it lacks."""
    reader.eval()
    for group in _by_length(examples):
        batch = collate(group)
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            told = _told(reader, batch)
        for row, one in enumerate(group):
            words = len(one.first)
            for name, scores in told.items():
                if name not in one.layers:
                    mine = scores[row, :words, : words + 1] if name == "arcs" else scores[row, :words]
                    if name == "plo" and "upos" in one.layers:
                        mine = _moved(mine, one)
                    one.doubts[name] = mine.float().softmax(-1).half().numpy()


def _by_length(examples: list[Encoded]) -> Iterator[list[Encoded]]:
    """All examples in batches of like length."""
    group: list[Encoded] = []
    for one in sorted(examples, key=lambda one: len(one.pieces)):
        if group and len(one.pieces) * (len(group) + 1) > SIZE:
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _told(reader: Reader, batch: dict[str, Tensor]) -> dict[str, Tensor]:
    """Scores of every head; labels for the heads that score best."""
    x = reader.encoder(batch["pieces"], batch["casing"], batch["first"])
    told = {name: getattr(reader, name)(x[:, 1:]) for name in TAGS}
    told["arcs"] = reader.arcs(x).masked_fill(batch["empty"][:, None, :], -1e4)
    told["labels"] = reader.labels_under(x, told["arcs"].argmax(-1))
    return told


def _moved(scores: Tensor, one: Encoded) -> Tensor:
    """Scores of persons, places and organisations, moved by the gold parts of speech."""
    inside = torch.tensor([tag != "O" for tag in PLO])
    upos = one.layers["upos"]
    proper = torch.from_numpy(upos == UPOS.index("PROPN"))
    joined = torch.from_numpy(np.isin(upos, JOINING) | (np.isin(upos, CAPITAL) & (one.casing != LOWER)))
    moved = scores.float().clone()
    moved += PROPER * (proper[:, None] & inside)
    moved -= COMMON * (~proper & ~joined)[:, None] * inside
    return moved


def teach(reader: Reader, data: dict, out: Path, bf16: bool) -> None:
    """Complete all training pools and keep them in out/examples.pkl, so that it happens once."""
    for pool in data["train"].values():
        complete(reader, pool, bf16)
    data["taught"] = True
    with (out / "examples.new").open("wb") as file:
        pickle.dump(data, file)
    (out / "examples.new").replace(out / "examples.pkl")
