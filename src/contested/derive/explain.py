"""Find the row somebody means, and so why it says what it says."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from difflib import get_close_matches

from contested.errors import UsageError
from contested.model import Picture, Row

_SHOWN = 5


def explain(picture: Picture, key: Sequence[str]) -> Row:
    """The row of this key: its parts as they read or as things, whatever the case; the first parts or the beginning of
    a part will do where that leaves one row. Its rule, evidence and what was left aside are the explanation.

    Raises UsageError naming what comes near when there is none or more than one.
    """
    asked = [_plain(part) for part in key]
    rows = [row for row in picture.rows if any(row.key)]
    tries: list[tuple[list[str], Callable[[str, str], bool]]] = [
        (parts, same) for same in (str.__eq__, str.startswith) for parts in (asked, [" ".join(asked)])
    ]
    for parts, same in tries:
        found = [row for row in rows if _fits(row, parts, same)]
        whole = [row for row in found if len(row.key) == len(parts)]
        if len(found) == 1 or len(whole) == 1:
            return (whole or found)[0]
        if found:
            raise UsageError(f"{' '.join(key)!r} fits {len(found)} rows: {_some(found)}. Say more of the key")
    named = {_key(row).casefold(): row for row in rows}
    near = get_close_matches(" ".join(asked), named, n=_SHOWN, cutoff=0.4)
    there = [named[name] for name in near] or rows
    hint = f"Near it: {_some(there)}" if there else "It has no rows"
    raise UsageError(f"no row {' '.join(key)!r} in {picture.name} on {picture.on}. {hint}")


def _fits(row: Row, parts: Sequence[str], same: Callable[[str, str], bool]) -> bool:
    things = row.things or ("",) * len(row.key)
    return 0 < len(parts) <= len(row.key) and all(
        same(_plain(words), part) or (thing and same(thing.casefold(), part))
        for part, words, thing in zip(parts, row.key, things, strict=False)
    )


def _plain(words: str) -> str:
    """Without case, accents and needless spaces: what a person types for "Sāmarrā’"."""
    letters = unicodedata.normalize("NFKD", words.casefold())
    return " ".join("".join(c for c in letters if c.isalnum() or c.isspace() or c in "-:._").split())


def _key(row: Row) -> str:
    return ", ".join(part for part in row.key if part)


def _some(rows: Sequence[Row]) -> str:
    more = f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
    return "; ".join(_key(row) for row in rows[:_SHOWN]) + more
