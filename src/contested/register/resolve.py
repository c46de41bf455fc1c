"""Names in one report, taken to mean things: by what they are called, what stands near them, and where home is.

A place is settled among the report's other places, by the weights declared in `context`; its surety is its share of
what the name may mean, under a ceiling for how it was found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from contested.model import Name
from contested.register.candidates import Called, Candidate, forms, merged
from contested.register.context import Field, Group, join, settle
from contested.register.marked import CONTAINING, SOUNDS_ALIKE, Marked, Reader, listing
from contested.register.outlets import Outlets
from contested.register.phrases import LONGEST, Phrase, capitalised, read_phrase, trimmed
from contested.register.spelling import key

if TYPE_CHECKING:
    from contested.register import Register

# Ceilings of certainty, set by hand, beside those of `marked`: of a name we have; of a place that is not where the
# words put it; of one that bears an actor's name; of one that only holds what is meant.
CERTAIN, ELSEWHERE, NAMESAKE, PARTLY = 0.97, 0.4, 0.45, CONTAINING
ALIKE_HANDICAP = 3.0  # nats, of a place that only sounds so beside one that is so called
REMEMBERED = 20_000  # names; a resolver without a report is asked for ever
MUCH = 0.2  # of a report's places: what lies in such a share's country is no surprise


class Resolver:
    """Resolves the names of one report. The same words always mean the same thing to one resolver."""

    def __init__(
        self,
        register: Register,
        mentions: Sequence[str] = (),
        home: str = "",
        short: Mapping[str, str] | None = None,
        marked: Marked | None = None,
    ) -> None:
        self._places, self._actors, self._candidates = register.places, register.actors, register.candidates
        self._short = short or {}
        self.home = register.country(home)
        names = tuple(dict.fromkeys(mention[:LONGEST] for mention in mentions))
        self._people = self._actors.surnames(names)
        self._settle(marked or listing([*names]))
        self._known: dict[tuple[str, str, str], Name] = {}

    def _settle(self, marked: Marked) -> None:
        """Settle the report's own toponyms together, with where its publisher is at home."""
        self._reader = Reader(self._candidates, self.home)
        self._groups = self._reader.read(marked).groups
        outlets, source = Outlets(self._candidates, self.home), marked.source or ""
        self._at_home = outlets.home(source)
        settled = [*self._groups.values(), *outlets.named(source)]
        settle(settled, self._at_home)
        self._around = Field(settled)

    def place(self, words: str, level: str = "") -> Name:
        """Where the words mean; `level` (country, province, district, settlement) is only a wish."""
        return self._once("place", words, level)

    def actor(self, words: str) -> Name:
        """Whom the words mean: a party, its officials, forces and spokesmen, or a person."""
        return self._once("actor", words, "")

    def kind(self, words: str) -> str:
        """Whether the words name a "list", a "place" or an "actor"; "" when we know none.

        A country is a place here, and so is a capital that stands for its government: only the sentence can tell.
        """
        if self.list(words).thing:
            return "list"
        place, actor = self.place(words), self.actor(words)
        if place.sure > NAMESAKE and (not actor.thing or self._actors.shared_with_place(actor)):
            return "place"
        return "actor" if actor.thing else "place" if place.thing else ""

    def _once(self, how: str, words: str, level: str) -> Name:
        asked = (how, words, level)
        if asked not in self._known:
            found: tuple[str, float] = ("", 0.0)
            if len(words) <= LONGEST and any(letter.isalpha() for letter in words):
                found = self._locate(words, level) if how == "place" else self._identify(how, words)
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            name = Name(words=words, thing=found[0], sure=round(found[1], 2))
            if len(words) > LONGEST:
                return name  # what nobody is called takes no place
            self._known[asked] = name
        return self._known[asked]

    def _identify(self, how: str, words: str) -> tuple[str, float]:
        long = self._actors.spelt_out(words, self._short)
        if how == "list":
            return self._actors.listed(long)
        return self._actors.match(long, self.home, self._people) if long else ("", 0.0)

    # ── places ───────────────────────────────────────────────────────────────────────────────────

    def _locate(self, words: str, level: str) -> tuple[str, float]:
        phrase = read_phrase(words)
        if phrase.seat_of:
            return self._seat(phrase)
        if at := next(filter(None, map(self._actors.stands_at, phrase.names)), ""):
            town, sure = self._locate(at, level)  # "outside the Pentagon"
            return town, min(sure, NAMESAKE)
        name, called = self._called(phrase, phrase.level or level)
        if not called.whole and any(self._actors.only_actor(form) for form, _ in forms(name)):
            return "", 0.0  # "a Taliban stronghold": the party's, and nothing in the village of that name
        inside = self._containers(phrase)
        known = {one.id for one in called.candidates}
        called = self._with_alike(phrase, called)
        if not called.candidates:
            return "", 0.0
        group = self._group(name, phrase.level or self._wished(called, level), called, inside)
        best = group.best()
        one = group.candidates[best]
        return one.id, group.shares[best] * self._ceiling(one, phrase, known, inside)

    def _called(self, phrase: Phrase, level: str) -> tuple[str, Called]:
        """The fullest of a phrase's names that any place has, best one of the level said; and what it may mean."""
        first: tuple[str, Called] | None = None
        for name in filter(capitalised, phrase.names):
            called = self._candidates.called(name)
            if called.candidates and (not level or any(one.type == level for one in called.candidates)):
                return name, called
            if called.candidates:
                first = first or (name, called)
        return first or (phrase.names[0] if phrase.names else "", Called())

    def _with_alike(self, phrase: Phrase, called: Called) -> Called:
        """Beside them, where none of them lies in a country the report is about, the places there that sound alike."""
        about = self._about()
        if not about or any(one.country in about or one.type == "country" for one in called.candidates):
            return called
        names = [name for name in phrase.names if capitalised(name)]
        sounding = (self._candidates.sounding(name, country) for country in about for name in names)
        alike = {
            one.id: replace(one, prior=one.prior - ALIKE_HANDICAP) for found in sounding for one in found.candidates
        }
        return merged(called, tuple(alike.values())) if alike else called

    def _about(self) -> list[str]:
        total = self._around.weight or 1.0
        most = sorted(self._around.countries.items(), key=lambda share: -share[1])[:2]
        strong = [country for country, share in most if share / total > MUCH]
        return [country for country in dict.fromkeys([self.home, *strong]) if country]

    def _wished(self, called: Called, level: str) -> str:
        return level if any(one.type == level for one in called.candidates) else ""

    def _group(self, name: str, level: str, called: Called, inside: frozenset[str]) -> Group:
        """The name's group in the report, or a newcomer's that the report's places settle."""
        group = self._groups.get((key(name), level))
        if group is None or inside or len(group.candidates) != len(called.candidates):
            group = Group(called.candidates, called.points, level, inside)
            join(group, self._around, self._at_home)
        return group

    def _ceiling(self, one: Candidate, phrase: Phrase, known: set[str], inside: frozenset[str]) -> float:
        ceiling = CERTAIN if one.id in known else SOUNDS_ALIKE
        if inside and not inside.intersection(self._places.ancestors(one.id)):
            ceiling = ELSEWHERE
        if any(self._actors.only_actor(name) for name in phrase.names):
            ceiling = min(ceiling, NAMESAKE)
        return min(ceiling, PARTLY) if phrase.partly else ceiling

    def _seat(self, phrase: Phrase) -> tuple[str, float]:
        """ "the provincial capital of Helmand", "the Afghan capital": the capital of what is named."""
        tokens = trimmed(phrase.seat_of.split(" "))
        countries = (self._actors.country_of(" ".join(tokens[start:])) for start in range(len(tokens)))
        if (of := next(filter(None, countries), "")) and (capital := self._places.capital(of)) is not None:
            return capital.id, CERTAIN
        for level in ("province", "country"):
            of, sure = self._locate(phrase.seat_of, level)
            if of and (capital := self._places.capital(of)) is not None:
                return capital.id, sure * 0.95
        return "", 0.0

    def _containers(self, phrase: Phrase) -> frozenset[str]:
        """The ids of all places that what follows the comma, or "in", may mean; none when the whole is a name."""
        parts = phrase.container.split(", ") if phrase.container else []
        if phrase.within and not self._candidates.called(phrase.names[0]).candidates:
            parts.append(phrase.within)
        found = (
            one
            for part in parts
            for name in read_phrase(part).names
            for one in self._candidates.called(name).candidates
        )
        return frozenset(one.id for one in found if one.type != "settlement")

    # Last, for below it `list` is no longer the builtin.
    def list(self, words: str) -> Name:
        """Which official list or instrument the words mean."""
        return self._once("list", words, "")
