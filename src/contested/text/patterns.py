"""Small grammars over classes of words: a sequence of words and classes makes a phrase of a named kind.

A pattern is written as elements with spaces between: `the? DAY|NTH of MONTH`. A lower-case element is a word, an
upper-case one a class of words or a kind of phrase; `|` separates alternatives, `?` marks what may be missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
    """What was found at one place: where it ends and its value."""

    end: int
    value: Any


class Grammar:
    """Rules in order of phrase kinds: a rule may begin only with a kind made before its own."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.kinds = tuple(dict.fromkeys(r.makes for r in rules))
        self._starting: dict[str, dict[str, list[Rule]]] = {kind: {} for kind in self.kinds}
        for each in rules:
            for key in _starts(each):
                self._starting[each.makes].setdefault(key, []).append(each)

    def parse(
        self,
        words: Sequence[str],
        classes: Sequence[Mapping[str, Any]],
        given: Sequence[Mapping[str, Phrase]],
        build: Callable[[Rule, int, list[Any]], Any],
    ) -> list[dict[str, Phrase]]:
        """The longest phrase of each kind at each word, those `given` among them.

        Runs from the last word back, so that phrases within a phrase are ready and no depth is reached.
        """
        found: list[dict[str, Phrase]] = [dict(phrases) for phrases in given]
        for at in range(len(words) - 1, -1, -1):
            for kind in self.kinds:
                best: tuple[int, Rule, list[Any]] | None = None
                for each in self._candidates(kind, words[at], classes[at], found[at]):
                    for end, values in _ends(each.elements, at, words, classes, found):
                        if best is None or end > best[0]:
                            best = end, each, values
                if best is not None and best[0] > at:
                    found[at][kind] = Phrase(best[0], build(best[1], at, best[2]))
        return found

    def _candidates(
        self, kind: str, word: str, classes: Mapping[str, Any], found: Mapping[str, Phrase]
    ) -> Iterator[Rule]:
        starting = self._starting[kind]
        for key in (word, *classes, *found):
            yield from starting.get(key, ())


def _starts(each: Rule) -> set[str]:
    keys: set[str] = set()
    for element in each.elements:
        keys |= set(element.alternatives)
        if not element.optional:
            break
    return keys


def _ends(
    elements: Sequence[Element],
    at: int,
    words: Sequence[str],
    classes: Sequence[Mapping[str, Any]],
    found: Sequence[Mapping[str, Phrase]],
) -> Iterator[tuple[int, list[Any]]]:
    """Every way the elements fit from here on: where it ends, and the values of the elements that capture."""
    if not elements:
        yield at, []
        return
    first, rest = elements[0], elements[1:]
    for alternative in first.alternatives if at < len(words) else ():
        if alternative in found[at]:
            end, value = found[at][alternative].end, found[at][alternative].value
        elif alternative in classes[at]:
            end, value = at + 1, classes[at][alternative]
        elif words[at] == alternative:
            end, value = at + 1, None
        else:
            continue
        for last, values in _ends(rest, end, words, classes, found):
            yield last, [value, *values] if first.captures else values
    if first.optional:
        for last, values in _ends(rest, at, words, classes, found):
            yield last, [None, *values] if first.captures else values
