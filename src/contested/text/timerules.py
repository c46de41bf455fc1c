"""The grammar of times: which words make which time. Read by dates.py; classes are those of lexicons/times.toml.

Every builder takes the moment it is read at, then the values of the pattern's upper-case elements. A value a builder
needs and has not raises ValueError, which leaves the words without a value.
"""

from __future__ import annotations

from typing import Any

from contested.text import calendar, timex
from contested.text import timespans as spans
from contested.text.holidays import holiday, other_day, other_month
from contested.text.patterns import Grammar, rule
from contested.text.reckoning import (
    Moment,
    ago,
    away,
    bare_month,
    bare_season,
    beside,
    beside_weekday,
    century,
    coming_weekday,
    date,
    day,
    day_of_month,
    directed,
    directed_date,
    directed_month,
    directed_season,
    directed_weekday,
    half,
    month,
    quarter,
    quarter_before,
    quarter_in,
    relative_day,
    same,
    season,
    short_year,
    spoken_unit,
    that_quarter,
    weekday,
    weekday_of_week,
    weekend,
    year_named,
)
from contested.text.timex import Timex, point

# Phrases that are times of their own inside a TIME, which may add a bound or join two of them.
TIMED = frozenset({
    "DATE", "DAYS", "MONTHS", "LENGTH", "ORDINAL", "BACK", "COMING", "SETS", "EACH", "NIGHT",
    "OPENDATE", "OPENDAY", "OPENMONTH", "OPENYEAR", "OLDYEAR",
    "CLOSEDAY", "CLOSEDAYYEAR", "CLOSEYEAR", "CLOSETWO", "CLOSEOLD",
})  # fmt: skip
_TO = "to|through|until|till|and|or|-|–|—|/"


def _same(now: Moment, *values: Any) -> Any:
    return values[-1]


def _first(now: Moment, *values: Any) -> Any:
    return values[0]


def _vague(now: Moment, value: str) -> Timex:
    return Timex("DATE", value)


def _present(now: Moment, *values: object) -> Timex:
    return point("PRESENT_REF", "", calendar.day(now.published) if now.published else None)


def _no(now: Moment, *values: object) -> None:
    return None


def _this_year(now: Moment, direction: int = 0) -> int:
    return now.today.year + direction


def _told_year(now: Moment) -> int:
    return timex.year_of(now.by.last or now.then)


def _in_day(now: Moment, at: Timex, part: str) -> Timex:
    return spans.at_time(at, part)


