"""Two ledgers driven at random, each beside a model in plain Python: after every step both say the same."""

import datetime as dt
from contextlib import ExitStack
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from contested.ledger import Ledger
from contested.model import Assertion, Document, Entry, Judgement, Verdict, Voice
from ledger_model import Model
from ledger_world import fresh
from test_ledger_laws import CONTENTS, REPORTS, START, makes

MINUTE = dt.timedelta(minutes=1)
ANALYSTS = st.sampled_from(["amy", "bo"])
OFFICES = st.integers(0, 1)
RECORDERS = st.sampled_from(["control@1", "control@2", "event@1"])
VERDICTS = st.sampled_from(["accept", "reject", "amend", "note", "resolved_true", "resolved_false", "undo"])
READ = st.sampled_from(REPORTS[:2]).flatmap(
    lambda report: st.tuples(st.just(report), st.lists(makes(report), max_size=4, unique_by=lambda each: each.id))
)


class TwoOffices(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.ledgers = [self.stack.enter_context(fresh()) for _ in range(2)]
        self.models = [Model(), Model()]
        self.clock = START
        self.seen: list[tuple[int, dt.datetime, dict[str, Any]]] = []

    def teardown(self) -> None:
        for office, moment, before in self.seen:
            assert shown(self.ledgers[office], moment) == before
        for ledger in self.ledgers:
            assert ledger.verify() == []
        self.stack.close()

    @initialize(read=st.lists(st.tuples(OFFICES, READ, RECORDERS), min_size=4, max_size=8))
    def both_have_read_something(self, read: list[tuple[int, tuple[Document, list[Assertion]], str]]) -> None:
        for office, what, recorder in read:
            self.a_report_is_read(office, what, recorder)

    @rule()
    def the_clock_is_set_back(self) -> None:
        self.clock -= dt.timedelta(minutes=9)

    @rule(office=OFFICES, read=READ, recorder=RECORDERS)
    def a_report_is_read(self, office: int, read: tuple[Document, list[Assertion]], recorder: str) -> None:
        report, said = read
        self.clock += MINUTE
        ledger, model = self.ledgers[office], self.models[office]
        ledger.add_document(report)
        new = ledger.record(Entry(self.clock, recorder, report.id, tuple(said)))
        assert new == model.record(self.clock, recorder, report.id, said)

    @rule(office=OFFICES, verdict=VERDICTS, analyst=ANALYSTS, pick=st.integers(0, 6))
    def an_analyst_judges(self, office: int, verdict: Verdict, analyst: str, pick: int) -> None:
        found = {said.id: said for each in self.models[office].entries for said in each.assertions}
        ids = sorted(id_ for id_, said in found.items() if said.quote or verdict == "undo")
        if ids:
            self.judged(office, verdict, analyst, ids[pick % len(ids)], pick)

    @rule(first=OFFICES, verdicts=st.tuples(VERDICTS, VERDICTS), analyst=ANALYSTS, pick=st.integers(0, 6))
    def one_name_judges_the_same_in_both(
        self, first: int, verdicts: tuple[Verdict, Verdict], analyst: str, pick: int
    ) -> None:
        here, there = (
            {said.id for each in model.entries for said in each.assertions if said.quote} for model in self.models
        )
        if both := sorted(here & there):
            for office, verdict in zip((first, 1 - first), verdicts, strict=True):
                self.judged(office, verdict, analyst, both[pick % len(both)], pick)

    def judged(self, office: int, verdict: Verdict, analyst: str, of: str, pick: int) -> None:
        self.clock += MINUTE
        amended = CONTENTS[pick % len(CONTENTS)] if verdict == "amend" else None
        said = Assertion(Judgement((of,), verdict, amended=amended), (Voice(analyst),))
        new = self.ledgers[office].record(Entry(self.clock, f"analyst:{analyst}", "", (said,)))
        assert new == self.models[office].record(self.clock, f"analyst:{analyst}", "", (said,))

    @rule(office=OFFICES)
    def one_takes_what_the_other_has(self, office: int) -> None:
        self.clock += MINUTE
        self.ledgers[office].merge(self.ledgers[1 - office], at=self.clock)
        self.models[office].merge(self.models[1 - office], self.clock)

    @rule(office=OFFICES, pick=st.integers(0, 60))
    def it_is_asked_what_was_known(self, office: int, pick: int) -> None:
        entries = self.models[office].entries
        if not entries:  # of no moment can be said that it has passed
            return
        moment = entries[pick % len(entries)].known
        assert shown(self.ledgers[office], moment) == self.models[office].view(moment)
        self.seen.append((office, moment, shown(self.ledgers[office], moment)))

    @rule(office=OFFICES)
    def it_is_verified_and_its_indexes_made_again(self, office: int) -> None:
        ledger = self.ledgers[office]
        assert ledger.verify(head=ledger.head()) == []
        assert ledger.reindex() == len(self.models[office].entries)

    @invariant()
    def both_say_the_same_now(self) -> None:
        for office, (ledger, model) in enumerate(zip(self.ledgers, self.models, strict=True)):
            if model.entries:
                moment = model.entries[-1].known
                now = shown(ledger, moment)
                assert now == model.view(moment)
                self.seen.append((office, moment, now))
        for office, moment, before in self.seen[-40::13]:
            assert shown(self.ledgers[office], moment) == before


def shown(ledger: Ledger, known: dt.datetime) -> dict[str, Any]:
    """What stands by its id, as the model tells it."""
    return {
        each.id: (each.assertion.content, each.recorder, each.also, each.judgements)
        for each in ledger.view(known=known)
    }


TestTwoOffices = TwoOffices.TestCase
TestTwoOffices.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)
