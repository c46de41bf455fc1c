"""The words around a place's name: of what level it is, what it lies in, whether it is only part of what is meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from contested.register.countries import pack

LONGEST = 200  # characters; what is longer is no name


class Phrase(NamedTuple):
    """A place phrase taken apart.

    `names` are its possible names, fullest first; `container` is what follows the comma, `within` what the phrase
    itself puts the place in; `seat_of` is whose capital is meant; `partly`: something in the place is meant ("the
    palace in Kabul").
    """

    names: tuple[str, ...] = ()
    level: str = ""
    container: str = ""
    within: str = ""
    seat_of: str = ""
    partly: bool = False


@cache
def _vocabulary(table: str) -> frozenset[str]:
    return frozenset(pack("phrases")[table]["words"])


@cache
def written_levels() -> dict[str, str]:
    """The level that each word of a place phrase says; `candidates.levels` has those of headlines too."""
    return {word: level for level, words in pack("phrases")["levels"].items() for word in words}


@cache
def _demonyms() -> dict[str, str]:
    return {name: facts["names"][0] for facts in pack("countries").values() for name in facts.get("demonyms", ())}


_POSSESSIVE = re.compile(r"['’]s?$")
_CAPITAL_OF = re.compile(r"(?:provincial |regional )?capitals? (?:city )?of (.+)", re.IGNORECASE)
_CAPITAL_AFTER = re.compile(r"^(.+?)(?:['’]s)? (?:provincial |regional )?capital(?: city)?$", re.IGNORECASE)
_EDGES = " \t\r\n\"'“”‘’.,;:()[]"


@lru_cache(maxsize=1 << 14)
def read_phrase(words: str) -> Phrase:
    """Take a place phrase apart: "the northern city of Kunduz", "Marja, Helmand", "Yemen's Marib"."""
    text = re.sub(r"\s+", " ", words[:LONGEST]).strip()
    head, _, rest = text.partition(", ")
    if (found := _CAPITAL_OF.search(head) or _CAPITAL_AFTER.search(head)) and capitalised(found[1]):
        return Phrase(level="settlement", container=rest, seat_of=found[1])
    tokens = trimmed(head.split(" "))
    phrase = _parted(tokens)
    names, level = _shorter(phrase.names[0].split(" ") if phrase.names else [], phrase.level)
    whole = " ".join(tokens)
    return phrase._replace(names=tuple(dict.fromkeys([whole, *names])), level=level, container=rest)


def _shorter(place: list[str], level: str) -> tuple[list[str], str]:
    """A name, then what is left as words that only narrow it down or say its level are dropped; and that level."""
    names = []
    while place:
        names.append(" ".join(place))
        first, last = place[0].casefold(), place[-1].casefold()
        if len(place) > 1 and last in written_levels():  # first, or "South Kivu province" is no more than Kivu
            level, place = level or written_levels()[last], trimmed(place[:-1])
        elif first in _vocabulary("narrowing") or first in written_levels() or not capitalised(place[0]):
            level, place = level or written_levels().get(first, ""), trimmed(place[1:])
        else:
            break
    return names, level


def trimmed(tokens: Sequence[str]) -> list[str]:
    """Without articles in front and a possessive behind."""
    tokens = [token for token in tokens if token.strip(_EDGES)]
    while len(tokens) > 1 and tokens[0].casefold() in _vocabulary("articles"):
        tokens = tokens[1:]
    if tokens:
        tokens = [*tokens[:-1], _POSSESSIVE.sub("", tokens[-1].strip('"“”,;:()[]'))]
    return tokens


def _parted(tokens: list[str]) -> Phrase:
    """Part "city of X" (a level and a name), "X in Y", "Y's X" and "Afghan city of X" (a name and what it lies in)."""
    for spot, token in enumerate(tokens):
        after = tokens[spot + 1 :]
        if _POSSESSIVE.search(token) and capitalised(token) and any(map(capitalised, after)):
            return Phrase((" ".join(after),), within=" ".join([*tokens[:spot], _POSSESSIVE.sub("", token)]))
        if token in _demonyms() and after and not capitalised(after[0]):
            return _parted([*tokens[:spot], *after])._replace(within=_demonyms()[token])
        if token.casefold() in _vocabulary("within") and 0 < spot < len(tokens) - 1:
            return _joined(tokens[:spot], token.casefold(), trimmed(after))
    return Phrase((" ".join(tokens),))


def _joined(before: list[str], joint: str, after: list[str]) -> Phrase:
    said = [part.casefold() for part in before]
    if any(capitalised(part) and part.casefold() not in written_levels() for part in before):
        return Phrase((" ".join(before),), within="" if joint == "and" else " ".join(after))
    level = next((written_levels()[part] for part in said if part in written_levels()), "")
    known = written_levels().keys() | _vocabulary("narrowing") | _vocabulary("articles")
    inner = _parted(after)
    return inner._replace(level=level or inner.level, partly=inner.partly or (not level and not known.issuperset(said)))


def capitalised(token: str) -> bool:
    """Whether it could be (part of) a name."""
    return any(letter.isupper() or letter.isdigit() for letter in token)
