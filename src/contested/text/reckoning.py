"""From where times are reckoned: the report's day, the time last spoken of, and which way the sentence looks."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from contested.model import Period
from contested.text import calendar, timex
from contested.text.sentences import Token
from contested.text.tense import lean
from contested.text.timex import Timex, point

DAY = dt.timedelta(days=1)
_NEAR = dt.timedelta(days=75)  # a day without a year this near is meant, whichever way the sentence looks


@dataclass(slots=True)
class Reckoning:
    """What a reader keeps in mind from one time to the next: the report's day and the value last spoken of, `said`, or
    spoken of even in passing, `last`.

    A `narrative` tells one thing after another, so that its months and days belong to the year last spoken of;
    in news they are reckoned from the day of the report.
    """

    published: dt.date | None
    narrative: bool = False
    said: str = ""
    last: str = ""
    asides: frozenset[int] = frozenset()

    def hears(self, time: Timex, start: int, end: int) -> None:
        """A point in time was named, text[start:end]: what follows may be reckoned from it. Not from one said aside:
        `asides` holds the places of years that the text leaves again at once."""
        if time.type not in ("DATE", "TIME") or not re.match(r"BC\d|\d{4}", time.value):
            return
        self.last = time.value
        if not time.aside and not any(place in self.asides for place in range(start, end)):
            self.said = time.value


@dataclass(frozen=True, slots=True)
class Moment:
    """When and where words are read: the reckoning, and their place in its sentence."""

    by: Reckoning
    tokens: Sequence[Token]
    at: int

    @property
    def published(self) -> dt.date | None:
        return self.by.published

    @property
    def today(self) -> dt.date:
        if self.by.published is None:
            raise ValueError("no day to reckon from")
        return self.by.published

    @property
    def told(self) -> str:
        """In a narrative the time last spoken of, "" in news and at its beginning."""
        return self.by.said if self.by.narrative else ""

    @property
    def then(self) -> str:
        """The time last spoken of; in news, failing that, the report's day."""
        return self.by.said or self.today.isoformat()

    @property
    def ahead(self) -> bool:
        return lean(self.tokens, self.at) == "ahead"


# ── what many rules share ────────────────────────────────────────────────────────────────────────


def as_said(now: Moment, *values: Any) -> Any:
    """The last of the values, as it is."""
    return values[-1]


def nothing(now: Moment, *values: object) -> None:
    return None


def this_year(now: Moment, direction: int = 0) -> int:
    return now.today.year + direction


def of_quarters(now: Moment) -> bool:
    """Whether a quarter of a year was last spoken of."""
    return re.fullmatch(r"\d{4}-Q\d", now.by.said) is not None


def told_year(now: Moment) -> int:
    """The year of the time last spoken of, even in passing."""
    return timex.year_of(now.by.last or now.then)


# ── days ─────────────────────────────────────────────────────────────────────────────────────────


def day(on: dt.date) -> Timex:
    return point(on.isoformat())


def date(now: Moment, on: tuple[int, int], year: int | None = None) -> Timex:
    """A day of a month. Raises ValueError where the month has no such day."""
    if year is not None and year < 0:
        return Timex("DATE", f"{timex.year(year)}-{on[0]:02d}-{on[1]:02d}")
    return day(dt.date(year, *on) if year is not None else _nearest(now, *on))


def _nearest(now: Moment, month: int, of_month: int) -> dt.date:
    """A day without a year: the one near at hand, else the next when the sentence looks ahead and the last when not."""
    if now.told:
        return dt.date(_year_told(now, month), month, of_month)
    today = now.today
    days = []
    for year in range(max(today.year - 8, 1), min(today.year + 9, 9999)):
        try:
            days.append(dt.date(year, month, of_month))
        except ValueError:
            continue
    if not days:
        raise ValueError(f"no day {of_month} in month {month}")
    nearest = min(days, key=lambda d: abs(d - today))
    if abs(nearest - today) <= _NEAR:
        return nearest
    return min(d for d in days if d >= today) if now.ahead else max(d for d in days if d <= today)


def _year_told(now: Moment, month: int) -> int:
    """The year of a month in a narrative: of those around the time last spoken of, the one nearest to it, rather
    after than before."""
    year = timex.year_of(now.told)
    if year < 0 or timex.period_of(now.told) is None or len(now.told) == 4:
        return year
    last = timex.first_day(now.told).month
    return year + (month - last < -6) - (month - last > 8)


