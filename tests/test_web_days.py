"""Days: links that carry them, bars that hold every one once, and those no axis can hold."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise
from urllib.parse import unquote_plus, urlsplit

from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace
from starlette.testclient import TestClient

from contested.model import Control, Event, Period
from contested.web import app, chart
from contested.web.state import View, read_view
from web_world import HERE, PAGES, World, standings


@given(
    st.none() | st.dates(),
    st.sampled_from(["", "2021-07-14", "2021-07-14T06:00", "2021-07-14T06:00:00+04:30"]),
    st.sampled_from(["", "control-lwj"]),
)
def test_a_link_read_and_written_is_the_same_link(on: dt.date | None, known: str, codebook: str) -> None:
    link = View(on, known, codebook).link("/map")
    query = dict(pair.split("=") for pair in urlsplit(link).query.split("&") if pair)
    assert read_view({key: unquote_plus(value) for key, value in query.items()}).link("/map") == link


@given(st.lists(st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)), min_size=1, max_size=40))
def test_bars_hold_every_day_once(days: list[dt.date]) -> None:
    bars = chart.bars(days)
    assert sum(bar.count for bar in bars) == len(days)
    assert len(bars) <= chart.MOST
    for bar in bars:
        assert bar.count == sum(bar.since <= day < bar.until for day in days)
    assert all(one.until == two.since for one, two in pairwise(bars))


HOSTILE = ("0001-01-01", "0622-07-16", "2021-08-08", "9999-12-31")


def test_days_no_axis_can_hold_are_listed_and_not_drawn() -> None:
    kinds = (Control, Event)
    taken = [next(each for each in standings() if isinstance(each.assertion.content, kind)) for kind in kinds]
    said = [
        replace(each, id=f"{n:024x}", assertion=replace(each.assertion, period=Period(dt.date.fromisoformat(day))))
        for n, (day, each) in enumerate((day, each) for day in HOSTILE for each in taken)
    ]
    hostile = TestClient(app(World(said=said)), base_url=HERE)  # type: ignore[arg-type]
    for path in (
        "/map",
        "/timeline",
        "/timeline?since=0001-01-01&until=9999-12-31",
        "/map?on=9999-12-31",
        *PAGES[:8],
        *PAGES[-5:],
    ):
        assert hostile.get(path).status_code == 200, path
    told = hostile.get("/timeline").text
    assert "3 of days before 1000 or after 3000" in told
    assert "31 December 9999" in told


@given(st.lists(st.dates(), max_size=20))
def test_any_days_give_bars(days: list[dt.date]) -> None:
    drawn = chart.bars(days)
    assert sum(bar.count for bar in drawn) == sum(map(chart.drawable, days))
    assert len(drawn) <= chart.MOST


@given(st.lists(st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)), min_size=1, max_size=30))
@example([dt.date(2013, 6, 1), dt.date(2021, 10, 20)])
def test_dates_under_the_axis_keep_apart(days: list[dt.date]) -> None:
    drawn = str(chart.histogram(chart.bars(days), lambda bar: "/"))
    found = re.findall(r'<text([^>]*)x="([\d.]+)"([^>]*)>([^<]*)</text>', drawn)
    spans = []
    for before, x, after, words in found:
        at, long = float(x), 6.5 * len(words)  # as wide as a letter is drawn
        spans.append((at - long, at) if "end" in before + after else (at, at + long))
    assert all(one[1] <= two[0] for one, two in pairwise(sorted(spans)))
