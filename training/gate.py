"""Learns the gate: which words, and pairs of words, stand in sentences that carry an assertion.

    python -m training.gate --corpora DIR --gold DIR --out FILE [--judged FILE]

Right are the sentences of the reading gold that carry an assertion, and those of GMB from which the whole reader,
ungated, draws one; `--judged` keeps what it drew (some minutes of reading). Five times four fifths train and score the
last; the threshold is chosen on these scores, and the shipped weights are the mean of the five.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from contested.extract import extract
from contested.model import Document
from contested.register import open_register
from contested.text.gate import FIRST, shape, split
from contested.text.lemmas import lemma
from contested.text.sentences import sentences

from .names import gmb, is_gmb_test

SEEN, SEEN_TOGETHER = 3, 8  # words and pairs met in fewer sentences have no weight of their own
TOGETHER = 10  # sentences of GMB that make one report; their numbers run in the order of the news
PARTS = 5
RECALL = 0.998  # kept of the sentences with an assertion, when they trained nothing; of gold and of GMB each
HEAVY = 30.0  # a sentence lost weighs as much as so many read for nothing
READ = 3.0  # and a sentence read by a careful reader as much as so many judged by today's extractors
STILL = 30.0  # how strongly weights are drawn to nought
LEAST = -0.06  # no word speaks louder against a sentence: many harmless words must not drown one that tells
STEPS = 300


@dataclass(frozen=True)
class Line:
    """One sentence: its GMB number, its words, whether it carries an assertion, and who says so."""

    number: int
    text: str
    asserts: bool
    gold: bool = False


# ── sentences and what they carry ────────────────────────────────────────────────────────────────


def written(words: list[str]) -> str:
    """Words as a newspaper sets them: marks close to what they belong to."""
    text = re.sub(r" ([.,;:?!%)\]])", r"\1", " ".join(words))
    text = re.sub(r" ('s|'|'re|'ve|'ll|'d|'m|n't)(?=[ .,;:?!]|$)", r"\1", text)
    text = re.sub(r"(?<=\w) ([-/]) (?=\w)", r"\1", re.sub(r"([(\[$#]) ", r"\1", text))
    parts = text.split('"')
    return "".join(f'"{p.strip()}"' if i % 2 and i + 1 < len(parts) else p for i, p in enumerate(parts))


def reports(corpora: Path) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """GMB as reports of some sentences, two a paragraph: the text, and where each sentence number begins."""
    every = [(number, written(one.words)) for number, one in gmb(corpora)]
    for at in range(0, len(every), TOGETHER):
        text, begins = "", []
        for i, (number, words) in enumerate(every[at : at + TOGETHER]):
            text += (" " if i % 2 else "\n\n") if i else ""
            begins.append((len(text), number))
            text += words
        yield text, begins


def judge(corpora: Path, kept: Path) -> list[Line]:
    """Every sentence of GMB, and whether the reader draws an assertion from it; read once, kept in a file."""
    if not kept.exists():
        register = open_register()
        with kept.open("w", encoding="utf-8") as file:
            for text, begins in reports(corpora):
                document = Document("d", "", text, "0" * 64)
                found = [a.quote.start for _, own in extract(document, register, gated=False) for a in own if a.quote]
                for one in sentences(text):
                    number = max((at, n) for at, n in begins if at <= one.start)[1]
                    asserts = any(one.start <= at < one.end for at in found)
                    file.write(json.dumps([number, text[one.start : one.end], asserts]) + "\n")
    with kept.open(encoding="utf-8") as file:
        return [Line(*json.loads(line)) for line in file]


def gold(path: Path) -> list[Line]:
    """The reading gold's sentences."""
    with path.open(encoding="utf-8") as file:
        return [Line(int(d["id"][4:]), d["text"], bool(d["assertions"]), True) for d in map(json.loads, file)]


def plain(text: str) -> str:
    """A sentence's letters and digits, by which equal ones are told."""
    return re.sub(r"\W+", "", text)


