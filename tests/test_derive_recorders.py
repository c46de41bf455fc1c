"""Which readers a picture counts: recorders that a codebook leaves aside, and what others found too."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from msgspec.structs import replace

from contested.derive import load_codebook
from contested.model import Standing
from derive_world import control, only, picture, reasons, rows, said

BOOK = """
title = "Who holds what"
source = "House rule: the last report stands."
reads = ["control"]

[[key]]
name = "place"
of = "place"

[who_counts]
not_read_by = [{aside}]

[[means]]
kind = "control"
value = "{{status}} by {{holder}}"

[[settle]]
rule = "the last report stands"
status = "settled"
"""


@pytest.fixture
def book(tmp_path: Path) -> "Book":
    return Book(tmp_path / "mine.toml")


class Book:
    """A codebook that leaves some recorders aside."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, *aside: str) -> str:
        self.path.write_text(BOOK.format(aside=", ".join(f'"{each}"' for each in aside)))
        return str(self.path)


def read_by(recorder: str, *also: str, when: str = "08-08", holder: str = "taliban") -> Standing:
    standing = said(control("c-kunduz", "taken", holder), when)
    return replace(standing, recorder=recorder, also=also)


def values(name: str, standings: Iterable[Standing]) -> list[str]:
    return [row.value for row in rows(picture(name, standings)).values()]


@pytest.mark.parametrize("aside", ["llm-*", "llm-small", "llm-small@1", "*"])
def test_what_only_recorders_left_aside_have_read_does_not_count(book: Book, aside: str) -> None:
    drawn = picture(book(aside), [read_by("llm-small@1")])
    assert rows(drawn) == {}
    assert list(reasons(drawn).values()) == ["read by llm-small@1"]


@pytest.mark.parametrize("aside", [(), ("llm",), ("small",), ("llm-small@2",), ("LLM-*",)])
def test_whatever_is_not_named_counts(book: Book, aside: tuple[str, ...]) -> None:
    assert only(book(*aside), [read_by("llm-small@1")]).value == "taken by Taliban"


@pytest.mark.parametrize("readers", [("llm-small@1", "control@1"), ("control@1", "llm-small@1")])
def test_what_somebody_else_has_read_too_counts(book: Book, readers: tuple[str, ...]) -> None:
    assert only(book("llm-*"), [read_by(*readers)]).value == "taken by Taliban"


def test_two_views_of_one_assertion_are_put_together(book: Book) -> None:
    assert values(book("llm-*"), [read_by("llm-small@1"), read_by("control@1")]) == ["taken by Taliban"]


def test_a_later_word_that_is_left_aside_supersedes_nothing(book: Book) -> None:
    standings = [read_by("control@1"), read_by("llm-small@1", when="08-09", holder="gov")]
    assert values(book(), standings) == ["taken by Afghan government"]
    assert values(book("llm-*"), standings) == ["taken by Taliban"]


def test_the_codebooks_that_come_along_count_every_reader() -> None:
    assert load_codebook("control").who_counts.not_read_by == ()
