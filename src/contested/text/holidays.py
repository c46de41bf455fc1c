"""When holidays fall, and days of the Islamic and Solar Hijri calendars (by convertdate).

The Islamic calendar is reckoned by its arithmetic; where the month begins with the moon being seen, a holiday may fall
a day earlier or later, so its period takes in a day on either side.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from typing import Any, Literal

from contested.model import Period
from contested.text.calendar import spanning
from contested.text.counting import lexicon
from contested.text.reckoning import DAY, Moment
from contested.text.timex import Timex, first_day, point

Hijri = Literal["islamic", "persian"]
_NEAR = dt.timedelta(days=100)


def holiday(now: Moment, name: str, year: int | None = None, direction: int = 0) -> Timex:
    """A holiday: of a year, the last or next from the report's day, or the one nearest at hand, else by tense; in a
    narrative of the year last spoken of. Raises ValueError where the calendar does not reach."""
    if year is None and now.told:
        return _time(name, _nearest(name, first_day(now.told)))
    if year is not None:
        found = _within(name, year)
        if not found:
            raise ValueError(f"no {name} in {year}")
        return _time(name, found[-1])
    today = now.today
    every = [day for near in range(today.year - 1, today.year + 2) for day in _within(name, near)]
    past, ahead = [day for day in every if day <= today], [day for day in every if day > today]
    if direction:
        return _time(name, past[-1] if direction < 0 else ahead[0])
    nearest = _nearest(name, today)
    if abs(nearest - today) > _NEAR:
        nearest = ahead[0] if now.ahead else past[-1]
    return _time(name, nearest)


def _nearest(name: str, to: dt.date) -> dt.date:
    return min((day for near in (-1, 0, 1) for day in _within(name, to.year + near)), key=lambda day: abs(day - to))


def _time(name: str, first: dt.date) -> Timex:
    """The value is the first day's; a longer time has none."""
    kind, rule = _rule(name)
    if kind != "islamic":
        return point(first.isoformat())
    period = spanning(first - DAY, first + (rule[2] + 1) * DAY, "day")
    return Timex("DATE", first.isoformat() if rule[2] < 28 else "", "APPROX", period)


@cache
def _rules() -> dict[str, tuple[str, Any]]:
    kinds = ("fixed", "weekday", "easter", "islamic", "persian")
    return {name: (kind, rule) for kind in kinds for name, rule in lexicon("holidays")[kind].items()}


def _rule(name: str) -> tuple[str, Any]:
    return _rules()[name]


@cache
def _within(name: str, year: int) -> tuple[dt.date, ...]:
    """The first days of a holiday in a year of the common calendar: mostly one, of the Islamic ones none to two."""
    if not 1 <= year <= 9998:
        raise ValueError(f"no holidays in {year}")
    kind, rule = _rule(name)
    match kind:
        case "fixed":
            return (dt.date(year, *rule),)
        case "weekday":
            return (_weekday_of_month(year, *rule),)
        case "easter":
            from convertdate.holidays import easter

            return (dt.date(*easter(year)) + rule * DAY,)
        case "islamic":
            first = int((year - 622) * 1.0307)  # an Islamic year has 354 or 355 days
            return tuple(_of_years("islamic", rule[0], rule[1], range(first - 1, first + 4), year))
        case _:
            return tuple(_of_years("persian", rule[0], rule[1], range(year - 622, year - 620), year))


def _weekday_of_month(year: int, month: int, weekday: int, which: int, after: int) -> dt.date:
    if which < 0:
        last = dt.date(year + month // 12, month % 12 + 1, 1) - DAY
        return last - ((last.weekday() - weekday) % 7 - 7 * (which + 1) + after) * DAY
    first = dt.date(year, month, 1)
    return first + ((weekday - first.weekday()) % 7 + 7 * (which - 1) + after) * DAY


def _of_years(calendar: Hijri, month: int, day: int, years: range, wanted: int) -> Iterator[dt.date]:
    for year in years:
        if year > 0 and (found := common_day(calendar, year, month, day)).year == wanted:
            yield found


def common_day(calendar: Hijri, year: int, month: int, day: int) -> dt.date:
    """A day of another calendar in the common one. Raises ValueError where it has no such day."""
    from convertdate import islamic, persian

    if not 1 <= day <= (31 if calendar == "persian" and month < 7 else 30) or not 1 <= year <= 3000:
        raise ValueError(f"no {year}-{month}-{day} in the {calendar} calendar")
    return dt.date(*(islamic if calendar == "islamic" else persian).to_gregorian(year, month, day))


def other_day(now: Moment, month: tuple[Hijri, int], day: float, year: float) -> Timex:
    """ "24 Asad 1400", "1 Ramadan 1442"."""
    on = common_day(month[0], int(year), month[1], int(day))
    if month[0] == "islamic":
        return Timex("DATE", on.isoformat(), "APPROX", spanning(on - DAY, on + 2 * DAY, "day"))
    return point(on.isoformat())


def other_month(now: Moment, month: tuple[Hijri, int], year: float) -> Timex:
    """ "Asad 1400": from its first day to the first of the next month."""
    calendar, number = month
    first = common_day(calendar, int(year), number, 1)
    last = common_day(calendar, int(year) + number // 12, number % 12 + 1, 1)
    return Timex("DATE", "", "", Period(first, last, "month"))


def eve(now: Moment, time: Timex) -> Timex:
    """The day before."""
    return point((first_day(time.value) - DAY).isoformat())
