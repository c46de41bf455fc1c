"""What the reader's encoder scores: one table. `python -m benchmarks.encoder --corpora DIR [--limit N]`

DIR holds ud_ewt, gum, gmb, uner_ewt, polnear and pud as training/README.md lists them; a corpus that is missing is
named and left out. Gold words and sentences except where a row says raw text. None of these parts trained the model.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from benchmarks.polnear import attribution
from training.examples import PLO, Example, spans
from training.names import gmb, is_gmb_test, uner
from training.syntax import conllu, ewt, gum

from contested.text import encoder
from contested.text.naming import named
from contested.text.sentences import Sentence, Token, sentences

Row = tuple[str, str, float]
Reader = Callable[[list[Sentence]], list[Sentence]]
Tagger = Callable[[list[list[str]]], list[list[str]]]  # the sentences of a text to their name tags
MODEL = Path(encoder.__file__).with_name("model")


def gold_sentence(words: list[str]) -> Sentence:
    """A sentence of given words, one space between them."""
    tokens, at = [], 0
    for word in words:
        tokens.append(Token(at, at + len(word), word))
        at += len(word) + 1
    return Sentence(0, at - 1, tuple(tokens), 0)


def f1(right: int, found: int, gold: int) -> float:
    return 200.0 * right / max(found + gold, 1)


def syntax(name: str, examples: list[Example], read: Reader = encoder.read_tokens) -> list[Row]:
    """UPOS, UAS, LAS (full labels; also without subtypes) and lemmas, punctuation included, as CoNLL 2018 scores."""
    tagged = read([gold_sentence(one.words) for one in examples])
    hits = dict.fromkeys(("UPOS", "UAS", "LAS, full labels", "LAS, base labels", "lemma, tagged"), 0)
    total = 0
    for one, sentence in zip(examples, tagged, strict=True):
        for i, token in enumerate(sentence.tokens):
            total += 1
            arc = token.head == one.heads[i]
            hits["UPOS"] += token.pos == one.upos[i]
            hits["UAS"] += arc
            hits["LAS, full labels"] += arc and token.label == one.labels[i]
            hits["LAS, base labels"] += arc and token.label.split(":")[0] == one.labels[i].split(":")[0]
            hits["lemma, tagged"] += one.lemmas[i] in ("_", token.lemma)
    return [(name, kind, 100 * count / total) for kind, count in hits.items()]


def cutting(name: str, examples: list[Example]) -> list[Row]:
    """Raw text: F1 of words and of sentences, by their characters, spaces not counted."""
    documents: dict[str, list[Example]] = {}
    for one in examples:
        documents.setdefault(one.name.rpartition("-")[0], []).append(one)
    right, found, gold = [0, 0], [0, 0], [0, 0]
    for parts in documents.values():
        text, marks = "", [set(), set()]
        size = 0
        for one in parts:
            text += ("\n\n" if one.opens else " ") + one.text if text else one.text
            begin = size
            for word in one.surface:
                marks[0].add((size, size + len(word)))
                size += len(word)
            marks[1].add((begin, size))
        ours = _marks(text)
        for i in range(2):
            right[i] += len(ours[i] & marks[i])
            found[i] += len(ours[i])
            gold[i] += len(marks[i])
    kinds = ("words F1, raw text", "sentences F1, raw text")
    return [(name, kind, f1(right[i], found[i], gold[i])) for i, kind in enumerate(kinds)]


def _marks(text: str) -> list[set[tuple[int, int]]]:
    marks: list[set[tuple[int, int]]] = [set(), set()]
    size = 0
    for sentence in sentences(text):
        begin = size
        for token in sentence.tokens:
            marks[0].add((size, size + len(token.text)))
            size += len(token.text)
        marks[1].add((begin, size))
    return marks


def names(examples: list[Example], read: Reader = encoder.read_tokens) -> list[Row]:
    """Span F1 of names with GMB's types on our own test part, each sentence a report of its own.

    Its neighbours would vote with it in a report; but they trained the network, and their names are known by heart.
    """
    counts: dict[str, list[int]] = {}
    for one in examples:
        (sentence,) = read([gold_sentence(one.words)])
        gold, found = spans(one.gmb), spans([token.entity or "O" for token in sentence.tokens])
        for kind in ("all", "GPE", "LOC", "TIM", "PER", "ORG"):
            here, there = ({s for s in x if kind in ("all", s[2])} for x in (gold, found))
            tally = counts.setdefault(kind, [0, 0, 0])
            for i, count in enumerate((len(here & there), len(there), len(here))):
                tally[i] += count
    return [("GMB test part", f"names F1, {kind}", f1(*tally)) for kind, tally in counts.items()]


def plo_tags(report: list[list[str]]) -> list[list[str]]:
    """What the persons-places-organisations head, which the reader does not show, says of a report's sentences."""
    model = encoder._model()
    scores = []
    for words in report:
        window = next(encoder._windows(0, gold_sentence(words).tokens, model.pieces))
        scores.append(model.session.run(["plo"], encoder._numbers(model.pieces, [window]))[0][0][: len(words)])
    return named([words[: len(each)] for words, each in zip(report, scores, strict=True)], scores, PLO)


