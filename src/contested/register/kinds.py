"""What kind of actor a party is, as ACLED and UCDP tell them apart: by its thing, or else by its head word.

The mapping is data (packs/kinds.toml).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from contested.model import Name
from contested.register.countries import pack

if TYPE_CHECKING:
    from contested.register import Register

_UNARMED = ("rioters", "protesters", "civilians")


class PartyKind(NamedTuple):
    """A kind of actor: ours, ACLED's actor type (1 to 8), UCDP's level of organisation."""

    name: str
    acled: int
    ucdp: str


def party_kind(register: Register, party: Name, country: str = "") -> PartyKind | None:
    """The kind of a party in a country (an id): abroad, a state's forces are external. None when nothing tells."""
    said = next(_by_words(party.words), "")
    kind = said if said in _UNARMED else _by_thing(register, party.thing, country) or said
    return PartyKind(kind, **_tables()["kinds"][kind]) if kind else None


def _by_thing(register: Register, thing_id: str, country: str) -> str:
    thing = register.thing(thing_id)
    if thing is None or thing.kind != "actor":
        return ""
    slug = thing.id.removeprefix("actor:")
    listed = next((kind for kind, slugs in _tables()["things"].items() if slug in slugs), "")
    kind: str = listed or _tables()["types"].get(thing.type, "")
    if kind != "state_forces":
        return kind
    above = (thing.id, *register.ancestors(thing.id))
    home = next((register.actors.things[a].within for a in above if a in register.actors.things
                 and register.actors.things[a].type == "state"), "")  # fmt: skip
    return "external" if not home or (country and home != country) else kind


def _by_words(words: str) -> Iterator[str]:
    """The kinds of the words, the last first, two words together before one."""
    folded = [word.strip("“”\"'’,.").casefold() for word in words.split()[:24]]
    for spot in range(len(folded), 0, -1):
        for start in (spot - 2, spot - 1):
            if start >= 0 and (kind := _words().get(" ".join(folded[start:spot]))):
                yield kind


@cache
def _tables() -> dict[str, Any]:
    return pack("kinds")


@cache
def _words() -> dict[str, str]:
    return {word: kind for kind, words in _tables()["words"].items() for word in words}
