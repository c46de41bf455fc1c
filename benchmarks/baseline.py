"""spaCy's small English pipeline, trained on the data that trained the reader's encoder.

`python -m benchmarks.baseline --corpora DIR --out DIR [--minutes N]` with `pip install "spacy>=3.8,<3.9"`. The shape is
that of en_core_web_sm: a shared tok2vec (hashed embeddings of four attributes, 96 wide, 4 layers) under a tagger of
parts of speech and a parser, and names with a tok2vec of their own; settings are those that `spacy init config` writes
for a processor, weights averaged. Gold words throughout. Kept in --out: `pipeline` (tagger, parser, names of GMB's
types) and `places` (persons, locations, organisations); a second run goes on from there.
"""

from __future__ import annotations

import argparse
import itertools
import random
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import spacy
from spacy.tokens import Doc
from spacy.training import Example as Pair
from spacy.training.batchers import minibatch_by_words
from thinc.api import Adam, compounding
from training.examples import Example
from training.names import gmb, is_gmb_test, open_names, uner
from training.syntax import ewt, gum

WIDTH, DEPTH = 96, 4
SHARES = {"syntax": 0.54, "names": 0.28, "places": 0.18}  # of the time given
ROUNDS = 4  # the parts take turns, so that an interrupted run has something of each
EMBED = {
    "@architectures": "spacy.MultiHashEmbed.v2",
    "width": WIDTH,
    "attrs": ["NORM", "PREFIX", "SUFFIX", "SHAPE"],
    "rows": [5000, 1000, 2500, 2500],
    "include_static_vectors": False,
}
ENCODE = {
    "@architectures": "spacy.MaxoutWindowEncoder.v2",
    "width": WIDTH,
    "depth": DEPTH,
    "window_size": 1,
    "maxout_pieces": 3,
}
TOK2VEC = {"@architectures": "spacy.Tok2Vec.v2", "embed": EMBED, "encode": ENCODE}
SHARED = {"@architectures": "spacy.Tok2VecListener.v1", "width": WIDTH, "upstream": "*"}


def transitions(state: str, maxouts: int, extra: bool, tok2vec: dict[str, Any]) -> dict[str, Any]:
    """The settings of a parser ("parser") or a name finder ("ner")."""
    return {
        "model": {
            "@architectures": "spacy.TransitionBasedParser.v2",
            "state_type": state,
            "extra_state_tokens": extra,
            "hidden_width": 128 if state == "parser" else 64,
            "maxout_pieces": maxouts,
            "use_upper": True,
            "nO": None,
            "tok2vec": tok2vec,
        }
    }


def empty(part: str) -> spacy.Language:
    """An untrained pipeline: tagger and parser for "syntax", a name finder for the others."""
    nlp = spacy.blank("en")
    if part == "syntax":
        nlp.add_pipe("tok2vec", config={"model": TOK2VEC})
        nlp.add_pipe("morphologizer", config={"model": {"@architectures": "spacy.Tagger.v2", "tok2vec": SHARED}})
        nlp.add_pipe("parser", config=transitions("parser", 3, False, SHARED))
    else:
        nlp.add_pipe("ner", config=transitions("ner", 2, False, TOK2VEC))
    return nlp


def gold(nlp: spacy.Language, examples: list[Example], names: list[list[str]]) -> Doc:
    """Sentences with their layers as one document; `names` is empty or the BIO tags of each sentence."""
    words = [word for one in examples for word in one.words]
    layers: dict[str, Any] = {"sent_starts": [i == 0 for one in examples for i in range(len(one.words))]}
    if examples[0].heads:
        starts = itertools.accumulate((len(one.words) for one in examples), initial=0)
        layers["heads"] = [
            start + (i if head < 0 else head)
            for one, start in zip(examples, starts, strict=False)
            for i, head in enumerate(one.heads)
        ]
        layers["deps"] = [
            "ROOT" if head < 0 else label for one in examples for head, label in zip(one.heads, one.labels, strict=True)
        ]
        layers["pos"] = [pos for one in examples for pos in one.upos]
    if names:
        layers["ents"] = [tag for tags in names for tag in tags]
    return Doc(nlp.vocab, words=words, **layers)


