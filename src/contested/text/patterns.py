"""Small grammars over classes of words: a sequence of words and classes makes a phrase of a named kind.

A pattern is written as elements with spaces between: `the? DAY|NTH of MONTH`. A lower-case element is a word, an
upper-case one a class of words or a kind of phrase; `|` separates alternatives, `?` marks what may be missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any


@dataclass(frozen=True, slots=True)
class Element:
    alternatives: tuple[str, ...]
    optional: bool

    @property
    def captures(self) -> bool:
        """Whether it hands a value on: classes and phrases do, words do not."""
        return any(a[0].isupper() for a in self.alternatives)


@dataclass(frozen=True, slots=True)
class Rule:
    """Elements that make a phrase of a kind; `build` gets the value of each upper-case one, None if missing."""

    makes: str
    elements: tuple[Element, ...]
    build: Callable[..., Any]
    tag: str = ""


def rule(makes: str, pattern: str, build: Callable[..., Any], tag: str = "") -> Rule:
    elements = (Element(tuple(part.rstrip("?").split("|")), part.endswith("?")) for part in pattern.split())
    return Rule(makes, tuple(elements), build, tag)


@dataclass(frozen=True, slots=True)
class Phrase:
    """What was found, words[first:end]: a given value, or a rule with the phrases and values of its elements.

    Nothing is built until the whole is known: most phrases found are never used.
    """

    first: int
    end: int
    made: Rule | None
    values: Sequence[Any]


Candidate = tuple[int, int, Rule]  # the place of its kind, its own, and the rule


class Grammar:
    """Rules in order of phrase kinds: a rule uses only kinds made before its own, so phrases nest no deeper than that.

    Raises ValueError for a rule that does not.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.kinds = tuple(dict.fromkeys(r.makes for r in rules))
        self._rules: list[tuple[Candidate, list[frozenset[str]], frozenset[str]]] = []
        for number, each in enumerate(rules):
            rank = self.kinds.index(each.makes)
            for key in {a for element in each.elements for a in element.alternatives}:
                if key in self.kinds[rank:]:
                    raise ValueError(f"{each.makes} is made of {key}, which comes no earlier")
            needs = [frozenset(element.alternatives) for element in each.elements if not element.optional]
            self._rules.append(((rank, number, each), needs, frozenset(_starts(each))))
        self._rules.sort(key=lambda one: one[0][0])
        self._vocabulary = frozenset(key for _, needs, starts in self._rules for key in starts.union(*needs))
        self._able = lru_cache(maxsize=1 << 9)(self._find_able)

    def parse(
        self, words: Sequence[str], classes: Sequence[Mapping[str, Any]], given: Sequence[Mapping[str, Phrase]]
    ) -> list[dict[str, Phrase]]:
        """The longest phrase of each kind at each word, those `given` among them.

        Runs from the last word back, so that phrases within a phrase are ready.
        """
        found: list[dict[str, Phrase]] = [dict(phrases) for phrases in given]
        present = {*words, *chain.from_iterable(classes), *chain.from_iterable(given)}
        starting = self._able(self._vocabulary.intersection(present))
        for at in range(len(words) - 1, -1, -1):
            here = found[at]
            waiting = [c for key in (words[at], *classes[at], *here) for c in starting.get(key, ())]
            while waiting:
                rank = min(map(_rank, waiting))
                now, waiting = [c for c in waiting if c[0] == rank], [c for c in waiting if c[0] != rank]
                best = _longest(now, at, words, classes, found)
                if best is not None:
                    kind = self.kinds[rank]
                    if kind not in here:
                        waiting += starting.get(kind, ())
                    here[kind] = best
        return found

    def _find_able(self, given: frozenset[str]) -> Mapping[str, Sequence[Candidate]]:
        """The rules that all they need is present for, in the words or as a phrase of an able rule, by what they may
        begin with: most need something that a sentence has not."""
        present = set(given)
        able: dict[str, list[Candidate]] = {}
        for candidate, needs, starts in self._rules:
            for need in needs:
                if need.isdisjoint(present):
                    break
            else:
                present.add(candidate[2].makes)
                for key in starts:
                    able.setdefault(key, []).append(candidate)
        return able


def _longest(
    candidates: list[Candidate],
    at: int,
    words: Sequence[str],
    classes: Sequence[Mapping[str, Any]],
    found: Sequence[Mapping[str, Phrase]],
) -> Phrase | None:
    """Of rules for one kind the longest fit; of equal ones the first written."""
    best: tuple[int, Rule, list[Any]] | None = None
    if len(candidates) > 1:
        candidates.sort(key=_number)
    for _, _, each in candidates:
        for end, values in _ends(each.elements, 0, at, words, classes, found):
            if best is None or end > best[0]:
                best = end, each, values
    return Phrase(at, *best) if best is not None and best[0] > at else None


def _rank(candidate: Candidate) -> int:
    return candidate[0]


def _number(candidate: Candidate) -> int:
    return candidate[1]


def _starts(each: Rule) -> set[str]:
    keys: set[str] = set()
    for element in each.elements:
        keys |= set(element.alternatives)
        if not element.optional:
            break
    return keys


def _ends(
    elements: Sequence[Element],
    number: int,
    at: int,
    words: Sequence[str],
    classes: Sequence[Mapping[str, Any]],
    found: Sequence[Mapping[str, Phrase]],
) -> Iterator[tuple[int, list[Any]]]:
    """Every way the elements from a number on fit: where it ends, and the values of the elements that capture."""
    if number == len(elements):
        yield at, []
        return
    element = elements[number]
    for alternative in element.alternatives if at < len(words) else ():
        value: Any
        if alternative in found[at]:
            value = found[at][alternative]
            end = value.end
        elif alternative in classes[at]:
            end, value = at + 1, classes[at][alternative]
        elif words[at] == alternative:
            end, value = at + 1, None
        else:
            continue
        for last, values in _ends(elements, number + 1, end, words, classes, found):
            yield last, [value, *values] if element.captures else values
    if element.optional:
        for last, values in _ends(elements, number + 1, at, words, classes, found):
            yield last, [None, *values] if element.captures else values
