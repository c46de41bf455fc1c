"""Boundaries as GeoJSON: districts with their middles, in the provinces they lie in.

Properties are those of geoBoundaries (shapeName, shapeType …), of OCHA's COD-AB (ADM2_EN, ADM1_PCODE …; of late
adm2_name …) and of GADM (NAME_2, GID_2 …), or plainly name, id and within.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from itertools import combinations
from math import cos, radians
from pathlib import Path
from typing import Any, cast

import msgspec

from contested.model import Thing
from contested.register.index import edition
from contested.register.index import folder as cache
from contested.register.places import Places
from contested.register.spelling import key

_BELOW = ("ADM4_EN", "adm4_name", "NAME_4", "ADM3_EN", "adm3_name", "NAME_3", "ADM2_EN", "adm2_name", "NAME_2")
_FIRST_LEVEL = ("ADM1_EN", "adm1_name", "NAME_1")
_NAMES = ("shapeName", "name", "NAME", *_BELOW, *_FIRST_LEVEL)
_OTHERS = ("names", "ADM2_REF", "ADM2ALT1EN", "ADM2ALT2EN", "VARNAME_3", "VARNAME_2", "VARNAME_1")
_IDS = ("shapeID", "id", "ID", "ADM4_PCODE", "ADM3_PCODE", "ADM2_PCODE", "adm2_pcode", "ADM1_PCODE", "pcode", "GID_3",
        "GID_2", "GID_1")  # fmt: skip
_COUNTRIES = ("shapeGroup", "GID_0", "ADM0_PCODE", "adm0_pcode", "ADM0_A3", "ISO3", "country")

Ring = Sequence[Sequence[float]]


class Drawn(msgspec.Struct):
    """What a boundary file has: districts, and which two of them share a border."""

    districts: list[Thing]
    borders: list[tuple[str, str]]


def kept(path: Path, outlines: Sequence[Path], places: Places) -> Drawn:
    """The districts of a boundary file, worked out once and kept beside the place index."""
    made = blake2b(f"{edition()} {path.stem}".encode(), digest_size=12)
    for part in (*outlines, path):
        made.update(part.read_bytes())
    file = cache() / f"pack-{made.hexdigest()}.json"
    with suppress(OSError, msgspec.MsgspecError):
        return msgspec.json.decode(file.read_bytes(), type=Drawn)
    provinces: list[tuple[str, list[Ring]]] = []
    for outline in outlines:
        _read(outline, places, provinces)
    found = _read(path, places, provinces if path not in outlines else [])
    with suppress(OSError):  # only slower without
        part = file.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(msgspec.json.encode(found))
        part.replace(file)
    return found


def _borders(rings_of: Mapping[str, list[Ring]]) -> list[tuple[str, str]]:
    """Pairs that have two points of their outlines in common, to a thousandth of a degree."""
    at: dict[tuple[float, float], set[str]] = defaultdict(set)
    for place, rings in rings_of.items():
        for ring in rings:
            for east, north, *_ in ring:
                at[round(east, 3), round(north, 3)].add(place)
    shared = Counter(pair for meeting in at.values() if 1 < len(meeting) < 10
                     for pair in combinations(sorted(meeting), 2))  # fmt: skip
    return [pair for pair, times in shared.items() if times > 1]


def _read(path: Path, places: Places, provinces: list[tuple[str, list[Ring]]]) -> Drawn:
    """The districts in a file; what it has of provinces is put to `provinces`."""
    found, outlines = [], {}
    for feature in features(path):
        facts, rings = feature["properties"], _rings(feature["geometry"])
        names, country = names_of(facts), country_of(facts, places)
        if level_of(facts) == 1:
            if (division := division_of(facts, places)) is not None:
                provinces.append((division.id, rings))
            continue
        latitude, longitude = _middle(rings)
        place_id = f"{path.stem}:{_first(facts, _IDS) or key(names[0])}"
        within = str(facts.get("within") or _parent(facts, country, places))
        within = within or _province(latitude, longitude, rings, provinces, places, country)
        outlines[place_id] = rings
        found.append(Thing(id=place_id, kind="place", names=names, type="district", within=within,
                           latitude=round(latitude, 4), longitude=round(longitude, 4)))  # fmt: skip
    return Drawn(found, _borders(outlines))


def features(path: Path) -> list[dict[str, Any]]:
    """The features of a GeoJSON file. ValueError or KeyError when it is none."""
    found: list[dict[str, Any]] = msgspec.json.decode(path.read_bytes())["features"]
    return found


def names_of(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """What a boundary's place is called: its name at its own level, then its other names."""
    name = str(next(facts[field] for field in _NAMES if facts.get(field)))
    others = (part.strip() for field in _OTHERS if facts.get(field) for part in str(facts[field]).split("|"))
    return tuple(dict.fromkeys([name, *filter(None, others)]))


