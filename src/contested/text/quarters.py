"""Quarters and halves of a year: which is meant, and the same of the year before, which figures are set beside."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from contested.text import timex
from contested.text.reckoning import Moment, ago, directed, of_quarters, this_year
from contested.text.timex import Timex, point


def quarter(now: Moment, number: int, year: int | None = None) -> Timex:
    if not 1 <= number <= 4:
        raise ValueError(f"no quarter {number}")
    if year is None:
        if now.told:
            year = timex.year_of(now.told)
        else:
            begins = dt.date(now.today.year, 3 * number - 2, 1)
            year = now.today.year - (begins > now.today and not now.ahead)
    return point(f"{timex.year(year)}-Q{number}")


def that_quarter(now: Moment) -> Timex:
    """The quarter spoken of lately; else the last that is over."""
    if of_quarters(now) and timex.year_of(now.by.said) >= now.today.year - 1:
        return point(now.by.said)
    return point(timex.shifted(now.today.isoformat(), -1, "quarter"))


def quarter_before(now: Moment, number: int) -> Timex:
    """ "The year-earlier third quarter"."""
    this = quarter(now, number)
    return replace(point(timex.shifted(this.value, -1, "year")), aside=True)


def quarter_in(now: Moment, year: int) -> Timex:
    """ "The 1988 period": the quarter spoken of, in that year."""
    return replace(point(f"{timex.year(year)}{that_quarter(now).value[4:]}"), aside=True)


def quarter_of(now: Moment, what: str, direction: int) -> Timex:
    """ "The same quarter last year"; of a "period" only the year is known unless a quarter was spoken of."""
    if what == "quarter" or of_quarters(now):
        return quarter_in(now, this_year(now, direction))
    return replace(directed(now, direction, "year"), aside=True)


def year_before(now: Moment, name: str, what: str | None) -> Timex:
    """ "The year-earlier quarter", "the same period a year ago": a quarter where quarters are spoken of."""
    if name == "year" and what == "quarter":
        return quarter_in(now, timex.year_of(that_quarter(now).value) - 1)
    return ago(now, 1, name)


def half(number: int, year: int) -> Timex:
    if number not in (1, 2):
        raise ValueError("a year has two halves")
    return point(f"{timex.year(year)}-H{number}")
