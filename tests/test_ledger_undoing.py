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
from contested.ledger.judging import Spoken, in_force, weigh
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


def plainly(spoken: list[Spoken]) -> list[int]:
    """Where those in force are, found by going over all that came before at each undoing."""
    active: set[int] = set()
    took: dict[int, list[int]] = {}
    for here, each in enumerate(spoken):
        for target in each.judgement.of if each.judgement.verdict == "undo" else ():
            meant = [at for at in active if _names(spoken[at], target, each.recorder)]
            if meant:
                there = max(meant)
                active.remove(there)
                took.setdefault(here, []).append(there)
                active.update(took.pop(there, ()))
        active.add(here)
    return sorted(active)


def _names(each: Spoken, target: str, recorder: str) -> bool:
    own = each.recorder == recorder and each.judgement.verdict != "undo" and not each.spans
    return each.id == target or (own and target in each.bears_on)


spoken_of_one = st.lists(
    st.tuples(
        st.sampled_from(["note", "note", "undo", "undo", "undo"]),
        st.lists(st.integers(-2, 15), min_size=1, max_size=3, unique=True),
        st.sampled_from(["amy", "bo"]),
        st.integers(0, 15),
        st.booleans(),
    ),
    max_size=40,
)


@given(spoken_of_one)
@settings(max_examples=500)
def test_each_undoing_takes_back_the_last_that_it_may(
    script: list[tuple[str, list[int], str, int, bool]],
) -> None:
    """Ids repeat here, undoings undo undoings, and assertions (-1, -2) are named as well as judgements."""
    spoken = []
    for n, (verdict, picks, analyst, number, spans) in enumerate(script):
        said = judges(verdict, *map(str, picks), analyst=analyst).assertions[0]  # type: ignore[arg-type]
        on = tuple(str(pick) for pick in picks if pick < 0) or ("-1",)
        spoken.append(Spoken(n, 0, str(number), f"analyst:{analyst}", MORNING, 1, said, on, n, spans))
    assert [each.entry for each in in_force(spoken)] == plainly(spoken)


def test_a_judgement_on_several_reports_is_taken_back_by_its_own_id(ledger: Ledger) -> None:
    play(ledger, [("reject", [0, 1, 2], "amy")])
    assert ids(ledger) == [each.id for each in SAID[3:]]
    for each in SAID[:3]:
        assert not ledger.record(judges("undo", each.id, at=MORNING + 5 * HOUR)), "it is on another report, too"
    (reject,) = (each.assertions[0] for each in ledger.entries() if each.recorder == "analyst:amy")
    assert ledger.record(judges("undo", reject.id, at=MORNING + 5 * HOUR))
    assert ids(ledger) == [each.id for each in SAID]
    assert ledger.verify() == []
