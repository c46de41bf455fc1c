"""A workspace's own packs: districts and villages no free gazetteer has, and actors of one's own.

*.toml      tables as in this package's packs/, and [[place]] with id, names, type, within, latitude, longitude
*.geojson   boundaries (geoBoundaries, COD-AB): a feature is a district unless it says shapeType ADM1
*.csv       id, name, names (with |), type, within, latitude, longitude, population
"""

from __future__ import annotations

import csv
import os
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from hashlib import blake2b
from math import cos, radians
from pathlib import Path
from typing import Any, cast

import msgspec

from contested.model import Problem, Thing
from contested.register.actors import Actors
from contested.register.index import edition
from contested.register.index import folder as cache
from contested.register.places import Places
from contested.register.spelling import key

LARGEST = 64 * 2**20  # bytes: a bigger pack is refused rather than read into memory
_NAMES = ("shapeName", "name", "NAME", "ADM2_EN", "ADM3_EN", "ADM1_EN", "NAME_2", "NAME_1")
_IDS = ("shapeID", "id", "ID", "ADM2_PCODE", "ADM1_PCODE", "pcode")

Ring = Sequence[Sequence[float]]


def load(folder: Path, places: Places, actors: Actors) -> Iterator[Problem]:
    """Read every pack of a folder, provinces' boundaries before districts'; a bad one yields a Problem."""
    readers: dict[str, Callable[[Path], list[Thing]]] = {
        ".toml": lambda path: _toml(path, actors),
        ".csv": _table,
        ".geojson": lambda path: _kept(path, outlines, places),
    }
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in readers)
    outlines = [path for path in paths if path.suffix.lower() == ".geojson" and "adm1" in path.name.lower()]
    for path in paths:
        if path.stat().st_size > LARGEST:
            yield Problem(path.name, f"larger than {LARGEST // 2**20} MB", "Split it, or simplify its boundaries")
            continue
        try:
            places.add(readers[path.suffix.lower()](path))
        except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, csv.Error) as error:
            reason = f"cannot be used as a pack: {type(error).__name__} {error}"
            yield Problem(file=path.name, reason=reason, remedy="See the forms a pack may have, or take it out")


def _toml(path: Path, actors: Actors) -> list[Thing]:
    tables = tomllib.loads(path.read_text("utf-8"))
    found = [msgspec.convert({"kind": "place", **place}, Thing) for place in tables.pop("place", [])]
    actors.add(tables)
    return found


def _table(path: Path) -> list[Thing]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return [_row(row, path.stem) for row in csv.DictReader(lines)]


def _row(row: dict[str, str], pack: str) -> Thing:
    names = tuple(dict.fromkeys(filter(None, [row["name"], *(row.get("names") or "").split("|")])))
    return Thing(
        id=row.get("id") or f"{pack}:{key(row['name']).replace(' ', '-')}",
        kind="place",
        names=names,
        type=row.get("type") or "settlement",
        within=row.get("within") or "",
        latitude=float(row["latitude"]) if row.get("latitude") else None,
        longitude=float(row["longitude"]) if row.get("longitude") else None,
        population=int(row.get("population") or 0),
    )


# ── boundaries ───────────────────────────────────────────────────────────────────────────────────


def _kept(path: Path, outlines: Sequence[Path], places: Places) -> list[Thing]:
    """The districts of a boundary file, worked out once and kept beside the place index."""
    made = blake2b(edition().encode(), digest_size=12)
    for part in (*outlines, path):
        made.update(part.read_bytes())
    kept = cache() / f"pack-{made.hexdigest()}.json"
    with suppress(OSError, msgspec.MsgspecError):
        return msgspec.json.decode(kept.read_bytes(), type=list[Thing])
    provinces: list[tuple[str, list[Ring]]] = []
    for outline in outlines:
        _boundaries(outline, places, provinces)
    found = _boundaries(path, places, provinces if path not in outlines else [])
    with suppress(OSError):  # only slower without
        part = kept.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(msgspec.json.encode(found))
        part.replace(kept)
    return found


def _boundaries(path: Path, places: Places, provinces: list[tuple[str, list[Ring]]]) -> list[Thing]:
    """The districts in a file; what it has of provinces is put to `provinces`."""
    found = []
    for feature in msgspec.json.decode(path.read_bytes())["features"]:
        facts, rings = feature["properties"], _rings(feature["geometry"])
        name = str(next(facts[field] for field in _NAMES if facts.get(field)))
        country = _country(str(facts.get("shapeGroup", "")), places)
        if facts.get("shapeType") == "ADM1":
            if (division := _division(name, str(facts.get("shapeISO", "")), country, places)) is not None:
                provinces.append((division.id, rings))
            continue
        latitude, longitude = _middle(rings)
        place_id = f"{path.stem}:{next((facts[field] for field in _IDS if facts.get(field)), key(name))}"
        within = str(facts.get("within") or _province(latitude, longitude, rings, provinces, places, country))
        found.append(Thing(id=place_id, kind="place", names=(name,), type="district", within=within,
                           latitude=round(latitude, 4), longitude=round(longitude, 4)))  # fmt: skip
    return found


def _rings(geometry: dict[str, Any]) -> list[Ring]:
    """The outer rings of a polygon or of several."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [cast("Ring", polygon[0]) for polygon in polygons]


def _country(code: str, places: Places) -> str:
    """A country's id from its three-letter code."""
    import pycountry

    entry = pycountry.countries.get(alpha_3=code) if code else None
    return f"iso:{entry.alpha_2}" if entry is not None and places.thing(f"iso:{entry.alpha_2}") else ""


def _division(name: str, code: str, country: str, places: Places) -> Thing | None:
    """The ISO division a province's boundary is of, by its code or else its name, spelt as they like."""
    by_code = places.thing("iso:" + code.replace("_", "-"))
    named = [*places.named(name), *places.sounding_like(name, country)]
    by_name = (thing for thing in named if thing.type == "province" and places.country(thing) == country)
    return by_code or next(by_name, None)


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
