"""Which places a toponym may mean, by name alone: the index, the packs, and what is said instead of a name.

A candidate carries what the context is asked about: its country and province, where it lies, and how much it would be
meant if nothing else were known (its prior, in nats).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import chain
from math import log
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from contested.model import Noun
from contested.register.countries import pack
from contested.register.phrases import LONGEST, capitalised, trimmed, written_levels
from contested.register.places import Places, Row
from contested.register.spelling import key, loose
from contested.register.sphere import Point, Vector, vector

KEPT = 1 << 13  # names whose candidates are kept, about 8 kB each
MOST = 50  # candidates of one name; the least known of hundreds of namesakes are passed over

# Priors, in nats: the logarithm of people for a town, and of the people it would take to be named as often.
TOWN, PER_PERSON, PER_NAME = 6.0, 0.6, 0.4
COUNTRY, PROVINCE, PROVINCE_PER_PERSON, DISTRICT, REGION, OWN = 24.0, 10.0, 0.6, 9.0, 20.0, 14.0
SEAT, CAPITAL = 3.0, 1.0  # of a country, of a division
NAMESAKE = 0.5  # of a declared capital over the province of its name: bare, it is the town that the press means
OTHERWISE = -2.5  # it bears the name only as one of its other names
SPOKEN = 3.0  # an abbreviation or a demonym means what it says

Points = NDArray[np.float64]


class Candidate(Noun, frozen=True, gc=False):
    """A place that a name may mean."""

    id: str
    name: str
    type: str
    country: str
    province: str
    within: str
    latitude: float
    longitude: float
    at: Vector
    prior: float
    pointed: bool = True  # or else its point is that of what holds it


class Called(NamedTuple):
    """What a toponym may mean; `level` is what its words say of it, `whole` whether all its words are the name."""

    candidates: tuple[Candidate, ...] = ()
    level: str = ""
    whole: bool = True
    points: Points = np.empty((0, 3))  # where the candidates lie, a vector of length one each


class Candidates:
    """The candidates of each name, kept once found."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self.called = lru_cache(maxsize=KEPT)(self._called)
        self.sounding = lru_cache(maxsize=KEPT)(self._sounding)
        self._of = lru_cache(maxsize=KEPT)(self._filed)

    def _called(self, words: str) -> Called:
        """What the words may mean, by the fullest of their forms that means anything."""
        whole = True
        for form, level in forms(words):
            if capitalised(form) and (found := self._spoken(form)):
                return _called_of(found, level, whole or bool(level))
            whole = whole and bool(level)
        return Called()

    def _sounding(self, words: str, country: str) -> Called:
        """What the words may mean in a country by their consonants alone: a name spelt as nobody else spells it."""
        for form, level in forms(words):
            rows = (self._places.row(thing.id) for thing in self._places.sounding_like(form, country))
            found = tuple(one for row in rows if row and (one := self._made(row, "")) is not None)
            if found and capitalised(form):
                return _called_of(found[:MOST], level, whole=True)
        return Called()

    def _spoken(self, words: str) -> tuple[Candidate, ...]:
        """What an abbreviation or a demonym stands for, beside the places so called."""
        named = self._of(key(words))
        ids = _stand_ins().get(words) or _stand_ins().get(words.rstrip("."), ())
        if (filed := loose(words)) != key(words):
            named = (*named, *self._of(filed))
        known = {one.id: one for one in named}
        for place_id in ids:
            if (row := self._places.row(place_id)) is not None and (one := self._made(row, "")) is not None:
                known[place_id] = replace(one, prior=one.prior + SPOKEN)
        return tuple(known.values())

    def _filed(self, name: str) -> tuple[Candidate, ...]:
        rows = self._places.rows(name)
        made = {row.id: one for row in rows if (one := self._made(row, name)) is not None}
        for row in rows:
            if row.id in made and row.country in self._places.declared and row.capital_of in made:
                raised = max(made[row.id].prior, made[row.capital_of].prior + NAMESAKE)
                made[row.id] = replace(made[row.id], prior=raised)
        return tuple(sorted(made.values(), key=lambda one: -one.prior)[:MOST])

    def _made(self, row: Row, name: str) -> Candidate | None:
        at = self._point(row)
        if at is None:
            return None
        province = row.id if row.type == "province" else self._places.province(row.within)
        prior = _prior(row, row.id in self._places.seats)
        if name and name != key(row.name) and row.type == "settlement":
            prior += OTHERWISE
        pointed = row.latitude is not None and row.longitude is not None
        return Candidate(
            row.id, row.name, row.type, row.country, province, row.within, *at, vector(*at), prior, pointed
        )

    def _point(self, row: Row) -> Point | None:
        """Where a place lies, or else the nearest of what holds it that has a point."""
        above = (self._places.row(holder) for holder in self._places.ancestors(row.id))
        points = ((one.latitude, one.longitude) for one in chain([row], above) if one is not None)
        return next(((north, east) for north, east in points if north is not None and east is not None), None)


