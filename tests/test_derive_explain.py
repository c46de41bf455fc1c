"""Explaining: a row is found by what it is called, or those near it are named."""

from __future__ import annotations

import pytest

from contested.derive import explain
from contested.errors import UsageError
from derive_world import control, picture, said

TWO_TOWNS = [
    said(control("c-kunduz", "held", "gov"), "08-01"),
    said(control("v-gortepa", "held", "taliban"), "08-01"),
    said(control("Kunar", "held", "gov"), "08-01"),
]


@pytest.mark.parametrize("asked", [["Kunduz"], ["kunduz"], ["c-kunduz"], ["KUND"]])
def test_a_row_is_found_by_name_thing_or_beginning(asked: list[str]) -> None:
    assert explain(picture("control", TWO_TOWNS), asked).things == ("c-kunduz",)


def test_a_name_of_two_words_may_come_as_two() -> None:
    assert explain(picture("control", TWO_TOWNS), ["gor", "tepa"]).things == ("v-gortepa",)


def test_a_key_that_fits_several_rows_or_none_says_which_are_near() -> None:
    drawn = picture("control", TWO_TOWNS)
    with pytest.raises(UsageError, match=r"fits 2 rows: Kunar; Kunduz"):
        explain(drawn, ["kun"])
    with pytest.raises(UsageError, match="Near it: Kunduz"):
        explain(drawn, ["Kundus"])
    with pytest.raises(UsageError, match="It has no rows"):
        explain(picture("control", []), ["Kundus"])
