"""The words a party is named with: what only introduces a name, what follows one, and how the rest is compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

from contested.register.countries import pack
from contested.register.spelling import key


@cache
def known_words(table: str, part: str = "words") -> frozenset[str]:
    """A table of packs/phrases.toml."""
    return frozenset(pack("phrases")[table][part])


BREAK = re.compile(r", |; | \(| [-–—] ")
TAIL = {"in", "from", "near", "at", "on", "with", "against", "who", "that", "inside", "of", "for", "along", "across",
         "under", "loyal", "during", "outside", "based", "to", "by", "after", "as", "which", "fighting"}  # fmt: skip
POSSESSIVE = re.compile(r"['’]s?$")
BACKED = re.compile(r"-(?:backed|led|supported|aligned|linked|affiliated|allied|inspired|run|trained|funded)$")


def words_of(words: str) -> list[str]:
    """Words without quotation marks, leading articles and possessives."""
    tokens = [token.strip('"“”,;:()[]!?') for token in words.split()]
    tokens = [token.rstrip(".") if token.count(".") == 1 else token for token in tokens if token.strip("'’‘.-")]
    while len(tokens) > 1 and tokens[0].casefold() in known_words("articles"):
        tokens = tokens[1:]
    return [stripped for token in tokens if (stripped := POSSESSIVE.sub("", token))]


def without_company(tokens: list[str]) -> list[str]:
    """ "the Taliban and its allies": the Taliban."""
    for spot, (joint, whose) in enumerate(pairwise(tokens)):
        if spot and joint.casefold() == "and" and whose.casefold() in ("its", "their", "his", "her", "other"):
            return tokens[:spot]
    return tokens


def is_acronym(name: str) -> bool:
    """Short and all capitals: compared with its case, for "IS" and "WHO" are words otherwise."""
    letters = bare(name)
    return 1 < len(letters) <= 6 and letters.isalnum() and letters.isupper()


def bare(name: str) -> str:
    """Without the dots of an abbreviation."""
    return name.replace(".", "")


def filed(name: str) -> str:
    """A state's name for comparison: with its case when it is an acronym ("US")."""
    return bare(name) if is_acronym(name) else key(name)


def openings(names: Iterable[str]) -> frozenset[str]:
    """The words that names begin with, as filed and as written: what has none of them holds none of the names."""
    first = {key(name).partition(" ")[0] for name in names}
    written = {"saint": ("st", "ste"), "mount": ("mt",)}
    return frozenset(first.union(*(short for full, short in written.items() if full in first)))


def surname(name: str) -> str:
    """The last word of a name, as it is filed."""
    return key(name.split()[-1])


def cored(words: Sequence[str]) -> str:
    """The name that words begin with, before "fighters", "leader" and the like; empty when it is no name."""
    end = next(
        (spot for spot in range(1, len(words)) if words[spot].casefold() in known_words("heads", "group")), len(words)
    )
    core = words[:end]
    named = 0 < len(core) <= 8 and all(len(word) < 4 or word != word.lower() for word in core)
    return " ".join(core) if named else ""
