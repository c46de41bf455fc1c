"""Which words tell something: how likely an assertion of each kind hangs on a word, by a small network over its vector.

How it was trained and what it scores: training/MODEL_CARD.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEAST = 0.02  # chances below are not worth keeping
Tells = tuple[tuple[str, float], ...]
Array = NDArray[Any]


class Telling:
    """The network: kinds ("event") and sorts of a kind ("event.bombing"), a chance for each at every word.

    It sees the encoder's vectors, parts of speech, labels and heads, and no name. Raises ValueError where the names of
    its outputs are not as many as their scores.
    """

    def __init__(self, session: Any, names: dict[str, list[str]], tags: dict[str, list[str]]) -> None:
        self._session, self._names = session, names["tells"]
        if session.get_outputs()[0].shape[-1] != len(self._names):
            raise ValueError(f"{len(self._names)} names for {session.get_outputs()[0].shape[-1]} chances")
        self._labels = {label: i for i, label in enumerate(tags["labels"])}

    def __call__(self, vectors: Array, upos: Array, labels: list[str], heads: Array) -> list[Tells]:
        """For each word what it tells, [(name, chance), …]; `heads` count from 1, 0 is none."""
        given = numbers(vectors, upos, [self._labels[one] for one in labels], heads)
        return told(self._session.run(["chances"], given)[0][0], self._names)


def told(chances: Array, names: Sequence[str]) -> list[Tells]:
    """[words, names] chances as the names that are worth keeping."""
    found: list[list[tuple[str, float]]] = [[] for _ in chances]
    for word, name in zip(*(at.tolist() for at in np.nonzero(chances >= LEAST)), strict=True):
        found[word].append((names[name], round(float(chances[word, name]), 3)))
    return list(map(tuple, found))


def numbers(vectors: Array, upos: Any, labels: Any, heads: Any) -> dict[str, Array]:
    """One sentence as the network's inputs."""
    ids = {"upos": upos, "labels": labels, "heads": heads}
    return {"vectors": vectors[None]} | {name: np.asarray(one, np.int64)[None] for name, one in ids.items()}
