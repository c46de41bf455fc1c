"""Name tags for the sentences of a report: each by itself, then names that recur settle their kind together.

A town that is read as a place five times and as a person once is a place. Where a name begins and ends is not voted on.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from contested.text.decode import Floats, logs, names

_LEAST = -8.0  # no mention may speak against a kind more loudly than this
OTHERS = 0.4  # weight of the mean of a name's other mentions; chosen on sentences that the encoder had learned from


def named(
    words: Sequence[Sequence[str]], scores: Sequence[Floats], tags: list[str], follow: Floats | None = None
) -> list[list[str]]:
    """Tags (B- and I- and a kind, or O) of each sentence; `scores` are [words, tags] for each, `tags[0]` is O."""
    found = [names(each, tags, follow) for each in scores]
    kinds = [tag[2:] for tag in tags if tag[0] == "B"]
    begins = [tags.index(f"B-{kind}") for kind in kinds]
    goes_on = [tags.index(f"I-{kind}") for kind in kinds]
    mentions: dict[tuple[str, ...], list[tuple[int, int, int, Floats]]] = {}
    for number, each in enumerate(found):
        spans = _spans(each)
        all_likely = np.maximum(logs(scores[number]), _LEAST) if spans else scores[number]
        for first, end in spans:
            key = tuple(word.lower() for word in words[number][first:end])
            likely = all_likely[first:end]
            for_kind: Floats = likely[0, begins] + likely[1:, goes_on].sum(0)
            mentions.setdefault(key, []).append((number, first, end, for_kind))
    for several in mentions.values():
        if len(several) > 1:
            total = np.sum([for_kind for *_, for_kind in several], axis=0)
            for number, first, end, own in several:
                kind = kinds[int((own + OTHERS * (total - own) / (len(several) - 1)).argmax())]
                found[number][first:end] = [f"B-{kind}", *[f"I-{kind}"] * (end - first - 1)]
    return found


def _spans(tags: Sequence[str]) -> list[tuple[int, int]]:
    starts = [i for i, tag in enumerate(tags) if tag[0] == "B"]
    ends = [next((j for j in range(i + 1, len(tags)) if tags[j][0] != "I"), len(tags)) for i in starts]
    return list(zip(starts, ends, strict=True))
