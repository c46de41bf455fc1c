"""Which sentences are worth the encoder: a sum over words and pairs of words, learned from what extractors found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from itertools import pairwise, repeat

from contested.errors import ModelError
from contested.text.lemmas import lines_of
from contested.text.sentences import Sentence

FIRST, PLAIN = "*", "-"  # what a sentence begins with; a word never seen and too short for an ending
SHORT = 5  # fewer words say too little to be judged by
_ENDING, _SHORTEST = 3, 5
_MARKS = ".,;:!?()[]{}<>\"“”«»„'’‘`–—-/\\|*_=+~@#%^&…"
_APART = str.maketrans(dict.fromkeys(_MARKS, " "))
_BACK = frozenset({"he", "she", "him", "her", "his", "they", "them", "their", "it", "its"})
_CAPITAL = re.compile(r"\b[A-Z][\w-]*")
_NAMES = re.compile(r"\b[A-Z][\w-]*(?:\.? [A-Z][\w-]*)+")  # two or more in a row: a name in full


def split(text: str) -> list[str]:
    """The words of a text in small letters, cut at spaces and marks."""
    return text.lower().translate(_APART).split()


def shape(word: str) -> str:
    """What a word never seen is judged by: that it holds a digit, its ending, or nothing."""
    if not word.isalpha() and any(map(str.isdigit, word)):
        return "#"
    return PLAIN + word[-_ENDING:] if len(word) >= _SHORTEST else PLAIN


class _Weights(dict[str, float]):
    """Word → weight; an unknown word has its shape's."""

    def __missing__(self, word: str) -> float:
        return self.get(shape(word), self.get(PLAIN, 0.0))


class Gate:
    """Lines `word<TAB>weight` or `word word<TAB>weight`: a sentence whose sum is below nought concerns no extractor."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._words, self._pairs = _Weights(), dict[tuple[str, str], float]()
        for line in lines:
            words, weight = line.split("\t")
            match words.split(" "):
                case [one, other]:
                    self._pairs[one, other] = float(weight)
                case [word]:
                    self._words[word] = float(weight)
                case _:
                    raise ValueError(f"not a word or a pair of words: {line!r}")
        self._first = dict(self._words)[FIRST]

    def concerns(self, text: str) -> bool:
        """Whether a sentence may carry an assertion; one that is short, in capitals or mostly unknown always may."""
        words = split(text)
        alone = sum(map(self._words.__getitem__, words), self._first)
        total = sum(map(self._pairs.get, pairwise(words), repeat(0.0)), alone)
        if total >= 0.0 or len(words) < SHORT or text.isupper():
            return True
        return 2 * sum(map(self._words.__contains__, words)) < len(words)


@cache
def shipped() -> Gate:
    """The gate of the package; raises ModelError."""
    path = files(__package__) / "model" / "gate.tsv"
    try:
        return Gate(lines_of(path))
    except (OSError, ValueError, KeyError) as error:
        raise ModelError.damaged(path, "the gate's table", error) from error


def worth(cut: Sequence[Sentence], text: str) -> list[bool]:
    """For each sentence of a report whether to read it: what may assert something, and what that leans on."""
    said = [text[one.start : one.end] for one in cut]
    wanted = [shipped().concerns(words) for words in said]
    if all(wanted):
        return wanted
    quoting = {one.paragraph for one, words in zip(cut, said, strict=True) if _runs_on(words)}
    introduced = {after.paragraph for (_, after), words in zip(pairwise(cut), said, strict=False) if words[-1] == ":"}
    spoken = quoting | introduced
    wanted = [want or one.paragraph in spoken for one, want in zip(cut, wanted, strict=True)]
    return _with_names(said, wanted)


def _runs_on(words: str) -> bool:
    """Whether a quotation begins or ends elsewhere."""
    return words.count('"') % 2 == 1 or words.count("“") != words.count("”") or words.count("«") != words.count("»")


def _with_names(said: Sequence[str], wanted: Sequence[bool]) -> list[bool]:
    """Also what names somebody that a sentence to be read names in short, or points back to from the next place."""
    met = {name for words, want in zip(said, wanted, strict=True) if want for name in _CAPITAL.findall(words)}
    kept = list(wanted)
    for at, words in enumerate(said):
        if not wanted[at]:
            long = {name for run in _NAMES.findall(words) for name in run.split()}
            back = at + 1 < len(said) and wanted[at + 1] and not _BACK.isdisjoint(split(said[at + 1]))
            kept[at] = not long.isdisjoint(met) or (back and _CAPITAL.search(words, 1) is not None)
    return kept


def unread(sentence: Sentence) -> Sentence:
    """A sentence that is passed over: its words stand in a tree without tags, which answers no question."""
    first, *rest = sentence.tokens
    return replace(sentence, tokens=(replace(first, label="root"), *(replace(token, head=0) for token in rest)))
