"""All corpora to numbered examples, once: training pools, development sets and the label inventory."""

from __future__ import annotations

import json
import pickle
from collections import Counter
from pathlib import Path

from .examples import Example
from .names import gmb, is_gmb_test, open_names, uner
from .pieces import Encoded, cutter, encode
from .renamed import renamed, reworded
from .syntax import ewt, gum
from .voices import of_reading, readings

LONGEST = 160  # word pieces; longer training sentences are left out
RARE = 20  # dependency labels seen fewer times fall back to their base label
SHARES = {
    "syntax": 0.36,
    "reworded": 0.05,
    "gmb": 0.30,
    "renamed": 0.09,
    "uner": 0.04,
    "names": 0.07,
    "reading": 0.09,
}


def gmb_pools(corpora: Path, gold: Path) -> tuple[list[Example], list[Example], list[Example]]:
    """GMB training, the reading gold's sentences (with GMB names), and our own GMB test part.

    Sentences of the test part, or equal to one of them, train nothing; nor do those of the reading gold's dev part.
    """
    lines = readings(gold)
    dev = {json.loads(line)["id"] for line in (gold / "read_dev.jsonl").read_text(encoding="utf-8").splitlines()}
    train, reading, test = [], [], []
    everything = list(gmb(corpora))
    held = {" ".join(one.words) for number, one in everything if is_gmb_test(number) or one.name in dev}
    for number, one in everything:
        if is_gmb_test(number):
            test.append(one)
        elif " ".join(one.words) not in held:
            if one.name in lines:
                one.speech = of_reading(one.words, lines[one.name])
                one.corpus = "reading"
                reading.append(one)
            else:
                train.append(one)
    return train, reading, test


def inventory(examples: list[Example]) -> list[str]:
    counts = Counter(label for one in examples for label in one.labels)
    return sorted(label for label, count in counts.items() if count >= RARE)


def prepare(corpora: Path, gold: Path, base: Path, out: Path) -> dict:
    """{"labels", "train": pool → [Encoded], "dev": name → [Encoded]}; kept in out/examples.pkl."""
    kept = out / "examples.pkl"
    if kept.exists():
        with kept.open("rb") as file:
            return pickle.load(file)
    train, reading, _ = gmb_pools(corpora, gold)
    syntax = ewt(corpora, "train") + gum(corpora, "train")
    labels = inventory(syntax)
    index = {label: i for i, label in enumerate(labels)}
    cut = cutter(base)

    def numbered(examples: list[Example]) -> list[Encoded]:
        return [one for one in (encode(e, cut, index) for e in examples if e.words) if len(one.pieces) <= LONGEST]

    pools = {
        "syntax": syntax,
        "reworded": reworded(syntax, 7),
        "gmb": train,
        "renamed": renamed(train, 5),
        "uner": uner(corpora, "dev"),
        "names": open_names(corpora),
        "reading": reading + renamed(reading, 6),
    }
    dev = {"ewt": ewt(corpora, "dev")[:800], "gum": gum(corpora, "dev")[:300]}
    data = {
        "labels": labels,
        "train": {name: numbered(pool) for name, pool in pools.items()},
        "dev": {name: numbered(pool) for name, pool in dev.items()},
    }
    out.mkdir(parents=True, exist_ok=True)
    with kept.open("wb") as file:
        pickle.dump(data, file)
    return data
