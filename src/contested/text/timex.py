"""TIMEX3 values: what they look like, the period each stands for, and steps from one to another.

Source: TimeML 1.2.1 and its TIMEX3 guidelines (ISO 8601 dates, with X for what is not said; WXX, SU, Q3, TMO …).
Years before Christ are written BC0480 and stand for no period: the calendar here begins with the year 1.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

from contested.model import Period
from contested.text import calendar

TimexType = Literal["DATE", "TIME", "DURATION", "SET"]

_SEASONS = {"SP": "spring", "SU": "summer", "FA": "autumn", "WI": "winter"}
SEASON_CODES = {name: code for code, name in _SEASONS.items()}
_POINT = re.compile(
    r"(?P<year>\d{4})"
    r"(?:-(?:(?P<month>\d\d)(?:-(?P<day>\d\d)(?:T.*)?)?|W(?P<week>\d\d)(?P<weekend>-WE)?|Q(?P<quarter>[1-4])"
    r"|H(?P<half>[12])|(?P<season>SP|SU|FA|WI)))?"
)
_CODES = {"minute": "TM", "hour": "TH", "day": "D", "week": "W", "fortnight": "W", "month": "M", "quarter": "Q",
          "year": "Y", "decade": "DE", "century": "CE", "second": "TS", "weekend": "WE"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Timex:
    """What words of time say: TIMEX3's type, value ("" where they fix none) and modifier, and the period if any.

    `parts` are the values of the two ends of a range, in order. What is said `aside`, looking back for a moment, does
    not move the time that others are reckoned from.
    """

    type: TimexType
    value: str = ""
    mod: str = ""
    period: Period | None = None
    parts: tuple[Timex, ...] = ()
    aside: bool = False


def point(value: str, mod: str = "", period: Period | None = None) -> Timex:
    """A date or time of day with the period its value stands for, unless another is given."""
    timed = re.match(r"[\dX-]+T", value) is not None
    return Timex("TIME" if timed else "DATE", value, mod, period or period_of(value))


def period_of(value: str) -> Period | None:
    """The period a value stands for; None where it names none. Raises ValueError for a day no month has."""
    if re.fullmatch(r"\d\d", value):
        return calendar.years(100 * int(value) + 1, 100) if int(value) < 99 else None
    if re.fullmatch(r"\d{3}", value):
        return calendar.years(10 * int(value), 10) if 0 < int(value) < 999 else None
    found = _POINT.fullmatch(value)
    if not found or not 1 <= (year := int(found["year"])) < 9999:
        return None
    if found["day"]:
        return calendar.day(dt.date(year, int(found["month"]), int(found["day"])))
    if found["month"]:
        return calendar.months(year, int(found["month"]))
    if found["week"]:
        return _week(year, int(found["week"]), bool(found["weekend"]))
    if found["quarter"]:
        return calendar.quarter(int(found["quarter"]), year)
    if found["half"]:
        return calendar.months(year, 6 * int(found["half"]) - 5, 6, "season")
    return calendar.season(_SEASONS[found["season"]], year) if found["season"] else calendar.years(year)


def _week(year: int, number: int, weekend: bool) -> Period:
    monday = dt.date.fromisocalendar(year, number, 1)
    if weekend:
        return calendar.spanning(monday + dt.timedelta(5), monday + dt.timedelta(7), "day")
    return calendar.unit("week", monday)


def within(name: str, on: dt.date) -> str:
    """The value of the whole unit (week, month, season, quarter, year …) that holds a day; the day for lesser ones."""
    match name:
        case "week" | "fortnight":
            year, week, _ = on.isocalendar()
            return f"{year:04d}-W{week:02d}"
        case "weekend":
            return within("week", on) + "-WE"
        case "month":
            return f"{on.year:04d}-{on.month:02d}"
        case "quarter":
            return f"{on.year:04d}-Q{(on.month + 2) // 3}"
        case "year":
            return f"{on.year:04d}"
        case "decade":
            return f"{on.year // 10:03d}"
        case "century":
            return f"{(on.year - 1) // 100:02d}"
        case _:
            return on.isoformat()


def year_of(value: str) -> int:
    """The year a value lies in, below nought before Christ. Raises ValueError where it says none."""
    if found := re.match(r"BC(\d{4})", value):
        return -int(found[1])
    if found := re.match(r"\d{2,4}", value):
        return int(found[0].ljust(4, "0"))
    raise ValueError(f"{value} lies in no year")


def year(number: int) -> str:
    """Raises ValueError beyond four digits."""
    if not -9999 <= number <= 9999 or number == 0:
        raise ValueError(f"no year {number}")
    return f"{number:04d}" if number > 0 else f"BC{-number:04d}"


def first_day(value: str) -> dt.date:
    """The day a value begins with. Raises ValueError where it stands for no period."""
    period = period_of(value)
    if period is None or period.since is None:
        raise ValueError(f"{value} has no first day")
    return period.since


def shifted(value: str, count: float, name: str) -> str:
    """The unit so many units from a time spoken of. Raises ValueError where the calendar does not reach."""
    whole = {"year": 1, "decade": 10, "century": 100}
    if name in whole:
        number = year_of(value) + round(count * whole[name])
        quarter = value[4:] if count and re.fullmatch(r"\d{4}-Q\d", value) and name == "year" else ""
        text = year(number) + quarter
        return text if name == "year" else text[:-1] if name == "decade" else text[:-2]
    day = first_day(value)
    if name in ("day", "week") and re.fullmatch(r"\d{4}-\d\d", value):
        raise ValueError(f"no day of {value} is known")
    if re.fullmatch(r"\d{4}", value):
        raise ValueError(f"no month of {value} is known")
    return within(name, calendar.step(name, day, count))


def length(count: float | None, name: str) -> str:
    """A duration: P2D, PT72H, P1DE; X where how many is not said."""
    count = (count or 0) * {"fortnight": 2, "decade": 10, "century": 100}.get(name, 1)
    code = _CODES["year" if count and name in ("decade", "century") else name]
    if name in ("hour", "minute") and count % 1 and (whole := int(count)):
        lesser = round(count % 1 * 60)
        return f"PT{whole}H{lesser}M" if name == "hour" else f"PT{whole}M{lesser}S"
    if name in ("hour", "minute") and count % 1:
        return length(round(count * 60), "minute" if name == "hour" else "second")
    number = f"{count:g}" if count else "X"
    return f"PT{number}{code[1:]}" if code.startswith("T") else f"P{number}{code}"


def measure(value: str) -> tuple[float, str]:
    """How many of which unit a duration is. Raises ValueError where it does not say."""
    found = re.fullmatch(r"P(T?)(\d+(?:\.\d+)?)(D|WE|W|M|Y|H|S|Q)(?:(\d+)[MS])?", value)
    if not found:
        raise ValueError(f"{value} is no known length")
    names = {"D": "day", "W": "week", "M": "minute" if found[1] else "month", "Y": "year", "H": "hour",
             "S": "second", "WE": "weekend", "Q": "quarter"}  # fmt: skip
    return float(found[2]) + float(found[4] or 0) / 60, names[found[3]]
