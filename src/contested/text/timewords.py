"""Words to classes of time words: months, weekdays, years, counts. What a word may be, before any grammar."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from contested.text.counting import cardinal, lexicon
from contested.text.named import first_words, named
from contested.text.patterns import Phrase
from contested.text.sentences import Token

_ISO = re.compile(r"(\d{4})[-/](\d\d?)[-/](\d\d?)(?:T.*)?")
_SLASHED = re.compile(r"(\d\d?)/(\d\d?)/(\d{4})")
_NTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)")
_HYPHENED = re.compile(r"(mid|early|late)-(?=\w)", re.IGNORECASE)
_CLOCK = re.compile(r"([012]?\d):(\d\d)(?::\d\d)?")
# Classes that make no time by themselves.
_SILENT = frozenset({"NTH", "DIR", "MOD", "EDGE", "AMPM", "LOOSECOUNT", "FIRSTLAST", "ABOUT", "PERIOD", "ERA", "ZONE",
                     "HALFWAY", "FISCAL"})  # fmt: skip
_NAMES = ("WEEKDAY", "SHORTDAY", "WEEKDAYS", "MONTH")
_EMPTY: Mapping[str, Any] = {}


@cache
def _lexicon() -> dict[str, dict[str, Any]]:
    """Word → its classes with their values."""
    inverted: dict[str, dict[str, Any]] = {}
    for name, words in lexicon("times").items():
        if name.isupper():
            for word, value in words.items():
                inverted.setdefault(word, {})[name] = value
    for word, month in lexicon("eras")["fiscal"].items():
        inverted.setdefault(word, {})["FISCAL"] = month
    return inverted


@cache
def _cues(name: str) -> frozenset[str]:
    return frozenset(lexicon("times")["cues"][name])


@cache
def _tellers() -> frozenset[str]:
    """Words without one of which, or a digit, a sentence names no time."""
    return first_words() | {word for word, kinds in _lexicon().items() if not kinds.keys() <= _SILENT}


def speaks_of_time(tokens: Sequence[Token]) -> bool:
    """Whether a sentence may name a time at all: a first test, far cheaper than the grammar."""
    tellers = _tellers()
    for token in tokens:
        text = token.text
        word = text.lower() if text.isalpha() else _HYPHENED.sub("", plain(token))
        if word in tellers or word[:1].isdigit():
            return True
    return False


def split(tokens: Sequence[Token]) -> tuple[Sequence[Token], Sequence[int]]:
    """The tokens with "mid-1941" cut in two, and for each the number of the one it was."""
    if not any(_HYPHENED.match(token.text) for token in tokens):
        return tokens, range(len(tokens))
    parts: list[Token] = []
    places: list[int] = []
    for place, token in enumerate(tokens):
        if found := _HYPHENED.match(token.text):
            cut = token.start + found.end()
            parts.append(replace(token, end=cut, text=found[1], pos=""))
            token = replace(token, start=cut, text=token.text[found.end() :])
            places.append(place)
        parts.append(token)
        places.append(place)
    return parts, places


def plain(token: Token) -> str:
    """Lower case, without an abbreviation's full stop."""
    word = token.text.lower()
    return word[:-1] if len(word) > 2 and word.endswith(".") else word


def classes(tokens: Sequence[Token], words: Sequence[str]) -> list[Mapping[str, Any]]:
    """For each word the classes it may belong to. Years and months that could be something else need a cue."""
    found: list[Mapping[str, Any]] = []
    for at, word in enumerate(words):
        if word[:1].isdigit():
            found.append(_digits(word, at, words, found))
        elif word in ("after", "before"):
            found.append(_closing(words, at))
        elif word == "nineteen":
            found.append(_spoken_year(words, at))
        elif word in _lexicon():
            found.append(_named(tokens, words, at))
        elif words[at + 1 : at + 2] == ["time"] and _of_clock(tokens, at, found):
            found.append({"ZONE": ""})
        else:
            found.append(_EMPTY)
    return found


