"""Word pieces of single words (BERT's uncased WordPiece), and the casing class that an uncased vocabulary forgets."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

LOWER, TITLE, UPPER, MIXED, DIGITS, SIGN, LETTER, EDGE = range(8)
UNKNOWN, BEGIN, END = "[UNK]", "[CLS]", "[SEP]"
_LONGEST = 100  # characters; BERT reads longer words as unknown
_REMEMBERED = 100_000


def casing(word: str) -> int:
    """One of eight classes; EDGE is kept for what is no word (sentence ends, padding)."""
    if word.isalpha() and word.islower():  # most words, without a look at each letter
        return LOWER
    return _known_casing(word) if len(word) <= _LONGEST else _casing(word)


@lru_cache(maxsize=1 << 14)
def _known_casing(word: str) -> int:
    return _casing(word)


def _casing(word: str) -> int:
    if any(character.isdigit() for character in word):
        return DIGITS
    letters = [character for character in word if character.isalpha()]
    if not letters:
        return SIGN
    raised = sum(character.isupper() for character in letters)
    if not raised:
        return LOWER
    if len(letters) == 1:
        return LETTER
    if raised == len(letters):
        return UPPER
    return TITLE if raised == 1 and letters[0].isupper() else MIXED


class WordPieces:
    """Word → ids of its pieces, as the published BERT tokenizer cuts it; never empty."""

    def __init__(self, vocabulary: dict[str, int]) -> None:
        self._ids = vocabulary
        self._memory: dict[str, tuple[int, ...]] = {}
        self.begin, self.end = vocabulary[BEGIN], vocabulary[END]

    def __call__(self, word: str) -> tuple[int, ...]:
        known = self._memory.get(word)
        if known is None:
            found = tuple(piece for part in _parts(word) for piece in self._pieces(part))
            known = found or (self._ids[UNKNOWN],)
            if len(word) <= _LONGEST:
                if len(self._memory) >= _REMEMBERED:
                    self._memory.clear()
                self._memory[word] = known
        return known

    def _pieces(self, part: str) -> list[int]:
        if len(part) > _LONGEST:
            return [self._ids[UNKNOWN]]
        found, start = [], 0
        while start < len(part):
            prefix = "##" if start else ""
            end = len(part)
            while end > start and (prefix + part[start:end]) not in self._ids:
                end -= 1
            if end == start:
                return [self._ids[UNKNOWN]]
            found.append(self._ids[prefix + part[start:end]])
            start = end
        return found


def _parts(word: str) -> Iterator[str]:
    """Lower case without accents, cut at punctuation, at spaces and around Chinese characters."""
    part = ""
    for character in _bare(word):
        if character.isspace():
            if part:
                yield part
            part = ""
        elif _stands_alone(character):
            if part:
                yield part
            yield character
            part = ""
        else:
            part += character
    if part:
        yield part


def _bare(word: str) -> str:
    if word.isascii() and word.isprintable():
        return word.lower()
    kept = "".join(c for c in word if c in "\t\n\r" or (unicodedata.category(c)[0] != "C" and c != "\ufffd"))
    kept = "".join(f" {c} " if _is_chinese(ord(c)) else c for c in kept)
    return "".join(c for c in unicodedata.normalize("NFD", kept) if unicodedata.category(c) != "Mn").lower()


def _stands_alone(character: str) -> bool:
    if character.isascii():
        return not character.isalnum() and character.isprintable()
    return unicodedata.category(character)[0] == "P"


def _is_chinese(code: int) -> bool:
    return (
        0x4E00 <= code <= 0x9FFF
        or 0x3400 <= code <= 0x4DBF
        or 0x20000 <= code <= 0x2A6DF
        or 0x2A700 <= code <= 0x2CEAF
        or 0xF900 <= code <= 0xFAFF
        or 0x2F800 <= code <= 0x2FA1F
    )
