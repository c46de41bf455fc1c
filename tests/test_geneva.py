"""GENEVA's sentences as we read and score them, and the declared table."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from benchmarks.geneva import Mention, Score, Sentence, declared, read_part, sentence

from contested.model import AnyContent, Assertion, Event, Name, Quote, Statement, Voice

TEXT = "Envoys said troops attacked Sedan."
ATTACK = Mention("Attack", 19, 27, "attacked", [("Assailant", "troops"), ("Victim", "Sedan"), ("Time", "1870")])
PAPER = Voice("Paper")


def event(type_: str = "armed_attack") -> Assertion:
    return Assertion(Event(type_, Name("troops"), place=Name("Metz")), (PAPER,), quote=Quote("x", 12, 33))


def test_words_are_set_as_printed_and_triggers_keep_their_place() -> None:
    raw = {"tokens": ["Troops", "attacked", "Sedan", "."], "event_mentions": [
        {"event_type": "Attack", "trigger": {"start": 1, "end": 2, "text": "attacked"},
         "arguments": [{"role": "Assailant", "text": "Troops"}]}]}  # fmt: skip
    one = sentence(raw)
    assert one == Sentence("Troops attacked Sedan.", [Mention("Attack", 7, 15, "attacked", [("Assailant", "Troops")])])


def test_triggers_and_the_arguments_of_those_found_are_counted() -> None:
    made = Score()
    assert made.add(Sentence(TEXT, [ATTACK]), [event()], declared()) == []
    assert made.add(Sentence(TEXT, [ATTACK]), [event("visit")], declared()) == [ATTACK]
    assert (made.right["all", "trigger"], made.of["all", "trigger"]) == (1, 2)
    assert (made.right["all", "arguments"], made.of["all", "arguments"]) == (1, 2)


def test_speech_is_found_by_the_cue_of_a_voice() -> None:
    said = Mention("Statement", 7, 11, "said", [("Speaker", "Envoys")])
    told = Assertion(Event("visit"), (PAPER, Voice("Envoys", cue="say")), quote=Quote("x", 12, 33))
    made = Score()
    assert made.add(Sentence(TEXT, [said]), [told], declared()) == []
    assert made.right["Statement", "Speaker"] == 1
    assert made.add(Sentence(TEXT, [said]), [event()], declared()) == [said]


def test_what_is_said_where_no_type_of_ours_is_counts_apart() -> None:
    made = Score()
    made.add(
        Sentence(TEXT, [ATTACK._replace(type="Research")]), [event(), Assertion(Statement(), (PAPER,))], declared()
    )
    assert (made.silent, made.false, made.of) == (1, {"event": 1, "statement": 1}, {})


def test_the_table_names_kinds_and_fields_of_ours() -> None:
    classes = {str(cls.__struct_config__.tag): set(cls.__struct_fields__) for cls in get_args(AnyContent)}
    for name, type_ in declared().items():
        assert set(type_.kinds) <= {*classes, "voiced"}, name
        known = {"voice"}.union(*(classes.get(kind, set()) for kind in type_.kinds))
        assert {field for fields in type_.roles.values() for field in fields} <= known, name


def test_a_missing_part_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no such file of sentences"):
        read_part(tmp_path, "val")
