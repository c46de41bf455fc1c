"""Aligned text for terminals. Reports are hostile: nothing they hold may steer the terminal it is shown on."""

import unicodedata
from collections.abc import Sequence

from contested.model import Picture
from contested.write.writer import Places, Writer, cells, rows, state

GAP = "  "
ROOM = 16  # terminal cells that a column can make do with


def write(picture: Picture, _places: Places) -> str:
    return lay_out(*columns(picture))


def columns(picture: Picture) -> tuple[list[str], list[list[str]]]:
    """Heads and rows of a picture for reading: key, value, how settled and how fresh, then the further columns."""
    at = picture.columns.index("value") + 1 if "value" in picture.columns else len(picture.columns)

    def beside(parts: Sequence[str], state: Sequence[str]) -> list[str]:
        return [*parts[:at], *state, *parts[at:]]

    lines = [beside(cells(picture, row), (state(row), str(row.last_evidence or ""))) for row in rows(picture)]
    return beside(picture.columns, ("status", "last evidence")), lines


def lay_out(heads: Sequence[str], body: Sequence[Sequence[str]], width: int = 0) -> str:
    """Columns aligned under their heads, never cut; or fitted to `width` terminal cells.

    To fit, empty columns go, then the last ones until the others have room, then the widest are cut.
    """
    lines = [[printable(cell) for cell in line] for line in [heads, *body]]
    widths = [max(map(cells_wide, column)) for column in zip(*lines, strict=True)]
    if width:
        full = [at for at in range(len(heads)) if not body or any(line[at] for line in lines[1:])]
        while len(full) > 1 and sum(min(widths[at], ROOM) + len(GAP) for at in full) - len(GAP) > width:
            full.pop()
        lines = [[line[at] for at in full] for line in lines]
        widths = _fit([widths[at] for at in full], width)
    lines.insert(1, ["─" * wide for wide in widths])
    return "".join(GAP.join(map(_pad, line, widths)).rstrip() + "\n" for line in lines)


def printable(text: str) -> str:
    """One line of text that cannot steer a terminal: control and direction-override characters become �."""
    seen = (" " if char in "\n\t\r" else "�" if _steers(char) else char for char in text)
    return " ".join("".join(seen).split())


def cells_wide(text: str) -> int:
    """How many terminal cells a text takes: two for wide East Asian characters, none for combining marks."""
    return len(text) if text.isascii() else sum(map(_wide, text))


def cut(text: str, width: int) -> str:
    """The text, ending in … where it would be wider than `width` terminal cells."""
    if cells_wide(text) <= width:
        return text
    kept, room = "", width - 1
    for char in text:
        room -= _wide(char)
        if room < 0:
            break
        kept += char
    return kept + "…"


def _steers(char: str) -> bool:
    return char in _OVERRIDES or unicodedata.category(char) in ("Cc", "Cs", "Co", "Zl", "Zp")


def _wide(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _fit(widths: list[int], total: int) -> list[int]:
    """Take from the widest column until all fit."""
    fitted = list(widths)
    while sum(fitted) + len(GAP) * (len(fitted) - 1) > total and max(fitted) > 1:
        fitted[fitted.index(max(fitted))] -= 1
    return fitted


def _pad(cell: str, width: int) -> str:
    shown = cut(cell, width)
    return shown + " " * (width - cells_wide(shown))


_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # text direction; joiners stay
WRITER = Writer("table", ".txt", write)
