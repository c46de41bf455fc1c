"""Highlights over a text: crossing spans flattened into pieces, in code points.

HTML elements nest and quotes do not, so each piece of text carries the list of spans that cover it. Pieces never
cross a cut (the end of a paragraph), which keeps the markup well formed whatever the spans are.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import msgspec
from markupsafe import Markup, escape


class Span(msgspec.Struct, frozen=True):
    """text[start:end], what it is called (an anchor), how it is drawn, and whether it is the one looked at."""

    start: int
    end: int
    id: str
    kind: str = ""
    lit: bool = False


class Piece(msgspec.Struct, frozen=True):
    """text[start:end] with the spans that cover all of it; `opens` are those of them that begin here."""

    start: int
    end: int
    spans: tuple[Span, ...] = ()
    opens: tuple[Span, ...] = ()


def paragraphs(text: str) -> list[tuple[int, int]]:
    """The lines of a text as closed-open ranges, each with its line break; together they are the text."""
    ranges, start = [], 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        ranges.append((start, end))
        start = end
    return ranges


def shared(ranges: Sequence[tuple[int, int]], spans: Iterable[Span]) -> list[list[Span]]:
    """For each range, in order and without gaps, the spans that touch it."""
    starts = [start for start, _ in ranges]
    touching: list[list[Span]] = [[] for _ in ranges]
    for span in spans:
        if span.start < span.end:
            first = max(bisect_right(starts, span.start) - 1, 0)
            for at in range(first, bisect_left(starts, span.end)):
                touching[at].append(span)
    return touching


def pieces(start: int, end: int, spans: Iterable[Span]) -> Iterator[Piece]:
    """Flat pieces that tile start:end, cut wherever a span begins or ends."""
    within = [span for span in spans if max(span.start, start) < min(span.end, end)]
    within.sort(key=lambda span: (span.start, -span.end), reverse=True)  # the next to open stands last
    edges = {start, end, *(max(span.start, start) for span in within), *(min(span.end, end) for span in within)}
    covering: list[Span] = []
    for left, right in pairwise(sorted(edges)):
        covering = [span for span in covering if span.end > left]
        while within and within[-1].start <= left:
            covering.append(within.pop())
        yield Piece(left, right, tuple(covering), tuple(span for span in covering if span.start == left))


def draw(text: str, start: int, end: int, spans: Iterable[Span]) -> Markup:
    """text[start:end] as HTML: escaped, each covered piece in a <mark>, an anchor where a span with a name begins."""
    parts: list[Markup] = []
    for piece in pieces(start, end, spans):
        named = (span for span in piece.opens if span.id)
        parts.extend(Markup('<a id="{}" class="anchor"></a>').format(f"a{span.id}") for span in named)
        words = as_shown(text[piece.start : piece.end])
        parts.append(_mark(piece, words) if piece.spans else words)
    return Markup("").join(parts)


def as_shown(text: str) -> Markup:
    """Escaped so that a browser reads back the same characters; NUL, which HTML cannot hold, is shown as U+FFFD."""
    return Markup(str(escape(text.replace("\0", "\ufffd"))).replace("\r", "&#13;"))  # noqa: S704 - escaped just here


def _mark(piece: Piece, words: Markup) -> Markup:
    classes = sorted({f"k-{span.kind}" for span in piece.spans if span.kind})
    classes += ["many"] * (len(piece.spans) > 1) + ["lit"] * any(span.lit for span in piece.spans)
    names = " ".join(span.id for span in piece.spans)
    return Markup('<mark class="{}" data-a="{}">{}</mark>').format(" ".join(classes), names, words)
