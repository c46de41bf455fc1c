"""Phrases that name no place but say where: "30 km east of X", "between A and B", "districts south of Kabul".

Each gives places, or an honest round area with a radius, and how precise that is on UCDP's scale of where-precision
(1 exact … 7 international; UCDP GED Codebook, `where_prec`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from contested.model import Noun, Thing
from contested.register.phrases import LONGEST
from contested.register.relations import bearing, distance, moved, point
from contested.register.sphere import Point

if TYPE_CHECKING:
    from contested.register import Register
    from contested.register.resolve import Resolver

NEAR, DISTRICT, PROVINCE, REGION, COUNTRY = 2, 3, 4, 5, 6
LEVELS = {"settlement": 1, "district": DISTRICT, "province": PROVINCE, "region": REGION, "country": COUNTRY}
OUTSKIRTS, VAGUE, LEAST = 10.0, 0.25, 3.0  # km round a town; share of a distance that may be meant otherwise; km
AHEAD, REACH = 50.0, 200.0  # degrees on either side of a direction, and km, within which "south of" is meant
KILOMETRES = {"km": 1.0, "kilo": 1.0, "mile": 1.609344, "mi": 1.609344, "m": 0.001, "metr": 0.001, "mete": 0.001}


class Area(Noun, frozen=True):
    """Somewhere: the places meant, or else a circle (degrees, km); `precision` is UCDP's, 1 to 7."""

    places: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    radius: float | None = None
    precision: int = COUNTRY


_WAY = r"(north|south|east|west|north[- ]?east|north[- ]?west|south[- ]?east|south[- ]?west)(?:ern|wards?)?"
_OFF = re.compile(
    rf"(?i)(?:about |some |around |nearly |roughly )?(\d[\d,.]*) ?(km|kilomet\w+|miles?|mi|met\w+|m)\b\W*"
    rf"(?:to the )?(?:{_WAY} ?)?(?:of|from|outside) (.+)"
)
_BETWEEN = re.compile(r"(?i)(?:.*\b)?between (.+?) and (.+)")
_ROUND = re.compile(r"(?i)(?:the )?(?:outskirts|edges?|suburbs|vicinity|surroundings) of (.+)|(?:near|outside) (.+)")
_SEVERAL = re.compile(rf"(?i)(?:the )?(districts|provinces|towns) (?:to the )?{_WAY} of (.+)")
_CAPITALS = re.compile(r"(?i)(?:the )?(?:provincial |regional )?capitals of (.+)")
_DEGREES = {"north": 0.0, "northeast": 45.0, "east": 90.0, "southeast": 135.0, "south": 180.0, "southwest": 225.0,
            "west": 270.0, "northwest": 315.0}  # fmt: skip


def read_area(words: str, register: Register, resolver: Resolver) -> Area | None:
    """Where a phrase says; None when it says it in no way known here, or names what is not known."""
    text = re.sub(r"\s+", " ", words[: 3 * LONGEST]).strip(" .,;")
    readers: dict[re.Pattern[str], Callable[..., Area | None]] = {
        _OFF: _off, _CAPITALS: _capitals, _SEVERAL: _several, _BETWEEN: _between, _ROUND: _round,
    }  # fmt: skip
    for pattern, reader in readers.items():
        if found := pattern.fullmatch(text):
            return reader(*found.groups(), register=register, resolver=resolver)
    thing = register.thing(resolver.place(words).thing)
    return Area((thing.id,), thing.latitude, thing.longitude, None, LEVELS.get(thing.type, REGION)) if thing else None


def _at(words: str, register: Register, resolver: Resolver) -> tuple[Thing, Point] | None:
    thing = register.thing(resolver.place(words, "settlement").thing)
    where = point(thing)
    return (thing, where) if thing and where else None


def _off(
    number: str, unit: str, way: str | None, words: str, *, register: Register, resolver: Resolver
) -> Area | None:  # fmt: skip
    """ "30 km east of X": a point on the way; "30 km from X", which may be anywhere round it, is a circle round X."""
    size = next(size for start, size in KILOMETRES.items() if unit.casefold().startswith(start))
    whole = number.replace(",", "").rstrip(".")
    known = _at(words, register, resolver)
    if known is None or not re.fullmatch(r"\d{1,5}(\.\d+)?", whole):
        return None
    away = float(whole) * size
    if way is None:
        return Area((), *known[1], away, NEAR if away <= 25 else PROVINCE)
    latitude, longitude = moved(known[1], away, _direction(way))
    return Area((), latitude, longitude, round(max(LEAST, VAGUE * away), 1), NEAR if away <= 100 else PROVINCE)


def _between(one: str, other: str, *, register: Register, resolver: Resolver) -> Area | None:
    first, last = _at(one, register, resolver), _at(other, register, resolver)
    if first is None or last is None:
        return None
    far = distance(first[1], last[1])
    latitude, longitude = moved(first[1], far / 2, bearing(first[1], last[1]))
    return Area((), latitude, longitude, round(max(LEAST, far / 2), 1), NEAR if far <= 50 else REGION)


def _round(of: str | None, near: str | None, *, register: Register, resolver: Resolver) -> Area | None:
    known = _at(of or near or "", register, resolver)
    return Area((known[0].id,), *known[1], OUTSKIRTS, NEAR) if known and known[0].type == "settlement" else None


def _several(what: str, way: str, words: str, *, register: Register, resolver: Resolver) -> Area | None:
    """ "districts south of Kabul": those of its country whose points lie that way, not too far."""
    known = _at(words, register, resolver)
    if known is None:
        return None
    level = {"districts": "district", "provinces": "province", "towns": "settlement"}[what.casefold()]
    direction, country = _direction(way), register.places.country(known[0])
    meant = [
        one.id
        for one in register.places.of_type(level, country)
        if (where := point(one)) and 1 < distance(known[1], where) <= REACH
        and abs((bearing(known[1], where) - direction + 180) % 360 - 180) <= AHEAD
    ]  # fmt: skip
    return Area(tuple(meant), precision=LEVELS[level]) if meant else None


def _capitals(words: str, *, register: Register, resolver: Resolver) -> Area | None:
    """ "the provincial capitals of A, B and C": each one's, if all are known."""
    named = [name for name in re.split(r",? and |, ", words) if name]
    seats = [register.capital(resolver.place(name, "province").thing) for name in named]
    return Area(tuple(seat.id for seat in seats if seat), precision=1) if seats and all(seats) else None


def _direction(way: str) -> float:
    return _DEGREES[re.sub(r"[- ]", "", way.casefold())]
