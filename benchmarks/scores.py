"""Scores of the reader and of the baseline on the same test parts, beside each other (benchmarks/reading_speed.py)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks import encoder
from benchmarks.encoder import Row
from training.examples import Example
from training.names import gmb, is_gmb_test, uner
from training.syntax import ewt, gum

from contested.text.sentences import Sentence

SHOWN = ("UPOS", "UAS", "LAS, full labels", "LAS, base labels", "names F1")


class Spacy:
    """A spaCy pipeline that reads sentences of given words, as the reader does."""

    def __init__(self, folder: Path) -> None:
        import spacy

        self.nlp = spacy.load(folder)

    def __call__(self, batch: list[Sentence]) -> list[Sentence]:
        return [
            replace(sentence, tokens=tuple(map(_tagged, sentence.tokens, doc)))
            for sentence, doc in zip(batch, self._docs([[t.text for t in s.tokens] for s in batch]), strict=True)
        ]

    def tags(self, report: list[list[str]]) -> list[list[str]]:
        return [[_entity(token) or "O" for token in doc] for doc in self._docs(report)]

    def _docs(self, sentences: list[list[str]]) -> Iterator[Any]:
        from spacy.tokens import Doc

        cut = (Doc(self.nlp.vocab, words, sent_starts=[i == 0 for i in range(len(words))]) for words in sentences)
        return self.nlp.pipe(cut, batch_size=256)


def _entity(token: Any) -> str:
    return f"{token.ent_iob_}-{token.ent_type_}" if token.ent_type_ else ""


def _tagged(ours: Any, theirs: Any) -> Any:
    root = theirs.head.i == theirs.i
    return replace(
        ours,
        lemma=ours.text,
        pos=theirs.pos_,
        head=-1 if root else theirs.head.i,
        label="root" if root else theirs.dep_,
        entity=_entity(theirs),
    )


def parts(corpora: Path, limit: int | None, read: encoder.Reader, tags: encoder.Tagger) -> list[Row]:
    """Every score of one reader."""

    def few(examples: Iterable[Example]) -> list[Example]:
        return list(examples)[:limit]

    return [
        *encoder.syntax("EWT test", few(ewt(corpora, "test")), read),
        *encoder.syntax("GUM test", few(gum(corpora, "test")), read),
        *encoder.syntax("GUM news test", few(encoder.news(corpora)), read),
        *encoder.names(few(one for number, one in gmb(corpora) if is_gmb_test(number)), read),
        *encoder.places(few(uner(corpora, "test")), tags),
    ]


def compared(corpora: Path, baseline: Path | None, limit: int | None) -> Iterator[str]:
    """One row a score: ours, the baseline's where there is one, and by how much we are ahead."""
    ours = parts(corpora, limit, encoder.encoder.read_tokens, encoder.plo_tags)
    theirs = [0.0] * len(ours)
    if baseline:
        pipeline, places = Spacy(baseline / "pipeline"), Spacy(baseline / "places")
        theirs = [value for _, _, value in parts(corpora, limit, pipeline, places.tags)]
    yield "\n| part | measure | ours | spaCy | ahead by |\n|---|---|---:|---:|---:|"
    for (part, measure, mine), other in zip(ours, theirs, strict=True):
        if measure.startswith(SHOWN):
            beside = f"{other:.1f} | {mine - other:+.1f}" if baseline else "| "
            yield f"| {part} | {measure} | {mine:.1f} | {beside} |"
