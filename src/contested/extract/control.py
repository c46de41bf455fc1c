"""Who holds, took, lost, contests, surrounds or threatens which place: one assertion for each place named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from contested.extract import Extractor
from contested.extract.frames import Evoked
from contested.extract.lexicon import listed
from contested.extract.places import Where, places, taken_for_place
from contested.extract.report import Report
from contested.model import Assertion, Control, Status
from contested.text import Tree

_WHITHER = frozenset({"to", "into", "toward", "towards", "on", "onto"})  # who retreats to a place has not lost it


def _extract(report: Report, before: tuple[Assertion, ...]) -> Iterator[Assertion]:
    for sentence, found in report.evoked("control"):
        status = found.frame.sets["status"]
        if _by_name(report, sentence, found):
            yield from _held_by(report, sentence, found)
            continue
        if report.reading.mood(sentence, found.trigger) != "told":
            status = "threatened" if status in ("taken", "retaken") and _threat(report, sentence, found) else ""
        if status:
            yield from _asserted(report, sentence, found, status)


def _by_name(report: Report, sentence: int, found: Evoked) -> bool:
    """ "Indian-controlled Kashmir": a verb before its noun is part of what the place is called."""
    tree = report.trees[sentence]
    return tree.label(found.trigger) in ("amod", "compound") and tree.tokens[found.trigger].pos != "NOUN"


def _bystander(report: Report, sentence: int, holder: int) -> bool:
    """Who flees or withdraws without having held anything: residents, families, a charity, also as "it"."""
    tree, name = report.trees[sentence], report.party(sentence, holder)
    whole = tree.oblique(holder, "of") if tree.tokens[holder].pos == "NUM" else None
    said = name.words.rpartition(" ")[2].lower() if name is not None and tree.tokens[holder].pos == "PRON" else ""
    return not listed("parties", "bystanders").isdisjoint((said, tree.lemma(holder if whole is None else whole)))


def _held_by(report: Report, sentence: int, found: Evoked) -> Iterator[Assertion]:
    """ "the rebel-held north": a group holds it; "Indian-controlled Kashmir" is only a name."""
    tree = report.trees[sentence]
    place = tree.tokens[found.trigger].head
    holder = next((c for c in tree.children[found.trigger] if _group(tree, c)), None)
    if holder is not None and tree.lemma(found.trigger) in ("hold", "control", "occupy"):
        for where in places(report, sentence, place):
            content = Control("held", where.name, report.party(sentence, holder), where.extent)
            yield report.asserts(content, sentence, found.trigger, {holder, *where.nodes}, deniable=False)


def _group(tree: Tree, node: int) -> bool:
    return tree.lemma(node) in listed("parties", "groups") or tree.tokens[node].entity.endswith("ORG")


def _ordered(tree: Tree, trigger: int) -> bool:
    """ "Seize the hills": an order or a plan; nobody did it."""
    token = tree.tokens[trigger]
    bare = token.pos == "VERB" and token.text.lower() == tree.lemma(trigger) and tree.first(trigger, "aux") is None
    return bare and tree.subject(trigger) is None


def _ground(tree: Tree, place: int) -> bool:
    """ "seized territory": ground in general; "seized the territory" is a place that fell."""
    told = tree.first(place, "det", "nmod:poss", "acl", "amod", "nummod")
    return tree.lemma(place) in listed("control", "ground") and told is None


def _occupied(tree: Tree, trigger: int) -> bool:
    """ "occupied the fields on Monday" tells of a taking; "has occupied since" and "occupied by" do not."""
    past = tree.lemma(trigger) == "occupy" and tree.tokens[trigger].text.lower() == "occupied"
    return past and not tree.passive(trigger) and tree.oblique(trigger, "since", "for") is None


def _threat(report: Report, sentence: int, found: Evoked) -> bool:
    """ "plans to seize the town": nobody took it, somebody threatens it."""
    tree = report.trees[sentence]
    head = tree.tokens[found.trigger].head
    return head >= 0 and tree.lemma(head) in listed("control", "threatens")


def _asserted(report: Report, sentence: int, found: Evoked, status: Status) -> Iterator[Assertion]:
    tree, holder = report.trees[sentence], found.node("holder")
    if holder is not None and not report.is_party(sentence, holder):
        return
    if holder is None and _ordered(tree, found.trigger):
        return
    if status == "lost" and holder is not None and _bystander(report, sentence, holder):
        return
    place = found.node("place")
    if status == "taken" and place is not None and _ground(tree, place):
        status = "gaining"
    if status == "held" and _occupied(tree, found.trigger):
        status = "taken"
    yield from _each(report, sentence, found, status, places(report, sentence, place))


def _each(report: Report, sentence: int, found: Evoked, status: Status, where: Iterable[Where]) -> Iterator[Assertion]:
    tree, holder = report.trees[sentence], found.node("holder")
    whole = {n for node in found.roles.values() for n in tree.phrase(node)}
    for one in where:
        content = Control(status, one.name, report.party(sentence, holder), one.extent)
        yield report.asserts(content, sentence, found.trigger, {*whole, *one.nodes})


def _learned(report: Report, sentence: int, found: Evoked) -> Iterator[Assertion]:
    """What is held or taken is a place, also where its name does not look it."""
    holder, place, status = found.node("holder"), found.node("place"), found.frame.sets.get("status")
    if holder is not None and not _by_name(report, sentence, found) and not report.is_party(sentence, holder):
        found.roles.pop("holder")
    if status == "lost" and place is not None and report.trees[sentence].case(place) in _WHITHER:
        return
    if status is not None and place != holder:
        where = list(places(report, sentence, place)) or taken_for_place(report, sentence, place)
        yield from _each(report, sentence, found, status, where)


EXTRACTOR = Extractor("control", 3, ("control",), _extract, _learned)
