"""Units of a layer that grow far larger than the rest take the whole of an eight-bit scale: they are written smaller.

One unit in a thousand reaches 20 where the others stay below 6, and every activation beside it is then rounded in steps
of its size. Such a unit is divided by what it exceeds `LARGEST` by, and what it writes is multiplied by the same: the
network computes what it did (Xiao et al. 2023, "SmoothQuant", for the few units that need it).
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from .batches import epoch
from .model import Reader
from .narrow import inner_units
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
    for _, layers in inner_units(reader, epoch(examples, 3000, np.random.default_rng(1))):
        found = [torch.maximum(most, units.abs().amax((0, 1))) for most, units in zip(found, layers, strict=True)]
    return found
