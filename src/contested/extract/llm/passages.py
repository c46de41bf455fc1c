"""A report cut into passages that a model reads one at a time: whole paragraphs, as many as fit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from contested.text.sentences import Sentence, sentences

SIZE = 4_000  # characters, about a thousand tokens: it fits the smallest models' windows with rules and answer
LEAST = 400  # characters; what is shorter is not halved


class Passage(NamedTuple):
    """text[start:end] of a report, in code points."""

    start: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.start


def passages(text: str, size: int = SIZE) -> Iterator[Passage]:
    """The passages of a text in order. Only space stands between them, and none is longer than `size`."""
    grown: Passage | None = None
    for part in _parts(text, size):
        if grown is not None and part.end - grown.start <= size:
            grown = Passage(grown.start, part.end)
            continue
        if grown is not None:
            yield grown
        grown = part
    if grown is not None:
        yield grown


def halves(text: str, passage: Passage) -> tuple[Passage, ...]:
    """A passage in two, or somewhat more where its paragraphs ask for it; none when it is short as it is."""
    if passage.size < LEAST:
        return ()
    inside = passages(text[passage.start : passage.end], passage.size * 3 // 5)
    return tuple(Passage(passage.start + part.start, passage.start + part.end) for part in inside)


def _parts(text: str, size: int) -> Iterator[Passage]:
    """Paragraphs; the sentences of one that is too long; the words of a sentence that is."""
    for _, paragraph in groupby(sentences(text), key=lambda sentence: sentence.paragraph):
        held = list(paragraph)
        whole = Passage(held[0].start, held[-1].end)
        if whole.size <= size:
            yield whole
        else:
            yield from (part for sentence in held for part in _within(text, sentence, size))


def _within(text: str, sentence: Sentence, size: int) -> Iterator[Passage]:
    if sentence.end - sentence.start <= size:
        yield Passage(sentence.start, sentence.end)
        return
    words = re.compile(rf"\S(?:.{{0,{size - 2}}}\S)?(?!\S)|\S{{1,{size}}}", re.DOTALL)
    for run in words.finditer(text, sentence.start, sentence.end):
        yield Passage(*run.span())
