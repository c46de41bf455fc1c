"""Where an event happened: the frame's own place, else what stands beside its words, else what the sentence names.

What a sentence names in front ("In Dohuk, officials say …") or as the seat of who speaks ("police in Kandahar say …")
is where it happened when nothing nearer says so; a whole country that a speaker sits in is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from contested.extract.lexicon import listed
from contested.extract.places import places
from contested.extract.report import Report
from contested.model import Name
from contested.text import Tree

if TYPE_CHECKING:
    from contested.extract.event import Happening

_NEAR = frozenset({
    "in", "at", "near", "outside", "inside", "on", "across", "around", "along", "off", "from", "through", "into",
    "toward",
})  # fmt: skip


def whereabouts(report: Report, sentence: int, h: Happening) -> tuple[Name | None, str, tuple[int, ...]]:
    """The place by name, the site when it is only described ("near the presidential palace"), and their words where
    they belong to the event's own."""
    tree, site = report.trees[sentence], ""
    words: tuple[int, ...] = ()
    told = tree.under(tree.clause[h.trigger]) | tree.under(h.trigger)
    for node in _around(report, sentence, h):
        for where in places(report, sentence, node):
            own = where.nodes if told.issuperset(where.nodes) else ()
            if where.name.thing or _by_name(tree, where.nodes):
                return where.name, site, own
            inner = [n for n in tree.obliques(node) if _named(report, sentence, n)]
            if inner:
                return report.place(sentence, inner[0]), where.name.words, (*own, *tree.phrase(inner[0]))
            site, words = site or where.name.words, words or own
    return (Name(site) if site else None), site, words


def _around(report: Report, sentence: int, h: Happening) -> list[int]:
    """Where to look for the place, the likeliest first: the frame's own, then beside every word of the event."""
    tree = report.trees[sentence]
    words = [h.trigger, *h.joined, *(n for t in h.tolls for n in (t.trigger, t.people))]
    heads = [tree.tokens[w].head for w in words if tree.label(w) in ("nsubj", "obj", "obl", "nmod")]
    parts = [h.roles[role] for role in ("recipient", "means", "actor") if role in h.roles]
    beside = [n for w in (*words, *heads, *parts) if w >= 0 for n in tree.obliques(w) if _near(tree, n)]
    before = [n for w in (h.trigger, *h.joined) for n in tree.all(w, "compound") if report.names_town(sentence, n)]
    own = {tree.clause[w] for w in words}
    standing = [n for n in range(len(tree.tokens)) if _near(tree, n) and report.is_place(sentence, n)]
    named = [n for n in standing if any(_proper(tree, each) for each in tree.phrase(n))]
    within = [n for n in named if tree.clause[n] in own]
    under = tree.under(h.trigger)
    below = [n for n in named if n in under]
    described = [n for n in standing if tree.tokens[n].pos == "NOUN" and tree.clause[n] in own]
    seats = [n for n in named if not (report.of_a_speaker(sentence, n) and _country(report, sentence, n))]
    told = [h.roles["place"]] if "place" in h.roles else []
    fought = [n for n in range(len(tree.tokens)) if _fought_over(report, sentence, n)]
    return list(dict.fromkeys([*told, *beside, *before, *within, *below, *described, *seats, *fought]))


def _by_name(tree: Tree, nodes: tuple[int, ...]) -> bool:
    """Whether words hold the name of a place; whose a base or an embassy is ("a U.S. base") says not where."""
    places = [n for n in nodes if tree.tokens[n].entity[2:] in ("LOC", "GPE")]
    heads = {tree.tokens[n].head for n in places if tree.label(n) in ("amod", "compound")}
    return bool(places) and not all(tree.lemma(head) in listed("places", "owned") for head in heads or {places[0]})


def _fought_over(report: Report, sentence: int, node: int) -> bool:
    """ "Seized control of Kunduz after clashes", "fought for control over Aleppo": the clashes were there."""
    tree = report.trees[sentence]
    head = tree.tokens[node].head
    over = head >= 0 and tree.lemma(head) in listed("places", "stakes") and tree.case(node) in ("of", "over", "for")
    return over and report.is_place(sentence, node)


def _proper(tree: Tree, node: int) -> bool:
    """Whether a word names something: "Mosul", the "Iraqi" of "the Iraqi capital"."""
    token = tree.tokens[node]
    return token.pos == "PROPN" or token.entity[2:] in ("LOC", "GPE")


def _country(report: Report, sentence: int, node: int) -> bool:
    """Whether a noun names a whole country, not "southern Afghanistan"."""
    place, tree = report.place(sentence, node), report.trees[sentence]
    thing = report.register.thing(place.thing) if place is not None else None
    part = any(tree.lemma(c) in listed("places", "sides") for c in tree.all(node, "amod", "compound"))
    return thing is not None and thing.type == "country" and not part


def _named(report: Report, sentence: int, node: int) -> bool:
    """Whether a noun is a place's name, or has it: "the town of Hilla"."""
    of = report.trees[sentence].oblique(node, "of")
    return report.names_place(sentence, node) or (of is not None and report.names_town(sentence, node))


def _near(tree: Tree, node: int) -> bool:
    """Whether a noun is said to be where something is: "in", "southwest of"."""
    head, case = tree.tokens[node].head, tree.case(node).partition(" ")[0]
    beside = case == "of" and head >= 0 and tree.lemma(head) in listed("places", "compass")
    return case in _NEAR or beside
