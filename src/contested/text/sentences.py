"""Text to sentences and words, by rule: the layout first, then the marks that end sentences.

Words are cut as the Universal Dependencies treebanks of English cut them (do n't, Taliban 's, car - bomb, U.S., $ 5).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a report: offsets into the document, and what the encoder reads in it ("" where unread).

    `tells` is how likely the word is the one an assertion of each kind hangs on; None where nothing was learned.
    """

    start: int
    end: int
    text: str
    lemma: str = ""
    pos: str = ""
    head: int = -1
    label: str = ""
    entity: str = ""
    speech: str = ""
    tells: tuple[tuple[str, float], ...] | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words between two offsets, and the number of the paragraph they stand in."""

    start: int
    end: int
    tokens: tuple[Token, ...]
    paragraph: int


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "cutting.toml").read_text(encoding="utf-8"))


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(_rules()[name])


_LETTER = r"[^\W\d_][\u0300-\u036f\u0610-\u061a\u064b-\u065f\u093a-\u094f\u200c\u200d]*"
_CLITIC = r"(?:n['’]t|['’](?:s|re|ve|ll|d|m))(?![^\W_])"
_WORD = re.compile(
    rf"""
      (?P<web>(?:https?://|ftp://|www\.)[^\s<>"”]+[^\s<>"”.,;:!?)\]'’])
    | (?P<address>[\w.+-]{{1,64}}@[\w-]+(?:\.[\w-]+)+|@\w+|\#[^\W\d]\w*)
    | (?P<face>(?<![^\s])[:;=8]['’^o-]?[()DPp\]\[/\\|]+(?![^\W_]))
    | (?P<run>\.{{2,}}|…|-{{2,}}|_{{2,}}|={{2,}}|\*{{2,}}|[!?]{{2,}}|<+|>+|'{{2,}}|’{{2,}}|`{{2,}}|\#{{2,}})
    | (?P<clitic>{_CLITIC})
    | (?P<initials>(?:[^\W\d_]\.){{2,}}|[A-Z]\.(?=[A-Z]))
    | (?P<telephone>(?<![^\W_])(?:\d{{3}}-)?\d{{3}}-\d{{4}}(?![^\W_]))
    | (?P<number>\d+(?:[.,:/]\d+)*(?:(?:st|nd|rd|th|s)(?![^\W_]))?)
    | (?P<word>{_LETTER}
        (?:(?!{_CLITIC})(?:{_LETTER}|\d|&(?=[A-Z])|(?<=\w)['’](?={_LETTER}{_LETTER})|\.(?=(?-i:[a-z]))))*)
    | (?P<sign>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


_ALNUM = re.compile(r"[^\W_]")


_REMEMBERED = 40  # characters: longer pieces hardly come again


def split_word(chunk: str) -> tuple[str, ...]:
    """The words of a piece of text without spaces; joined they are the piece."""
    return _split_before(chunk) if len(chunk) <= _REMEMBERED else _split(chunk)


@lru_cache(maxsize=1 << 15)
def _split_before(chunk: str) -> tuple[str, ...]:
    return _split(chunk)


def _split(chunk: str) -> tuple[str, ...]:
    words: list[str] = []
    joins = False
    for found in _WORD.finditer(chunk):
        word, kind = found[0], found.lastgroup
        if joins:
            words[-1] += word
            joins = False
        elif word == "-" and _keeps_hyphen(chunk, found.start(), words):
            words[-1] += "-"
            joins = True
        elif kind == "word" and (cut := _rules()["pairs"].get(word.lower())):
            words += [word[:cut], word[cut:]]
        elif word == "." and words and _abbreviates(chunk, found, words[-1]):
            words[-1] += "."
        else:
            words.append(word)
    return tuple(words)


def _keeps_hyphen(chunk: str, at: int, words: list[str]) -> bool:
    if not words or at + 1 >= len(chunk) or not chunk[at + 1].isalnum():
        return False
    before = words[-1].lower()
    return before in _listed("prefixes") and (at == len(before) or not chunk[at - len(before) - 1].isalnum())


def _abbreviates(chunk: str, stop: re.Match[str], before: str) -> bool:
    lower = before.lower()
    if len(before) == 1 and before.isupper():
        return True
    raised = before[0].isupper() and (lower in _listed("titles") or lower in _listed("capital"))
    listed = raised or lower in _listed("before_names") or lower in _listed("anywhere")
    return listed and _ALNUM.search(chunk, stop.end()) is None


def sentences(text: str) -> Iterator[Sentence]:
    """Untagged sentences of a text, in order: every character that is no space belongs to one word of one sentence."""
    for paragraph, (start, end) in enumerate(_blocks(text)):
        tokens: list[Token] = []
        for chunk in re.finditer(r"\S+", text[start:end]):
            at = start + chunk.start()
            for word in split_word(chunk[0]):
                tokens.append(Token(at, at + len(word), word))
                at += len(word)
        for part in _cut(tokens):
            yield Sentence(part[0].start, part[-1].end, tuple(part), paragraph)


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Offsets of what layout holds together: lines, or runs of lines that were wrapped to a width."""
    for block in re.finditer(r"\S.*(?:\n.*\S.*)*", text):
        lines = [
            (block.start() + line.start(), block.start() + line.end())
            for line in re.finditer(r"[^\n\r]+", block[0])
            if not line[0].isspace()
        ]
        widest = max(end - start for start, end in lines)
        start = lines[0][0]
        for (_, end), following in zip(lines, [*lines[1:], None], strict=True):
            if following is None or not _wrapped(text, end, following, widest, start):
                yield start, end
                start = following[0] if following else end


def _wrapped(text: str, end: int, following: tuple[int, int], widest: int, start: int) -> bool:
    """Whether a line break is only the edge of a column: the next word would not have fitted."""
    line_start = max(text.rfind("\n", 0, end) + 1, start)
    word = text[following[0] : following[1]].split(maxsplit=1)[0]
    if widest > 120 or end - line_start < 45 or word == "By":
        return False
    return end - line_start + 1 + len(word) > widest or word[0].islower()


_STOPS = frozenset(".!?…")
_CLOSERS = frozenset("\"'”’)]»")
_OPENERS = frozenset("\"'“‘([«")


def _cut(tokens: list[Token]) -> Iterator[list[Token]]:
    part: list[Token] = []
    if dateline := _dateline(tokens):
        yield tokens[:dateline]
        tokens = tokens[dateline:]
    quoted = False
    for at, token in enumerate(tokens):
        part.append(token)
        if token.text == '"':
            quoted = not quoted
        if at + 1 == len(tokens):
            break
        if _closes(tokens, at, quoted):
            continue
        if _ends(tokens, at, at + 1 - len(part)):
            yield part
            part = []
    if part:
        yield part


_MONTHS = frozenset({"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"})
_HEAD = 40  # words at the head of a paragraph that a dateline and the marks behind it may take


def _dateline(tokens: list[Token]) -> int:
    """How many words "KUNDUZ, Afghanistan (Wire) –" or "Lima, 3 May 89 (AFP) -- [Text]" takes at the head of a
    paragraph; 0 when there is none. What is not in capitals needs a day or a source in brackets that is."""
    if not tokens or not tokens[0].text[0].isupper() or len(tokens[0].text) < 3:
        return 0
    plain, inside = tokens[0].text.isupper(), False
    for at, token in enumerate(tokens[:_HEAD]):
        if token.text in ("–", "—", "-", "--") and not inside:
            apart = at > 0 and token.start > tokens[at - 1].end and at + 1 < len(tokens)
            return _past_marks(tokens, at + 1) if plain and apart and tokens[at + 1].start > token.end else 0
        if token.text in "()":
            inside = token.text == "("
        following = tokens[at + 1].text.lower() if at + 1 < len(tokens) else ""
        source, day = inside and token.text.isupper(), token.text.isdigit() and following[:3] in _MONTHS
        plain = plain or source or day
        dated = at > 0 and tokens[at - 1].text.isdigit()  # "29 mar 89"
        if not (inside or dated or token.text[0].isupper() or token.text[0] in ",().0123456789"):
            return 0
    return 0


def _past_marks(tokens: list[Token], at: int) -> int:
    """Behind what a transcript puts into brackets before anybody speaks: "[Text]", "[Report by A. B.]"."""
    while at < len(tokens) and tokens[at].text == "[":
        closed = next((i for i in range(at, min(at + _HEAD, len(tokens))) if tokens[i].text == "]"), None)
        if closed is None or closed + 1 == len(tokens):
            break
        at = closed + 1
    return at


def _closes(tokens: list[Token], at: int, quoted: bool) -> bool:
    """Whether the next token still belongs here: a closing quote or bracket set close to this one."""
    following = tokens[at + 1]
    if following.start != tokens[at].end:
        return False
    if following.text in ("”", "’", ")", "]", "»"):
        return True
    if following.text in ('"', "'"):
        return quoted or following.text == "'" or at + 2 == len(tokens) or tokens[at + 2].start > following.end
    return following.text[0] in _STOPS


def _ends(tokens: list[Token], at: int, begin: int) -> bool:
    """Whether a sentence that began at token `begin` ends with token `at`."""
    back = at
    while back > max(begin, at - 3) and tokens[back].text in _CLOSERS and tokens[back - 1].end == tokens[back].start:
        back -= 1
    mark, following = tokens[back].text, tokens[at + 1]
    if mark[-1] not in _STOPS or following.start == tokens[at].end:
        return False
    first = following.text
    if first in _OPENERS and at + 2 < len(tokens):
        first = tokens[at + 2].text
    if mark[-1] == "." and mark.strip("."):
        return _ends_abbreviation(mark, first, back < at)
    if first[0] in _STOPS or (first[0] in ":;=^" and len(first) > 1):
        return False
    if mark == "." and back == at:
        return not (back == begin + 1 and tokens[begin].text.isdigit())
    return not first[0].islower()


def _ends_abbreviation(mark: str, first: str, closed: bool) -> bool:
    bare = mark[:-1].lower()
    if bare in _listed("before_names") or bare in _listed("titles") or (len(bare) == 1 and not closed):
        return bare == "no" and not first[0].isdigit()
    return first[0].isupper() and (closed or first.lower() in _listed("starters"))
