"""The extractors' lexicons: word lists and frames, as data in lexicons/*.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec


class Frame(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that evoke something, and where in the sentence its parts stand.

    `words` are lemmas of the given part of speech. `needs` and `bars` name a path and the lemmas it must, or must
    not, lead to. `roles` give for each field the paths to try in turn ("patient | in"); `sets` are fixed fields.
    A path is read from the trigger: agent, patient, poss, compound, self, head, or prepositions ("in/at/near"),
    several steps joined by dots ("object.of"). "@things" among the lemmas stands for a list of the same lexicon,
    "@casualties.natural" for one of another.
    """

    words: tuple[str, ...]
    pos: str = "VERB"
    particle: str = ""
    needs: dict[str, tuple[str, ...]] = {}
    bars: dict[str, tuple[str, ...]] = {}
    roles: dict[str, str] = {}
    sets: dict[str, Any] = {}


@cache
def _file(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "lexicons" / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def listed(name: str, words: str) -> frozenset[str]:
    """One word list of one lexicon."""
    return frozenset(_file(name)[words])


@cache
def table(name: str, section: str) -> dict[str, Any]:
    """One table of one lexicon: word → value, every value's list of words turned round."""
    return {word: value for value, words in _file(name)[section].items() for word in words}


@cache
def frames(name: str) -> dict[tuple[str, str], tuple[Frame, ...]]:
    """A lexicon's frames by (part of speech, lemma), the most particular first, then as written."""
    found: dict[tuple[str, str], list[Frame]] = {}
    for raw in _file(name).get("frame", ()):
        frame = msgspec.convert(raw | {part: _spelt_out(name, raw.get(part, {})) for part in ("needs", "bars")}, Frame)
        for word in frame.words:
            found.setdefault((frame.pos, word), []).append(frame)
    return {key: tuple(sorted(value, key=_generality)) for key, value in found.items()}


def _spelt_out(name: str, paths: dict[str, list[str]]) -> dict[str, list[str]]:
    """The lemmas of each path, the lists they name put in."""
    return {path: [lemma for word in words for lemma in _lemmas(name, word)] for path, words in paths.items()}


def _lemmas(name: str, word: str) -> list[str]:
    home, _, words = word.removeprefix("@").rpartition(".")
    return sorted(listed(home or name, words)) if word.startswith("@") else [word]


@cache
def words_of(name: str) -> frozenset[str]:
    """The lemmas that may evoke a frame of a lexicon."""
    return frozenset(word for _, word in frames(name))


def _generality(frame: Frame) -> int:
    return -(bool(frame.particle) + len(frame.needs))
