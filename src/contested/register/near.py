"""Known names that a misspelt or otherwise romanised one may mean: proposals, never certain.

Candidates share the consonants of a part, or of the whole run together; likeness then ranks them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from heapq import nlargest
from operator import itemgetter
from typing import NamedTuple

from contested.model import Thing
from contested.register.likeness import RUN_TOGETHER, likeness, name_likeness
from contested.register.nameparts import COMMON, NameParts, body_parts, person_parts
from contested.register.wording import is_acronym

MOST = 8  # candidates looked at, those that share the rarest consonants
WORTH_SHOWING = 0.75
# How alike a name must be to be taken, and how far ahead of the next thing's; what common words must be. Set by hand.
CLEARLY, AHEAD, THE_SAME = 0.85, 0.08, 0.97
_HISSES = str.maketrans("SCzj", "ssss")  # one bone: "Bachar" and "Bashar"
LETTERS = 5  # a single word shorter than this is like too much


class Near(NamedTuple):
    """A known thing that a name may mean, the name of it that is likest, and how alike they are."""

    thing: str
    name: str
    sort: str
    alike: float


class NearNames:
    """All names of parties and people, by their consonants."""

    def __init__(self) -> None:
        self.find = lru_cache(maxsize=1 << 12)(self._find)
        self._filed: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)  # (sort, bones) to (thing, name)

    def add(self, thing: str, names: Iterable[str], sort: str) -> None:
        """File a thing's names; `sort` as in `likeness`."""
        for name in names:
            for bones in set(_bones(name, sort)):
                if (entry := (thing, name)) not in self._filed[sort, bones]:
                    self._filed[sort, bones].append(entry)

    def _find(self, words: str, close: bool = False) -> tuple[Near, ...]:
        """What the words may mean, the likest first, each thing once; `find` remembers.

        `close` passes over what cannot be `clear`, and is faster.
        """
        found: dict[str, Near] = {}
        for sort in ("person", "body"):
            for thing, name in self._candidates(words, sort):
                if close and not _fits(words, name, sort):
                    continue
                alike = likeness(words, name, sort)
                if alike >= WORTH_SHOWING and (thing not in found or alike > found[thing].alike):
                    found[thing] = Near(thing, name, sort, alike)
        return tuple(sorted(found.values(), key=lambda near: -near.alike))

    def _candidates(self, words: str, sort: str) -> list[tuple[str, str]]:
        """Things of that sort by a name that shares the rarest consonants with the words."""
        shared: defaultdict[tuple[str, str], float] = defaultdict(float)
        for bones in _bones(words, sort):
            shelf = self._filed.get((sort, bones), ())
            for entry in shelf:
                shared[entry] += 1 / len(shelf)
        return [entry for entry, _ in nlargest(MOST, shared.items(), key=itemgetter(1))]


def near_names(things: Iterable[Thing]) -> NearNames:
    """The names of parties, people and outlets, ready to be asked.

    Acronyms are like too much; and so is an outlet's name of one word ("The Guardian").
    """
    found = NearNames()
    for thing in things:
        if thing.kind in ("actor", "source") and thing.type != "state":
            alone = thing.kind == "actor"
            names = [
                name for name in thing.names if not is_acronym(name) and (alone or " " in name.removeprefix("The "))
            ]
            found.add(thing.id, names, "person" if thing.type == "person" else "body")
    return found


def clear(words: str, found: Sequence[Near]) -> Near | None:
    """The proposal that may be taken: every part has its like, and no other such proposal is nearly as like."""
    fit = [
        near
        for near in found
        if near.alike >= CLEARLY - AHEAD and _fits(words, near.name, near.sort) and _answers(words, near)
    ]
    if not fit or fit[0].alike < CLEARLY or (len(fit) > 1 and fit[0].alike - fit[1].alike < AHEAD):
        return None
    return fit[0]


def _answers(words: str, near: Near) -> bool:
    """Whether part answers to part. Common words alone ("National Congress") must be the very same."""
    ours, theirs = _parts(words, near.sort).parts, _parts(near.name, near.sort).parts
    if near.alike < THE_SAME and max(part.weight for part in ours) <= COMMON:
        return False
    if near.sort == "person":
        return name_likeness(ours[0], theirs[0]) > 0  # "Masood Ahmed" is not "Ahmad Massoud"
    return len(ours) == len(theirs) or near.alike >= RUN_TOGETHER


def _fits(words: str, name: str, sort: str) -> bool:
    """Whether a name has as many parts as the words: "Ahmad Massoud" is not "Ahmad Shah Massoud".

    Nobody is taken for somebody by one part alone; a body may be, and its name may be run together.
    """
    ours, theirs = _parts(words, sort).parts, _parts(name, sort).parts
    if sort == "person":
        return len(ours) == len(theirs) > 1
    return (len(ours) > 1 or len(ours[0].word) >= LETTERS) and abs(len(ours) - len(theirs)) <= 1


def _parts(name: str, sort: str) -> NameParts:
    return person_parts(name) if sort == "person" else body_parts(name)


@lru_cache(maxsize=1 << 13)
def _bones(name: str, sort: str) -> tuple[str, ...]:
    """The consonants of each part, and of the whole."""
    sounds = [part.sound for part in _parts(name, sort).parts]
    return tuple(_boned(sounds))


def _boned(sounds: list[str]) -> Iterator[str]:
    for sound in (*sounds, "".join(sounds)):
        yield "".join(letter for letter in sound if letter not in "aeiouh").translate(_HISSES) or sound
