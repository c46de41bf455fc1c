"""The record act by act, and what differs between two moments; laws over any record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import Connection

from contested.errors import UsageError
from contested.ledger import Changed, Ledger
from contested.ledger.views import Views
from contested.model import Control, Entry, Event, Judgement, Name, Origin, Standing
from contested.workspace.acts import Act, acts
from contested.workspace.clocks import beginning, moment
from contested.workspace.differing import Change, _changes, learned, redrawn
from contested.workspace.history import History
from derive_world import control, picture, said
from ledger_world import DOCUMENT, HOUR, MORNING, OTHER, entry, judges, says

ONE, TWO, THREE = says(0), says(10), says(20)
ELSEWHERE = says(0, OTHER)
LOST = Control("lost", Name("Kabul"))


@contextmanager
def fresh() -> Iterator[Ledger]:
    with TemporaryDirectory() as folder, Ledger.open(Path(folder) / "ledger.sqlite", create=True) as ledger:
        for document in (DOCUMENT, OTHER):
            ledger.add_document(document)
        yield ledger


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    with fresh() as ledger:
        yield ledger


def at(hours: int) -> dt.datetime:
    return MORNING + hours * HOUR


def changes(ledger: Ledger, first: int, last: int) -> list[tuple[str, str, str]]:
    return [(each.sort, each.standing.id, each.why) for each in learned(ledger, at(first), at(last))]


# ── what was learned ─────────────────────────────────────────────────────────────────────────────


def test_new_withdrawn_amended_judged(ledger: Ledger) -> None:
    ledger.record(entry(ONE, TWO, at=at(0)))
    ledger.record(judges("reject", TWO.id, at=at(1)))
    ledger.record(judges("amend", ONE.id, amended=LOST, at=at(2)))
    ledger.record(judges("accept", ONE.id, analyst="bo", at=at(3)))
    ledger.record(entry(ONE, THREE, recorder="control@2", at=at(4)))
    ledger.record(entry(recorder="control@3", at=at(5)))
    assert changes(ledger, -1, 0) == [
        ("new", ONE.id, "recorded by control@1"),
        ("new", TWO.id, "recorded by control@1"),
    ]
    assert changes(ledger, 0, 1) == [("withdrawn", TWO.id, "rejected")]
    (amended,) = learned(ledger, at(1), at(2))
    assert (amended.sort, amended.before, amended.standing.assertion.content) == ("amended", ONE.content, LOST)
    assert [said.content.verdict for said in amended.judgements if isinstance(said.content, Judgement)] == ["amend"]
    assert changes(ledger, 2, 3) == [("judged", ONE.id, "")]
    assert changes(ledger, 3, 4) == [("new", THREE.id, "recorded by control@2")]
    assert changes(ledger, 4, 5) == [("withdrawn", ONE.id, "read no more"), ("withdrawn", THREE.id, "read no more")]
    assert changes(ledger, -1, 5) == []


def test_what_was_taken_back(ledger: Ledger) -> None:
    ledger.record(entry(ONE, TWO, at=at(0)))
    ledger.record(judges("reject", ONE.id, at=at(1)))
    ledger.record(judges("amend", TWO.id, amended=LOST, at=at(2)))
    ledger.record(judges("undo", ONE.id, at=at(3)))
    ledger.record(judges("undo", TWO.id, at=at(4)))
    new, amended = learned(ledger, at(2), at(4))
    assert (new.sort, new.why, len(new.lifted)) == ("new", "rejected no more", 1)
    assert (amended.sort, amended.why, amended.before) == ("amended", "amended no more", LOST)


def test_a_name_taken_for_something_else(ledger: Ledger) -> None:
    ledger.record(entry(ONE, at=at(0)))
    surer = replace(ONE, content=replace(ONE.content, place=Name("Kabul", "geonames:1138958", 0.95)))  # type: ignore[type-var]
    other = replace(ONE, content=replace(ONE.content, place=Name("Kabul", "iso:AF-KAB", 0.95)))  # type: ignore[type-var]
    ledger.record(entry(surer, recorder="control@2", at=at(1)))
    ledger.record(entry(other, recorder="control@3", at=at(2)))
    assert changes(ledger, 0, 1) == [], "to be surer of the same is no news"
    assert [change[0] for change in changes(ledger, 1, 2)] == ["meant otherwise"]


def test_kinds_are_of_before_or_after(ledger: Ledger) -> None:
    ledger.record(entry(ONE, at=at(0)))
    ledger.record(judges("amend", ONE.id, amended=Event("clash"), at=at(1)))
    for kind, found in (("control", 1), ("event", 1), ("forecast", 0)):
        assert len(list(learned(ledger, at(0), at(1), (kind,)))) == found


def test_the_earlier_moment_comes_first(ledger: Ledger) -> None:
    here = History()
    here.ledger = ledger
    with pytest.raises(UsageError, match="is before"):
        here.diff(at(1), at(0))
    ledger.record(entry(ONE, at=at(0)))
    assert [each.sort for each in here.diff(at(-1).date() - dt.timedelta(days=1), kinds="control")] == ["new"]


def test_only_what_came_in_between_is_asked_some_reports_at_a_time(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contested.ledger.leafing.DOCUMENTS", 2)
    reports, looked_at, plain = [replace(DOCUMENT, id=f"{n:024d}") for n in range(9)], list[str](), Views.standings

    def watched(views: Views, connection: Connection, rows: Sequence[Any], upto: int) -> list[Standing]:
        looked_at.extend(row.id.hex() for row in rows)
        return plain(views, connection, rows, upto)

    monkeypatch.setattr(Views, "standings", watched)
    for hour, start in enumerate((0, 10, 20)):
        made = [
            (report, [entry(says(start, report), recorder=f"r{hour}@1", at=at(hour), on=report)]) for report in reports
        ]
        ledger.record_many(made)
    found = learned(ledger, at(1), at(2))
    assert [next(found).standing.id for _ in range(2)] == [says(20, report).id for report in reports[:2]]
    assert looked_at == [says(20, report).id for report in reports[:2]]
    assert len(list(found)) == 7


def plainly(ledger: Ledger, since: dt.datetime, until: dt.datetime) -> list[Change]:
    """What was learned, by all that stood at both moments."""
    before, after = ({each.id: each for each in ledger.view(moment)} for moment in (since, until))
    ids = {document: [] for document in sorted((DOCUMENT.id, OTHER.id))}  # type: dict[str, list[str]]
    for id_, each in (before | after).items():
        ids[each.assertion.quote.document].append(id_)  # type: ignore[union-attr]
    return [
        change
        for same in ids.values()
        for change in _changes(
            ledger,
            Changed(
                {id_: before[id_] for id_ in same if id_ in before},
                {id_: after[id_] for id_ in same if id_ in after},
                frozenset(same),
            ),
            since,
            until,
        )
    ]


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["read", "reject", "accept", "amend", "undo"]),
        st.sampled_from([DOCUMENT, OTHER]),
        st.lists(st.sampled_from([0, 10, 20]), unique=True),
        st.sampled_from(["amy", "bo"]),
    ),
    max_size=8,
)


def played(ledger: Ledger, script: Sequence[tuple[str, object, list[int], str]], swap: bool = False) -> None:
    """Record acts an hour apart."""
    names = {"amy": "bo", "bo": "amy"} if swap else {"amy": "amy", "bo": "bo"}
    for hour, (what, document, places, who) in enumerate(script):
        said = [says(place, document) for place in places]  # type: ignore[arg-type]
        if what == "read":
            ledger.record(entry(*said, recorder=f"control@{hour}", at=at(hour), on=document))  # type: ignore[arg-type]
            continue
        for each in said:
            more = {"amended": LOST} if what == "amend" else {}
            try:
                ledger.record(judges(what, each.id, analyst=names[who], at=at(hour), **more))  # type: ignore[arg-type]
            except UsageError:  # not on record yet
                continue


def sorted_out(found: Iterator[Change]) -> tuple[set[str], set[str]]:
    told = list(found)
    new, gone = ({each.standing.id for each in told if each.sort == sort} for sort in ("new", "withdrawn"))
    return new, gone


@settings(max_examples=60, deadline=None)
@given(ACTS, st.data())
def test_laws_of_differences(script: list[tuple[str, object, list[int], str]], data: st.DataObject) -> None:
    a, b, c = sorted(data.draw(st.tuples(*[st.integers(-1, len(script))] * 3)))
    with fresh() as ledger:
        played(ledger, script)
        assert list(learned(ledger, at(b), at(b))) == []
        for one, other in ((a, b), (b, c), (c, a)):
            assert list(learned(ledger, at(one), at(other))) == plainly(ledger, at(one), at(other))
        first, second = sorted_out(learned(ledger, at(a), at(b))), sorted_out(learned(ledger, at(b), at(c)))
        new, gone = sorted_out(learned(ledger, at(a), at(c)))
        assert new == (first[0] - second[1]) | (second[0] - first[1])
        assert gone == (first[1] - second[0]) | (second[1] - first[0])
        there, back = sorted_out(learned(ledger, at(a), at(c))), sorted_out(learned(ledger, at(c), at(a)))
        assert there == (back[1], back[0])
        before, after = ({each.id for each in ledger.view(at(then))} for then in (a, c))
        assert (new, gone) == (after - before, before - after)


@settings(max_examples=40, deadline=None)
@given(ACTS)
def test_swapping_analysts_swaps_their_names_and_nothing_else(script: list[tuple[str, object, list[int], str]]) -> None:
    def told(ledger: Ledger) -> list[tuple[object, ...]]:
        found = learned(ledger, at(-1), at(len(script)))
        return [
            (each.sort, each.standing.id, each.why, each.standing.assertion, len(each.judgements)) for each in found
        ]

    with fresh() as ledger, fresh() as other:
        played(ledger, script)
        played(other, script, swap=True)
        assert told(ledger) == told(other)


# ── the record, act by act ───────────────────────────────────────────────────────────────────────


def log(ledger: Ledger, recorder: str = "*", limit: int = 50, document: str = "", **span: dt.datetime) -> list[Act]:
    return list(acts(ledger, (span.get("since"), span.get("until")), document, recorder, limit))


def test_acts_the_last_first(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(ONE, TWO, at=at(0)), entry(recorder="event@1", at=at(0))])
    ledger.record(judges("reject", TWO.id, at=at(1), note="wrong town"))
    ledger.record(entry(ONE, THREE, recorder="control@2", at=at(2)))
    ledger.record(entry(recorder="control@3", at=at(3)))
    ledger.record(entry(ELSEWHERE, at=at(4), on=OTHER))
    told = [(each.did, each.recorders, each.assertions, each.new, each.withdrawn) for each in log(ledger)]
    assert told == [
        ("read", ("control@1",), 1, 1, 0),
        ("withdrew", ("control@3",), 0, 0, 2),
        ("read again", ("control@2",), 2, 1, 1),
        ("judged", ("analyst:amy",), 0, 0, 0),
        ("read", ("control@1", "event@1"), 2, 2, 0),
    ]
    assert [(each.file, each.source) for each in log(ledger)][-1] == (DOCUMENT.file, DOCUMENT.source)
    assert log(ledger)[3].judgements == (Judgement((TWO.id,), "reject", "wrong town"),)


def test_acts_by_whom_on_what_and_when(ledger: Ledger) -> None:
    ledger.record(entry(ONE, at=at(0)))
    ledger.record(entry(ELSEWHERE, at=at(1), on=OTHER))
    ledger.record(judges("accept", ONE.id, analyst="amy", at=at(2)))
    assert [each.did for each in log(ledger, "analyst:*")] == ["judged"]
    assert [each.document for each in log(ledger, "control@*", limit=1)] == [OTHER.id]
    assert [each.did for each in log(ledger, document=DOCUMENT.id)] == ["judged", "read"]
    assert [each.at for each in log(ledger, since=at(1), until=at(1))] == [at(1)]
    assert log(ledger, since=at(3)) == log(ledger, "nobody") == []


def test_words_taken_out_and_acts_of_another_ledger_are_told(ledger: Ledger) -> None:
    ledger.record(entry(ONE, at=at(0)))
    ledger.record(replace(entry(ELSEWHERE, at=at(1), on=OTHER), origin=Origin("ab" * 32, at(-5))))
    ledger.record(Entry(at(2), "tombstone:amy", DOCUMENT.id, removes="a court's order"))
    removed, merged = log(ledger)
    assert (removed.did, removed.why, removed.document, removed.file) == ("removed", "a court's order", DOCUMENT.id, "")
    assert (merged.did, merged.at, merged.made_at) == ("read", at(1), at(-5))
    assert [each.standing.id for each in learned(ledger, at(-1), at(3))] == [ELSEWHERE.id]


@settings(max_examples=40, deadline=None)
@given(ACTS, st.integers(1, 5))
def test_laws_of_the_log(script: list[tuple[str, object, list[int], str]], limit: int) -> None:
    with fresh() as ledger:
        played(ledger, script)
        whole = log(ledger)
        assert log(ledger, limit=limit) == whole[:limit]
        assert [each.recorded_at for each in ledger.as_known().entries()] == [
            each.recorded_at for each in reversed(list(ledger.entries()))
        ]
        for since, until in combinations(range(-1, len(script) + 1), 2):
            due = [each for each in whole if at(since) <= each.at <= at(until)]
            assert log(ledger, since=at(since), until=at(until)) == due
            assert (
                log(ledger, "analyst:a*", limit, DOCUMENT.id, until=at(until))
                == [
                    each
                    for each in whole
                    if each.recorders == ("analyst:amy",) and each.document == DOCUMENT.id and each.at <= at(until)
                ][:limit]
            )
        assert [each.at for each in whole] == sorted((each.at for each in whole), reverse=True)
        assert sum(each.new - each.withdrawn for each in whole) == sum(
            len(said.assertions)
            for said in {
                each.document: each for each in ledger.entries() if each.recorder.startswith("control")
            }.values()
        )


# ── between two days ─────────────────────────────────────────────────────────────────────────────


def test_rows_that_say_something_else_and_by_what(ledger: Ledger) -> None:
    first = said(control("c-kunduz", "held", "gov"), "08-01")
    then = said(control("c-kunduz", "taken", "taliban"), "08-08")
    stays = said(control("Gortepa", "held", "gov"), "08-01", start=40)
    before, after = (picture("control", [first, then, stays], on) for on in ("08-02", "08-09"))
    (changed,) = redrawn(ledger, before, after)
    assert changed.before
    assert changed.after
    assert (changed.key, changed.gained, changed.lost) == (("Kunduz",), (then.id,), (first.id,))
    assert redrawn(ledger, after, after) == ()
    (back,) = redrawn(ledger, after, before)
    assert (back.gained, back.lost) == (changed.lost, changed.gained)
    gone = redrawn(ledger, after, picture("control", [], "08-09"))
    assert all(each.after is None and each.gained == () for each in gone)
    assert len(gone) == 2


def test_a_bare_day_is_logged_from_its_beginning_to_its_end() -> None:
    day = dt.date(2021, 8, 8)
    assert beginning(day) == beginning("2021-08-08") == dt.datetime(2021, 8, 8, tzinfo=dt.UTC)
    assert beginning("2021-08-08T12:00:00Z") == moment("2021-08-08T12:00:00Z")
