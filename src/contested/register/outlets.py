"""Where a publisher is at home: by its name or address, and by what its other reports are about."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from math import log

import numpy as np

from contested.register.candidates import Called, Candidate, Candidates
from contested.register.context import NOWHERE, Group, Home, settle
from contested.register.countries import pack

DOMAIN = 0.6  # how much of a country's share an address under its domain is worth
ABOUT = 2.0  # the same of the country that a workspace is about
TOWNS = 6  # places named most by an outlet that mark where it is at home
MOST_NAMES = 200  # of an outlet, those its reports name most
NAMED = 2.0  # a publisher's name counts as so many toponyms
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

    def __init__(self, candidates: Candidates, about: str = "") -> None:
        self._candidates = candidates
        self._about = about  # the country that all reports are mostly about, if any
        self._homes: dict[str, Home] = {}
        self._named: dict[str, Called | None] = {}

    def named(self, source: str) -> list[Group]:
        """The places an outlet's name may mean, as a group of candidates; none when it names none."""
        if source and source not in self._named:
            called = map(self._candidates.called, names_in(source))
            self._named[source] = next((one for one in called if one.candidates), None)
        found = self._named.get(source)
        return [Group(found.candidates, found.points, weight=NAMED)] if found else []

    def learn(self, source: str, reports: Sequence[Sequence[Group]]) -> None:
        """Take all names of an outlet's reports for one report, settle it, and see where it lies."""
        whole: dict[tuple[str, str], Group] = {}
        for groups in reports:
            for group in groups:
                asked = (group.candidates[0].id, group.level)
                one = whole.setdefault(asked, Group(group.candidates, group.points, group.level, weight=0.0))
                one.weight += 1.0
                one.containers |= group.containers
        most = sorted(whole.values(), key=lambda group: -group.weight)[:MOST_NAMES]
        for group in most:
            group.weight = 1 + log(group.weight)  # or a famous namesake that they all name would draw the rest to it
        settle([*most, *self.named(source)], self._under(source))
        if len(reports) > 1:
            self._homes[source] = _home(most, len(reports), self._under(source).countries)

    def home(self, source: str) -> Home:
        """Where an outlet is at home: as learned, else by its address."""
        return self._homes.get(source) or self._under(source)

    def _under(self, source: str) -> Home:
        """What is known of an outlet without its reports."""
        countries = {country_of(source): DOMAIN} | {self._about: ABOUT}
        countries.pop("", None)
        return Home(countries) if countries else NOWHERE


def _home(groups: Iterable[Group], reports: int, known: Mapping[str, float]) -> Home:
    countries: defaultdict[str, float] = defaultdict(float)
    provinces: defaultdict[str, float] = defaultdict(float)
    towns: list[tuple[float, Candidate]] = []
    total = 0.0
    for group in groups:
        total += group.weight
        for one, share in zip(group.candidates, group.shares, strict=True):
            if share > 0.02:
                countries[one.country] += share * group.weight
                provinces[one.province] += share * group.weight
        best = group.candidates[number := group.best()]
        if best.type in ("settlement", "district"):
            towns.append((min(1.0, 2 * group.weight * group.shares[number] / (1 + log(reports))), best))
    shares = {country: count / total for country, count in countries.items()}
    for country, share in known.items():
        shares[country] = shares.get(country, 0.0) + share
    provinces.pop("", None)
    most = sorted(towns, key=lambda town: -town[0])[:TOWNS]
    points, weights = np.array([town.at for _, town in most]), np.array([weight for weight, _ in most])
    within = {place: count / total for place, count in provinces.items()}
    return Home(shares, within, points, weights, most[0][1]) if most else Home(shares, within)
