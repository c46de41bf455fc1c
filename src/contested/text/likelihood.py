"""Words of likelihood to probability intervals.

Source: Intelligence Community Directive 203, Analytic Standards (2 January 2015), whose seven steps run from "almost no
chance" (1–5 %) to "almost certain" (95–99 %). Words of news that the directive leaves out have intervals of ours, set
in lexicons/likelihood.toml: "may" and "could" 5–80 % (possible), "reportedly" and "suspected" 0–100 % (unclear).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from contested.model import Likelihood
from contested.text.counting import lexicon
from contested.text.sentences import Token

HedgeClass = Literal["likely", "possible", "unlikely", "unclear"]
_OPEN = (0.0, 1.0)
_NONE = (0.0, 0.0)
_REACH = 3  # how many words may stand between a negation and what it turns round


@dataclass(frozen=True, slots=True)
class Hedge:
    """Words of likelihood in tokens[first:last], a negation before them taken in."""

    first: int
    last: int
    likelihood: Likelihood


def find_hedges(tokens: Sequence[Token]) -> list[Hedge]:
    """The hedges of a sentence, left to right, not overlapping."""
    words = [token.text.lower() for token in tokens]
    found: list[Hedge] = []
    at = 0
    while at < len(words):
        end, low, high = _step(words, at)
        if (low, high) == _NONE or _is_name(tokens[at]):
            at = max(end, at + 1)
            continue
        floor = found[-1].last if found else 0
        first = _negation(words, at, floor)
        if first < at and (low, high) != _OPEN:
            low, high = _turned(low, high)
        said = " ".join(token.text for token in tokens[first:end])
        found.append(Hedge(first, end, Likelihood(low, high, said)))
        at = end
    return found


def hedge_class(likelihood: Likelihood) -> HedgeClass:
    """The verbal class: unclear when nothing is excluded, possible when the interval lies on both sides of even."""
    if likelihood.high - likelihood.low > 0.9:
        return "unclear"
    if likelihood.low >= 0.5:
        return "likely"
    return "unlikely" if likelihood.high < 0.5 else "possible"


@cache
def _steps() -> dict[str, list[tuple[tuple[str, ...], float, float]]]:
    """Phrases by their first word, longest first."""
    table: dict[str, list[tuple[tuple[str, ...], float, float]]] = {}
    lists = lexicon("likelihood")
    for each in [*lists["step"], {"low": 0.0, "high": 0.0, **lists["plain"]}]:
        for phrase in each["words"]:
            split = tuple(phrase.split())
            table.setdefault(split[0], []).append((split, each["low"], each["high"]))
    return {first: sorted(phrases, key=lambda p: -len(p[0])) for first, phrases in table.items()}


def _step(words: Sequence[str], at: int) -> tuple[int, float, float]:
    """Where the phrase that starts here ends, and its interval: 0 to 0 for no hedge."""
    for phrase, low, high in _steps().get(words[at], ()):
        if tuple(words[at : at + len(phrase)]) == phrase:
            return at + len(phrase), low, high
    return at, 0.0, 0.0


def _is_name(token: Token) -> bool:
    """May the month, Mr. Likely: a capital that is tagged a name, or "May" untagged."""
    return token.pos in ("PROPN", "NUM") or (not token.pos and token.text == "May")


def _negation(words: Sequence[str], at: int, floor: int) -> int:
    """Where the negation that reaches this place stands; `at` when there is none."""
    lists = lexicon("likelihood")["negation"]
    for back in range(at - 1, max(floor, at - _REACH - 1) - 1, -1):
        if words[back] in lists["words"]:
            return back
        if words[back] not in lists["between"]:
            break
    return at


def _turned(low: float, high: float) -> tuple[float, float]:
    """The interval of the opposite."""
    return round(1 - high, 4), round(1 - low, 4)