_COUNTS = (
    rule("ROUGH", "more|less|fewer than", _no),
    rule("ROUGH", "at least|most", _no),
    rule("ROUGH", "up to", _no),
    rule("ROUGH", "well? over|under", _no),
    rule("ROUGH", "about|around|some|nearly|almost|approximately|roughly|exactly|another|barely|all", _no),
    rule("COUNT", "ROUGH? NUMBER", lambda now, rough, n: n),
    rule("COUNT", "ROUGH? NUMBER to|or|-|– NUMBER", lambda now, rough, low, high: high),
    rule("COUNT", "ROUGH? NUMBER FRACTION", lambda now, rough, n, part: n + part),
    rule("COUNT", "ROUGH? NUMBER more|full|straight|consecutive|additional|long|whole", lambda now, rough, n: n),
    rule("COUNT", "ROUGH? NUMBER and a half", lambda now, rough, n: n + 0.5),
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
    rule("CLOCKTIME", "ABOUT? CLOCK AMPM? ZONE? time?", lambda now, about, at, half, zone: spans.clock(now, at, half)),
    rule("CLOCKTIME", "ABOUT? CLOCK|MILITARY hrs|hr|hours", lambda now, about, at: spans.clock(now, at)),
    rule("CLOCKTIME", "ABOUT? MILITARY ZONE", lambda now, about, at, zone: spans.clock(now, at)),
    rule("CLOCKTIME", "ABOUT? DAY AMPM ZONE? time?", lambda now, about, h, half, zone: spans.clock(now, (h, 0), half)),
    rule("CLOCKTIME", "ABOUT? NUMBER AMPM", lambda now, about, h, half: spans.clock(now, (int(h), 0), half)),
    rule("CLOCKTIME", "ABOUT? HOURNAME", lambda now, about, t: t),
    rule("MONTHS", "MONTH ,? of? Y", lambda now, m, y: month(m, y)),
    rule("DAYS", "MD ,? of? Y", date),
    rule("DAYS", "MD", date),
    rule("DAYS", "MD ,? of? DIR year", lambda now, on, way: date(now, on, _this_year(now, way))),
    rule("DAYS", "MD ,? of? that|the same? year", lambda now, on: date(now, on, _told_year(now))),
    rule("DAYS", "YEAR - TWO - TWO", lambda now, y, m, d: date(now, (m, d), y)),
    rule("DAYS", "NAMED", lambda now, on: day(on)),
    rule("DAYS", "DAY|NTH of? OTHERMONTH ,? NUMBER", lambda now, d, m, y: other_day(now, m, d, y)),
    rule("DAYS", "OTHERMONTH DAY|NTH ,? NUMBER", other_day),
    rule("DAYS", "UNREAD", lambda now, _: Timex("DATE")),
    rule("D", "DAYS", _same),
    rule("D", "WEEKDAY|SHORTDAY ,? the? DAYS", _same),
    rule("D", "HOLIDAY", holiday),
    rule("D", "HOLIDAY ,? of? Y", holiday),
    rule("D", "the NTH of that|this month", day_of_month),
    rule("D", "DIR HOLIDAY", lambda now, way, name: holiday(now, name, None, way)),
    rule("D", "HOLIDAY DIR year", lambda now, name, way: holiday(now, name, _this_year(now, way))),
    rule("D", "WEEKDAY ,? the NTH", lambda now, w, n: day_of_month(now, n)),
    rule("D", "WEEKDAY", weekday),
    rule("D", "DIR WEEKDAY", directed_weekday),
    rule("D", "WEEKDAY of? DIR week", weekday_of_week),
    rule("D", "this coming WEEKDAY", coming_weekday),
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
    rule("HOUR", "D", _same),
    rule("HOUR", "D PART", _in_day),
    rule("HOUR", "D early|late PART", _in_day),
    rule("HOUR", "D at? CLOCKTIME", _in_day),
    rule("HOUR", "the? PART of|on D", lambda now, part, at: spans.at_time(at, part)),
    rule(
        "HOUR",
        "the? early|late|small PART? hours of|on? D PART?",
        lambda now, part, at, other: spans.at_time(at, part or other or "TMO"),
    ),
    rule("HOUR", "before dawn on? D", lambda now, at: spans.at_time(at, "TMO")),
    rule("HOUR", "CLOCKTIME ,? DAYS ZONE", lambda now, part, at, zone: spans.at_time(at, part)),
    rule("HOUR", "CLOCKTIME on? D", lambda now, part, at: spans.at_time(at, part)),
    rule("HOUR", "CLOCKTIME , D", lambda now, part, at: spans.at_time(at, part)),
    rule("HOUR", "CLOCKTIME in the PART", lambda now, part, _: spans.at_time(spans.spoken_day(now), part)),
    rule("HOUR", "CLOCKTIME", lambda now, part: spans.at_time(spans.spoken_day(now), part)),
    rule("HOUR", "DIR PART", lambda now, way, part: spans.at_time(relative_day(now, way), part)),
    rule("HOUR", "that same? PART", lambda now, part: spans.at_time(spans.spoken_day(now), part)),
    rule("HOUR", "the same PART", lambda now, part: spans.at_time(spans.spoken_day(now), part)),
    rule("HOUR", "early? the? following|next PART", lambda now, part: spans.at_time(beside(now, 1, "day"), part)),
    rule("HOUR", "the previous PART", lambda now, part: spans.at_time(beside(now, -1, "day"), part)),
    rule("HOUR", "tonight", lambda now: spans.at_time(relative_day(now, 0), "TNI")),
    rule("HOUR", "OVERNIGHT", lambda now, _: spans.overnight(now)),
)

