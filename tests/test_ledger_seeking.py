"""Questions that go straight to what they ask for answer what the whole view answers."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import count

import pytest
from benchmarks.war import reports

from contested.ledger import Known, Ledger
from contested.ledger.facets import facets, term
from contested.model import Standing

Fresh = Callable[[], AbstractContextManager[Ledger]]


@pytest.fixture(scope="module")
def war(fresh: Fresh) -> Iterator[Ledger]:
    """Some sixty reports of a war, read again and judged."""
    with fresh() as ledger:
        ledger.record_many(reports(600, places=12, years=1), at_once=20)
        yield ledger


@pytest.fixture(params=["now", "then"])
def asked(request: pytest.FixtureRequest, war: Ledger) -> tuple[Known, list[Standing]]:
    """The record as known now, or in the middle of it, and what stands then."""
    moments = [each.recorded_at for each in war.entries()]
    known = moments[len(moments) // 2] if request.param == "then" else None
    return war.as_known(known), list(war.view(known=known))


def day(each: Standing) -> dt.date | None:
    return each.assertion.period.day(each.published)


def test_what_stands_is_counted_and_found_by_its_id(asked: tuple[Known, list[Standing]]) -> None:
    known, standing = asked
    assert known.count() == len(standing) > 100
    for kind in ("control", "event"):
        assert known.count((kind,)) == sum(each.assertion.kind == kind for each in standing) > 0
    assert known.some([each.id for each in standing] + ["f" * 24, "none"]) == {each.id: each for each in standing}


def test_the_last_day_spoken_of_is_known(asked: tuple[Known, list[Standing]]) -> None:
    known, standing = asked
    days = sorted(found for each in standing if (found := day(each)))
    for until in (days[0], days[len(days) // 2], days[-1], dt.date(2100, 1, 1)):
        assert known.latest(until) == max(each for each in days if each <= until)
    assert known.latest(dt.date(1900, 1, 1)) is None


@pytest.mark.parametrize("last_first", [False, True])
def test_pages_in_a_row_are_all_there_is(asked: tuple[Known, list[Standing]], last_first: bool) -> None:
    known, standing = asked
    since, until = sorted(found for each in standing if (found := day(each)))[20], dt.date(2001, 12, 1)
    for kinds in ((), ("event",), ("control", "statement")):
        paged: list[Standing] = []
        while some := known.page(kinds, since=since, until=until, last_first=last_first, skip=len(paged), limit=17):
            paged += some
        due = [
            each
            for each in standing
            if (found := day(each)) and since <= found < until and (not kinds or each.assertion.kind in kinds)
        ]
        assert {each.id for each in paged} == {each.id for each in due}
        assert len(paged) == len(due)
        days = [found for each in paged if (found := day(each))]
        assert days == sorted(days, reverse=last_first)


def said_where(standing: Standing) -> tuple[str, str]:
    found = facets(standing.assertion.content)
    return found.kind, found.place


def told_backwards(known: Known, places: Sequence[int], on: dt.date) -> list[list[Standing]]:
    """All that is told of each place, asked day by day, or by more days at once, of all that have more."""
    told: list[list[Standing]] = [[] for _ in places]
    with known.held() as held:
        back = held.backwards("control", [[number] for number in places], on)
        for turn in count():
            days = back.days(range(len(places)))
            asked = {row: found - dt.timedelta(days=turn % 3 * row) for row, found in enumerate(days) if found}
            if not asked:
                return told
            for row, some in zip(asked, back.standings(asked), strict=True):
                assert some
                told[row] += some
    raise AssertionError


def test_several_places_of_a_row_are_told_of_in_one_order(asked: tuple[Known, list[Standing]]) -> None:
    known, _ = asked
    on, places = dt.date(2001, 9, 1), list(known.values("control", "place"))
    apart = told_backwards(known, places, on)
    with known.held() as held:
        (told,) = held.backwards("control", [places], on).standings({0: dt.date(1990, 1, 1)})
    assert {each.id for each in told} == {each.id for row in apart for each in row}
    days = [found for each in told if (found := day(each))]
    assert days == sorted(days, reverse=True)


def test_a_place_is_followed_backwards_and_by_pages(asked: tuple[Known, list[Standing]]) -> None:
    known, standing = asked
    places = known.values("control", "place")
    assert len(places) > 5
    on = dt.date(2001, 9, 1)
    rows = told_backwards(known, list(places), on)
    for name, told in zip(places.values(), rows, strict=True):
        said = [each for each in standing if said_where(each) == ("control", term(name))]
        assert {each.id for each in told} == {each.id for each in said if (found := day(each)) and found <= on}
        days = [found for each in told if (found := day(each))]
        assert days == sorted(days, reverse=True)
        paged = known.page(("control",), place=name.thing or name.words, limit=1000)
        assert {each.id for each in paged} == {each.id for each in said if day(each)}


def test_who_is_named_in_a_period_is_known(asked: tuple[Known, list[Standing]]) -> None:
    known, standing = asked
    since, until = dt.date(2001, 3, 1), dt.date(2001, 6, 1)
    found = known.parties({"control": {"holder"}, "event": {"actor", "recipient"}}, since, until)
    due = set()
    for each in standing:
        kind, _, _, actor, other = facets(each.assertion.content)
        if kind in ("control", "event") and (spoken_of := day(each)) and since <= spoken_of <= until:
            due |= {actor, other} - {""}
    assert {term(name) for name in found} == due
    assert due