def level_of(facts: Mapping[str, Any]) -> int:
    """1 for a boundary of a first-level division, 2 for one below."""
    if said := facts.get("shapeType"):
        return 1 if said == "ADM1" else 2
    return 1 if _first(facts, _FIRST_LEVEL) and not _first(facts, _BELOW) else 2


def country_of(facts: Mapping[str, Any], places: Places) -> str:
    """A country's id from the two or three letters of its code."""
    import pycountry

    code = _first(facts, _COUNTRIES)[:3].upper()
    entry = pycountry.countries.get(alpha_3=code) or pycountry.countries.get(alpha_2=code) if code else None
    return f"iso:{entry.alpha_2}" if entry is not None and places.thing(f"iso:{entry.alpha_2}") else ""


def division_of(facts: Mapping[str, Any], places: Places) -> Thing | None:
    """The ISO division a province's boundary is of, by its code or else its names, spelt as they like."""
    by_code = places.thing("iso:" + str(facts.get("shapeISO") or "").replace("_", "-"))
    return by_code or _called(names_of(facts), country_of(facts, places), places)


def _called(names: Iterable[str], country: str, places: Places) -> Thing | None:
    named = (thing for name in names for thing in [*places.named(name), *places.sounding_like(name, country)])
    return next((one for one in named if one.type == "province" and places.country(one) == country), None)


def _parent(facts: Mapping[str, Any], country: str, places: Places) -> str:
    """The province that a district's properties name, where they do."""
    name = _first(facts, _FIRST_LEVEL)
    division = _called([name], country, places) if name else None
    return division.id if division else ""


def _first(facts: Mapping[str, Any], fields: Iterable[str]) -> str:
    return str(next((facts[field] for field in fields if facts.get(field)), ""))


def _rings(geometry: dict[str, Any]) -> list[Ring]:
    """The outer rings of a polygon or of several."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [cast("Ring", polygon[0]) for polygon in polygons]


def _province(
    latitude: float, longitude: float, rings: list[Ring], provinces: list[tuple[str, list[Ring]]],
    places: Places, country: str,
) -> str:  # fmt: skip
    """What a district lies in: the boundary round its middle; or where the towns in it, or nearest to it, lie."""
    for province, outline in provinces:
        if any(_inside(latitude, longitude, ring) for ring in outline):
            return province
    towns = [town for town in places.settlements(country) if town.within != country]
    held = Counter(town.within for town in towns
                   if any(_inside(town.latitude or 0, town.longitude or 0, ring) for ring in rings))  # fmt: skip
    if held:
        return held.most_common(1)[0][0]
    nearest = min(towns, key=lambda town: _far(latitude, longitude, town), default=None)
    return nearest.within if nearest is not None else country


def _far(latitude: float, longitude: float, town: Thing) -> float:
    north = (town.latitude or 0) - latitude
    east = ((town.longitude or 0) - longitude) * cos(radians(latitude))
    return north * north + east * east


def _inside(latitude: float, longitude: float, ring: Ring) -> bool:
    """Whether a point lies in a ring, by counting the edges east of it."""
    if not min(point[0] for point in ring) <= longitude <= max(point[0] for point in ring):
        return False
    odd = False
    for (x1, y1, *_), (x2, y2, *_) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > latitude) != (y2 > latitude) and longitude < (x2 - x1) * (latitude - y1) / (y2 - y1) + x1:
            odd = not odd
    return odd


def _middle(rings: list[Ring]) -> tuple[float, float]:
    """The centroid (latitude, longitude) of the largest ring."""
    best = (0.0, 0.0, 0.0)
    for ring in rings:
        area = north = east = 0.0
        for (x1, y1, *_), (x2, y2, *_) in zip(ring, [*ring[1:], ring[0]], strict=True):
            cross = x1 * y2 - x2 * y1
            area, north, east = area + cross, north + (y1 + y2) * cross, east + (x1 + x2) * cross
        if abs(area) > abs(best[0]):
            best = (area, north / (3 * area), east / (3 * area))
    return (best[1], best[2]) if best[0] else (float(rings[0][0][1]), float(rings[0][0][0]))
