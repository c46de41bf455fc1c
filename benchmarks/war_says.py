"""What is said in the made-up war: a content of each kind, drawn from the words and shares of `war.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contested.model import (
    Commitment,
    Compliance,
    Control,
    Designation,
    Estimate,
    Event,
    Forecast,
    Name,
    Quantity,
    Relation,
    Responsibility,
    Statement,
)

if TYPE_CHECKING:
    from benchmarks.war import Scene

SAYS = tomllib.loads((Path(__file__).parent / "war.toml").read_text(encoding="utf-8"))


def table(shares: dict[str, int]) -> list[str]:
    """Each word as often as its share, to draw from."""
    return [word for word, share in shares.items() for _ in range(share)]


DRAWN = {name: table(shares) for name, shares in SAYS.items() if isinstance(shares, dict)}


def _control(scene: Scene) -> Control:
    place, name = scene.somewhere()
    status: Any = scene.pick(DRAWN["status"])
    holder = scene.holder(place) if scene.chance(0.73) else None
    return Control(status, name, holder, "most" if scene.chance(0.08) else "")


def _event(scene: Scene) -> Event:
    said: Any = scene.pick(DRAWN["event"])
    return Event(
        said,
        scene.somebody() if scene.chance(0.4) else None,
        Name(scene.pick(SAYS["people"])) if scene.chance(0.62) else None,
        scene.somewhere()[1] if scene.chance(0.38) else None,
        scene.pick(SAYS["sites"]) if scene.chance(0.19) else "",
        scene.pick(SAYS["means"]) if scene.chance(0.07) else "",
        scene.number() if scene.chance(0.29) else None,
        scene.number() if scene.chance(0.07) else None,
    )


def _drawn(cls: Callable[..., Any], **how: Callable[[Scene], Any]) -> Callable[[Scene], Any]:
    return lambda scene: cls(**{name: drawn(scene) for name, drawn in how.items()})


def _of(name: str) -> Callable[[Scene], Any]:
    """A word of a table, or of a list."""
    some = DRAWN.get(name) or SAYS[name]
    return lambda scene: scene.pick(some)


def _words(most: int) -> Callable[[Scene], str]:
    return lambda scene: scene.phrase(most)


def _named(name: str) -> Callable[[Scene], Name]:
    some = [Name(words) for words in SAYS[name]]
    return lambda scene: scene.pick(some)


def _somebody(scene: Scene) -> Name:
    return scene.somebody()


def _number(scene: Scene) -> Estimate:
    return scene.number()


CONTENTS: dict[str, Callable[[Scene], Any]] = {
    "control": _control,
    "event": _event,
    "statement": _drawn(Statement, speaker=_somebody, about=_words(6)),
    "commitment": _drawn(Commitment, party=_somebody, obligation=_words(12), instrument=_named("instruments")),
    "forecast": _drawn(Forecast, proposition=_words(18)),
    "quantity": _drawn(Quantity, measure=_of("measures"), value=_number, unit=_of("people")),
    "relation": _drawn(Relation, relation=_of("relation"), subject=_somebody, object=_somebody),
    "responsibility": _drawn(Responsibility, stance=_of("stance"), claimant=_somebody, of=_words(8)),
    "compliance": _drawn(Compliance, verdict=_of("verdict"), party=_somebody, of=_words(6)),
    "designation": _drawn(Designation, act=_of("act"), authority=_somebody, target=_somebody, list=_named("lists")),
}
