"""Reports printed all in capitals: names get their capitals back, offsets stay, and the same is read in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contested.extract import extract
from contested.model import Control, Document, Event
from contested.register import open_register
from contested.text.capitals import true_cased

TEXT = (
    "Kabul, 15 Feb 1989 (AFP) -- The last soldier of the Soviet Union left Afghanistan on Wednesday. "
    "General Boris Gromov walked over the bridge at Termez.\n\n"
    "In Jalalabad the guerrillas shelled the airport, and four soldiers were killed. "
    "The U.S. embassy in Kabul was closed."
)


def document(text: str) -> Document:
    return Document("x", "Example Wire", text, "0" * 64)


def test_names_get_their_capitals_back() -> None:
    assert true_cased(document(TEXT.upper())).text == TEXT


@pytest.mark.parametrize("text", [TEXT, "", "NATO", "The USS COLE.", "12 34"])
def test_what_is_written_as_usual_is_left_alone(text: str) -> None:
    assert true_cased(document(text)).text == text


def test_a_headline_in_capitals_leaves_the_report_alone() -> None:
    headline = "AMERICAN TROOPS LEAVE AFGHANISTAN AFTER TWENTY YEARS OF WAR"
    found = true_cased(document(f"{headline}\n\n{TEXT}")).text
    assert found.endswith(TEXT)
    assert found.startswith("American troops leave Afghanistan")


@pytest.mark.parametrize("short", ["U.ß.A.", "S.P.ß.", "ﬁ.ﬂ.", "ŉ.ŉ."])
def test_letters_that_would_become_two_move_nothing(short: str) -> None:
    text = f"THE REBELS ATTACKED THE TOWN AND {short} SAID OFFICIALS IN KABUL YESTERDAY."
    read = true_cased(document(text)).text
    assert len(read) == len(text)
    assert read.endswith("officials in Kabul yesterday.")


@given(st.text(alphabet="ABCDEİŞßÄ .,\n19-'ŉǅﬁ", max_size=200))
def test_no_offset_moves(text: str) -> None:
    read = true_cased(document(text)).text
    assert len(read) == len(text)
    assert read.upper() == text.upper()


def test_the_same_is_read_in_capitals_and_its_words_are_quoted() -> None:
    register = open_register()

    def told(text: str) -> list[tuple[object, ...]]:
        found = []
        for _, own in extract(document(text), register):
            for one in own:
                assert one.quote is not None
                quoted = text[one.quote.start : one.quote.end].lower()
                if isinstance(one.content, (Event, Control)):
                    found.append((one.content, quoted))
        return found

    assert told(TEXT)
    assert told(TEXT.upper()) == told(TEXT)
