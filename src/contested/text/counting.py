"""Cardinal numbers: digits and number words at a place in a sentence."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

_DIGITS = re.compile(r"(?:\d{1,3}(?:,\d{2,3})*,\d{3}|[1-9]\d*|0)(?:\.\d+)?")
_LONGEST = 15  # digits a float still holds exactly
_HYPHENS = frozenset({"-", "‐", "‑"})


class Cardinal(NamedTuple):
    """A number in words[first:end]; `scale` is its last scale word ("million": 1e6), 1 for none."""

    end: int
    value: float
    scale: float


@cache
def lexicon(name: str) -> dict[str, Any]:
    """One of the word lists of this package, by file name."""
    path = files(__package__) / "lexicons" / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def cardinal(words: Sequence[str], first: int) -> Cardinal | None:
    """The longest cardinal that starts here. `words` are lower-cased; "twenty - three" may be one word or three."""
    lists = lexicon("numbers")
    word = words[first]
    after = words[first + 1] if first + 1 < len(words) else ""
    if _DIGITS.fullmatch(word) and len(word) <= _LONGEST:
        return _scaled(words, first + 1, float(word.replace(",", "")))
    if word in ("a", "an"):
        return _scaled(words, first + 1, 1.0) if after in lists["scales"] else None
    if word == "half" and after in ("a", "an") and first + 2 < len(words) and words[first + 2] in lists["scales"]:
        return _scaled(words, first + 2, 0.5)
    return _spelled(words, first)


def _scaled(words: Sequence[str], at: int, value: float) -> Cardinal:
    """A number and the scale words after it: 1.2 million, two hundred thousand."""
    scales: dict[str, int] = lexicon("numbers")["scales"]
    scale = 1.0
    while at < len(words) and words[at] in scales and scale < 1e12:
        scale *= scales[words[at]]
        at += 1
    return Cardinal(at, value * scale, scale)


def _spelled(words: Sequence[str], first: int) -> Cardinal | None:
    """Number words: groups below a thousand, each with its scale, falling in size."""
    scales: dict[str, int] = lexicon("numbers")["scales"]
    total, smallest, at, scale = 0.0, float("inf"), first, 1.0
    while (group := _group(words, at)) is not None:
        end, value = group
        factor = scales.get(words[end], 1) if end < len(words) else 1
        if factor >= smallest:
            break
        total, smallest, scale = total + value * factor, factor, float(factor)
        at = end + (factor > 1)
        if factor == 1 or factor == scales["dozen"]:
            break
        if at < len(words) and words[at] == "and" and at + 1 < len(words) and _group(words, at + 1):
            at += 1
    if at > first and words[at - 1] == "and":
        at -= 1
    return Cardinal(at, total, scale) if at > first else None


def _group(words: Sequence[str], first: int) -> tuple[int, float] | None:
    """A number below a thousand in words, and where it ends."""
    small = _below_hundred(words, first)
    if small is None:
        return None
    at, value = small
    if value >= 1 and at < len(words) and words[at] == "hundred":
        value *= 100
        at += 1
        joined = at + (at < len(words) and words[at] == "and")
        rest = _below_hundred(words, joined)
        if rest is not None:
            return rest[0], value + rest[1]
    return at, value


def _below_hundred(words: Sequence[str], at: int) -> tuple[int, float] | None:
    if at >= len(words):
        return None
    lists = lexicon("numbers")
    ones, tens = lists["ones"], lists["tens"]
    ten, hyphen, one = words[at].partition("-")
    if hyphen and ten in tens and 0 < ones.get(one, 0) < 10:
        return at + 1, float(tens[ten] + ones[one])
    if words[at] in ones:
        return at + 1, float(ones[words[at]])
    if words[at] not in tens:
        return None
    value, end = tens[words[at]], at + 1
    unit = end + (end < len(words) and words[end] in _HYPHENS)
    if unit < len(words) and 0 < ones.get(words[unit], 0) < 10:
        return unit + 1, float(value + ones[words[unit]])
    return end, float(value)
