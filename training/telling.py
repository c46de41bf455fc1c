"""Learns which words tell something: the network of contested.text.telling, from the reading gold.

    python -m training.telling --gold DIR --corpora DIR --out src/contested/text/model

The encoder stays as it is. A gold assertion gives a quote and no trigger: at first it hangs on the quote's top word, or
on one that a word list knows; twice on the way each quote moves to the word that by then seems likeliest (hard
expectation maximisation). What ships is the mean of SEEDS networks, in eight bits; the same gold gives the same bytes.
Bars, the least chance at which an assertion stands, come from networks that did not see the sentence (bars.py).
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from contested.extract.frames import evoked
from contested.model import Document
from contested.text import Reading, Tree, encoder
from contested.text.telling import numbers

from . import readings
from .export import eight_bit
from .model import DEPTHS, WIDTH

KINDS = (
    "event", "statement", "control", "commitment", "forecast", "responsibility", "quantity", "relation", "designation",
    "compliance",
)  # fmt: skip
SORTS = {kind: readings.SORTS.get(kind, "") for kind in KINDS}
LEXICONS = {"event", "control", "responsibility", "designation", "commitment", "compliance", "relation", "statement"}
INNER, LAYERS, ATTENTION, DROP, SEEDS = 128, 2, 4, 0.35, 3
PASSES, MOVES, SIZE, RATE, DECAY = 12, (4, 8), 32, 1.5e-3, 0.02
INSIDE = 0.3  # how much it counts, beside the words that tell, to know where quotes begin and end
TOP, LISTED, ELSEWHERE = 1.0, 2.0, 0.02  # how well a word of a quote serves as its trigger, before anything is learned
CONTENT = frozenset({"VERB", "NOUN", "ADJ", "PROPN", "AUX", "NUM"})


@dataclass
class Quoted:
    """A gold assertion in one sentence: what it tells, and how well each word of its quote may serve as trigger."""

    tells: tuple[str, ...]
    words: dict[int, float]


@dataclass
class Sentence:
    """One sentence as the network sees it, with what it asserts; `chances` [words, tells] once predicted.

    `ours` were read besides the reading gold (readings.py)."""

    id: str
    inputs: dict[str, np.ndarray]
    quoted: list[Quoted] = field(default_factory=list)
    chances: np.ndarray | None = None
    ours: bool = False

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


def gold_of(folder: Path) -> Iterator[dict[str, Any]]:
    """The lines of the reading gold."""
    for line in (folder / "read_train.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def read(lines: Iterable[dict[str, Any]]) -> Iterator[list[Sentence]]:
    """Each line of gold as the sentences it is cut into."""
    plain, shown = encoder._model(), Listener()
    encoder._model = lambda: replace(plain, telling=shown)  # type: ignore[assignment, arg-type]
    try:
        for one in lines:
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


class Layer(nn.Module):
    """Attention among the words of a sentence, then each word for itself."""

    def __init__(self) -> None:
        super().__init__()
        self.norm1, self.norm2, self.drop = nn.LayerNorm(INNER), nn.LayerNorm(INNER), nn.Dropout(DROP / 2)
        self.qkv, self.mixed = nn.Linear(INNER, 3 * INNER), nn.Linear(INNER, INNER)
        self.feed = nn.Sequential(nn.Linear(INNER, 2 * INNER), nn.GELU(), nn.Linear(2 * INNER, INNER))

    def forward(self, y: Tensor, far: Tensor) -> Tensor:
        batch, words, _ = y.shape
        parts = self.qkv(self.norm1(y)).split(INNER, -1)
        q, k, v = (one.view(batch, words, ATTENTION, -1).transpose(1, 2) for one in parts)
        weights = torch.softmax(q @ k.transpose(-1, -2) * (INNER // ATTENTION) ** -0.5 + far, -1)
        y = y + self.drop(self.mixed((self.drop(weights) @ v).transpose(1, 2).reshape(batch, words, INNER)))
        return y + self.drop(self.feed(self.norm2(y)))


class Network(nn.Module):
    """Vectors, parts of speech and labels to chances: layers of attention, the head's vector beside each word's.

    Two parts only serve learning: `inside` says of each word in which kinds' quotes it stands, `other` by how much more
    readily those who read our own readings told something than those of the gold.
    """

    def __init__(self, upos: int, labels: int, tells: int) -> None:
        super().__init__()
        wide = INNER + 24
        self.norm, self.vectors = nn.LayerNorm(WIDTH * len(DEPTHS)), nn.Linear(WIDTH * len(DEPTHS), INNER)
        self.upos, self.labels = nn.Embedding(upos, 8), nn.Embedding(labels, 16)
        self.before, self.layers = nn.Linear(wide, INNER), nn.ModuleList(Layer() for _ in range(LAYERS))
        self.last = nn.Sequential(
            nn.Linear(INNER + 2 * wide, INNER), nn.GELU(), nn.Dropout(DROP), nn.Linear(INNER, tells)
        )
        self.inside, self.other = nn.Linear(INNER, len(SORTS)), nn.Parameter(torch.zeros(tells))
        self.drop = nn.Dropout(DROP)
        nn.init.constant_(self.last[-1].bias, -4.0)

    def forward(self, vectors: Tensor, upos: Tensor, labels: Tensor, heads: Tensor) -> Tensor:
        """[batch, words, tells] scores; `heads` count from 1, and past a sentence's end words have upos -1."""
        return self.both(vectors, upos, labels, heads)[0]

    def both(self, vectors: Tensor, upos: Tensor, labels: Tensor, heads: Tensor) -> tuple[Tensor, Tensor]:
        """The scores, and [batch, words, kinds] whether each word stands in a quote."""
        seen = self.vectors(self.drop(self.norm(vectors)))
        x = self.drop(torch.cat([seen, self.upos(upos.clamp(min=0)), self.labels(labels)], -1))
        above = torch.gather(functional.pad(x, (0, 0, 1, 0)), 1, heads[..., None].expand(-1, -1, x.shape[-1]))
        y, far = self.before(x), torch.where(upos >= 0, 0.0, -1e4)[:, None, None, :]
        for layer in self.layers:
            y = layer(y, far)
        return self.last(torch.cat([y, x, above], -1)), self.inside(y)