def places(examples: list[Example], tags: Tagger = plo_tags) -> list[Row]:
    """Span F1 of persons, places and organisations: each sentence alone, and by whole texts, whose names vote."""
    alone = [[one] for one in examples]
    texts = [list(group) for _, group in itertools.groupby(examples, lambda one: one.name.rpartition("-")[0])]
    found: list[Row] = []
    for how, reports in (("each sentence alone", alone), ("by texts", texts)):
        tally = [0, 0, 0]
        for report in reports:
            for one, ours in zip(report, tags([one.words for one in report]), strict=True):
                here, there = spans(ours), spans(one.plo)
                for i, count in enumerate((len(here & there), len(here), len(there))):
                    tally[i] += count
        found.append(("UNER EWT test", f"names F1, {how}", f1(*tally)))
    return found


def cost(examples: list[Example]) -> list[Row]:
    """Words a second on one thread, size, and the time from a fresh interpreter to the first tagged sentence."""
    text = "\n".join(" ".join(one.words) for one in examples)
    began = time.perf_counter()
    cut = list(sentences(text))
    middle = time.perf_counter()
    encoder.read_tokens(cut)
    ended = time.perf_counter()
    words = sum(len(one.tokens) for one in cut)
    code = (
        "from contested.text.encoder import read_tokens\nfrom contested.text.sentences import sentences\n"
        "read_tokens(list(sentences('Officials said the rebels took the town.')))"
    )
    starts = []
    for _ in range(3):
        cold = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        starts.append(time.perf_counter() - cold)
    return [
        ("speed", "words/s, cutting", words / (middle - began)),
        ("speed", "words/s, reading", words / (ended - middle)),
        ("size", "MB shipped", sum(path.stat().st_size for path in MODEL.iterdir()) / 1e6),
        ("cold start", "s, interpreter included", float(np.median(starts))),
    ]


def news(corpora: Path) -> list[Example]:
    """GUM's news documents of the official test part."""
    return [one for one in gum(corpora, "test") if one.name.startswith("GUM_news_")]


def pud(corpora: Path) -> list[Example]:
    """English PUD, all of which is a test part: half of it is news, the rest Wikipedia."""
    path = corpora / "pud/en_pud-ud-test.conllu"
    if path.exists():
        return list(conllu(path.read_text(encoding="utf-8").splitlines(), "pud"))
    with gzip.open(path.with_name(path.name + ".gz"), "rt", encoding="utf-8") as file:
        return list(conllu(file, "pud"))


def measured(corpora: Path, limit: int | None) -> Iterable[Row]:
    def few(examples: Iterable[Example]) -> list[Example]:
        return list(examples)[:limit]

    parts: list[tuple[str, Callable[[], list[Row]]]] = [
        ("ud_ewt", lambda: syntax("EWT test", few(ewt(corpora, "test")))),
        ("ud_ewt", lambda: cutting("EWT test", ewt(corpora, "test"))),
        ("gum", lambda: syntax("GUM test", few(gum(corpora, "test")))),
        ("gum", lambda: cutting("GUM test", gum(corpora, "test"))),
        ("gum", lambda: syntax("GUM news test", few(news(corpora)))),
        ("pud", lambda: syntax("PUD", few(pud(corpora)))),
        ("gmb", lambda: names(few(one for number, one in gmb(corpora) if is_gmb_test(number)))),
        ("uner_ewt", lambda: places(few(uner(corpora, "test")))),
        ("polnear", lambda: attribution(corpora / "polnear/polnear_dev.tar.gz", limit)),
        ("gmb", lambda: cost([one for number, one in gmb(corpora) if is_gmb_test(number)][:1000])),
    ]
    for folder, part in parts:
        if (corpora / folder).is_dir():
            yield from part()
        else:
            print(
                f"{corpora / folder} is missing: its rows are left out (training/README.md says where it is from)",
                file=sys.stderr,
            )


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.encoder", description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True, help="folder with the corpora")
    parser.add_argument("--limit", type=int, help="only so many sentences or texts of each")
    given = parser.parse_args()
    print("| part | measure | value |\n|---|---|---:|")
    for part, measure, value in measured(given.corpora, given.limit):
        print(f"| {part} | {measure} | {value:,.{0 if value > 1000 else 2}f} |", flush=True)


if __name__ == "__main__":
    main()
