"""Settled names go before the resolver, and nothing else is as sure; what is a proper name."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contested.extract import extract
from contested.extract.proper import proper
from contested.extract.settled import Role, same_words
from contested.model import Assertion, Control, Document, Name
from contested.workspace.names import names_in
from test_names import EXAMPLES, register

# ── no reader is ever as sure as somebody who settled ────────────────────────────────────────────


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_no_name_read_is_surer_than_a_resolver_can_be(path: Path) -> None:
    said = read(path.read_text(encoding="utf-8").partition("\n\n")[2])
    assert said
    assert max(name.sure for each in said for _, name in names_in(each.content)) < 1.0


@given(
    st.text(max_size=30)
    | st.sampled_from(["Kabul", "the Afghan capital", "Taliban fighters", "SDGT", "Marja, Helmand"])
)
@settings(max_examples=60, deadline=None)
def test_no_resolver_is_sure(words: str) -> None:
    resolver = register().resolver([words], "AF")
    for name in (resolver.place(words), resolver.place(words, "province"), resolver.actor(words), resolver.list(words)):
        assert name.sure < 1.0


def read(text: str, settled: dict[tuple[Role, str], str] | None = None) -> list[Assertion]:
    document = Document("d", "The Example Courier", text, "0" * 64, dt.date(2021, 8, 11), "given")
    return [each for _, own in extract(document, register(), "AF", settled) for each in own]


SETTLED: dict[tuple[Role, str], str] = {
    ("place", "kunduz"): "iso:AF-KDZ",
    ("place", "ghorak"): "",
    ("place", "takhar"): "gn:1123004",
    ("place", "herat"): "gone:herat",
    ("party", "taliban fighters"): "actor:afghanistan-police",
    ("party", "ferozi"): "actor:ashraf-ghani",
    ("party", "houthis"): "iso:YE",
}
TOLD = (
    "Taliban fighters captured Kunduz and Herat on Monday, Ferozi said. The Houthis attacked Marib. "
    "Insurgents hold the provincial capitals of Kunduz and Takhar. Gunmen attacked Ghorak. "
    "Ferozi said that his men would return soon."
)


def test_settled_names_go_before_the_resolver() -> None:
    plain, known = read(TOLD), read(TOLD, SETTLED)
    assert {each.id for each in plain} == {each.id for each in known}
    names = [(role, name) for each in known for role, name in names_in(each.content)]
    assert {(role, same_words(name.words)): name.thing for role, name in names if name.sure == 1.0} == {
        ("place", "kunduz"): "iso:AF-KDZ",
        ("place", "ghorak"): "",
        ("party", "taliban fighters"): "actor:afghanistan-police",
        ("party", "ferozi"): "actor:ashraf-ghani",
    }
    assert "actor:ashraf-ghani" in {voice.thing for each in known for voice in each.voices if voice.who == "Ferozi"}


def test_a_capital_named_by_its_settled_province_is_not_settled_itself() -> None:
    def capitals(said: list[Assertion]) -> dict[str, Name]:
        held = [each.content for each in said if isinstance(each.content, Control) and each.content.status == "held"]
        return {content.place.words: content.place for content in held if content.place}

    assert capitals(read(TOLD, SETTLED))["Kunduz"] == Name("Kunduz", "gn:1135689", 0.97)
    assert capitals(read(TOLD, SETTLED))["Takhar"] == capitals(read(TOLD))["Takhar"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Marja", True), ("the Karo Brigade", True), ("Taliban fighters", True), ("al-Shabaab", True), ("مرجه", True),
        ("police", False), ("Police officers", False), ("Western officials", False), ("It", False), ("the city", False),
        ("Its spokesman", False), ("Western Sahara", True), ("", False), ("30", False), ("Hospital’s", False),
    ],
)  # fmt: skip
def test_a_proper_name(words: str, found: bool) -> None:
    assert proper(words) is found