_POINTS = (
    rule("POINT", "DIR WEEKEND", lambda now, way, _: weekend(now, way)),
    rule("POINT", "the WEEKEND", lambda now, _: weekend(now, 0 if now.ahead else -1)),
    rule("POINT", "OTHERMONTH NUMBER", other_month),
    rule("POINT", "COUNT UNIT after the? EPOCH", lambda now, n, name, at: spans.span_from(now, n, name, at)),
    rule("POINT", "COUNT UNIT before the? EPOCH", lambda now, n, name, at: spans.span_from(now, -n, name, at)),
    rule("POINT", "FISCAL ’s|'s? government? ’s|'s? fiscal year? YEAR", spans.fiscal),
    rule("POINT", "BAREMONTH", bare_month),
    rule("POINT", "DIR MONTH", directed_month),
    rule("POINT", "MONTHS", _same),
    rule("POINT", "MONTH ,? of? DIR year", lambda now, m, way: month(m, _this_year(now, way))),
    rule("POINT", "MONTH of? that|the same? year", lambda now, m: month(m, _told_year(now))),
    rule("POINT", "the? month of MONTH Y?", lambda now, m, y: month(m, y) if y else bare_month(now, m)),
    rule("POINT", "CY", year_named),
    rule("POINT", "the? year Y", year_named),
    rule("POINT", "the year NUMBER", lambda now, n: year_named(now, int(n) if n >= 1000 else 0)),
    rule("POINT", "fiscal year? YEAR", lambda now, y: spans.fiscal(now, None, y)),
    rule("POINT", "the? '|’? DECADE", lambda now, y: point(f"{y // 10:03d}")),
    rule("POINT", "the? DECADE ERA", lambda now, y, sign: Timex("DATE", f"BC{y // 10:03d}")),
    rule("POINT", "the? NTH -? century ERA?", lambda now, n, sign: century(n, sign or 1)),
    rule("POINT", "the? SEASON ,? of? Y", lambda now, s, y: season(s, y)),
    rule("POINT", "DIR SEASON", directed_season),
    rule("POINT", "this past SEASON", lambda now, name: directed_season(now, -1, name)),
    rule("POINT", "this coming SEASON", lambda now, name: directed_season(now, 1, name)),
    rule("POINT", "the? HUNIT - earlier|ago fiscal? NTH quarter", lambda now, name, n: quarter_before(now, n)),
    rule("POINT", "the|that? BARESEASON", bare_season),
    rule("POINT", "NOUNSEASON", bare_season),
    rule("POINT", "the? SEASON of DIR year", lambda now, s, way: season(s, _this_year(now, way))),
    rule("POINT", "the? SEASON of that|the same? year", lambda now, s: season(s, _told_year(now))),
    rule("POINT", "the? following|next SEASON", lambda now, s: season(s, _told_year(now) + 1)),
    rule("POINT", "the? fiscal? NTH quarter ,? of? Y", quarter),
    rule("POINT", "the? fiscal? NTH quarter of DIR year", lambda now, n, way: quarter(now, n, _this_year(now, way))),
    rule("POINT", "the? fiscal? NTH quarter", quarter),
    rule("POINT", "NTH - quarter", quarter),
    rule("POINT", "the fiscal? quarter", lambda now: that_quarter(now)),
    rule("POINT", "DIR year ’s|'s fiscal? NTH quarter", lambda now, way, n: quarter(now, n, _this_year(now, way))),
    rule("POINT", "QUARTER", quarter),
    rule("POINT", "QUARTER ,? of? Y", quarter),
    rule("POINT", "the? NTH half of? Y", lambda now, n, y: half(n, y)),
    rule("POINT", "DIR ONE", directed),
    rule("POINT", "DIR quarter", lambda now, way: directed(now, way, "quarter")),
    rule("POINT", "the? latest fiscal? QUARTERS|PERIOD", lambda now, _: that_quarter(now)),
    rule("POINT", "the fiscal WHOLEUNIT", spoken_unit),
    rule("POINT", "the YEAR QUARTERS|PERIOD", lambda now, y, _: quarter_in(now, y)),
    rule("POINT", "the? YEAR NTH quarter", lambda now, y, n: quarter(now, n, y)),
    rule("POINT", "the? current|full fiscal? UNIT|QUARTERS", lambda now, name: directed(now, 0, name)),
    rule("POINT", "these UNITS", lambda now, _: Timex("DATE", "PRESENT_REF")),
    rule("POINT", "present - day", lambda now: Timex("DATE", "PRESENT_REF")),
    rule("POINT", "NOW", _present),
    rule("POINT", "right now", _present),
    rule("POINT", "at the MOMENT", _present),
    rule("POINT", "the time being", _present),
    rule("POINT", "LOOSE", _vague),
    rule("POINT", "LOOSEADJECTIVE", _vague),
    rule("POINT", "the AWHILE", _vague),
    rule("POINT", "the near|foreseeable future", lambda now: Timex("DATE", "FUTURE_REF"), "horizon"),
    rule("POINT", "the? recent UNITS", lambda now, name: spans.lasting(0, name)),
    rule("POINT", "COUNT UNIT ago", ago),
    rule("POINT", "UNITS ago", lambda now, name: ago(now, 0, name)),
    rule("POINT", "COUNT UNIT LATER|AFTER", lambda now, n, name, _: away(now, n, name, 1)),
    rule("POINT", "COUNT UNIT EARLIER|BEFORE", lambda now, n, name, _: away(now, n, name, -1)),
    rule("POINT", "COUNT UNIT from now", lambda now, n, name: spans.coming(now, n, name), "horizon"),
    rule("POINT", "UNITS LATER", lambda now, name, _: away(now, 0, name, 1)),
    rule("POINT", "UNITS EARLIER", lambda now, name, _: away(now, 0, name, -1)),
    rule("POINT", "the? following|next|subsequent ONE", lambda now, name: beside(now, 1, name)),
    rule("POINT", "the? previous|preceding|prior ONE", lambda now, name: beside(now, -1, name)),
    rule("POINT", "that same? ONE", same),
    rule("POINT", "the same ONE", same),
    rule("POINT", "the WHOLEUNIT", spoken_unit),
    rule("POINT", "the year BEFORE", lambda now, _: beside(now, -1, "year")),
    rule("POINT", "the year AFTER", lambda now, _: beside(now, 1, "year")),
    rule("POINT", "the? HUNIT - earlier|ago UNIT|QUARTERS|PERIOD?", lambda now, name, _: ago(now, 1, name)),
    rule("POINT", "the week of DAYS", lambda now, at: point(timex.within("week", timex.first_day(at.value)))),
)

