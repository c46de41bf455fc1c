"""Numbers as estimates: how many at least, at best and at most (UCDP's triple), with the words that bound them.

Reading of the words, after the conventions of casualty counting (UCDP GED codebook: best, low, high):
"30" 30/30/30 · "at least 30", "more than 30" 30/30/– · "up to 40", "fewer than 40" –/–/40 · "about 40" –/40/– ·
"20 to 30" 20/–/30 · plural words by the least they can mean: dozens 24, hundreds 200, several 2 (ours).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from contested.model import Estimate
from contested.text.counting import Cardinal, cardinal, lexicon
from contested.text.dates import TimeMention, find_dates
from contested.text.sentences import Token

_JOINTS = frozenset({"-", "–", "—", "‐", "‑"})


@dataclass(frozen=True, slots=True)
class NumberMention:
    """A number in tokens[first:last], its operator ("at least") and unit ("%") taken in; unit "" for a plain count."""

    first: int
    last: int
    estimate: Estimate
    unit: str


def find_numbers(tokens: Sequence[Token], times: Sequence[TimeMention] | None = None) -> list[NumberMention]:
    """The counts and measures of a sentence, left to right; no dates, durations, ages, ordinals or names.

    `times` are those it names, where they are known.
    """
    words = [token.text.lower() for token in tokens]
    if not any(_may_begin(word) for word in words):
        return []
    times = find_dates(tokens, None) if times is None else times
    taken = {at for time in times for at in range(time.first, time.last)}
    taken |= {at for at in range(len(words)) if _names_a_thing(tokens, words, at)}
    found: list[NumberMention] = []
    at = 0
    while at < len(words):
        mention = _mention(words, at, taken) if at not in taken and _may_open(words[at]) else None
        if mention is None:
            at += 1
        else:
            found.append(mention)
            at = mention.last
    return found


@cache
def _lists() -> dict[str, Any]:
    return lexicon("numbers")


@cache
def _phrases(table: str) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """A table's phrases as words, longest first, each with its meaning, by their first word."""
    entries = _lists()[table]
    pairs = list(entries.items())
    if table in ("operators", "after"):
        pairs = [(phrase, sense) for sense, phrases in pairs for phrase in phrases]
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for phrase, sense in sorted(((tuple(p.split()), sense) for p, sense in pairs), key=lambda pair: -len(pair[0])):
        found.setdefault(phrase[0], []).append((phrase, sense))
    return found


def _phrase(table: str, words: Sequence[str], at: int) -> tuple[int, str]:
    """Where a phrase of the table ends that starts here, and what it means; nothing: (at, "")."""
    for phrase, sense in _phrases(table).get(words[at], ()) if at < len(words) else ():
        if tuple(words[at : at + len(phrase)]) == phrase:
            return at + len(phrase), sense
    return at, ""


def _may_begin(word: str) -> bool:
    return word[:1].isdigit() or word.partition("-")[0] in _beginnings() or word == "couple"


@cache
def _beginnings() -> frozenset[str]:
    return frozenset().union(*(_lists()[name] for name in ("ones", "tens", "scales", "vague", "fractions")))


@cache
def _openings() -> frozenset[str]:
    operators = (phrase.partition(" ")[0] for phrases in _lists()["operators"].values() for phrase in phrases)
    return frozenset((*operators, *_lists()["money"], "a", "an", "between", "from"))


def _may_open(word: str) -> bool:
    """Whether a number with all that belongs to it may begin with this word."""
    return word in _openings() or _may_begin(word)


def _mention(words: Sequence[str], at: int, taken: set[int]) -> NumberMention | None:
    start, sense = _phrase("operators", words, at)
    money = _lists()["money"].get(words[start], "") if start < len(words) else ""
    start += bool(money)
    value = _value(words, start)
    if value is None or not taken.isdisjoint(range(start, value[0])):
        return None
    last, estimate, unit = value
    close, unit_after = _phrase("units", words, last)
    last, unit = close, unit or money or unit_after
    end, after = _phrase("after", words, last)
    return NumberMention(at, end, _bounded(estimate, after or sense), unit)


def _bounded(estimate: Estimate, sense: str) -> Estimate:
    """An operator's sense on a plain number; ranges and plural words bound themselves."""
    number = estimate.best
    match sense:
        case _ if number is None:
            return estimate
        case "floor":
            return Estimate(low=number, best=number)
        case "ceiling":
            return Estimate(high=number)
        case "about":
            return Estimate(best=number)
        case _:
            return estimate


def _value(words: Sequence[str], at: int) -> tuple[int, Estimate, str] | None:
    """A number, range, share or plural word that starts here: its end, estimate and unit."""
    if at >= len(words):
        return None
    if words[at] in ("between", "from"):
        return _range(words, at + 1, ("and",) if words[at] == "between" else ("to",))
    return _share(words, at) or _vague(words, at) or _range(words, at, ("to", "or", *_JOINTS)) or _exact(words, at)


