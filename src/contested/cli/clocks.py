"""Days and moments as options. The two clocks: --on, a day of the war; --known, a moment of our knowledge."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import click

ON = "The day it is drawn for (2021-08-08). Default: the last day, up to today, any standing assertion speaks of."
KNOWN = "As known at this moment; a bare day means its end, UTC. Default: now."
PUBLISHED = "When they were published (2021-08-08)."


def _day(_context: click.Context, _param: click.Parameter, value: str | None) -> dt.date | None:
    from contested.workspace import day

    return None if value is None else day(value)


def _moment(_context: click.Context, _param: click.Parameter, value: str | None) -> dt.datetime | None:
    from contested.workspace import moment

    return None if value is None else moment(value)


def _beginning(_context: click.Context, _param: click.Parameter, value: str | None) -> dt.datetime | None:
    from contested.workspace.clocks import beginning

    return None if value is None else beginning(value)


def _days(_context: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[dt.date, ...]:
    from contested.workspace import day

    return tuple(map(day, values))


on: Callable[..., Any] = click.option("--on", callback=_day, metavar="DATE", help=ON)
known: Callable[..., Any] = click.option("--known", callback=_moment, metavar="MOMENT", help=KNOWN)
published: Callable[..., Any] = click.option("--published", callback=_day, metavar="DATE", help=PUBLISHED)
since: Callable[..., Any] = click.option(
    "--since", callback=_beginning, metavar="MOMENT", help="From then on; a bare day means its beginning, UTC."
)
until: Callable[..., Any] = click.option(
    "--until", callback=_moment, metavar="MOMENT", help="Up to then; a bare day means its end, UTC."
)
earlier: Callable[..., Any] = click.option(
    "--from", "earlier", callback=_moment, metavar="MOMENT", help="As known then; a bare day means its end, UTC."
)
later: Callable[..., Any] = click.option(
    "--to", "later", callback=_moment, metavar="MOMENT", help="Against what is known then. Default: now."
)
days: Callable[..., Any] = click.option(
    "--on", "days", multiple=True, callback=_days, metavar="DATE", help="Given twice: one day against another."
)
