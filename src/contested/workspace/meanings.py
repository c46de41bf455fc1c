"""What a name may mean: the things somebody may choose from, told apart in words, and where a missing place may lie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from contested.errors import UsageError
from contested.extract.settled import Role, role_of
from contested.model import Noun, Standing, Thing
from contested.workspace.names import name_in, names_in, spot

if TYPE_CHECKING:
    from contested.register import Register

MOST = 9  # choices: as many as there are keys for
AROUND = 1_000  # characters of a report on either side of a name that may say where it is
LEVELS = ("country", "province", "district", "region", "settlement")  # the widest first
PARTS = 8  # words of a name in which others are looked for
SHOWN = 8  # namesakes listed where one was asked for


class Choice(Noun, frozen=True):
    """A thing that a name may mean; `told` says what and where it is, `far` how many km from the place asked about."""

    thing: str
    name: str
    told: str
    far: float | None = None


class Guess(Noun, frozen=True):
    """What a missing place may lie in, and why that is thought."""

    thing: str
    name: str
    why: str


def choices(register: Register, role: Role, words: str, taken: Iterable[str], near: str = "") -> tuple[Choice, ...]:
    """What the words may mean in that role: what they were taken for first, then what the register has, those in the
    country of the place `near` before others."""
    chosen = [register.thing(thing) for thing in taken if thing]
    asked = _places(register, words, near) if role == "place" else _parties(register, words)
    found = {thing.id: thing for thing in [*chosen, *asked] if thing is not None and role_of(thing) == role}
    return tuple(_choice(register, thing, near) for thing in list(found.values())[:MOST])


def told(register: Register, thing: Thing) -> str:
    """What and where a thing is, in words: "district in Helmand, Afghanistan"."""
    above = [found.name for each in register.ancestors(thing.id) if (found := register.thing(each)) is not None]
    above = [name for name in dict.fromkeys(above) if name != thing.name]
    what = (thing.type or thing.kind).replace("_", " ")
    inside = "in" if thing.kind == "place" else "of"
    return f"{what} {inside} {', '.join(above)}" if above else what


def meant(register: Register, role: Role, asked: str) -> Thing:
    """The one thing of an id or a name, in that role. UsageError when there is none, or when several are so called."""
    if (thing := register.thing(asked)) is not None and role_of(thing) == role:
        return thing
    return _only(register, role, asked, [thing for thing in register.find(asked) if role_of(thing) == role])


def holder(register: Register, asked: str) -> Thing:
    """The one place of an id or a name that another may lie in; of a province and its town it is the province.

    UsageError as from `meant`.
    """
    if (thing := register.thing(asked)) is not None and thing.kind == "place":
        return thing
    found = register.find(asked, "place")
    level = min((LEVELS.index(thing.type) for thing in found if thing.type in LEVELS), default=0)
    return _only(register, "place", asked, [thing for thing in found if thing.type == LEVELS[level]] or found)


def point(words: str) -> tuple[float, float]:
    """Latitude and longitude as written: "31.52, 64.12". UsageError when that is no point."""
    latitude, _, longitude = words.partition(",")
    try:
        return float(latitude), float(longitude)
    except ValueError:
        raise UsageError(f"{words!r} is no point. Write latitude, comma, longitude, in degrees: 31.52, 64.12") from None


def lies_in(
    register: Register, words: str, text: str, named: Standing, standings: Iterable[Standing], home: str
) -> Guess | None:
    """What a place that nobody knows may lie in: what the report puts it in, else what its other places mostly lie in.

    `text` is the report's, `named` an assertion of it that names the place, `standings` are all it says.
    """
    name = name_in(named.assertion.content, "place", words)
    at = spot(text, name.words, named.assertion.quote.start) if name and named.assertion.quote else -1
    if name and at >= 0 and (thing := _put_in(register, name.words, text, at, home)) is not None:
        return Guess(thing.id, thing.name, "the report puts it there")
    if (thing := _mostly(register, standings, home)) is not None:
        return Guess(thing.id, thing.name, "most of what the report names lies there")
    return None


def _only(register: Register, role: Role, asked: str, found: Sequence[Thing]) -> Thing:
    if not found:
        raise UsageError(f"no {role} {asked!r} is known. Give its id, or another name of it")
    if len(found) > 1:
        some = "\n".join(f"  {thing.id}  {thing.name} · {told(register, thing)}" for thing in found[:SHOWN])
        more = f"\n  and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        raise UsageError(f"{asked!r} is the name of several; give the id of one:\n{some}{more}")
    return found[0]


def _choice(register: Register, thing: Thing, near: str) -> Choice:
    far = register.distance(thing.id, near) if near and thing.kind == "place" else None
    return Choice(thing.id, thing.name, told(register, thing), None if far is None else round(far))


def _places(register: Register, words: str, near: str) -> list[Thing]:
    """The places so called, also without the words that only say their level: in the country of `near` before others,
    and between these the places of that country that sound so."""
    from contested.register.candidates import forms

    places, land = register.places, _country(register, near)
    called = [*register.find(words, "place"), *(thing for form, _ in forms(words) for thing in places.named(form))]
    alike = [thing for form, _ in forms(words) for thing in places.sounding_like(form, land)] if land else []
    here = [thing for thing in called if places.country(thing) == land]
    return [*here, *alike, *called]


def _parties(register: Register, words: str) -> list[Thing]:
    """The parties so called, those whose names are spelt so, then those that the words name among others."""
    tokens = [token.removesuffix("’s").removesuffix("'s") for token in words.split()[:PARTS]]
    sizes = range(len(tokens) - 1, 0, -1)
    runs = [" ".join(tokens[at : at + size]) for size in sizes for at in range(len(tokens) - size + 1)]
    among = [thing for run in runs if run[:1].isupper() for thing in register.actors.named(run)]
    return [*register.find(words), *(thing for thing, _ in register.near(words)), *among]


def _country(register: Register, place: str) -> str:
    thing = register.places.thing(place) if place else None
    return register.places.country(thing) if thing is not None else ""


def _put_in(register: Register, words: str, text: str, at: int, home: str) -> Thing | None:
    """What the words around a name say it is in ("Marja, Helmand")."""
    from contested.register.marked import Marked, Span
    from contested.register.toponyms import resolve

    before = max(at - AROUND, 0)
    window = text[before : at + len(words) + AROUND]
    span = Span(at - before, at - before + len(words))
    (found,) = next(resolve(register, [Marked(window, [span])], together=False, home=home))
    if found.precision != "containing":
        return None
    thing = register.thing(found.thing)
    return register.thing(thing.within) if thing is not None and thing.type == "settlement" else thing


def _mostly(register: Register, standings: Iterable[Standing], home: str) -> Thing | None:
    """The province in which most of what the report names lies, else its country, else the home country."""
    named = [name.thing for each in standings for _, name in names_in(each.assertion.content)]
    held = [list(_holders(register, thing)) for thing in named if thing]
    provinces = Counter(each[0] for each in held if len(each) > 1)
    countries = Counter(each[-1] for each in held if each)
    province, times = next(iter(provinces.most_common(1)), ("", 0))
    country, _ = next(iter(countries.most_common(1)), (register.country(home), 0))
    chosen = province if 2 * times > len(held) else country
    return register.thing(chosen) if chosen else None


def _holders(register: Register, thing: str) -> Iterator[str]:
    """The province and the country of a place or party, or which a place is."""
    for each in (thing, *register.ancestors(thing)):
        found = register.thing(each)
        if found is not None and found.type in ("province", "country"):
            yield each
