"""Further columns: what is taken, by name, of the evidence for a row or against it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from contested.derive.codebook import Cell
from contested.derive.evidence import Evidence, field
from contested.derive.wording import Wording, number
from contested.model import Estimate

Pools = Mapping[str, Sequence[Evidence]]
_MOST = 12  # of a list in one cell


def cell(declared: Cell, pools: Pools, wording: Wording) -> str:
    chosen = pools[declared.from_]
    if chosen and declared.kind:
        chosen = [e for e in chosen if e.kind == declared.kind]
    if chosen and declared.when:
        chosen = [e for e in chosen if wording.holds(declared.when, partial(field, e))]
    return _TAKE[declared.take](chosen, declared.of, wording) if chosen else ""


def _estimates(chosen: Iterable[Evidence], of: str) -> list[tuple[Evidence, Estimate]]:
    found = ((e, field(e, of)) for e in chosen)
    return [(e, value) for e, value in found if isinstance(value, Estimate)]


def _lowest(chosen: Sequence[Evidence], of: str, _: Wording) -> str:
    lows = [n for _, v in _estimates(chosen, of) for n in (v.low, v.best, v.high) if n is not None]
    return number(min(lows)) if lows else ""


def _highest(chosen: Sequence[Evidence], of: str, _: Wording) -> str:
    highs = [n for _, v in _estimates(chosen, of) for n in (v.low, v.best, v.high) if n is not None]
    return number(max(highs)) if highs else ""


def _best(chosen: Sequence[Evidence], of: str, _: Wording) -> str:
    """The best estimate most independent voices give; of several, the one given last. Never an average."""
    voices: dict[float, set[str]] = {}
    last: dict[float, int] = {}
    for place, (e, value) in enumerate(_estimates(chosen, of)):
        if value.best is not None:
            voices.setdefault(value.best, set()).add(e.speaker)
            last[value.best] = place
    return number(max(last, key=lambda n: (len(voices[n]), last[n]))) if last else ""


def _texts(chosen: Iterable[Evidence], of: str, wording: Wording) -> list[str]:
    said = (wording.say(of, partial(field, e)) or "" if "{" in of else wording.text(e, of) for e in chosen)
    return list({text.casefold(): text for text in said if text}.values())


def _listed(texts: Sequence[str]) -> str:
    more = [f"and {len(texts) - _MOST} more"] if len(texts) > _MOST else []
    return "; ".join([*texts[:_MOST], *more])


def _voices(chosen: Sequence[Evidence], _: str, wording: Wording) -> str:
    spoken = {e.speaker: wording.name(e.voice) for e in chosen}
    return _listed(list(spoken.values()))


def _latest(chosen: Sequence[Evidence], of: str, wording: Wording) -> str:
    return next(iter(_texts(reversed(chosen), of, wording)), "")


_TAKE: dict[str, Callable[[Sequence[Evidence], str, Wording], str]] = {
    "lowest": _lowest,
    "best": _best,
    "highest": _highest,
    "count": lambda chosen, of, wording: str(len(chosen)),
    "reports": lambda chosen, of, wording: str(len({e.document for e in chosen})),
    "voices": _voices,
    "voice_count": lambda chosen, of, wording: str(len({e.speaker for e in chosen})),
    "sources": lambda chosen, of, wording: _listed(_texts(chosen, "source", wording)),
    "first": lambda chosen, of, wording: min(e.day for e in chosen).isoformat(),
    "last": lambda chosen, of, wording: max(e.day for e in chosen).isoformat(),
    "texts": lambda chosen, of, wording: _listed(_texts(chosen, of, wording)),
    "latest": _latest,
}
