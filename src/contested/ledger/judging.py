"""What analysts' judgements amount to: which are in force, and what becomes of the assertion they judge.

Of each analyst the latest verdict on an assertion counts. An undo takes back the latest judgement in force that it
names by id, or, where it names an assertion, the same analyst's latest on it (and the next undo, the one before that);
what that one had replaced counts again. One on several documents is taken back by its id only: so all that may take it
back bears on each of them, and whichever of them are asked, together or apart, tell the same.
The same judgement passed twice has one id, so judgements are told apart by their place in the record.
"""

from __future__ import annotations

import datetime as dt
from bisect import insort
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from contested.model import AnyContent, Assertion, Judgement

UPHOLDS = ("accept", "amend")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A judgement on record; `bears_on` are the assertions it concerns in the end, through any undo, and `document` is
    the first that holds one of them, and `spans` says whether others do."""

    entry: int
    position: int
    id: str
    recorder: str
    recorded_at: dt.datetime
    document: int
    assertion: Assertion
    bears_on: tuple[str, ...]
    made_at: int
    spans: bool

    @property
    def order(self) -> tuple[int, int, int]:
        """When it was made; of one moment, as it stands in the record."""
        return self.made_at, self.entry, self.position

    @property
    def judgement(self) -> Judgement:
        assert isinstance(self.assertion.content, Judgement)
        return self.assertion.content


@dataclass(frozen=True, slots=True)
class Weighed:
    """What all analysts together make of one assertion: the judgements that count, earliest first."""

    spoken: tuple[Spoken, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether it stands: nobody rejects it, or analysts differ."""
        verdicts = {each.judgement.verdict for each in self.spoken}
        return "reject" not in verdicts or not verdicts.isdisjoint(UPHOLDS)

    @property
    def amending(self) -> Spoken | None:
        """The last to amend it."""
        return next((each for each in reversed(self.spoken) if each.judgement.verdict == "amend"), None)

    @property
    def amended(self) -> AnyContent | None:
        """What the last to amend it reads instead."""
        return self.amending.judgement.amended if self.amending else None

    @property
    def judgements(self) -> tuple[Assertion, ...]:
        return tuple(each.assertion for each in self.spoken)


def in_force(spoken: Sequence[Spoken]) -> list[Spoken]:
    """Those not taken back, undoings among them; `spoken` and the answer in the order of the record."""
    held = _Held(len(spoken))
    took: dict[int, list[int]] = {}
    for here, each in enumerate(spoken):
        if each.judgement.verdict != "undo":
            for assertion in () if each.spans else each.bears_on:
                held.name(here, (each.recorder, assertion))
        else:
            for target in each.judgement.of:
                there = max(held.last(target), held.last((each.recorder, target)))
                if there < 0:
                    continue
                held.active[there] = False
                took.setdefault(here, []).append(there)
                for back in took.pop(there, ()):  # an undoing undone
                    held.put_back(back)
        held.name(here, each.id)
    return [each for each, active in zip(spoken, held.active, strict=True) if active]


class _Held:
    """Which judgements are in force, and the last of them by what they are named: by id, and by who spoke on what."""

    def __init__(self, many: int) -> None:
        self.active = [True] * many
        self._named: defaultdict[Hashable, list[int]] = defaultdict(list)  # ascending
        self._aside: defaultdict[int, list[Hashable]] = defaultdict(list)  # the names each was met under, taken back

    def name(self, at: int, name: Hashable) -> None:
        self._named[name].append(at)

    def last(self, name: Hashable) -> int:
        """The last in force of that name, -1 if none; those after it are laid aside, to be gone over once."""
        same = self._named.get(name, [])
        while same and not self.active[same[-1]]:
            self._aside[same.pop()].append(name)
        return same[-1] if same else -1

    def put_back(self, at: int) -> None:
        self.active[at] = True
        for name in self._aside.pop(at, ()):
            insort(self._named[name], at)


def weigh(spoken: Sequence[Spoken]) -> dict[str, Weighed]:
    """What becomes of each assertion judged, by its id."""
    counted: dict[str, dict[Hashable, Spoken]] = {}
    for each in in_force(spoken):
        if each.judgement.verdict == "undo":
            continue
        for assertion in each.bears_on:
            slots = counted.setdefault(assertion, {})
            slots.pop(_question(each), None)  # so that the later one also comes later
            slots[_question(each)] = each
    return {assertion: Weighed(tuple(slots.values())) for assertion, slots in counted.items()}


def changes_nothing(before: Sequence[Spoken], now: Sequence[Spoken]) -> bool:
    """Whether all stays as it is when `now` is added to what was said before.

    Whoever speaks now answers all that is known here, though another office's clock may have run ahead of ours.
    """
    return _effect([*before, *now]) == _effect(before)


def _effect(spoken: Sequence[Spoken]) -> dict[str, Hashable]:
    def counts(all_of: Iterable[Spoken]) -> Hashable:
        return frozenset((each.recorder, each.assertion) for each in all_of)

    return {assertion: (each.amended, counts(each.spoken)) for assertion, each in weigh(spoken).items()}


def _question(each: Spoken) -> Hashable:
    """What a verdict answers: a later answer of the same analyst to the same question replaces the earlier."""
    match each.judgement.verdict:
        case "accept" | "reject" | "amend":
            return each.recorder, "does it stand"
        case "resolved_true" | "resolved_false":
            return each.recorder, "did it come true"
        case "same" | "different":
            return each.recorder, "are they one", frozenset(each.judgement.of)
        case _:
            return each.recorder, "note", each.id
