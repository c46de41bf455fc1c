"""Periods of the calendar, closed-open, and steps between them.

A season is three whole months, northern as in news English (winter 2010 begins in December 2010).
Weeks begin on Monday (ISO 8601). Dates outside the years 1 to 9999 raise ValueError or OverflowError.
"""

from __future__ import annotations

import datetime as dt

from contested.model import Period, Precision

_DAY = dt.timedelta(days=1)
_FIRST_MONTH = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}


def spanning(since: dt.date | None, until: dt.date | None, precision: Precision) -> Period:
    """A period from its ends. Raises ValueError when it would end before it begins."""
    if since is not None and until is not None and since >= until:
        raise ValueError(f"{since} is not before {until}")
    return Period(since, until, precision)


def day(on: dt.date) -> Period:
    return Period(on, on + _DAY, "day")


def months(year: int, month: int, count: int = 1, precision: Precision = "month") -> Period:
    """Whole months from a given one on."""
    first = dt.date(year, month, 1)
    return Period(first, step("month", first, count), precision)


def years(year: int, count: int = 1) -> Period:
    return Period(dt.date(year, 1, 1), dt.date(year + count, 1, 1), "year")


def season(name: str, year: int) -> Period:
    return months(year, _FIRST_MONTH[name], 3, "season")


def quarter(number: int, year: int) -> Period:
    """A quarter of the calendar year, of season precision: three months."""
    if not 1 <= number <= 4:
        raise ValueError(f"no quarter {number}")
    return months(year, 3 * number - 2, 3, "season")


def unit(name: str, on: dt.date) -> Period:
    """The whole day, week, month, quarter, year, decade or century that holds a day."""
    match name:
        case "week":
            monday = on - on.weekday() * _DAY
            return Period(monday, monday + 7 * _DAY, "week")
        case "month":
            return months(on.year, on.month)
        case "quarter":
            return quarter((on.month + 2) // 3, on.year)
        case "year":
            return years(on.year)
        case "decade":
            return years(on.year // 10 * 10, 10)
        case "century":
            return years((on.year - 1) // 100 * 100 + 1, 100)
        case _:
            return day(on)


def step(name: str, on: dt.date, count: float) -> dt.date:
    """The day so many units later, earlier when negative. A day the month lacks becomes its last; hours round up."""
    in_days = {"second": 1 / 86400, "minute": 1 / 1440, "hour": 1 / 24, "day": 1, "week": 7, "weekend": 7,
               "fortnight": 14}  # fmt: skip
    if name in in_days:
        days = count * in_days[name]
        return on + dt.timedelta(days=int(days) if days == int(days) else int(days) + (1 if days > 0 else -1))
    in_months = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}
    at = on.year * 12 + on.month - 1 + round(count * in_months[name])
    year, month = divmod(at, 12)
    for last in (on.day, 30, 29, 28):
        try:
            return dt.date(year, month + 1, min(on.day, last))
        except ValueError:
            if last == 28:
                raise
    raise AssertionError
