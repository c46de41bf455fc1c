"""How alike two names are, 0 to 1, by spelling alone: of people, whatever the romanisation, and of bodies.

Parts (register/nameparts.py) are paired off, the likest first, in any order. What both names have over and above tells
them apart; what only one has (a middle name, a clan) costs little. Two parts are alike by an edit distance over sounds:
vowels and sounds easily taken for each other cost less than others (after Damerau 1964, with weights of our own).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from math import inf

from contested.register.countries import pack
from contested.register.nameparts import NameParts, Part, body_parts, distinct, person_parts, sound
from contested.register.spelling import key

# Costs of edits; rounded from a search over the labelled pairs of benchmarks/name_likeness.py.
VOWELS_SWAPPED, VOWEL_ADDED, H_ADDED, NEAR_SOUND, TURNED = 0.55, 0.6, 0.3, 0.8, 0.8
LENIENCE = 1.25  # letters that every word is counted as longer: one edit in "Kim" is less than a third of it
WHOLE = 5  # sounds that names run together must have to be compared as a whole
ALIKE = 0.75  # parts less alike than this are different parts
APART = 2.4  # what tells two names apart, against what they share
MORE_OF_A_PERSON, MORE_OF_A_BODY = 0.2, 0.6  # what only one name has
SAME_SOUND, PET_NAME, INITIAL, ACRONYM, JOINED, RUN_TOGETHER = 0.97, 0.9, 0.85, 0.8, 0.98, 0.9
OTHER_FORM, OTHER_FATHER = 0.15, 0.4  # taken off

_Likeness = Callable[[Part, Part], float]


def likeness(one: str, other: str, sort: str = "") -> float:
    """How alike two names are; `sort` is "person", "body", or "" for either, which takes the better."""
    if key(one) == key(other):
        return 1.0
    one, other = sorted((one, other))  # so that it is the same either way round
    persons = _of_persons(person_parts(one), person_parts(other)) if sort != "body" else 0.0
    bodies = _of_bodies(body_parts(one), body_parts(other)) if sort != "person" else 0.0
    return max(persons, bodies)


def _of_persons(one: NameParts, other: NameParts) -> float:
    off = 0.0
    if one.fathers and other.fathers and not any(name_likeness(a, b) for a in one.fathers for b in other.fathers):
        off = OTHER_FATHER
    return max(0.0, _of_parts(one.parts, other.parts, name_likeness, MORE_OF_A_PERSON) - off)


def _of_bodies(one: NameParts, other: NameParts) -> float:
    off = OTHER_FORM if one.forms and other.forms and one.forms.isdisjoint(other.forms) else 0.0
    alike = _of_parts(one.parts, other.parts, part_likeness, MORE_OF_A_BODY)
    for short, long in ((one.parts, other.parts), (other.parts, one.parts)):
        if len(short) == 1 < len(long) and short[0].word == "".join(part.word[0] for part in long):
            alike = max(alike, ACRONYM)
    return max(0.0, alike - off)


def _of_parts(one: Sequence[Part], other: Sequence[Part], alike: _Likeness, more: float) -> float:
    if not one or not other:
        return 0.0
    together, joined = ("".join(part.sound for part in parts) for parts in (one, other))
    if together == joined:
        return 1.0 if [part.word for part in one] == [part.word for part in other] else JOINED
    left, right = list(one), list(other)
    shared, apart = _paired(left, right, alike)
    if left and right:
        shared += _run_together(left, right) + _run_together(right, left)
    if left and right and alike is name_likeness:
        shared += _by_initials(left, right) + _by_initials(right, left)
    over = sum(part.weight for part in left), sum(part.weight for part in right)
    told_apart = apart + min(len(left), len(right))  # by a common name as surely as by a rare one
    found = shared / (shared + APART * told_apart + more * (max(over) - min(over))) if shared else 0.0
    near = (
        len(one) != len(other)
        and abs(len(together) - len(joined)) < 3
        and min(len(together), len(joined)) >= WHOLE
        and _distance(together, joined, 1.0) <= 1.0
    )
    return max(found, RUN_TOGETHER if near else 0.0)


def _paired(left: list[Part], right: list[Part], alike: _Likeness) -> tuple[float, float]:
    """Take the parts that are alike out of both lists, the likest first; what they share, and what parts them."""
    pairs = [(alike(a, b), -abs(i - j), a, b) for i, a in enumerate(left) for j, b in enumerate(right)]
    shared = apart = 0.0
    for how, _, a, b in sorted((pair for pair in pairs if pair[0]), reverse=True):
        if a in left and b in right:
            left.remove(a)
            right.remove(b)
            weight = (a.weight + b.weight) / 2
            shared += weight * how
            apart += weight * (1 - how)
    return shared, apart


def _run_together(whole: list[Part], pieces: list[Part]) -> float:
    """One part that is two neighbours of the other name: "Goodwill" and "Good Will"."""
    shared = 0.0
    for part in list(whole):
        for first, second in pairwise(list(pieces)):
            word = first.word + second.word
            if (
                abs(len(part.word) - len(word)) <= 1
                and part_likeness(part, Part(word, sound(word), 1.0)) > RUN_TOGETHER
            ):
                whole.remove(part)
                pieces.remove(first)
                pieces.remove(second)
                shared += part.weight
                break
    return shared


def _by_initials(short: list[Part], long: list[Part]) -> float:
    """ "JC" and "Jean-Claude"."""
    shared = 0.0
    for part in list(short):
        named = long[: len(part.word)]
        if 2 <= len(part.word) <= 3 and part.word == "".join(name.word[0] for name in named):
            short.remove(part)
            del long[: len(named)]
            shared += INITIAL
    return shared


def name_likeness(one: Part, other: Part) -> float:
    """As `part_likeness`, for parts of people's names: initials and pet forms count."""
    if one.word != other.word and 1 in (len(one.word), len(other.word)):
        return INITIAL if one.word[0] == other.word[0] else 0.0
    if distinct(one.word, other.word):
        return 0.0
    pet = other.word in _pet_names().get(one.word, ()) or one.word in _pet_names().get(other.word, ())
    return max(PET_NAME if pet else 0.0, part_likeness(one, other))


