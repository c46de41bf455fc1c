"""Where analysts differ: the one place that says when two judgements on an assertion cannot both be right.

| one says | another says |
|---|---|
| accept or amend | reject |
| amend | amend, and the two read otherwise |
| same | different, of nothing but what the first calls the same |
| resolved_true | resolved_false |

Both stand, and every picture that rests on the assertion says so (`Row.disputed`).
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

from msgspec.structs import replace

from contested.model import AnyContent, Content, Judgement, Name, Standing

DECIDED = 0.99  # how sure a name is that an analyst says the meaning of; less is what a resolver made of it


def differ(standing: Standing) -> bool:
    """Whether analysts differ on an assertion, going by the judgements on it that count."""
    if len(standing.judgements) < 2:
        return False
    return any(
        one.voices != other.voices and _at_odds(standing, one.content, other.content)
        for one, other in combinations(standing.judgements, 2)
        if isinstance(one.content, Judgement) and isinstance(other.content, Judgement)
    )


def _at_odds(standing: Standing, one: Any, other: Any) -> bool:
    """Of two judgements by different analysts."""
    passed = {one.verdict: one, other.verdict: other}
    match sorted(passed):
        case ["accept", "reject"] | ["amend", "reject"] | ["resolved_false", "resolved_true"]:
            return True
        case ["different", "same"]:
            return set(passed["different"].of) <= set(passed["same"].of)
        case ["amend"]:
            return _read_otherwise(standing, one.amended, other.amended)
    return False


def _read_otherwise(standing: Standing, one: AnyContent, other: AnyContent) -> bool:
    """Whether two amendments contradict each other.

    A name's meaning counts where both say what it is, and what was said where both change that: who only settles a
    name carries the rest along as it read.
    """
    if any(replace(standing.assertion, content=each).id == standing.id for each in (one, other)):
        return _meant_otherwise(one, other)
    return worded(one) != worded(other) or _meant_otherwise(one, other)


def _meant_otherwise(one: Content, other: Content) -> bool:
    """Whether a name of the same words in the same field is decided to mean two things."""
    if type(one) is not type(other):
        return False
    parts = ((getattr(one, field), getattr(other, field)) for field in one.__struct_fields__)
    return any(
        (isinstance(a, Name) and isinstance(b, Name) and _two_things(a, b))
        or (isinstance(a, Content) and isinstance(b, Content) and _meant_otherwise(a, b))
        for a, b in parts
    )


def _two_things(one: Name, other: Name) -> bool:
    return one.words == other.words and one.thing != other.thing and min(one.sure, other.sure) >= DECIDED


def worded(content: Content) -> Content:
    """The content without what its names were taken to mean."""
    parts = {field: getattr(content, field) for field in content.__struct_fields__}
    bare: dict[str, Any] = {field: Name(part.words) for field, part in parts.items() if isinstance(part, Name)}
    bare |= {field: worded(part) for field, part in parts.items() if isinstance(part, Content)}
    return replace(content, **bare)
