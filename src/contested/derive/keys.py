"""The key of a row: each part of it as a label, and what is one row cut into spans of days or into voices."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache, partial
from typing import Any

from contested.derive.codebook import Codebook, Part
from contested.derive.evidence import Evidence, Group, Label, field
from contested.derive.speakers import make_one
from contested.derive.wording import CACHED, Wording
from contested.model import Name, Thing

Unplaced = list[tuple[Evidence, str]]
_NO_LABEL = Label("", "")


class Keys:
    """Labels evidence by the codebook's key."""

    def __init__(self, book: Codebook, wording: Wording) -> None:
        self.book = book
        self.wording = wording
        self._parts = book.key
        self._at_level = lru_cache(maxsize=CACHED)(self._climb)
        self._named = lru_cache(maxsize=CACHED)(self._label_of_name)
        self.sorted_by = lru_cache(maxsize=CACHED)(self._reads)
        self._window = next((place for place, part in enumerate(book.key) if part.window_days is not None), None)
        self._each = next((place for place, part in enumerate(book.key) if part.each), None)
        held_open = [place for place in (self._window, self._each) if place is not None]
        self.fixed = min(held_open, default=len(book.key))  # so many first parts its own fields tell of an assertion

    def place(self, evidence: Iterable[Evidence], unplaced: Unplaced) -> list[Group]:
        groups: dict[tuple[str, ...], Group] = {}
        for e in evidence:
            labels = self.labels(e)
            if isinstance(labels, str):
                unplaced.append((e, e.aside or labels))
                continue
            identity = tuple([label.identity for label in labels])
            found = groups.get(identity)
            if found is None:
                found = groups[identity] = Group(labels)
            elif not e.aside:  # the last that is not left aside spells the key
                found.labels = labels
            found.own.append(e)
        return [part for whole in groups.values() for part in self._windows(whole, unplaced)]

    def each(self, whole: Group, unplaced: Unplaced) -> Iterator[Group]:
        """One group for each of the codebook's `each` part; the whole matter stands beside it."""
        if self._each is None:
            yield whole
            return
        part, place = self._parts[self._each], self._each
        fit = [e for e in whole.own if not e.aside]
        spell(fit)
        make_one(fit)
        asserted = [e for e in fit if e.value]
        denials = [e for e in fit if e.denies and not e.value]
        groups: dict[str, Group] = {}
        for e in whole.own:
            if not self.wording.holds(part.opens, partial(field, e)):
                unplaced.append((e, e.aside or "contradicts nobody here"))
                continue
            label = self._label(place, e)
            labels = (*whole.labels[:place], label, *whole.labels[place + 1 :])
            group = groups.setdefault(label.identity, Group(labels, whole=False, asserted=asserted, denials=denials))
            group.own.append(e)
        yield from groups.values()

    def labels(self, e: Evidence, first: int | None = None) -> tuple[Label, ...] | str:
        """A label for each part, or each of the first (empty for those held open); or why there is no row for it."""
        labels = []
        for place, part in enumerate(self._parts[:first]):
            held_open = place == self._window or place == self._each
            label = _NO_LABEL if held_open else self._label(place, e)
            if not label[0] and not part.optional and not held_open:
                kind = "named " if part.named else ""
                return f"lies in no known {part.level}" if part.level else f"no {kind}{part.name}"
            labels.append(label)
        return tuple(labels)

    def _label(self, place: int, e: Evidence) -> Label:
        of = self._parts[place].of
        if isinstance(of, str):
            return self.label(place, field(e, of))
        if isinstance(of, tuple):
            return self.label(place, next((value for name in of if (value := field(e, name))), None))
        words = self.wording.say(of.get(e.kind, ""), partial(field, e)) or ""  # type: ignore[call-overload]
        return Label(words.casefold(), words)

    def label(self, place: int, value: Any) -> Label:
        """What a value of its field makes of the part of the key in that place."""
        if type(value) is Name:
            return self._named(place, value.words, value.thing)
        return _worded(self._parts[place], self.wording.shown(value)) if value else _NO_LABEL

    def _reads(self, label: Label) -> str:
        """How a label sorts; a thing the register does not know by its id, for reports may write it in many ways."""
        unknown = label.thing and self.wording.register.thing(label.thing) is None
        return (label.thing if unknown else label.words).casefold()

    def _label_of_name(self, place: int, words: str, thing_id: str) -> Label:
        part = self._parts[place]
        if part.level:
            thing = self._at_level(thing_id, part.level) if thing_id else None
            if thing or not part.or_itself:
                return Label(thing.id, thing.name, thing.id) if thing else _NO_LABEL
        if part.named and not thing_id and not any(word[:1].isupper() for word in words.split()):
            return _NO_LABEL
        called = self.wording.name(Name(words, thing_id))
        return Label(thing_id or (f"?{called.casefold()}" if called else ""), called, thing_id)

    def _climb(self, thing_id: str, level: str) -> Thing | None:
        """The place itself or the nearest around it that is of this level; for a province its capital."""
        register = self.wording.register
        for place_id in (thing_id, *register.ancestors(thing_id)):
            thing = register.thing(place_id)
            if thing is not None and (thing.capital_of if level == "capital" else thing.type == level):
                return thing
        here = register.thing(thing_id)
        return register.capital(thing_id) if level == "capital" and here and here.type == "province" else None

    def _windows(self, whole: Group, unplaced: Unplaced) -> Iterator[Group]:
        """Cut a group into spans of days: each opens with the first report outside the one before."""
        if self._window is None:
            yield whole
            return
        days = self._parts[self._window].window_days or 0
        spans: list[Group] = []
        opened: list[dt.date] = []
        for e in whole.own:
            if not e.aside and (not opened or (e.day - opened[-1]).days > days):
                opened.append(e.day)
                label = Label(e.day.isoformat(), e.day.isoformat())
                spans.append(Group((*whole.labels[: self._window], label, *whole.labels[self._window + 1 :])))
        for e in whole.own:
            at = bisect_right(opened, e.day) - 1
            if at >= 0 and (e.day - opened[at]).days <= days:
                spans[at].own.append(e)
            else:
                unplaced.append((e, e.aside))
        yield from spans


def spell(evidence: Iterable[Evidence]) -> None:
    """The same words, however capitalised, are one value of a row, spelled as they were last."""
    spelled: dict[str, str] = {}
    for e in evidence:
        spelled[e.denies.casefold()] = e.denies
        spelled[e.value.casefold()] = e.value
    for e in evidence:
        e.value, e.denies = spelled[e.value.casefold()], spelled[e.denies.casefold()]


def _worded(part: Part, words: str) -> Label:
    family = next((family for family, members in part.families.items() if words in members), words)
    return Label(family.casefold(), family)
