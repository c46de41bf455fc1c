"""Voices peeled off: who says what, from the publisher's first guest to the innermost."""

from __future__ import annotations

import pytest

from contested.model import Document
from contested.text import Clause, clauses


def clause(text: str, predicate: str) -> Clause:
    """The clause of a text whose predicate is this word."""
    document = Document("d", "The Example Courier", text, "0" * 64)
    return next(c for c in clauses(document) if c.tree.tokens[c.head].text == predicate)


@pytest.mark.parametrize(
    ("text", "predicate", "chain"),
    [
        ("Rebels took the town.", "took", []),
        ("Police said that rebels took the town.", "took", ["Police"]),
        ("Reuters reported that police said rebels took the town.", "took", ["Reuters", "police"]),
        ("Reuters reported that police said rebels took the town.", "said", ["Reuters"]),
        ("Rebels took the town, police said.", "took", ["police"]),
        ("According to the United Nations, thousands fled the city.", "fled", ["United Nations"]),
        ('"The rebels have left the town," the governor said.', "left", ["governor"]),
        ('The governor spoke on Monday. "The rebels have left the town," he said.', "left", ["he"]),
    ],
)
def test_chain(text: str, predicate: str, chain: list[str]) -> None:
    assert [s.who for s in clause(text, predicate).speakers] == chain


def test_a_quotation_goes_on_in_the_next_sentence() -> None:
    text = '"The town is quiet," the mayor said. "Nobody has left the town."'
    assert [s.who for s in clause(text, "left").speakers] == ["mayor"]


def test_scare_quotes_are_no_speech() -> None:
    text = 'The "special military operation" began in February.'
    assert clause(text, "began").speakers == ()


def test_a_denial_is_the_voice_that_denies() -> None:
    (speaker,) = clause("The ministry denied that the town had fallen.", "fallen").speakers
    assert (speaker.who, speaker.denies) == ("ministry", True)


@pytest.mark.parametrize(
    ("text", "predicate", "mood"),
    [
        ("Rebels took the town.", "took", "told"),
        ("Rebels may take the town.", "take", "possible"),
        ("Rebels plan to take the town.", "take", "intended"),
        ("Rebels managed to take the town.", "take", "told"),
        ("If rebels take the town, thousands will flee.", "take", "supposed"),
        ("Reporters asked whether rebels had taken the town.", "taken", "supposed"),
    ],
)
def test_mood(text: str, predicate: str, mood: str) -> None:
    assert clause(text, predicate).mood == mood
