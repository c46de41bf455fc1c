"""Which way the words around a time look: back, as news mostly does, or ahead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Literal

from contested.text.counting import lexicon
from contested.text.sentences import Token

Lean = Literal["past", "ahead", ""]
_FAR = 80  # words; what stands farther off says nothing
_BOUND, _CLAUSE = 5, 15  # words between "until" and a weekday or month ("until 9 a.m. Friday"), and before it
_NEGATES = frozenset({"not", "n't", "n’t", "never", "neither", "nor"})


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(lexicon("times")["tense"][name])


def lean(tokens: Sequence[Token], at: int) -> Lean:
    """The direction of the verb or word of planning nearest before a time, else after it; "" where none speaks.

    A bare "by" or "until" looks ahead when no verb before it says otherwise.
    """
    if _put_off(tokens, at):
        return "ahead"
    if any(token.text in _words("spoken") for token in tokens[max(at - 2, 0) : at]):
        return "past"
    if at + 1 < len(tokens) and (tokens[at + 1].text in ("'s", "’s") or _direction(tokens, at + 1) == "past"):
        return "past"  # "on Sunday announced that it will", "Wednesday's ruling"
    before = _first(tokens, range(at - 1, max(at - 1 - _FAR, -1), -1))
    if before:
        return before
    after = _first(tokens, range(at, min(at + _FAR, len(tokens))))
    if after:
        return after
    return "ahead" if at > 0 and tokens[at - 1].text.lower() in _words("until") else ""


def _put_off(tokens: Sequence[Token], at: int) -> bool:
    """Whether a time is one that something is put off to, or in force from: "extended it until Friday", "effective
    June 1"."""
    if at > 0 and tokens[at - 1].text.lower() == "effective":
        return True
    bound = next((place for place in range(at - 1, max(at - _BOUND, 0), -1)
                  if tokens[place].text in ("until", "till", "through")), 0)  # fmt: skip
    if bound and tokens[bound - 1].text in ("has", "have"):
        return True
    before = range(max(bound - _CLAUSE, 0), bound)
    return any(tokens[place].text in _words("put_off") and tokens[place + 1].text != "up" for place in before)


def _first(tokens: Sequence[Token], places: Iterable[int]) -> Lean:
    for place in places:
        if tokens[place].text == ";":
            break
        if found := _direction(tokens, place):
            return found
    return ""


def _direction(tokens: Sequence[Token], at: int) -> Lean:
    token = tokens[at]
    word = token.text
    if word in _words("ahead"):
        return _what_was_ahead(tokens, at)
    if word == "set" and at + 1 < len(tokens) and tokens[at + 1].text in ("to", "for"):
        return "ahead"
    if word.lower() == "to":
        return "ahead" if _plans(tokens, at) else ""
    if at > 0 and tokens[at - 1].text.lower() in ("be", "to"):
        return ""  # "will be held", "to be set": the verb before it decides
    if word.lower() in _words("past"):
        return "past"
    verb = token.pos in ("", "VERB", "AUX") and word.islower()
    return "past" if verb and word.endswith("ed") and word not in _words("neither") else ""


def _what_was_ahead(tokens: Sequence[Token], at: int) -> Lean:
    """A word of planning looks ahead, unless the plan is told as one of the past: "had been due", "as planned",
    "could not be reached", "could be heard"."""
    around = [token.text.lower() for token in tokens[max(at - 2, 0) : at]]
    if around == ["had", "been"]:
        return "past"
    if tokens[at].text == "could":
        near = {token.text.lower() for token in tokens[max(at - 8, 0) : at + 2]}
        witnessed = any(token.text in _words("witnessed") for token in tokens[at + 1 : at + 3])
        return "past" if witnessed or not near.isdisjoint(_NEGATES) else "ahead"
    return "" if "as" in around and tokens[at].text == "planned" else "ahead"


def _plans(tokens: Sequence[Token], at: int) -> bool:
    """Whether "to" at this place begins what somebody is to do: "is to meet", "U.S. to leave", "a deal to sell",
    "results to be published"; not "forced to flee"."""
    if at == 0 or at + 1 >= len(tokens):
        return False
    before, after = tokens[at - 1], tokens[at + 1]
    verb = after.pos in ("VERB", "AUX") or (not after.pos and after.text.islower() and after.text.isalpha())
    if not verb or after.text.endswith(("ing", "ed")) or after.text in ("the", "a", "an", "its", "their", "his", "her"):
        return False
    if before.text.lower() in _words("before_to") or (after.text == "be" and _noun(before)):
        return True
    if at > 1 and tokens[at - 2].text == "for":
        return False  # "too hard for Kabul to hold"
    named = before.pos == "PROPN" or (not before.pos and before.text[0].isupper())
    return named or before.text.lower() in _words("be")


def _noun(token: Token) -> bool:
    """Whether a word may be the noun before "to be": not "seems", not "believed"."""
    if token.pos:
        return token.pos == "NOUN"
    word = token.text
    return word.isalpha() and not word.endswith("ed") and word not in _words("past") | _words("seeming")
