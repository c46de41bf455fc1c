"""Periods in the Extended Date/Time Format (EDTF, ISO 8601-2: https://www.loc.gov/standards/datetime/)."""

from __future__ import annotations

import datetime as dt

from contested.model import Period

_DAY = dt.timedelta(days=1)
_SEASONS = {3: 21, 6: 22, 9: 23, 12: 24}  # first month → code; a winter bears the year it begins in
_QUARTERS = {1: 33, 4: 34, 7: 35, 10: 36}
_HALVES = {1: 40, 7: 41}


def edtf(period: Period) -> str:
    """A period as EDTF: level 0 and 1 for days, months, years, decades, seasons and intervals, level 2 for quarters and
    halves of years. "" for a period without any bound. No end is written finer than the period's precision allows."""
    since, until = period.since, period.until
    if since is None or until is None:
        if since is None and until is None:
            return ""
        start = _end(since, period) if since else ".."
        return f"{start}/{_end(until - _DAY, period) if until else '..'}"
    return _unit(since, until) or f"{_end(since, period)}/{_end(until - _DAY, period)}"


def _unit(since: dt.date, until: dt.date) -> str:
    """A period that is one unit of EDTF; "" for any other."""
    if until == since + _DAY:
        return since.isoformat()
    if since.day != 1 or until.day != 1:
        return ""
    months = 12 * (until.year - since.year) + until.month - since.month
    year, month = f"{since.year:04d}", since.month
    codes = {3: _SEASONS | _QUARTERS, 6: _HALVES}.get(months, {})
    if months == 1:
        return f"{year}-{month:02d}"
    if month in codes:
        return f"{year}-{codes[month]}"
    if month == 1 and months == 12:
        return year
    return f"{year[:3]}X" if month == 1 and months == 120 and since.year % 10 == 0 else ""


def _end(day: dt.date, period: Period) -> str:
    """The first or last day of a period: as a month or year where it opens or closes one and precision is no finer."""
    opens = day == period.since
    edge = day if opens else day + _DAY
    if period.precision == "year" and (edge.month, edge.day) == (1, 1):
        return f"{day.year:04d}"
    if period.precision in ("month", "season", "year") and edge.day == 1:
        return f"{day.year:04d}-{day.month:02d}"
    return day.isoformat()
