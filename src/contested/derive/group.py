"""Second step: which row each piece of evidence belongs to."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from contested.derive.attach import attach
from contested.derive.codebook import Codebook, Part
from contested.derive.evidence import Evidence, Group, Label, Wording, field
from contested.derive.sameness import as_judged
from contested.model import Name, Thing

Unplaced = list[tuple[Evidence, str]]


def group(book: Codebook, evidence: Iterable[Evidence], wording: Wording) -> tuple[list[Group], Unplaced]:
    """The groups, and what belongs to none, each with the reason. Evidence keeps its order of time."""
    keys = _Keys(book, wording)
    unplaced: Unplaced = []
    joining = frozenset(join.kind for join in book.attach)
    evidence = list(evidence)
    groups = keys.place((e for e in evidence if e.kind not in joining), unplaced)
    for join in book.attach:
        loose = attach(join, groups, (e for e in evidence if e.kind == join.kind), wording)
        if join.kind in book.reads:
            groups += keys.place(loose, unplaced)
        else:
            unplaced += [(e, e.aside or "speaks of nothing this picture holds") for e in loose]
    if book.as_judged:
        groups = as_judged(groups, unplaced)
    return [part for whole in groups for part in keys.each(whole, unplaced)], unplaced


class _Keys:
    """Labels evidence by the codebook's key."""

    def __init__(self, book: Codebook, wording: Wording) -> None:
        self._parts = book.key
        self._wording = wording
        self._levels: dict[tuple[str, str], Thing | None] = {}
        self._window = next((place for place, part in enumerate(book.key) if part.window_days is not None), None)
        self._each = next((place for place, part in enumerate(book.key) if part.each), None)

    def place(self, evidence: Iterable[Evidence], unplaced: Unplaced) -> list[Group]:
        groups: dict[tuple[str, ...], Group] = {}
        spelled_by_counted: set[tuple[str, ...]] = set()
        for e in evidence:
            labels = self._labels(e)
            if isinstance(labels, str):
                unplaced.append((e, e.aside or labels))
                continue
            identity = tuple(label.identity for label in labels)
            found = groups.setdefault(identity, Group(labels))
            if not e.aside and identity not in spelled_by_counted:  # what is left aside must not spell the key
                found.labels = labels
                spelled_by_counted.add(identity)
            found.own.append(e)
        return [part for whole in groups.values() for part in self._windows(whole, unplaced)]

    def each(self, whole: Group, unplaced: Unplaced) -> Iterator[Group]:
        """One group for each of the codebook's `each` part; the whole matter stands beside it."""
        if self._each is None:
            yield whole
            return
        part, place = self._parts[self._each], self._each
        asserted = [e for e in whole.own if e.value and not e.aside]
        denials = [e for e in whole.own if e.denies and not e.value and not e.aside]
        groups: dict[str, Group] = {}
        for e in whole.own:
            if not self._wording.holds(part.opens, e):
                unplaced.append((e, e.aside or "contradicts nobody here"))
                continue
            label = self._label(part, e)
            labels = (*whole.labels[:place], label, *whole.labels[place + 1 :])
            group = groups.setdefault(label.identity, Group(labels, asserted=asserted, denials=denials))
            group.own.append(e)
        yield from groups.values()

    def _labels(self, e: Evidence) -> tuple[Label, ...] | str:
        labels = []
        for place, part in enumerate(self._parts):
            held_open = place in (self._window, self._each)
            label = Label("", "") if held_open else self._label(part, e)
            if not label.identity and not part.optional and not held_open:
                kind = "named " if part.named else ""
                return f"lies in no known {part.level}" if part.level else f"no {kind}{part.name}"
            labels.append(label)
        return tuple(labels)

    def _label(self, part: Part, e: Evidence) -> Label:
        if isinstance(part.of, dict):
            words = self._wording.say(part.of.get(e.kind, ""), e) or ""  # type: ignore[call-overload]
            return Label(words.casefold(), words)
        for name in (part.of,) if isinstance(part.of, str) else part.of:
            value = field(e, name)
            if isinstance(value, Name):
                return self._named(part, value)
            if value:
                return _worded(part, self._wording.text(e, name))
        return Label("", "")

    def _named(self, part: Part, name: Name) -> Label:
        if part.level:
            thing = self._at_level(name.thing, part.level)
            if thing or not part.or_itself:
                return Label(thing.id, thing.name, thing.id) if thing else Label("", "")
        words = self._wording.name(name)
        if part.named and not name.thing and not any(word[:1].isupper() for word in name.words.split()):
            return Label("", "")
        return Label(name.thing or words.casefold(), words, name.thing)

    def _at_level(self, thing_id: str, level: str) -> Thing | None:
        if thing_id and (thing_id, level) not in self._levels:
            self._levels[thing_id, level] = self._climb(thing_id, level)
        return self._levels.get((thing_id, level))

    def _climb(self, thing_id: str, level: str) -> Thing | None:
        """The place itself or the nearest around it that is of this level; for a province its capital."""
        register = self._wording.register
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


def _worded(part: Part, words: str) -> Label:
    family = next((family for family, members in part.families.items() if words in members), words)
    return Label(family.casefold(), family)
