"""Evidence of another kind joins the rows it speaks of: by nearness in the report, or by the same party and words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import copy

from contested.derive.codebook import Attach
from contested.derive.evidence import Evidence, Group, field
from contested.derive.wording import Wording
from contested.model import Name

Words = frozenset[str]
_NO_WORDS: Words = frozenset()
_Candidate = tuple[Group, Evidence, Words]


def attach(join: Attach, groups: Iterable[Group], evidence: Iterable[Evidence], wording: Wording) -> list[Evidence]:
    """Put each piece of evidence with the groups it speaks of; returns what speaks of none."""
    keyed: dict[tuple[str, ...], list[_Candidate]] = defaultdict(list)
    seen: set[tuple[int, tuple[str, ...], Words, int]] = set()
    for group in groups:
        for e in group.own:
            key, start = _key(join, e), e.start if join.near else 0
            for words in [_words(e, name, wording) for name in join.in_] or [_NO_WORDS]:
                candidate = id(group), key, words, start
                if not e.aside and (join.near or candidate not in seen):
                    seen.add(candidate)
                    keyed[key].append((group, e, words))
    loose = []
    joined: dict[int, Group] = {}
    for e in evidence:
        found = _spoken_of(join, e, keyed.get(_key(join, e), ()), wording)
        for place, group in enumerate(found):
            group.own.append(copy(e) if place else e)  # rows share nothing
            joined[id(group)] = group
        if not found:
            loose.append(e)
    for group in joined.values():
        group.own.sort(key=lambda e: e.order)
    return loose


def _spoken_of(join: Attach, e: Evidence, candidates: Sequence[_Candidate], wording: Wording) -> list[Group]:
    words = _words(e, join.words, wording) if join.words else _NO_WORDS
    if join.near:
        if not candidates or not e.document:
            return []
        nearest = min(candidates, key=lambda c: (not words & c[2], abs(c[1].start - e.start), c[1].start, c[1].id))
        return [nearest[0]]
    return list({id(group): group for group, _, said in candidates if _same_words(words, said)}.values())


def _key(join: Attach, e: Evidence) -> tuple[str, ...]:
    key = [e.document] if join.near else []
    for name in join.same:
        value = field(e, name)
        key.append((value.thing or value.words.casefold()) if isinstance(value, Name) else str(value or ""))
    return tuple(key)


def _words(e: Evidence, name: str, wording: Wording) -> Words:
    return frozenset(re.findall(r"[^\W_]+", wording.text(e, name).casefold()))


def _same_words(one: Words, other: Words) -> bool:
    """Whether the shorter wording stands wholly within the longer."""
    return bool(one and other) and (one <= other or other <= one)
