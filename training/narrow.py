"""A narrower network from a wider one: the inner units of each layer whose variation matters least are dropped.

A unit matters by how much it varies over real sentences times the length of what it writes; what it writes on average
moves into the bias (the structured form of the measure of Sun et al. 2024, "Wanda", with the mean kept, as An et al.
2024, "FLAP"). No gradient is needed. The rest of the run repairs what is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from .batches import collate, epoch
from .model import Reader
from .pieces import Encoded

SAMPLE = 60_000  # word pieces looked at


@torch.no_grad()
def narrow(wide: Reader, inner: int, examples: list[Encoded]) -> Reader:
    """The Reader with `inner` units in each layer's feed-forward part; `wide` itself where it has no more."""
    blocks = wide.encoder.blocks
    if blocks[0].up.out_features <= inner:
        return wide
    moments = activity(wide, examples)
    slim = Reader(wide.label_out.out_features, wide.drop.p, inner)
    weights = wide.state_dict()
    for i, (count, total, squares) in enumerate(moments):
        mean = total / count
        spread = (squares / count - mean**2).clamp(min=0).sqrt()
        down = blocks[i].down
        kept = (spread * down.weight.norm(dim=0)).topk(inner).indices.sort().values
        lost = torch.ones(len(mean), dtype=torch.bool).index_fill_(0, kept, False)
        name = f"encoder.blocks.{i}"
        weights[f"{name}.up.weight"] = blocks[i].up.weight[kept]
        weights[f"{name}.up.bias"] = blocks[i].up.bias[kept]
        weights[f"{name}.down.weight"] = down.weight[:, kept]
        weights[f"{name}.down.bias"] = down.bias + down.weight[:, lost] @ mean[lost]
    slim.load_state_dict(weights)
    return slim


def activity(reader: Reader, examples: list[Encoded]) -> list[tuple[float, Tensor, Tensor]]:
    """(count, sum, sum of squares) of every inner unit of every layer, over some thousands of sentences."""
    found = [(0.0, torch.zeros(b.up.out_features), torch.zeros(b.up.out_features)) for b in reader.encoder.blocks]
    reader.eval()
    seen = 0
    for real, layers in inner_units(reader, epoch(examples, 3000, np.random.default_rng(3))):
        told = [units[real] for units in layers]
        found = [
            (count + len(units), total + units.sum(0), squares + (units**2).sum(0))
            for (count, total, squares), units in zip(found, told, strict=True)
        ]
        seen += int(real.sum())
        if seen > SAMPLE:
            break
    return found


def inner_units(reader: Reader, groups: Iterable[list[Encoded]]) -> Iterator[tuple[Tensor, list[Tensor]]]:
    """For each batch which pieces are real [batch, pieces], and every layer's inner units [batch, pieces, inner]."""
    units: list[Tensor] = []
    hooks = [
        block.up.register_forward_hook(lambda _, __, given: units.append(functional.gelu(given)))
        for block in reader.encoder.blocks
    ]
    try:
        for group in groups:
            batch = collate(group)
            units.clear()
            reader.encoder(batch["pieces"], batch["casing"], batch["first"])
            yield batch["pieces"] != 0, units
    finally:
        for hook in hooks:
            hook.remove()
