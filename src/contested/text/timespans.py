"""Lengths of time, parts of a time, bounds and ranges: what is made of times once they are known."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from contested.model import Period, Precision
from contested.text import timex
from contested.text.calendar import spanning, step, unit
from contested.text.quarters import half
from contested.text.reckoning import DAY, Moment, ends
from contested.text.timex import Timex, point

_PRECISIONS: dict[str, Precision] = {"week": "week", "fortnight": "week", "month": "month", "quarter": "month",
                                     "year": "year", "decade": "year", "century": "year"}  # fmt: skip
_ORDER: tuple[Precision, ...] = ("day", "week", "month", "season", "year")

# ── how long, how often ──────────────────────────────────────────────────────────────────────────


def lasting(count: float | None, name: str, mod: str = "") -> Timex:
    """A length of time; count None or nought where how many is not said."""
    return Timex("DURATION", timex.length(count, name), mod)


def recurring(value: str) -> Timex:
    return Timex("SET", value)


def rolling(now: Moment, direction: int, count: float | None, name: str) -> Timex:
    """The past so many units up to today, or those to come from today on. Its precision is that of the unit."""
    if direction > 0:
        return coming(now, count, name)
    long = lasting(count, name)
    if not count or now.published is None:
        return long
    start = step(name, now.today, -count)
    precision = precision_of(name)
    since = ends(unit(precision, start))[0] if precision in ("month", "year") else start
    return replace(long, period=spanning(since, now.today + DAY, precision))


def coming(now: Moment, count: float | None, name: str) -> Timex:
    """From today on, so many units long."""
    long = lasting(count, name)
    return replace(long, period=_within(now, count, name)) if count and now.published else long


def _within(now: Moment, count: float | None, name: str) -> Period:
    return spanning(now.today, step(name, now.today, count or 1), precision_of(name))


def precision_of(name: str) -> Precision:
    return _PRECISIONS.get(name, "day")


def within_span(now: Moment, span: Timex) -> Timex:
    """Within a length of time: from today until then. Raises ValueError when how long is not said."""
    count, name = timex.measure(span.value)
    return replace(span, period=_within(now, count, name))


def in_span(now: Moment, span: Timex) -> Timex:
    """ "In two weeks": by then, where the sentence looks ahead; else only how long."""
    return within_span(now, span) if now.ahead else span


# ── parts of a time ──────────────────────────────────────────────────────────────────────────────

_MODS = {"so far": "START", "to come": "END"}


def part_of(now: Moment, mod: str, whole: Timex) -> Timex:
    """ "Early May" is still no finer than May; "earlier this month" ends today, "later this month" begins today."""
    marked = replace(whole, mod=_MODS.get(mod, mod))
    period = whole.period
    if period is None or period.precision == "day" or now.published is None or not period.covers(now.published):
        return marked
    if mod == "so far":
        return replace(marked, period=spanning(period.since, now.published + DAY, period.precision))
    return (
        replace(marked, period=spanning(now.published, period.until, period.precision)) if mod == "to come" else marked
    )


def half_of(now: Moment, number: int, whole: Timex) -> Timex:
    """The first or second half: of a year one with a value, of other times only a part."""
    if re.fullmatch(r"\d{4}", whole.value):
        return half(number, timex.year_of(whole.value))
    return replace(whole, mod="START" if number == 1 else "END")


def at_time(day: Timex, part: str) -> Timex:
    """A time of a day: its morning, 6:30 there. Of a day that is not known in full, the time alone."""
    if period := day.period:
        if period.precision != "day":
            raise ValueError("no day to put the time in")
        return Timex("TIME", day.value.partition("T")[0] + part, day.mod, period)
    return Timex("TIME", (day.value or "XXXX-XX-XX") + part)


def clock(now: Moment, shown: tuple[int, int], half: int | None = None, zone: str | None = None) -> str:
    """T06:30 from (6, 30) and a.m. (0) or p.m. (12), with Z in universal time. Raises ValueError for an hour no clock
    shows."""
    hour, minute = shown
    if half is not None:
        if not 1 <= hour <= 12:
            raise ValueError(f"no hour {hour}")
        hour = hour % 12 + half
    if hour > 24 or minute > 59:
        raise ValueError(f"no time {hour}:{minute}")
    return f"T{hour:02d}:{minute:02d}{zone or ''}"


def in_part(at: str, part: str) -> str:
    """A time by the clock in a part of the day: T05:30 in the afternoon is T17:30."""
    hour = int(at[1:3])
    late = part in ("TAF", "TEV") or (part == "TNI" and hour >= 6)
    return f"T{hour + 12}{at[3:]}" if late and hour < 12 else at


def spoken_day(now: Moment) -> Timex:
    """The day last spoken of, else the report's, else one not known."""
    try:
        said = timex.first_day(now.by.last or now.then)
    except ValueError:
        return Timex("DATE", "XXXX-XX-XX")
    day = (now.by.last or now.then).partition("T")[0]
    if re.fullmatch(r"\d{4}-\d\d-\d\d", day):
        return point(said.isoformat())
    month = day if re.fullmatch(r"\d{4}-\d\d", day) else f"{said.year:04d}-XX"
    return Timex("DATE", f"{month}-XX")


def hour_s_day(now: Moment) -> Timex:
    """The day of an hour that is named alone: the one last spoken of; in news, failing that, the report's."""
    said = spoken_day(now)
    return said if said.period or now.by.narrative or now.published is None else point(now.published.isoformat())


