"""Who speaks: whether a voice belongs to a party to the fight, and so only claims what it says in its own favour.

Parties are those whom evidence of the picture's kinds names as gaining or losing, in the time the codebook looks back
on; whether it counts or not, so that nobody is a party in one row and none in the next.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from contested.derive.codebook import Codebook
from contested.derive.evidence import NEVER, Evidence, day_of, field, shifted
from contested.derive.wording import CACHED, Things, folded
from contested.model import Name, Standing

Side = frozenset[str]
_Who = tuple[str, str]  # a name's thing and words
_NOBODY: Side = frozenset()
_LONGEST = 6  # words in a party's name


def party_fields(book: Codebook) -> dict[str, frozenset[str]]:
    """By kind, the fields that name who gains or loses; nothing where the codebook counts parties like anybody."""
    if book.who_counts.parties == "alike":
        return {}
    found = {kind: {name for m in book.means if m.kind == kind for name in (m.favours, m.harms)} for kind in book.kinds}
    return {kind: named for kind, names in found.items() if (named := frozenset(names - {""}))}


def party_days(book: Codebook, on: dt.date) -> tuple[dt.date, dt.date]:
    """The first and the last day of which evidence names the parties; by what lasts longest, be it for ever."""
    longest = longest_lasting(book)
    first = shifted(NEVER, 1)
    return (first if longest is None else max(first, shifted(on, -longest))), on


def longest_lasting(book: Codebook) -> int | None:
    """The most days that any evidence lasts; None where some lasts for ever."""
    plain = book.kinds - {one.kind for one in book.means}
    lasting = [book.lasts_days if one.lasts_days is None else one.lasts_days for one in book.means]
    lasting += [book.lasts_days for _ in plain]
    return None if None in lasting else max(days for days in lasting if days is not None)


def parties(book: Codebook, standings: Iterable[Standing], on: dt.date) -> frozenset[Name]:
    """The parties to the fight on a day, by all the evidence there is.

    An index that knows who is named in which field on which day gives the same: see party_fields and party_days.
    """
    fields = party_fields(book)
    first, last = party_days(book, on)
    found: set[_Who] = set()
    for standing in standings if fields else ():
        assertion = standing.assertion
        for name in fields.get(assertion.kind, ()):
            party = getattr(assertion.content, name, None)
            if isinstance(party, Name) and first <= day_of(standing) <= last:
                found.add(("" if party.thing else " ".join(party.words.split()), party.thing))
    return frozenset(Name(*who) for who in found)


class Ranks:
    """Whom each actor serves under, and by which names, as a register has it."""

    def __init__(self, register: Things) -> None:
        self._register = register
        self.above = lru_cache(maxsize=CACHED)(self._above)
        self.enlisted = lru_cache(maxsize=CACHED)(self._enlisted)

    def _enlisted(self, party: _Who) -> dict[str, Side]:
        """The side a party is on, under each of its names."""
        thing_id, words = party
        thing = self._register.thing(thing_id) if thing_id else None
        side = self.above(thing_id) if thing_id else frozenset({f"?{folded(words)}"})
        return {folded(name): side for name in (words, *(thing.names if thing else ())) if name}

    def _above(self, thing_id: str) -> Side:
        """The actor and the actors it is within; a country it stands in does not make it that country's."""
        above = (one for one in self._register.ancestors(thing_id) if self._is_actor(one))
        return frozenset((thing_id, *above))

    def _is_actor(self, thing_id: str) -> bool:
        thing = self._register.thing(thing_id)
        return thing is not None and thing.kind == "actor"


class Sides:
    """The parties to a fight, and which of them a voice speaks for.

    A voice is on a party's side when either is within the other or both within a third actor; a voice nobody has
    resolved is, when the party's name stands in its words ("a spokesman for the Northern Front"). Those whom an
    assertion itself names count beside the parties: whether it is a claim rests on it and on the parties alone.
    """

    def __init__(self, mode: str, ranks: Ranks, parties: Collection[Name]) -> None:
        self._ranks = ranks
        self._any = mode == "any"
        self._weighed = lru_cache(maxsize=CACHED)(self._claims)
        self._named: dict[str, Side] = {}
        for party in parties:
            for words, side in ranks.enlisted((party.thing, party.words)).items():
                self._named[words] = self._named.get(words, _NOBODY) | side
        self._fighting = _NOBODY.union(*self._named.values())

    def claims(self, e: Evidence) -> bool:
        """Whether what it says is only a claim, its voice being a party's."""
        gains, loses = (e.harms, e.favours) if e.denied else (e.favours, e.harms)
        return self._weighed((e.voice.thing, e.voice.words), _named_in(e, gains), _named_in(e, loses))

    def _claims(self, voice: _Who, winner: _Who | None, loser: _Who | None) -> bool:
        own = [self._ranks.enlisted(party) for party in (winner, loser) if party]
        speaker = self._side(voice, own)
        if self._any:
            return self._fights(speaker, own)
        if winner:
            return not speaker.isdisjoint(self._side(winner, own))
        if loser:  # whoever else is in the fight gains by it
            return self._fights(speaker, own) and speaker.isdisjoint(self._side(loser, own))
        return False

    def _fights(self, speaker: Side, own: Iterable[Mapping[str, Side]]) -> bool:
        sides = (self._fighting, *(side for names in own for side in names.values()))
        return any(not speaker.isdisjoint(side) for side in sides)

    def _side(self, who: _Who, own: Iterable[Mapping[str, Side]]) -> Side:
        thing, words = who
        if thing:
            return self._ranks.above(thing)
        found: set[str] = set()
        for run in _runs(words):
            for names in (self._named, *own):
                found |= names.get(run, _NOBODY)
        return frozenset(found)


def _named_in(e: Evidence, name: str) -> _Who | None:
    party = field(e, name) if name else None
    return (party.thing, party.words) if isinstance(party, Name) else None


@lru_cache(maxsize=CACHED)
def _runs(words: str) -> tuple[str, ...]:
    """The words and all runs of them that may be a party's name."""
    parts = folded(words).split()
    return tuple(
        " ".join(parts[start:end])
        for start in range(len(parts))
        for end in range(start + 1, min(start + _LONGEST, len(parts)) + 1)
    )
