"""A reader of English that knows one verb: it stands in for the real one where the reading is not what is tested."""

import re
from collections.abc import Iterator

import pytest

from contested.model import Assertion, Control, Document, Name, Period, Problem, Quote, Voice


def extract(document: Document, _register: object, _home: str = "") -> Iterator[tuple[str, tuple[Assertion, ...]]]:
    """One control assertion for each "Rebels captured Kunduz"."""
    found = re.finditer(r"([A-Z]\w+) captured ([A-Z]\w+)", document.text)
    yield (
        "toy@1",
        tuple(
            Assertion(
                Control("taken", Name(match[2]), Name(match[1])),
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
