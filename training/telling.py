"""Learns which words tell something: the network of contested.text.telling, from the reading gold.

    python -m training.telling --gold DIR --out src/contested/text/model

The encoder stays as it is. A gold assertion gives a quote and no trigger: at first it hangs on the quote's top word, or
on one that a word list knows; twice on the way each quote moves to the word that by then seems likeliest (hard
expectation maximisation). What ships is the mean of SEEDS networks, in eight bits; the same gold gives the same bytes.
Bars, the least chance at which an assertion stands, come from networks that did not see the sentence (bars.py).
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from contested.extract.frames import evoked
from contested.model import Document
from contested.text import Reading, Tree, encoder
from contested.text.telling import numbers

from .export import eight_bit
from .model import DEPTHS, WIDTH

SORTS = {
    "event": "type", "statement": "", "control": "status", "commitment": "modality", "forecast": "",
    "responsibility": "stance", "quantity": "", "relation": "relation", "designation": "act", "compliance": "verdict",
}  # fmt: skip
LEXICONS = {"event", "control", "responsibility", "designation", "commitment", "compliance", "relation", "statement"}
INNER, ATTENTION, DROP, SEEDS = 128, 4, 0.35, 3
PASSES, MOVES, SIZE, RATE, DECAY = 14, (4, 8), 32, 1.5e-3, 0.02
TOP, LISTED, ELSEWHERE = 1.0, 2.0, 0.02  # how well a word of a quote serves as its trigger, before anything is learned
CONTENT = frozenset({"VERB", "NOUN", "ADJ", "PROPN", "AUX", "NUM"})


@dataclass
class Quoted:
    """A gold assertion in one sentence: what it tells, and how well each word of its quote may serve as trigger."""

    tells: tuple[str, ...]
    words: dict[int, float]


@dataclass
class Sentence:
    """One sentence as the network sees it, with what it asserts; `chances` [words, tells] once predicted."""

    id: str
    inputs: dict[str, np.ndarray]
    quoted: list[Quoted] = field(default_factory=list)
    chances: np.ndarray | None = None

    @property
    def size(self) -> int:
        return self.inputs["heads"].shape[1]


class Listener:
    """Stands where the network does in the encoder, and keeps what it is shown."""

    def __init__(self) -> None:
        self.shown: list[dict[str, np.ndarray]] = []

    def __call__(self, vectors: np.ndarray, upos: np.ndarray, labels: list[str], heads: np.ndarray) -> list[tuple]:
        names = encoder._model().tags["labels"]
        self.shown.append(numbers(vectors, upos, [names.index(label) for label in labels], heads))
        return [()] * len(labels)


def read(path: Path) -> Iterator[list[Sentence]]:
    """Each line of the gold as the sentences it is cut into."""
    plain, shown = encoder._model(), Listener()
    encoder._model = lambda: replace(plain, telling=shown)  # type: ignore[assignment, arg-type]
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            one = json.loads(line)
            shown.shown.clear()
            trees = Reading(Document(one["id"], "", one["text"], "0" * 64)).trees
            by_heads = {tuple(inputs["heads"][0]): inputs for inputs in shown.shown}  # read in another order
            keys = [tuple(token.head + 1 for token in tree.tokens) for tree in trees]
            if all(key in by_heads for key in keys):  # not so where a sentence is read in windows
                found = [Sentence(one["id"], by_heads[key]) for key in keys]
                for gold in one["assertions"]:
                    _quote(gold, one["text"], trees, found)
                yield found
    finally:
        encoder._model = lambda: plain  # type: ignore[assignment]


def _quote(gold: dict, text: str, trees: Sequence[Tree], sentences: list[Sentence]) -> None:
    """Put a gold assertion into the sentence its quote begins in."""
    kind, start = gold["kind"], text.find(gold["quote"])
    end = start + len(gold["quote"])
    for tree, sentence in zip(trees, sentences, strict=True):
        span = (
            [i for i, token in enumerate(tree.tokens) if token.start < end and token.end > start] if start >= 0 else []
        )
        if not span:
            continue
        known = {e.trigger for e in evoked(tree, kind)} if kind in LEXICONS else set()
        tops = [i for i in span if tree.tokens[i].head not in span]
        top = min(tops, key=lambda i: (len(tree.above(i)), tree.tokens[i].pos not in ("VERB", "NOUN", "ADJ"), i))
        words = {i: ELSEWHERE for i in span if tree.tokens[i].pos in CONTENT} | {top: TOP}
        words |= {i: LISTED for i in span if i in known}
        sort = gold["readings"][0].get(SORTS[kind]) if SORTS[kind] else None
        sentence.quoted.append(Quoted((kind, *((f"{kind}.{sort}",) if sort else ())), words))
        return


def names(sentences: Sequence[Sentence]) -> list[str]:
    """What there is to tell: kinds, then their sorts."""
    told = {name for one in sentences for quoted in one.quoted for name in quoted.tells}
    return [*SORTS, *sorted(name for name in told if "." in name)]


class Network(nn.Module):
    """Vectors, parts of speech and labels to chances: a layer of attention, the head's vector beside each word's."""

    def __init__(self, upos: int, labels: int, tells: int) -> None:
        super().__init__()
        wide = INNER + 24
        self.norm, self.vectors = nn.LayerNorm(WIDTH * len(DEPTHS)), nn.Linear(WIDTH * len(DEPTHS), INNER)
        self.upos, self.labels = nn.Embedding(upos, 8), nn.Embedding(labels, 16)
        self.before, self.qkv = nn.Linear(wide, INNER), nn.Linear(INNER, 3 * INNER)
        self.norm1, self.norm2, self.mixed = nn.LayerNorm(INNER), nn.LayerNorm(INNER), nn.Linear(INNER, INNER)
        self.feed = nn.Sequential(nn.Linear(INNER, 2 * INNER), nn.GELU(), nn.Linear(2 * INNER, INNER))
        self.last = nn.Sequential(
            nn.Linear(INNER + 2 * wide, INNER), nn.GELU(), nn.Dropout(DROP), nn.Linear(INNER, tells)
        )
        self.drop, self.drop1 = nn.Dropout(DROP), nn.Dropout(DROP / 2)
        nn.init.constant_(self.last[-1].bias, -4.0)

    def forward(self, vectors: Tensor, upos: Tensor, labels: Tensor, heads: Tensor) -> Tensor:
        """[batch, words, tells] scores; `heads` count from 1, and past a sentence's end words have upos -1."""
        there = upos >= 0
        seen = self.vectors(self.drop(self.norm(vectors)))
        x = self.drop(torch.cat([seen, self.upos(upos.clamp(min=0)), self.labels(labels)], -1))
        above = torch.gather(functional.pad(x, (0, 0, 1, 0)), 1, heads[..., None].expand(-1, -1, x.shape[-1]))
        y = self.before(x)
        batch, words, _ = y.shape
        parts = self.qkv(self.norm1(y)).split(INNER, -1)
        q, k, v = (one.view(batch, words, ATTENTION, -1).transpose(1, 2) for one in parts)
        far = torch.where(there, 0.0, -1e4)[:, None, None, :]
        weights = torch.softmax(q @ k.transpose(-1, -2) * (INNER // ATTENTION) ** -0.5 + far, -1)
        y = y + self.drop1(self.mixed((self.drop1(weights) @ v).transpose(1, 2).reshape(batch, words, INNER)))
        y = y + self.drop1(self.feed(self.norm2(y)))
        return self.last(torch.cat([y, x, above], -1))


class Mean(nn.Module):
    """Several networks as one: the mean of their chances."""

    def __init__(self, networks: Sequence[Network]) -> None:
        super().__init__()
        self.networks = nn.ModuleList(networks)

    def forward(self, vectors: Tensor, upos: Tensor, labels: Tensor, heads: Tensor) -> Tensor:
        return torch.stack([torch.sigmoid(one(vectors, upos, labels, heads)) for one in self.networks]).mean(0)


def together(sentences: Sequence[Sentence]) -> list[Tensor]:
    """Padded inputs of some sentences."""
    long = max(one.size for one in sentences)
    found = []
    for name in ("vectors", "upos", "labels", "heads"):
        rows = [one.inputs[name][0] for one in sentences]
        empty = -1 if name == "upos" else 0
        padded = [np.pad(r, [(0, long - len(r)), *[(0, 0)] * (r.ndim - 1)], constant_values=empty) for r in rows]
        found.append(torch.from_numpy(np.stack(padded)))
    return found


def wanted(sentence: Sentence, tells: dict[str, int]) -> np.ndarray:
    """[words, tells] 1 at the trigger of each quote: the best of its words by what is known so far."""
    found = np.zeros((sentence.size, len(tells)), np.float32)
    for quoted in sentence.quoted:
        own = [tells[name] for name in quoted.tells if name in tells]
        fit = quoted.words
        if sentence.chances is not None:
            fit = {i: weight**0.5 * sentence.chances[i, own[0]] for i, weight in fit.items()}
        found[max(fit, key=lambda i: fit[i]), own] = 1.0
    return found


@torch.no_grad()
def predict(network: nn.Module, sentences: Sequence[Sentence]) -> None:
    """Fill in the chances."""
    network.eval()
    for first in range(0, len(sentences), 64):
        some = sentences[first : first + 64]
        for one, chances in zip(some, network(*together(some)).numpy(), strict=True):
            one.chances = chances[: one.size]


def learn(sentences: Sequence[Sentence], tells: Sequence[str], sizes: tuple[int, int], seed: int) -> Network:
    """One network; the same sentences and seed give the same."""
    torch.manual_seed(seed)
    dice = np.random.default_rng(seed)
    index = {name: i for i, name in enumerate(tells)}
    network = Network(*sizes, len(tells))
    batches = -(-len(sentences) // SIZE)
    by = torch.optim.AdamW(network.parameters(), RATE, weight_decay=DECAY)
    pace = torch.optim.lr_scheduler.OneCycleLR(by, RATE, total_steps=PASSES * (batches + 8), pct_start=0.1)
    for one in sentences:
        one.chances = None
    for turn in range(PASSES):
        if turn in MOVES:
            predict(Mean([network]), sentences)
        network.train()
        for some in shuffled(sentences, dice):
            target = np.zeros((len(some), max(one.size for one in some), len(tells)), np.float32)
            for row, one in enumerate(some):
                target[row, : one.size] = wanted(one, index)
            inputs = together(some)
            losses = functional.binary_cross_entropy_with_logits(
                network(*inputs), torch.from_numpy(target), reduction="none"
            )
            loss = (losses * (inputs[1] >= 0)[..., None]).sum() / len(some)
            by.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            by.step()
            pace.step()
    return network.eval()


def shuffled(sentences: Sequence[Sentence], dice: np.random.Generator) -> list[list[Sentence]]:
    """Batches in a new order, sentences of like length together."""
    found = []
    for part in np.array_split(dice.permutation(len(sentences)), 8):
        near = sorted(part, key=lambda i: sentences[i].size)
        found += [[sentences[i] for i in near[at : at + SIZE]] for at in range(0, len(near), SIZE)]
    return [found[i] for i in dice.permutation(len(found))]


def sizes() -> tuple[int, int]:
    """How many parts of speech and labels the encoder knows."""
    tags = encoder._model().tags
    return len(tags["upos"]), len(tags["labels"])


def ship(networks: Sequence[Network], tells: Sequence[str], target: Path) -> None:
    """Write telling.onnx (int8) and telling.json."""
    inputs = ("vectors", "upos", "labels", "heads")
    sample = (torch.zeros(1, 2, WIDTH * len(DEPTHS)), *(torch.ones(1, 2, dtype=torch.int64) for _ in range(3)))
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        whole = Path(folder) / "plain.onnx"
        free = {name: {1: "words"} for name in (*inputs, "chances")}
        torch.onnx.export(Mean(networks).eval(), sample, str(whole), input_names=list(inputs), output_names=["chances"],
                          dynamic_axes=free, opset_version=17, dynamo=False)  # fmt: skip
        eight_bit(whole, target / "telling.onnx")
    (target / "telling.json").write_text(json.dumps({"tells": list(tells)}, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(prog="training.telling", description=__doc__)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="the model's folder")
    given = parser.parse_args()
    torch.set_num_threads(1)
    every = [sentence for line in read(given.gold / "read_train.jsonl") for sentence in line]
    tells = names(every)
    print(f"{len(every)} sentences, {sum(len(one.quoted) for one in every)} assertions, {len(tells)} things to tell")
    ship([learn(every, tells, sizes(), seed) for seed in range(SEEDS)], tells, given.out)


if __name__ == "__main__":
    main()
