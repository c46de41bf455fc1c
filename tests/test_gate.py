"""The gate: what asserts something passes, and what is passed over changes nothing."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contested.errors import ModelError
from contested.extract import extract
from contested.model import Assertion, Document
from contested.read import read
from contested.register import Register, open_register
from contested.text import Reading, gate
from contested.text.gate import Gate, shape, shipped, split, unread, worth
from contested.text.sentences import sentences

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").iterdir())
HARMLESS = "Stock markets in Asia were mostly higher on Monday, and oil prices fell for a third day."
FILM = "The film opens in the autumn and runs for two weeks."
WAR = "Rebels seized the town of Marjah on Monday."


@cache
def register() -> Register:
    return open_register()


def document(text: str) -> Document:
    return Document("d", "The Example Courier", text, "0" * 64)


def drawn(report: Document, *, gated: bool) -> list[Assertion]:
    return [a for _, own in extract(report, register(), gated=gated) for a in own]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_gate_costs_an_example_nothing(path: Path) -> None:
    (report,) = read(path).documents
    whole = drawn(report, gated=False)
    assert drawn(report, gated=True) == whole
    cut = list(sentences(report.text))
    wanted = worth(cut, report.text)
    for a in whole:
        assert a.quote is not None
        assert any(want and one.start <= a.quote.start < one.end for one, want in zip(cut, wanted, strict=True))


def test_what_concerns_nobody_is_passed_over() -> None:
    assert not shipped().concerns(HARMLESS)
    assert shipped().concerns(WAR)


@pytest.mark.parametrize(
    "text", ["", "Fire.", "FILM OPENS IN NEW YORK THIS WEEKEND AND LATER IN LONDON", "Qx vbn zzk wql pfh."]
)
def test_what_cannot_be_judged_is_read(text: str) -> None:
    assert shipped().concerns(text)


def test_what_is_passed_over_has_no_tags_and_keeps_its_words() -> None:
    text = f"{WAR} {HARMLESS}"
    whole, gated = Reading(document(text)), Reading(document(text), gated=True)
    words = [[[token.text for token in tree.tokens] for tree in reading.trees] for reading in (whole, gated)]
    assert words[0] == words[1]
    assert gated.trees[0].tokens == whole.trees[0].tokens
    passed = gated.trees[1].tokens
    assert {(t.pos, t.lemma, t.entity, t.speech) for t in passed} == {("", "", "", "")}
    assert [t.head for t in passed] == [-1] + [0] * (len(passed) - 1)


@pytest.fixture
def films(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gate that passes over films, and over nothing else."""
    harmless = [f"{word}\t0.0" for word in split(f"{FILM} of")]
    monkeypatch.setattr(gate, "shipped", lambda: Gate([*harmless, "*\t1.0", "film\t-2.0"]))


def wanted(text: str) -> list[bool]:
    return worth(list(sentences(text)), text)


@pytest.mark.usefixtures("films")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{WAR} {FILM}", [True, False]),
        (f"“It ended,” he said. {FILM}", [True, False]),
        (f'{WAR} "{FILM} {WAR}"', [True, True, True]),
        (f"{WAR} “{FILM} {WAR}”", [True, True, True]),
        (f"The paper writes this:\n\n{FILM}", [True, True]),
        (f"The paper writes this.\n\n{FILM}", [True, False]),
    ],
)
def test_a_quotation_and_what_is_introduced_are_read_whole(text: str, expected: list[bool]) -> None:
    assert wanted(text) == expected


@pytest.mark.usefixtures("films")
@pytest.mark.parametrize(
    ("after", "read"),
    [
        (WAR, False),
        ("Rebels attacked the house of Karzai on Monday.", True),
        ("Monday came and he was said to have been attacked.", True),
    ],
)
def test_who_is_named_in_short_later_is_read_in_full(after: str, read: bool) -> None:
    assert wanted(f"The film of Hamid Karzai opens in the autumn.\n\n{after}") == [read, True]


def test_a_report_of_nothing_yields_nothing() -> None:
    assert drawn(document(HARMLESS), gated=True) == []


def test_words_pairs_and_shapes_add_up() -> None:
    harmless = ("the\t0.0", "and\t0.0", "in\t0.0", "town\t0.0", "soldiers\t0.0", "there\t0.0")
    lines = [*harmless, "*\t-1.0", "film\t-0.5", "killed\t3.0", "film killed\t-2.25", "#\t0.75", "-ing\t0.75", "-\t0.0"]
    judge = Gate(lines).concerns
    assert judge("Soldiers killed by the film")
    assert not judge("the film and the film and the film")
    assert not judge("The film killed soldiers in the town")  # by three quarters
    assert judge("The film killed soldiers in the 1990s town")
    assert not judge("Walking in the film town there")
    assert judge("Walking and talking in town there")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
@example("word " * 20_000)
@example("x" * 100_000)
@example("\u0130\u00b2\u2168 \x00\ufffd 漢字 مرحبا ǅ \u202e")
def test_no_text_breaks_it(text: str) -> None:
    assert shipped().concerns(text) in (True, False)
    assert all(map(shape, split(text)))
    cut = list(sentences(text))
    assert len(worth(cut, text)) == len(cut)
    assert [unread(one).start for one in cut] == [one.start for one in cut]


@pytest.mark.parametrize("damage", ["missing", "cut off", "no numbers", "binary", "empty"])
def test_a_missing_or_damaged_table_is_named(damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = (files("contested.text") / "model" / "gate.tsv").read_bytes()
    (tmp_path / "model").mkdir()
    table = tmp_path / "model" / "gate.tsv"
    if damage != "missing":
        table.write_bytes(
            {"cut off": whole[:-9], "no numbers": b"*\tx\n", "binary": b"\xff\xfe\x00", "empty": b""}[damage]
        )
    monkeypatch.setattr(gate, "files", lambda _: tmp_path)
    shipped.cache_clear()
    try:
        with pytest.raises(ModelError, match=r"gate\.tsv.*reinstall the package"):
            shipped()
    finally:
        shipped.cache_clear()
