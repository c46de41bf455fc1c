"""Words of likelihood to intervals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contested.model import Likelihood
from contested.text.likelihood import find_hedges, hedge_class
from contested.text.sentences import Token, sentences


def read(text: str) -> list[Likelihood]:
    tokens = tuple(token for sentence in sentences(text) for token in sentence.tokens)
    return [hedge.likelihood for hedge in find_hedges(tokens)]


@pytest.mark.parametrize(
    ("text", "words", "low", "high", "verbal"),
    [
        ("There is almost no chance of it.", "almost no chance", 0.01, 0.05, "unlikely"),
        ("It is very unlikely to hold.", "very unlikely", 0.05, 0.2, "unlikely"),
        ("It is unlikely to hold.", "unlikely", 0.2, 0.45, "unlikely"),
        ("There is a roughly even chance of it.", "roughly even chance", 0.45, 0.55, "possible"),
        ("It will probably hold.", "probably", 0.55, 0.8, "likely"),
        ("It is very likely to hold.", "very likely", 0.8, 0.95, "likely"),
        ("It is almost certain to hold.", "almost certain", 0.95, 0.99, "likely"),
        ("It is not likely to hold.", "not likely", 0.2, 0.45, "unlikely"),
        ("It is n't very likely to hold.", "n't very likely", 0.05, 0.2, "unlikely"),
        ("That is not a foregone conclusion.", "not a foregone conclusion", 0.2, 0.45, "unlikely"),
        ("The city could fall.", "could", 0.05, 0.8, "possible"),
        ("The city may fall.", "may", 0.05, 0.8, "possible"),
        ("They are believed to be there.", "are believed", 0.55, 0.8, "likely"),
        ("Suspected rebels came.", "Suspected", 0.0, 1.0, "unclear"),
        ("It reportedly fell.", "reportedly", 0.0, 1.0, "unclear"),
    ],
)
def test_a_hedge(text: str, words: str, low: float, high: float, verbal: str) -> None:
    [found] = read(text)
    assert (found.words, found.low, found.high, hedge_class(found)) == (words, low, high, verbal)


@pytest.mark.parametrize(
    "text", ["It fell in May.", "He could not be reached.", "He appeared before a court.", "It is a remote valley."]
)
def test_what_is_no_hedge(text: str) -> None:
    assert read(text) == []


PIECES = st.sampled_from([
    "not", "very", "likely", "unlikely", "may", "almost", "certain", "could", "n't", "be", "a", "chance", "even",
    "no", "foregone", "doubt",
])  # fmt: skip


@given(st.lists(PIECES | st.text(min_size=1, max_size=5).filter(str.strip), max_size=20))
def test_laws(pieces: list[str]) -> None:
    tokens = [Token(at * 20, at * 20 + len(word), word) for at, word in enumerate(pieces)]
    reached = 0
    for hedge in find_hedges(tokens):
        assert reached <= hedge.first < hedge.last <= len(tokens)
        reached = hedge.last
        assert 0 <= hedge.likelihood.low < hedge.likelihood.high <= 1
        assert hedge.likelihood.words == " ".join(pieces[hedge.first : hedge.last])
