"""Colours and patterns: every value has both, so that no reader needs to tell two hues apart.

Hues after Okabe & Ito, "Color Universal Design" (2008). The colours themselves stand in the style sheet under the
same numbers, once for light paper and once for dark.
"""

from __future__ import annotations

from collections.abc import Iterable
from zlib import crc32

import msgspec
from markupsafe import Markup

from contested.web.svg import element

DISPUTED = 2  # the slot kept for values that name a dispute

# What is drawn over the flat colour of a slot, on a tile of 8 by 8: none two alike.
TEXTURES = (
    "",
    "M2 2h.01M6 6h.01",  # dots
    "M-2 6L2 10M-2 -2L10 10M6 -2L10 2",  # falling diagonals
    "M0 2h8M0 6h8",  # level lines
    "M0 4h8M4 0v8",  # a grid
    "M2 0v8M6 0v8",  # upright lines
    "M4 2.2a1.8 1.8 0 1 0 .01 0",  # rings
    "M0 3l2 2l2 -2l2 2l2 -2",  # waves
)

# What is drawn in the slot's colour on a pale ground instead.
LIGHT = {
    "x": "M-2 2L2 -2M-2 10L10 -2M6 10L10 6",  # rising diagonals: in dispute
    "l": "M1 1h6v6h-6z",  # boxes: surrounded
    "m": "M2 2h4M6 6h4M-2 6h4",  # dashes: anything else said of the party
}


class Look(msgspec.Struct, frozen=True):
    """How a value is drawn: the slot of its colour, and what is drawn over or instead of the flat colour."""

    slot: int = 0
    form: str = "v"


def looks(values: Iterable[str], order: Iterable[str] = ()) -> dict[str, Look]:
    """A look for each value. The colour goes by the party in "held by …", "surrounded by …", the form by the rest.

    Those of `order` choose first, the others where their name falls, so that a value keeps its look from day to day.
    Past seven parties colours are shared.
    """
    wanted = list(dict.fromkeys([*order, *sorted(set(values))]))
    colours: dict[str, int] = {}
    for party in dict.fromkeys(_party(value) for value in wanted):
        colours[party] = DISPUTED if _disputes(party) else _free(party, colours)
    return {value: Look(colours[_party(value)], _form(value)) for value in wanted}


def _free(party: str, colours: dict[str, int]) -> int:
    first = crc32(party.casefold().encode()) % len(TEXTURES)
    ring = [(first + n) % len(TEXTURES) for n in range(len(TEXTURES))]
    taken = {DISPUTED, *colours.values()}
    return next((slot for slot in ring if slot not in taken), first)


def _party(value: str) -> str:
    return value.rpartition(" by ")[2]


def _form(value: str) -> str:
    verb = value.rpartition(" by ")[0]
    return "v" if verb in ("", "held") else "l" if verb == "surrounded" else "m"


def _disputes(value: str) -> bool:
    return value.startswith(("contested", "disputed"))


def patterns(used: Iterable[Look]) -> Markup:
    """The <defs> a drawing needs: for each slot the forms v (flat), l and m (light) and its contested look x."""
    names = sorted({(form, look.slot) for look in used for form in (look.form, "x")})
    nothing = element("path", d="M1.5 1.5h.01M5.5 5.5h.01", class_="nothing")
    none = _tile("nothing", element("rect", width=8, height=8, class_="blank"), nothing)
    return element("defs", *(_pattern(form, slot) for form, slot in names), none)


def _pattern(form: str, slot: int) -> Markup:
    if form == "v":
        ground = element("rect", width=8, height=8, class_=f"g{slot}")
        return _tile(f"v{slot}", ground, element("path", d=TEXTURES[slot], class_="texture"))
    pale = element("rect", width=8, height=8, class_="blank")
    drawn = element("path", d=LIGHT[form], class_=f"stripe {form} t{slot}")
    return _tile(f"{form}{slot}", pale, drawn)


def _tile(name: str, *drawn: Markup) -> Markup:
    return element("pattern", *drawn, id=name, width=8, height=8, patternUnits="userSpaceOnUse")


def shape(look: Look, status: str) -> dict[str, str]:
    """The attributes that draw a shape of this look and status: outline only for claimed, dots for none,
    stripes for contested, faded (by its class) for stale."""
    if status == "none":
        return {"fill": "url(#nothing)", "class_": "unit s-none"}
    if status == "claimed":
        return {"fill": "none", "class_": f"unit s-claimed t{look.slot}"}
    form = "x" if status == "contested" and look.slot != DISPUTED else look.form
    return {"fill": f"url(#{form}{look.slot})", "class_": f"unit s-{status}"}


def swatch(look: Look, status: str = "settled") -> Markup:
    """A small sample for the legend; it borrows the drawing's patterns."""
    box = element("rect", x=1.5, y=1.5, width=25, height=15, rx=2, **shape(look, status))
    return element("svg", box, class_="swatch", viewBox="0 0 28 18", aria_hidden="true")
