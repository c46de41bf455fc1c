"""Sentences and words by rule: layout, marks that end sentences, words as the treebanks cut them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contested.text.sentences import sentences, split_word


def cut(text: str) -> list[str]:
    return [text[one.start : one.end] for one in sentences(text)]


def words(text: str) -> list[str]:
    return [token.text for one in sentences(text) for token in one.tokens]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("don't", "do n't"),
        ("They’re", "They ’re"),
        ("Taliban's", "Taliban 's"),
        ("cannot", "can not"),
        ("U.S.", "U.S."),
        ("U.S.-led", "U.S. - led"),
        ("31-year-old", "31 - year - old"),
        ("$5", "$ 5"),
        ("95%", "95 %"),
        ("1,200", "1,200"),
        ("10:30", "10:30"),
        ("5pm", "5 pm"),
        ("3rd", "3rd"),
        ("1990s", "1990s"),
        ("M16", "M16"),
        ("co-operation", "co-operation"),
        ("al-Qaida", "al - Qaida"),
        ("Ba'athists", "Ba'athists"),
        ("O'Brien", "O'Brien"),
        ('"Go,"', '" Go , "'),
        ("(UN)", "( UN )"),
        ("well...", "well ..."),
        ("a--b", "a -- b"),
        ("AT&T", "AT&T"),
        ("https://example.org/a-b?c=1.", "https://example.org/a-b?c=1 ."),
        ("a@example.org", "a@example.org"),
    ],
)
def test_words_are_cut_as_the_treebanks_cut_them(text: str, expected: str) -> None:
    assert words(text) == expected.split()


@pytest.mark.parametrize(
    "text",
    [
        "Gen. A. B. Dostum met Lt. Col. Karzai on Feb. 3 in St. Petersburg.",
        "The No. 2 commander left at 10 a.m. on Sunday.",
        "He left the U.S. Army for the U.N. mission.",
        "It cost approx. 5 million vs. 3 million in Sept. 2015.",
        "“It is over,” he said.",
        '"Why?" she asked.',
    ],
)
def test_abbreviations_and_quotations_do_not_cut(text: str) -> None:
    assert cut(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They left. They returned.", ["They left.", "They returned."]),
        ("He flew to the U.S. He stayed.", ["He flew to the U.S.", "He stayed."]),
        ("They came at 5 p.m. The town fell.", ["They came at 5 p.m.", "The town fell."]),
        ('"We won." The army fled.', ['"We won."', "The army fled."]),
        ("“They came.” ‘No.’ It ended.", ["“They came.”", "‘No.’", "It ended."]),
        ("Is it over? No! (Perhaps.) So it is.", ["Is it over?", "No!", "(Perhaps.)", "So it is."]),
        ("It fell. al-Shabab said so.", ["It fell.", "al-Shabab said so."]),
    ],
)
def test_marks_end_sentences_and_closing_quotes_belong_to_them(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


def test_headline_byline_and_dateline_stand_alone() -> None:
    text = "Rebels seize northern town\nBy A Correspondent\n\nKABUL, Aug. 3 — The town fell. Troops left.\n\n* * *\n"
    assert cut(text) == [
        "Rebels seize northern town",
        "By A Correspondent",
        "KABUL, Aug. 3 —",
        "The town fell.",
        "Troops left.",
        "* * *",
    ]
    assert [one.paragraph for one in sentences(text)] == [0, 1, 2, 2, 2, 3]


def test_lines_wrapped_to_a_width_are_one_paragraph() -> None:
    text = (
        "The rebels advanced on the provincial capital on Tuesday and seized the\n"
        "main road, a spokesman said. Government forces withdrew to the north of\n"
        "the river after two days of fighting.\n\nA second paragraph."
    )
    found = list(sentences(text))
    assert len(found) == 3
    assert [one.paragraph for one in found] == [0, 0, 1]


def test_split_word_keeps_every_letter() -> None:
    assert "".join(split_word("well-known.\"--'Tis…")) == "well-known.\"--'Tis…"


nasty = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(list(" \n\r\t.!?'’\"“”-–()[]:;,0123456789aAzZ\u200d\u202e\u0000\x1c\x85😀שع漢")),
    ),
    max_size=200,
)


@given(nasty)
@example("")
@example("\x0c\x1c\x85\u2028a.\u2029B")
@example("a" * 5000)
@example("." * 3000)
@example("word " * 5000)
@example("مرحبا بالعالم. שלום עולם. 👩‍👩‍👧‍👦 🇦🇫")
@example("a\r\nb\r\rc")
def test_every_character_belongs_to_one_word_and_offsets_never_shift(text: str) -> None:
    at = 0
    for sentence in sentences(text):
        assert sentence.tokens
        assert (sentence.start, sentence.end) == (sentence.tokens[0].start, sentence.tokens[-1].end)
        for token in sentence.tokens:
            assert text[at : token.start].strip() == ""
            assert token.text == text[token.start : token.end] != ""
            at = token.end
    assert text[at:].strip() == ""
