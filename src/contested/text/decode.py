"""Scores to structures: dependency trees (maximum spanning arborescences) and consistent name tags."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.int64]
_NEVER = -1e9
_SURELY = 6.5  # how far O must be ahead, in natural logarithms, for a word to be in no name whatever stands beside it


def tree(scores: Floats) -> Ints:
    """Head of each word under the best tree with exactly one root.

    `scores` is [words, 1 + words], row = word, column = head, column 0 = root; the answer counts likewise, 0 the root.
    Chu and Liu (1965), Edmonds (1967); the single root by a penalty on root arcs larger than any gain.
    """
    words = len(scores)
    square = np.full((words + 1, words + 1), _NEVER)
    square[1:] = scores
    np.fill_diagonal(square, _NEVER)
    heads: Ints = square[1:].argmax(1)
    if np.count_nonzero(heads == 0) == 1 and _cycle(np.concatenate([[0], heads])) is None:
        return heads
    spread = float(scores.max() - scores.min()) + 1.0
    square[1:, 0] -= spread * (words + 1)
    return _arborescence(square)[1:]


def _cycle(heads: Ints) -> list[int] | None:
    """One cycle of a head array whose node 0 is the root, or None."""
    state = [0] * len(heads)
    state[0] = -1
    for begin in range(1, len(heads)):
        node = begin
        while state[node] == 0:
            state[node] = begin
            node = int(heads[node])
        if state[node] == begin:
            found, at = [node], int(heads[node])
            while at != node:
                found.append(at)
                at = int(heads[at])
            return found
    return None


def _arborescence(scores: Floats) -> Ints:
    """Edmonds' contraction on a square [node, head] matrix; node 0 is the root."""
    heads: Ints = scores.argmax(1)
    heads[0] = 0
    cycle = _cycle(heads)
    if cycle is None:
        return heads
    inside = np.zeros(len(scores), bool)
    inside[cycle] = True
    outer = np.flatnonzero(~inside)
    ring = np.array(cycle)
    new = len(outer)
    smaller = np.full((new + 1, new + 1), _NEVER)
    smaller[:new, :new] = scores[np.ix_(outer, outer)]
    leaving = scores[np.ix_(outer, ring)]  # an outer word whose head is in the ring
    smaller[:new, new] = leaving.max(1)
    smaller[0, new] = _NEVER
    entering = scores[np.ix_(ring, outer)] - scores[ring, heads[ring]][:, None]
    smaller[new, :new] = entering.max(0)
    found = _arborescence(smaller)
    answer = heads.copy()
    for i, node in enumerate(outer):
        answer[node] = ring[leaving[i].argmax()] if found[i] == new else outer[found[i]]
    broken = ring[entering[:, found[new]].argmax()]
    answer[broken] = outer[found[new]]
    answer[0] = 0
    return answer


def names(scores: Floats, tags: list[str], follow: Floats | None = None) -> list[str]:
    """Best tag sequence in which an I- only continues its own kind (Viterbi). `scores` is [words, tags], `tags[0]` O.

    `follow` [tags, tags] is added where its column follows its row. Words that are surely in no name stand fast, which
    leaves little to search.
    """
    found = ["O"] * len(scores)
    open_words = scores[:, 0] - scores[:, 1:].max(1) < _SURELY
    if not open_words.any():
        return found
    steps = _allowed(tuple(tags)) if follow is None else _allowed(tuple(tags)) + follow
    likely = logs(scores)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], open_words, [False]]).astype(np.int8)))
    for first, end in edges.reshape(-1, 2):
        found[first:end] = [tags[i] for i in _path(likely[first:end], steps, end < len(found))]
    return found


def logs(scores: Floats) -> Floats:
    """Logarithms of the probabilities of each row."""
    low = scores - scores.max(1, keepdims=True)
    found: Floats = low - np.log(np.exp(low).sum(1, keepdims=True))
    return found


@cache
def _allowed(tags: tuple[str, ...]) -> Floats:
    """Nought where a tag (column) may follow another (row)."""
    return np.array(
        [[0.0 if to[0] != "I" or (at != "O" and at[2:] == to[2:]) else _NEVER for to in tags] for at in tags]
    )


def _path(likely: Floats, steps: Floats, closed: bool) -> list[int]:
    """Best tags of a run of words that stands between two O."""
    so_far = likely[0] + steps[0]
    came: list[Ints] = []
    for row in likely[1:]:
        paths = so_far[:, None] + steps
        came.append(paths.argmax(0))
        so_far = paths.max(0) + row
    at = int((so_far + steps[:, 0]).argmax()) if closed else int(so_far.argmax())
    backward = [at]
    for step in reversed(came):
        at = int(step[at])
        backward.append(at)
    return backward[::-1]
