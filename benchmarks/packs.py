"""What boundaries add as a pack: names of another list found with and without it, and how well points tell neighbours.

    python benchmarks/packs.py --pack FILE [--pack FILE …] --places FILE --home CC [--name FIELD] [--province FIELD]

A pack is boundaries as `contested packs add` takes them, provinces' before districts'; they go to a scratch folder.
The other list is CSV, or JSON (also gzipped) whose objects have a name, `latitude` and `longitude`; a place's province
is in its own field, or is the object it stands in. Prints one table:

- resolved: the name, by itself or with its province ("Marja, Helmand"), has any place at all when CC is home;
- within 30 km: that place lies no farther from where the list has it;
- borders: pairs that share a border by the packs, against Gabriel neighbours by the districts' points.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from contested.errors import UsageError
from contested.register import Register, open_register
from contested.register.installing import install
from contested.register.marked import Marked, Span
from contested.register.relations import gabriel
from contested.register.sphere import distance
from contested.register.toponyms import resolve

NEAR = 30.0  # km


class Listed(NamedTuple):
    """A place as the other list has it; `province` may be empty."""

    name: str
    province: str
    latitude: float
    longitude: float


def listed(path: Path, name: str, province: str) -> list[Listed]:
    """The places of a list: those that hold no others."""
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    text = data.decode("utf-8-sig")
    told = list(csv.DictReader(text.splitlines())) if ".csv" in path.suffixes else json.loads(text)
    return list(_places(told, "", name, province))


def _places(told: Any, above: str, name: str, province: str) -> Iterator[Listed]:
    if isinstance(told, list):
        for one in told:
            yield from _places(one, above, name, province)
        return
    facts = {field.lower(): value for field, value in told.items()} if isinstance(told, dict) else {}
    called = str(facts.get(name.lower()) or "").strip()
    below = [value for value in facts.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
    for one in below:
        yield from _places(one, called, name, province)
    if called and not below and facts.get("latitude") and facts.get("longitude"):
        within = str(facts.get(province.lower()) or above).strip()
        yield Listed(called, within, float(facts["latitude"]), float(facts["longitude"]))


def found(register: Register, places: Iterable[Listed], home: str, *, provinces: bool) -> tuple[int, int]:
    """How many names have a place, and how many within 30 km of where the list has it."""
    asked = list(places)
    texts = [f"{one.name}, {one.province}" if provinces else one.name for one in asked]
    reports = (Marked(text, [Span(0, len(one.name))]) for text, one in zip(texts, asked, strict=True))
    placed = near = 0
    for one, (answer,) in zip(asked, resolve(register, reports, together=False, home=home), strict=True):
        if answer.latitude is not None and answer.longitude is not None:
            placed += 1
            near += distance((one.latitude, one.longitude), (answer.latitude, answer.longitude)) <= NEAR
    return placed, near


def borders(register: Register, home: str) -> tuple[set[frozenset[str]], set[frozenset[str]]]:
    """Pairs of districts that share a border by the packs, and those that their points make neighbours."""
    drawn = {frozenset((one, other)) for one, others in register.places.borders.items() for other in others}
    districts = [one for one in register.places.of_type("district", register.country(home))
                 if one.id in register.places.borders]  # fmt: skip
    near = {frozenset((one.id, other.id)) for one in districts
            for other in gabriel(one, [other for other in districts if other.id != one.id])}  # fmt: skip
    return drawn, near


def rows(packs: Path, places: list[Listed], home: str) -> Iterator[tuple[str, int, str, str]]:
    """What is measured, of how many, with the data built in, with the packs."""
    registers = open_register(), open_register(packs)
    for provinces in (False, True):
        asked = [one for one in places if one.province] if provinces else places
        if not asked:
            continue
        shares = [found(register, asked, home, provinces=provinces) for register in registers]
        words = "names with their province" if provinces else "names by themselves"
        for told, at in (("resolved", 0), ("within 30 km", 1)):
            before, after = (f"{share[at] / len(asked):.3f}" for share in shares)
            yield f"{words}: {told}", len(asked), before, after
    drawn, near = borders(registers[1], home)
    if drawn:
        yield "borders drawn: neighbours by points", len(drawn), "", f"{len(drawn & near) / len(drawn):.3f}"
        yield "neighbours by points: borders drawn", len(near), "", f"{len(drawn & near) / max(len(near), 1):.3f}"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--pack", type=Path, action="append", required=True)
    asked.add_argument("--places", type=Path, required=True, help="the other list")
    asked.add_argument("--home", required=True, help="the country of both: code or name")
    asked.add_argument("--name", default="name", help="the field of a place's name")
    asked.add_argument("--province", default="province", help="the field of its province")
    asked.add_argument("--licence", default="for measuring only", help="of a pack that names none")
    given = asked.parse_args()
    for path in (*given.pack, given.places):
        if not path.is_file():
            sys.exit(f"{path}: there is no such file. Name boundaries with --pack and another list with --places")
    places = listed(given.places, given.name, given.province)
    if not places:
        sys.exit(f"{given.places}: no object has {given.name!r}, latitude and longitude. Say --name FIELD")
    with TemporaryDirectory() as folder:
        register = open_register()
        for pack in given.pack:
            try:
                install(pack, Path(folder), register.places, given.licence)
            except UsageError as fault:
                sys.exit(str(fault))
        print(f"| {given.places.name} | of | built in | with packs |\n|---|---:|---:|---:|")
        for measured, of, before, after in rows(Path(folder), places, given.home):
            print(f"| {measured} | {of:,} | {before} | {after} |", flush=True)


if __name__ == "__main__":
    main()