class Mean(nn.Module):
    """Several networks as one: the mean of their chances."""

    def __init__(self, networks: Sequence[Network]) -> None:
        super().__init__()
        self.networks = nn.ModuleList(networks)

    def forward(self, vectors: Tensor, upos: Tensor, labels: Tensor, heads: Tensor) -> Tensor:
        return torch.stack([torch.sigmoid(one(vectors, upos, labels, heads)) for one in self.networks]).mean(0)


def together(sentences: Sequence[Sentence]) -> list[Tensor]:
    """Padded inputs of some sentences."""
    long, found = max(one.size for one in sentences), []
    for name in ("vectors", "upos", "labels", "heads"):
        rows = [one.inputs[name][0] for one in sentences]
        kind, empty = (np.float32 if name == "vectors" else np.int64), (-1 if name == "upos" else 0)
        whole = np.full((len(rows), long, *rows[0].shape[1:]), empty, kind)
        for at, row in enumerate(rows):
            whole[at, : len(row)] = row
        found.append(torch.from_numpy(whole))
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


def within(sentence: Sentence) -> np.ndarray:
    """[words, kinds] 1 at the words of each quote."""
    found = np.zeros((sentence.size, len(SORTS)), np.float32)
    for quoted in sentence.quoted:
        found[list(quoted.words), list(SORTS).index(quoted.tells[0])] = 1.0
    return found


def loss_of(network: Network, some: Sequence[Sentence], tells: dict[str, int]) -> Tensor:
    """How far a network is from what some sentences tell."""
    inputs = together(some)
    scores, inside = network.both(*inputs)
    scores = scores + torch.tensor([float(one.ours) for one in some])[:, None, None] * network.other
    there, total = (inputs[1] >= 0)[..., None], torch.zeros(())
    for found, target, weight in ((scores, lambda one: wanted(one, tells), 1.0), (inside, within, INSIDE)):
        goal = torch.zeros_like(found)
        for row, one in enumerate(some):
            goal[row, : one.size] = torch.from_numpy(target(one))
        each = functional.binary_cross_entropy_with_logits(found, goal, reduction="none")
        total = total + weight * (each * there).sum()
    return total / len(some)


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
            loss = loss_of(network, some, index)
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


def learned_from(gold: Path, corpora: Path | None, without: Path | None = None) -> list[list[Sentence]]:
    """Every line of the gold, then those of our own readings where the corpus is at hand."""
    lines = list(read(gold_of(gold)))
    if corpora is not None:
        kept_out = frozenset(without.read_text(encoding="utf-8").split()) if without else frozenset[str]()
        own = list(read(readings.readings(corpora, kept_out)))
        for line in own:
            for one in line:
                one.ours = True
        lines += own
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(prog="training.telling", description=__doc__)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--corpora", type=Path, help="the folder that holds gmb: learn from readings.jsonl too")
    parser.add_argument("--without", type=Path, help="ids of sentences that must not train, one a line")
    parser.add_argument("--out", type=Path, required=True, help="the model's folder")
    given = parser.parse_args()
    torch.set_num_threads(1)
    every = [one for line in learned_from(given.gold, given.corpora, given.without) for one in line]
    tells = names(every)
    print(f"{len(every)} sentences, {sum(len(one.quoted) for one in every)} assertions, {len(tells)} things to tell")
    ship([learn(every, tells, sizes(), seed) for seed in range(SEEDS)], tells, given.out)


if __name__ == "__main__":
    main()
