"""Entities of conflict reports (re3d), held out by document. `python -m benchmarks.re3d --corpora DIR [--model DIR]`

`the network's own head` is the head of persons, places and organisations on re3d's reports. `five-fold` is a new linear
head over the frozen encoder's word vectors for every fifth of the documents, trained on the other four: that head
never saw the documents it is scored on. Whether the encoder did is its training's affair. training/prepare.py leaves
re3d out; but the first shipped weights were trained on its persons, places and organisations, and weights that go on
from them (`--start`) have seen those labels: there the network's own head is no test, and the three types are flattered
in the folds. Labels of the other types have reached no encoder.

--model is a folder of shipped files (the installed ones without it). Needs `pip install onnx`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from benchmarks.encoder import f1
from numpy.typing import NDArray
from training.examples import PLO, spans
from training.names import re3d_documents, re3d_sentences

from contested.text import decode, encoder
from contested.text.pieces import WordPieces
from contested.text.sentences import Sentence, sentences

FOLDS = 5
STEPS, RATE, DECAY, SMOOTH = 300, 0.02, 1e-3, (0.9, 0.999)
MODEL = Path(encoder.__file__).with_name("model")
SUM, OPEN, OPEN_KINDS = "all", "Person, Location, Organisation", {"Person", "Organisation", "Location"}
Array = NDArray[Any]


@dataclass(slots=True)
class Read:
    """A sentence: its document, its words' vectors [words, width], the shipped head's scores, and its tags.

    `tags` are of re3d's own types; `plo` are those that trained the shipped head (no articles, no long mentions).
    """

    document: str
    vectors: Array
    scores: Array
    tags: list[str]
    plo: list[str]


class Network:
    """The encoder of a folder of shipped files, its word vectors laid open."""

    def __init__(self, folder: Path) -> None:
        graph = onnx.load(str(folder / "encoder.onnx"))
        self.vectors = _input_of("plo", graph.graph)
        graph.graph.output.append(onnx.helper.make_tensor_value_info(self.vectors, onnx.TensorProto.FLOAT, None))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(graph.SerializeToString(), options, ["CPUExecutionProvider"])
        lines = (folder / "vocabulary.txt").read_text(encoding="utf-8").splitlines()
        self.pieces = WordPieces({piece: i for i, piece in enumerate(lines)})

    def __call__(self, sentence: Sentence) -> tuple[Array, Array]:
        """Vectors and scores of a sentence's words."""
        found: list[list[Array]] = []
        for window in encoder._windows(0, sentence.tokens, self.pieces):
            outputs = self.session.run([self.vectors, "plo"], encoder._numbers(self.pieces, [window]))
            found.append([output[0, : len(window.tokens)] for output in outputs])
        vectors, scores = zip(*found, strict=True)
        return np.concatenate(vectors), np.concatenate(scores)


def _input_of(output: str, graph: onnx.GraphProto) -> str:
    """The tensor that a quantised linear head reads."""
    made = {name: node for node in graph.node for name in node.output}
    node = made[output]
    while node.op_type != "DynamicQuantizeLinear":
        node = made[next(name for name in node.input if name in made)]
    return str(node.input[0])


def tagged(sentence: Sentence, mentions: list[dict]) -> list[str]:
    """BIO tags of a sentence's words, mentions whole as annotated; of mentions within each other the longest."""
    tags = ["O"] * len(sentence.tokens)
    for one in mentions:
        inside = [i for i, token in enumerate(sentence.tokens) if one["begin"] <= token.start < one["end"]]
        if inside and all(tags[i] == "O" for i in inside):
            for i in inside:
                tags[i] = f"{'B' if i == inside[0] else 'I'}-{one['type']}"
    return tags


def read(corpora: Path, network: Network) -> list[Read]:
    found = []
    for document, text, entities in re3d_documents(corpora):
        mentions = [one for one in entities if text[one["begin"] : one["begin"] + len(one["value"])] == one["value"]]
        mentions.sort(key=lambda one: one["begin"] - one["end"])
        trained = re3d_sentences(text, entities)
        for sentence, example in zip(sentences(text), trained, strict=True):
            found.append(Read(document, *network(sentence), tagged(sentence, mentions), example.plo))
    return found


@dataclass(slots=True)
class Head:
    """Softmax regression from a word's vector to its tag."""

    weight: Array
    bias: Array
    mean: Array
    spread: Array

    def __call__(self, vectors: Array) -> Array:
        return (vectors - self.mean) / self.spread @ self.weight + self.bias