# ── bounds and ranges ────────────────────────────────────────────────────────────────────────────


def since(now: Moment, start: Timex) -> Timex:
    return _bounded(start, spanning(ends(start.period)[0], None, _precision(start)))


def after(now: Moment, start: Timex) -> Timex:
    """From the day after on; after an hour of a day, still that day."""
    if start.type == "TIME":
        return start
    return _bounded(start, spanning(ends(start.period)[1], None, _precision(start)))


def until(now: Moment, end: Timex) -> Timex:
    """Up to the end of the time named; from today when that lies ahead."""
    return _bounded(end, up_to(now, ends(end.period)[1], _precision(end)))


def before(now: Moment, end: Timex) -> Timex:
    """Up to the day before; before an hour of a day, still that day."""
    if end.type == "TIME":
        return end
    return _bounded(end, up_to(now, ends(end.period)[0], _precision(end)))


def up_to(now: Moment, last: dt.date, precision: Precision) -> Period:
    start = now.published if now.published is not None and now.published < last else None
    return spanning(start, last, precision)


def _bounded(time: Timex, period: Period) -> Timex:
    return replace(time, period=period, parts=(time,))


def _precision(time: Timex) -> Precision:
    return time.period.precision if time.period else "unbounded"


def between(now: Moment, start: Timex, end: Timex) -> Timex:
    """From the beginning of one time to the end of another, no finer than the coarser of them."""
    parts = (start, end)
    coarser = max(_precision(start), _precision(end), key=_ORDER.index) if start.period and end.period else "day"
    try:
        period = spanning(ends(start.period)[0], ends(end.period)[1], coarser)
    except ValueError:
        return Timex("DATE", parts=parts)
    return Timex("DATE", period=period, parts=parts)


def opening_day(now: Moment, on: tuple[int, int], end: Timex) -> Timex:
    """ "June 5 to October 9, 1944": the first day lies in the year of the last, or in the one before."""
    last = timex.first_day(end.value)
    year = last.year - (on > (last.month, last.day))
    return between(now, point(dt.date(year, *on).isoformat()), end)


def opening_number(now: Moment, number: int, end: Timex) -> Timex:
    """ "3 to 7 August": the first day lies in the month of the last."""
    return between(now, point(timex.first_day(end.value).replace(day=number).isoformat()), end)


def opening_month(now: Moment, number: int, end: Timex) -> Timex:
    """ "March to May 2010": the first month lies in the year of the last, or in the one before."""
    year = timex.year_of(end.value)
    last = timex.first_day(end.value).month if year > 0 else number
    return between(now, point(f"{timex.year(year - (number > last))}-{number:02d}"), end)


def closing_number(now: Moment, start: Timex, number: int) -> Timex:
    """ "May 3 to 7": the last day lies in the month of the first."""
    return between(now, start, point(timex.first_day(start.value).replace(day=number).isoformat()))


def closing_in_year(now: Moment, on: tuple[int, int], last: int, year: int) -> Timex:
    """ "May 3 to 7, 2010"."""
    first, end = (point(dt.date(year, on[0], day).isoformat()) for day in (on[1], last))
    return between(now, first, end)


def closing_year(now: Moment, first: int, last: int) -> Timex:
    """ "1941–45" and "1941–1945": two digits take the century of the first year, or before Christ that of both."""
    if 0 < last < 100 and first > 0:
        last += first // 100 * 100
    if first > 0 > last:
        first = -first
    if first > 0 and last < first:
        raise ValueError("a range that goes back")
    return between(now, point(timex.year(first)), point(timex.year(last)))


def overnight(now: Moment) -> Timex:
    """The night between the day before and the report's."""
    return Timex("TIME", f"{now.today.isoformat()}TNI", "", spanning(now.today - DAY, now.today + DAY, "day"))


def counted_within(now: Moment, number: int, count: float | None, name: str, whole: Timex) -> Timex:
    """ "The last two weeks of August", "the third day of the month"."""
    long = lasting(count or 1, name)
    if not whole.period or count == 0 or number == 0:
        return long
    start, end = ends(whole.period)
    if number < 0:
        return replace(long, period=spanning(step(name, end, -(count or 1)), end, precision_of(name)))
    first = step(name, start, number - 1)
    return replace(long, period=spanning(first, step(name, first, count or 1), precision_of(name)))


def span_from(now: Moment, count: float, name: str, anchor: Timex) -> Timex:
    """ "Two months after" a time that is known; before it when the count is negative."""
    start, _ = ends(anchor.period)
    return point(timex.within(name, step(name, start, count)))


def within_span_of(now: Moment, span: Timex, anchor: Timex) -> Timex:
    """ "Within six months of" a time that is known: from its beginning on."""
    count, name = timex.measure(span.value)
    start, _ = ends(anchor.period)
    return replace(span, period=spanning(start, step(name, start, count), precision_of(name)))


def fiscal(now: Moment, begins: int | None, number: int) -> Timex:
    """A fiscal year. Unless it is said whose, which days it has is not known."""
    if begins is None:
        return Timex("DATE", timex.year(number))
    first = dt.date(number - (begins > 1), begins, 1)
    return Timex("DATE", f"FY{number}", "", Period(first, step("year", first, 1), "month"))
