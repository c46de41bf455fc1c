"""Laws of the ledger, over any history: acts of recording and judging in any order."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from contested.ledger import Ledger
from contested.model import (
    AnyContent,
    Assertion,
    Control,
    Document,
    Entry,
    Event,
    Judgement,
    Quote,
    Standing,
    Verdict,
    Voice,
)

START = dt.datetime(2021, 8, 1, tzinfo=dt.UTC)
TEXT = "Shopkeepers said the bridge was shelled at dawn; the garrison denies it. پل"
REPORTS = [Document(f"{digit}" * 24, "The Fictional Courier", TEXT, "0" * 64) for digit in "9a5"]
CONTENTS: list[AnyContent] = [Control("held"), Event("shelling"), Control("lost")]

Act = tuple[Document, tuple[Entry, ...]]
History = Sequence[Act | tuple[Verdict, str, int]]


def makes(report: Document) -> st.SearchStrategy[Assertion]:
    starts = st.integers(0, len(TEXT) - 3)
    return st.builds(
        lambda start, content, sure: Assertion(
            content, (Voice("Shopkeepers"),), quote=Quote(report.id, start, start + 2), confidence=sure
        ),
        starts.map(lambda start: start // 20),  # few places, so that recorders meet
        st.sampled_from(CONTENTS),
        st.sampled_from([0.5, 1.0]),
    )


def records(report: Document) -> st.SearchStrategy[Entry]:
    recorder = st.sampled_from(["control@1", "control@2", "event@1", "llm@1"])
    return st.builds(
        Entry, st.just(START), recorder, st.just(report.id), st.lists(makes(report), max_size=4).map(tuple)
    )


acts = st.sampled_from(REPORTS).flatmap(
    lambda report: st.tuples(st.just(report), st.lists(records(report), min_size=1, max_size=3).map(tuple))
)
opinions = st.tuples(
    st.sampled_from(["accept", "reject", "undo", "note", "resolved_true"]),
    st.sampled_from(["amy", "bo"]),
    st.integers(0, 50),
)
histories = st.lists(st.one_of(acts, opinions), max_size=8)


Fresh = Callable[[], AbstractContextManager[Ledger]]


def play(ledger: Ledger, history: History, start: dt.datetime = START) -> Iterator[tuple[Document | None, list[Entry]]]:
    """Do what a history says, an hour between the acts, and tell each act after it is done."""
    for hours, act in enumerate(history):
        now = start + dt.timedelta(hours=hours)
        if isinstance(act[0], Document):
            entries = [replace(each, recorded_at=now) for each in act[1]]
            ledger.record_all(act[0], entries)
            yield act[0], entries
            continue
        verdict, analyst, pick = act
        on_record = sorted({said.id for each in ledger.entries() for said in each.assertions if said.quote})
        if on_record:
            judgement = Assertion(Judgement((on_record[pick % len(on_record)],), verdict), (Voice(analyst),))
            entry = Entry(now, f"analyst:{analyst}", "", (judgement,))
            ledger.record(entry)
            yield None, [entry]


def untimed(standings: Iterator[Standing]) -> list[Standing]:
    return [replace(each, recorded_at=START) for each in standings]


@given(histories)
@settings(max_examples=40, deadline=None)
def test_a_later_entry_never_changes_an_earlier_view(fresh: Fresh, history: History) -> None:
    with fresh() as ledger:
        views = []
        for _ in play(ledger, history):
            moment = max((each.recorded_at for each in ledger.entries()), default=START)
            views.append((moment, list(ledger.view(known=moment)), list(ledger.view())))
        for moment, then, latest in views:
            assert list(ledger.view(known=moment)) == then == latest


@given(histories)
@settings(max_examples=30, deadline=None)
def test_recording_twice_changes_nothing(fresh: Fresh, history: History) -> None:
    with fresh() as ledger:
        for document, entries in play(ledger, history):
            once, last = ledger.head(), entries[-1]
            contents = [each.content for each in last.assertions]
            if any(isinstance(each, Judgement) and each.verdict == "undo" for each in contents):
                continue  # one that names an assertion takes back one more each time
            later = replace(last, recorded_at=last.recorded_at + dt.timedelta(minutes=1))
            assert not ledger.record(later)
            assert document is None or not ledger.add_document(document)
            assert ledger.head() == once
        assert ledger.verify() == []


@given(st.lists(acts, min_size=1, max_size=3, unique_by=lambda act: act[0].id), st.randoms())
@settings(max_examples=30, deadline=None)
def test_the_order_of_recorders_and_of_documents_does_not_matter(
    fresh: Fresh, drawn: list[Act], chance: Random
) -> None:
    # One entry of each recorder's: of two, the later one would count.
    some = [(report, tuple({each.recorder[:3]: each for each in entries}.values())) for report, entries in drawn]
    shuffled = [(report, tuple(chance.sample(entries, len(entries)))) for report, entries in some]
    chance.shuffle(shuffled)
    with fresh() as one, fresh() as other:
        list(play(one, list(some)))
        list(play(other, list(shuffled)))
        assert untimed(one.view()) == untimed(other.view())


@given(histories)
@settings(max_examples=30, deadline=None)
def test_what_stands_is_what_reading_the_entries_one_by_one_says(fresh: Fresh, history: History) -> None:
    with fresh() as ledger:
        list(play(ledger, history))
        assert {each.id for each in ledger.view()} == plainly(list(ledger.entries()))


def plainly(entries: list[Entry]) -> set[str]:
    """What stands, by the definition and without any index. Undos here name assertions."""
    latest = {(each.recorder.split("@")[0], each.document): each for each in entries if "@" in each.recorder}
    said = {assertion.id for each in latest.values() for assertion in each.assertions}
    stacks: dict[tuple[str, str], list[Judgement]] = {}
    for each in entries:
        for assertion in each.assertions:
            if isinstance(judgement := assertion.content, Judgement):
                stack = stacks.setdefault((each.recorder, judgement.of[0]), [])
                if judgement.verdict == "undo":
                    stack.pop()
                else:
                    stack.append(judgement)
    counted: dict[str, set[str]] = {}
    for (_, assertion_id), stack in stacks.items():
        verdicts = [each.verdict for each in stack if each.verdict in ("accept", "reject")]
        counted.setdefault(assertion_id, set()).update(verdicts[-1:])
    return {each for each in said if counted.get(each) != {"reject"}}


@given(histories, st.sets(st.sampled_from(["control", "event", "forecast"]), min_size=1))
@settings(max_examples=30, deadline=None)
def test_a_narrower_view_is_a_part_of_the_whole_one(fresh: Fresh, history: History, kinds: set[str]) -> None:
    with fresh() as ledger:
        list(play(ledger, history))
        whole = list(ledger.view())
        assert list(ledger.view(kinds=kinds)) == [each for each in whole if each.assertion.kind in kinds]
        for report in REPORTS:
            mine = [each for each in whole if each.assertion.quote and each.assertion.quote.document == report.id]
            assert list(ledger.view(document=report.id)) == mine
        for each in whole:
            assert ledger.standing(each.id) == each


@given(histories)
@settings(max_examples=30, deadline=None)
def test_whatever_stands_quotes_words_of_its_report(fresh: Fresh, history: History) -> None:
    with fresh() as ledger:
        list(play(ledger, history))
        texts = {each.id: ledger.document(each.id).text for each in ledger.documents()}
        for each in ledger.view():
            assert each.assertion.quote is not None
            quote = each.assertion.quote
            assert len(texts[quote.document][quote.start : quote.end]) == quote.end - quote.start > 0


@given(histories, st.integers(0, 50))
@settings(max_examples=30, deadline=None)
def test_reject_hides_and_undo_restores_exactly(fresh: Fresh, history: History, pick: int) -> None:
    with fresh() as ledger:
        list(play(ledger, history))
        before = list(ledger.view())
        if not before:
            return
        now = START + dt.timedelta(days=9)
        target = before[pick % len(before)].id
        reject = Assertion(Judgement((target,), "reject", "law"), (Voice("cy"),))
        undo = Assertion(Judgement((reject.id,), "undo"), (Voice("cy"),))
        accepted = any(
            isinstance(each.content, Judgement) and each.content.verdict == "accept"
            for each in ledger.standing(target).judgements
        )
        ledger.record(Entry(now, "analyst:cy", "", (reject,)))
        assert (target in {each.id for each in ledger.view()}) == accepted
        ledger.record(Entry(now, "analyst:cy", "", (undo,)))
        assert list(ledger.view()) == before


@given(histories)
@settings(max_examples=20, deadline=None)
def test_the_indexes_hold_nothing_of_their_own(fresh: Fresh, history: History) -> None:
    with fresh() as ledger:
        list(play(ledger, history))
        before = list(ledger.view())
        ledger.reindex()
        assert list(ledger.view()) == before
        assert ledger.verify() == []
