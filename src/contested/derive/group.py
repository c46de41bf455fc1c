"""Second step: which row each piece of evidence belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from contested.derive.attach import attach
from contested.derive.evidence import Evidence, Group
from contested.derive.keys import Keys, Unplaced
from contested.derive.sameness import as_judged


def group(keys: Keys, evidence: Sequence[Evidence]) -> tuple[list[Group], Unplaced]:
    """The groups, and what belongs to none, each with the reason. Evidence comes, and keeps, in order of time."""
    book = keys.book
    unplaced: Unplaced = []
    joining = frozenset(join.kind for join in book.attach)
    groups = keys.place([e for e in evidence if e.kind not in joining] if joining else evidence, unplaced)
    for join in book.attach:
        loose = attach(join, groups, (e for e in evidence if e.kind == join.kind), keys.wording)
        if join.kind in book.reads:
            groups += keys.place(loose, unplaced)
        else:
            unplaced += [(e, e.aside or "speaks of nothing this picture holds") for e in loose]
    if book.as_judged:
        groups = as_judged(groups, unplaced)
    return [part for whole in groups for part in keys.each(whole, unplaced)], unplaced
