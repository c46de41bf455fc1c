"""Fourth step: what the row says. The first rule whose conditions hold settles it, and is named in the row."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contested.derive.cells import Pools, cell
from contested.derive.codebook import Codebook, Rule, When
from contested.derive.disputes import differ
from contested.derive.evidence import Evidence, Group, field
from contested.derive.live import Live, keep_live
from contested.derive.wording import Wording, fill
from contested.model import Judgement, Period, Row


@dataclass(frozen=True, slots=True)
class Tally:
    """A row's live evidence, weighed: the leading value, what speaks for it and what against."""

    value: str
    values: tuple[str, ...]
    denied: str
    support: Sequence[Evidence]
    against: Sequence[Evidence]
    rests_on: str  # confirmed, claims, denials or nothing
    opposed_by: str  # confirmed, claims or nobody
    voices: int


def settle(book: Codebook, group: Group, on: dt.date, wording: Wording) -> Row | None:
    """The row; None when nothing in the group counts."""
    live = keep_live(book, group, on)
    if not live.counted:
        return None
    tally = weigh(book, live)
    rule = next(rule for rule in book.settle if _fires(rule.when, tally, on))
    pools = _pools(tally, live)
    cells = {one.name: cell(one, pools, wording) for one in book.cells}
    return Row(
        key=tuple([label.words for label in group.labels]),
        value=_say(rule, tally, cells),
        status="stale" if live.stale else rule.status,
        rule=rule.rule,
        support=tuple([e.id for e in tally.support]),
        against=tuple([e.id for e in tally.against]),
        ignored=live.ignored,
        last_evidence=live.counted[-1].day,
        things=tuple([label.thing for label in group.labels]),
        cells=tuple(cells.values()),
        disputed=tuple(e.id for e in (*tally.support, *tally.against) if differ(e.standing)),
    )


def _pools(tally: Tally, live: Live) -> Pools:
    everything = (*tally.support, *tally.against)
    return {
        "all": everything,
        "support": tally.support,
        "against": tally.against,
        "claims": [e for e in everything if e.claim],
        "superseded": live.superseded,
    }


def weigh(book: Codebook, live: Live) -> Tally:
    """Set the evidence for the leading value against the rest. Without one, the row rests on what is denied."""
    value = _leader(live.counted)
    denied = next((e.denies for e in reversed(live.counted) if e.denies and not e.value), "")
    leading = [e for e in live.counted if e.value == value]
    opposes = _Opposition(book, leading)
    support: list[Evidence] = []
    against: list[Evidence] = []
    for e in live.counted:
        (against if value and opposes(e) else support).append(e)
    against += [e for e in live.beside if (opposes(e) if value else denied and e.value == denied)]
    said = [e.value for e in live.counted if e.value and (e.value == value or not e.gives_way)]
    return Tally(
        value=value,
        values=tuple(dict.fromkeys(said)),
        denied=denied,
        support=support,
        against=against,
        rests_on=_rests_on(value, denied, leading),
        opposed_by=_opposed_by(against, leading),
        voices=len({e.speaker for e in leading if not e.claim}),
    )


def _leader(counted: Sequence[Evidence]) -> str:
    """A value that gives way to none leads; then a confirmed one; then by degree, independent voices, and the last."""
    if len(counted) == 1:
        return counted[0].value
    confirmed: dict[str, set[str]] = defaultdict(set)
    claimed: dict[str, set[str]] = defaultdict(set)
    weight: dict[str, tuple[bool, int]] = defaultdict(lambda: (False, 0))
    last: dict[str, int] = {}
    for place, e in enumerate(counted):
        if e.value:
            (claimed if e.claim else confirmed)[e.value].add(e.speaker)
            weighs = not e.gives_way, e.degree
            if weighs > weight[e.value]:
                weight[e.value] = weighs
            last[e.value] = place
    return max(
        last,
        key=lambda v: (weight[v][0], bool(confirmed[v]), weight[v][1], len(confirmed[v]), len(claimed[v]), last[v]),
        default="",
    )


class _Opposition:
    """Whether evidence denies the leading value, is denied by it, or asserts another of the same degree."""

    def __init__(self, book: Codebook, leading: Sequence[Evidence]) -> None:
        self._leader = leading[-1]
        self._excludes = book.exclusive and not self._leader.gives_way
        self._denied = {e.denies for e in leading}
        self._implied = {self._leader.value, *(e.implies for e in leading if e.implies)}

    def __call__(self, e: Evidence) -> bool:
        if e.value == self._leader.value:
            return False
        if e.denies in self._implied or (e.value and e.value in self._denied):
            return True
        return self._excludes and bool(e.value) and not e.gives_way and e.degree == self._leader.degree


def _rests_on(value: str, denied: str, leading: Iterable[Evidence]) -> str:
    if not value:
        return "denials" if denied else "nothing"
    return "confirmed" if any(not e.claim for e in leading) else "claims"


def _opposed_by(against: Sequence[Evidence], leading: Iterable[Evidence]) -> str:
    """A voice that says both the value and its opposite has changed its mind: it opposes nobody but itself."""
    leaders = {e.speaker for e in leading} if against else ()
    others = [e for e in against if e.speaker not in leaders]
    if not others:
        return "nobody"
    return "confirmed" if any(not e.claim for e in others) else "claims"


def _fires(when: When, tally: Tally, on: dt.date) -> bool:
    opposed = tally.opposed_by
    return (
        (not when.says or tally.value in when.says)
        and (not when.rests_on or tally.rests_on == when.rests_on)
        and (not when.opposed_by or opposed == when.opposed_by or (when.opposed_by == "anyone" and opposed != "nobody"))
        and (not when.voices_below or tally.voices < when.voices_below)
        and (not when.past or any(_past(field(e, when.past), on) for e in tally.support))
        and (not when.judged or _judged(tally.support) == when.judged)
    )


def _past(value: object, on: dt.date) -> bool:
    if not isinstance(value, Period):
        return False
    if value.until is not None:
        return value.until <= on
    return value.since is not None and value.since < on


def _judged(support: Iterable[Evidence]) -> str:
    """What analysts last resolved it to be."""
    verdict = ""
    for e in support:
        for judgement in e.standing.judgements:
            content = judgement.content
            if isinstance(content, Judgement) and content.verdict.startswith("resolved"):
                verdict = content.verdict
    return verdict


def _say(rule: Rule, tally: Tally, cells: dict[str, str]) -> str:
    words = {"value": tally.value, "values": " / ".join(tally.values), "denied": tally.denied}
    return fill(rule.value, lambda name: words.get(name) or cells.get(name, "")) or ""
