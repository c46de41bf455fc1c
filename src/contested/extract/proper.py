"""Whether words are the own name of a party or place, or merely say what it is ("police", "Western officials")."""

from __future__ import annotations

from contested.extract.lexicon import listed


def proper(words: str) -> bool:
    """Whether some letter is a capital, or of a script that has none.

    A capital that only opens a sentence makes no name: the first word counts only if it is no common one.
    """
    first, *rest = words.split() or [""]
    if any(map(_capitalised, rest)):
        return True
    return _capitalised(first) and not _common(first.strip("“”\"'’,").casefold())


def _capitalised(word: str) -> bool:
    return any(letter.isalpha() and (letter.isupper() or letter.lower() == letter.upper()) for letter in word)


def _common(word: str) -> bool:
    common = listed("parties", "groups") | listed("parties", "bystanders") | listed("parties", "openers")
    return word in common or word.removesuffix("s") in common or word.removesuffix("’s").removesuffix("'s") in common