def _exact(words: Sequence[str], at: int) -> tuple[int, Estimate, str] | None:
    number = cardinal(words, at)
    if number is None and words[at : at + 3] == ["a", "couple", "of"]:
        number = Cardinal(at + 3, 2.0, 1.0)
    return (number.end, Estimate(number.value, number.value, number.value), "") if number else None


def _range(words: Sequence[str], at: int, joints: tuple[str, ...]) -> tuple[int, Estimate, str] | None:
    low = cardinal(words, at) if at < len(words) else None
    if low is None or low.end + 1 >= len(words):
        return None
    middle, unit = _phrase("units", words, low.end)
    if middle + 1 >= len(words) or words[middle] not in joints:
        return None
    high = cardinal(words, middle + 1 + (words[middle + 1] in _lists()["money"]))
    if high is None:
        return None
    first = low.value * high.scale if low.scale == 1 and low.value < high.value / high.scale else low.value
    return (high.end, Estimate(low=first, high=high.value), unit) if first < high.value else None


def _vague(words: Sequence[str], at: int) -> tuple[int, Estimate, str] | None:
    """Dozens, several hundred, a few thousand, tens of thousands: only a lower bound."""
    vague, scales = _lists()["vague"], _lists()["vague_scales"]
    first = at + (words[at] == "a")
    if first >= len(words) or words[first] not in vague or (first > at and words[first] != "few"):
        return None
    if words[first] == "few" and first == at:
        return None  # "few people" is not a number
    low, end = vague[words[first]], first + 1
    while end < len(words):
        of = end + (words[end] == "of")
        if of >= len(words) or words[of] not in scales or (words[of].endswith("s") and of == end):
            break
        low, end = low * scales[words[of]], of + 1
    return end, Estimate(low=float(low)), ""


def _share(words: Sequence[str], at: int) -> tuple[int, Estimate, str] | None:
    """A fraction of something, as percent: "half of", "two-thirds of", "a quarter of"."""
    fractions = _lists()["fractions"]
    parts, end = 1.0, at
    top, hyphen, bottom = words[at].partition("-")
    if hyphen and bottom in fractions and top in _lists()["ones"]:
        parts, name, end = _lists()["ones"][top], bottom, at + 1
    else:
        if words[at] not in fractions:
            parts = 1.0 if words[at] in ("a", "an") else float(_lists()["ones"].get(words[at], 0))
            end = at + 1
            end += end < len(words) and words[end] in _JOINTS
        name = words[end] if parts and end < len(words) else ""
        end += 1
    if name not in fractions or end >= len(words) or words[end] not in ("of", "the"):
        return None
    if name != "half" and words[end] != "of":
        return None
    percent = round(100 * parts * fractions[name], 1)
    return (end, Estimate(percent, percent, percent), "percent") if percent <= 100 else None


def _names_a_thing(tokens: Sequence[Token], words: Sequence[str], at: int) -> bool:
    """Whether the number is part of a name, a compound or an age: AK-47, Resolution 1267, 31-year-old, "Smith, 31,"."""
    if not (words[at][0].isdigit() or words[at] in _lists()["ones"] or words[at] in _lists()["tens"]):
        return False
    lists = _lists()["not_counts"]
    before = words[at - 1] if at else ""
    after = words[at + 1] if at + 1 < len(words) else ""
    if words[at] == "one" and (before in lists["one_after"] or after in lists["one_before"]):
        return True
    if words[at][0].isdigit() and (before in lists["after"] or after in lists["before"]):
        return True
    return _hyphenated(tokens, words, at) or _age(tokens, words, at)


def _hyphenated(tokens: Sequence[Token], words: Sequence[str], at: int) -> bool:
    """Set close to a hyphen with a word (not a number) on its other side, or in a chain of numbers (a telephone)."""
    for step in (-1, 1):
        joint, other = at + step, at + 2 * step
        if not (0 <= joint < len(words) and 0 <= other < len(words)) or words[joint] not in _JOINTS:
            continue
        close = tokens[min(joint, at)].end == tokens[max(joint, at)].start
        number = _may_begin(words[other])
        further = at + 3 * step
        chain = number and 0 <= further < len(words) and words[further] in _JOINTS and words[other][0].isdigit()
        if close and (not number or chain):
            return True
    return False


def _age(tokens: Sequence[Token], words: Sequence[str], at: int) -> bool:
    if not (2 <= at < len(words) - 1 and words[at].isdigit() and len(words[at]) <= 3):
        return False
    named = tokens[at - 2].text[0].isupper() and (tokens[at - 2].pos in ("", "PROPN"))
    return named and words[at - 1] == "," and words[at + 1] in (",", ".")
