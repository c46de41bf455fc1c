"""A reader of English that knows one verb: it stands in for the real one where the reading is not what is tested."""

import re
from collections.abc import Iterator, Mapping

import pytest

from contested.model import Assertion, Control, Document, Name, Period, Problem, Quote, Voice


def extract(
    document: Document, _register: object, _home: str = "", settled: Mapping[tuple[str, str], str] | None = None
) -> Iterator[tuple[str, tuple[Assertion, ...]]]:
    """One control assertion for each "Rebels captured Kunduz", its names known only where they are settled."""

    def named(role: str, words: str) -> Name:
        thing = (settled or {}).get((role, words.casefold()))
        return Name(words) if thing is None else Name(words, thing, 1.0)

    found = re.finditer(r"([A-Z]\w+) captured ([A-Z]\w+)", document.text)
    yield (
        "toy@1",
        tuple(
            Assertion(
                Control("taken", named("place", match[2]), named("party", match[1])),
                (Voice(document.source or "unknown"),),
                Period(document.dated),
                Quote(document.id, match.start(), match.end()),
            )
            for match in found
        ),
    )


def recorders() -> tuple[str, ...]:
    return ("toy@1",)


class Register:
    """A register that knows nothing, and opens at once."""

    problems: tuple[Problem, ...] = ()

    def thing(self, _thing: str) -> None:
        return None

    def ancestors(self, _thing: str) -> tuple[str, ...]:
        return ()

    def capital(self, _province: str) -> None:
        return None


def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the toys in the place of the extractors and the register."""
    monkeypatch.setattr("contested.extract.extract", extract)
    monkeypatch.setattr("contested.extract.recorders", recorders)
    monkeypatch.setattr("contested.register.open_register", lambda _packs: Register(), raising=False)