def day_of_month(now: Moment, number: int) -> Timex:
    """ "The 5th": of the month spoken of, else of the last month that has come so far."""
    month = timex.first_day(now.then).replace(day=1)
    return day(month.replace(day=number))


def weekday(now: Moment, number: int) -> Timex:
    """The last such day, today included; the next when the sentence looks ahead. In a narrative the one that comes."""
    if now.told:
        then = timex.first_day(now.told)
        return day(then + (number - then.weekday()) % 7 * DAY)
    back = (now.today.weekday() - number) % 7
    if now.ahead and back:
        return day(now.today + (7 - back) * DAY)
    return day(now.today - back * DAY)


def weekday_of_month(now: Moment, number: int, nth: int) -> Timex:
    """ "Friday, the 6th". Where those disagree, it is no day of a month: "Friday, the fourth loss"."""
    found = day_of_month(now, nth)
    return found if timex.first_day(found.value).weekday() == number else weekday(now, number)


def directed_weekday(now: Moment, direction: int, number: int) -> Timex:
    """Last: the latest before today. This: of this week. Next: of the week that follows."""
    if direction < 0:
        return day(now.today - ((now.today.weekday() - number - 1) % 7 + 1) * DAY)
    return weekday_of_week(now, number, direction)


def directed_date(now: Moment, direction: int, on: tuple[int, int]) -> Timex:
    """ "Last Oct. 23": the latest before today; this and next: the first from today on."""
    year = now.today.year
    if direction < 0:
        return day(dt.date(year - (on >= (now.today.month, now.today.day)), *on))
    return day(dt.date(year + (on < (now.today.month, now.today.day)), *on))


def coming_weekday(now: Moment, number: int) -> Timex:
    return day(now.today + ((number - now.today.weekday() - 1) % 7 + 1) * DAY)


def beside_weekday(now: Moment, direction: int, number: int) -> Timex:
    """ "The following Tuesday": the first such day after, or the last before, the day last spoken of."""
    then = timex.first_day(now.by.last or now.today.isoformat())
    wait = (number - then.weekday() - 1) % 7 + 1 if direction > 0 else (number - then.weekday()) % 7 - 7
    return day(then + wait * DAY)


def weekday_of_week(now: Moment, number: int, direction: int) -> Timex:
    return day(_monday(now) + (7 * direction + number) * DAY)


def weekend(now: Moment, direction: int) -> Timex:
    return point(timex.within("weekend", _monday(now) + 7 * direction * DAY))


def _monday(now: Moment) -> dt.date:
    return now.today - now.today.weekday() * DAY


# ── months, seasons, years ───────────────────────────────────────────────────────────────────────


def month(number: int, year: int) -> Timex:
    return point(f"{timex.year(year)}-{number:02d}")


def bare_month(now: Moment, number: int) -> Timex:
    """This month or the last of its name; the next when the sentence looks ahead."""
    if now.told:
        return month(number, _year_told(now, number))
    today = now.today
    if now.ahead:
        return month(number, today.year + (number < today.month))
    return month(number, today.year - (number > today.month))


def directed_month(now: Moment, direction: int, number: int) -> Timex:
    today = now.today
    if direction < 0:
        return month(number, today.year - (number >= today.month))
    return month(number, today.year + (direction > 0 and number <= today.month))


def season(name: str, year: int) -> Timex:
    return point(f"{timex.year(year)}-{timex.SEASON_CODES[name]}")


def bare_season(now: Moment, name: str) -> Timex:
    """Of the year last spoken of; else the one that is on, or the next or last as the sentence looks."""
    if now.told:
        return season(name, timex.year_of(now.told))
    this = directed_season(now, 0, name)
    if this.period is not None and this.period.covers(now.today):
        return this
    return directed_season(now, 1 if now.ahead else -1, name)


def directed_season(now: Moment, direction: int, name: str) -> Timex:
    """Last: the latest that is over or begun before this season of the name. Next: the first not yet begun."""
    if now.told:
        return season(name, timex.year_of(now.told) + direction)
    found = [season(name, now.today.year + more) for more in (-2, -1, 0, 1)]
    if direction < 0:
        return [s for s in found if _ends(s)[1] <= now.today][-1]
    if direction > 0:
        return next(s for s in found if _ends(s)[0] > now.today)
    return next((s for s in found if s.period and s.period.covers(now.today)), found[2])


