"""The Earth as a sphere: distances between points given in degrees (WGS 84)."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

import numpy as np
from numpy.typing import NDArray

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


def nearness(these: NDArray[np.float64], those: NDArray[np.float64], reach: float) -> NDArray[np.float64]:
    """How near these vectors (n, 3) are to those (m, 3), as (n, m): 1 at one point, a half at `reach` km, then less."""
    chord: NDArray[np.float64] = np.maximum(2 - 2 * (these @ those.T), 0)
    return 1 / (1 + chord * (RADIUS / reach) ** 2)
