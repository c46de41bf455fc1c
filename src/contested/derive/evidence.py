"""One assertion as a picture sees it, and the row it belongs to."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec

from contested.model import Name, Standing

NEVER = dt.date.min
"""The day of an undated assertion; it is always left aside."""


class Evidence(msgspec.Struct, eq=False, gc=False):
    """A standing assertion in a standard's terms: the value it asserts, the one it denies, or why it is left aside."""

    standing: Standing
    kind: str
    day: dt.date
    voice: Name  # the innermost: the one whose word it is
    speaker: str  # the same thing, or the same words, is one speaker however often it is printed
    denied: bool = False
    value: str = ""
    denies: str = ""
    implies: str = ""
    degree: int = 0
    gives_way: bool = False
    claim: bool = False
    favours: str = ""
    harms: str = ""
    lasts: int | None = None
    aside: str = ""

    @property
    def id(self) -> str:
        return self.standing.id

    @property
    def says_less(self) -> bool:
        return self.gives_way or self.degree < 0

    @property
    def document(self) -> str:
        quote = self.standing.assertion.quote
        return quote.document if quote else ""

    @property
    def start(self) -> int:
        quote = self.standing.assertion.quote
        return quote.start if quote else 0

    @property
    def order(self) -> tuple[dt.date, dt.date, dt.datetime, str, int, str]:
        """By day, then as it became known. Whose names are in it comes last, so that no name breaks a tie."""
        standing = self.standing
        quote = standing.assertion.quote
        document, start = (quote.document, quote.start) if quote else ("", 0)
        return self.day, standing.published or NEVER, standing.recorded_at, document, start, standing.id


class Label(NamedTuple):
    """One part of a key: what makes it the same, how it reads, and the thing it is where that is known."""

    identity: str
    words: str
    thing: str = ""


@dataclass(slots=True, eq=False)
class Group:
    """The evidence for one row, in order of time; beside it what all voices assert, and deny, of the same matter.

    Of what is no whole matter, voices and spellings have been made one with the rest of it.
    """

    labels: tuple[Label, ...]
    own: list[Evidence] = dataclasses.field(default_factory=list)
    whole: bool = True
    asserted: Sequence[Evidence] = ()
    denials: Sequence[Evidence] = ()


_ABOUT: dict[str, Callable[[Evidence], Any]] = {
    "voice": lambda e: e.voice,
    "source": lambda e: e.standing.source,
    "document": lambda e: e.document,
    "report": lambda e: e.standing.file,
    "day": lambda e: e.day.isoformat() if e.day != NEVER else "",
    "id": lambda e: e.id,
    "kind": lambda e: e.kind,
    "attributed": lambda e: "yes" if len(e.standing.assertion.voices) > 1 else "no",
    "likelihood": lambda e: e.standing.assertion.likelihood.words if e.standing.assertion.likelihood else "",
    "denied": lambda e: "yes" if e.denied else "no",
}
ABOUT = frozenset(_ABOUT)
"""What can be asked of any assertion, besides the fields of its content."""


def field(evidence: Evidence, name: str) -> Any:
    """A field of the content, or one of ABOUT; None where the kind has no such field."""
    about = _ABOUT.get(name)
    return about(evidence) if about else getattr(evidence.standing.assertion.content, name, None)


def day_of(standing: Standing) -> dt.date:
    """The day an assertion counts from; NEVER for one without."""
    return standing.day or NEVER


def shifted(day: dt.date, days: int) -> dt.date:
    """So many days later (earlier if below 0), or the last (first) day there is."""
    return dt.date.fromordinal(min(max(day.toordinal() + days, 1), dt.date.max.toordinal()))