def lines(corpora: Path, folder: Path, kept: Path) -> list[Line]:
    """What may train: nothing of the gold's development part, of the GMB test part, or equal to a sentence of them."""
    judged, read = judge(corpora, kept), gold(folder / "read_train.jsonl")
    dev = gold(folder / "read_dev.jsonl")
    numbers = {one.number for one in dev}
    held = {plain(o.text) for o in judged if is_gmb_test(o.number) or o.number in numbers} | {
        plain(o.text) for o in dev
    }
    known = {one.number for one in read}
    return [o for o in (*read, *judged) if plain(o.text) not in held and (o.gold or o.number not in known)]


# ── what a word is judged by ─────────────────────────────────────────────────────────────────────


@cache
def listening() -> dict[str, frozenset[str]]:
    """Word → the word lists of the reader and of its extractors it stands in: rare words share their list's weight."""
    found: dict[str, set[str]] = defaultdict(set)
    package = files("contested")
    paths = [package / "text" / "lexicons" / "speech.toml"]
    paths += sorted((package / "extract" / "lexicons").iterdir(), key=lambda path: path.name)
    for path in paths:
        for name, words in _lists(path.name.removesuffix(".toml"), tomllib.loads(path.read_text(encoding="utf-8"))):
            for word in split(words):
                found[word].add(name)
    return {word: frozenset(names) for word, names in found.items()}


def _lists(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """(list, words) of a lexicon; frames by part of speech, apart where a word alone is not enough."""
    for key, inner in value.items():
        if key == "frame":
            for frame in inner:
                more = "+" if frame.get("needs") or frame.get("particle") else ""
                yield from ((f"{name}.{frame.get('pos', 'VERB')}{more}", word) for word in frame["words"])
        else:
            yield from ((f"{name}.{key}", word) for word in _strings(inner))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    else:
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)


@cache
def lists(word: str) -> frozenset[str]:
    """The word lists that a word, or a lemma it may have, stands in."""
    forms = {word, *(lemma(word, pos).lower() for pos in ("VERB", "NOUN", "ADJ"))}
    return frozenset().union(*(listening().get(form, frozenset()) for form in forms))


class Features:
    """Sentence → numbers of its features: its words or their shapes, the lists these stand in, and pairs of words."""

    def __init__(self, texts: Iterable[str]) -> None:
        words: Counter[str] = Counter()
        pairs: Counter[str] = Counter()
        for text in texts:
            cut = split(text)
            words.update(set(cut))
            pairs.update({f"{one} {other}" for one, other in pairwise(cut)})
        self.words = sorted(word for word, count in words.items() if count >= SEEN)
        self.pairs = sorted(pair for pair, count in pairs.items() if count >= SEEN_TOGETHER)
        self.shapes = sorted({shape(word) for word in words})
        names = sorted(set().union(*listening().values()))
        keys = (*self.words, *self.pairs, *(f"shape {s}" for s in self.shapes), *(f"list {n}" for n in names))
        self.index = {key: i for i, key in enumerate(keys)}

    def __call__(self, text: str) -> list[int]:
        cut = split(text)
        found = [self.index.get(f"{one} {other}", -1) for one, other in pairwise(cut)]
        return [*(i for i in found if i >= 0), *(i for word in cut for i in self.of(word))]

    def of(self, word: str) -> list[int]:
        own = self.index.get(word, self.index.get(f"shape {shape(word)}", -1))
        return [*([own] if own >= 0 else []), *(self.index[f"list {name}"] for name in lists(word))]


# ── learning ─────────────────────────────────────────────────────────────────────────────────────


