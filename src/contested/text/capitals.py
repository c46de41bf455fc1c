"""Words printed all in capitals, read as they would be written: a telex, a headline, an old wire.

The encoder knows names by their company too, so it is asked first about the words in small letters, and what it takes
for a name gets its capital back. The text keeps its length: every offset means the same words as before.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from msgspec.structs import replace as retold

from contested.model import Document
from contested.text.sentences import Sentence, Token, sentences
from contested.text.tagging import read_tokens

RUN = 6  # words in capitals, one after another, that are no name and no abbreviation
MOSTLY = 0.9  # of a sentence's letters
SHORT = 5  # letters; a longer name is no abbreviation
_RUN = re.compile(rf"(?:\b[^\W\d_a-zß-öø-ÿ]{{2,}}\b[^\w]{{1,3}}(?:[\d,.]+ )?){{{RUN}}}")
_NAMES, _BODIES = ("PER", "ORG", "LOC", "GPE"), ("ORG", "GPE")
_SMALL = frozenset({"ADP", "DET", "CCONJ", "SCONJ", "PUNCT", "PART", "AUX", "PRON", "NUM"})
_DOTTED = re.compile(r"(?:\w\.){2,}\w?")  # "u.s."
_OPENING = re.compile(r"(?:^|(?<!\b\w)[.!?]|[-.!?:\]]\s*\[[^\]\s]+\]|\)\s*-+|\n[ \t]*\n)[\s\"'“‘(\[]*$")
BACK = 20  # characters looked back from a word for the end of the sentence before it


def true_cased(document: Document) -> Document:
    """The document with what is all in capitals written in small letters and capitals; its offsets are the same."""
    if not _RUN.search(document.text):
        return document
    loud = [one for one in sentences(document.text) if _in_capitals(document.text[one.start : one.end])]
    read = read_tokens([_lowered(one) for one in loud])
    names, bodies = _names(read, _NAMES), _names(read, _BODIES)
    text = list(document.text)
    for token in _tokens(read):
        word = token.text
        if word == "i" or (word in bodies and _abbreviated(word)) or _DOTTED.fullmatch(word):
            text[token.start : token.end] = _large(word)
        elif word in names or _known(word) or _OPENING.search(document.text, max(0, token.start - BACK), token.start):
            text[token.start : token.end] = _raised(word)
        else:
            text[token.start : token.end] = word
    return retold(document, text="".join(text))


def _in_capitals(words: str) -> bool:
    letters = [letter for letter in words if letter.isalpha()]
    return len(letters) > RUN and sum(map(str.isupper, letters)) >= MOSTLY * len(letters)


def _small(words: str) -> str:
    """In small letters, those that would become two left alone."""
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in words)


def _large(word: str) -> str:
    return "".join(up if len(up := letter.upper()) == 1 else letter for letter in word)


def _lowered(one: Sentence) -> Sentence:
    return replace(one, tokens=tuple(replace(token, text=_small(token.text)) for token in one.tokens))


def _names(read: Sequence[Sentence], kinds: Sequence[str]) -> frozenset[str]:
    """The words that are names of these kinds, or parts of one, by most of their mentions."""
    votes: Counter[str] = Counter()
    for token in _tokens(read):
        kind = token.entity[2:]
        named = (token.pos == "PROPN" and kind in ("", "TIM")) or (kind in kinds and token.pos not in _SMALL)
        votes[token.text] += 1 if named else -1
    return frozenset(word for word, vote in votes.items() if vote >= 0)


def _tokens(read: Sequence[Sentence]) -> Iterator[Token]:
    return (token for one in read for token in one.tokens)


def _raised(word: str) -> str:
    return word[:1].upper() + word[1:] if len(word[:1].upper()) == 1 else word


def _known(word: str) -> bool:
    from contested.text.encoder import remembered

    return remembered(_raised(word))


def _abbreviated(word: str) -> bool:
    """Whether a name is short and nothing that the encoder's vocabulary has whole: "fmln", "efe"."""
    from contested.text.encoder import whole

    return len(word) <= SHORT and word.isalpha() and not whole(word)