def _named(tokens: Sequence[Token], words: Sequence[str], at: int) -> Mapping[str, Any]:
    """The lexicon's classes, less the names that are not meant: "may" the verb, President May, a man called Friday."""
    kinds = _lexicon()[words[at]]
    token = tokens[at]
    if "UNIT" in kinds:
        return _unit(words, at, kinds)
    if any(name in kinds for name in _NAMES):
        if not token.text[0].isupper():
            return _EMPTY
        if token.entity.endswith("PER") or (token.pos in ("VERB", "AUX")):
            return _EMPTY
        cued = at > 0 and words[at - 1] in _cues("month") and (len(token.text) > 3 or token.text == "May")
        noun = at > 0 and words[at - 1] in _cues("year_before_noun") and _noun(words, at + 1)
        cued = cued or (noun and tokens[at + 1].text.islower())  # "the March offensive", "a June agreement"
        if "MONTH" in kinds and (cued or words[at] not in _cues("doubtful_months")):
            return {**kinds, "BAREMONTH": kinds["MONTH"]}
    if words[at] == "future" and _noun(words, at + 1):
        return _EMPTY
    if "SEASON" in kinds and _seasonal(words, at):
        alone = not _noun(words, at + 1)
        return {**kinds, "BARESEASON" if alone else "NOUNSEASON": kinds["SEASON"]}
    return kinds


