"""Names of times: holidays, eras and turning points (lexicons/holidays.toml, lexicons/eras.toml) among the words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from contested.text.calendar import day, spanning
from contested.text.counting import lexicon
from contested.text.patterns import Phrase
from contested.text.sentences import split_word
from contested.text.timex import Timex

Named = tuple[tuple[str, ...], str, Any]  # the words, the kind of phrase, its value


def words_of(name: str) -> tuple[str, ...]:
    """A name as the words of a sentence are cut, without an abbreviation's full stop."""
    cut = (word for chunk in name.split() for word in split_word(chunk))
    return tuple(word[:-1] if len(word) > 2 and word.endswith(".") else word for word in cut)


@cache
def _names() -> Mapping[str, Sequence[Named]]:
    """By their first word, the longest first."""
    holidays, found = lexicon("holidays"), dict[str, list[Named]]()
    named = [(name, "HOLIDAY", name) for kind in holidays if kind != "months" for name in holidays[kind]]
    for calendar, months in holidays["months"].items():
        named += [(name, "OTHERMONTH", (calendar, number)) for name, number in months.items()]
    for era in lexicon("eras")["era"]:
        named += [(name, "EPOCH", _epoch(era)) for name in era["names"]]
    for name, kind, value in named:
        words = words_of(name)
        found.setdefault(words[0], []).append((words, kind, value))
    return {first: sorted(every, key=lambda one: -len(one[0])) for first, every in found.items()}


def _epoch(era: Mapping[str, Any]) -> Timex:
    since: dt.date = era["since"]
    return Timex("DATE", "", "", spanning(since, era["until"], "day") if "until" in era else day(since))


@cache
def first_words() -> frozenset[str]:
    """Words that a name of a time begins with."""
    return frozenset(_names())


def named(words: Sequence[str]) -> list[dict[str, Phrase]]:
    """At each word the names of times that begin there, as phrases HOLIDAY, OTHERMONTH or EPOCH."""
    found: list[dict[str, Phrase]] = []
    for at, word in enumerate(words):
        here: dict[str, Phrase] = {}
        for name, kind, value in _names().get(word, ()):
            if kind not in here and tuple(words[at : at + len(name)]) == name:
                here[kind] = Phrase(at, at + len(name), None, (value,))
        found.append(here)
    return found
