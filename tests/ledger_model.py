"""The ledger in plain Python: a list of entries, and what stands worked out anew from all of them, each time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from contested.model import Assertion

INSTANT = dt.timedelta(microseconds=1)


class Said(NamedTuple):
    """An entry: when it became known here, when and as the how-manieth anywhere it was made, by whom, of what, what."""

    known: dt.datetime
    made: dt.datetime
    birth: int
    recorder: str
    document: str
    assertions: tuple[Assertion, ...]


class Model:
    births = 0

    def __init__(self) -> None:
        self.entries: list[Said] = []

    def record(self, clock: dt.datetime, recorder: str, document: str, said: Sequence[Assertion]) -> bool:
        now, Model.births = self.moment(clock), Model.births + 1
        after = [*self.entries, Said(now, now, Model.births, recorder, document, tuple(said))]
        before = latest(self.entries).get((document, recorder.partition("@")[0]))
        is_same = before is not None and (before.recorder, before.assertions) == (recorder, tuple(said))
        # Whoever speaks now answers all that is known here, though the clock may be behind that of another office.
        spoken = [*self.entries, after[-1]._replace(made=max(each.made for each in after))]
        if is_same if "@" in recorder else effect(spoken) == effect(self.entries):
            return False
        self.entries = after
        return True

    def merge(self, other: Model, clock: dt.datetime) -> None:
        now, have = self.moment(clock), {each.birth for each in self.entries}
        self.entries += [each._replace(known=now) for each in other.entries if each.birth not in have]

    def moment(self, clock: dt.datetime) -> dt.datetime:
        return max(clock, self.entries[-1].known + INSTANT) if self.entries else clock

    def view(self, known: dt.datetime) -> dict[str, tuple[Any, ...]]:
        """What stands by its id: its content, who made it first and who else, the judgements on it in force."""
        entries = [each for each in self.entries if each.known <= known]
        makers: dict[str, list[tuple[dt.datetime, str, Any]]] = {}
        for each in latest(entries).values():
            for said in each.assertions:
                makers.setdefault(said.id, []).append((each.made, each.recorder, said.content))
        found, judged = {}, weighed(entries)
        for id_, made in makers.items():
            on_it = [said for _, said in judged.get(id_, ())]
            verdicts = [said.content.verdict for said in on_it]
            if "reject" not in verdicts or "accept" in verdicts or "amend" in verdicts:
                _, recorder, content = min(made, key=lambda each: each[:2])
                amended = [said.content.amended for said in on_it if said.content.verdict == "amend"]
                also = sorted({each for _, each, _ in made} - {recorder})
                found[id_] = ([content, *amended][-1], recorder, tuple(also), tuple(on_it))
        return found


def latest(entries: Sequence[Said]) -> dict[tuple[str, str], Said]:
    """Of each recorder's entries on a document, the one made last."""
    ordered = sorted(entries, key=lambda each: each.made)
    return {(each.document, each.recorder.partition("@")[0]): each for each in ordered if "@" in each.recorder}


def weighed(entries: Sequence[Said]) -> dict[str, list[tuple[str, Any]]]:
    """The judgements that count on each assertion, and whose they are: of each analyst's answers the last in force."""
    spoken = [(each.recorder, said) for each in sorted(entries, key=lambda each: each.made) for said in each.assertions]
    spoken = [each for each in spoken if "@" not in each[0]]
    counted: dict[str, dict[Any, tuple[str, Any]]] = {}
    for who, said in in_force(spoken):
        question = {"accept": 1, "reject": 1, "amend": 1, "resolved_true": 2, "resolved_false": 2}
        for target in said.content.of if said.content.verdict != "undo" else ():
            slots = counted.setdefault(target, {})
            key = (who, question.get(said.content.verdict, said.id))
            slots.pop(key, None)
            slots[key] = who, said
    return {target: list(slots.values()) for target, slots in counted.items()}


def in_force(spoken: Sequence[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Those not taken back: an undo takes back the last judgement so called, or its speaker's last on an assertion."""
    lifted: dict[int, list[int]] = {}
    gone: set[int] = set()
    for here, (who, said) in enumerate(spoken):
        for target in said.content.of if said.content.verdict == "undo" else ():
            meant = [
                at
                for at, (other, before) in enumerate(spoken[:here])
                if at not in gone
                and (
                    before.id == target
                    or (other == who and before.content.verdict != "undo" and target in before.content.of)
                )
            ]
            if meant:
                gone.add(meant[-1])
                lifted.setdefault(here, []).append(meant[-1])
                gone.difference_update(lifted.pop(meant[-1], ()))
    return [each for at, each in enumerate(spoken) if at not in gone]


def effect(entries: Sequence[Said]) -> dict[str, Any]:
    """What all judgements amount to, in whatever order they were made; of amendments the last counts."""
    found = {}
    for target, counting in weighed(entries).items():
        amended = [said.content.amended for _, said in counting if said.content.verdict == "amend"]
        found[target] = ({(who, said.id) for who, said in counting}, amended[-1:])
    return {target: each for target, each in found.items() if each[0]}
