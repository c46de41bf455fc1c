"""Who and where a report names: what names tell of each other is settled over the report, before any is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby, takewhile
from typing import NamedTuple

from contested.register import Register, Resolver
from contested.text import Reading, Tree

PLACES = ("LOC", "GPE")  # the encoder's tags of a place's name


class Named(NamedTuple):
    """A name, where it stands in the text, whether it was taken for a place's, and whether it is a subject."""

    words: str
    span: tuple[int, int]
    place: bool
    acts: bool


def names_in(reading: Reading, register: Register) -> Iterator[Named]:
    """Every name the encoder saw, and of a sentence it was not asked to read every name that some place has."""
    for number, tree in enumerate(reading.trees):
        read = any(token.pos for token in tree.tokens)
        for nodes in _tagged(tree) if read else _capitalised(tree):
            words, span = reading.words(number, nodes), tree.extent(nodes)
            if read:
                place = tree.tokens[nodes[0]].entity[2:] in PLACES
                yield Named(words, span, place, any(tree.label(node) == "nsubj" for node in nodes))
            elif register.candidates.called(words).candidates and not register.actors.only_actor(words):
                yield Named(words, span, place=True, acts=False)


def country_of(named: Iterable[Named], resolver: Resolver, register: Register) -> str:
    """The country a report is about: the one most of its places lie in, or none when they are divided.

    A capital that acts ("Moscow said") is a government: it counts only beside places of its country.
    """
    votes: Counter[str] = Counter()
    governments: Counter[str] = Counter()
    for name in named:
        thing = resolver.place(name.words).thing
        counted = governments if name.acts and thing in register.places.seats else votes
        counted.update(a for a in (thing, *register.ancestors(thing)) if a.startswith("iso:") and "-" not in a)
    votes.update({country: n for country, n in governments.items() if votes[country]})
    return next((c for c, n in votes.most_common(1) if n >= 2 and 2 * n >= votes.total()), "")


def _tagged(tree: Tree) -> Iterator[tuple[int, ...]]:
    """The nodes of each name but times'."""
    tags = [token.entity for token in tree.tokens]
    for start, tag in enumerate(tags):
        if tag.startswith("B-") and not tag.endswith("TIM"):
            more = takewhile(lambda node: tags[node].startswith("I-"), range(start + 1, len(tags)))
            yield start, *more


def _capitalised(tree: Tree) -> Iterator[tuple[int, ...]]:
    """The nodes of each run of capitalised words, the first word of the sentence aside."""
    inside = range(1, len(tree.tokens))
    for large, run in groupby(inside, lambda node: tree.tokens[node].text[:1].isupper()):
        if large:
            yield tuple(run)
