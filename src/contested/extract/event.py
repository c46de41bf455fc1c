"""What happened: who did what to whom, where, with what, at what cost. Casualties join the event they belong to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from contested.extract import Extractor
from contested.extract.casualties import Toll, running_total, tolls
from contested.extract.frames import Evoked, evoked
from contested.extract.lexicon import listed, table
from contested.extract.places import places
from contested.extract.report import Report
from contested.model import Assertion, Estimate, Event, Name
from contested.text import Tree

_NEAR = ("in", "at", "near", "outside", "inside", "on", "across", "around", "along", "off", "from")
VIOLENT = frozenset({
    "bombing", "armed_attack", "clash", "air_strike", "shelling", "assassination", "execution", "abduction", "arrest",
    "sexual_violence", "riot", "other_violence",
})  # fmt: skip
LEARNED = VIOLENT | {"release", "protest", "seizure"}  # the network was shown no other types
ON_TOWNS = frozenset({"bombing", "armed_attack", "air_strike", "shelling"})  # done to a place as to its people


@dataclass
class Happening:
    """An event being put together: its type, the nodes of its parts, and the tolls that belong to it."""

    trigger: int
    type: str
    roles: dict[str, int]
    tolls: list[Toll] = field(default_factory=list)
    joined: set[int] = field(default_factory=set)


def _extract(report: Report, before: tuple[Assertion, ...]) -> Iterator[Assertion]:
    for sentence in range(len(report.trees)):
        for happening in happenings(report, sentence):
            _struck(report, sentence, happening)
            if _bare(report, sentence, happening):
                continue
            yield _assertion(report, sentence, happening)


def happenings(report: Report, sentence: int) -> list[Happening]:
    """The events of a sentence: those its words evoke, one for words that speak of the same, casualties joined."""
    tree = report.trees[sentence]
    found = [_begun(tree, e) for e in evoked(tree, "event") if report.reading.mood(sentence, e.trigger) == "told"]
    found = _merged(tree, found)
    for toll in tolls(report, sentence):
        if report.reading.mood(sentence, toll.trigger) != "told":
            continue
        home = next((h for h in found if _belongs(tree, toll, h)), None)
        home = _lacking(found, toll) if home is None else home
        if home is None and (running_total(toll.killed) or running_total(toll.wounded)):
            continue
        if home is None:
            home = _from_toll(tree, toll)
            found.append(home)
        home.tolls.append(toll)
    return found


def _struck(report: Report, sentence: int, h: Happening) -> None:
    """ "Rockets hit Kabul": a town attacked is where it happened, whoever its name else stands for."""
    node = h.roles.get("recipient")
    if h.type in ON_TOWNS and node is not None and "place" not in h.roles and report.names_town(sentence, node):
        h.roles["place"] = h.roles.pop("recipient")


def _begun(tree: Tree, e: Evoked) -> Happening:
    roles, type_ = dict(e.roles), e.frame.sets["type"]
    by = roles.get("actor")
    if by is not None and tree.lemma(by) in listed("event", "devices"):
        roles["means"] = roles.pop("actor")  # "rockets target the palace"
        type_ = table("casualties", "by").get(tree.lemma(by), type_)
    sides = tree.conjuncts(roles["actor"]) if type_ == "clash" and "actor" in roles else []
    if len(sides) > 1:
        roles.setdefault("recipient", sides[1])  # "troops and rebels clashed"
    return Happening(e.trigger, type_, roles)


def _merged(tree: Tree, found: list[Happening]) -> list[Happening]:
    """ "a bomb exploded", "launched an attack": words that hang on each other tell one event, the verb leads."""
    kept: list[Happening] = []
    for h in sorted(found, key=lambda h: tree.tokens[h.trigger].pos != "VERB"):
        host = next((k for k in kept if _same(tree, k, h)), None)
        if host is None:
            kept.append(h)
            continue
        host.joined.add(h.trigger)
        if host.type in ("armed_attack", "clash") and h.type in ("bombing", "shelling", "air_strike"):
            host.type = h.type
        for role, node in h.roles.items():
            if node != host.trigger:
                host.roles.setdefault(role, node)
    return sorted(kept, key=lambda h: h.trigger)


def _same(tree: Tree, verb: Happening, noun: Happening) -> bool:
    if tree.tokens[noun.trigger].pos == "VERB":
        return False
    direct = {tree.agent(verb.trigger), tree.patient(verb.trigger), tree.first(verb.trigger, "obj")}
    compound = tree.tokens[noun.trigger].head == verb.trigger and tree.label(noun.trigger) in (
        "compound",
        "amod",
        "nmod",
    )
    return noun.trigger in direct or (noun.trigger in verb.roles.values() and verb.type == noun.type) or compound


def _belongs(tree: Tree, toll: Toll, h: Happening) -> bool:
    """A toll belongs to the event that kills, in which people die, or that its clause hangs on."""
    if toll.trigger == h.trigger or any(_neighbours(tree, toll, t) for t in h.tolls):
        return True
    if h.type not in VIOLENT:
        return False
    words = {h.trigger, *h.joined}
    if tree.agent(toll.trigger) in words or words & set(tree.obliques(toll.trigger)):
        return True
    clause = tree.clause[toll.trigger]
    head = tree.tokens[clause].head
    hangs = tree.label(clause) in ("advcl", "acl", "conj", "parataxis", "xcomp") and head >= 0
    if hangs and (head in words or tree.clause[head] in {tree.clause[w] for w in words}):
        return True
    event_clause = tree.clause[h.trigger]
    return tree.label(event_clause) == "advcl" and tree.tokens[event_clause].head in (toll.trigger, clause)


def _lacking(found: list[Happening], toll: Toll) -> Happening | None:
    """The one event of the sentence that counts its dead and not its wounded, or the other way round."""
    role = "killed" if toll.killed is not None else "wounded"
    lacking = [h for h in found if h.tolls and all(getattr(t, role) is None for t in h.tolls)]
    return lacking[0] if len(lacking) == 1 and len([h for h in found if h.type in VIOLENT]) == 1 else None


def _neighbours(tree: Tree, one: Toll, other: Toll) -> bool:
    """ "killed ten and wounded twenty": two counts of one event, joined by "and"."""
    if (one.killed is None) == (other.killed is None):
        return False
    first, second = sorted((one.trigger, other.trigger))
    shared = tree.tokens[second].head in (first, tree.tokens[first].head)
    return shared and tree.label(second) in ("conj", "advcl", "parataxis")


def _from_toll(tree: Tree, toll: Toll) -> Happening:
    """Deaths without a named act: the type follows from what killed, when it is said."""
    by = tree.agent(toll.trigger) if tree.lemma(toll.trigger) not in ("die", "perish") else None
    act = tree.oblique(toll.trigger, "in", "by", "from")
    by = act if by is None and act is not None and tree.lemma(act) in table("casualties", "by") else by
    type_ = table("casualties", "by").get(tree.lemma(by), "other_violence") if by is not None else "other_violence"
    roles: dict[str, int] = {}
    if by is not None:
        roles["actor" if tree.tokens[toll.trigger].pos == "VERB" and tree.agent(toll.trigger) == by else "means"] = by
    where = tree.oblique(toll.trigger, "in", "at", "near")
    if where is not None and where != by:
        roles["place"] = where
    return Happening(toll.trigger, type_, roles)


def _bare(report: Report, sentence: int, h: Happening) -> bool:
    """A noun that only points back ("the attack") or a trend ("attacks continue") tells no event of its own."""
    tree = report.trees[sentence]
    if tree.tokens[h.trigger].pos == "VERB":
        telling = {"recipient", "place"} if h.type == "clash" else h.roles.keys()  # "they continue to fight"
        return not (h.tolls or h.roles.keys() & telling)
    dated = any(tree.tokens[c].entity.endswith("TIM") for c in tree.children[h.trigger])
    happens = tree.label(h.trigger) == "nsubj" and tree.lemma(tree.tokens[h.trigger].head) in listed("event", "happen")
    return not (h.tolls or dated or happens or h.roles.keys() & {"recipient", "place"})


def _assertion(report: Report, sentence: int, h: Happening) -> Assertion:
    tree = report.trees[sentence]
    place, site, where = _where(report, sentence, h)
    nodes = {n for node in h.roles.values() for n in tree.phrase(node)} | h.joined | {*where}
    nodes |= {n for t in h.tolls for n in t.words}
    content = Event(type=h.type, **_parties(report, sentence, h), place=place, site=site,  # type: ignore[arg-type]
                    killed=_sum(h, "killed"), wounded=_sum(h, "wounded"), suicide=_suicide(tree, h))  # fmt: skip
    return report.asserts(content, sentence, h.trigger, nodes, weighed=h.type in LEARNED)


def _parties(report: Report, sentence: int, h: Happening) -> dict[str, Any]:
    """Actor, recipient and means; what kills without being anybody is the means."""
    tree, actor, means = report.trees[sentence], h.roles.get("actor"), h.roles.get("means")
    if (
        actor is not None
        and tree.lemma(actor) in table("casualties", "by")
        and tree.lemma(actor) not in ("gunman", "gunmen", "bomber", "sniper", "shooter")
    ):
        actor, means = None, actor if means is None else means
    recipient = h.roles.get("recipient")
    if recipient is not None and tree.lemma(recipient) in listed("casualties", "anybody"):
        recipient = tree.oblique(recipient, "of") or recipient  # "hundreds of prisoners"
    if recipient is None or tree.lemma(recipient) in listed("casualties", "anybody"):
        people = [t.people for t in h.tolls if tree.tokens[t.people].pos != "NUM"]
        named_dead = [p for p in people if tree.lemma(p) not in listed("casualties", "anybody")]
        recipient = named_dead[0] if named_dead else None
    device = tree.tokens[h.trigger].pos == "NOUN" and tree.lemma(h.trigger) in listed("event", "devices")
    if means is None and device:
        means = h.trigger
    if actor is not None and not report.is_party(sentence, actor):
        actor = None
    if recipient is not None and any(m.first <= recipient < m.last for m in report.reading.dates(sentence)):
        recipient = None
    named: Name | None = report.party(sentence, recipient)
    return {"actor": report.party(sentence, actor), "recipient": named,
            "means": report.reading.words(sentence, tree.phrase(means)) if means is not None else ""}  # fmt: skip


def _where(report: Report, sentence: int, h: Happening) -> tuple[Name | None, str, tuple[int, ...]]:
    """The place by name, the site when it is only described ("near the presidential palace"), and their words."""
    tree, site = report.trees[sentence], ""
    words: tuple[int, ...] = ()
    for node in _around(report, sentence, h):
        for where in places(report, sentence, node):
            if where.name.thing or any(tree.tokens[n].entity[2:] in ("LOC", "GPE") for n in where.nodes):
                return where.name, site, where.nodes
            inner = [n for n in tree.obliques(node) if report.names_place(sentence, n)]
            if inner:
                return report.place(sentence, inner[0]), where.name.words, (*where.nodes, *tree.phrase(inner[0]))
            site, words = site or where.name.words, words or where.nodes
    return (Name(site) if site else None), site, words


def _around(report: Report, sentence: int, h: Happening) -> list[int]:
    """Where to look for the place, the likeliest first: the frame's own, then beside every word of the event."""
    tree = report.trees[sentence]
    words = [h.trigger, *h.joined, *(n for t in h.tolls for n in (t.trigger, t.people))]
    heads = [tree.tokens[w].head for w in words if tree.label(w) in ("nsubj", "obj", "obl", "nmod")]
    beside = [n for w in (*words, *heads) if w >= 0 for n in tree.obliques(w, *_NEAR)]
    own = {tree.clause[w] for w in words}
    names = [n for n, token in enumerate(tree.tokens) if token.pos == "PROPN" and tree.clause[n] in own]
    within = [n for n in names if tree.case(n) in _NEAR and report.is_place(sentence, n)]
    return list(dict.fromkeys([*([h.roles["place"]] if "place" in h.roles else []), *beside, *within]))


