"""The grammar of days: counts, years, days of the calendar and of the week, times of day. Read with timerules.py."""

from __future__ import annotations

from typing import Any

from contested.text import timespans as spans
from contested.text.holidays import holiday, other_day
from contested.text.patterns import rule
from contested.text.reckoning import (
    Moment,
    as_said,
    beside,
    beside_weekday,
    coming_weekday,
    date,
    day,
    day_of_month,
    directed_date,
    directed_weekday,
    month,
    nothing,
    relative_day,
    short_year,
    this_year,
    told_year,
    weekday,
    weekday_of_month,
    weekday_of_week,
)
from contested.text.timex import Timex


def _first(now: Moment, *values: Any) -> Any:
    return values[0]


def _in_day(now: Moment, at: Timex, part: str) -> Timex:
    return spans.at_time(at, part)


def _in_part(now: Moment, at: str, part: str, day: Timex | None = None) -> Timex:
    return spans.at_time(day or spans.hour_s_day(now), spans.in_part(at, part))


_COUNTS = (
    rule("ROUGH", "no? more|less|fewer than", nothing),
    rule("ROUGH", "at least|most", nothing),
    rule("ROUGH", "up to", nothing),
    rule("ROUGH", "well? over|under", nothing),
    rule("ROUGH", "about|around|some|nearly|almost|approximately|roughly|exactly|another|barely|all", nothing),
    rule("COUNT", "ROUGH? NUMBER", lambda now, rough, n: n),
    rule("COUNT", "ROUGH? NUMBER to|or|-|– NUMBER", lambda now, rough, low, high: high),
    rule("COUNT", "ROUGH? NUMBER FRACTION", lambda now, rough, n, part: n + part),
    rule(
        "COUNT",
        "ROUGH? NUMBER more|full|straight|consecutive|additional|long|whole|trading|business|working",
        lambda now, rough, n: n,
    ),
    rule("COUNT", "ROUGH? NUMBER and a? half", lambda now, rough, n: n + 0.5),
    rule("COUNT", "ROUGH? a|an", lambda now, rough: 1),
    rule("COUNT", "ROUGH? half a|an", lambda now, rough: 0.5),
    rule("COUNT", "ROUGH? a? couple of?", lambda now, rough: 2),
    rule("COUNT", "ROUGH? a? LOOSECOUNT more?", lambda now, rough, loose: 0),
)

_YEARS = (
    rule("Y", "YEAR", lambda now, y: y),
    rule("Y", "SPOKENYEAR NUMBER", _first),
    rule("Y", "'|’ TWO", short_year),
    rule("Y", "YEAR|NUMBER ERA", lambda now, y, sign: int(y) * sign),
    rule("Y", "ERA YEAR|NUMBER", lambda now, sign, y: int(y) * sign),
    rule("CY", "CUEDYEAR", lambda now, y: y),
    rule("CY", "'|’ CUEDTWO", short_year),
    rule("CY", "SPOKENYEAR NUMBER", _first),
    rule("CY", "YEAR|NUMBER ERA", lambda now, y, sign: int(y) * sign),
    rule("CY", "ERA YEAR|NUMBER", lambda now, sign, y: int(y) * sign),
)

