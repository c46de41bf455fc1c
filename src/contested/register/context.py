"""The toponyms of one report, settled together.

Each group of mentions with one name has one sense. It is a distribution over its candidates that starts from what is
known of each alone (its prior, the level its words say, what they put it in, the publisher's home) and is drawn, in a
few rounds, towards the countries, provinces and neighbourhoods of what the other groups mean: a mean field over a
report, in which every pair of groups leans on each other by countries shared, provinces shared, and distance.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp

import numpy as np

from contested.register.candidates import Candidate, Points
from contested.register.sphere import Vector, nearness

# Weights in nats, written by hand.
LEVEL_SAID, LEVEL_OTHER = 5.0, -2.0  # it is, or is not, of the level the words say
CONTAINED, CONTAINS = 9.0, 6.0  # it lies in what the words put it in; it holds what they put there
SAME_COUNTRY, SAME_PROVINCE, BESIDE = 6.0, 6.0, 6.0  # at most, when all others lie there
NAMED_UNIT = 2.0  # how much more a country or province named as such says than a town in it
HOME_COUNTRY, HOME_PROVINCE, HOME_BESIDE = 3.0, 5.0, 5.0  # the publisher's
REACH = 80.0  # km at which a neighbour counts half
ROUNDS = 3
SETTLED = 0.9995  # the share at which a further round would change nothing
DOUBT = 0.5  # others are counted as if there were so many more that say nothing
FEW = 8  # groups that lie where they lie for sure, by which nearness is judged


@dataclass(slots=True)
class Group:
    """The mentions of one name in a report."""

    candidates: Sequence[Candidate]
    points: Points  # where they lie, a vector of length one each
    level: str = ""
    containers: frozenset[str] = frozenset()  # ids of what the words put it in
    contents: list[Group] = field(default_factory=list)  # groups that the words put in it
    weight: float = 1.0
    shares: list[float] = field(default_factory=list)

    def best(self) -> int:
        return max(range(len(self.shares)), key=self.shares.__getitem__)


@dataclass(frozen=True, slots=True)
class Home:
    """Where a publisher is read: shares of countries and of provinces, each at most 1, and points."""

    countries: Mapping[str, float] = field(default_factory=dict)
    provinces: Mapping[str, float] = field(default_factory=dict)
    points: Points | None = None
    weights: Points | None = None  # of the points, each at most 1
    town: Candidate | None = None  # that its reports name most


NOWHERE = Home()


def settle(groups: Sequence[Group], home: Home = NOWHERE) -> None:
    """Give every group's candidates their shares, summing to 1."""
    alone = [_alone(group, home) for group in groups]
    for group, scores in zip(groups, alone, strict=True):
        group.shares = _softmax(scores)
    if len(groups) < 2:
        return
    unsettled = [(group, scores) for group, scores in zip(groups, alone, strict=True) if len(scores) > 1]
    for _ in range(ROUNDS):
        if unsettled:
            drawing = Field(groups)
            for group, scores in unsettled:
                group.shares = _softmax(drawing.drawn(group, scores))
            unsettled = [(group, scores) for group, scores in unsettled if max(group.shares) < SETTLED]


def _alone(group: Group, home: Home) -> list[float]:
    held = {place for content in group.contents for one in content.candidates for place in (one.country, one.province)}
    beside, scores = _at_home(group, home), []
    for number, one in enumerate(group.candidates):
        score = one.prior
        if group.level:
            score += LEVEL_SAID if one.type == group.level else LEVEL_OTHER
        if group.containers and not group.containers.isdisjoint((one.country, one.province, one.within)):
            score += CONTAINED if one.id not in group.containers else 0.0
        if held and one.id in held:
            score += CONTAINS
        score += HOME_COUNTRY * home.countries.get(one.country, 0.0)
        score += HOME_PROVINCE * home.provinces.get(one.province, 0.0)
        scores.append(score + (HOME_BESIDE * beside[number] if one.type != "country" else 0.0))
    return scores


def _at_home(group: Group, home: Home) -> list[float]:
    if home.points is None or home.weights is None:
        return [0.0] * len(group.candidates)
    near: list[float] = (nearness(group.points, home.points, REACH) * home.weights).max(axis=1).tolist()
    return near


def join(group: Group, others: Field, home: Home = NOWHERE) -> None:
    """Give a newcomer's candidates their shares among groups that are settled, which it does not move."""
    group.shares = _softmax(others.drawn(group, _alone(group, home)))


class Field:
    """What all groups together say of countries, provinces and neighbourhoods."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self.countries: defaultdict[str, float] = defaultdict(float)
        self.provinces: defaultdict[str, float] = defaultdict(float)
        self.weight = 0.0
        sure: list[tuple[float, Vector, Group]] = []
        self._said: dict[int, list[tuple[str, str, float, float]]] = {}  # by each group
        for group in groups:
            self.weight += group.weight
            best = 0.0
            said = self._said[id(group)] = []
            for one, share in zip(group.candidates, group.shares, strict=True):
                if share > 0.02:
                    country, province = _loudness(one)
                    country, province = country * share * group.weight, province * share * group.weight
                    self.countries[one.country] += country
                    self.provinces[one.province] += province
                    said.append((one.country, one.province, country, province))
                if share > best and one.type not in ("country", "region"):
                    best, at = share, one.at
            if best > 0.1:
                sure.append((best * group.weight, at, group))
        self.countries.pop("", None)  # no two places share it that they lie in none
        self.provinces.pop("", None)
        self.sure = sorted(sure, key=lambda point: -point[0])[:FEW]

    def drawn(self, group: Group, alone: Sequence[float]) -> list[float]:
        """The scores of a group's candidates with what the other groups say."""
        countries: defaultdict[str, float] = defaultdict(float)
        provinces: defaultdict[str, float] = defaultdict(float)
        for country, province, in_country, in_province in self._said.get(id(group), ()):
            countries[country] += in_country
            provinces[province] += in_province
        others = self.weight - (group.weight if id(group) in self._said else 0.0) + DOUBT
        drawn = []
        for one, score, beside in zip(group.candidates, alone, self._beside(group), strict=True):
            if one.country in self.countries:
                there = self.countries[one.country] - countries.get(one.country, 0.0)
                score += SAME_COUNTRY * min(1.0, there / others)
            if one.province in self.provinces:
                there = self.provinces[one.province] - provinces.get(one.province, 0.0)
                score += SAME_PROVINCE * min(1.0, there / others)
            if one.type != "country":
                score += BESIDE * beside
            drawn.append(score)
        return drawn

    def _beside(self, group: Group) -> list[float]:
        """How near each candidate lies to the places the other groups surely mean, 0 to 1."""
        others = [(weight, at) for weight, at, other in self.sure if other is not group]
        if not others:
            return [0.0] * len(group.candidates)
        weights = np.array([weight for weight, _ in others])
        near = nearness(group.points, np.array([at for _, at in others]), REACH)
        beside: list[float] = (near @ weights / (weights.sum() + DOUBT)).tolist()
        return beside


def _loudness(one: Candidate) -> tuple[float, float]:
    """How loudly a place speaks for its country and for its province."""
    if one.type == "country":
        return NAMED_UNIT, 0.0
    return 1.0, NAMED_UNIT if one.id == one.province else 1.0


def _softmax(scores: Sequence[float]) -> list[float]:
    if not scores:
        return []
    top = max(scores)
    powers = [exp(score - top) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]
