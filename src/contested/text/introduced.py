"""Short names that a text introduces itself: "the Afghan National Security Forces (ANSF)", and "ANSF" from there on.

A short form in parentheses belongs to the words before it whose letters spell it, the first at the start of a word
(Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical text", 2003). One that
spells the name in another language, "Kurdistan Workers' Party (PKK)", belongs to the name of a body right before it.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

LONGEST = 120  # characters a long form is looked for in
_SHORT = re.compile(
    r"""\(\s*(?:the\s+|or\s+|also\s+known\s+as\s+)?["'“‘]?([A-Z](?:[\w&/-]|\.(?=\w)){1,11}\.?)["'”’]?(?:,\s[^()\n]{0,60})?\s*\)"""
)
_LONG = re.compile(r"(?<![\w-])([A-Z][\w.&/-]{1,11})\s\(\s*((?:[A-Z“‘\"'][^()\n]{4,118}?))\s*\)")
_BREAK = re.compile(r"[.!?;:]\s|[,()\n“”\"]")
_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"(?<=[^s])['’]s$")
_WORD = re.compile(r"\w")


def introduced(text: str) -> dict[str, str]:
    """The short names a text introduces, dots left out, each with its long form; the first introduction holds."""
    found: dict[str, str] = {}
    for match in _SHORT.finditer(text):
        before = text[max(0, match.start() - LONGEST) : match.start()].rstrip()
        words = _BREAK.split(before)[-1]
        if long := spelling_out(match[1], words) or _body_before(match[1], words):
            found.setdefault(short_form(match[1]), long)
    for match in _LONG.finditer(text):
        inside = _ARTICLE.sub("", match[2].strip("“”‘’\"'"))
        if spelling_out(match[1], inside) == inside:
            found.setdefault(short_form(match[1]), inside)
    return found


def _body_before(short: str, words: str) -> str:
    """The name of a body that ends the words, when the short form is one of letters only."""
    if not 3 <= len(short) <= 6 or not short.isalpha() or not short.isupper():
        return ""
    name: list[str] = []
    for word in reversed(words.split()):
        if not word[:1].isupper() and word.casefold() not in _listed("inside"):
            break
        name.insert(0, word)
    while name and not name[0][:1].isupper():
        name.pop(0)
    if not name or not name[-1][:1].isupper():
        return ""
    name = [_POSSESSIVE.sub("", word) for word in name]
    named = [word for word in name if word[:1].isupper()]
    body = any(word.casefold() in _listed("words") for word in name)
    return _ARTICLE.sub("", " ".join(name)) if body and len(named) > 1 else ""


@cache
def _listed(part: str) -> frozenset[str]:
    lexicon = tomllib.loads((files(__package__) / "lexicons" / "bodies.toml").read_text(encoding="utf-8"))
    return frozenset(lexicon[part])


def short_form(words: str) -> str:
    """A short name as it is looked up."""
    return words.replace(".", "")


def spelling_out(short: str, words: str) -> str:
    """The end of the words whose letters spell the short form in order; empty when there is none.

    No more words than the short form's letters and five, nor than twice its letters.
    """
    letters = [letter for letter in short.casefold() if _WORD.match(letter)]
    capitals = sum(letter.isupper() for letter in short)
    if len(letters) < 2 or 2 * capitals < len(letters):
        return ""
    folded, spot = words.casefold(), len(words)
    for number in range(len(letters) - 1, -1, -1):
        spot -= 1
        while spot >= 0 and not (folded[spot] == letters[number] and (number or _starts_word(folded, spot))):
            spot -= 1
        if spot < 0:
            return ""
    long = words[spot:].strip()
    many = len(long.split())
    named = long[:1].isupper() and 2 <= many <= min(len(letters) + 5, 2 * len(letters))
    return long if named and long.count(" ") >= (len(letters) > 2) else ""


def _starts_word(words: str, spot: int) -> bool:
    return spot == 0 or not words[spot - 1].isalnum()
