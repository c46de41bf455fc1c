"""Places by name: what the index holds, and what a workspace's own packs add (districts, villages)."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from contested.model import Thing
from contested.register.countries import pack
from contested.register.index import open_index, sound
from contested.register.spelling import key, loose, skeleton

ALIKE = 0.7  # least share of letters in common (Ratcliff and Obershelp) for names with the same consonants
ADDED = "added:"  # begins the ids of places that somebody added one by one
_COLUMNS = "id, names, type, within, capital_of, latitude, longitude, population"
_FIRST = "substr(names, 1, instr(names || char(10), char(10)) - 1)"  # of the names, one a line
_BRIEF = f"id, {_FIRST}, type, within, capital_of, latitude, longitude, population, 'iso:' || country, fame"


class Row(NamedTuple):
    """A place without its other names, and the id of its country."""

    id: str
    name: str
    type: str
    within: str
    capital_of: str
    latitude: float | None
    longitude: float | None
    population: int
    country: str
    fame: int


class Places:
    """The gazetteer. Things of a pack stand beside those of the index; a pack's `within` may point into it."""

    def __init__(self, progress: Callable[[str], None] | None = None, own: Iterable[Thing] = ()) -> None:
        self._index = open_index(progress)
        self._attached: list[sqlite3.Connection] = []  # gazetteers of packs, which go before the index
        self._own: dict[str, Thing] = {}
        self._divided: set[str] = set()  # divided by a pack, whose districts stand in place of the index's
        self.borders: dict[str, set[str]] = defaultdict(set)  # which districts of packs share a border
        self._own_names: dict[str, list[Thing]] = defaultdict(list)
        self.named = lru_cache(maxsize=1 << 14)(self._named)
        self.thing = lru_cache(maxsize=1 << 14)(self._thing)
        self.province = lru_cache(maxsize=1 << 14)(self._province)
        self._land = lru_cache(maxsize=1 << 14)(self._country)
        self._boned = lru_cache(maxsize=1 << 10)(self._with_bones)
        self._own_bones = lru_cache(maxsize=1)(self._skeletons)
        self.add(_regions())
        declared = self._ask_for("SELECT value FROM about WHERE name = 'declared'")
        self.declared = frozenset(declared[0][0].split())  # the countries whose capitals of provinces are no guess
        self.seats: dict[str, str] = dict(self._index.execute("SELECT id, country FROM seats"))
        self.add(own)

    def add(self, things: Iterable[Thing]) -> None:
        """Let a pack's places be found too; one with a known id replaces it."""
        for thing in things:
            self._own[thing.id] = thing
            if thing.type == "district" and not thing.id.startswith(ADDED):  # one alone divides nothing
                self._divided.add(thing.within)
            for filed in {form(name) for name in thing.names for form in (key, loose)} - {""}:
                self._own_names[filed].append(thing)
        for cache in (self.named, self.thing, self.province, self._land, self._boned, self._own_bones):
            cache.cache_clear()

    def attach(self, gazetteer: Path) -> list[Thing]:
        """Ask a pack's gazetteer too. ValueError when it is damaged; the list of other things it adds is empty."""
        if (opened := sound(gazetteer)) is None:
            raise ValueError("it is damaged, or of another version of contested: add it again")
        self._attached.append(opened)
        self.add(())
        return []

    def _ask(self, where: str, *values: object) -> list[Thing]:
        """Places by a condition; the index is built anew when a page of it turns out damaged."""
        rows = self._ask_for(f"SELECT {_COLUMNS} FROM places WHERE {where}", *values)  # noqa: S608 - ours, below
        return [_thing(row) for row in rows if self._stands(row)]

    def _ask_for(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        more = [row for gazetteer in self._attached for row in gazetteer.execute(question, values)]
        try:
            rows = self._index.execute(question, values).fetchall()
        except sqlite3.DatabaseError:
            self._index = open_index(anew=True)
            rows = self._index.execute(question, values).fetchall()
        return list({row[0]: row for row in [*rows, *more]}.values()) if more else rows  # by id, the pack's row stands

    def rows(self, filed: str) -> list[Row]:
        """Every place filed under a key, ours first, without their other names."""
        return [*map(self._row, self._own_names.get(filed, ())), *self._brief("name = ?", filed)]

    def row(self, place_id: str) -> Row | None:
        """The place of an id, without its other names."""
        own = self._own.get(place_id)
        return self._row(own) if own else next(iter(self._brief("id = ?", place_id)), None)

    def _brief(self, where: str, value: str) -> list[Row]:
        table = "names CROSS JOIN places USING (place)" if where.startswith("name ") else "places"
        found = self._ask_for(f"SELECT {_BRIEF} FROM {table} WHERE {where}", value)  # noqa: S608
        return [Row(*row) for row in found if self._stands(row)]

    def _stands(self, row: tuple[Any, ...]) -> bool:
        """Whether no pack says otherwise of a place of the index (id, name, type, within …)."""
        return row[0] not in self._own and not (row[2] == "district" and row[3] in self._divided)

    def _row(self, thing: Thing) -> Row:
        return Row(thing.id, thing.name, thing.type, thing.within, thing.capital_of, thing.latitude, thing.longitude,
                   thing.population, self.country(thing), 0)  # fmt: skip

    def _province(self, place_id: str) -> str:
        """The first-level division that a place is or lies in: the last before the country."""
        above = [place_id, *self.ancestors(place_id)]
        return above[-2] if len(above) > 1 and above[-1].startswith("iso:") else ""

    def _named(self, name: str) -> tuple[Thing, ...]:
        """Every place filed under that name (see `spelling.key`), ours first, then the most populous."""
        filed = dict.fromkeys((key(name), loose(name)))
        own = (thing for form in filed for thing in self._own_names.get(form, ()))
        where = "place IN (SELECT place FROM names WHERE name = ?) ORDER BY population DESC"
        found = (thing for form in filed for thing in self._ask(where, form))
        return tuple({thing.id: thing for thing in [*own, *found]}.values())

    def _thing(self, place_id: str) -> Thing | None:
        return self._own.get(place_id) or next(iter(self._ask("id = ?", place_id)), None)

    def children(self, place_id: str, level: str = "") -> tuple[Thing, ...]:
        """What lies directly within a place, by name; for a country's provinces or settlements also deeper.

        Regions, which no administration has, only when they are asked for.
        """
        direct = [*self._ask("within = ?", place_id), *(own for own in self._own.values() if own.within == place_id)]
        if level and not any(thing.type == level for thing in direct):
            direct += [below for thing in direct if thing.type != "settlement" for below in self.children(thing.id)]
        wanted = (thing for thing in direct if (thing.type == level if level else thing.type != "region"))
        return tuple(sorted(wanted, key=lambda thing: thing.name))

    def capital(self, place_id: str) -> Thing | None:
        """The capital of a province, or of a country."""
        if seat := next((seat for seat, country in self.seats.items() if country == place_id), ""):
            return self.thing(seat)
        own = (thing for thing in self._own.values() if thing.capital_of == place_id)
        return next(own, None) or next(iter(self._ask("capital_of = ? AND capital_of != ''", place_id)), None)

    def ancestors(self, place_id: str) -> tuple[str, ...]:
        """What a place lies within, nearest first."""
        above: list[str] = []
        here = self.thing(place_id)
        while here is not None and here.within and here.within not in above:
            above.append(here.within)
            here = self.thing(here.within)
        return tuple(above)

    def country(self, thing: Thing) -> str:
        """The id of the country a place is or lies in; empty for one that lies in none."""
        return thing.id if thing.type == "country" else self._land(thing.id)

    def _country(self, place_id: str) -> str:
        return next((above for above in reversed(self.ancestors(place_id)) if above.startswith("iso:")), "")

    def sounding_like(self, name: str, country: str) -> tuple[Thing, ...]:
        """Places of one country whose consonants are those of the name: a proposal, for context to settle."""
        bones = skeleton(name)
        proposed = self._boned(bones, country) if bones else ()
        return tuple(thing for thing in proposed if any(_alike(name, other) for other in thing.names))

    def _with_bones(self, bones: str, country: str) -> tuple[Thing, ...]:
        where = "place IN (SELECT place FROM bones WHERE bones = ? AND country = ?)"
        own = (thing for thing in self._own_bones().get(bones, ()) if self.country(thing) == country)
        return *self._ask(where, bones, country.removeprefix("iso:")), *own

    def _skeletons(self) -> dict[str, list[Thing]]:
        """The places of packs by the consonants of their names."""
        found: dict[str, list[Thing]] = defaultdict(list)
        for thing in self._own.values():
            for bones in {skeleton(name) for name in thing.names} - {""}:
                found[bones].append(thing)
        return found

    def countries(self) -> list[Thing]:
        """Every country."""
        return self._ask("within = ''")

    def seated(self) -> dict[str, Thing]:
        """The town each country is governed from, by the country's id."""
        found = self._ask("id IN (SELECT id FROM seats)")
        return {self.seats[town.id]: town for town in found}

    def of_type(self, level: str, country: str) -> list[Thing]:
        """All places of one level in a country, by its id."""
        own = [thing for thing in self._own.values() if thing.type == level and self.country(thing) == country]
        return own + self._ask("country = ? AND type = ?", country.removeprefix("iso:"), level)

    def settlements(self, country: str) -> list[Thing]:
        """All settlements of a country, by its id."""
        return self._ask("country = ? AND type = 'settlement'", country.removeprefix("iso:"))


def _regions() -> list[Thing]:
    """Regions, valleys and seas: the press names them, no administration does."""
    return [
        Thing(
            id=f"region:{slug}",
            kind="place",
            names=tuple(facts["names"]),
            type="region",
            within=facts.get("within", ""),
            latitude=facts["at"][0],
            longitude=facts["at"][1],
        )
        for slug, facts in pack("regions").items()
    ]


def _alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, key(one), key(other))
    return matcher.real_quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _thing(row: tuple[Any, ...]) -> Thing:
    place_id, names, level, within, capital_of, latitude, longitude, population = row
    return Thing(
        id=place_id, kind="place", names=tuple(names.split("\n")), type=level, within=within, capital_of=capital_of,
        latitude=latitude, longitude=longitude, population=population,
    )  # fmt: skip