def learn(rows: list[list[int]], right: np.ndarray, weight: np.ndarray, features: Features) -> np.ndarray:
    """Weights and, last, what a sentence begins with: logistic regression, by accelerated descent (Nesterov 1983).

    Each weight steps by its own measure, how often its feature is met. What was never seen speaks against nothing.
    """
    size = len(features.index)
    at = np.repeat(np.arange(len(rows)), [len(row) + 1 for row in rows])
    which = np.array([i for row in rows for i in (*row, size)])
    long = np.bincount(at)
    step = 1.0 / (0.25 * np.bincount(which, (weight * long)[at], size + 1) + STILL)
    least = np.full(size + 1, LEAST)
    least[-1] = -np.inf
    least[[features.index[f"shape {s}"] for s in features.shapes]] = 0.0
    weights = ahead = np.zeros(size + 1)
    for turn in range(STEPS):
        chance = 1.0 / (1.0 + np.exp(-np.bincount(at, ahead[which])))
        slope = np.bincount(which, (weight * (chance - right))[at], size + 1) + STILL * ahead
        slope[-1] -= STILL * ahead[-1]
        moved = np.maximum(ahead - step * slope, least)
        ahead = moved + turn / (turn + 3.0) * (moved - weights)
        weights = moved
    return weights


def threshold(scores: np.ndarray, given: list[Line]) -> float:
    """The score that keeps RECALL of the sentences with an assertion, of the gold and of GMB each."""
    found = []
    for part in (True, False):
        right = np.sort([s for s, o in zip(scores, given, strict=True) if o.asserts and o.gold is part])
        found.append(right[int(len(right) * (1 - RECALL))])
        print(f"{RECALL:.1%} of {len(right)} sentences with an assertion, {'gold' if part else 'GMB'}: {found[-1]:.2f}")
    return float(min(found))


def table(features: Features, weights: np.ndarray, least: float) -> list[str]:
    """Lines of the shipped file: every word's weight with those of its lists, then pairs, then shapes."""
    value = {key: weights[i] for key, i in features.index.items()}
    words = {word: sum(weights[i] for i in features.of(word)) for word in {*features.words, *forms()}}
    pairs = {pair: value[pair] for pair in features.pairs}
    shapes = {s: value[f"shape {s}"] for s in features.shapes}
    kept = {**words, **shapes, **{pair: weight for pair, weight in pairs.items() if abs(weight) >= 0.05}}
    return [f"{FIRST}\t{weights[-1] - least:.2f}", *(f"{key}\t{weight:.2f}" for key, weight in sorted(kept.items()))]


def forms() -> set[str]:
    """Every form of a word the extractors listen to, met in training or not."""
    from .voices import inflect

    return {form for word in listening() for form in (word, *(inflect(word) if len(word) > 2 else ()))}


def main() -> None:
    parser = argparse.ArgumentParser(prog="training.gate", description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="the table to write")
    parser.add_argument(
        "--judged",
        type=Path,
        default=Path(tempfile.gettempdir()) / "contested-judged.jsonl",
        help="keeps what the reader drew from GMB",
    )
    given = parser.parse_args()
    every = lines(given.corpora, given.gold, given.judged)
    features = Features(one.text for one in every)
    rows, right = [features(one.text) for one in every], np.array([one.asserts for one in every], float)
    weight = np.array([(HEAVY if one.asserts else 1.0) * (READ if one.gold else 1.0) for one in every])
    part, scores, trained = np.arange(len(every)) % PARTS, np.zeros(len(every)), []
    for held in range(PARTS):
        rest = np.flatnonzero(part != held)
        trained.append(learn([rows[i] for i in rest], right[rest], weight[rest], features))
        for i in np.flatnonzero(part == held):
            scores[i] = trained[-1][rows[i]].sum() + trained[-1][-1]
    least = threshold(scores, every)
    skipped = np.mean([score < least for score, one in zip(scores, every, strict=True) if not one.gold])
    trained = np.mean(trained, 0)
    given.out.write_text("\n".join(table(features, trained, least)) + "\n", encoding="utf-8")
    print(f"{len(every)} sentences, {int(right.sum())} with an assertion, {len(features.index)} features")
    print(f"threshold {least:.2f}: {skipped:.1%} of the GMB sentences skipped")


if __name__ == "__main__":
    main()
