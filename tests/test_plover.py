"""PLOVER's events from assertions: what is coded, what is not, and how the gold records are scored."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.plover import Record, actors, alike, read_part, score

from contested.extract import extract
from contested.model import Document, EventType
from contested.register import open_register
from contested.write.plover import Coded, coded, rules


def events(text: str) -> list[tuple[str, str, str]]:
    report = Document("x", "The Example Courier", text, "0" * 64)
    found = [a for _, own in extract(report, open_register(), gated=False) for a in own]
    return [(event.event, event.source, event.target) for _, event in coded(found, text)]


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("Austria-Hungary threatened to invade Serbia.", ("THREATEN", "Austria-Hungary", "Serbia")),
        ("Egypt demanded that Britain withdraw its troops.", ("DEMAND", "Egypt", "Britain")),
        ("Belgium rejected the German demand for free passage.", ("REJECT", "Belgium", "German")),
        ("Ethiopia condemned Italy's invasion.", ("DISAPPROVE", "Ethiopia", "Italy")),
        ("The Soviet Union mobilized its troops.", ("MOBILIZE", "Soviet Union", "its troops")),
        ("Brazil apologized to Portugal for the raid.", ("SUPPORT", "Brazil", "Portugal")),
        ("France expelled three Russian diplomats.", ("SANCTION", "France", "three Russian diplomats")),
    ],
)
def test_who_does_what_to_whom(text: str, event: tuple[str, str, str]) -> None:
    assert events(text) == [event]


def test_what_is_denied_did_not_happen() -> None:
    assert "FIGHT" not in {event for event, *_ in events("Rebels did not attack the barracks of Havana in 1959.")}


def test_what_protesters_demand_is_no_event_beside_the_protest() -> None:
    text = "Thousands of workers staged demonstrations in Gdansk to demand free unions."
    assert [event for event, *_ in events(text)] == ["PROTEST"]


def test_every_type_of_event_has_a_class() -> None:
    declared = {type_ for rule in rules()["event"] for type_ in rule.where.get("type", ())}
    assert declared == set(EventType.__args__)


# ── the scorer ───────────────────────────────────────────────────────────────────────────────────


def test_a_record_is_found_when_its_class_is_among_ours() -> None:
    records = [
        Record("one", "DEMAND", "", ("Egypt",), ("Britain",)),
        Record("one", "REJECT", "", ("Britain",), ()),
        Record("two", "PROTEST", "obstruct", ("workers",), ()),
    ]
    found = {"one": [Coded("DEMAND", "", "Egypt", "Suez")], "two": [Coded("PROTEST", "obstruct"), Coded("FIGHT")]}
    made = score(records, found)
    assert made.share("recall") == 2 / 3
    assert made.share("precision") == 2 / 3
    assert (made.share("mode"), made.share("source"), made.share("target")) == (1, 1 / 2, 0)


def test_names_are_alike_when_half_their_words_agree() -> None:
    assert alike("the United Nations", "United Nations mission")
    assert not alike("Egypt", "Egyptian officials")
    assert not alike("", "")


def test_actors_of_a_record_may_be_a_list_one_or_no_one() -> None:
    assert actors([{"actorText": "Egypt"}, "x"]) == ("Egypt",)
    assert actors("diplomats") == ()


def test_a_missing_part_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"none\.txt: no such file of records"):
        read_part(tmp_path, "none.txt")