def _called_of(found: tuple[Candidate, ...], level: str, whole: bool) -> Called:
    return Called(found, level, whole, np.array([one.at for one in found]))


def merged(called: Called, more: tuple[Candidate, ...]) -> Called:
    """What a name may mean, and what it may mean besides."""
    return _called_of((*called.candidates, *more), called.level, called.whole)


def _prior(row: Row, seat: bool) -> float:
    if row.type == "country":
        return COUNTRY
    if not row.id.startswith(("gn:", "iso:")):
        return REGION if row.type == "region" else OWN
    if row.type == "district":
        return DISTRICT
    people = log(row.population + 100)
    if row.type == "province":
        return PROVINCE + PROVINCE_PER_PERSON * people
    prior = TOWN + PER_PERSON * people + PER_NAME * log(1 + row.fame)
    return prior + SEAT * seat + CAPITAL * bool(row.capital_of)


# ── forms of a name ──────────────────────────────────────────────────────────────────────────────


@cache
def levels() -> dict[str, str]:
    """The level of a place each word says: "town" a settlement, "governorate" a province."""
    return written_levels() | {word: level for level, words in pack("spoken")["levels"].items() for word in words}


@cache
def narrowing() -> frozenset[str]:
    """Words before a name that mean a part of it: "northern"."""
    return frozenset(pack("phrases")["narrowing"]["words"]) | frozenset(pack("spoken")["narrowing"]["words"])


@cache
def _spelt_out() -> dict[str, str]:
    return dict(pack("spoken")["spelt_out"])


@cache
def _stand_ins() -> dict[str, tuple[str, ...]]:
    """The ids each abbreviation, demonym and byname stands for, as it is written."""
    found: dict[str, list[str]] = {}
    for code, facts in pack("countries").items():
        for name in (*facts.get("demonyms", ()), *facts.get("people", ())):
            found.setdefault(name, []).append(f"iso:{code}")
    for place_id, names in pack("spoken")["places"].items():
        for name in names:
            found.setdefault(name, []).append(place_id)
    return {name: tuple(ids) for name, ids in found.items()}


_POSSESSIVE = re.compile(r"['’]s?$")


def forms(words: str) -> Iterator[tuple[str, str]]:
    """A toponym, then what is left of it as words that only say its level or narrow it down are dropped."""
    level, tokens = "", words[:LONGEST].split()
    if tokens and tokens != trimmed(tokens):
        yield _POSSESSIVE.sub("", " ".join(tokens)), ""  # an article may be part of the name: "The Hague"
    tokens = trimmed(tokens)
    if tokens:
        yield " ".join(tokens), ""
    if any(token.casefold() in _spelt_out() for token in tokens):
        tokens = [_spelt_out().get(token.casefold(), token) for token in tokens]
    while tokens:
        yield " ".join(tokens), level
        first, last = tokens[0].casefold(), tokens[-1].casefold()
        if len(tokens) == 1:
            return
        if last in levels():
            level, tokens = level or levels()[last], tokens[:-1]
        elif first in levels():
            level, tokens = level or levels()[first], trimmed(tokens[2:] if tokens[1] == "of" else tokens[1:])
        elif first in narrowing():
            tokens = trimmed(tokens[1:])
        elif not capitalised(tokens[0]):
            tokens = tokens[1:]
        elif last in narrowing() or not capitalised(tokens[-1]):
            tokens = tokens[:-1]
        else:
            return
