"""How names are compared: a key that forgets case, accents and articles, and a looser one that forgets vowels."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans({
    "ı": "i", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ə": "a", "ħ": "h",
    "ŋ": "n", "ß": "ss",
})  # fmt: skip
_MARKS = re.compile(r"['’‘ʻʼʿʾ`´ˌ.]+")
GAPS = re.compile(r"[^\w]+|_+")
_ARTICLE = re.compile(r"\b(?:al|el|ul|ad|ar|as|ash|at|ath|az|adh|an) (?=\w{3})")
_JOIN = re.compile(r" (?:i|ye|yi|e) ")
_SAINT = re.compile(r"^(?:st|ste) (?=\w)")
_MOUNT = re.compile(r"^mt (?=\w)")
_ABBREVIATED = re.compile(r"\b(?:[a-z]\.){2,}")


@lru_cache(maxsize=1 << 14)
def key(words: str) -> str:
    """The form under which a name is filed: "Ar-Raqqah" and "raqqah", "Pul-i-Khumri" and "Pul-e Khumri" share one."""
    folded = plain(words)
    folded = _ABBREVIATED.sub(lambda found: found[0].replace(".", ""), folded)
    folded = GAPS.sub(" ", _MARKS.sub("", folded)).strip()
    if " " not in folded:
        return folded
    folded = _MOUNT.sub("mount ", _SAINT.sub("saint ", folded))
    folded = _JOIN.sub(" e ", folded)
    return _ARTICLE.sub("", folded)


@lru_cache(maxsize=1 << 14)
def loose(words: str) -> str:
    """A key without the Persian joint, and with what such names say of a place in English: "Baghlan-e Jadid",
    "Baghlani Jadid" and "New Baghlan" share one; "Nad-e Ali" and "Nad Ali" another."""
    parts = _PERSIAN_JOINT.sub("", key(words)).split(" ")
    if len(parts) > 1 and (said := _SAID.get(parts[-1])):
        parts = [said, *parts[:-2], parts[-2].removesuffix("i") if len(parts[-2]) > 4 else parts[-2]]
    return " ".join(parts)


_PERSIAN_JOINT = re.compile(r" e(?= )")
_SAID = {
    "jadid": "new", "jadeed": "new", "nau": "new", "kohna": "old", "kuhna": "old", "bala": "upper", "ulya": "upper",
    "payin": "lower", "payan": "lower", "sufla": "lower", "sharqi": "eastern", "gharbi": "western",
    "shamali": "northern", "janubi": "southern", "kalan": "greater",
}  # fmt: skip


def plain(words: str) -> str:
    """Casefolded, without accents."""
    folded = words.casefold()
    if folded.isascii():
        return folded
    folded = unicodedata.normalize("NFKD", folded.translate(_LETTERS))
    return "".join(letter for letter in folded if not unicodedata.combining(letter)).translate(_LETTERS)


_SOUNDS = [
    ("kh", "h"), ("gh", "g"), ("dh", "d"), ("th", "t"), ("zh", "z"), ("ph", "f"), ("ck", "k"), ("ow", "u"),
    ("q", "k"), ("w", "v"), ("c", "k"), ("j", "z"), ("x", "ks"),
]  # fmt: skip
_SILENT = re.compile(r"[aeiouyh ]")
_DOUBLE = re.compile(r"(.)\1+")


@lru_cache(maxsize=1 << 14)
def skeleton(words: str) -> str:
    """The consonants of a name, sounds that romanisations confuse made one: it proposes, and context must decide.

    Empty when too little is left to mean anything (under three consonants).
    """
    name = key(words)
    for sound, letter in _SOUNDS:
        name = name.replace(sound, letter)
    bones = _DOUBLE.sub(r"\1", _SILENT.sub("", name))
    return bones if len(bones) >= 3 else ""
