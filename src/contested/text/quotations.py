"""Where a report puts words between quotation marks, also across sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from contested.text.tree import Tree

_OPEN, _CLOSE, _EITHER = "“«", "”»", '"'
SPEECH_WORDS = 4  # fewer words, or no verb, are scare quotes or a term


@dataclass(frozen=True, slots=True)
class Quotation:
    """Tokens between two quotation marks: (sentence, token) pairs without the marks themselves."""

    tokens: tuple[tuple[int, int], ...]
    paragraph: int
    closed: bool

    @property
    def sentences(self) -> tuple[int, ...]:
        return tuple(sorted({sentence for sentence, _ in self.tokens}))


def rest_of_paragraph(trees: Sequence[Tree], first: int) -> Iterator[tuple[int, int]]:
    """The (sentence, token) places of a paragraph, from one of its sentences on."""
    paragraph = trees[first].sentence.paragraph
    for number in takewhile(lambda s: trees[s].sentence.paragraph == paragraph, range(first, len(trees))):
        yield from ((number, index) for index in range(len(trees[number].tokens)))


def quotations(trees: Sequence[Tree]) -> list[Quotation]:
    """All quotations of a report. One that is never closed ends with its paragraph."""
    return [q for q in _all(trees) if q.tokens]


def _all(trees: Sequence[Tree]) -> Iterator[Quotation]:
    inside: list[tuple[int, int]] | None = None
    paragraph = -1
    for number, tree in enumerate(trees):
        if tree.sentence.paragraph != paragraph and inside is not None:
            yield Quotation(tuple(inside), paragraph, closed=False)
            inside = None
        paragraph = tree.sentence.paragraph
        for index, token in enumerate(tree.tokens):
            mark = token.text.replace("''", '"').replace("``", '"')
            if inside is None:
                inside = [] if mark in (*_OPEN, _EITHER) else None
            elif mark in (*_CLOSE, _EITHER):
                yield Quotation(tuple(inside), paragraph, closed=True)
                inside = None
            else:
                inside.append((number, index))
    if inside is not None:
        yield Quotation(tuple(inside), paragraph, closed=False)


def is_speech(quotation: Quotation, trees: Sequence[Tree]) -> bool:
    """Whether it is long enough to be somebody's words, and says something: it has a verb."""
    tokens = [trees[s].tokens[i] for s, i in quotation.tokens]
    return len(tokens) >= SPEECH_WORDS and any(t.pos in ("VERB", "AUX") for t in tokens)