def learned(vectors: Array, gold: Array, kinds: int) -> Head:
    """The head of least cross-entropy, by Adam on all words at once; settings fixed before any score was seen."""
    mean, spread = vectors.mean(0), vectors.std(0) + 1e-6
    x = ((vectors - mean) / spread).astype(np.float32)
    x = np.hstack([x, np.ones((len(x), 1), np.float32)])
    weight = np.zeros((x.shape[1], kinds), np.float32)
    first, second = np.zeros_like(weight), np.zeros_like(weight)
    for step in range(1, STEPS + 1):
        scores = x @ weight
        chances = np.exp(scores - scores.max(1, keepdims=True))
        chances /= chances.sum(1, keepdims=True)
        chances[np.arange(len(gold)), gold] -= 1.0
        slope = x.T @ chances / len(gold) + DECAY * weight
        first = SMOOTH[0] * first + (1 - SMOOTH[0]) * slope
        second = SMOOTH[1] * second + (1 - SMOOTH[1]) * slope**2
        ahead = (second / (1 - SMOOTH[1] ** step)) ** 0.5 + 1e-8
        weight -= RATE * (1 - step / (STEPS + 1)) * first / (1 - SMOOTH[0] ** step) / ahead
    return Head(weight[:-1], weight[-1], mean, spread)


Tally = dict[str, list[int]]


def count(tally: Tally, gold: list[str], found: list[str], kinds: list[str]) -> None:
    """Add one sentence's spans to right, found and gold, by type and in sum."""
    theirs, ours = spans(gold), spans(found)
    sums = {SUM: set(kinds), **({OPEN: OPEN_KINDS} if set(kinds) > OPEN_KINDS else {})}
    for name, wanted in (sums | {kind: {kind} for kind in kinds}).items():
        a, b = ({one for one in side if one[2] in wanted} for side in (ours, theirs))
        for i, more in enumerate((len(a & b), len(a), len(b))):
            tally.setdefault(name, [0, 0, 0])[i] += more


def held_out(known: list[Read], layer: str) -> list[Tally]:
    """A tally for each fold, of heads trained on `layer` of the other folds."""
    gold = {id(one): getattr(one, layer) for one in known}
    kinds = sorted({tag[2:] for tags in gold.values() for tag in tags if tag != "O"})
    tags = ["O", *(f"{edge}-{kind}" for kind in kinds for edge in "BI")]
    order = {document: i for i, document in enumerate(sorted({one.document for one in known}))}
    folds: list[Tally] = []
    for fold in range(FOLDS):
        train = [one for one in known if order[one.document] % FOLDS != fold]
        answers = np.array([tags.index(tag) for one in train for tag in gold[id(one)]])
        head = learned(np.concatenate([one.vectors for one in train]), answers, len(tags))
        folds.append({})
        for one in known:
            if order[one.document] % FOLDS == fold:
                count(folds[-1], gold[id(one)], decode.names(head(one.vectors), tags), kinds)
    return folds


def rows(measure: str, folds: list[Tally]) -> Iterator[str]:
    """One row a type, the sums first."""
    for kind in sorted(folds[0], key=lambda name: (name != SUM, name != OPEN, name)):
        whole = [sum(fold[kind][i] for fold in folds) for i in range(3)]
        each = sorted(f1(*fold[kind]) for fold in folds if fold[kind][2])
        spread = f"{each[0]:.1f} to {each[-1]:.1f}" if len(folds) > 1 else ""
        yield f"| {measure} | {kind} | {whole[2]} | {f1(*whole):.1f} | {spread} |"


def report(corpora: Path, folder: Path) -> Iterator[str]:
    known = read(corpora, Network(folder))
    shipped: Tally = {}
    for one in known:
        count(shipped, one.plo, decode.names(one.scores, PLO), ["LOC", "ORG", "PER"])
    documents = len({one.document for one in known})
    yield f"{documents} documents, {len(known)} sentences, {sum(len(one.tags) for one in known)} words\n"
    yield "| measure | type | mentions | F1 | folds, lowest to highest |\n|---|---|---:|---:|---|"
    yield from rows("the network's own head", [shipped])
    yield from rows("five-fold, the same tags", held_out(known, "plo"))
    yield from rows("five-fold, re3d's own types", held_out(known, "tags"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.re3d", description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True, help="folder with the corpora")
    parser.add_argument("--model", type=Path, default=MODEL, help="folder of shipped files (default: the installed)")
    given = parser.parse_args()
    for line in report(given.corpora, given.model):
        print(line, flush=True)


if __name__ == "__main__":
    main()