_DATES = (
    rule("DATE", "HOUR|POINT", _same),
    rule("DATE", "MOD on|in|this? HOUR|POINT", spans.part_of),
    rule("DATE", "HALFWAY in|this? POINT", spans.part_of),
    rule("DATE", "the MOD POINT", spans.part_of),
    rule("DATE", "MOD - POINT", spans.part_of),
    rule("DATE", "UNIT -? end", lambda now, name: spans.part_of(now, "END", spoken_unit(now, name))),
    rule("DATE", "HUNIT - end", lambda now, name: spans.part_of(now, "END", spoken_unit(now, name))),
    rule("DATE", "the? UNIT ’s|'s end", lambda now, name: spans.part_of(now, "END", spoken_unit(now, name))),
    rule("DATE", "MOD|HALFWAY in the UNIT", lambda now, mod, name: spans.part_of(now, mod, beside(now, 0, name))),
    rule("DATE", "the latter|later|last part|half of POINT", lambda now, whole: spans.part_of(now, "END", whole)),
    rule("DATE", "the early|earlier|first part of POINT", lambda now, whole: spans.part_of(now, "START", whole)),
    rule("DATE", "most|much|all of POINT", _same),
    rule("DATE", "the rest|remainder of POINT", lambda now, whole: spans.part_of(now, "to come", whole)),
    rule("DATE", "the? EDGE of|to POINT", lambda now, mod, whole: spans.part_of(now, mod, whole)),
    rule("DATE", "the? EDGE of the UNIT", lambda now, mod, name: spans.part_of(now, mod, directed(now, 0, name))),
    rule("DATE", "the? NTH half of? POINT", lambda now, n, whole: spans.part_of(now, "START", whole)),
)

