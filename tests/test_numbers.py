"""Numbers to lowest, best and highest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contested.text.numbers import find_numbers
from contested.text.sentences import Token, sentences


def read(text: str) -> list[tuple[str, float | None, float | None, float | None, str]]:
    tokens = tuple(token for sentence in sentences(text) for token in sentence.tokens)
    found = find_numbers(tokens)
    words = [text[tokens[m.first].start : tokens[m.last - 1].end] for m in found]
    return [(w, m.estimate.low, m.estimate.best, m.estimate.high, m.unit) for w, m in zip(words, found, strict=True)]


@pytest.mark.parametrize(
    ("text", "words", "low", "best", "high"),
    [
        ("30 people died.", "30", 30, 30, 30),
        ("At least 30 people died.", "At least 30", 30, 30, None),
        ("More than 2,000 people fled.", "More than 2,000", 2000, 2000, None),
        ("40 or more died.", "40 or more", 40, 40, None),
        ("Up to 40 rebels died.", "Up to 40", None, None, 40),
        ("As many as 12 died.", "As many as 12", None, None, 12),
        ("Fewer than 40 were left.", "Fewer than 40", None, None, 40),
        ("Some 650 troops stayed.", "Some 650", None, 650, None),
        ("Nearly half a million fled.", "Nearly half a million", None, 500_000, None),
        ("About 1.2 million fled.", "About 1.2 million", None, 1_200_000, None),
        ("Between 20 and 30 died.", "Between 20 and 30", 20, None, 30),
        ("It killed 20-30 men.", "20-30", 20, None, 30),
        ("It moved 2 to 3 million people.", "2 to 3 million", 2_000_000, None, 3_000_000),
        ("Twenty-three men died.", "Twenty-three", 23, 23, 23),
        ("Two hundred and fifty men died.", "Two hundred and fifty", 250, 250, 250),
        ("A dozen men died.", "A dozen", 12, 12, 12),
        ("Dozens of men died.", "Dozens", 24, None, None),
        ("Scores died.", "Scores", 40, None, None),
        ("Several thousand men fled.", "Several thousand", 2000, None, None),
        ("Tens of thousands fled.", "Tens of thousands", 20_000, None, None),
        ("A couple of men died.", "A couple of", 2, 2, 2),
    ],
)
def test_a_count(text: str, words: str, low: float | None, best: float | None, high: float | None) -> None:
    assert read(text) == [(words, low, best, high, "")]


@pytest.mark.parametrize(
    ("text", "words", "value", "unit"),
    [
        ("It held 95 percent of it.", "95 percent", 95, "percent"),
        ("It held 95% of it.", "95%", 95, "percent"),
        ("It held half of it.", "half", 50, "percent"),
        ("It held a quarter of it.", "a quarter", 25, "percent"),
        ("It cost $5 million then.", "$5 million", 5_000_000, "USD"),
        ("It cost 5 million dollars then.", "5 million dollars", 5_000_000, "USD"),
        ("It took 400 square kilometers.", "400 square kilometers", 400, "square km"),
    ],
)
def test_a_measure(text: str, words: str, value: float, unit: str) -> None:
    assert read(text) == [(words, value, value, value, unit)]


@pytest.mark.parametrize(
    "text",
    ["A 31-year-old man spoke.", "John Doe, 31, spoke.", "He had an AK-47.", "The 1267 list grew.",
     "Resolution 1267 passed.", "It fell on May 5, 2011.", "It fell in 2014.", "The 5th corps left.", "No one came.",
     "Few people came.", "A three-member team left.", "Call 555-123-4567.", "It took two weeks."],
)  # fmt: skip
def test_what_counts_nothing(text: str) -> None:
    assert read(text) == []


def test_several_numbers_keep_their_order() -> None:
    assert [words for words, *_ in read("The group held 212 of 421 districts.")] == ["212", "421"]


PIECES = st.sampled_from([
    "at", "least", "up", "to", "between", "and", "from", "30", "2,000", "1.2", "million", "hundred", "twenty", "-",
    "three", "%", "$", "half", "of", "a", "the", "couple", "several", "tens", "thousands", "or", "more", "no",
    "one", "quarter", "20", "40", "9999999999999999", ",", ".", "AK", "dozen",
])  # fmt: skip


@given(st.lists(PIECES | st.text(min_size=1, max_size=5).filter(str.strip), max_size=25))
def test_laws(pieces: list[str]) -> None:
    tokens = [Token(at * 20, at * 20 + len(word), word) for at, word in enumerate(pieces)]
    reached = 0
    for mention in find_numbers(tokens):
        assert reached <= mention.first < mention.last <= len(tokens)
        reached = mention.last
        known = [n for n in (mention.estimate.low, mention.estimate.best, mention.estimate.high) if n is not None]
        assert known == sorted(known)
        assert known
        assert known[0] >= 0
