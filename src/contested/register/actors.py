"""Parties, bodies, people, outlets, lists and agreements: the packs, and how the words of a report name them.

Nothing here knows any one actor: names, demonyms, capitals that stand for governments, head words and titles are data.
A state has three branches made by rule (its government, forces and police), which a pack may give further names.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, Literal

import msgspec

from contested.model import Name, Thing
from contested.register.countries import pack
from contested.register.likeness import likeness
from contested.register.near import Near, clear, near_names
from contested.register.offices import Holding, held, holdings
from contested.register.spelling import key
from contested.register.wording import (
    BACKED,
    BREAK,
    POSSESSIVE,
    TAIL,
    bare,
    cored,
    filed,
    is_acronym,
    known_words,
    openings,
    surname,
    without_company,
    words_of,
)

PACKS = ("afghanistan", "middle_east", "africa", "europe", "world", "seats", "press", "lists")
BRANCHES = ("government", "forces", "police")
_OTHER_KINDS: dict[str, Literal["actor", "source", "list", "instrument"]] = {
    "outlet": "source", "list": "list", "instrument": "instrument",
}  # fmt: skip

# How sure each way of naming an actor makes us: set by hand.
NAMED, TITLED, HEADED, STANDS_FOR, BRANCH, HOMELY = 0.95, 0.85, 0.8, 0.75, 0.7, 0.55
_OF = {"of", "for", "from", "with", "in"}
SPELT_ALIKE = 0.49  # at most, a name only like one we have: less than any other way
MAY_MEAN = 0.4  # how alike a long form must be to a name of what its short form means elsewhere; set by hand


class Actors:
    """All parties known, by name."""

    def __init__(self, countries: Iterable[Thing] = (), seats: Mapping[str, Thing] | None = None) -> None:
        self.things: dict[str, Thing] = {}
        self.public: dict[str, str] = {}  # public identifiers, to ours
        self.signed: dict[str, dt.date] = {}  # the day of an instrument
        self.holdings: dict[str, tuple[Holding, ...]] = {}
        self._names: dict[str, list[str]] = defaultdict(list)
        self._acronyms: dict[str, list[str]] = defaultdict(list)
        self._stands_for: dict[str, str] = {}
        self._stands_at: dict[str, str] = {}  # the town of a building that stands for a party
        self._states: dict[str, str] = {}  # names and demonyms of a state, to its id
        self._of: dict[str, str] = {}  # a country's id to its state's
        self._peoples: dict[str, str] = {}  # "Iranians", "Iranian", to the id of their state
        self._surnames: dict[str, set[str]] = defaultdict(set)
        self._matched = lru_cache(maxsize=1 << 14)(self._match_any)
        self.named = lru_cache(maxsize=1 << 14)(self._named)
        self._near = lru_cache(maxsize=1)(lambda: near_names(self.things.values()))
        self._openings = lru_cache(maxsize=1)(self._opening_words)
        self._add_states(countries, seats or {})
        for name in PACKS:
            self.add(pack(name))

    # ── what there is ────────────────────────────────────────────────────────────────────────────

    def _add_states(self, countries: Iterable[Thing], seats: Mapping[str, Thing]) -> None:
        said = pack("countries")
        for country in countries:
            facts = said.get(country.id.removeprefix("iso:"), {})
            slug = "actor:" + key(country.name).replace(" ", "-")
            self._of[country.id] = slug
            self._file(Thing(id=slug, kind="actor", type="state", names=country.names, within=country.id))
            people = (*facts.get("people", ()), *facts.get("demonyms", ()))
            self._peoples |= {key(name): slug for name in people if not is_acronym(name)}
            for name in [*country.names, *facts.get("demonyms", ())]:
                self._states.setdefault(filed(name), slug)
            spoken = (facts.get("demonyms") or country.names)[0]
            for branch in BRANCHES:
                governs = branch == "government"
                sort, within = ("government", slug) if governs else ("force", f"{slug}-government")
                names = (f"{spoken} {branch}",)
                self._file(Thing(id=f"{slug}-{branch}", kind="actor", type=sort, names=names, within=within))
            if (seat := seats.get(country.id)) is not None:
                for name in seat.names:
                    self._stands_for.setdefault(key(name), f"{slug}-government")

    def add(self, tables: Mapping[str, Any]) -> None:
        """File a pack's tables (see packs/): one table per type of thing, and `metonyms`."""
        for sort, entries in tables.items():
            for slug, facts in entries.items() if sort != "metonyms" else ():
                kind = _OTHER_KINDS.get(sort, "actor")
                within = f"actor:{facts['in']}" if "in" in facts else ""
                names = tuple(facts["names"])
                thing = Thing(id=f"{kind}:{slug}", kind=kind, names=names, type=sort, within=within)
                self._file(thing)
                self._hold(thing.id, facts.get("holders", ()))
                self.public |= dict.fromkeys(facts.get("ids", ()), thing.id)
                if "signed" in facts:
                    self.signed[thing.id] = dt.date.fromisoformat(facts["signed"])
        for name, whose in tables.get("metonyms", {}).items():
            facts = whose if isinstance(whose, dict) else {"of": whose}
            self._stands_for[key(name)] = f"actor:{facts['of']}" if facts["of"] else ""
            if "at" in facts:
                self._stands_at[key(name)] = facts["at"]
        self._forget()

    def _hold(self, office: str, holders: Sequence[Sequence[str]]) -> None:
        if holders:
            self.holdings[office] = holdings(holders)

    def _file(self, thing: Thing) -> None:
        if (known := self.things.get(thing.id)) is not None:
            names = tuple(dict.fromkeys([*thing.names, *known.names]))
            thing = msgspec.structs.replace(thing, names=names, within=thing.within or known.within)
        self.things[thing.id] = thing
        self._forget()
        for name in thing.names:
            shelf, word = (self._acronyms, bare(name)) if is_acronym(name) else (self._names, key(name))
            if thing.id not in shelf[word]:
                shelf[word].append(thing.id)
        if thing.type == "person":
            self._surnames[surname(thing.name)].add(thing.id)

    def _forget(self) -> None:
        for cache in (self._matched, self.named, self._near, self._openings):
            cache.cache_clear()

    def _opening_words(self) -> frozenset[str]:
        """The words that anything by which a party is known begins with."""
        homely = (words for branch in BRANCHES for words in known_words("homely", branch))
        kept = (self._names, self._acronyms, self._states, self._peoples, self._stands_for, self._surnames)
        return openings(chain(homely, *kept))

    def _named(self, words: str) -> tuple[Thing, ...]:
        """Everything filed under exactly that name."""
        shouted = self._acronyms.get(bare(words), []) if is_acronym(words) else []
        filed = dict.fromkeys([*shouted, *self._names.get(key(words), [])])
        return tuple(self.things[actor] for actor in filed)

    def near(self, words: str, close: bool = False) -> tuple[Near, ...]:
        """Parties and people whose name is like those words, the likest first: proposals for somebody to judge.

        `close` leaves out those with a name more or a name less.
        """
        said = self._states_in(words)
        return tuple(near for near in self._near().find(words, close) if self._states_in(near.name) == said)

    def _states_in(self, words: str) -> set[str]:
        """The states named or implied in the words: "Nigerien" is like "Nigerian", and means another."""
        return {self._states[filed(token)] for token in words_of(words) if filed(token) in self._states}

    def only_actor(self, words: str) -> bool:
        """Whether the words are a name of a party that is no state: a village may bear it, but hardly be meant."""
        return any(thing.kind == "actor" and thing.type not in ("state", "person") for thing in self.named(words))

    def shared_with_place(self, name: Name) -> bool:
        """Whether an actor was named by a place's name: a state, or the capital that stands for its government."""
        return self.things[name.thing].type == "state" or name.sure == STANDS_FOR

    def stands_at(self, words: str) -> str:
        """The town of a building that stands for a party ("the Pentagon"); empty for all other words."""
        return self._stands_at.get(key(" ".join(words_of(words))), "")

    def country_of(self, words: str) -> str:
        """The id of the country a name or demonym ("Afghan") is of."""
        state = self._states.get(filed(" ".join(words_of(words))), "")
        return self.things[state].within if state else ""

    def holder(self, office: str, day: dt.date) -> Thing | None:
        """Who held an office on a day, as far as the packs know."""
        return self.things.get(held(self.holdings.get(office, ()), day))

    # ── what the words mean ──────────────────────────────────────────────────────────────────────

    def surnames(self, mentions: Iterable[str]) -> dict[str, str]:
        """The people a report gives by full name, by surname: who "Ghani" is in it."""
        found = {}
        for mention in mentions:
            tokens = words_of(mention)
            if len(tokens) > 1 and (person := self._person(tokens)):
                found[surname(self.things[person].name)] = person
        return found

    def spelt_out(self, words: str, short: Mapping[str, str]) -> str:
        """The words with a short name that the report introduces spelt out; empty when it is nobody's we know.

        What we know by that short name is kept only when it may be what the report means by it: "SNA" is an army in
        Syria or in Somalia, and a news agency in the Sudan.
        """
        introduced = (
            {token: short[name] for token in words_of(words) if (name := bare(token)) in short} if short else {}
        )
        for token, long in introduced.items():
            if self.match(long)[0]:
                words = words.replace(token, long)
            elif not any(likeness(long, name, "body") >= MAY_MEAN for thing in self.named(token) for name in thing.names
                         if not is_acronym(name)):  # fmt: skip
                return ""
        return words

    def match(self, words: str, home: str = "", people: Mapping[str, str] | None = None) -> tuple[str, float]:
        """The thing meant and how sure, or ("", 0). `home` is a country's id; `people` as from `surnames`."""
        near = {key(token) for token in words_of(words)} if people else ()
        borne = tuple((name, person) for name, person in (people or {}).items() if name in near)
        return self._matched(words, home, borne)

    def _match_any(self, words: str, home: str, borne: tuple[tuple[str, str], ...]) -> tuple[str, float]:
        """As `match`, of the people only those whose surnames are among the words; it is remembered."""
        people, parts = dict(borne), BREAK.split(words)[:4]
        if len(parts) > 1 and self._enumerates(parts):
            return "", 0.0
        for spot, part in enumerate(parts):
            found, sure = self._match(words_of(part), home, people, depth=0)
            if found:
                return found, sure if spot == 0 else sure * 0.9
        return "", 0.0

    def _enumerates(self, parts: Sequence[str]) -> bool:
        """Whether the commas part several parties ("France, Germany and Britain"), not a name and what it is."""
        pieces = [words_of(piece) for part in parts for piece in re.split(r" (?:and|or) ", part)]
        found = [self._exactly(piece, "", {}, 0)[0] for piece in pieces if piece]
        parties = {actor for actor in found if actor and self.things[actor].type not in ("person", "office", "outlet")}
        return len(parties) > 1

    def _match(self, tokens: list[str], home: str, people: Mapping[str, str], depth: int) -> tuple[str, float]:
        if not tokens or depth > 3:
            return "", 0.0
        tokens = without_company(tokens)
        if people or any(key(token).partition(" ")[0] in self._openings() for token in tokens):
            for way in (self._exactly, self._as_person, self._at_home, self._headed, self._headed_of):
                found, sure = way(tokens, home, people, depth)
                if found:
                    return found, sure
        cut = next((spot for spot, token in enumerate(tokens) if spot and token.casefold() in TAIL), 0)
        return self._match(tokens[:cut], home, people, depth + 1) if cut else self._spelt_alike(tokens)

    def _spelt_alike(self, tokens: list[str]) -> tuple[str, float]:
        """Somebody whose name is clearly like the words, without those that only lead or follow it."""
        for leads, people in ((self._skippable, False), (self._before_names, True)):
            start = next((spot for spot, token in enumerate(tokens) if not leads(token)), len(tokens))
            core = cored(tokens[start:])
            near = clear(core, self.near(core, close=True)) if core else None
            if near is not None and (near.sort == "person" or not people):
                return near.thing, SPELT_ALIKE * near.alike
        return "", 0.0

    def _exactly(self, tokens: list[str], home: str, _people: Mapping[str, str], _depth: int) -> tuple[str, float]:
        words = " ".join(tokens)
        if found := [thing.id for thing in self.named(words) if thing.kind in ("actor", "source")]:
            state = self._of.get(home, "")
            near = [actor for actor in found if state and state in self._above(actor)]
            return (near or found)[0], NAMED if len(found) == 1 or near else NAMED / len(found)
        if words[0].isupper() and (whom := self._stands_for.get(key(words))):
            return whom, STANDS_FOR
        known = words[0].isupper() and key(words) in self._peoples
        return (self._peoples[key(words)], HOMELY) if known else ("", 0.0)

    def _as_person(self, tokens: list[str], _home: str, people: Mapping[str, str], _depth: int) -> tuple[str, float]:
        if person := self._person(tokens):
            return person, 0.9
        last = key(tokens[-1])
        if tokens[-1][0].isupper() and all(self._introduces(token) for token in tokens[:-1]):
            if last in people:
                return people[last], TITLED
            bearers = self._surnames.get(last, set())
            if len(bearers) == 1 and len(tokens) > 1:
                return next(iter(bearers)), TITLED - 0.05
        return "", 0.0

    def _person(self, tokens: Sequence[str]) -> str:
        """Somebody whose full name ends the words: "Afghan President Ashraf Ghani"."""
        for spot in range(len(tokens)):
            alone = spot == len(tokens) - 1
            if alone and not all(self._introduces(token) for token in tokens[:spot]):
                continue
            for thing in self.named(" ".join(tokens[spot:])):
                if thing.type == "person":
                    return thing.id
        return ""

    def _introduces(self, token: str) -> bool:
        return self._before_names(token) or "-" in token

    def _before_names(self, token: str) -> bool:
        word = token.casefold().rstrip(".,")
        known = word in known_words("titles") or word in known_words("leading") or filed(token) in self._states
        return known or BACKED.search(word) is not None

    def _at_home(self, tokens: list[str], home: str, _people: Mapping[str, str], _depth: int) -> tuple[str, float]:
        """ "government forces": those of the country the report is about."""
        words = " ".join(tokens).casefold()
        for branch in BRANCHES:
            if words in known_words("homely", branch) and home in self._of:
                return f"{self._of[home]}-{branch}", HOMELY
        return "", 0.0

    def _headed(self, tokens: list[str], _home: str, _people: Mapping[str, str], _depth: int) -> tuple[str, float]:
        """ "Taliban gunmen", "senior Afghan officials", "Kabul government": a name and what part of it acts."""
        if any(token.casefold() in ("and", "or") for token in tokens):
            return "", 0.0
        start = 0
        while start < len(tokens):
            for end in range(len(tokens), start, -1):
                found = self._part(tokens[start:end], tokens[end:])
                if found[0] and (end < len(tokens) or start):
                    return found
            if not self._skippable(tokens[start]):
                break
            start += 1
        return "", 0.0

    def _skippable(self, token: str) -> bool:
        word = token.casefold().rstrip(",.")
        if word in known_words("leading") or BACKED.search(word) or word.replace(",", "").isdigit():
            return True
        return any(thing.type == "person" for thing in self.named(token))  # "the Biden State Department"

    def _part(self, name: list[str], rest: list[str]) -> tuple[str, float]:
        words = " ".join(name)
        state = self._states.get(filed(words), "")
        if (state or key(words) in self._stands_for) and rest and words[0].isupper():
            whole = state or self._stands_for[key(words)].removesuffix("-government")
            if any(self._other_people(word) for word in rest[:-1]):
                return "", 0.0  # "Bosnian Serb forces" are not the state's
            return self._branch(whole, rest)
        found = [thing for thing in self.named(words) if thing.kind in ("actor", "source") and thing.type != "state"]
        if found and not rest:
            return found[0].id, NAMED - 0.05
        if found and any(word.casefold() in known_words("heads", "group") for word in (rest[0], rest[-1])):
            return found[0].id, HEADED
        return "", 0.0

    def _other_people(self, word: str) -> bool:
        """Whether a word names a people or a party of its own."""
        peoples = (key(word), key(word + "s"))  # "Serb", "Serbs"
        named = filed(word) in self._states or bool(self.named(word)) or any(p in self._peoples for p in peoples)
        return word[:1].isupper() and named

    def _branch(self, state: str, rest: list[str]) -> tuple[str, float]:
        """Which branch of a state acts: its last word says, or else the first ("army chief", "police in Kabul")."""
        if any(word.casefold() in known_words("heads", "bodies") for word in rest):
            return f"{state}-government", BRANCH
        for word in (rest[-1].casefold(), rest[0].casefold()):
            for branch in BRANCHES:
                if word in known_words("heads", branch) and f"{state}-{branch}" in self.things:
                    return f"{state}-{branch}", BRANCH
        return "", 0.0

    def _headed_of(self, tokens: list[str], home: str, people: Mapping[str, str], depth: int) -> tuple[str, float]:
        """ "the government of Yemen", "a spokesman for the Taliban", "members of the group"."""
        for spot, token in enumerate(tokens):
            if token.casefold() not in _OF or not 0 < spot < len(tokens) - 1:
                continue
            head = tokens[spot - 1].casefold()
            after = words_of(" ".join(tokens[spot + 1 :]))
            state = self._states.get(filed(" ".join(after)), "")
            if state:
                return self._branch(state, [head])
            if token.casefold() != "in" and head in known_words("heads", "group") | {
                "dozens",
                "hundreds",
                "part",
                "some",
            }:
                found, sure = self._match(after, home, people, depth + 1)
                return found, min(sure, HEADED)
        return "", 0.0

    def _above(self, actor: str) -> list[str]:
        above: list[str] = []
        while actor in self.things and actor not in above:
            above.append(actor)
            actor = self.things[actor].within
        return above

    def listed(self, words: str) -> tuple[str, float]:
        """The official list or agreement named anywhere in the words, the longest name first."""
        tokens = words_of(words)[:24]
        for length in range(len(tokens), 0, -1):
            for start in range(len(tokens) - length + 1):
                part = " ".join(tokens[start : start + length])
                for thing in self.named(POSSESSIVE.sub("", part)):
                    if thing.kind in ("list", "instrument"):
                        return thing.id, NAMED if length == len(tokens) else NAMED - 0.15
        return "", 0.0
