"""Names for a treebank that has none: the half-trained network reads them, the gold parts of speech correct it.

Self-training (Yarowsky 1995) with one advantage: where a name begins and ends is nearly settled by the gold proper
nouns, so only its kind is read off the network. What it is unsure of teaches nothing.
"""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import torch

from contested.text import decode

from .batches import collate
from .examples import PLO, Example
from .export import load
from .mentions import JOINING
from .model import Reader
from .pieces import Encoded, cutter, encode
from .prepare import LONGEST
from .syntax import ewt

PROPER, COMMON = 1.5, 2.5  # how far gold parts of speech move the scores, in natural logarithms
SURE = 0.75  # least probability of a tag that teaches


@torch.no_grad()
def name(reader: Reader, examples: list[Example], encoded: list[Encoded]) -> None:
    """Fill the layer of persons, places and organisations; None where the network is unsure."""
    inside = np.array([tag != "O" for tag in PLO])
    for example, numbers in zip(examples, encoded, strict=True):
        batch = collate([numbers])
        x = reader.encoder(batch["pieces"], batch["casing"], batch["first"])
        scores = reader.plo(x[:, 1:])[0].double().numpy()
        proper = np.array(example.upos) == "PROPN"
        joined = np.array([_may_join(*one) for one in zip(example.words, example.upos, strict=True)])
        scores[np.ix_(proper, inside)] += PROPER
        scores[np.ix_(~proper & ~joined, inside)] -= COMMON
        tags = decode.names(scores, PLO)
        sure = decode.logs(scores)[np.arange(len(tags)), [PLO.index(tag) for tag in tags]] >= np.log(SURE)
        example.plo = [tag if certain else None for tag, certain in zip(tags, sure, strict=True)]


def _may_join(word: str, pos: str) -> bool:
    """Whether a word that is no proper noun can be part of a name: "Joint Chiefs of Staff"."""
    return word.lower() in JOINING or (word[0].isupper() and pos in ("ADJ", "NOUN", "NUM", "VERB", "X", "SYM"))


def relabel(corpora: Path, base: Path, out: Path) -> None:
    """Give EWT's training sentences in out/examples.pkl the names that out/checkpoint.pt reads."""
    reader, labels = load(out / "checkpoint.pt")
    with (out / "examples.pkl").open("rb") as file:
        data = pickle.load(file)
    cut, index = cutter(base), {label: i for i, label in enumerate(labels)}
    examples = [one for one in ewt(corpora, "train") if one.words]
    name(reader, examples, [encode(one, cut, index) for one in examples])
    numbers = (encode(one, cut, index) for one in examples)
    others = [one for one in data["train"]["syntax"] if one.corpus != "ewt"]
    data["train"]["syntax"] = others + [one for one in numbers if len(one.pieces) <= LONGEST]
    data["silver"] = True
    with (out / "examples.new").open("wb") as file:
        pickle.dump(data, file)
    (out / "examples.new").replace(out / "examples.pkl")
