"""Laws of highlighting: the text is untouched, every span is covered exactly, the markup is well formed."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import example, given
from hypothesis import strategies as st

from contested.web.highlight import Span, draw, paragraphs, pieces, shared

# The letters that go wrong: markup, joined emoji, Arabic and its marks, direction overrides, line ends, NUL.
LETTERS = st.text(
    alphabet=st.one_of(st.sampled_from("<>&\"'\n\r\0\u202e🕊👩‍🚀کندزَ́ا ab"), st.characters(exclude_categories=("Cs",)))
)


@st.composite
def marked(draw_: st.DrawFn) -> tuple[str, list[Span]]:
    """A text and spans in it, crossing as they like; some are empty, some reach past a paragraph."""
    text = draw_(LETTERS)
    edge = st.integers(0, len(text))
    ends = draw_(st.lists(st.tuples(edge, edge), max_size=8))
    kinds = ("control", "event")
    return text, [Span(min(pair), max(pair), f"{n:02x}", kinds[n % 2], n == 1) for n, pair in enumerate(ends)]


class Reader(HTMLParser):
    """What a browser would make of the markup: the text, what covers each character, and whether tags pair up."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.covered: dict[str, list[int]] = {}
        self.anchors: list[str] = []
        self.open: list[str] = []
        self._names: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given_ = dict(attrs)
        self.open.append(tag)
        if tag == "a":
            self.anchors.append(given_["id"] or "")
        else:
            assert tag == "mark"
            assert not self._names, "a mark within a mark"
            self._names = (given_["data-a"] or "").split()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag == "mark":
            self._names = []

    def handle_data(self, data: str) -> None:
        for name in self._names:
            self.covered.setdefault(name, []).extend(range(len(self.text), len(self.text) + len(data)))
        self.text += data


@given(marked())
@example(("a<b>&c", [Span(0, 4, "00"), Span(2, 6, "01")]))
@example(("طالبان 🕊 Kunduz", [Span(0, 8, "00"), Span(7, 9, "01")]))
def test_text_is_kept_and_each_span_is_covered_exactly(case: tuple[str, list[Span]]) -> None:
    text, spans = case
    read = Reader(str(draw(text, 0, len(text), spans)))
    assert read.text == text.replace("\0", "\ufffd")
    assert read.open == []
    assert read.covered == {span.id: list(range(span.start, span.end)) for span in spans if span.start < span.end}
    assert sorted(read.anchors) == sorted(f"a{span.id}" for span in spans if span.start < span.end)


@given(marked())
def test_drawing_by_paragraphs_is_drawing_the_whole(case: tuple[str, list[Span]]) -> None:
    text, spans = case
    ranges = paragraphs(text)
    assert "".join(text[start:end] for start, end in ranges) == text
    parts = [
        str(draw(text, start, end, touching))
        for (start, end), touching in zip(ranges, shared(ranges, spans), strict=True)
    ]
    for part in parts:
        assert Reader(part).open == []
    whole = Reader("".join(parts))
    assert whole.text == text.replace("\0", "\ufffd")
    assert whole.covered == {span.id: list(range(span.start, span.end)) for span in spans if span.start < span.end}
    assert len(whole.anchors) == len(set(whole.anchors))


@given(marked())
def test_pieces_tile_the_text(case: tuple[str, list[Span]]) -> None:
    text, spans = case
    at = 0
    for piece in pieces(0, len(text), spans):
        assert piece.start == at < piece.end
        at = piece.end
    assert at == len(text)


def test_crossing_spans_and_the_one_looked_at() -> None:
    markup = str(draw("abcd", 0, 4, [Span(0, 3, "x", "event"), Span(1, 4, "y", "control", lit=True)]))
    assert markup == (
        '<a id="ax" class="anchor"></a><mark class="k-event" data-a="x">a</mark>'
        '<a id="ay" class="anchor"></a><mark class="k-control k-event many lit" data-a="x y">bc</mark>'
        '<mark class="k-control lit" data-a="y">d</mark>'
    )