def year_named(now: Moment, number: int) -> Timex:
    """A year by its number."""
    return point(timex.year(number))


def short_year(now: Moment, number: int) -> int:
    """ "'99": in a narrative of the century spoken of, else the last such year that has come."""
    if now.told:
        return timex.year_of(now.told) // 100 * 100 + number
    latest = now.published.year if now.published else 1999
    return latest - (latest - number) % 100


def century(number: int, era: int = 1) -> Timex:
    if not 1 <= number <= 99:
        raise ValueError(f"no century {number}")
    return point(f"{number - 1:02d}") if era > 0 else Timex("DATE", f"BC{number - 1:02d}")


# ── from the report's day, or from the time last spoken of ───────────────────────────────────────


def directed(now: Moment, direction: int, name: str) -> Timex:
    """Last week, this month, next year: whole units, from the report's day; in a narrative from where it stands."""
    if now.told:
        return point(timex.shifted(now.told, direction, name))
    monday = now.today - now.today.weekday() * DAY
    if name in ("hour", "minute"):
        raise ValueError("hours are not reckoned")
    return point(timex.shifted((monday if name == "week" else now.today).isoformat(), direction, name)
                 if name not in ("week", "weekend") else timex.within(name, monday + 7 * direction * DAY))  # fmt: skip


def relative_day(now: Moment, offset: int) -> Timex:
    """Today, yesterday, tomorrow. In a narrative the day of whoever speaks, which is not known."""
    if now.by.narrative:
        return Timex("DATE", "XXXX-XX-XX" if offset else "PRESENT_REF")
    return day(now.today + offset * DAY)


def ago(now: Moment, count: float, name: str) -> Timex:
    """The unit so many units before the report's day: "two weeks ago" is a week, "three years ago" a year."""
    if not count:
        return Timex("DATE", "PAST_REF")
    if now.told:
        return away(now, count, name, -1)
    if name == "year" and of_quarters(now):
        return away(now, count, name, -1)  # beside a quarter's figures stand those of the same quarter
    if name in ("decade", "century"):
        count, name = count * (10 if name == "decade" else 100), "year"
    stepped = calendar.step(name, now.today, -count)
    return point(timex.within(name, stepped))


def away(now: Moment, count: float | None, name: str, direction: int) -> Timex:
    """So many units later or earlier than the time last spoken of."""
    if not count:
        return Timex("DATE", "FUTURE_REF" if direction > 0 else "PAST_REF")
    if not now.by.said:
        raise ValueError("from when is not said")
    if name in ("decade", "century"):
        count, name = count * (10 if name == "decade" else 100), "year"
    if name in ("week", "fortnight") and re.match(r"\d{4}-\d\d-\d\d", now.by.said):
        count, name = count * (7 if name == "week" else 14), "day"
    return replace(point(timex.shifted(now.by.said, direction * count, name)), aside=direction < 0)


def beside(now: Moment, direction: int, name: str) -> Timex:
    """The same, the following or the previous unit, seen from the time last spoken of."""
    if not now.by.said:
        raise ValueError("from when is not said")
    return replace(point(timex.shifted(now.by.said, direction, name)), aside=direction < 0)


def same(now: Moment, name: str) -> Timex:
    """ "That year", "the same month": of the time last spoken of, even in passing."""
    if not now.by.last:
        raise ValueError("from when is not said")
    return point(timex.shifted(now.by.last, 0, name))


def same_of(now: Moment, name: str, direction: int) -> Timex:
    """ "The same month last year". Raises ValueError for what a year does not number."""
    this = same(now, name)
    if name not in ("week", "month"):
        raise ValueError(f"a {name} has none of its number in another year")
    return replace(point(f"{this_year(now, direction):04d}{this.value[4:]}"), aside=True)


def spoken_unit(now: Moment, name: str, at: Timex | None = None) -> Timex:
    """ "The year", "the end of the month": of a time named, else of the time last spoken of; in news, failing that, of
    the report's day."""
    return point(timex.shifted(at.value if at else now.then, 0, name))


def _ends(time: Timex) -> tuple[dt.date, dt.date]:
    return ends(time.period)


def ends(period: Period | None) -> tuple[dt.date, dt.date]:
    """Both ends of a period. Raises ValueError where one is open or not known."""
    if period is None or period.since is None or period.until is None:
        raise ValueError("the period is not known, or open")
    return period.since, period.until
