"""A country or world dump of GeoNames, made a place index beside ours.

Lines of 19 columns parted by tabs (https://download.geonames.org/export/dump/readme.txt): settlements (class P),
divisions below the first (class A), and everything else with a name (waters, areas, mountains, spots) as regions.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from contested.register.index import codes, insert, readable, write
from contested.register.units import Site

COLUMNS = 19
AT_ONCE = 50_000  # lines between two writings
LONGEST_LINE = 100_000  # characters; what is longer is no place
_NO_PLACE = ("PCL", "ADM1", "PPLH", "PPLQ")  # countries and first-level divisions are ISO's; the others are no more


class Filled(NamedTuple):
    """What became of a dump's lines."""

    places: int
    broken: int  # lines that are no place
    loose: int  # places of a first-level division that we cannot tell
    twice: int  # places whose id stood there before


def is_dump(line: str) -> bool:
    """Whether a first line is one of a dump of GeoNames."""
    return _site(line, {}) is not None or (line.count("\t") == COLUMNS - 1 and line.split("\t")[0].isdigit())


def compile_dump(lines: Iterable[str], path: Path) -> Filled:
    """Write the places of a dump as a gazetteer to `path`, in one step."""
    counts: Counter[str] = Counter()

    def fill(index: sqlite3.Connection) -> None:
        spoken, _ = codes()
        sites = _sites(lines, spoken, counts)
        while some := list(islice(sites, AT_ONCE)):
            counts["places"] = insert(index, counts["places"], some)

    write(path, fill)
    return Filled(counts["places"], counts["broken"], counts["loose"], counts["twice"])


def _sites(lines: Iterable[str], spoken: dict[str, str], counts: Counter[str]) -> Iterator[Site]:
    seen: set[int] = set()
    for line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        site = _site(line, spoken)
        if site is None:
            counts["broken"] += not _passed_over(line)
            continue
        number = int(site.id.removeprefix("gn:"))
        if number in seen:
            counts["twice"] += 1
            continue
        seen.add(number)
        counts["loose"] += site.within == f"iso:{site.country}"
        yield site


def _passed_over(line: str) -> bool:
    cells = line.split("\t")
    return len(cells) == COLUMNS and cells[7].startswith(_NO_PLACE)


def _site(line: str, spoken: dict[str, str]) -> Site | None:
    """The place of a line; None for one that is no place, or that ISO has."""
    cells = line.rstrip("\r\n").split("\t")
    if len(line) > LONGEST_LINE or len(cells) != COLUMNS or not cells[0].isdecimal() or _passed_over(line):
        return None
    geonames, name, ascii_name, others, latitude, longitude, sort, _, country, _, first, *_ = cells
    try:
        north, east, people = float(latitude), float(longitude), int(cells[14] or 0)
    except ValueError:
        return None
    if not (name and abs(north) <= 90 and abs(east) <= 180 and 0 <= people < 10**11 and len(country) == 2):
        return None
    spellings = [part for part in others.split(",") if part]
    names = list(dict.fromkeys(filter(None, [name, ascii_name, *readable(spellings)])))
    level = {"P": "settlement", "A": "district"}.get(sort, "region")
    within = spoken.get(f"{country}.{first}", f"iso:{country}")
    return Site(f"gn:{geonames}", names, level, within, country, north, east, people, fame=len(spellings))
