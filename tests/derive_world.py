"""A small world and short ways to speak of it, for the tests of pictures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from contested.derive import derive, load_codebook
from contested.model import (
    AnyContent,
    Assertion,
    Control,
    Estimate,
    Event,
    Judgement,
    Likelihood,
    Name,
    Period,
    Picture,
    Quote,
    Row,
    Standing,
    Status,
    Thing,
    Voice,
)

THINGS = {
    thing.id: thing
    for thing in (
        Thing("AF", "place", ("Afghanistan",), "country"),
        Thing("p-kunduz", "place", ("Kunduz Province",), "province", "AF"),
        Thing("d-kunduz", "place", ("Kunduz District",), "district", "p-kunduz"),
        Thing("c-kunduz", "place", ("Kunduz",), "settlement", "d-kunduz", capital_of="p-kunduz"),
        Thing("v-gortepa", "place", ("Gor Tepa",), "settlement", "d-kunduz"),
        Thing("p-jowzjan", "place", ("Jowzjan",), "province", "AF"),
        Thing("c-sheberghan", "place", ("Sheberghan",), "settlement", "p-jowzjan", capital_of="p-jowzjan"),
        Thing("gov", "actor", ("Afghan government",), "government", "AF"),
        Thing("moi", "actor", ("Interior Ministry",), "office", "gov"),
        Thing("ana", "actor", ("Afghan National Army",), "force", "gov"),
        Thing("taliban", "actor", ("Taliban", "Islamic Emirate"), "armed_group", "AF"),
        Thing("mujahid", "actor", ("Zabihullah Mujahid",), "person", "taliban"),
        Thing("un", "actor", ("United Nations",), "organisation"),
    )
}


class World:
    """What a picture asks of the register."""

    def thing(self, thing_id: str, /) -> Thing | None:
        return THINGS.get(thing_id)

    def ancestors(self, thing_id: str, /) -> tuple[str, ...]:
        thing = THINGS.get(thing_id)
        return (thing.within, *self.ancestors(thing.within)) if thing and thing.within else ()

    def capital(self, province_id: str, /) -> Thing | None:
        return next((thing for thing in THINGS.values() if thing.capital_of == province_id), None)


WORLD = World()
KNOWN = dt.datetime(2021, 9, 1, tzinfo=dt.UTC)


def day(text: str) -> dt.date:
    """ "08-07" is a day of 2021."""
    return dt.date.fromisoformat(text if len(text) > 5 else f"2021-{text}")


def name(words: str) -> Name:
    """A thing by its id, as resolved; any other words, unresolved."""
    return Name(THINGS[words].name, words, 1.0) if words in THINGS else Name(words)


def said(
    content: AnyContent,
    when: str = "",
    *voices: str,
    source: str = "Example Wire",
    published: str = "",
    document: str = "",
    start: int = 0,
    likely: tuple[float, float] | None = None,
    judgements: Sequence[Judgement] = (),
    until: str = "",
) -> Standing:
    """A standing assertion; a voice written "not moi" denies it."""
    chain = [Voice(source)]
    for voice in voices:
        who = voice.removeprefix("not ")
        chain.append(Voice(name(who).words, name(who).thing, "said", denies=voice.startswith("not ")))
    since = day(when) if when else None
    document = document or f"{source}, {when or published}"
    assertion = Assertion(
        content,
        tuple(chain),
        Period(since, day(until) if until else None, "day"),
        Quote(document, start, start + 10),
        Likelihood(*likely, "words") if likely else None,
    )
    return Standing(
        assertion.id,
        assertion,
        "test@1",
        dt.datetime(2021, 8, 30, tzinfo=dt.UTC),
        source,
        day(published) if published else since,
        judgements=tuple(Assertion(one, (Voice("analyst"),)) for one in judgements),
    )


def control(place: str, status: Status, holder: str = "", extent: str = "") -> Control:
    return Control(status, name(place), name(holder) if holder else None, extent)


def event(kind: Any, place: str, *killed: float | None) -> Event:
    return Event(kind, place=name(place) if place else None, killed=Estimate(*killed) if killed else None)


def picture(codebook: str, standings: Iterable[Standing], on: str = "08-15") -> Picture:
    return derive(load_codebook(codebook), standings, day(on), KNOWN, WORLD)


def rows(drawn: Picture) -> dict[tuple[str, ...], Row]:
    """The rows that say something, by their key."""
    return {row.key: row for row in drawn.rows if any(row.key)}


def only(codebook: str, standings: Iterable[Standing], on: str = "08-15") -> Row:
    """The one row there is."""
    (row,) = rows(picture(codebook, standings, on)).values()
    return row


def cells(drawn: Picture, row: Row) -> dict[str, str]:
    return dict(zip(drawn.columns[len(row.key) + 1 :], row.cells, strict=True))


def reasons(drawn: Picture) -> dict[str, str]:
    return {one.assertion: one.reason for row in drawn.rows for one in row.ignored}