def _sum(h: Happening, role: str) -> Estimate | None:
    """The counts of one event, added up where the sentence splits them."""
    counts: list[Estimate] = [c for t in h.tolls if (c := getattr(t, role)) is not None]
    if not counts:
        return None
    if len(counts) == 1:
        return counts[0]
    parts = {f: [getattr(c, f) for c in counts] for f in ("low", "best", "high")}
    return Estimate(**{f: sum(v) if None not in v else None for f, v in parts.items()})


def _suicide(tree: Tree, h: Happening) -> bool:
    himself = any(tree.lemma(n) in ("himself", "herself", "themselves") for n in tree.children[h.trigger])
    near = {n for node in (h.trigger, *h.joined, *h.roles.values()) for n in (node, *tree.children[node])}
    return h.type in ("bombing", "armed_attack") and (
        himself or any(tree.lemma(n) in listed("casualties", "suicide") for n in near)
    )


def _learned(report: Report, sentence: int, found: Evoked) -> Iterator[Assertion]:
    tree = report.trees[sentence]
    happening = Happening(found.trigger, found.frame.sets.get("type", "other_violence"), dict(found.roles))
    happening.tolls += [toll for toll in tolls(report, sentence) if _belongs(tree, toll, happening)]
    _struck(report, sentence, happening)
    yield _assertion(report, sentence, happening)


EXTRACTOR = Extractor("event", 2, ("event",), _extract, _learned)
