"""Divisions while the place index is built: the second level, and a point for each of the first."""

from __future__ import annotations

import gzip
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from importlib.resources import files
from math import cos, radians

import msgspec

Point = tuple[float, float]  # latitude and longitude, degrees

_SORT = re.compile(
    r" (?:County|Parish|District|Municipality|Borough|Census Area|Regency|Raion|Province|Subdistrict|Department)$"
    r"|^(?:Provincia di|Provincia de|Province of|Powiat|Landkreis|Gemeente|Okres|County|Arrondissement de|City of) "
)


class Site(msgspec.Struct):
    """A row of the index while it is built."""

    id: str
    names: list[str]
    type: str
    within: str
    country: str
    latitude: float | None = None
    longitude: float | None = None
    population: int = 0
    capital_of: str = ""
    fame: int = 0  # how many alternate names GeoNames has, in any script


def second_level(first: dict[str, str]) -> dict[str, list[Site]]:
    """Counties and districts by country; `first` tells the ids of GeoNames' first-level codes."""
    found: dict[str, list[Site]] = defaultdict(list)
    above = ""
    for line in gzip.decompress(files(__package__).joinpath("admin2.tsv.gz").read_bytes()).decode().splitlines():
        if line.startswith("."):
            above = line[1:]
            continue
        _, geonames, name, latitude, longitude = line.split("\t")
        country = above.partition(".")[0]
        names = list(dict.fromkeys([name, _SORT.sub("", name)]))
        within = first.get(above, f"iso:{country}")
        found[country].append(
            Site(f"gn:{geonames}", names, "district", within, country, float(latitude), float(longitude))
        )
    return found


def locate(units: dict[str, Site], towns: Iterable[Site]) -> None:
    """Give each unit without a point the middle of the land its towns span, and their people for a population."""
    held: dict[str, list[Point]] = defaultdict(list)
    people: dict[str, int] = defaultdict(int)
    for town in towns:
        unit: str = town.within
        while unit:
            held[unit].append((town.latitude or 0.0, town.longitude or 0.0))
            people[unit] += town.population
            unit = units[unit].within if unit in units else ""
    for name, points in held.items():
        if (site := units.get(name)) is not None:
            if site.latitude is None:
                site.latitude, site.longitude = middle(points)
            site.population = site.population or people[name]


def middle(points: Sequence[Point]) -> Point:
    """The centroid of the convex hull of some points; of one or two points, their mean.

    Towns crowd together, but a province's midst does not lean to where its people live: the hull forgets the crowd.
    Latitudes and longitudes are taken as a plane, each degree of longitude shortened as at their mean latitude.
    """
    turned = max(p[1] for p in points) - min(p[1] for p in points) > 180  # they lie on both sides of the date line
    plane = sorted({(longitude + 360 if turned and longitude < 0 else longitude, latitude)
                    for latitude, longitude in points})  # fmt: skip
    shrink = cos(radians(sum(y for _, y in plane) / len(plane))) or 1.0
    ring = _hull([(x * shrink, y) for x, y in plane])
    area = east = north = 0.0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x1 * y2 - x2 * y1
        area, east, north = area + cross, east + (x1 + x2) * cross, north + (y1 + y2) * cross
    if abs(area) < 1e-6:
        east, north = sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)
    else:
        east, north = east / (3 * area), north / (3 * area)
    east = east / shrink
    return round(north, 4), round(east - 360 if east > 180 else east, 4)


def _hull(points: Sequence[Point]) -> list[Point]:
    """The convex hull of sorted points (x, y), by Andrew's monotone chain."""

    def half(along: Iterable[Point]) -> list[Point]:
        chain: list[Point] = []
        for x, y in along:
            while len(chain) > 1 and _turn(chain[-2], chain[-1], (x, y)) <= 0:
                chain.pop()
            chain.append((x, y))
        return chain[:-1]

    return [*half(points), *half(reversed(points))] or list(points)


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
