"""PLOVER's events from assertions, by the declared table plover.toml.

PLOVER (Open Event Data Alliance, 2016) codes political events as source, class, mode and target, after CAMEO.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from contested.model import Assertion, Name

SPEECH = frozenset({"statement", "commitment", "responsibility", "compliance"})
_NAME = re.compile(r"[A-Z][\w.’'-]*(?:\s+(?:[A-Z][\w.’'-]*|of(?:\s+the)?(?=\s+[A-Z])))*")
_ENDING = re.compile(r"[’']s?$")
_STOP = re.compile(r"[.!?]\s+[A-Z]|\n")


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
    source: str = ""
    target: str = ""


class Coded(msgspec.Struct, frozen=True):
    """One event of PLOVER: its class, its mode, and who did it to whom, in the words of the report."""

    event: str
    mode: str = ""
    source: str = ""
    target: str = ""


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "plover.toml").read_text(encoding="utf-8"))


@cache
def _words(key: str) -> str:
    """One word list of the table, as the alternatives of a pattern."""
    return "|".join(map(re.escape, msgspec.convert(_table()[key], list[str])))


@cache
def purposes() -> dict[str, tuple[str, ...]]:
    """Classes that, beside another in one sentence, only say what that was for."""
    return msgspec.convert(_table()["purposes"], dict[str, tuple[str, ...]])


@cache
def rules() -> dict[str, tuple[Rule, ...]]:
    """The table's rules by kind, in its order. Raises `msgspec.ValidationError` on a key it does not know."""
    found: dict[str, list[Rule]] = {}
    for rule in msgspec.convert(_table()["rule"], list[Rule]):
        for kind in (rule.kind,) if isinstance(rule.kind, str) else rule.kind:
            found.setdefault(kind, []).append(rule)
    return {kind: tuple(each) for kind, each in found.items()}


def coded(assertions: Iterable[Assertion], text: str) -> Iterator[tuple[Assertion, Coded]]:
    """The events that the assertions of one report tell.

    What is denied is no event, save as a refusal; nor is what stands within the words of a demand, a refusal, a pledge
    or a reproach.
    """
    found = [(a, event) for a in assertions if (event := _event(a, text)) is not None]
    fore = [(a, event) for a, event in found if not _background(a, text)] or found
    for one, event in fore:
        meant = (other for other, what in fore if event.event in purposes().get(what.event, ()))
        within = any(other.kind in SPEECH and _within(one, other) for other, _ in found)
        if not within and not any(_one_sentence(one, other, text) for other in meant):
            yield one, event


def _one_sentence(one: Assertion, other: Assertion, text: str) -> bool:
    if one.quote is None or other.quote is None:
        return False
    first, second = sorted((one.quote, other.quote), key=lambda quote: quote.start)
    return _STOP.search(text, first.end, second.start) is None


def _background(a: Assertion, text: str) -> bool:
    """Whether a deed only says when or why something else was done: "after clashes with rebels"."""
    if a.quote is None or a.kind not in ("event", "control", "commitment"):
        return False
    before = rf"\b(?:{_words('background')})\s+(?:[\w-]+\s+){{0,3}}$"
    return re.search(before, text[max(0, a.quote.start - 80) : a.quote.start]) is not None


def _event(a: Assertion, text: str) -> Coded | None:
    quote = text[a.quote.start : a.quote.end] if a.quote is not None else ""
    rule = next((rule for rule in rules().get(a.kind, ()) if _fits(rule, a, quote)), None)
    if rule is None or not rule.event:
        return None
    source = _party(a, rule.source, quote)
    return Coded(rule.event, rule.mode, source, _party(a, rule.target, quote, source))


def _fits(rule: Rule, a: Assertion, quote: str) -> bool:
    if rule.denied != a.denied or (rule.cue and a.voices[-1].cue not in rule.cue):
        return False
    if any(str(getattr(a.content, field)).lower() not in values for field, values in rule.where.items()):
        return False
    if any(not getattr(a.content, field).startswith(begins) for field, begins in rule.opening.items()):
        return False
    return not rule.words or _met(rule.words, quote)


def _met(beginnings: tuple[str, ...], quote: str) -> bool:
    return any(re.search(rf"\b{re.escape(each)}", quote, re.IGNORECASE) for each in beginnings)


def _within(one: Assertion, other: Assertion) -> bool:
    if one is other or one.quote is None or other.quote is None:
        return False
    inside = other.quote.start <= one.quote.start and one.quote.end <= other.quote.end
    weaker = one.kind == "statement" and other.kind != "statement"  # of the same words the particular kind stands
    return inside and (one.kind not in SPEECH or one.quote != other.quote or weaker)


def _party(a: Assertion, fields: str, quote: str, besides: str = "") -> str:
    """The words of the first of these fields that says somebody, and not the one it is besides."""
    for field in fields.split(" | "):
        value = quote if field == "quote" else getattr(a.content, field, None)
        if field == "voice" and len(a.voices) > 1:  # the first is the publisher
            return a.voices[-1].who
        if isinstance(value, Name):
            return value.words
        if isinstance(value, str) and (named := _named(value, besides)):
            return named
    return ""


def _named(words: str, besides: str) -> str:
    """The first name in some words that is no time and not part of the one it is besides."""
    for found in _NAME.finditer(words):
        name = _ENDING.sub("", re.sub(rf"\b(?:{_words('no_names')})\b\s*", "", found[0]))
        if name and name not in besides:
            return name
    return ""
