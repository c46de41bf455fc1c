"""What it costs to draw pictures: processor time by standing and row, how far rows look back, and memory.

    python -m benchmarks.deriving [--places 400] [--assertions 1000000] [--days 1000]

A made-up country of places in districts, a government, its army and rebels, spokesmen and residents; some of what is
said counts for nothing, is a claim, or is denied. The whole pictures are of some 1,500 standings. "looking back" gives
each place its standings from the last day backwards, as densely as so many assertions lie over the days, and counts
those read; making an assertion is not in its time. "streamed" makes and draws every one, partition by partition, and
tells the most memory held. Seconds are of the processor; on a busy machine they, too, are longer.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import random
import resource
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from heapq import merge
from itertools import count, islice, takewhile

from contested.derive import Parting, day_of, derive, load_codebook, looked_back, rows
from contested.model import (
    Assertion,
    Control,
    Event,
    Name,
    Period,
    Quote,
    Standing,
    Statement,
    Status,
    Thing,
    Voice,
)

ON = dt.date(2021, 8, 15)
KNOWN = dt.datetime(2021, 9, 1, tzinfo=dt.UTC)
RECORDED = dt.datetime(2021, 8, 30, tzinfo=dt.UTC)
DISTRICTS = 10  # places of one district
NEWEST = 300  # standings of a place kept to look back on; more than any row looks at
PARTIES = {
    "gov": Thing("gov", "actor", ("Government",), "government", "land"),
    "army": Thing("army", "actor", ("Army",), "force", "gov"),
    "rebels": Thing("rebels", "actor", ("Rebels", "Northern Front"), "armed_group", "land"),
}
SAYS: tuple[Status, ...] = ("held", "held", "taken", "retaken", "lost", "contested", "surrounded", "threatened")
SPEAKERS = (
    Voice("the Rebels", "rebels", "said"), Voice("an army spokesman", "", "said"), Voice("residents", "", "said"),
    Voice("Gov. Asadullah Omar", "", "said"), Voice("Omar", "", "said"), Voice("the ministry", "gov", "denied", True),
)  # fmt: skip
Row = tuple[str, str, float]


class World:
    """What a picture asks of the register."""

    def __init__(self, places: int) -> None:
        self.towns = [f"t{number}" for number in range(places)]
        self.things = dict(PARTIES)
        for number, town in enumerate(self.towns):
            district = f"d{number // DISTRICTS}"
            self.things[district] = Thing(district, "place", (f"District {number // DISTRICTS}",), "district", "land")
            self.things[town] = Thing(town, "place", (f"Town {number}",), "settlement", district)

    def thing(self, thing_id: str, /) -> Thing | None:
        return self.things.get(thing_id)

    def ancestors(self, thing_id: str, /) -> tuple[str, ...]:
        thing = self.things.get(thing_id)
        return (thing.within, *self.ancestors(thing.within)) if thing and thing.within else ()

    def capital(self, province_id: str, /) -> Thing | None:
        return None


def reports(world: World, town: str, most: int, days: int, kind: str = "control") -> Iterator[Standing]:
    """A place's standings, from the last day backwards."""
    chance = random.Random(f"{town} {kind}")
    place = Name(world.things[town].name, town)
    for number in range(most):
        day = ON - dt.timedelta(days=number * days // most)
        holder = chance.choice([*PARTIES])
        party = Name(PARTIES[holder].name, holder)
        content: Control | Event | Statement = Control(chance.choice(SAYS), place, party)
        if kind == "event":
            content = Event("bombing", party, place=place)
        voices = (Voice("Example Wire"), *([chance.choice(SPEAKERS)] if chance.random() < 0.4 else []))
        assertion = Assertion(content, voices, Period(day, None, "day"), Quote(f"{town} {number}", 5, 15))
        name = f"{town}-{number}"  # in place of the hash, which is the ledger's to make
        yield Standing(name, assertion, "control@1", RECORDED, "Example Wire", day)


def timed(draw: Callable[[], object], turns: int = 9) -> float:
    """Seconds of the processor, the best of several turns."""
    best = float("inf")
    gc.collect()
    gc.freeze()  # what is drawn from is no garbage to look through
    for _ in range(turns):
        start = time.process_time()
        draw()
        best = min(best, time.process_time() - start)
    return best


def whole(world: World) -> Iterator[Row]:
    """About 1,500 standings at once."""
    for name in ("control", "control-lwj", "timeline"):
        book = load_codebook(name)
        standings = [one for town in world.towns for one in islice(reports(world, town, 15, 60), 4)][:1500]
        drawn = derive(book, standings, ON, KNOWN, world)
        seconds = timed(partial(derive, book, standings, ON, KNOWN, world))
        what = f"{len(standings):,} standings, {len(drawn.rows):,} rows"
        yield name, f"ms, {what}", seconds * 1e3
        yield name, "µs a standing, its share of the row in it", seconds * 1e6 / len(standings)


def back(world: World, assertions: int, days: int) -> Iterator[Row]:
    """Rows that look back only as far as needed, from a ledger of so many assertions."""
    each = assertions // len(world.towns)
    kept = {town: [*islice(reports(world, town, each, days), NEWEST)] for town in world.towns}
    fighting = [Name(one.name, one.id) for one in PARTIES.values()]
    places = [Name("", town) for town in world.towns]
    for name in ("control", "control-lwj"):
        look = Look(name, world, kept)
        drawn = len(look.draw(places, fighting))
        of = f"of {assertions:,} assertions"
        yield f"{name}, looking back", f"standings read {of}, {drawn:,} rows", look.read
        yield f"{name}, looking back", f"ms {of}", timed(partial(look.draw, places, fighting)) * 1e3


class Look:
    """A picture drawn by looking back, and how many standings it read."""

    def __init__(self, name: str, world: World, kept: dict[str, list[Standing]]) -> None:
        self.book, self.world, self.kept, self.read = load_codebook(name), world, kept, 0
        self.together: dict[tuple[Name | str, ...], list[Standing]] = {}

    def draw(self, places: list[Name], fighting: list[Name]) -> list[object]:
        partitions = [one.rows for one in Parting(self.book, ON, self.world).divide(places)]
        numbers = count()
        numbered = [[next(numbers) for _ in rows] for rows in partitions]
        held = Held([self.standings(values) for rows in partitions for values in rows])
        drawn: list[object] = list(looked_back(self.book, numbered, held, ON, self.world, fighting))
        self.read = sum(held.given)
        return drawn

    def standings(self, values: tuple[Name | str, ...]) -> list[Standing]:
        """Those of a row, put together once, for an index has them so."""
        if values not in self.together:
            held = [self.kept[value.thing] for value in values if isinstance(value, Name)]
            self.together[values] = list(merge(*held, key=day_of, reverse=True))
        return self.together[values]


class Held:
    """Rows of standings, the last day first, and how many of each were given."""

    def __init__(self, rows: list[list[Standing]]) -> None:
        self.rows, self.given = rows, [0] * len(rows)

    def days(self, rows: Sequence[int]) -> list[dt.date | None]:
        return [
            day_of(self.rows[row][given]) if (given := self.given[row]) < len(self.rows[row]) else None for row in rows
        ]

    def standings(self, rows: Mapping[int, dt.date]) -> list[list[Standing]]:
        return [self._down_to(row, day) for row, day in rows.items()]

    def _down_to(self, row: int, day: dt.date) -> list[Standing]:
        first = self.given[row]
        found = list(takewhile(lambda one: day_of(one) >= day, islice(self.rows[row], first, None)))
        self.given[row] += len(found)
        return found


def streamed(world: World, name: str, assertions: int, days: int) -> Iterator[Row]:
    """Every standing, place by place."""
    book = load_codebook(name)
    each = assertions // len(world.towns)
    kind = "event" if "event" in book.kinds else "control"
    partitions = ([*reports(world, town, each, days, kind)] for town in world.towns)
    start, drawn = time.process_time(), 0
    for _ in rows(book, partitions, ON, world, [Name(one.name, one.id) for one in PARTIES.values()]):
        drawn += 1
    seconds = time.process_time() - start
    yield f"{name}, streamed", f"rows of {each * len(world.towns):,} assertions", drawn
    yield f"{name}, streamed", "µs an assertion, with its making", seconds * 1e6 / (each * len(world.towns))
    yield f"{name}, streamed", "MB held at most, so far", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--places", type=int, default=400)
    parser.add_argument("--assertions", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=1000)
    chosen = parser.parse_args()
    world = World(chosen.places)
    for name in ("control", "incidents", "timeline"):
        show(streamed(world, name, chosen.assertions, chosen.days))
    show(whole(world))
    show(back(world, chosen.assertions, chosen.days))
    show(back(world, 10 * chosen.assertions, chosen.days))


def show(table: Iterable[Row]) -> None:
    for name, what, figure in table:
        print(f"{name:28}{what:56}{figure:12,.1f}", flush=True)


if __name__ == "__main__":
    main()
