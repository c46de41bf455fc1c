"""Days of the war and moments of our knowledge, as people write them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from contested.errors import UsageError
from contested.model import Standing

INSTANT = dt.timedelta(microseconds=1)  # no two acts of a ledger are nearer
FIRST = dt.datetime.min.replace(tzinfo=dt.UTC)


def day(text: str) -> dt.date:
    """A day written as in ISO 8601: 2021-08-08. UsageError for anything else."""
    try:
        if len(text) == len("2021-08-08"):
            return dt.date.fromisoformat(text)
    except ValueError:
        pass
    raise UsageError(f"{text!r} is no day. Write year-month-day, as in 2021-08-08")


def moment(value: str | dt.date) -> dt.datetime:
    """A moment in UTC; a bare day means its end. Text as in ISO 8601; UsageError for anything else."""
    given = value
    try:
        if isinstance(value, str):
            value = day(value) if len(value) == len("2021-08-08") else dt.datetime.fromisoformat(value)
        if isinstance(value, dt.datetime):
            return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)
    except (ValueError, OverflowError):  # an offset may lead out of the calendar
        raise UsageError(f"{str(given)!r} is no moment. Write 2021-08-08 or 2021-08-08T18:00:00Z") from None
    return dt.datetime.combine(value, dt.time.max, dt.UTC)


def beginning(value: str | dt.date) -> dt.datetime:
    """A moment in UTC; a bare day means its beginning. Otherwise as `moment`."""
    if isinstance(value, str) and len(value) == len("2021-08-08"):
        value = day(value)
    if isinstance(value, str | dt.datetime):
        return moment(value)
    return dt.datetime.combine(value, dt.time.min, dt.UTC)


def check_order(first: dt.datetime, last: dt.datetime) -> None:
    """UsageError when the second of two moments is before the first."""
    if last < first:
        raise UsageError(f"{last:%Y-%m-%d %H:%M} UTC is before {first:%Y-%m-%d %H:%M} UTC. Name the earlier one first")


def before(moment: dt.datetime) -> dt.datetime:
    """The last moment before another."""
    return moment - INSTANT if moment > FIRST else FIRST


def now() -> dt.datetime:
    """The moment it is, in UTC."""
    return dt.datetime.now(dt.UTC)


def latest(standings: Iterable[Standing]) -> dt.date:
    """The last day, up to today, of which any of these speaks; today if none does."""
    today = now().date()
    return max((spoken for each in standings if (spoken := each.day) and spoken <= today), default=today)
