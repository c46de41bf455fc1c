"""Who speaks: whether a voice belongs to a party to the fight, and so only claims what it says in its own favour."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from contested.derive.codebook import Codebook
from contested.derive.evidence import Evidence, Things, field, folded
from contested.model import Name

Side = frozenset[str]
_NOBODY: Side = frozenset()
_LONGEST = 6  # words in a party's name


class Sides:
    """The parties a picture names, and which of them a voice speaks for.

    A voice is on a party's side when either is within the other or both within a third actor; a voice nobody has
    resolved is, when the party's name stands in its words ("a spokesman for the Northern Front").
    """

    def __init__(self, register: Things, parties: Iterable[Name]) -> None:
        self._register = register
        self._sides: dict[tuple[str, str], Side] = {}
        self._named: dict[str, Side] = {}
        self.fighting: Side = _NOBODY
        for party in dict.fromkeys((name.thing, name.words) for name in parties):
            self._enlist(Name(party[1], party[0]))
        self.fighting = _NOBODY.union(*self._named.values())

    def of(self, name: Name) -> Side:
        asked = (name.thing, name.words)
        if asked not in self._sides:
            self._sides[asked] = self._chain(name.thing) if name.thing else self._spoken_for(name.words)
        return self._sides[asked]

    def _enlist(self, party: Name) -> None:
        thing = self._register.thing(party.thing) if party.thing else None
        names = {folded(words) for words in (party.words, *(thing.names if thing else ()))}
        side = self._chain(party.thing) if party.thing else frozenset({f"?{folded(party.words)}"})
        for words in names:
            self._named[words] = self._named.get(words, _NOBODY) | side

    def _chain(self, thing_id: str) -> Side:
        """The actor and the actors it is within; a country it stands in does not make it that country's."""
        above = (one for one in self._register.ancestors(thing_id) if self._is_actor(one))
        return frozenset((thing_id, *above))

    def _is_actor(self, thing_id: str) -> bool:
        thing = self._register.thing(thing_id)
        return thing is not None and thing.kind == "actor"

    def _spoken_for(self, words: str) -> Side:
        parts = folded(words).split()
        runs = (
            " ".join(parts[start:end])
            for start in range(len(parts))
            for end in range(start + 1, min(start + _LONGEST, len(parts)) + 1)
        )
        return _NOBODY.union(*(self._named.get(run, _NOBODY) for run in runs))


def mark_claims(book: Codebook, evidence: Sequence[Evidence], register: Things) -> None:
    """Mark as claims what a party to the fight says, as the codebook declares."""
    mode = book.who_counts.parties
    if mode == "alike":
        return
    counted = [e for e in evidence if not e.aside]
    sides = Sides(register, (name for e in counted for name in _parties(e)))
    for e in counted:
        speaker = sides.of(e.voice)
        e.claim = e.claim or (bool(speaker & sides.fighting) if mode == "any" else _in_own_favour(e, speaker, sides))


def _parties(e: Evidence) -> Iterable[Name]:
    for name in (e.favours, e.harms):
        party = field(e, name) if name else None
        if isinstance(party, Name):
            yield party


def _in_own_favour(e: Evidence, speaker: Side, sides: Sides) -> bool:
    gains, loses = (e.harms, e.favours) if e.standing.assertion.denied else (e.favours, e.harms)
    winner, loser = (field(e, name) if name else None for name in (gains, loses))
    if isinstance(winner, Name):
        return not speaker.isdisjoint(sides.of(winner))
    if isinstance(loser, Name):  # whoever else is in the fight gains by it
        return not speaker.isdisjoint(sides.fighting) and speaker.isdisjoint(sides.of(loser))
    return False
