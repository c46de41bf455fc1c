"""Scores to structures: dependency trees (maximum spanning arborescences) and consistent name tags."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.int64]
_NEVER = -1e9


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


def names(scores: Floats, tags: list[str]) -> list[str]:
    """Best tag sequence in which an I- only continues its own kind (Viterbi). `scores` is [words, tags]."""
    best = scores.argmax(1)
    chosen = [tags[i] for i in best]
    if all(tag[0] != "I" or (i and chosen[i - 1][2:] == tag[2:]) for i, tag in enumerate(chosen)):
        return chosen
    allowed = np.array(
        [[0.0 if to[0] != "I" or (at != "O" and at[2:] == to[2:]) else _NEVER for to in tags] for at in tags]
    )
    logs = scores - scores.max(1, keepdims=True)
    logs = logs - np.log(np.exp(logs).sum(1, keepdims=True))
    so_far = logs[0] + np.array([_NEVER if tag[0] == "I" else 0.0 for tag in tags])
    came: list[Ints] = []
    for row in logs[1:]:
        paths = so_far[:, None] + allowed
        came.append(paths.argmax(0))
        so_far = paths.max(0) + row
    at = int(so_far.argmax())
    backward = [at]
    for step in reversed(came):
        at = int(step[at])
        backward.append(at)
    return [tags[i] for i in reversed(backward)]
