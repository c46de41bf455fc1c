"""Where a publisher is at home: by its name or address, and by what its other reports are about."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

from contested.register.candidates import Candidate, Candidates
from contested.register.context import NOWHERE, Group, Home
from contested.register.countries import pack
from contested.register.sphere import Vector

DOMAIN = 0.6  # how much of a country's share an address under its domain is worth
TOWNS = 6  # places named most by an outlet that mark where it is at home
LONGEST_NAME = 60


@cache
def _words() -> dict[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in pack("outlets").items()}


def names_in(source: str) -> Iterator[str]:
    """What may be a place in a publisher's name or address: "Edmonton" in "edmontonjournal.com"."""
    source = source.strip()[:LONGEST_NAME]
    if "." not in source or " " in source:
        words = [word for word in re.findall(r"[\w'’-]+", source) if word.casefold() not in _words()["words"]]
        yield from ([" ".join(words)] if words else [])
        return
    for part in _stripped(_label(source)):
        yield part.capitalize()
        yield from (f"{part[:cut].capitalize()} {part[cut:].capitalize()}" for cut in range(3, len(part) - 2))


def _label(source: str) -> str:
    """The part of an address that somebody chose: "telegraph" of "https://www.telegraph.co.uk/news"."""
    host = re.sub(r"^\w+://", "", source.casefold()).partition("/")[0]
    labels = [label for label in host.split(".") if label not in _words()["labels"]]
    return max(labels[:-1] or labels, key=len, default="")


def _stripped(label: str) -> list[str]:
    """An address's label without the words that newspapers call themselves by, cut at hyphens and at "and"."""
    found = []
    for part in re.split(r"-|(?<=.{5})and(?=.{5})", label):
        while (shorter := _shorter(part)) != part:
            part = shorter
        if len(part) >= 4:
            found.append(part)
    return found


def _shorter(part: str) -> str:
    for word in sorted(_words()["words"], key=len, reverse=True):
        if len(part) > len(word) + 3 and part.startswith(word):
            return part[len(word) :]
        if len(part) > len(word) + 3 and part.endswith(word):
            return part[: -len(word)]
    return part


def country_of(source: str) -> str:
    """The country whose domain an address is under, as "iso:GB"; empty for none, or one that is sold to all."""
    host = re.sub(r"^\w+://", "", source.strip().casefold()).partition("/")[0]
    ending = host.rpartition(".")[2] if "." in host and " " not in host else ""
    if len(ending) != 2 or not ending.isalpha() or ending in _words()["sold"]:
        return ""
    return "iso:GB" if ending == "uk" else f"iso:{ending.upper()}"


class Outlets:
    """What is known of each publisher: its name as one more toponym, and a home learned from its reports."""

    def __init__(self, candidates: Candidates) -> None:
        self._candidates = candidates
        self._named: dict[str, tuple[Candidate, ...]] = {}
        self._told: defaultdict[str, list[dict[str, Candidate]]] = defaultdict(list)

    def named(self, source: str) -> tuple[Candidate, ...]:
        """The places an outlet's name may mean."""
        if source not in self._named:
            found = (self._candidates.called(name).candidates for name in names_in(source))
            self._named[source] = next(filter(None, found), ())
        return self._named[source]

    def learn(self, source: str, groups: Iterable[Group]) -> dict[str, Candidate]:
        """Note what a report is about: the places it names for sure. Returned, so that it can be left out for itself."""
        settled = (group.candidates[best] for group in groups if group.shares and group.shares[best := group.best()] > 0.5)
        told = {one.id: one for one in settled}
        if source:
            self._told[source].append(told)
        return told

    def home(self, source: str, but: dict[str, Candidate] | None = None) -> Home:
        """Where the outlet is at home, by its other reports than one."""
        others = [told for told in self._told.get(source, ()) if told is not but and told]
        under = country_of(source)
        if not others:
            return Home(countries={under: DOMAIN}) if under else NOWHERE
        countries: dict[str, float] = defaultdict(float)
        provinces: dict[str, float] = defaultdict(float)
        named: Counter[str] = Counter()
        known: dict[str, Candidate] = {}
        for told in others:
            for one in told.values():
                countries[one.country] += 1 / len(told) / len(others)
                provinces[one.province] += 1 / len(told) / len(others)
                if one.type in ("settlement", "district"):
                    named[one.id] += 1
                    known[one.id] = one
        if under:
            countries[under] = min(1.0, countries[under] + DOMAIN)
        points: list[tuple[Vector, float]] = [
            (known[place].at, min(1.0, 2 * times / len(others))) for place, times in named.most_common(TOWNS)
        ]
        return Home(countries, provinces, points)
