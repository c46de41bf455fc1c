"""A Reader with the weights of shipped files: training goes on where the last shipped model stands.

The int8 weights are multiplied out again, which costs what quantisation cost (a few tenths of a point) and is soon
learned back.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper

from .model import Reader

_NODE, _MATRIX = "/MatMul_quant", "_quantized"


def shipped(folder: Path, labels: list[str], dropout: float = 0.1) -> Reader:
    """The Reader of a folder of shipped files; raises ValueError where their labels are not those of the corpora."""
    tags = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    if tags["labels"] != labels:
        raise ValueError(f"{folder / 'labels.json'}: other dependency labels than the corpora's; train from the base")
    graph = onnx.load(str(folder / "encoder.onnx")).graph
    stored = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    found = {name: array for name, array in stored.items() if array.dtype == np.float32 and "::" not in name}
    for name in [one for one in stored if one.endswith(_MATRIX) and "::" not in one]:
        found[name.removesuffix(_MATRIX)] = _whole(stored, name)
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            module = node.name.removeprefix("/").removesuffix(_NODE).replace("/speech/speech.", "speech.")
            module = module.removeprefix("speech/").replace("/", ".")
            found[f"{module}.weight"] = _whole(stored, node.input[1]).T
    with np.load(folder / "label_scores.npz", allow_pickle=False) as scores:
        found |= {"label_out.weight": scores["weight"].T, "label_out.bias": scores["bias"]}
    for name in [one for one in found if one.endswith(".ease")]:  # outliers.py moved it out of the weights
        found[name.replace(".ease", ".down.weight")] *= found.pop(name)
    reader = Reader(len(labels), dropout, len(found["encoder.blocks.0.up.bias"]))
    wanted = set(reader.state_dict())
    weights = {name: torch.tensor(array.copy()) for name, array in found.items() if name in wanted}
    reader.load_state_dict(weights)
    reader.encoder.low_frozen = False
    return reader


def _whole(stored: dict[str, NDArray[np.generic]], name: str) -> NDArray[np.float32]:
    """A quantised matrix as floats; scales go by column, or are one for all."""
    base = name.removesuffix(_MATRIX)
    zero = stored[f"{base}_zero_point"].astype(np.float32)
    return (stored[name].astype(np.float32) - zero) * stored[f"{base}_scale"]
