"""Names known by heart: what the training news called these words, and how often it called them nothing.

The network reads a name by its company; whoever has read "Tikrit" fifty times needs none. Each entry of the table leans
the scores towards what the words were, as far as `LEAN` says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import numpy as np

from contested.text.decode import Floats, logs

LEAN = 0.3  # weight of the memory beside the network; chosen on the sentences of the reading gold's development part
LEAST = -4.0  # the memory never speaks against a tag more loudly than this, in natural logarithms
LONGEST = 5  # words of a name
OFTEN = 0.8  # of a word's mentions that were a name, for it to be one wherever it stands; set by hand
_UNSEEN, _UNSEEN_PLAIN = 0.25, 0.5  # added to counts, for what the training news did not happen to show


class Memory:
    """How often words were a name of each kind; built from lines "words TAB times seen TAB KIND:count …"."""

    def __init__(self, lines: Sequence[str], tags: list[str]) -> None:
        """Raises ValueError for a line of another form or an unknown kind."""
        self._kinds = [tag[2:] for tag in tags if tag[0] == "B"]
        self._begins = [tags.index(f"B-{kind}") for kind in self._kinds]
        self._insides = [tags.index(f"I-{kind}") for kind in self._kinds]
        self._size = len(tags)
        self._seen: dict[tuple[str, ...], tuple[int, Mapping[str, int]]] = {}
        self._opening: set[str] = set()
        for line in lines:
            words, seen, kinds = line.split("\t")
            counts = {kind: int(count) for kind, count in (one.split(":") for one in kinds.split())}
            if not counts.keys() <= set(self._kinds):
                raise ValueError(f"kinds {' '.join(sorted(counts))} of {words!r}")
            name = tuple(words.split(" "))
            self._seen[name] = int(seen), counts
            self._opening.add(name[0])
        self._rows = lru_cache(maxsize=4096)(self._leaning)

    def names(self, word: str) -> bool:
        """Whether the word by itself was nearly always a name."""
        seen, counts = self._seen.get((word,), (0, {}))
        return bool(seen) and sum(counts.values()) >= OFTEN * seen

    def lean(self, words: Sequence[str], scores: Floats) -> Floats:
        """The scores [words, tags] as log-probabilities, moved where a name is known; the longest name first."""
        moved = None
        for first, end in self._found(words[: len(scores)]):
            moved = logs(scores) if moved is None else moved
            begin, inside = self._rows(tuple(words[first:end]))
            moved[first] += begin
            moved[first + 1 : end] += inside
        return scores if moved is None else moved

    def _found(self, words: Sequence[str]) -> Iterator[tuple[int, int]]:
        at = 0
        while at < len(words):
            end = at + 1
            if words[at] in self._opening:
                ends = range(min(at + LONGEST, len(words)), at, -1)
                known = next((end for end in ends if tuple(words[at:end]) in self._seen), 0)
                if known:
                    yield at, known
                    end = known
            at = end

    def _leaning(self, name: tuple[str, ...]) -> tuple[Floats, Floats]:
        """What is added to the scores of a name's first word, and of each word after it."""
        seen, counts = self._seen[name]
        total = seen + _UNSEEN_PLAIN + _UNSEEN * len(self._kinds)
        plain = max(seen - sum(counts.values()), 0) + _UNSEEN_PLAIN
        told = [LEAN * max(float(np.log((counts.get(kind, 0) + _UNSEEN) / total)), LEAST) for kind in self._kinds]
        begin, inside = np.zeros(self._size), np.zeros(self._size)
        begin[0] = inside[0] = LEAN * max(float(np.log(plain / total)), LEAST)
        begin[self._begins] = begin[self._insides] = told
        inside[self._begins] = inside[self._insides] = np.array(told) / len(name)
        return begin, inside
