"""What is taken back is taken back alike, whichever reports are asked, together or apart."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import chain, combinations

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import Connection

from contested.errors import UsageError
from contested.ledger import Ledger
from contested.ledger.judging import in_force, weigh
from contested.ledger.standing import spoken_on
from contested.ledger.tables import END
from ledger_world import DOCUMENT, HOUR, MORNING, OTHER, entry, ids, judges, says

Fresh = Callable[[], AbstractContextManager[Ledger]]
REPORTS = (DOCUMENT, OTHER, replace(DOCUMENT, id="f3" * 12))
SAID = [says(start, report) for report in REPORTS for start in (0, 9)]

acts = st.lists(
    st.tuples(
        st.sampled_from(["accept", "reject", "same", "note", "undo", "undo", "undo"]),
        st.lists(st.integers(0, 12), min_size=1, max_size=3, unique=True),
        st.sampled_from(["amy", "bo"]),
    ),
    max_size=9,
)


def play(ledger: Ledger, script: list[tuple[str, list[int], str]]) -> None:
    """Judge by these acts, an hour apart; what is judged is an assertion or an earlier judgement."""
    ledger.record_many([(report, [entry(*SAID[2 * n : 2 * n + 2], on=report)]) for n, report in enumerate(REPORTS)])
    known = [each.id for each in SAID]
    for hour, (verdict, picks, analyst) in enumerate(script, start=1):
        of = dict.fromkeys(known[pick % len(known)] for pick in picks)
        act = judges(verdict, *of, analyst=analyst, at=MORNING + hour * HOUR)  # type: ignore[arg-type]
        try:
            if ledger.record(act):
                known.append(act.assertions[0].id)
        except UsageError:  # a judgement on a judgement that is neither undo nor note
            continue


def told(connection: Connection, documents: tuple[int, ...], about: int) -> tuple[object, ...]:
    """What these documents, asked together, tell about one of them: the judgements in force, and what counts."""
    spoken, here = spoken_on(connection, documents, END), {each.id for each in SAID[2 * about - 2 : 2 * about]}
    held = [(each.entry, each.position) for each in in_force(spoken) if not here.isdisjoint(each.bears_on)]
    return held, {id_: each.judgements for id_, each in weigh(spoken).items() if id_ in here}


@given(acts)
@settings(max_examples=200)
def test_of_one_report_all_that_are_asked_with_it_tell_the_same(
    fresh: Fresh, script: list[tuple[str, list[int], str]]
) -> None:
    with fresh() as ledger:
        play(ledger, script)
        with ledger._file.reading() as connection:
            numbers = range(1, len(REPORTS) + 1)
            for asked in chain.from_iterable(combinations(numbers, many) for many in numbers):
                for about in asked:
                    assert told(connection, asked, about) == told(connection, (about,), about)
        stands = ids(ledger)
        assert stands == [
            id_ for report in sorted(REPORTS, key=lambda each: each.id) for id_ in ids(ledger, document=report.id)
        ]
        assert all(ledger.standing(each.id) in list(ledger.view()) for each in SAID if each.id in stands)
        assert ledger.verify() == []


def test_a_judgement_on_several_reports_is_taken_back_by_its_own_id(ledger: Ledger) -> None:
    play(ledger, [("reject", [0, 1, 2], "amy")])
    assert ids(ledger) == [each.id for each in SAID[3:]]
    for each in SAID[:3]:
        assert not ledger.record(judges("undo", each.id, at=MORNING + 5 * HOUR)), "it is on another report, too"
    (reject,) = (each.assertions[0] for each in ledger.entries() if each.recorder == "analyst:amy")
    assert ledger.record(judges("undo", reject.id, at=MORNING + 5 * HOUR))
    assert ids(ledger) == [each.id for each in SAID]
    assert ledger.verify() == []
