"""PLOVER's events from assertions, by the declared table plover.toml.

PLOVER (Open Event Data Alliance, 2016) codes political events as source, class, mode and target, after CAMEO.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files

import msgspec

from contested.model import Assertion, Name

SPEECH = frozenset({"statement", "commitment", "responsibility", "compliance"})
_NAME = re.compile(r"(?<!^)\b[A-Z][\w.’'-]*(?:\s+(?:[A-Z][\w.’'-]*|of(?:\s+the)?(?=\s+[A-Z])))*|^[A-Z][\w.’'-]*(?:\s+[A-Z][\w.’'-]*)*")
_BEFORE = re.compile(r"\b(?:after|following|since|because of|in the wake of|in retaliation for|during)\s+(?:[\w-]+\s+){0,3}$")
_ENDING = re.compile(r"[’']s?$")


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which assertions are which event; see the head of plover.toml."""

    kind: str | tuple[str, ...]
    event: str
    mode: str = ""
    denied: bool = False
    where: dict[str, tuple[str, ...]] = {}
    opening: dict[str, tuple[str, ...]] = {}
    cue: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    source: str = ""
    target: str = ""


class Coded(msgspec.Struct, frozen=True):
    """One event of PLOVER: its class, its mode, and who did it to whom, in the words of the report."""

    event: str
    mode: str = ""
    source: str = ""
    target: str = ""


@cache
def rules() -> dict[str, tuple[Rule, ...]]:
    """The table's rules by kind, in its order. Raises `msgspec.ValidationError` on a key it does not know."""
    raw = tomllib.loads((files(__package__) / "plover.toml").read_text(encoding="utf-8"))
    found: dict[str, list[Rule]] = {}
    for rule in msgspec.convert(raw["rule"], list[Rule]):
        for kind in (rule.kind,) if isinstance(rule.kind, str) else rule.kind:
            found.setdefault(kind, []).append(rule)
    return {kind: tuple(each) for kind, each in found.items()}


def coded(assertions: Iterable[Assertion], text: str) -> Iterator[tuple[Assertion, Coded]]:
    """The events that the assertions of one report tell.

    What is denied is no event, save as a refusal; nor is what stands within the words of a demand, a refusal, a pledge
    or a reproach.
    """
    found = [(a, event) for a in assertions if (event := _event(a, text)) is not None]
    fore = [a for a, _ in found if not _background(a, text)]
    for one, event in found:
        if (one in fore or not fore) and not any(other.kind in SPEECH and _within(one, other) for other, _ in found):
            yield one, event


def _background(a: Assertion, text: str) -> bool:
    """Whether a deed only says when or why something else was done: "after clashes with rebels"."""
    if a.quote is None or a.kind not in ("event", "control", "commitment"):
        return False
    return _BEFORE.search(text[: a.quote.start]) is not None


def _event(a: Assertion, text: str) -> Coded | None:
    quote = text[a.quote.start : a.quote.end] if a.quote is not None else ""
    rule = next((rule for rule in rules().get(a.kind, ()) if _fits(rule, a, quote)), None)
    if rule is None or not rule.event:
        return None
    return Coded(rule.event, rule.mode, _party(a, rule.source), _party(a, rule.target))


def _fits(rule: Rule, a: Assertion, quote: str) -> bool:
    if rule.denied != a.denied or (rule.cue and a.voices[-1].cue not in rule.cue):
        return False
    if any(str(getattr(a.content, field)).lower() not in values for field, values in rule.where.items()):
        return False
    if any(not getattr(a.content, field).startswith(begins) for field, begins in rule.opening.items()):
        return False
    return (not rule.words or _met(rule.words, quote)) and not _met(rule.without, quote)


def _met(beginnings: tuple[str, ...], quote: str) -> bool:
    return any(re.search(rf"\b{re.escape(each)}", quote, re.IGNORECASE) for each in beginnings)


def _within(one: Assertion, other: Assertion) -> bool:
    if one is other or one.quote is None or other.quote is None:
        return False
    inside = other.quote.start <= one.quote.start and one.quote.end <= other.quote.end
    return inside and (one.kind not in SPEECH or one.quote != other.quote)


def _party(a: Assertion, fields: str) -> str:
    """The words of the first of these fields that says somebody."""
    for field in fields.split("|"):
        value = getattr(a.content, field.strip(), None)
        if field.strip() == "voice" and len(a.voices) > 1:  # the first is the publisher
            return a.voices[-1].who
        if isinstance(value, Name):
            return value.words
        if isinstance(value, str) and (named := _NAME.search(value)):
            return _ENDING.sub("", named[0])
    return ""
