"""Scores of a Reader on numbered examples: greedy heads, for the log of a run (benchmarks/encoder.py has the rest)."""

from __future__ import annotations

import numpy as np
import torch

from .batches import collate, epoch
from .model import Reader
from .pieces import Encoded


@torch.no_grad()
def quick(reader: Reader, sets: dict[str, list[Encoded]]) -> dict[str, float]:
    """UPOS, UAS, LAS of each set, in per cent."""
    found: dict[str, float] = {}
    for name, examples in sets.items():
        right = {"upos": 0, "uas": 0, "las": 0}
        total = 0
        for group in epoch(examples, 3000, np.random.default_rng(0)):
            batch = collate(group)
            x = reader.encoder(batch["pieces"], batch["casing"], batch["first"])
            real = batch["upos"] >= 0
            heads = reader.arcs(x).masked_fill(batch["empty"][:, None, :], -1e4).argmax(-1)
            labels = reader.labels_under(x, heads).argmax(-1)
            good = (heads == batch["arcs"]) & real
            right["upos"] += int(((reader.upos(x[:, 1:]).argmax(-1) == batch["upos"]) & real).sum())
            right["uas"] += int(good.sum())
            right["las"] += int((good & (labels == batch["labels"])).sum())
            total += int(real.sum())
        found |= {f"{name}_{kind}": round(100 * value / max(total, 1), 2) for kind, value in right.items()}
    return found
