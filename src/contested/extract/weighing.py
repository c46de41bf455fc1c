"""How sure an assertion is: the chances its words have of telling its kind, and the bars of learned.toml.

What word lists propose is weighed, and falls below a low bar; above a higher one a word proposes by itself.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import msgspec

from contested.extract.frames import Evoked, evoked, roles_of
from contested.extract.lexicon import Frame
from contested.model import Assertion, Quote
from contested.text import Tree

if TYPE_CHECKING:
    from contested.extract.report import Report


class Bars(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The least chances: of what word lists propose, of a word alone, and of a word in another assertion's quote."""

    listed: float
    alone: float
    beside: float


class Learned(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The field that a kind's sorts fill, where its roles stand, whether it must be told as having happened, the kinds
    whose words it leaves alone, and to which it yields what somebody says: the least share of their chance."""

    sort: str = ""
    roles: dict[str, str] = {}
    told: bool = False
    leaves: tuple[str, ...] = ()
    yields: dict[str, float] = {}


@cache
def bars() -> dict[str, Bars]:
    """By kind."""
    return msgspec.convert(_file("bars"), dict[str, Bars])


@cache
def learned() -> dict[str, Learned]:
    """By kind."""
    return msgspec.convert(_file("learned"), dict[str, Learned])


def _file(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / f"{name}.toml").read_text(encoding="utf-8"))


def chance(tree: Tree, kind: str, start: int, end: int) -> float:
    """The best chance that one of the words between two offsets tells a kind; 1.0 where nothing was learned, and only
    there."""
    within = [token for token in tree.tokens if start <= token.start and token.end <= end]
    if any(token.tells is None for token in within):
        return 1.0
    return min(max((told for token in within for name, told in token.tells or () if name == kind), default=0.0), 0.999)


def stands(report: Report, a: Assertion) -> bool:
    """Whether what word lists proposed is sure enough to be told."""
    return (a.kind not in bars() or a.confidence >= bars()[a.kind].listed) and not yields(report, a)


def yields(report: Report, a: Assertion) -> bool:
    """Whether what somebody says is so much likelier of another kind that it is left to that."""
    if len(a.voices) < 2 or a.quote is None or a.kind not in learned():
        return False
    start, end, shares = a.quote.start, a.quote.end, learned()[a.kind].yields
    tree = report.trees[bisect_right(report.trees, start, key=lambda one: one.tokens[0].start) - 1]
    return any(a.confidence < share * chance(tree, kind, start, end) for kind, share in shares.items())


def alone(
    report: Report, kind: str, made: Iterable[Assertion], before: Iterable[Assertion] = ()
) -> Iterator[tuple[int, Evoked]]:
    """Words that by themselves tell a kind, the likeliest first, and are not the word that makes another sure.

    Where a word list knows the word, its paths go before the general ones. `before` is what other kinds say.
    """
    if (bar := bars().get(kind)) is None:
        return
    known, quotes = learned().get(kind, Learned()), [a.quote for a in made if a.quote is not None and a.kind == kind]
    others = [a.quote for a in before if a.quote is not None and a.kind in known.leaves]
    for sentence, tree in enumerate(report.trees):
        chances = tree.tells.get(kind, {})
        taken = {_best(tree, chances, quote) for quote in quotes}
        for node in sorted(chances.keys() - taken, key=lambda i: -chances[i]):
            inside = any(_within(tree, node, quote) for quote in quotes)
            sure = chances[node] >= (bar.beside if inside else bar.alone)
            sure = sure and not any(_within(tree, node, quote) for quote in others)
            if sure and (not known.told or report.reading.mood(sentence, node) == "told"):
                frame = Frame((), roles=known.roles, sets=_sets(tree, node, kind, known))
                listed = next((e.roles for e in evoked(tree, kind) if e.trigger == node), {})
                yield sentence, Evoked(frame, node, {**roles_of(tree, node, frame), **listed})


def _within(tree: Tree, node: int, quote: Quote) -> bool:
    return quote.start <= tree.tokens[node].start and tree.tokens[node].end <= quote.end


def _best(tree: Tree, chances: dict[int, float], quote: Quote) -> int:
    """The word of a quote that is likeliest to tell what it is quoted for, -1 in another sentence."""
    return max((i for i in chances if _within(tree, i, quote)), key=lambda i: chances[i], default=-1)


def _sets(tree: Tree, node: int, kind: str, known: Learned) -> dict[str, Any]:
    """The sort that is likeliest."""
    tells = tree.tokens[node].tells or ()
    sorts = {name.partition(".")[2]: told for name, told in tells if name.startswith(f"{kind}.")}
    return {known.sort: max(sorts, key=lambda sort: sorts[sort])} if known.sort and sorts else {}
