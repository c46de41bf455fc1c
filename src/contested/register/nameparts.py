"""A name cut into the parts by which it is compared: titles, particles and legal forms aside, spellings made one.

Which words are titles, particles, forms or other spellings of each other is data (packs/names.toml).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from contested.register.countries import pack
from contested.register.spelling import GAPS, plain

LONGEST, MOST = 200, 16  # characters and parts looked at
COMMON = 0.5  # what a common name or word tells, of 1; set by hand
_DOTTED = re.compile(r"\b(?:\w\.)+")
_APOSTROPHES = re.compile(r"['’‘ʻʼʿʾ`´]")
_POSSESSIVE = re.compile(r"['’]s\b")
_SERVANT_OF = re.compile(r"abd[aeou]{1,2}(?:[lrszdn](?=[^aeiou])|l(?=[aeiou]))(?!lah)(\w{3,})")
_REPEATED = re.compile(r"(.)\1+")


class Part(NamedTuple):
    """One part of a name: as folded, as it sounds, and how much it tells (0 to 1)."""

    word: str
    sound: str
    weight: float


class NameParts(NamedTuple):
    """A name to be compared: its parts in order, its legal forms, and the parts that name a father."""

    parts: tuple[Part, ...]
    forms: frozenset[str] = frozenset()
    fathers: tuple[Part, ...] = ()


class _Words:
    """The tables of packs/names.toml, turned to be looked up."""

    def __init__(self) -> None:
        names = pack("names")
        person, body = names["person"], names["body"]
        self.letters = str.maketrans(dict(pair for table in names["letters"].values() for pair in table.items()))
        self.digits = str.maketrans(names["digits"])
        self.titles, self.particles = frozenset(person["titles"]), frozenset(person["particles"])
        self.filial, self.servant = frozenset(person["filial"]), frozenset(person["servant"])
        self.compounds = _first_of(person["compounds"])
        self.compound = re.compile(rf"(\w{{3,}}?)(?:a|e|u|ou)[dlr]?({'|'.join(self.compounds)})")
        self.spelled = _first_of(person["spellings"])
        self.distinct = {prefix + name for prefix in ("", "abd") for name in person["distinct"]}
        self.common_names = {self.spelled.get(name, name) for name in person["common"]}
        self.idle, self.common_words = frozenset(body["idle"]), frozenset(body["common"])
        self.numbers = _first_of(body["numbers"])
        self.written = {tuple(words.split()): first for words, first in _first_of(body["spellings"]).items()}
        self.forms = {tuple(words.split()): first for words, first in _first_of(body["forms"]).items()}
        self.longest = max(map(len, (*self.written, *self.forms)))
        self.sounds = [tuple(pair) for pair in names["sounds"]["written"]]


def _first_of(groups: Iterable[Sequence[str]]) -> dict[str, str]:
    return {word: group[0] for group in groups for word in group}


@cache
def _words() -> _Words:
    return _Words()


@lru_cache(maxsize=1 << 15)
def sound(word: str) -> str:
    """A folded word as it sounds, whoever romanised it: "qaddafi" and "kadafi" are one."""
    for written, heard in _words().sounds:
        word = word.replace(written, heard)
    return _REPEATED.sub(r"\1", word)


@lru_cache(maxsize=1 << 15)
def person_parts(name: str) -> NameParts:
    """The parts of a person's name."""
    given = _cut(_APOSTROPHES.sub("", _romanised(name)))
    words = [word for word in given[:-1] if word not in _words().titles] + given[-1:]
    found: list[str] = []
    fathers: list[str] = []
    filial, spot = False, 0
    while spot < len(words):
        word, taken = _name_at(words, spot)
        spot += taken
        if word in _words().particles and len(words) > 1:
            filial = filial or word in _words().filial
        elif word in _words().compounds and found:
            found[-1] += _words().compounds[word]
        else:
            found.append(word)
            fathers += [word] if filial else []
            filial = False
    return NameParts(_weighed(found or given, _words().common_names), fathers=_weighed(fathers, frozenset()))


def _name_at(words: Sequence[str], spot: int) -> tuple[str, int]:
    """The name that begins there, with "abd" and what it is the servant of made one, and how many words it takes."""
    table, word = _words(), words[spot]
    if word in table.servant:
        after = spot + 1
        while after < len(words) - 1 and words[after] in table.particles:
            after += 1
        if after < len(words):
            whose = words[after]
            return "abdallah" if whose in ("allah", "lah") else f"abd{whose}", after + 1 - spot
    if word in table.spelled:
        return table.spelled[word], 1
    if joined := _SERVANT_OF.fullmatch(word):
        return f"abd{joined[1]}", 1
    if (joined := table.compound.fullmatch(word)) and word not in table.compounds:
        return joined[1] + table.compounds[joined[2]], 1
    return word, 1


def distinct(one: str, other: str) -> bool:
    """Whether both words are names that look like others and are none of them: "Hamid" and "Ahmad"."""
    return one != other and one in _words().distinct and other in _words().distinct


@lru_cache(maxsize=1 << 15)
def body_parts(name: str) -> NameParts:
    """The parts of the name of a group, a company, an organisation: its legal forms apart, its numbers as digits."""
    given = _cut(_APOSTROPHES.sub("", _POSSESSIVE.sub("", _romanised(name).replace("&", " and "))))
    given = ["e" if word == "i" and spot < len(given) - 1 else word for spot, word in enumerate(given)]
    found: list[str] = []
    forms: set[str] = set()
    spot = 0
    while spot < len(given):
        form, taken = _longest_at(_words().forms, given, spot)
        if form:
            forms.add(form)
        else:
            word, taken = _longest_at(_words().written, given, spot)
            word, taken = (word, taken) if word else (given[spot], 1)
            _add_word(found, word)
        spot += taken
    return NameParts(_weighed(found or given, _words().common_words), frozenset(forms) if found else frozenset())


def _longest_at(table: dict[tuple[str, ...], str], words: Sequence[str], spot: int) -> tuple[str, int]:
    for length in range(_words().longest, 0, -1):
        if found := table.get(tuple(words[spot : spot + length])):
            return found, min(length, len(words) - spot)
    return "", 0


def _add_word(found: list[str], word: str) -> None:
    number = _words().numbers.get(word, word)
    if number.isdigit() and len(number) == 1 and found and found[-1] in ("20", "30", "40", "50"):
        found[-1] = found[-1][0] + number  # "Forty-Four"
    elif word not in _words().idle:
        found.append(number)


def _romanised(name: str) -> str:
    return plain(name[:LONGEST].lower().translate(_words().letters))


def _cut(folded: str) -> list[str]:
    """Words, with "U.N." made one and digits that stand in for letters put back."""
    dotted = _DOTTED.sub(lambda found: found[0].replace(".", "") + " ", folded)
    return [_spelled_out(word) for word in GAPS.sub(" ", dotted).split()][:MOST]


def _spelled_out(word: str) -> str:
    disguised = len(word) > 3 and 0 < 2 * sum(letter.isdigit() for letter in word) < len(word)
    return word.translate(_words().digits) if disguised and word not in _words().numbers else word


def _weighed(words: Iterable[str], common: Iterable[str]) -> tuple[Part, ...]:
    return tuple(Part(word, sound(word), COMMON if word in common else 1.0) for word in words)