_SPANS = (
    rule("LENGTH", "the? COUNT UNIT", lambda now, n, name: spans.lasting(n, name)),
    rule("LENGTH", "a|an UNIT or two|so", lambda now, name: spans.lasting(1, name)),
    rule("LENGTH", "a|an UNIT and a half", lambda now, name: spans.lasting(1.5, name)),
    rule("LENGTH", "COUNT UNIT or so|more", lambda now, n, name: spans.lasting(n, name)),
    rule("LENGTH", "COUNT - UNIT", lambda now, n, name: spans.lasting(n, name)),
    rule("LENGTH", "NUMBER? -? HUNIT - long", lambda now, n, name: spans.lasting(n or 1, name)),
    rule("LENGTH", "UNITS - long", lambda now, name: spans.lasting(0, name)),
    rule("LENGTH", "UNITS", lambda now, name: spans.lasting(0, name)),
    rule("ORDINAL", "the? NTH|FIRSTLAST COUNT? UNIT of HOUR|POINT", spans.counted_within),
    rule("ORDINAL", "the? NTH|FIRSTLAST COUNT? UNIT of|in the? EPOCH", spans.counted_within),
    rule("ORDINAL", "the? NTH|FIRSTLAST UNIT", lambda now, _, name: spans.lasting(1, name), "duration"),
    rule("ORDINAL", "the? FIRSTLAST COUNT UNIT", lambda now, _, n, name: spans.lasting(n, name), "duration"),
    rule(
        "ORDINAL",
        "the? next|subsequent|succeeding|preceding UNITS",
        lambda now, name: spans.lasting(0, name),
        "duration",
    ),
    rule("ORDINAL", "the? FIRSTLAST UNITS", lambda now, _, name: spans.lasting(0, name), "duration"),
    rule("BACK", "the past|last UNITS", lambda now, name: spans.rolling(now, -1, 0, name)),
    rule("BACK", "the past UNIT", lambda now, name: spans.rolling(now, -1, 1, name)),
    rule("BACK", "the? past|last|recent COUNT UNIT", lambda now, n, name: spans.rolling(now, -1, n, name)),
    rule("BACK", "the? past|last COUNT MANYQUARTERS", lambda now, n, name: spans.rolling(now, -1, n, name)),
    rule("BACK", "past UNITS", lambda now, name: spans.lasting(0, name)),
    rule("COMING", "the? next|coming COUNT UNIT", spans.coming),
    rule("COMING", "the? next|coming COUNT MANYQUARTERS", spans.coming),
    rule("COMING", "the? next|coming UNITS", lambda now, name: spans.lasting(0, name)),
    rule("COMING", "the? coming UNIT", lambda now, name: spans.coming(now, 1, name)),
    rule("SETS", "every|each COUNT? UNIT", lambda now, n, name: spans.recurring(timex.length(n or 1, name))),
    rule("SETS", "every|each QUARTERS", lambda now, name: spans.recurring(timex.length(1, name))),
    rule("SETS", "every|each other UNIT", lambda now, name: spans.recurring(timex.length(2, name))),
    rule("SETS", "every|each WEEKDAY", lambda now, w: spans.recurring(f"XXXX-WXX-{w + 1}")),
    rule("SETS", "every|each MONTH", lambda now, m: spans.recurring(f"XXXX-{m:02d}")),
    rule("SETS", "every|each PART", lambda now, part: spans.recurring(f"XXXX-XX-XX{part}")),
    rule("NIGHT", "night", lambda now: Timex("TIME", "XXXX-XX-XXTNI")),
    rule("SETS", "per UNIT", lambda now, name: spans.recurring(timex.length(1, name))),
    rule("SETS", "SET", lambda now, value: spans.recurring(value)),
    rule("SETS", "WEEKDAYS", lambda now, w: spans.recurring(f"XXXX-WXX-{w + 1}" if w < 6 else "XXXX-WXX-WE")),
    rule("EACH", "a|an|per UNIT", lambda now, name: spans.recurring(timex.length(1, name))),
)

