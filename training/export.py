"""A checkpoint to the shipped files: encoder.onnx (int8), labels.json, label_scores.npz and vocabulary.txt."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic

from contested.text.remembered import LONGEST

from .examples import GMB, PLO, SPEECH, UPOS, Example, spans
from .model import Reader
from .outliers import tame
from .pieces import cutter, encode

STEPS = 0.35  # the network knows most of it; chosen on the sentences of read_dev.jsonl, which trained nothing
KNOWN, NAMELY = 3, 0.05  # times that words must be seen to be remembered, and the share of them as a name
SAMPLE = 600  # sentences in which a layer's largest units are looked for
OUTPUTS = ("upos", "arcs", "label_word", "label_head", "gmb", "plo", "speech", "vectors")


def load(checkpoint: Path) -> tuple[Reader, list[str]]:
    """The Reader of a checkpoint, ready to score, and its dependency labels."""
    saved = torch.load(checkpoint, weights_only=True, map_location="cpu")
    weights = saved["reader"] | saved["mean"]
    reader = Reader(len(saved["labels"]), inner=len(weights["encoder.blocks.0.up.bias"]))
    reader.load_state_dict(weights)
    reader.encoder.low_frozen = False
    return reader.eval(), saved["labels"]


def plain(reader: Reader, path: Path) -> None:
    """The float graph, with free batch, word-piece and word counts."""
    pieces = torch.tensor([[101, 2023, 2003, 102], [101, 2023, 102, 0]])
    casing, first = torch.tensor([[7, 1, 0, 7], [7, 1, 7, 7]]), torch.tensor([[1, 2], [1, 0]])
    free = {name: {0: "batch", 1: "words"} for name in OUTPUTS}
    free["arcs"] = {0: "batch", 1: "words", 2: "heads"}
    free["label_head"] = {0: "batch", 1: "heads"}
    free |= {name: {0: "batch", 1: "pieces"} for name in ("pieces", "casing")}
    free["first"] = {0: "batch", 1: "words"}
    with torch.no_grad():
        torch.onnx.export(
            reader,
            (pieces, casing, first),
            str(path),
            input_names=["pieces", "casing", "first"],
            output_names=list(OUTPUTS),
            dynamic_axes=free,
            opset_version=17,
            dynamo=False,
        )


def eight_bit(whole: Path, path: Path) -> None:
    """The float graph with eight-bit weights, per channel; seven bits are used, which processors without VNNI need."""
    quantize_dynamic(
        whole,
        path,
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul", "Gather"],
    )


def steps(examples: list[Example]) -> NDArray[np.float32]:
    """[tags, tags] how much likelier a name tag (column) is after another (row) than anywhere, times STEPS."""
    follows, alone = np.ones((len(GMB), len(GMB))), np.ones(len(GMB))
    for example in examples:
        tags = [GMB.index(tag) for tag in example.gmb]
        np.add.at(alone, tags, 1)
        np.add.at(follows, (tags[:-1], tags[1:]), 1)
    told = np.log(follows / follows.sum(1, keepdims=True)) - np.log(alone / alone.sum())
    return (STEPS * told).astype(np.float32)


def memories(examples: list[Example]) -> list[str]:
    """The lines of names.tsv: names seen at least KNOWN times, how often their words were seen at all, and as what."""
    names: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for one in examples:
        for first, end, kind in spans(one.gmb):
            if end - first <= LONGEST:
                names[tuple(one.words[first:end])][kind] += 1
    seen: Counter[tuple[str, ...]] = Counter()
    for one in examples:
        for first in range(len(one.words)):
            for end in range(first + 1, min(first + LONGEST, len(one.words)) + 1):
                if (name := tuple(one.words[first:end])) in names:
                    seen[name] += 1
    return [
        f"{' '.join(name)}\t{seen[name]}\t{' '.join(f'{kind}:{count}' for kind, count in sorted(kinds.items()))}"
        for name, kinds in sorted(names.items())
        if seen[name] >= KNOWN and kinds.total() >= NAMELY * seen[name] and name[0][0].isalnum()
    ]


def export(checkpoint: Path, base: Path, target: Path, named: list[Example]) -> None:
    """Write the shipped files of one checkpoint into `target`; `named` are sentences with GMB's names."""
    reader, labels = load(checkpoint)
    cut = cutter(base)
    tame(reader, [encode(one, cut, {}) for one in named[:SAMPLE]])
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "plain.onnx"
        plain(reader, whole)
        eight_bit(whole, target / "encoder.onnx")
    graph = onnx.load(str(target / "encoder.onnx"))
    graph.doc_string = "contested: part of speech, dependencies, names and attribution of English news"
    onnx.save(graph, str(target / "encoder.onnx"))
    weight, bias = reader.label_out.weight.detach().numpy(), reader.label_out.bias.detach().numpy()
    np.savez(
        target / "label_scores.npz",
        weight=weight.T.astype(np.float32),
        bias=bias.astype(np.float32),
        follow=steps(named),
    )
    tags = {"upos": UPOS, "labels": labels, "gmb": GMB, "plo": PLO, "speech": SPEECH}
    (target / "names.tsv").write_text("\n".join(memories(named)) + "\n", encoding="utf-8")
    (target / "labels.json").write_text(json.dumps(tags, indent=1) + "\n", encoding="utf-8")
    shutil.copy(base / "vocab.txt", target / "vocabulary.txt")
