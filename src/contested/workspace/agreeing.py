"""How far reviewers agree, beyond what chance would have them agree: kappa over what they both judged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import combinations
from statistics import fmean

from contested.derive.disputes import worded
from contested.extract.settled import SETTLED
from contested.ledger import Ledger
from contested.model import Noun, Standing
from contested.workspace.names import names_in
from contested.workspace.settling import answers_of, content_before, in_force, judgement_of

CATEGORIES = ("accept", "amend", "reject")
"""Amending is a verdict of its own: it says that the reading is wrong, but not what was read. Counted as an accept it
would make two reviewers agree where one found fault; as a reject, where one would keep the assertion."""


class Pair(Noun, frozen=True):
    """Two reviewers over what both judged. `table` counts by the first's verdict (rows) and the second's (columns),
    in the order of CATEGORIES; `kappa` is None where it is not defined, and `why` says for what reason."""

    one: str
    other: str
    judged: int
    table: tuple[tuple[int, ...], ...]
    observed: float | None = None
    expected: float | None = None
    kappa: float | None = None
    why: str = ""


class Agreement(Noun, frozen=True):
    """Every pair of reviewers, and over all pairs for whom kappa is defined its mean (Light 1971)."""

    reviewers: tuple[str, ...] = ()
    pairs: tuple[Pair, ...] = ()
    mean: float | None = None


def agreement(ledger: Ledger, kind: str = "", known: dt.datetime | None = None) -> Agreement:
    """The agreement of all reviewers on assertions of a kind (as they read; all if none), as known at a moment.

    Of each reviewer the last verdict on an assertion counts, as in a view. To settle a name amends every assertion that
    has it without a look at the rest of them, and is no verdict here.
    """
    verdicts: dict[str, dict[str, str]] = {}
    judged = (each for each in in_force(ledger, known) if not _settles(ledger, each))
    for assertion, answers in answers_of(judged).items():
        if not kind or ledger.standing(assertion, known).assertion.kind == kind:
            for who, each in answers.items():
                verdicts.setdefault(who.removeprefix("analyst:"), {})[assertion] = judgement_of(each).verdict
    reviewers = tuple(sorted(verdicts))
    pairs = tuple(pair(one, other, verdicts[one], verdicts[other]) for one, other in combinations(reviewers, 2))
    known_ones = [each.kappa for each in pairs if each.kappa is not None]
    return Agreement(reviewers, pairs, fmean(known_ones) if known_ones else None)


def pair(one: str, other: str, first: dict[str, str], second: dict[str, str]) -> Pair:
    """Two reviewers compared, by the verdicts of each on assertions."""
    both = sorted(first.keys() & second.keys())
    counts = dict.fromkeys(((a, b) for a in CATEGORIES for b in CATEGORIES), 0)
    for each in both:
        counts[first[each], second[each]] += 1
    table = tuple(tuple(counts[a, b] for b in CATEGORIES) for a in CATEGORIES)
    if not both:
        return Pair(one, other, 0, table, why="they judged nothing in common")
    observed, expected = proportions(table)
    if expected == 1:
        return Pair(one, other, len(both), table, observed, expected, why="both passed one and the same verdict only")
    return Pair(one, other, len(both), table, observed, expected, (observed - expected) / (1 - expected))


def proportions(table: Sequence[Sequence[int]]) -> tuple[float, float]:
    """The agreement observed and the one expected of chance, from a table that counts something.

    Cohen, J. (1960): A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20,
    37-46: kappa = (observed - expected) / (1 - expected), where expected is the sum over categories of the product of
    both reviewers' shares. Undefined where it is 1. For more than two reviewers the mean over their pairs is taken:
    Light, R. J. (1971): Measures of response agreement for qualitative data, Psychological Bulletin 76, 365-377;
    Fleiss' kappa would want every assertion judged by equally many.
    """
    total = sum(map(sum, table))
    rows, columns = [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]
    same = sum(row[at] for at, row in enumerate(table))
    return same / total, sum(a * b for a, b in zip(rows, columns, strict=True)) / total**2


def _settles(ledger: Ledger, each: Standing) -> bool:
    """Whether a judgement is an amendment that settles what names mean, and leaves all else as it read before."""
    amended = judgement_of(each).amended
    before = content_before(ledger, judgement_of(each).of[0], each.recorded_at) if amended is not None else None
    if amended is None or before is None or worded(before) != worded(amended):
        return False
    names = zip(names_in(before), names_in(amended), strict=True)
    changed = [now for (_, was), (_, now) in names if was != now]
    return bool(changed) and all(name.sure == SETTLED for name in changed)
