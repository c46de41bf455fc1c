"""Third step: which of a row's evidence still counts on the day, and why the rest does not."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from contested.derive.codebook import Codebook
from contested.derive.evidence import Evidence, Group, shifted
from contested.derive.keys import spell
from contested.derive.speakers import make_one
from contested.model import Ignored


@dataclass(frozen=True, slots=True)
class Live:
    """The evidence that counts, in order of time; when all of it has run out, the last there was, as stale."""

    counted: Sequence[Evidence]
    beside: Sequence[Evidence]  # what other voices said of the matter at the time
    superseded: Sequence[Evidence]
    ignored: tuple[Ignored, ...]
    stale: bool


def keep_live(book: Codebook, group: Group, on: dt.date) -> Live:
    fit = [e for e in group.own if not e.aside]
    if group.whole and len(fit) > 1:
        spell(fit)
    fresh = [e for e in fit if e.lasts is None or not expired(e, on)]
    stale = not fresh and bool(fit)
    pool = fit if stale else fresh
    since = _latest(book, pool) if book.counts == "latest" else dt.date.min
    counted = [e for e in pool if e.day >= since]
    superseded = [e for e in pool if e.day < since] if len(counted) < len(pool) else []
    if group.whole and len(counted) > 1:
        make_one(counted)
    ignored = _ignored(group, counted, on, since, stale) if len(counted) < len(group.own) else ()
    return Live(counted, _beside(book, group, counted), superseded, ignored, stale)


def expired(e: Evidence, on: dt.date) -> bool:
    return e.lasts is not None and (on - e.day).days > e.lasts


def _ignored(
    group: Group, counted: Sequence[Evidence], on: dt.date, since: dt.date, stale: bool
) -> tuple[Ignored, ...]:
    kept = set(map(id, counted))
    superseded = f"superseded by evidence since {since}"
    return tuple(
        [
            Ignored(e.id, e.aside or (superseded if stale or not expired(e, on) else _stale(e, on)))
            for e in group.own
            if id(e) not in kept
        ]
    )


def _stale(e: Evidence, on: dt.date) -> str:
    return f"stale: {(on - e.day).days} days old, lasts {e.lasts}"


def _latest(book: Codebook, pool: Sequence[Evidence]) -> dt.date:
    """The first day that still counts: evidence before it is superseded.

    A claim never supersedes what is confirmed, nor a bare denial what is asserted. What says less (a loss without a
    winner, one village of a district) supersedes only the value it undoes.
    """
    asserted = [e for e in pool if e.value]
    confirmed = [e for e in asserted if not e.claim] or asserted
    firm = [e for e in confirmed if not e.says_less] or confirmed
    if not firm:
        return dt.date.min
    latest = max(e.day for e in firm)
    since = shifted(latest, -book.within_days)
    standing = {e.value for e in firm if e.day >= since}
    undone = [e.day for e in confirmed if e.says_less and e.day > latest and e.denies in standing]
    return shifted(max(undone), -book.within_days) if undone else since


def _beside(book: Codebook, group: Group, counted: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """What others said of the same matter at the time, give or take the window.

    A denial may come at any time after, and of a denial what it denies at any time before.
    """
    if not counted or not (group.asserted or group.denials):
        return ()
    own = {e.speaker for e in counted}
    first, last = shifted(counted[0].day, -book.within_days), shifted(counted[-1].day, book.within_days)
    since = first if any(e.value for e in counted) else dt.date.min
    spoken = group.asserted[_place(group.asserted, since) : _place(group.asserted, shifted(last, 1))]
    return tuple(e for e in (*spoken, *group.denials[_place(group.denials, first) :]) if e.speaker not in own)


def _place(evidence: Sequence[Evidence], day: dt.date) -> int:
    return bisect_left(evidence, day, key=lambda e: e.day)
