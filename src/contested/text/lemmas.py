"""Word and part of speech to lemma: rules on endings and a table of exceptions, both learned from treebanks."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from contested.errors import ModelError

_LONGEST_ENDING = 6
_REMEMBERED = 40  # characters: longer words hardly come again
_KEEPS_CASE = frozenset({"PROPN", "X", "SYM", "PUNCT"})


class Lemmas:
    """(word, pos) → lemma. Lines are `pos, -ending, cut, add` rules or `pos, form, lemma` exceptions, tab-separated."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._rules: dict[tuple[str, str], tuple[int, str]] = {}
        self._exceptions: dict[tuple[str, str], str] = {}
        self._known = lru_cache(maxsize=1 << 15)(self._find)
        for line in lines:
            match line.split("\t"):
                case [pos, ending, cut, add]:
                    self._rules[pos, ending[1:]] = int(cut), add
                case [pos, form, lemma]:
                    self._exceptions[pos, form] = lemma
                case _:
                    raise ValueError(f"not a lemma rule: {line!r}")

    def __call__(self, word: str, pos: str) -> str:
        return self._known(word, pos) if len(word) <= _REMEMBERED else self._find(word, pos)

    def _find(self, word: str, pos: str) -> str:
        form = word if pos in _KEEPS_CASE else word.lower()
        listed = self._exceptions.get((pos, form))
        if listed is not None:
            return listed
        for size in range(min(_LONGEST_ENDING, len(form)), 0, -1):
            rule = self._rules.get((pos, form[-size:]))
            if rule and (len(form) > rule[0] or rule[1]):
                return form[: len(form) - rule[0]] + rule[1]
        return form


def lines_of(path: Traversable) -> list[str]:
    """The lines of a shipped table; raises ValueError if its end is missing."""
    text = path.read_text(encoding="utf-8")
    if not text.endswith("\n"):
        raise ValueError("it breaks off" if text else "it is empty")
    return text.splitlines()


@cache
def _shipped() -> Lemmas:
    path = files(__package__) / "model" / "lemmas.tsv"
    try:
        return Lemmas(lines_of(path))
    except (OSError, ValueError) as error:
        raise ModelError.damaged(path, "the lemma table", error) from error


def lemma(word: str, pos: str) -> str:
    """The dictionary form of a word; names keep their letters. Raises ModelError without the shipped table."""
    return _shipped()(word, pos)
