"""Short names that a text introduces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contested.text.introduced import introduced


@pytest.mark.parametrize(("text", "found"), [
    ("The Afghan National Security Forces (ANSF) fought.", {"ANSF": "Afghan National Security Forces"}),
    ("the ANSF (Afghan National Security Forces) fought", {"ANSF": "Afghan National Security Forces"}),
    ("the Islamic State of Iraq and the Levant (ISIL, or Daesh)", {"ISIL": "Islamic State of Iraq and the Levant"}),
    ("Hayat Tahrir al-Sham (HTS) and Jaysh al-Fatah (JaF)", {"HTS": "Hayat Tahrir al-Sham", "JaF": "Jaysh al-Fatah"}),
    ("the Kurdistan Workers' Party (PKK)", {"PKK": "Kurdistan Workers' Party"}),
    ("Sudan's Justice and Equality Movement (J.E.M.)", {"JEM": "Justice and Equality Movement"}),
    ("the Special Inspector General for Afghanistan Reconstruction (“SIGAR”)",
     {"SIGAR": "Special Inspector General for Afghanistan Reconstruction"}),
    ("KABUL (AP) - Five soldiers", {}),
    ("in Kabul (population 4m)", {}),
    ("Senator Bob Corker (R-Tenn.) said", {}),
    ("five soldiers (NATO) died", {}),
    ("Kabul. The (ANSF)", {}),
    ("the group (IS)", {}),
])  # fmt: skip
def test_short_names(text: str, found: dict[str, str]) -> None:
    assert introduced(text) == found


def test_the_first_introduction_holds() -> None:
    text = "the Sudan Liberation Army (SLA) met the South Lebanon Army (SLA)"
    assert introduced(text) == {"SLA": "Sudan Liberation Army"}


@given(st.text("AaBb (),.'-\n", max_size=200))
def test_what_is_found_is_in_the_text(text: str) -> None:
    for short, long in introduced(text).items():
        assert long in text
        assert short
        assert "." not in short
