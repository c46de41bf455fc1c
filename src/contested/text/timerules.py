"""The grammar of times: which words make which period. Read by dates.py; classes are those of lexicons/times.toml.

Every builder takes the moment it is read at, then the values of the pattern's upper-case elements. A value a builder
needs and has not raises ValueError, which leaves the mention without a period.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from contested.model import Period, Precision
from contested.text import calendar
from contested.text.calendar import spanning, step, unit
from contested.text.patterns import Grammar, rule
from contested.text.sentences import Token
from contested.text.tense import lean

_DAY = dt.timedelta(days=1)
_PRECISIONS: dict[str, Precision] = {"week": "week", "fortnight": "week", "month": "month", "quarter": "month",
                                     "year": "year", "decade": "year", "century": "year"}  # fmt: skip
_NEAR = dt.timedelta(days=75)  # a day without a year this near is meant, whichever way the sentence looks


@dataclass(frozen=True, slots=True)
class Moment:
    """When and where words are read: the day of the report, and their place in its sentence."""

    published: dt.date | None
    tokens: Sequence[Token]
    at: int

    @property
    def today(self) -> dt.date:
        if self.published is None:
            raise ValueError("no day to reckon from")
        return self.published

    @property
    def ahead(self) -> bool:
        return lean(self.tokens, self.at) == "ahead"


def _known(period: Period | None) -> Period:
    if period is None:
        raise ValueError("the period is not known")
    return period


def _ends(period: Period | None) -> tuple[dt.date, dt.date]:
    known = _known(period)
    if known.since is None or known.until is None:
        raise ValueError("the period is open")
    return known.since, known.until


# ── days of the calendar ─────────────────────────────────────────────────────────────────────────


def _date(now: Moment, month: int, day: int, year: int | None = None) -> Period:
    if year is not None:
        return calendar.day(dt.date(year, month, day))
    return calendar.day(_nearest(now, month, day))


def _nearest(now: Moment, month: int, day: int) -> dt.date:
    """A day without a year: the one near at hand, else the next when the sentence looks ahead and the last when not."""
    today = now.today
    days = []
    for year in range(today.year - 8, today.year + 9):
        try:
            days.append(dt.date(year, month, day))
        except ValueError:
            continue
    if not days:
        raise ValueError(f"no day {day} in month {month}")
    nearest = min(days, key=lambda d: abs(d - today))
    if abs(nearest - today) <= _NEAR:
        return nearest
    return min(d for d in days if d >= today) if now.ahead else max(d for d in days if d <= today)


def _days(now: Moment, month: int, first: int, last: int, year: int | None = None) -> Period:
    since, until = _ends(_date(now, month, first, year))[0], _ends(_date(now, month, last, year))[1]
    return spanning(since, until, "day")


def _that_year(now: Moment, direction: int) -> int:
    return now.today.year + direction


def _weekday(now: Moment, weekday: int) -> Period:
    """The last such day, today included; the next when the sentence looks ahead."""
    back = (now.today.weekday() - weekday) % 7
    if now.ahead and back:
        return calendar.day(now.today + (7 - back) * _DAY)
    return calendar.day(now.today - back * _DAY)


def _directed_weekday(now: Moment, direction: int, weekday: int) -> Period:
    """Last: the latest before today. This: of this week. Next: of the week that follows."""
    if direction < 0:
        return calendar.day(now.today - ((now.today.weekday() - weekday - 1) % 7 + 1) * _DAY)
    return _weekday_of_week(now, weekday, direction)


def _wait(now: Moment, weekday: int) -> dt.timedelta:
    return ((weekday - now.today.weekday() - 1) % 7 + 1) * _DAY


def _weekday_of_week(now: Moment, weekday: int, direction: int) -> Period:
    monday = _ends(_directed(now, direction, "week"))[0]
    return calendar.day(monday + weekday * _DAY)


def _weekend(now: Moment, direction: int) -> Period:
    monday = _ends(_directed(now, direction, "week"))[0]
    return spanning(monday + 5 * _DAY, monday + 7 * _DAY, "day")


# ── months, seasons, years ───────────────────────────────────────────────────────────────────────


def _bare_month(now: Moment, month: int) -> Period:
    """This month or the last of its name; the next when the sentence looks ahead."""
    today = now.today
    if now.ahead:
        return calendar.months(today.year + (month < today.month), month)
    return calendar.months(today.year - (month > today.month), month)


def _directed_month(now: Moment, direction: int, month: int) -> Period:
    today = now.today
    if direction < 0:
        return calendar.months(today.year - (month >= today.month), month)
    return calendar.months(today.year + (direction > 0 and month <= today.month), month)


def _months(now: Moment, first: int, last: int, year: int) -> Period:
    return spanning(dt.date(year, first, 1), calendar.months(year, last).until, "month")


def _directed_season(now: Moment, direction: int, season: str) -> Period:
    """Last: the latest that is over or begun before this season of the name. Next: the first not yet begun."""
    found = [calendar.season(season, now.today.year + more) for more in (-2, -1, 0, 1)]
    if direction < 0:
        return [p for p in found if _ends(p)[1] <= now.today][-1]
    if direction > 0:
        return next(p for p in found if _ends(p)[0] > now.today)
    return next((p for p in found if p.covers(now.today)), found[2])


def _quarter(now: Moment, number: int, year: int | None = None) -> Period:
    if year is not None:
        return calendar.quarter(number, year)
    this = calendar.quarter(number, now.today.year)
    return calendar.quarter(number, now.today.year - 1) if _ends(this)[0] > now.today and not now.ahead else this


def _half(now: Moment, number: int, year: int) -> Period:
    if number not in (1, 2):
        raise ValueError("a year has two halves")
    return calendar.months(year, 6 * number - 5, 6, "season")


def _years(now: Moment, first: int, last: int) -> Period:
    last += first // 100 * 100 if last < 100 else 0
    return spanning(dt.date(first, 1, 1), calendar.years(last).until, "year")


def _century(now: Moment, number: int) -> Period:
    return calendar.years(100 * number - 99, 100)


# ── reckoned from the report's day ───────────────────────────────────────────────────────────────


def _directed(now: Moment, direction: int, name: str) -> Period:
    """Last week, this month, next year: whole units."""
    start = _ends(unit(name, now.today))[0]
    return unit(name, step(name, start, direction))


def _relative_day(now: Moment, offset: int) -> Period:
    return calendar.day(now.today + offset * _DAY)


def _ago(now: Moment, count: float, name: str) -> Period:
    """The unit so many units back: "two weeks ago" is a week, "three years ago" a year."""
    if not count:
        raise ValueError("how many is not said")
    return unit("week" if name == "fortnight" else name, step(name, now.today, -count))


def _rolling(now: Moment, direction: int, count: float | None, name: str) -> Period:
    """The past so many units up to today, or those to come from today on. Its precision is that of the unit."""
    if count == 0 or direction == 0:
        raise ValueError("how many is not said")
    if direction > 0:
        return _within(now, count, name)
    start = step(name, now.today, -(count or 1))
    precision = _precision(name)
    since = _ends(unit(precision, start))[0] if precision in ("month", "year") else start
    return spanning(since, now.today + _DAY, precision)


def _within(now: Moment, count: float | None, name: str) -> Period:
    if count == 0:
        raise ValueError("how many is not said")
    return spanning(now.today, step(name, now.today, count or 1), _precision(name))


def _in(now: Moment, count: float, name: str) -> Period | None:
    """ "In two weeks": by then, where the sentence looks ahead; else only how long."""
    return _within(now, count, name) if now.ahead else None


def _precision(name: str) -> Precision:
    return _PRECISIONS.get(name, "day")


def _part_of(now: Moment, part: str, whole: Period | None) -> Period:
    """ "Earlier this month" ends today, "later this month" begins today; "early May" is still no finer than May."""
    period = _known(whole)
    if period.precision == "day" or now.published is None or not period.covers(now.published):
        return period
    if part == "so far":
        return spanning(period.since, now.published + _DAY, period.precision)
    return spanning(now.published, period.until, period.precision) if part == "to come" else period


# ── bounds ───────────────────────────────────────────────────────────────────────────────────────


def _since(now: Moment, start: Period | None) -> Period:
    return spanning(_ends(start)[0], None, _known(start).precision)


def _after(now: Moment, start: Period | None) -> Period:
    return spanning(_ends(start)[1], None, _known(start).precision)


def _until(now: Moment, end: Period | None) -> Period:
    """Up to the end of the time named; from today when that lies ahead."""
    return _up_to(now, _ends(end)[1], _known(end).precision)


def _before(now: Moment, end: Period | None) -> Period:
    return _up_to(now, _ends(end)[0], _known(end).precision)


def _up_to(now: Moment, until: dt.date, precision: Precision) -> Period:
    since = now.published if now.published is not None and now.published < until else None
    return spanning(since, until, precision)


def _from_to(now: Moment, start: Period | None, end: Period | None) -> Period:
    order: tuple[Precision, ...] = ("day", "week", "month", "season", "year")
    coarser = max(_known(start).precision, _known(end).precision, key=order.index)
    return spanning(_ends(start)[0], _ends(end)[1], coarser)


def _same(now: Moment, *values: Period | None) -> Period:
    return _known(values[-1])


def _none(now: Moment, *values: object) -> None:
    return None


_RULES = (
    rule("ROUGH", "more|less|fewer than", _none),
    rule("ROUGH", "at least|most", _none),
    rule("ROUGH", "up to", _none),
    rule("ROUGH", "about|around|some|nearly|almost|approximately|roughly|over|just|only|exactly|another", _none),
    rule("COUNT", "ROUGH? NUMBER", lambda now, rough, n: n),
    rule("COUNT", "ROUGH? NUMBER to|or|-|– NUMBER", lambda now, rough, low, high: high),
    rule("COUNT", "ROUGH? a|an", lambda now, rough: 1),
    rule("COUNT", "ROUGH? a? couple of?", lambda now, rough: 2),
    rule("COUNT", "ROUGH? a? LOOSECOUNT", lambda now, rough, loose: 0),
    # days of the calendar
    rule("DAYS", "MONTH the? DAY ,? of? YEAR", _date),
    rule("DAYS", "MONTH the? DAY|NTH", _date),
    rule("DAYS", "MONTH the? DAY ,? of? DIR year", lambda now, m, d, way: _date(now, m, d, _that_year(now, way))),
    rule("DAYS", "the? DAY|NTH of? MONTH ,? of? YEAR", lambda now, d, m, y: _date(now, m, d, y)),
    rule("DAYS", "the? DAY of? MONTH ,? of? DIR year", lambda now, d, m, way: _date(now, m, d, _that_year(now, way))),
    rule("DAYS", "the DAY|NTH of MONTH", lambda now, d, m: _date(now, m, d)),
    rule("DAYS", "DAY MONTH", lambda now, d, m: _date(now, m, d)),
    rule("DAYS", "YEAR - TWO - TWO", lambda now, y, m, d: _date(now, m, d, y)),
    rule("DAYS", "NAMED", lambda now, on: calendar.day(on)),
    rule("DAYS", "UNREAD", _none),
    rule("DAYS", "MONTH DAY to|through|until|and|-|–|— DAY ,? of? YEAR", _days),
    rule("DAYS", "MONTH DAY to|through|until|and|-|–|— DAY", _days),
    rule("DAYS", "MONTH DAY to|through|until|and|-|–|— MONTH DAY ,? of? YEAR",
         lambda now, m, d, n, e, y: _from_to(now, _date(now, m, d, y), _date(now, n, e, y))),
    rule("DAYS", "DAY to|through|until|and|-|–|— DAY of? MONTH ,? of? YEAR",
         lambda now, a, b, m, y: _days(now, m, a, b, y)),
    rule("DAYS", "DAY to|through|until|and|-|–|— DAY of? MONTH", lambda now, a, b, m: _days(now, m, a, b)),
    # dates of any size
    rule("DATE", "DAYS", _same),
    rule("DATE", "WEEKDAY|SHORTDAY ,? the? DAYS", _same),
    rule("DATE", "DAYS PART", lambda now, days, part: _known(days)),
    rule("DATE", "PART of|on? DATE", _same),
    rule("DATE", "before dawn on? DATE", _same),
    rule("DATE", "CLOCK AMPM? local? time? on? DATE", _same),
    rule("DATE", "DAY AMPM local? time? on? DATE", _same),
    rule("DATE", "WEEKDAY PART?", lambda now, weekday, part: _weekday(now, weekday)),
    rule("DATE", "DIR WEEKDAY PART?", lambda now, way, weekday, part: _directed_weekday(now, way, weekday)),
    rule("DATE", "WEEKDAY of? DIR week", _weekday_of_week),
    rule("DATE", "this coming WEEKDAY", lambda now, w: calendar.day(now.today + _wait(now, w))),
    rule("DATE", "this past WEEKDAY", lambda now, w: _directed_weekday(now, -1, w)),
    rule("DATE", "DIR weekend", _weekend),
    rule("DATE", "the weekend", lambda now: _weekend(now, 0 if now.ahead else -1)),
    rule("DATE", "BAREMONTH", _bare_month),
    rule("DATE", "DIR MONTH", _directed_month),
    rule("DATE", "MONTH ,? of? YEAR", lambda now, m, y: calendar.months(y, m)),
    rule("DATE", "MONTH ,? of? DIR year", lambda now, m, way: calendar.months(_that_year(now, way), m)),
    rule("DATE", "MONTH to|through|and|-|–|/ MONTH ,? of? YEAR", _months),
    rule("DATE", "CUEDYEAR", lambda now, y: calendar.years(y)),
    rule("DATE", "the? year YEAR", lambda now, y: calendar.years(y)),
    rule("DATE", "fiscal year? YEAR", _none),
    rule("DATE", "CUEDYEAR -|–|/ YEAR|TWO", _years),
    rule("DATE", "the? '|’? DECADE", lambda now, y: calendar.years(y, 10)),
    rule("DATE", "the? NTH century", _century),
    rule("DATE", "the? SEASON ,? of? YEAR", lambda now, s, y: calendar.season(s, y)),
    rule("DATE", "DIR SEASON", _directed_season),
    rule("DATE", "the? SEASON of DIR year", lambda now, s, way: calendar.season(s, _that_year(now, way))),
    rule("DATE", "the? NTH -? quarter ,? of? YEAR", _quarter),
    rule("DATE", "the? NTH -? quarter", _quarter),
    rule("DATE", "QUARTER ,? of? YEAR?", _quarter),
    rule("DATE", "the? NTH half of? YEAR", _half),
    rule("DATE", "the? NTH half of the? DATE", _same),
    rule("DATE", "DIR UNIT", _directed),
    rule("DATE", "DIR quarter", lambda now, way: _directed(now, way, "quarter")),
    rule("DATE", "DIR PART", lambda now, way, part: _relative_day(now, way)),
    rule("DATE", "TODAY PART?", lambda now, offset, part: _relative_day(now, offset)),
    rule("DATE", "OVERNIGHT", lambda now, _: spanning(now.today - _DAY, now.today + _DAY, "day")),
    rule("DATE", "NOW", lambda now, _: _relative_day(now, 0)),
    rule("DATE", "at the MOMENT", lambda now, _: _relative_day(now, 0)),
    rule("DATE", "the past|last UNIT|UNITS", lambda now, name: _rolling(now, -1, 1, name)),
    rule("DATE", "the? past|last COUNT UNIT", lambda now, n, name: _rolling(now, -1, n, name)),
    rule("DATE", "past UNITS", _none),
    rule("DATE", "the? recent UNITS", _none),
    rule("DATE", "LOOSE", _none),
    rule("DATE", "COUNT UNIT ago", _ago),
    rule("DATE", "UNITS ago", _none),
    rule("DATE", "COUNT? UNIT later|earlier|afterwards|before|after|previously", _none),
    rule("DATE", "the? same|following|previous|preceding UNIT|PART|WEEKDAY", _none),
    rule("DATE", "the next day|morning", _none),
    rule("DATE", "the day before|after", _none),
    rule("DATE", "that UNIT|PART|WEEKDAY", _none),
    rule("DATE", "MOD on|in|this? DATE", lambda now, part, whole: _part_of(now, part, whole)),
    rule("DATE", "the MOD DATE", lambda now, part, whole: _part_of(now, part, whole)),
    rule("DATE", "MOD in the week|month|year", _none),
    rule("DATE", "MOD in the day", lambda now, part: _relative_day(now, 0)),
    rule("DATE", "the? EDGE of DATE", _same),
    rule("DATE", "the? EDGE of the UNIT", lambda now, edge, name: unit(name, now.today)),
    rule("DATE", "so far DATE", lambda now, whole: _part_of(now, "so far", whole)),
    # bounds
    rule("TIME", "DATE", lambda now, date: date),
    rule("TIME", "as of DATE", _same),
    rule("TIME", "since DATE", _since),
    rule("TIME", "after|following DATE", _after),
    rule("TIME", "until|till|til|through DATE", _until, "bound"),
    rule("TIME", "up until|to DATE", _until, "bound"),
    rule("TIME", "by DATE", _until, "bound"),
    rule("TIME", "before the? end of DATE", _until, "bound"),
    rule("TIME", "before the? end of the UNIT", lambda now, name: _until(now, unit(name, now.today)), "bound"),
    rule("TIME", "before DATE", _before, "bound"),
    rule("TIME", "prior to DATE", _before, "bound"),
    rule("TIME", "ahead of DATE", _before, "bound"),
    rule("TIME", "between DATE and DATE", _from_to),
    rule("TIME", "from DATE to|until|till|through|-|– DATE", _from_to),
    rule("TIME", "DATE through|-|– DATE", _from_to),
    rule("TIME", "DAYS to DAYS", _from_to),
    rule("TIME", "between MONTH and MONTH ,? of? YEAR", _months),
    rule("TIME", "within COUNT UNIT", _within, "horizon"),
    rule("TIME", "within the next|coming COUNT? UNIT", _within, "horizon"),
    rule("TIME", "in|over|during? the? next|coming COUNT UNIT", _within, "horizon"),
    rule("TIME", "in|over|during? the next|coming UNITS", _none, "horizon"),
    rule("TIME", "in|over|during? the next|coming UNIT", lambda now, name: _within(now, 1, name), "horizon"),
    rule("TIME", "within the UNIT",
         lambda now, name: _up_to(now, _ends(unit(name, now.today))[1], _precision(name)), "horizon"),
    rule("TIME", "COUNT UNIT from now", _within, "horizon"),
    rule("TIME", "the near|foreseeable future", _none, "horizon"),
    # how long, how often
    rule("TIME", "for? COUNT -? UNIT", _none, "duration"),
    rule("TIME", "in COUNT UNIT", _in, "in"),
    rule("TIME", "COUNT -? UNIT -? old", _none, "age"),
    rule("TIME", "every|each COUNT? UNIT|PART|WEEKDAY|MONTH", _none, "set"),
    rule("TIME", "COUNT times a|an|per UNIT", _none, "set"),
    rule("TIME", "once|twice a|per UNIT", _none, "set"),
    rule("TIME", "SET", _none, "set"),
    rule("TIME", "WEEKDAYS", _none, "set"),
)  # fmt: skip

GRAMMAR = Grammar(_RULES)