_DAYS = (
    rule("MD", "MONTH the? DAY|NTH", lambda now, m, d: (m, d)),
    rule("MD", "DAY|NTH of? MONTH", lambda now, d, m: (m, d)),
    rule("MD", "the DAY|NTH of? MONTH", lambda now, d, m: (m, d)),
    rule(
        "CLOCKTIME",
        "ABOUT? CLOCK AMPM? ZONE? time?",
        lambda now, about, at, half, zone: spans.clock(now, at, half, zone),
    ),
    rule("CLOCKTIME", "ABOUT? CLOCK|MILITARY hrs|hr|hours", lambda now, about, at: spans.clock(now, at)),
    rule("CLOCKTIME", "ABOUT? MILITARY ZONE", lambda now, about, at, zone: spans.clock(now, at, None, zone)),
    rule(
        "CLOCKTIME",
        "ABOUT? DAY AMPM ZONE? time?",
        lambda now, about, h, half, zone: spans.clock(now, (h, 0), half, zone),
    ),
    rule("CLOCKTIME", "ABOUT? DAY|NUMBER o'clock|o’clock", lambda now, about, h: spans.clock(now, (int(h), 0))),
    rule("CLOCKTIME", "ABOUT? NUMBER AMPM", lambda now, about, h, half: spans.clock(now, (int(h), 0), half)),
    rule("CLOCKTIME", "ABOUT? HOURNAME", lambda now, about, t: t),
    rule("CLOCKTIME", "ABOUT? HOURNAME ZONE time?", lambda now, about, t, zone: t + zone),
    rule("MONTHS", "MONTH ,? of? Y", lambda now, m, y: month(m, y)),
    rule("DAYS", "MD ,? of? Y", date),
    rule("DAYS", "MD", date),
    rule("DAYS", "MD ,? of? DIR year", lambda now, on, way: date(now, on, this_year(now, way))),
    rule("DAYS", "MD ,? of? that|the same? year", lambda now, on: date(now, on, told_year(now))),
    rule("DAYS", "YEAR - TWO - TWO", lambda now, y, m, d: date(now, (m, d), y)),
    rule("DAYS", "NAMED", lambda now, on: day(on)),
    rule("DAYS", "DAY|NTH of? OTHERMONTH ,? HIJRIYEAR", lambda now, d, m, y: other_day(now, m, d, y)),
    rule("DAYS", "OTHERMONTH DAY|NTH ,? HIJRIYEAR", other_day),
    rule("DAYS", "UNREAD", lambda now, _: Timex("DATE")),
    rule("D", "DAYS", as_said),
    rule("D", "WEEKDAY|SHORTDAY ,? the? DAYS", as_said),
    rule("D", "HOLIDAY", holiday),
    rule("D", "HOLIDAY ,? of? Y", holiday),
    rule("D", "the NTH of that|this month", day_of_month),
    rule("D", "DIR HOLIDAY", lambda now, way, name: holiday(now, name, None, way)),
    rule("D", "HOLIDAY DIR year", lambda now, name, way: holiday(now, name, this_year(now, way))),
    rule("D", "WEEKDAY ,? the NTH", weekday_of_month),
    rule("D", "WEEKDAY", weekday),
    rule("D", "DIR WEEKDAY", directed_weekday),
    rule("D", "WEEKDAY of? DIR week", weekday_of_week),
    rule("D", "this coming WEEKDAY", coming_weekday),
    rule("D", "this coming WEEKDAY ,? DAYS", as_said),
    rule("D", "this past WEEKDAY", lambda now, w: directed_weekday(now, -1, w)),
    rule("D", "the following|next WEEKDAY", lambda now, w: beside_weekday(now, 1, w)),
    rule("D", "the previous|preceding WEEKDAY", lambda now, w: beside_weekday(now, -1, w)),
    rule("D", "a WEEKDAY DIR UNIT", lambda now, w, way, name: Timex("DATE", f"XXXX-WXX-{w + 1}")),
    rule("D", "TODAY", lambda now, offset: relative_day(now, offset)),
    rule("D", "that same? day", lambda now: spans.spoken_day(now)),
    rule("D", "the very? same day", lambda now: spans.spoken_day(now)),
    rule("D", "the following|next day", lambda now: beside(now, 1, "day")),
    rule("D", "the previous|preceding day", lambda now: beside(now, -1, "day")),
    rule("D", "the day BEFORE", lambda now, _: beside(now, -1, "day")),
    rule("D", "the day AFTER|LATER", lambda now, _: beside(now, 1, "day")),
    rule("D", "DIR MD", lambda now, way, on: directed_date(now, way, on)),
    rule("D", "the day before yesterday", lambda now: relative_day(now, -2)),
    rule("D", "the day after tomorrow", lambda now: relative_day(now, 2)),
    rule("D", "the CUEDNTH", day_of_month),
)

_HOURS = (
    rule("HOUR", "D", as_said),
    rule("HOUR", "D PART", _in_day),
    rule("HOUR", "D early|late PART", _in_day),
    rule("HOUR", "MOD PART on? D", lambda now, mod, part, at: spans.at_time(at, part)),
    rule("HOUR", "D at? CLOCKTIME", _in_day),
    rule("HOUR", "the? PART of|on D", lambda now, part, at: spans.at_time(at, part)),
    rule(
        "HOUR",
        "the? early|late|small PART? hours of|on? D PART?",
        lambda now, part, at, other: spans.at_time(at, part or other or "TMO"),
    ),
    rule("HOUR", "before dawn on? D", lambda now, at: spans.at_time(at, "TMO")),
    rule("HOUR", "CLOCKTIME ,? DAYS ZONE", lambda now, part, at, zone: spans.at_time(at, part + zone)),
    rule("HOUR", "CLOCKTIME on? D", lambda now, part, at: spans.at_time(at, part)),
    rule("HOUR", "CLOCKTIME , D", lambda now, part, at: spans.at_time(at, part)),
    rule("HOUR", "CLOCKTIME|BAREHOUR in the PART", _in_part),
    rule("HOUR", "CLOCKTIME|BAREHOUR in the PART ,? of|on? D", _in_part),
    rule("HOUR", "CLOCKTIME", lambda now, part: spans.at_time(spans.hour_s_day(now), part)),
    rule("HOUR", "DIR PART", lambda now, way, part: spans.at_time(relative_day(now, way), part)),
    rule("HOUR", "that same? PART", lambda now, part: spans.at_time(spans.spoken_day(now), part)),
    rule("HOUR", "the same PART", lambda now, part: spans.at_time(spans.spoken_day(now), part)),
    rule("HOUR", "early? the? following|next PART", lambda now, part: spans.at_time(beside(now, 1, "day"), part)),
    rule("HOUR", "the previous PART", lambda now, part: spans.at_time(beside(now, -1, "day"), part)),
    rule("HOUR", "tonight", lambda now: spans.at_time(relative_day(now, 0), "TNI")),
    rule("HOUR", "OVERNIGHT", lambda now, _: spans.overnight(now)),
)

DAY_RULES = (*_COUNTS, *_YEARS, *_DAYS, *_HOURS)
