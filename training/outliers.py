"""Units of a layer that grow far larger than the rest take the whole of an eight-bit scale: they are written smaller.

One unit in a thousand reaches 20 where the others stay below 6, and every activation beside it is then rounded in steps
of its size. Such a unit is divided by what it exceeds `LARGEST` by, and what it writes is multiplied by the same: the
network computes what it did (Xiao et al. 2023, "SmoothQuant", for the few units that need it).
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from .batches import collate, epoch
from .model import Reader
from .pieces import Encoded

LARGEST = 6.0  # on 400 training sentences the eight-bit heads stray a quarter less from the float ones; at 4, twice


@torch.no_grad()
def tame(reader: Reader, examples: list[Encoded]) -> None:
    """Give each layer of the Reader its `ease`: 1, or less for the units that exceed LARGEST in these sentences."""
    for block, largest in zip(reader.encoder.blocks, _largest(reader, examples), strict=True):
        excess = (largest / LARGEST).clamp(min=1.0)
        block.ease.copy_(1 / excess)
        block.down.weight.mul_(excess)


def _largest(reader: Reader, examples: list[Encoded]) -> list[Tensor]:
    """The largest size of every inner unit of every layer."""
    found = [torch.zeros(block.up.out_features) for block in reader.encoder.blocks]

    def watched(i: int, block: nn.Module) -> torch.utils.hooks.RemovableHandle:
        def see(_: nn.Module, __: tuple[Tensor], given: Tensor) -> None:
            found[i] = torch.maximum(found[i], functional.gelu(given).abs().amax((0, 1)))

        return block.up.register_forward_hook(see)

    hooks = [watched(i, block) for i, block in enumerate(reader.encoder.blocks)]
    for group in epoch(examples, 3000, np.random.default_rng(1)):
        batch = collate(group)
        reader.encoder(batch["pieces"], batch["casing"], batch["first"])
    for hook in hooks:
        hook.remove()
    return found
