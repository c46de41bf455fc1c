"""The Earth as a sphere: distances between points given in degrees (WGS 84)."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

RADIUS = 6371.0088  # km, the mean radius of the International Union of Geodesy and Geophysics

Point = tuple[float, float]  # latitude and longitude, degrees
Vector = tuple[float, float, float]


def vector(latitude: float, longitude: float) -> Vector:
    """A point as a vector of length one."""
    north, east = radians(latitude), radians(longitude)
    return cos(north) * cos(east), cos(north) * sin(east), sin(north)


def distance(one: Point, other: Point) -> float:
    """Kilometres along the surface (haversine)."""
    north = sin(radians(other[0] - one[0]) / 2) ** 2
    east = sin(radians(other[1] - one[1]) / 2) ** 2
    return 2 * RADIUS * asin(min(1.0, sqrt(north + cos(radians(one[0])) * cos(radians(other[0])) * east)))


def nearness(one: Vector, other: Vector, reach: float) -> float:
    """1 for the same point, a half at `reach` kilometres, ever less beyond: no root and no arc, for it is asked often."""
    dot = one[0] * other[0] + one[1] * other[1] + one[2] * other[2]
    return 1 / (1 + max(0.0, 2 - 2 * dot) * (RADIUS / reach) ** 2)
