"""What happened: who did what to whom, where, with what, at what cost. Casualties join the event they belong to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from contested.extract import Extractor
from contested.extract.casualties import Toll, added, count_of, running_total, tolls
from contested.extract.frames import Evoked, evoked
from contested.extract.lexicon import listed, table
from contested.extract.report import Report, counted
from contested.extract.whereabouts import whereabouts
from contested.model import Assertion, Estimate, Event, Name
from contested.text import Tree

VIOLENT = frozenset({
    "bombing", "armed_attack", "clash", "air_strike", "shelling", "assassination", "execution", "abduction", "arrest",
    "sexual_violence", "riot", "other_violence",
})  # fmt: skip
LONGEST = 20  # words of a list of those whom an event befell
ON_PEOPLE = frozenset({"arrest", "abduction", "assassination", "execution", "release"})
DEADLY = frozenset({"assassination", "execution"})
_USES = frozenset({"use", "fire", "throw", "carry"})
UNSHOWN = frozenset({"other_violence", "armed_attack"})  # of which harm to things alone, and an attempt, are some
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
    violent = False  # whether the report has told of violence so far
    for sentence in range(len(report.trees)):
        tree, told = report.trees[sentence], happenings(report, sentence)
        violent = violent or any(h.type in VIOLENT - {"arrest"} and not _mishap(tree, h) for h in told)
        for happening in told:
            if _mishap(tree, happening):
                violent = violent or _acted(report, sentence, happening)
                if not violent:
                    continue
            _hit(tree, happening)
            _committed(tree, happening)
            _beset(tree, happening)
            _struck(report, sentence, happening)
            if _bare(report, sentence, happening):
                continue
            yield _assertion(report, sentence, happening)


def _mishap(tree: Tree, h: Happening) -> bool:
    """Harm that an accident does as well: "damaged the bridge", "among the victims"."""
    return tree.lemma(h.trigger) in listed("event", "mishaps") and h.type == "other_violence" and not h.tolls


def _acted(report: Report, sentence: int, h: Happening) -> bool:
    """Whether somebody did it, or a weapon."""
    tree, actor, means = report.trees[sentence], h.roles.get("actor"), h.roles.get("means")
    armed = any(
        n is not None and tree.lemma(n) in listed("event", "weapons") | listed("event", "devices")
        for n in (actor, means)
    )
    return armed or (actor is not None and tree.lemma(actor) in listed("event", "raiders"))


def happenings(report: Report, sentence: int) -> list[Happening]:
    """The events of a sentence: those its words evoke, one for words that speak of the same, casualties joined."""
    tree = report.trees[sentence]
    found = [_begun(tree, e) for e in evoked(tree, "event") if report.reading.mood(sentence, e.trigger) == "told"]
    found = _merged(tree, found)
    told = [toll for toll in tolls(report, sentence) if report.reading.mood(sentence, toll.trigger) == "told"]
    for toll in [*told, *told]:  # twice, for one may find its home only through its neighbour
        home = next((h for h in found if toll in h.tolls or _belongs(tree, toll, h)), None) or _lacking(found, toll)
        if home is not None and toll not in home.tolls:
            home.tolls.append(toll)
    for toll in told:
        if any(toll in h.tolls for h in found) or running_total(toll.killed) or running_total(toll.wounded):
            continue
        beside = next((h for h in found if _belongs(tree, toll, h)), None)
        if beside is None:
            beside = _from_toll(tree, toll)
            found.append(beside)
        beside.tolls.append(toll)
    return found


def _hit(tree: Tree, h: Happening) -> None:
    """ "A bomb hit a patrol", "the blast ripped through a market": what the verb of a noun is done to, the event is."""
    for word in (h.trigger, *h.joined):
        verb = tree.tokens[word].head
        if tree.label(word) == "nsubj" and verb >= 0 and tree.lemma(verb) in listed("event", "hits"):
            whom = tree.first(verb, "obj")
            whom = tree.oblique(verb, "through", "into", "at", "near") if whom is None else whom
            if whom is not None:
                h.roles.setdefault("recipient", whom)


def _committed(tree: Tree, h: Happening) -> None:
    """ "The murder was ordered by a colonel", "the killing, carried out by soldiers": who did what the noun tells."""
    if tree.tokens[h.trigger].pos == "VERB" or "actor" in h.roles:
        return
    near = (tree.tokens[h.trigger].head, *tree.all(h.trigger, "acl"))
    for verb in near:
        if verb >= 0 and tree.lemma(verb) in listed("event", "commits") and tree.patient(verb) == h.trigger:
            by = tree.agent(verb)
            if by is not None:
                h.roles["actor"] = by


def _beset(tree: Tree, h: Happening) -> None:
    """ "A bomb exploded in a bank", "the attack took place at a station": what it happened at, if a thing, it hit."""
    if h.type not in ON_TOWNS or "recipient" in h.roles:
        return
    verb = tree.tokens[h.trigger].head
    said = verb >= 0 and tree.label(h.trigger) == "nsubj" and tree.lemma(verb) in listed("event", "happen")
    for word in (h.trigger, *([verb] if said else [])):
        for node in tree.obliques(word, "at", "in", "on", "inside", "outside", "near", "under", "in front of"):
            if tree.lemma(_of_which(tree, node)) in listed("event", "things"):
                h.roles.setdefault("recipient", node)


def _of_which(tree: Tree, node: int) -> int:
    """ "The front of the church": the church."""
    of = tree.oblique(node, "of") if tree.lemma(node) in listed("event", "parts") else None
    return node if of is None else of


def _struck(report: Report, sentence: int, h: Happening) -> None:
    """ "Rockets hit Kabul": a town attacked is where it happened, whoever its name else stands for."""
    tree, node = report.trees[sentence], h.roles.get("recipient")
    murder = tree.lemma(h.trigger) in listed("event", "on_people")
    if node is None or murder or h.type not in ON_TOWNS or "place" in h.roles:
        return
    if report.names_town(sentence, node):
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
    if (taken := roles.get("recipient")) is not None and tree.lemma(taken) in ("hostage", "captive"):
        whom = tree.first(e.trigger, "nsubj:pass", "iobj")  # "two were taken hostage", "a woman held hostage"
        whom = tree.tokens[e.trigger].head if whom is None and tree.label(e.trigger) == "acl" else whom
        roles.pop("recipient")
        roles |= {"recipient": whom} if whom is not None else {}
    elif taken is not None and type_ == "bombing" and tree.lemma(taken) in listed("event", "devices"):
        roles["means"] = roles.pop("recipient")  # "detonated his explosives belt near a line of vehicles"
        near = tree.oblique(e.trigger, "near", "outside", "inside", "at", "among", "amid")
        roles |= {"recipient": near} if near is not None else {}
    return Happening(e.trigger, type_, roles)


def _merged(tree: Tree, found: list[Happening]) -> list[Happening]:
    """ "a bomb exploded", "launched an attack": words that hang on each other tell one event, the verb leads."""
    kept: list[Happening] = []
    for h in sorted(found, key=lambda h: (tree.tokens[h.trigger].pos != "VERB", tree.label(h.trigger) == "compound")):
        host = next((k for k in kept if _same(tree, k, h)), None)
        if host is None:
            kept.append(h)
            continue
        host.joined.add(h.trigger)
        if host.type in ("armed_attack", "clash", "other_violence") and h.type in ("bombing", "shelling", "air_strike"):
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
    words, by = {h.trigger, *h.joined}, tree.agent(toll.trigger)
    causes = [n for n in (by, *tree.obliques(toll.trigger)) if n is not None]
    if words & {n for cause in causes for n in (cause, tree.oblique(cause, "of"))}:
        return True  # "in an attack", "in a series of attacks"
    if by is not None and by == h.roles.get("actor") and by in tree.above(h.trigger):
        return True  # "killed by rebels who attacked the base"
    clause = tree.clause[toll.trigger]
    head = tree.tokens[clause].head
    hangs = tree.label(clause) in ("advcl", "acl", "conj", "parataxis", "xcomp") and head >= 0
    if hangs and (head in words or tree.clause[head] in {tree.clause[w] for w in words}):
        return True
    above = [h.trigger, *tree.above(h.trigger)]  # "were killed when rockets aimed at the base hit a village"
    return any(tree.label(n) == "advcl" and tree.tokens[n].head in (toll.trigger, clause) for n in above)


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
    place, site, where = whereabouts(report, sentence, h)
    nodes = {n for node in h.roles.values() for n in tree.phrase(node)} | h.joined | {*where}
    nodes |= {n for t in h.tolls for n in t.words}
    killed, wounded = (_sum(report, sentence, h, role) for role in ("killed", "wounded"))
    content = Event(type=h.type, **_parties(report, sentence, h), place=place, site=site,  # type: ignore[arg-type]
                    killed=killed, wounded=wounded, suicide=_suicide(tree, h))  # fmt: skip
    twice = any(toll.trigger != h.trigger for toll in h.tolls)  # an act, and whom it killed: two lists agree
    whole = {"actor", "recipient", "means"} <= h.roles.keys()  # who, with what, to whom: no chance word
    things = h.type in UNSHOWN and tree.lemma(h.trigger) in listed("event", "harm")
    shown = h.type in LEARNED and not things
    granted = tree.tokens[h.trigger].pos == "NOUN" and _granted(tree, h.trigger)
    return report.asserts(
        content, sentence, h.trigger, nodes, weighed=shown and not twice and not whole, granted=granted
    )


def _granted(tree: Tree, noun: int) -> bool:
    """ "Denied any part in the murder": the murder was, whoever did it."""
    return any(tree.lemma(n) in listed("event", "parts_in") for n in tree.above(noun)[:2])


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
    recipient = _counted_ones(tree, recipient)
    if recipient is None or tree.lemma(recipient) in listed("casualties", "anybody"):
        people = [one for t in h.tolls if (one := _counted_ones(tree, t.people)) is not None]
        told = [
            p for p in people if tree.lemma(p) not in listed("casualties", "anybody") and tree.tokens[p].pos != "NUM"
        ]
        recipient = next(iter((*told, *([] if recipient is None else [recipient]), *people)), None)
    means = _arms(tree, h) if means is None else means
    device = tree.tokens[h.trigger].pos == "NOUN" and tree.lemma(h.trigger) in listed("event", "devices")
    if means is None and device:
        means = h.trigger
    if actor is not None and not report.is_party(sentence, actor):
        actor = None
    if recipient is not None and any(m.first <= recipient < m.last for m in report.reading.dates(sentence)):
        recipient = None
    named = _whole(report, sentence, recipient)
    return {"actor": _whole(report, sentence, actor), "recipient": named,
            "means": report.reading.words(sentence, tree.phrase(means)) if means is not None else ""}  # fmt: skip


def _arms(tree: Tree, h: Happening) -> int | None:
    """ "Killed with machetes", "attacked the bank, using grenades": a weapon or device beside any word of the event."""
    if h.type not in VIOLENT:
        return None
    words = (h.trigger, *h.joined, *(t.trigger for t in h.tolls))
    using = [u for w in words for u in tree.all(w, "advcl", "acl") if tree.lemma(u) in _USES]
    near = [*(n for w in words for n in tree.obliques(w, "with", "by")), *(tree.first(u, "obj") for u in using)]
    arms = listed("event", "weapons") | listed("event", "devices")
    return next((n for n in near if n is not None and tree.lemma(n) in arms), None)


def _counted_ones(tree: Tree, node: int | None) -> int | None:
    """ "hundreds of prisoners", "two of her guards": the prisoners, the guards."""
    if node is None or tree.lemma(node) not in listed("casualties", "anybody"):
        return None if node is None else _of_which(tree, node)
    of = tree.oblique(node, "of")
    return node if of is None else of


def _whole(report: Report, sentence: int, node: int | None) -> Name | None:
    """To whom or what, with what is joined to it: "a man and six women", unless it is known by name."""
    name, tree = report.party(sentence, node), report.trees[sentence]
    if name is None or node is None or name.thing:
        return name
    node = tree.named(node)
    among = [one for c in tree.obliques(node, "including") for one in tree.conjuncts(c)]  # "12 miners, including …"
    joined = [tree.phrase(each) for each in (*tree.conjuncts(node), *among)]
    nodes = counted(tree, tuple(range(min(map(min, joined)), max(map(max, joined)) + 1)))
    plain = all(tree.tokens[n].pos not in ("VERB", "AUX", "PRON") or tree.label(n) == "nmod" for n in nodes)
    short = len(joined) > 1 and len(nodes) <= LONGEST
    return replace(name, words=report.reading.words(sentence, nodes)) if plain and short else name


def _sum(report: Report, sentence: int, h: Happening, role: str) -> Estimate | None:
    """The counts of one event, added up where the sentence splits them; who is put to death is dead."""
    counts: list[Estimate] = [c for t in h.tolls if (c := getattr(t, role)) is not None]
    recipient = h.roles.get("recipient")
    tree = report.trees[sentence]
    tried = any(tree.lemma(n) in ("attempt", "bid", "plot") for n in (h.trigger, *tree.above(h.trigger)[:1]))
    if not counts and role == "killed" and h.type in DEADLY and recipient is not None and not tried:
        return count_of(report, sentence, recipient)[0]
    return added(counts) if len(counts) > 1 else next(iter(counts), None)


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
    whom = happening.roles.get("recipient")
    if happening.type in ON_PEOPLE | {"seizure"} and whom is not None and report.is_place(sentence, whom):
        return  # "captured three provincial capitals": nobody was arrested, no goods were seized
    _struck(report, sentence, happening)
    yield _assertion(report, sentence, happening)


EXTRACTOR = Extractor("event", 3, ("event",), _extract, _learned)