@cache
def _pet_names() -> dict[str, frozenset[str]]:
    return {group[0]: frozenset(group[1:]) for group in pack("names")["person"]["nicknames"]}


@lru_cache(maxsize=1 << 14)
def part_likeness(one: Part, other: Part) -> float:
    """How alike two parts are; 0 when they are different parts. Numbers are the same or not."""
    if one.word == other.word:
        return 1.0
    if one.word.isdigit() or other.word.isdigit():
        return 0.0
    if one.sound == other.sound:
        return SAME_SOUND
    most = (1 - ALIKE) * (max(len(one.sound), len(other.sound)) + LENIENCE)
    ours, theirs = _consonants(one.sound), _consonants(other.sound)
    if NEAR_SOUND * max(len(ours - theirs), len(theirs - ours)) > most:
        return 0.0  # spares the distance, which cannot be less
    how = 1 - _distance(one.sound, other.sound, most) / (max(len(one.sound), len(other.sound)) + LENIENCE)
    return how if how > ALIKE else 0.0


@lru_cache(maxsize=1 << 15)
def _consonants(sound: str) -> frozenset[str]:
    return frozenset(sound).difference("h", "aeiou")


@cache
def _edits() -> tuple[dict[str, float], dict[tuple[str, str], float]]:
    """What it costs to add a sound, and to put one for another, where that is less than 1."""
    sounds = pack("names")["sounds"]
    vowels = sounds["vowels"]
    added = dict.fromkeys(vowels, VOWEL_ADDED) | {"h": H_ADDED}
    changed = {(a, b): VOWELS_SWAPPED for a in vowels for b in vowels}
    changed |= {pair: NEAR_SOUND for a, b in sounds["near"] for pair in ((a, b), (b, a))}
    return added, changed


def _distance(one: str, other: str, most: float) -> float:
    """The cheapest way to turn one into the other by adding, dropping, changing or turning round sounds.

    Given up, and infinite, once it is sure to be more than `most`.
    """
    added, changed = _edits()
    above: list[float] = []
    row = [0.0]
    for letter in other:
        row.append(row[-1] + added.get(letter, 1.0))
    for i, a in enumerate(one):
        before, above, row = above, row, [row[0] + added.get(a, 1.0)]
        for j, b in enumerate(other):
            least = above[j] + (0.0 if a == b else changed.get((a, b), 1.0))
            least = min(least, above[j + 1] + added.get(a, 1.0), row[j] + added.get(b, 1.0))
            if i and j and a == other[j - 1] and b == one[i - 1]:
                least = min(least, before[j - 1] + TURNED)
            row.append(least)
        if min(row) > most and min(above) > most:
            return inf
    return row[-1]
