"""The nouns as values: equal, dated, affirmed or denied."""

import datetime as dt
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from contested import model
from contested.model import (
    Assertion,
    Document,
    Period,
    Problem,
    Standing,
    Voice,
)
from test_model import SAID, assertions, days, nouns

# ── values ───────────────────────────────────────────────────────────────────────────────────────


@given(nouns)
def test_nouns_are_values(noun: Any) -> None:
    copy = msgspec.json.decode(msgspec.json.encode(noun), type=type(noun))
    assert len({noun, copy}) == 1
    with pytest.raises(AttributeError):
        setattr(noun, noun.__struct_fields__[0], None)


@given(days, days, days)
def test_a_period_holds_its_first_day_and_not_its_last(one: dt.date, two: dt.date, day: dt.date) -> None:
    since, until = sorted((one, two))
    assert Period(since, until).covers(day) == (since <= day < until)
    assert Period(since).covers(day) == (since <= day)
    assert Period(None, until).covers(day) == (day < until)
    assert Period().covers(day)


@given(st.lists(days, min_size=3, max_size=3, unique=True).map(sorted), days)
def test_periods_that_meet_share_no_day_and_leave_none_out(ends: list[dt.date], day: dt.date) -> None:
    first, second, third = ends
    before, after, whole = Period(first, second), Period(second, third), Period(first, third)
    assert before.covers(day) + after.covers(day) == whole.covers(day)


@given(assertions)
def test_a_denial_of_a_denial_affirms(a: Assertion) -> None:
    more = replace(a, voices=(*a.voices, Voice("a spokesman", denies=True)))
    assert more.denied != a.denied
    assert replace(more, voices=(*more.voices, Voice("the ministry", denies=True))).denied == a.denied
    assert replace(a, voices=a.voices[::-1]).denied == a.denied
    assert replace(a, voices=(*a.voices, Voice("a witness"))).denied == a.denied


@pytest.mark.parametrize("dating", get_args(model.Dating))
def test_a_guess_never_dates_a_report(dating: model.Dating) -> None:
    document = Document("d", "s", "t", "o", published=dt.date(2021, 8, 8), dating=dating)
    assert (document.dated is None) == (dating in ("guessed", "unknown"))


@given(st.none() | days, st.none() | days)
def test_a_standing_speaks_of_its_own_day_first(since: dt.date | None, published: dt.date | None) -> None:
    moment = dt.datetime(2021, 8, 9, tzinfo=dt.UTC)
    standing = Standing(SAID.id, replace(SAID, period=Period(since)), "control@1", moment, "Gazette", published)
    assert standing.day == (since or published)


def test_a_problem_reads_as_a_sentence_with_its_place() -> None:
    assert str(Problem("a.txt", "it is empty", "Leave it out")) == "a.txt: it is empty. Leave it out"
    assert str(Problem("a.txt", "no date", "Write one", "3")) == "a.txt:3: no date. Write one"
