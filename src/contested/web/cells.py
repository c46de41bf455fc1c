"""Schematic cells: the part of the plane nearer to one place than to any other, and not far from it.

A bounded Voronoi diagram by half-plane clipping. No boundary is claimed: a cell only says which place a colour
belongs to, and a place alone in a wide country does not colour the country.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, dist, pi, radians, sin, sqrt
from statistics import median

Point = tuple[float, float]
Polygon = list[Point]

FARTHEST = 0.75  # degrees of latitude
SIDES = 36  # of the polygon that stands for a circle
GOLDEN = pi * (3 - sqrt(5))  # radians; the sunflower angle keeps places on one spot apart


def project(places: Sequence[Point]) -> list[Point]:
    """(latitude, longitude) in degrees to a plane in degrees of latitude, y downward (equirectangular, true at the
    middle latitude). Places either side of the date line are kept together."""
    longitudes = [longitude for _, longitude in places]
    if longitudes and max(longitudes) - min(longitudes) > 180:
        places = [(latitude, longitude % 360) for latitude, longitude in places]
    narrow = squeeze(places)
    return [(longitude * narrow, -latitude) for latitude, longitude in places]


def squeeze(places: Sequence[Point]) -> float:
    """How much shorter a degree of longitude is than one of latitude, at the middle latitude."""
    latitudes = [latitude for latitude, _ in places] or [0.0]
    middle = (min(latitudes) + max(latitudes)) / 2
    return max(cos(radians(middle)), 0.1)


def reach(sites: Sequence[Point]) -> float:
    """How far a cell may reach: somewhat more than the usual distance between neighbours, within bounds.

    At most a seventh of the whole and some 80 km, for a report on a town says little of the country round it; but at
    least a fortieth of the whole, or it could not be seen.
    """
    nearest = (min((d for other in sites if (d := dist(site, other)) > 1e-6), default=0.0) for site in sites)
    positive = [distance for distance in nearest if distance]
    if not positive:
        return FARTHEST
    xs, ys = [x for x, _ in sites], [y for _, y in sites]
    whole = max(max(xs) - min(xs), max(ys) - min(ys))
    return max(min(1.6 * median(positive), whole / 7, FARTHEST), whole / 40)


def part(sites: Sequence[Point], radius: float) -> list[Point]:
    """The same places with those that share a spot moved a little apart, always the same way."""
    taken: dict[Point, int] = {}
    parted = []
    for x, y in sites:
        spot = (round(x / radius, 3), round(y / radius, 3))
        n = taken[spot] = taken.get(spot, -1) + 1
        away = 0.18 * radius * sqrt(n)
        parted.append((x + away * cos(n * GOLDEN), y + away * sin(n * GOLDEN)))
    return parted


def cells(sites: Sequence[Point], radius: float) -> list[Polygon]:
    """One convex polygon per site, none overlapping; sites must differ (see `part`)."""
    return [_cell(index, sites, radius) for index in range(len(sites))]


def _cell(index: int, sites: Sequence[Point], radius: float) -> Polygon:
    x, y = here = sites[index]
    polygon = [(x + radius * cos(2 * pi * k / SIDES), y + radius * sin(2 * pi * k / SIDES)) for k in range(SIDES)]
    near = sorted((dist(here, site), site) for n, site in enumerate(sites) if n != index)
    for distance, other in near:
        if distance >= 2 * radius:  # farther sites cannot touch the circle
            break
        polygon = clip(polygon, here, other)
    return polygon


def clip(polygon: Polygon, here: Point, other: Point) -> Polygon:
    """The part of a convex polygon that is nearer to `here` than to `other` (Sutherland–Hodgman, one edge)."""
    nx, ny = other[0] - here[0], other[1] - here[1]
    limit = (other[0] ** 2 + other[1] ** 2 - here[0] ** 2 - here[1] ** 2) / 2
    sides = [px * nx + py * ny - limit for px, py in polygon]  # negative: on our side
    kept: Polygon = []
    for k, (point, side) in enumerate(zip(polygon, sides, strict=True)):
        before, side_before = polygon[k - 1], sides[k - 1]
        if (side < 0) != (side_before < 0):
            share = side_before / (side_before - side)
            kept.append((before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1])))
        if side < 0:
            kept.append(point)
    return kept
