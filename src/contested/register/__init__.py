"""The register: names in, things out.

words ──spelling──▶ key ──▶ places (GeoNames, ISO 3166, a workspace's packs) ─┐
                         └▶ actors (packs, states by rule) ─────────────────────┐
a report's toponyms ──marked, candidates──▶ context, outlets ─┬─ resolver(…) ───┴▶ Name
                                                              └─ toponyms.resolve ▶ place, precision, runners-up
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from contested.model import Name, Problem, Thing
from contested.register import relations
from contested.register.actors import Actors
from contested.register.areas import Area, read_area
from contested.register.candidates import Candidates
from contested.register.kinds import PartyKind, party_kind
from contested.register.marked import Marked
from contested.register.places import Places
from contested.register.relations import Neighbours
from contested.register.resolve import Resolver

__all__ = ["Register", "Resolver", "open_register"]


class Register:
    """All known things. Safe to share between threads: it only reads."""

    def __init__(self, places: Places, actors: Actors, problems: tuple[Problem, ...] = ()) -> None:
        self.places, self.actors, self.problems = places, actors, problems

    def thing(self, thing_id: str) -> Thing | None:
        """The thing of that id, ours or a public one that a pack gives ("un:QDe.004", "wikidata:Q7184")."""
        actor = self.actors.things.get(self.actors.public.get(thing_id, thing_id))
        return actor or (self.places.thing(thing_id) if thing_id else None)

    def find(self, words: str, kind: str = "") -> tuple[Thing, ...]:
        """Everything called that, best first; `kind` is one of Thing's kinds, or any."""
        best = [self.thing(name.thing) for name in self._readings(words) if name.thing]
        named = [*self.actors.named(words), *self.places.named(words)]
        found = {thing.id: thing for thing in [*best, *named] if thing is not None}
        return tuple(thing for thing in found.values() if kind in ("", thing.kind))

    def near(self, words: str) -> tuple[tuple[Thing, float], ...]:
        """Parties and people whose name is spelt like those words, and how like (0.75 to 1), the likest first.

        For somebody to judge: no resolution rests on more than the first of them, and that one never surely.
        """
        return tuple((self.actors.things[near.thing], near.alike) for near in self.actors.near(words))

    def _readings(self, words: str) -> tuple[Name, ...]:
        resolver = self.resolver()
        place, actor = resolver.place(words), resolver.actor(words)
        return resolver.list(words), *((actor, place) if resolver.kind(words) == "actor" else (place, actor))

    def ancestors(self, thing_id: str) -> tuple[str, ...]:
        """What a thing lies in or belongs to, nearest first."""
        above: list[str] = []
        here = self.thing(thing_id)
        while here is not None and here.within and here.within not in above:
            above.append(here.within)
            here = self.thing(here.within)
        return tuple(above)

    def capital(self, place_id: str) -> Thing | None:
        """The capital of a province or country."""
        return self.places.capital(place_id)

    def children(self, place_id: str, level: str = "") -> tuple[Thing, ...]:
        """The places within a place, by name; `level` is a place's type."""
        return self.places.children(place_id, level)

    def party_kind(self, party: Name, country: str = "") -> PartyKind | None:
        """What kind of actor a party is for ACLED and UCDP, in a country; None when nothing tells."""
        return party_kind(self, party, self.country(country))

    def within(self, place_id: str, other: str) -> bool:
        """Whether a place lies in another, at any depth."""
        return other in self.ancestors(place_id)

    def distance(self, place_id: str, other: str) -> float | None:
        """Kilometres between the points of two places; None where one has none."""
        one, two = relations.point(self.thing(place_id)), relations.point(self.thing(other))
        return relations.distance(one, two) if one and two else None

    def neighbours(self, place_id: str) -> Neighbours:
        """What borders on a country, province or district, and whether that is only approximate."""
        thing = self.places.thing(place_id)
        return relations.neighbours(thing, self.places) if thing else Neighbours((), approximate=False)

    def area(self, words: str, home: str = "") -> Area | None:
        """Where a phrase says ("30 km east of X", "the capitals of A and B"): places, or a circle."""
        return read_area(words, self, self.resolver(home=home))

    def holder(self, office: str, day: dt.date) -> Thing | None:
        """Who held an office on a day."""
        return self.actors.holder(office, day)

    def signed(self, instrument: str) -> dt.date | None:
        """The day an agreement was signed or adopted."""
        return self.actors.signed.get(instrument)

    def country(self, words: str) -> str:
        """A country's id from its id, code or name; empty for no country we know."""
        for place_id in (words, f"iso:{words.upper()}"):
            if words and (place := self.places.thing(place_id)) is not None and place.type == "country":
                return place.id
        return next((thing.id for thing in self.places.named(words) if thing.type == "country"), "") if words else ""

    @cached_property
    def candidates(self) -> Candidates:
        """What each name may mean, for all resolvers alike."""
        return Candidates(self.places)

    @cached_property
    def plain(self) -> Resolver:
        """For names by themselves, of no report."""
        return Resolver(self)

    def resolver(
        self,
        mentions: Sequence[str] = (),
        home: str = "",
        short: Mapping[str, str] | None = None,
        marked: Marked | None = None,
    ) -> Resolver:
        """For the names of one report: its other places and its home country tell namesakes apart.

        `short` are the short names it introduces itself, without dots, with their long forms ("ANSF"); `marked` is its
        text with its toponyms marked, where there is more than names.
        """
        return Resolver(self, mentions, home, short, marked)


def open_register(packs: Path | None = None, progress: Callable[[str], None] | None = None) -> Register:
    """The register, with the packs of a folder (TOML, GeoJSON, CSV) on top; the place index is built the first time.

    A pack that cannot be read leaves a Problem in `Register.problems` and is passed over.
    """
    places = Places(progress)
    actors = Actors(places.countries(), places.seated())
    register = Register(places, actors)
    if packs is not None and packs.is_dir():
        from contested.register.additions import load

        register.problems = tuple(load(packs, places, actors))
    return register