def _of_clock(tokens: Sequence[Token], at: int, before: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a name stands beside an hour, as in "6 a.m. Kabul time"."""
    hour = at > 0 and not before[at - 1].keys().isdisjoint({"AMPM", "CLOCK", "HOURNAME"})
    return hour and tokens[at].text[0].isupper()


def _unit(words: Sequence[str], at: int, kinds: Mapping[str, Any]) -> Mapping[str, Any]:
    """A unit of time; before a hyphen it is part of an adjective ("year-long", "six-year-old"), and a year that "ended
    March 31" is none of the calendar."""
    if words[at] == "year" and words[at + 1 : at + 2] in (["ended"], ["ending"]):
        return {"CLOSEDYEAR": kinds["UNIT"]}
    if words[at + 1 : at + 2] == ["-"] and words[at + 2 : at + 3] and words[at + 2].isalpha():
        return {"HUNIT": kinds["UNIT"], **({"UNITS": kinds["UNITS"]} if "UNITS" in kinds else {})}
    return kinds


def _closing(words: Sequence[str], at: int) -> Mapping[str, Any]:
    """ "Two days after" and "before" count back to a time spoken of only where no event follows them."""
    following = words[at + 1] if at + 1 < len(words) else "."
    if following[0].isalnum() or following in ("-", "$", '"', "“", "'", "‘"):
        return _EMPTY
    return {words[at].upper(): 0}


def _seasonal(words: Sequence[str], at: int) -> bool:
    """Whether a season's name is one by itself: "in spring", "that the summer"; not "the fall of Saigon"."""
    named = at > 0 and words[at - 1] == "the"
    cued = at - named > 0 and words[at - 1 - named] in _cues("season")
    if words[at] in ("fall", "spring"):
        following = words[at + 1] if at + 1 < len(words) else ""
        if following in ("of", "to", "into", "under", "apart", "back", "in", "from", "on") or words[at - 1] == "to":
            return False
    return cued or words[at] not in ("fall", "spring") or (named and words[at] == "spring")


def _digits(word: str, at: int, words: Sequence[str], before: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    if word.isascii() and word.isdigit():
        return _whole_number(word, at, words, before)
    if nth := _NTH.fullmatch(word):
        cued = at > 1 and words[at - 1] == "the" and words[at - 2] in _cues("day") and not _noun(words, at + 1)
        return {"DAY": int(nth[1]), "NTH": int(nth[1]), **({"CUEDNTH": int(nth[1])} if cued else {})}
    if word == "1/2":
        return {"FRACTION": 0.5}
    if re.fullmatch(r"(?:1\d|20)\d0s", word):
        return {"DECADE": int(word[:4])}
    if re.fullmatch(r"[2-9]0s", word) and at and words[at - 1] in ("'", "’", "the", "early", "late"):
        return {"DECADE": 1900 + int(word[:2])}
    if iso := _ISO.fullmatch(word):
        return _calendar_day(int(iso[1]), int(iso[2]), int(iso[3]))
    if slashed := _SLASHED.fullmatch(word):
        return _slashed_day(int(slashed[1]), int(slashed[2]), int(slashed[3]))
    if clock := _CLOCK.fullmatch(word):
        return {"CLOCK": (int(clock[1]), int(clock[2]))}
    return _lexicon().get(word, _EMPTY)


def _noun(words: Sequence[str], at: int) -> bool:
    """Whether what stands here may be a noun that a number belongs to: no mark, no small word."""
    return at < len(words) and words[at][0].isalpha() and words[at] not in _cues("small")


def _military(words: Sequence[str], at: int) -> bool:
    return words[at + 1 : at + 2] in (["hours"], ["hrs"], ["hr"], ["gmt"], ["utc"])


def _spoken_year(words: Sequence[str], at: int) -> Mapping[str, Any]:
    """ "Nineteen ninety-six", as years are read aloud."""
    if words[at] != "nineteen" or at + 1 >= len(words):
        return _EMPTY
    number = cardinal(words, at + 1)
    return {"SPOKENYEAR": 1900 + int(number.value)} if number and 10 <= number.value < 100 else _EMPTY


def _whole_number(word: str, at: int, words: Sequence[str], before: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    value = int(word) if len(word) <= 4 else 0
    if len(word) == 4 and 1000 <= value <= 2100:
        cued = _cued_year(value, at, words, before)
        clock = {"MILITARY": (int(word[:2]), int(word[2:]))} if _military(words, at) else {}
        hijri = {"HIJRIYEAR": value} if 1200 <= value < 1500 else {}
        return {"YEAR": value, **({"CUEDYEAR": value} if cued and not clock else {}), **clock, **hijri}
    if len(word) > 2:
        return {"MILITARY": (int(word[:2]), int(word[2:]))} if len(word) == 4 and value < 2400 else _EMPTY
    kinds: dict[str, Any] = {"DAY": value} if 1 <= value <= 31 else {}
    if 1 <= value <= 12 and at and words[at - 1] in _cues("hour"):
        kinds["BAREHOUR"] = f"T{value:02d}:00"
    if len(word) == 2:
        short = at > 1 and words[at - 1] in ("'", "’") and words[at - 2] in _cues("year")
        kinds |= {"TWO": value, "CUEDTWO": value} if short else {"TWO": value}
    return kinds


def _cued_year(value: int, at: int, words: Sequence[str], before: Sequence[Mapping[str, Any]]) -> bool:
    """Whether four digits by themselves are a year: "in 2014", "the 2001 invasion", "(2009)"; not "in 2000 homes"."""
    previous = words[at - 1] if at else ""
    following = words[at + 1] if at + 1 < len(words) else ""
    if following in _cues("counted"):
        return False
    if (
        at == 0
        or following in ("’s", "'s")
        or previous in _cues("year")
        or (previous == "(" and following in (")", "-", "–"))
    ):
        return True
    if previous in ("and", "or", ",", "to", "-", "–", "/") and at > 1 and "CUEDYEAR" in before[at - 2]:
        return True
    return (
        value >= 1600 and previous in _cues("year_before_noun") and (following[:1].isalpha() or following in ('"', "“"))
    )


def _calendar_day(year: int, month: int, day: int) -> Mapping[str, Any]:
    try:
        return {"NAMED": dt.date(year, month, day)}
    except ValueError:
        return _EMPTY


def _slashed_day(first: int, second: int, year: int) -> Mapping[str, Any]:
    """9/21/2001 and 21/9/2001 say which is the month; 9/1/2001 does not and stays unread."""
    if first > 12 or first == second:
        return _calendar_day(year, second, first)
    return _calendar_day(year, first, second) if second > 12 else {"UNREAD": 0}


def given(words: Sequence[str]) -> list[dict[str, Phrase]]:
    """At each word the number or the name of a time that begins there, as phrases."""
    found = named(words)
    for at, here in enumerate(found):
        if number := cardinal(words, at):
            here["NUMBER"] = Phrase(at, number.end, None, (number.value,))
    return found
