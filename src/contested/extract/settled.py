"""What somebody settled that names mean goes before what a resolver makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from contested.model import Name, Thing

if TYPE_CHECKING:
    from contested.register import Register, Resolver

Role = Literal["place", "party"]
Settled = Mapping[tuple[Role, str], str]
"""The thing ("" for none we know) that words mean, by their role and `same_words`."""

NOTHING: Settled = MappingProxyType({})
SETTLED = 1.0  # how sure a settled name is; no resolver ever is
LESS = 0.97  # at most, other words that mean something by way of a settled name


def same_words(words: str) -> str:
    """Words that are one name: case folded, spaces squeezed."""
    return " ".join(words.casefold().split())


def role_of(thing: Thing) -> Role:
    """In which role a thing may be meant."""
    return "place" if thing.kind == "place" else "party"


def by_way_of(known: Name, words: str, thing: str) -> Name:
    """What words mean through a name: a pronoun through whom it stands for, a capital through its province."""
    return Name(words, thing, known.sure if words == known.words and thing == known.thing else min(known.sure, LESS))


class SettledFirst:
    """A resolver that is asked only where nobody settled what the words mean.

    A settled thing that the register no longer knows, or that cannot be meant in that role, is passed over.
    """

    def __init__(self, resolver: Resolver, register: Register, settled: Settled) -> None:
        self._resolver, self._register, self._settled = resolver, register, settled

    def place(self, words: str, level: str = "") -> Name:
        return self._settled_as("place", words, level) or self._resolver.place(words, level)

    def actor(self, words: str) -> Name:
        return self._settled_as("party", words) or self._resolver.actor(words)

    def list(self, words: str) -> Name:
        return self._settled_as("party", words) or self._resolver.list(words)

    def _settled_as(self, role: Role, words: str, level: str = "") -> Name | None:
        """ "the provincial capital of Kunduz" asks for the province: a town of that name is no answer."""
        meant = self._settled.get((role, same_words(words))) if self._settled else None
        if not meant:
            return None if meant is None else Name(words, "", SETTLED)
        thing = self._register.thing(meant)
        if thing is None or role_of(thing) != role or level not in ("", thing.type):
            return None
        return Name(words, meant, SETTLED)
