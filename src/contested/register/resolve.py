"""Names in one report, taken to mean things: by what they are called, what stands near them, and where home is.

A place's score is the sum of four plain parts, each declared below: how prominent it is, whether its level is the one
the words speak of, how much of the report lies in its country, and whether it lies in what the words put it in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import exp, log10
from typing import TYPE_CHECKING

from contested.model import Name, Thing
from contested.register.phrases import LONGEST, Phrase, capitalised, read_phrase, trimmed

if TYPE_CHECKING:
    from contested.register import Register

# Weights: written once by hand, not fitted to any text.
COUNTRY_PROMINENCE = 1.15
PROVINCE_PROMINENCE, PROVINCE_PER_DIGIT = 0.30, 0.06  # per decimal digit of population
TOWN_PER_DIGIT, CAPITAL_BONUS, SEAT_BONUS = 0.08, 0.25, 0.20
OWN_PROMINENCE = 0.55  # a pack's place has no population, but somebody found it worth loading
LEVEL_WISHED, LEVEL_SAID = 0.5, 1.2
COUNTRY_SHARE, HOME, CONTAINED = 0.8, 0.6, 1.5
ALIKE_HANDICAP = 0.3
SHARPNESS = 9.0  # how fast a lead in score turns into certainty
# Ceilings of certainty: of a name we have; of one that only sounds like one; of a place that is not where the words
# put it; of one that bears an actor's name; of one that only holds what is meant.
CERTAIN, SOUNDS_ALIKE, ELSEWHERE, NAMESAKE, PARTLY = 0.97, 0.6, 0.4, 0.45, 0.5


class Resolver:
    """Resolves the names of one report. The same words always mean the same thing to one resolver."""

    def __init__(
        self, register: Register, mentions: Iterable[str] = (), home: str = "", short: Mapping[str, str] | None = None
    ) -> None:
        self._places, self._actors = register.places, register.actors
        self._short = short or {}
        self.home = register.country(home)
        self._mentions = tuple(dict.fromkeys(mention[:LONGEST] for mention in mentions))
        self._votes = self._vote()
        self._people = self._actors.surnames(self._mentions)
        self._known: dict[tuple[str, str, str], Name] = {}

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
            self._known[asked] = Name(words=words, thing=found[0], sure=round(found[1], 2))
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
        inside = self._containers(phrase)
        found = self._called(phrase)
        alike = self._alike(phrase.names, inside) if not any(map(self._likely, found)) else []
        scores = {thing.id: self._score(thing, found, level, phrase.level, inside) for thing in found}
        for thing in alike:
            score = self._score(thing, alike, level, phrase.level, inside) - ALIKE_HANDICAP
            scores[thing.id] = max(score, scores.get(thing.id, score))
        return self._certainly(scores, found, inside, phrase)

    def _called(self, phrase: Phrase) -> list[Thing]:
        """The places so called: by the fullest name that has any, of the level said if there is one."""
        found: dict[str, Thing] = {}
        for name in filter(capitalised, phrase.names):
            found |= {thing.id: thing for thing in self._places.named(name)}
            if found and (not phrase.level or any(thing.type == phrase.level for thing in found.values())):
                break
        return list(found.values())

    def _likely(self, thing: Thing) -> bool:
        """Whether it lies in a country this report is known to be about (or nothing is known of that)."""
        about = self._about()
        return not about or self._places.country(thing) in about or thing.type == "country"

    def _about(self) -> list[str]:
        strong = [country for country, share in [*self._votes.items()][:2] if share > 0.2]
        return [country for country in dict.fromkeys([self.home, *strong]) if country]

    def _certainly(
        self, scores: dict[str, float], found: list[Thing], inside: set[str], phrase: Phrase
    ) -> tuple[str, float]:
        """The best-scored place, and how sure: its part of all scores raised to a power, under the ceilings."""
        if not scores:
            return "", 0.0
        best = max(scores, key=scores.__getitem__)
        total = sum(exp(SHARPNESS * (score - scores[best])) for score in scores.values())
        ceiling = CERTAIN if any(thing.id == best for thing in found) else SOUNDS_ALIKE
        if inside and not inside.intersection(self._places.ancestors(best)):
            ceiling = ELSEWHERE
        if any(self._actors.only_actor(name) for name in phrase.names):
            ceiling = min(ceiling, NAMESAKE)
        if phrase.partly:
            ceiling = min(ceiling, PARTLY)
        return best, ceiling / total

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

    def _score(self, thing: Thing, rivals: Iterable[Thing], wished: str, said: str, inside: set[str]) -> float:
        score = self._prominence(thing, rivals)
        if said:
            score += LEVEL_SAID if thing.type == said else -LEVEL_SAID / 2
        elif wished:
            score += LEVEL_WISHED if thing.type == wished else 0.0
        country = self._places.country(thing)
        score += COUNTRY_SHARE * self._votes.get(country, 0.0)
        score += HOME if country == self.home and country else 0.0
        if inside:
            score += CONTAINED if inside.intersection(self._places.ancestors(thing.id)) else -CONTAINED / 3
        return score

    def _prominence(self, thing: Thing, rivals: Iterable[Thing]) -> float:
        digits = log10(max(thing.population, 1))
        if thing.type == "country":
            return COUNTRY_PROMINENCE
        if not thing.id.startswith(("gn:", "iso:")):
            return OWN_PROMINENCE
        if thing.type != "settlement":
            return PROVINCE_PROMINENCE + PROVINCE_PER_DIGIT * digits
        score = TOWN_PER_DIGIT * digits
        # A bare name shared by a province and its capital means the town, which is what the press names.
        if thing.capital_of:
            score += CAPITAL_BONUS + (0.1 if any(rival.id == thing.capital_of for rival in rivals) else 0.0)
        return score + (SEAT_BONUS if thing.id in self._places.seats else 0.0)

    def _containers(self, phrase: Phrase) -> set[str]:
        """The ids of all places that what follows the comma, or "in", may mean; none when the whole is a name."""
        parts = phrase.container.split(", ") if phrase.container else []
        if phrase.within and not self._places.named(phrase.names[0]):
            parts.append(phrase.within)
        return {
            thing.id
            for part in parts
            for name in read_phrase(part).names
            for thing in self._places.named(name)
            if thing.type != "settlement"
        }

    def _alike(self, names: Iterable[str], inside: set[str]) -> list[Thing]:
        """Places with the same consonants, in the countries this report is about and in what the words put it in."""
        alike = (
            thing
            for country in self._about()
            for name in names
            if capitalised(name)
            for thing in self._places.sounding_like(name, country)
            if not inside or inside.intersection(self._places.ancestors(thing.id))
        )
        return list({thing.id: thing for thing in alike}.values())

    def _vote(self) -> dict[str, float]:
        """How much of the report's places lies in each country, by prominence; sums to at most 1."""
        votes: defaultdict[str, float] = defaultdict(float)
        for mention in self._mentions:
            phrase = read_phrase(mention)
            found = next((things for name in phrase.names if capitalised(name)
                          and (things := self._places.named(name))), ())  # fmt: skip
            weights: dict[str, float] = defaultdict(float)
            for thing in found[:12]:
                country = self._places.country(thing)
                weights[country] = max(weights[country], exp(SHARPNESS * self._prominence(thing, found)))
            total = sum(weights.values())
            for country, weight in weights.items():
                votes[country] += weight / total
        shares = {country: share / len(self._mentions) for country, share in votes.items() if country}
        return dict(sorted(shares.items(), key=lambda vote: -vote[1]))

    # Last, for below it `list` is no longer the builtin.
    def list(self, words: str) -> Name:
        """Which official list or instrument the words mean."""
        return self._once("list", words, "")