def paragraphs(examples: list[Example]) -> Iterator[list[Example]]:
    """Sentences of one paragraph together, so that the parser also learns where sentences end."""
    group: list[Example] = []
    for one in examples:
        if group and (one.opens or one.corpus != group[0].corpus):
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def material(part: str, corpora: Path, nlp: spacy.Language) -> list[Doc]:
    """The documents that train one part."""
    if part == "syntax":
        return [gold(nlp, group, []) for group in paragraphs(ewt(corpora, "train") + gum(corpora, "train"))]
    if part == "names":
        everything = list(gmb(corpora))
        held = {tuple(one.words) for number, one in everything if is_gmb_test(number)}
        return [gold(nlp, [one], [one.gmb]) for _, one in everything if tuple(one.words) not in held]
    found = uner(corpora, "dev") + open_names(corpora)
    return [gold(nlp, [one], [one.plo]) for one in found if one.words]


@dataclass(slots=True)
class Part:
    """One pipeline in training."""

    name: str
    folder: Path
    nlp: spacy.Language
    pairs: list[Pair]
    adam: Any
    batches: Iterator[list[Pair]]
    words: int = 0

    def train(self, seconds: float) -> str:
        """Train for so long, then keep the averaged weights; says how far it came."""
        ends, losses = time.monotonic() + seconds, {}
        while time.monotonic() < ends:
            batch = next(self.batches)
            self.nlp.update(batch, sgd=self.adam, drop=0.1, losses=losses)
            self.words += sum(len(pair) for pair in batch)
        with self.nlp.use_params(self.adam.averages):
            self.nlp.to_disk(self.folder)
        passes = self.words / sum(len(pair) for pair in self.pairs)
        return f"{self.name}: {passes:.1f} passes over its data, " + ", ".join(
            f"{name} loss {loss:.0f}" for name, loss in losses.items()
        )


def opened(name: str, corpora: Path, out: Path) -> Part:
    """A part with its data: from its last save where there is one."""
    folder = out / name
    fresh = not folder.is_dir()
    nlp = empty(name) if fresh else spacy.load(folder)
    pairs = [Pair(Doc(nlp.vocab, words=[token.text for token in doc]), doc) for doc in material(name, corpora, nlp)]
    if fresh:
        nlp.initialize(lambda: pairs)
    return Part(name, folder, nlp, pairs, Adam(0.001, L2=0.01, use_averages=True), forever(pairs, fresh))


def forever(pairs: list[Pair], fresh: bool) -> Iterator[list[Pair]]:
    """Batches of 100 words at first, growing to 1,000."""
    order, lot = random.Random(1), list(pairs)
    size = compounding(100 if fresh else 1000, 1000, 1.001)
    while True:
        order.shuffle(lot)
        yield from minibatch_by_words(lot, size, get_length=len)


def assemble(out: Path) -> None:
    """`pipeline`: syntax and names as one, as a user would install it."""
    nlp = spacy.load(out / "syntax")
    nlp.add_pipe("ner", source=spacy.load(out / "names"))
    nlp.to_disk(out / "pipeline")


def build(corpora: Path, out: Path, minutes: float) -> Iterable[str]:
    spacy.util.fix_random_seed(1)
    parts = [opened(name, corpora, out) for name in SHARES]
    for _ in range(ROUNDS):
        for part in parts:
            yield part.train(60 * minutes * SHARES[part.name] / ROUNDS)
        assemble(out)


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.baseline", description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True, help="folder with the corpora")
    parser.add_argument("--out", type=Path, required=True, help="folder for the pipelines, outside the repository")
    parser.add_argument("--minutes", type=float, default=40.0, help="time to train in all (default 40)")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    for line in build(given.corpora, given.out, given.minutes):
        print(line, flush=True)


if __name__ == "__main__":
    main()
