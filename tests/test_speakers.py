"""One person written in two ways is one voice; two people of one surname are two."""

from __future__ import annotations

import random

import pytest

from contested.derive import load_codebook
from contested.derive.select import Selection
from contested.derive.speakers import make_one
from contested.derive.standard import standard
from derive_world import WORLD, control, day, said


def speakers(*voices: tuple[str, str]) -> list[str]:
    """Who speaks, for (report, voice) pairs, whatever the order they come in."""
    standings = [
        said(control("taken", "c-kunduz", "taliban"), "10-01", voice, source=report, start=number)
        for number, (report, voice) in enumerate(voices)
    ]
    answers = []
    for seed in range(3):
        shuffled = random.Random(seed).sample(standings, len(standings))
        book = load_codebook("control")
        evidence = Selection(standard(book, WORLD), day("12-01"), ())(shuffled)
        make_one(evidence)
        found = {e.id: e.speaker for e in evidence}
        answers.append([found[one.id] for one in standings])
    assert answers[0] == answers[1] == answers[2]
    return answers[0]


@pytest.mark.parametrize(("one", "other"), [
    ("Kunduz governor Asadullah Omarkhil", "Omarkhil"),
    ("Gov. Asadullah Omarkhil", "Asadullah Omarkhel"),
    ("police chief Abdul Razziq", "Gen. Razziq"),
    ("Mohammad Omar Safi", "governor Muhammad Omar Safi"),
    ("the Provincial Council", "Provincial Council"),
])  # fmt: skip
def test_one_person_written_in_two_ways_is_one_voice(one: str, other: str) -> None:
    first, second = speakers(("Example Wire", one), ("Sample Times", other))
    assert first == second


@pytest.mark.parametrize(("one", "other"), [
    ("Asadullah Omarkhil", "Hamdullah Omarkhil"),
    ("the Interior Ministry", "the Defence Ministry"),
    ("residents", "local residents"),
    ("Abdul Razziq", "Asadullah Omarkhil"),
    ("Ahmad Khan", "Khan"),  # elsewhere, of a name that thousands bear
])  # fmt: skip
def test_two_people_are_two_voices(one: str, other: str) -> None:
    first, second = speakers(("Example Wire", one), ("Sample Times", other))
    assert first != second


def test_a_surname_means_who_bears_it_in_that_report() -> None:
    asad, short, hamd, elsewhere = speakers(
        ("Example Wire", "Asadullah Omarkhil"), ("Example Wire", "Omarkhil"),
        ("Sample Times", "Hamdullah Omarkhil"), ("Third Post", "Omarkhil"),
    )  # fmt: skip
    assert asad == short
    assert elsewhere not in (asad, hamd)
    assert asad != hamd


@pytest.mark.parametrize(
    "words", ["A" * 200 + " (", "INTERNATIONALIZATION COMMISSION " * 9 + "officials", "Б" * 300 + " )"]
)
def test_a_long_row_of_capitals_is_read_at_once(words: str) -> None:
    assert len(speakers(("Example Wire", words))) == 1  # it once took longer than anybody would wait
