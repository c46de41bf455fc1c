"""Countries and their first-level divisions (ISO 3166), with the names the press uses."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from contested.model import Noun


class Country(Noun, frozen=True):
    """A country: its ISO code, names (the usual one first) and demonyms."""

    code: str
    names: tuple[str, ...]
    demonyms: tuple[str, ...] = ()
    people: tuple[str, ...] = ()  # demonyms that only name the people: "Afghans", "Saudis"


class Division(Noun, frozen=True):
    """A division of a country; `within` is the id of what it lies in."""

    id: str
    names: tuple[str, ...]
    within: str


@cache
def pack(name: str) -> dict[str, Any]:
    """A TOML file of the register's own."""
    return tomllib.loads(files(__package__).joinpath("packs", f"{name}.toml").read_text("utf-8"))


@cache
def countries() -> tuple[Country, ...]:
    """Every country that ISO 3166-1 names, and Kosovo, with press names and demonyms where we have them."""
    import pycountry

    said = {code: msgspec.convert({"code": code, **more}, Country) for code, more in pack("countries").items()}
    found = []
    for entry in pycountry.countries:
        known = said.pop(entry.alpha_2, Country(code=entry.alpha_2, names=()))
        official = (entry.name, getattr(entry, "common_name", ""), getattr(entry, "official_name", ""))
        names = tuple(dict.fromkeys([*known.names, *(_turned(name) for name in official if name)]))
        found.append(msgspec.structs.replace(known, names=names))
    return (*found, *said.values())


def divisions(country: str) -> list[Division]:
    """The ISO 3166-2 divisions of a country, by its two-letter code."""
    return [
        Division(
            id=f"iso:{entry.code}",
            names=_spellings(entry.name),
            within=f"iso:{entry.parent_code or country}",
        )
        for entry in _subdivisions().get(country, ())
    ]


@cache
def _subdivisions() -> dict[str, list[Any]]:
    import pycountry

    found: dict[str, list[Any]] = {}
    for entry in pycountry.subdivisions:
        found.setdefault(entry.country_code, []).append(entry)
    return found


_UNIT = re.compile(
    r"\b(?:oblast'?|kray|krai|respublika|vobla[a-zć]+|autonomous region|sheng|zizhiqu|shi|län|apskritis|kraj|"
    r"province|governorate|region|state|district|county|prefecture)\b",
    re.IGNORECASE,
)
_ADJECTIVE = re.compile(r"(?:'?ska|'?skaya|skiy|zka)$")


def _spellings(name: str) -> tuple[str, ...]:
    """The names in one ISO entry: "Amānat al ‘Āşimah [city]" gives one, "Bruxelles/Brussel" two."""
    whole = re.sub(r"\s*[\[(].*?[\])]", "", name).replace("†", "").strip()
    parts = [whole, *(part.strip() for part in whole.split("/"))] if "/" in whole else [whole]
    bare = [_UNIT.sub("", part).strip(" ,") for part in parts]
    return tuple(dict.fromkeys(part for part in [*parts, *bare] if len(part) > 1))


def _turned(name: str) -> str:
    """ "Iran, Islamic Republic of" is said "Islamic Republic of Iran"."""
    head, comma, tail = name.partition(", ")
    return f"{tail} {head}" if comma and tail.endswith("of") else head if comma else name
