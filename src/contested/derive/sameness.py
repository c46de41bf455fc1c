"""What analysts call the same shares a row, and what they call different does not, where a codebook wants it so.

Where one analyst says "same" and another "different", nothing moves: the key decides, and the row is disputed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations, count

from contested.derive.evidence import Evidence, Group, Label
from contested.model import Judgement

Unplaced = list[tuple[Evidence, str]]
Pair = frozenset[str]


def as_judged(groups: Sequence[Group], unplaced: Unplaced) -> list[Group]:
    """The groups put together and taken apart; what had no row of its own finds that of what it is the same as."""
    judged = {e.id: e for e in (*(e for group in groups for e in group.own), *(e for e, _ in unplaced)) if _compared(e)}
    same, different = _pairs(judged, "same"), _pairs(judged, "different")
    if not same and not different:
        return list(groups)
    rows = _Rows(groups, unplaced, judged, different - same)
    clusters = _clusters(same - different, different - same)
    for cluster in clusters:
        rows.gather(cluster)
    tied = {each: cluster for cluster in clusters for each in cluster}
    for pair in sorted(different - same, key=sorted):
        rows.part(pair, tied)
    return [group for group in rows.groups if group.own]


class _Rows:
    """The groups as they become, and in which of them each compared assertion is."""

    def __init__(
        self, groups: Sequence[Group], unplaced: Unplaced, judged: dict[str, Evidence], different: set[Pair]
    ) -> None:
        self.groups = list(groups)
        self._unplaced, self._judged, self._different = unplaced, judged, different
        self._home = {e.id: group for group in reversed(groups) for e in group.own if e.id in judged}

    def gather(self, cluster: Iterable[str]) -> None:
        """Bring what is the same into the first row it is in: whole rows, unless that joined what is different."""
        members = sorted((self._judged[each] for each in cluster), key=lambda e: e.order)
        placed = [e for e in members if e.id in self._home]
        if not placed:
            return
        home = self._home[placed[0].id]
        for e in members:
            there = self._home.get(e.id)
            if there is None and not e.aside:
                self._unplaced[:] = [(other, why) for other, why in self._unplaced if other is not e]
                self._move([e], home)
            elif there is not None and there is not home:
                whole = not self._at_odds(there.own, home.own)
                self._move(list(there.own) if whole else [one for one in there.own if one in members], home, there)

    def part(self, pair: Pair, tied: dict[str, Pair]) -> None:
        """Put the later of two that are different, with what is the same as it, into a row of its own."""
        first, later = sorted((self._judged[each] for each in pair), key=lambda e: e.order)
        home = self._home.get(later.id)
        if home is None or home is not self._home.get(first.id):
            return
        out = tied.get(later.id, frozenset((later.id,)))
        taken = {group.labels for group in self.groups}
        apart = Group(next(labels for n in count(2) if (labels := _numbered(home.labels, n)) not in taken))
        self.groups.append(apart)
        self._move([e for e in home.own if e.id in out], apart, home)

    def _move(self, evidence: Sequence[Evidence], to: Group, out_of: Group | None = None) -> None:
        if out_of is not None:
            out_of.own = [e for e in out_of.own if e not in evidence]
        to.own = sorted((*to.own, *evidence), key=lambda e: e.order)
        self._home |= {e.id: to for e in evidence if e.id in self._judged}

    def _at_odds(self, one: Iterable[Evidence], other: Iterable[Evidence]) -> bool:
        here, there = {e.id for e in one}, {e.id for e in other}
        return any(pair & here and pair & there for pair in self._different)


def _compared(e: Evidence) -> bool:
    contents = (each.content for each in e.standing.judgements)
    return any(isinstance(said, Judgement) and said.verdict in ("same", "different") for said in contents)


def _pairs(judged: dict[str, Evidence], verdict: str) -> set[Pair]:
    """Every two assertions of which somebody says so."""
    said = {each.content for e in judged.values() for each in e.standing.judgements}
    named = (each.of for each in said if isinstance(each, Judgement) and each.verdict == verdict)
    return {frozenset(pair) for of in named for pair in combinations(sorted(judged.keys() & set(of)), 2)}


def _clusters(same: set[Pair], different: set[Pair]) -> list[Pair]:
    """What is the same, directly or by way of others, so long as that joins nothing that is different."""
    clusters: dict[str, Pair] = {}
    for pair in sorted(same, key=sorted):
        joined = frozenset().union(*(clusters.get(each, frozenset((each,))) for each in pair))
        if not any(apart <= joined for apart in different):
            clusters |= dict.fromkeys(joined, joined)
    return sorted(set(clusters.values()), key=sorted)


def _numbered(labels: tuple[Label, ...], number: int) -> tuple[Label, ...]:
    """The labels of a further row of the same key, told apart by a number after the last part that has words."""
    at = max((place for place, label in enumerate(labels) if label.words), default=0)
    marked = labels[at]._replace(identity=f"{labels[at].identity}#{number}", words=f"{labels[at].words} ({number})")
    return (*labels[:at], marked, *labels[at + 1 :])
