"""A workspace's own packs: districts and villages no free gazetteer has, and actors of one's own.

*.toml      tables as in this package's packs/, and [[place]] with id, names, type, within, latitude, longitude
*.geojson   boundaries (geoBoundaries, COD-AB): a feature is a district unless it says shapeType ADM1
*.csv       id, name, names (with |), type, within, latitude, longitude, population
*.gazetteer a country or world dump of GeoNames, made a place index of its own by `contested packs add`
"""

from __future__ import annotations

import csv
import sqlite3
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from contested.model import Problem, Thing
from contested.register.actors import Actors
from contested.register.boundaries import kept
from contested.register.places import Places
from contested.register.spelling import key

UNUSABLE = (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, csv.Error, sqlite3.Error)
LARGEST = 64 * 2**20  # bytes: a bigger pack is refused rather than read into memory


def load(folder: Path, places: Places, actors: Actors) -> Iterator[Problem]:
    """Read every pack of a folder, provinces' boundaries before districts'; a bad one yields a Problem."""
    readers: dict[str, Callable[[Path], list[Thing]]] = {
        ".toml": lambda path: read_toml(path, actors),
        ".csv": read_table,
        ".geojson": lambda path: _drawn(path, outlines, places),
        ".gazetteer": lambda path: places.attach(path),
    }
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in readers)
    outlines = [path for path in paths if path.suffix.lower() == ".geojson" and "adm1" in path.name.lower()]
    for path in paths:
        if path.suffix != ".gazetteer" and path.stat().st_size > LARGEST:
            yield Problem(path.name, f"larger than {LARGEST // 2**20} MB", "Split it, or simplify its boundaries")
            continue
        try:
            places.add(readers[path.suffix.lower()](path))
        except (
            OSError,
            ValueError,
            KeyError,
            TypeError,
            IndexError,
            AttributeError,
            csv.Error,
            sqlite3.Error,
        ) as error:
            reason = f"cannot be used as a pack: {type(error).__name__} {error}"
            yield Problem(file=path.name, reason=reason, remedy="See the forms a pack may have, or take it out")


def _drawn(path: Path, outlines: list[Path], places: Places) -> list[Thing]:
    found = kept(path, outlines, places)
    for one, other in found.borders:
        places.borders[one].add(other)
        places.borders[other].add(one)
    return found.districts


def read_toml(path: Path, actors: Actors | None) -> list[Thing]:
    """The places of a TOML pack; its actors are let known to `actors`."""
    tables = tomllib.loads(path.read_text("utf-8"))
    tables.pop("licence", "")
    found = [msgspec.convert({"kind": "place", **place}, Thing) for place in tables.pop("place", [])]
    if actors is not None:
        actors.add(tables)
    return found


def read_table(path: Path) -> list[Thing]:
    """The places of a CSV pack."""
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
