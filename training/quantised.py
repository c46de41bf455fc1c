"""What eight-bit weights cost each head. `python -m training.quantised --corpora DIR --out RUN [--limit N]`

The checkpoint of RUN as a float graph and as it ships: per cent of words right, each sentence alone, on EWT's and GUM's
development parts for trees and on test parts for names, which only this looks at beside the benchmarks.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from .__main__ import base_model
from .batches import collate
from .examples import Example
from .export import OUTPUTS, SAMPLE, eight_bit, load, plain
from .names import gmb, is_gmb_test, uner
from .outliers import tame
from .pieces import Encoded, cutter, encode
from .syntax import ewt, gum

HEADS = ("upos", "arcs", "labels", "speech", "gmb", "plo")


def sessions(run: Path, sample: list[Encoded]) -> tuple[dict[str, Any], list[str], np.ndarray, np.ndarray]:
    """The float and the eight-bit session, the dependency labels, and the weights and bias of the labels' last step."""
    reader, labels = load(run / "checkpoint.pt")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 3
    with tempfile.TemporaryDirectory() as folder:
        paths = {"float": Path(folder) / "plain.onnx", "int8": Path(folder) / "int8.onnx"}
        plain(reader, paths["float"])
        tame(reader, sample)
        plain(reader, paths["int8"])
        eight_bit(paths["int8"], paths["int8"])
        opened = {name: onnxruntime.InferenceSession(str(path), options) for name, path in paths.items()}
    last = reader.label_out
    return opened, labels, last.weight.detach().numpy().T, last.bias.detach().numpy()


def right(session: Any, one: Encoded, weight: np.ndarray, bias: np.ndarray) -> Iterator[tuple[str, int, int]]:
    """(head, words right, words judged) of one sentence; a label is judged on the gold head."""
    batch = {name: tensor.numpy() for name, tensor in collate([one]).items() if name in ("pieces", "casing", "first")}
    scores = {name: value[0] for name, value in zip(OUTPUTS, session.run(OUTPUTS, batch), strict=True)}
    if "arcs" in one.layers:
        pair = scores["label_word"] + scores["label_head"][one.layers["arcs"]]
        scores["labels"] = np.maximum(pair, 0) @ weight + bias
    for head in HEADS:
        if head in one.layers:
            gold = one.layers[head]
            judged = gold >= 0
            yield head, int(((scores[head].argmax(1) == gold) & judged).sum()), int(judged.sum())


def parts(corpora: Path, limit: int) -> Iterator[tuple[str, list[Example]]]:
    yield "EWT dev", ewt(corpora, "dev")[:limit]
    yield "GUM dev", gum(corpora, "dev")[:limit]
    yield "GMB test part", [one for number, one in gmb(corpora) if is_gmb_test(number)][:limit]
    yield "UNER EWT test", uner(corpora, "test")[:limit]


def main() -> None:
    parser = argparse.ArgumentParser(prog="training.quantised", description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="the run's folder")
    parser.add_argument("--limit", type=int, default=500, help="sentences of each part (default 500)")
    given = parser.parse_args()
    cut = cutter(base_model())
    sample = [encode(one, cut, {}) for number, one in gmb(given.corpora) if not is_gmb_test(number)][:SAMPLE]
    opened, labels, weight, bias = sessions(given.out, sample)
    index = {label: i for i, label in enumerate(labels)}
    print("| part | head | words | float | int8 | lost |\n|---|---|---:|---:|---:|---:|")
    for part, examples in parts(given.corpora, given.limit):
        encoded = [encode(one, cut, index) for one in examples if one.words]
        tally: dict[str, Counter[str]] = {name: Counter() for name in opened}
        words: Counter[str] = Counter()
        for one in encoded:
            for name, session in opened.items():
                for head, good, judged in right(session, one, weight, bias):
                    tally[name][head] += good
                    words[head] += judged if name == "float" else 0
        for head, count in words.items():
            whole, eight = (100 * tally[name][head] / count for name in ("float", "int8"))
            print(f"| {part} | {head} | {count:,} | {whole:.2f} | {eight:.2f} | {whole - eight:+.2f} |", flush=True)


if __name__ == "__main__":
    main()