_ENDS = (
    rule("OPENDATE", "MD", _same),
    rule("OPENDAY", "DAY|NTH", _same),
    rule("OPENMONTH", "MONTH", _same),
    rule("OPENYEAR", "YEAR", _same),
    rule("CLOSEDAY", "DAY|NTH", _same),
    rule("CLOSEDAYYEAR", "DAY|NTH ,? of? YEAR", lambda now, d, y: (d, y)),
    rule("CLOSEYEAR", "YEAR", _same),
    rule("OLDYEAR", "NUMBER", lambda now, n: int(n)),
    rule("CLOSEOLD", "NUMBER ERA", lambda now, n, sign: int(n) * sign),
    rule("CLOSETWO", "TWO", _same),
)

_TIMES = (
    rule("TIME", "DATE", _same),
    rule("TIME", "as of DATE", _same),
    rule("TIME", "so far DATE", lambda now, whole: spans.part_of(now, "so far", whole)),
    rule("TIME", "at|by NIGHT", _same, "set"),
    rule("TIME", "since DATE", spans.since),
    rule("TIME", "after|following DATE", spans.after),
    rule("TIME", "until|till|til|through DATE", spans.until, "bound"),
    rule("TIME", "up until|to DATE", spans.until, "bound"),
    rule("TIME", "by DATE", spans.until, "bound"),
    rule("TIME", "before the? end of DATE", spans.until, "bound"),
    rule("TIME", "before DATE", spans.before, "bound"),
    rule("TIME", "prior to DATE", spans.before, "bound"),
    rule("TIME", "ahead of DATE", spans.before, "bound"),
    rule("TIME", f"from|between? OPENDATE {_TO} DAYS", spans.opening_day),
    rule("TIME", f"from|between? OPENDAY {_TO} DAYS", spans.opening_number),
    rule("TIME", f"from|between? OPENMONTH {_TO} MONTHS", spans.opening_month),
    rule("TIME", f"from|between? DAYS {_TO} CLOSEDAY", spans.closing_number),
    rule("TIME", f"from|between? OPENDATE {_TO} CLOSEDAYYEAR",
         lambda now, on, last: spans.closing_in_year(now, on, *last)),
    rule("TIME", f"from|between? OPENYEAR {_TO} CLOSEYEAR", spans.closing_year),
    rule("TIME", "from|between? OPENYEAR -|–|—|/ CLOSETWO", spans.closing_year),
    rule("TIME", f"from|between? OLDYEAR {_TO} CLOSEOLD", spans.closing_year),
    rule("TIME", "between DATE and DATE", spans.between),
    rule("TIME", f"from DATE {_TO} DATE", spans.between),
    rule("TIME", "DATE through|-|–|— DATE", spans.between),
    rule("TIME", "since|after the? EPOCH", spans.since),
    rule("TIME", "before|until the? EPOCH", spans.before, "bound"),
    rule("TIME", "during|throughout the? EPOCH", _same),
    rule("TIME", "within LENGTH of|after the? EPOCH|DATE", spans.within_span_of, "bound"),
    rule("TIME", "within LENGTH|COMING", spans.within_span, "horizon"),
    rule("TIME", "within the UNIT",
         lambda now, name: spans.part_of(now, "to come", directed(now, 0, name)), "horizon"),
    rule("TIME", "ORDINAL|BACK", _same),
    rule("TIME", "in|over|during? COMING", _same, "horizon"),
    rule("TIME", "in LENGTH", spans.in_span, "in"),
    rule("TIME", "for? LENGTH", _same, "duration"),
    rule("TIME", "the? COUNT -? HUNIT - old|olds", _no, "age"),
    rule("TIME", "COUNT -? UNIT -? old", _no, "age"),
    rule("TIME", "SETS", _same, "set"),
    rule("TIME", "COUNT times EACH", _same, "set"),
    rule("TIME", "once|twice EACH", _same, "set"),
)  # fmt: skip

GRAMMAR = Grammar((*_COUNTS, *_YEARS, *_DAYS, *_HOURS, *_POINTS, *_DATES, *_SPANS, *_ENDS, *_TIMES))
