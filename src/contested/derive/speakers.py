"""People the register does not know: one who is written in two ways is one voice, not two.

Who is named by a surname alone is whoever has it by full name in the same report; elsewhere only if it is no common
name and nobody else has it. When in doubt they stay two.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from contested.derive.evidence import Evidence
from contested.derive.wording import CACHED
from contested.register.likeness import name_likeness
from contested.register.nameparts import Part, person_parts
from contested.register.spelling import skeleton

ALIKE = 0.9  # of two parts of a name that are spellings of one; set by hand
MOST_PARTS = 5
_NAME = re.compile(r"(?:[^\W\d_a-zß-ÿ][\w'’.-]*+\s?)+$")

_Parts = tuple[Part, ...]


def make_one(evidence: Sequence[Evidence]) -> None:
    """Give evidence whose unresolved speakers are one person one speaker, whatever the order it comes in.

    It is asked of what counts for a row, and of what stands beside it: who else was read makes nobody another.
    """
    unresolved = [e for e in evidence if not e.voice.thing]
    if len({e.voice.words for e in unresolved}) < 2:
        return
    families: dict[str, list[tuple[Evidence, _Parts]]] = defaultdict(list)
    for e in unresolved:
        if parts := _parts(e.voice.words):
            families[skeleton(_surname(parts))].append((e, parts))
    for family in families.values():
        _tell_apart(family)


def _tell_apart(family: Sequence[tuple[Evidence, _Parts]]) -> None:
    """Of evidence by people whose surnames share their consonants, say who each is."""
    people = _people({parts for _, parts in family if len(parts) > 1})
    known = {parts: f"?{' '.join(part.word for part in person[0])}" for person in people for parts in person}
    here: dict[str, set[_Parts]] = defaultdict(set)
    for e, parts in family:
        if parts in known:
            here[e.document].add(parts)
    for e, parts in family:
        e.speaker = known.get(parts) or _meant(parts, known, here[e.document])


def _meant(parts: _Parts, known: Mapping[_Parts, str], here: Collection[_Parts]) -> str:
    """Whom a surname means: the one of those near who bears it, or somebody else of that name."""
    rare = parts[-1].weight == 1.0
    near = here or (known if rare else ())
    meant = {known[full] for full in near if name_likeness(full[-1], parts[-1]) >= ALIKE}
    return min(meant) if len(meant) == 1 else f"?{_surname(parts)}"


@lru_cache(maxsize=CACHED)
def _parts(words: str) -> _Parts:
    """The name at the end of a speaker's words ("police chief Abdul Khan"), without titles."""
    found = _NAME.search(words.strip())
    parts = person_parts(found[0]).parts if found else ()
    return parts if len(parts) <= MOST_PARTS else ()


def _surname(parts: _Parts) -> str:
    """As it sounds; who is called Abdul Raziq in full is Raziq in short."""
    return parts[-1].sound.removeprefix("abd") or parts[-1].sound


def _people(names: set[_Parts]) -> list[list[_Parts]]:
    """Full names with one surname, gathered: each goes to those whose given names are spelt alike."""
    people: list[list[_Parts]] = []
    for name in sorted(names, key=lambda parts: (-len(parts), [part.word for part in parts])):
        fitting = [person for person in people if _compatible(name, person[0])]
        if len(fitting) == 1:
            fitting[0].append(name)
        else:
            people.append([name])
    return people


def _compatible(short: _Parts, long: _Parts) -> bool:
    return all(any(name_likeness(one, other) >= ALIKE for other in long) for one in short)
