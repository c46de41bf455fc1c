"""A histogram over time: one bar a day, week, month, quarter, year or more, each a link to its days."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import ceil

import msgspec
from markupsafe import Markup

from contested.web.svg import element

WIDTH, HEIGHT, FLOOR = 1000.0, 92.0, 74.0
MOST = 130  # bars
SINCE, UNTIL = dt.date(1000, 1, 1), dt.date(3001, 1, 1)  # days drawn (closed-open); what lies beyond is listed only


class Bar(msgspec.Struct, frozen=True):
    """How many fell into since … until (closed-open)."""

    since: dt.date
    until: dt.date
    count: int


def drawable(day: dt.date) -> bool:
    """Whether a day can stand on the axis."""
    return SINCE <= day < UNTIL


def bars(days: Iterable[dt.date]) -> list[Bar]:
    """Counts over even stretches of time, the finest that needs no more than MOST bars; days beyond are left out."""
    return counted(Counter(days))


def counted(days: Mapping[dt.date, int]) -> list[Bar]:
    """The same where it is known how many fell on each day."""
    drawn = sorted(filter(drawable, days))
    if not drawn:
        return []
    for step in STEPS:
        edges = _edges(drawn[0], drawn[-1], step)
        if len(edges) <= MOST + 1:
            break
    counts = [0] * (len(edges) - 1)
    at = 0
    for day in drawn:
        while day >= edges[at + 1]:
            at += 1
        counts[at] += days[day]
    return [Bar(since, until, count) for since, until, count in zip(edges, edges[1:], counts, strict=False)]


def histogram(drawn: Sequence[Bar], link: Callable[[Bar], str], on: dt.date | None = None) -> Markup:
    """The bars with first and last day, the highest count, and a line at `on`."""
    if not drawn:
        return Markup("")
    wide = WIDTH / max(len(drawn), 24)
    highest = max(bar.count for bar in drawn)
    parts = [_bar(bar, n * wide, wide, highest, link(bar)) for n, bar in enumerate(drawn) if bar.count]
    parts += [element("path", d=f"M0 {FLOOR}H{WIDTH:.0f}", class_="axis"), *_ticks(drawn, wide)]
    parts += [
        element("path", d=f"M{(n + 0.5) * wide:.1f} 0V{FLOOR}", class_="now")
        for n, bar in enumerate(drawn)
        if on and bar.since <= on < bar.until
    ]
    return element(
        "svg",
        *parts,
        class_="bars",
        viewBox=f"0 0 {WIDTH:.0f} {HEIGHT:.0f}",
        role="group",
        aria_label="How many, over time",
    )


def _bar(bar: Bar, x: float, wide: float, highest: int, link: str) -> Markup:
    tall = max((FLOOR - 10) * bar.count / highest, 2)
    told = f"{bar.since}: {bar.count}" if (bar.until - bar.since).days == 1 else f"from {bar.since}: {bar.count}"
    clear = element("rect", x=x, y=0, width=wide, height=FLOOR, class_="reach")
    solid = element("rect", x=x + wide * 0.12, y=FLOOR - tall, width=wide * 0.76, height=tall)
    return element("a", element("title", told), clear, solid, href=link, aria_label=told)


def _ticks(drawn: Sequence[Bar], wide: float) -> list[Markup]:
    """Dates under the axis, as many as have room; near the right end they are written towards the one before."""
    every = ceil(96 / wide)
    texts = []
    for n in range(0, len(drawn), every):
        x = n * wide
        if n and x > WIDTH - 70 and every * wide < 140:
            break
        texts.append(element("path", d=f"M{x:.1f} {FLOOR}v4", class_="axis"))
        texts.append(
            element("text", _named(drawn[n]), x=x, y=FLOOR + 15, text_anchor="end" if x > WIDTH - 70 else None)
        )
    return texts


def _named(bar: Bar) -> str:
    days = (bar.until - bar.since).days
    return (
        f"{bar.since:%Y}" if days > 300 else f"{bar.since:%b %Y}" if days > 20 else f"{bar.since.day} {bar.since:%b %Y}"
    )


def _edges(first: dt.date, last: dt.date, step: Callable[[dt.date, int], dt.date]) -> list[dt.date]:
    """From the beginning of the first stretch to the end of the last, at most two more than can be drawn."""
    edges = [step(first, 0)]
    while edges[-1] <= last and len(edges) < MOST + 3:
        edges.append(step(edges[-1], 1))
    return edges


def _day(day: dt.date, ahead: int) -> dt.date:
    return day + dt.timedelta(days=ahead)


def _week(day: dt.date, ahead: int) -> dt.date:
    return day - dt.timedelta(days=day.weekday()) + dt.timedelta(weeks=ahead)


def _months(many: int) -> Callable[[dt.date, int], dt.date]:
    def step(day: dt.date, ahead: int) -> dt.date:
        month = (day.year * 12 + day.month - 1) // many * many + many * ahead
        return dt.date(month // 12, month % 12 + 1, 1)

    return step


STEPS = (_day, _week, _months(1), _months(3), _months(12), _months(120), _months(1200))
