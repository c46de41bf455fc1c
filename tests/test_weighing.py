"""What words tell: a listed word that tells nothing is dropped, an unlisted one that tells proposes, and both say how
sure they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from contested.extract import extract, extractors
from contested.extract.weighing import bars
from contested.model import Assertion, Document
from contested.register import Register, open_register
from contested.text import reading
from contested.text.sentences import Sentence
from contested.text.telling import Tells

Reading = Callable[[str, dict[str, Tells] | None], list[Assertion]]


@cache
def register() -> Register:
    return open_register()


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Reading:
    """Reads a text whose words tell what one says they do; None where nothing was learned."""
    plain = reading.read_tokens

    def read(text: str, tells: dict[str, Tells] | None) -> list[Assertion]:
        def lent(batch: list[Sentence]) -> list[Sentence]:
            return [replace(one, tokens=tuple(
                replace(token, tells=None if tells is None else tells.get(token.text, ())) for token in one.tokens
            )) for one in plain(batch)]  # fmt: skip

        monkeypatch.setattr(reading, "read_tokens", lent)
        document = Document("d", "The Example Courier", text, "0" * 64)
        return [a for _, own in extract(document, register(), gated=False) for a in own]

    return read


SEIZED = "Taliban fighters seized the town of Marjah in 2009."


def test_word_lists_stand_alone_where_nothing_was_learned(read: Reading) -> None:
    (control,) = [a for a in read(SEIZED, None) if a.kind == "control"]
    assert control.confidence == 1.0


def test_what_is_listed_but_tells_nothing_is_dropped(read: Reading) -> None:
    assert read(SEIZED, {}) == []


def test_an_assertion_says_how_sure_it_is(read: Reading) -> None:
    (control,) = read(SEIZED, {"seized": (("control", 0.9), ("control.taken", 0.8))})
    assert (control.kind, control.confidence) == ("control", 0.9)


def test_a_word_that_tells_needs_no_list(read: Reading) -> None:
    text = "Serbian forces pacified the town of Brcko in 1992."
    tells = {"pacified": (("control", 0.95), ("control.taken", 0.9))}
    assert [a.kind for a in read(text, None)] == []
    (control,) = read(text, tells)
    content = control.content
    assert (content.status, content.holder.words, content.place.words) == (  # type: ignore[union-attr]
        "taken", "Serbian forces", "town of Brcko",
    )  # fmt: skip


def test_events_without_violence_are_not_weighed(read: Reading) -> None:
    found = read("Egypt and Israel signed a peace agreement in 1979.", {})
    assert [a.confidence for a in found if a.kind == "event"] == [1.0]


def test_every_kind_has_its_bars() -> None:
    assert set(bars()) == {extractor.name for extractor in extractors()}
    assert all(0 <= bar.listed <= 1 for bar in bars().values())
