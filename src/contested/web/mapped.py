"""The page of the map: which rows are drawn where, in what look, and what stands round the drawing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from markupsafe import Markup

from contested.model import Picture, Row, Thing
from contested.web import chart, map, palette  # noqa: A004 - a map is a map
from contested.web.ask import Ask, missing
from contested.web.evidence import tally
from contested.web.palette import Look
from contested.web.pictures import (
    MAPPED,
    STATUSES,
    VIEWS,
    age,
    apart,
    declared,
    keyed,
    panel_of,
    shared,
    table,
    too_large,
)
from contested.web.render import Answer
from contested.web.state import read_word
from contested.write.writer import state

if TYPE_CHECKING:
    from contested.derive import Codebook

ALL = "all"
UNVALUED = Look(7)  # the grey in which the legend shows how sure


def show_map(ask: Ask) -> Answer:
    """The control picture as a schematic map, or as its table with ?view=table."""
    book = ask.record.codebook(MAPPED, ask.view)
    if book is None:
        raise missing("There is no codebook for control, so there is no map to draw.")
    view = ask.asked("view", VIEWS)
    if weight := ask.record.weight(book, ask.view):
        return too_large(ask, book, weight)
    picture = ask.record.picture(book, ask.view)
    if view == "table":
        return table(ask, book, picture, "/map", "place")
    return _map(ask, book, picture)


def _map(ask: Ask, book: Codebook, picture: Picture) -> Answer:
    everywhere, aside = apart(picture)
    keys = keyed(everywhere)
    chosen = ask.query.get("place", "")
    located = {row: thing for row in everywhere if (thing := _where(ask, row))}
    lands = {row: _country(ask, thing) for row, thing in located.items()}
    countries = _countries(ask, lands)
    country = _chosen_country(ask, countries, {keys[row]: land for row, land in lands.items()}.get(chosen, ""))
    rows = [row for row in everywhere if country == ALL or lands.get(row, "") in ("", country)]
    placed = sorted((row for row in rows if row in located), key=lambda row: -len(row.support))[: map.MOST]
    looks = palette.looks([row.value for row in everywhere], [*declared(book), *sorted({row.value for row in located})])
    kept = {"country": country if countries else ""}
    links = {row: ask.view.link("/map", "evidence", place=key, **kept) for row, key in keys.items()}
    marks = [_mark(row, located[row], looks[row.value], links[row], picture.on, keys[row] == chosen) for row in placed]
    unplaced = [row for row in rows if row not in set(placed)]
    panel = panel_of(ask, keys, chosen)
    return Answer(
        "map",
        f"Control on {picture.on}",
        {"picture": picture, "not_on_map": [row.key for row in unplaced], "evidence": panel.data if panel else None},
        shared(ask, book, picture, aside, panel)
        | _legend(placed, looks)
        | {
            "rows": rows,
            "svg": map.draw(marks, [*looks.values(), UNVALUED]),
            "countries": countries,
            "country": country,
            "unplaced": unplaced,
            "links": links,
            "steps": _steps(ask, picture.on, kept | {"place": chosen}),
            "activity": _activity(ask, picture.on, kept | {"place": chosen}),
        },
    )


def _where(ask: Ask, row: Row) -> Thing | None:
    """The first thing of a row's key that has coordinates; a country is too large for one cell."""
    found = (ask.record.thing(thing) for thing in row.things)
    return next((t for t in found if t and t.type != "country" and None not in (t.latitude, t.longitude)), None)


def _country(ask: Ask, thing: Thing) -> str:
    """The id of the country round a place, empty where none is known."""
    around: Thing | None = thing
    for _ in range(9):  # no place lies deeper
        if around is None or around.type == "country":
            break
        around = ask.record.thing(around.within)
    return around.id if around and around.type == "country" else ""


def _countries(ask: Ask, lands: dict[Row, str]) -> list[tuple[str, str, int]]:
    """The countries that can be mapped, by id, name and number of places, the busiest first; none when there is but
    one, for then there is nothing to choose."""
    counts = tally(lands.values())
    named = [(land, thing.name if (thing := ask.record.thing(land)) else land, count) for land, count in counts]
    return [*named, (ALL, "all", len(lands))] if len(named) > 1 else []


def _chosen_country(ask: Ask, countries: Sequence[tuple[str, str, int]], of_place: str) -> str:
    """The country asked for, else that of the chosen place, else the busiest: two wars on one map show neither."""
    lands = [land for land, _, _ in countries]
    asked = ask.query.get("country", "").strip()
    thing = ask.record.thing(asked)
    if not (thing and thing.type == "country"):  # one without places on this day may be where the last day's link leads
        read_word("country", asked, lands or [ALL])
    asked = asked or of_place
    return ALL if not lands else asked if asked in lands else lands[0]


def _mark(row: Row, thing: Thing, look: Look, link: str, on: dt.date, chosen: bool) -> map.Mark:
    told = ", ".join(
        part for part in (f"{_named(row, thing)}: {row.value or 'no value'}", state(row), age(row, on)) if part
    )
    return map.Mark(
        name=_named(row, thing),
        told=told,
        link=link,
        latitude=thing.latitude or 0.0,
        longitude=thing.longitude or 0.0,
        look=look,
        status=row.status,
        capital=bool(thing.capital_of),
        chosen=chosen,
        weight=len(row.support) + len(row.against),
    )


def _named(row: Row, thing: Thing) -> str:
    """The row's place, with its level where that is not plain from the name."""
    return f"{row.key[0]} ({thing.type})" if thing.type in ("province", "district") else row.key[0]


def _legend(rows: Sequence[Row], looks: dict[str, Look]) -> dict[str, list[tuple[str, int, Markup]]]:
    """The values and the statuses of these rows, each with its count and a sample of its look."""
    counts = dict(tally(row.status for row in rows))
    return {
        "legend": [(value, n, palette.swatch(looks[value])) for value, n in tally(row.value for row in rows)],
        "statuses": [
            (told, counts[name], palette.swatch(UNVALUED, name)) for name, told in STATUSES.items() if name in counts
        ],
    }


def _steps(ask: Ask, on: dt.date, kept: dict[str, str]) -> list[tuple[str, str, str]]:
    """Links to nearby days: a month and a day back, a day and a month ahead."""
    steps = (
        ("«", -30, "thirty days back"),
        ("‹", -1, "a day back"),
        ("›", 1, "a day ahead"),
        ("»", 30, "thirty days ahead"),
    )
    near = []
    for sign, days, told in steps:
        try:
            day = on + dt.timedelta(days=days)
        except OverflowError:
            continue
        near.append((sign, msgspec.structs.replace(ask.view, on=day).link("/map", **kept), told))
    return near


def _activity(ask: Ask, on: dt.date, kept: dict[str, str]) -> Markup:
    """How much was said about control, over time; each bar leads to the last of its days."""
    days = {day: many for day, many in ask.record.days(ask.view, ("control",)).items() if day}

    def link(bar: chart.Bar) -> str:
        return msgspec.structs.replace(ask.view, on=bar.until - dt.timedelta(days=1)).link("/map", **kept)

    return chart.histogram(chart.counted(days), link, on)
