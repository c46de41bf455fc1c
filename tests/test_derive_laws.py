"""Laws of every picture, whatever the evidence."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contested.derive import Codebook, codebooks, derive, load_codebook
from contested.model import (
    AnyContent,
    Commitment,
    Compliance,
    Designation,
    Estimate,
    Forecast,
    Name,
    Period,
    Picture,
    Quantity,
    Relation,
    Responsibility,
    Standing,
    Statement,
    Thing,
    Voice,
)
from derive_world import KNOWN, THINGS, WORLD, control, event, name, said

BOOKS = {one: load_codebook(one) for one in codebooks()}
ON = dt.date(2021, 8, 15)
ACTORS = ["gov", "taliban", "moi", "mujahid", "un", "some armed men"]
PLACES = ["c-kunduz", "d-kunduz", "v-gortepa", "p-kunduz", "Nowhere", "nowhere", ""]

actors = st.sampled_from(ACTORS).map(name)
places = st.sampled_from(PLACES).map(lambda words: name(words) if words else None)
estimates = st.builds(lambda n: Estimate(n, n, n + 2), st.integers(0, 9))
contents: st.SearchStrategy[AnyContent] = st.one_of(
    st.builds(
        control,
        st.sampled_from(PLACES),
        st.sampled_from(["held", "taken", "lost", "contested", "surrounded", "repelled", "threatened"]),
        st.sampled_from(ACTORS),
        st.sampled_from(["", "centre", "outskirts"]),
    ),
    st.builds(event, st.sampled_from(["bombing", "clash", "protest"]), st.sampled_from(PLACES), st.integers(0, 9)),
    st.builds(Responsibility, st.sampled_from(["claims", "denies", "blamed"]), actors, st.just("the bombing")),
    st.builds(Relation, st.sampled_from(["arms", "opposes"]), actors, actors),
    st.builds(Commitment, actors, st.sampled_from(["leave", "cease fire"]), st.just("must"), st.none() | actors),
    st.builds(Compliance, st.sampled_from(["met", "breached"]), actors, st.sampled_from(["leave", "cease fire now"])),
    st.builds(Designation, st.sampled_from(["listed", "delisted"]), actors, actors),
    st.builds(Quantity, st.just("troops"), estimates, st.just(""), places),
    st.builds(Forecast, st.just("more to come"), st.none(), st.just(Period(None, ON))),
    st.builds(Statement, actors, st.sampled_from(["aid", "peace"])),
)  # fmt: skip


@st.composite
def standing(draw: st.DrawFn) -> Standing:
    """Each from a place of its own in a report, so that time and place, not names, break every tie."""
    when = draw(st.sampled_from(["", "01-02", "06-20", "08-08", "08-08", "08-09", "08-10", "08-20"]))
    voices = draw(st.lists(st.sampled_from([*ACTORS, *(f"not {actor}" for actor in ACTORS)]), max_size=2))
    return said(
        draw(contents),
        when,
        *voices,
        source=draw(st.sampled_from(["Example Wire", "Sample Times"])),
        document=f"report {draw(st.integers(0, 3))}",
        start=draw(st.integers(0, 10**9)),
        likely=draw(st.none() | st.sampled_from([(0.2, 0.45), (0.8, 0.95)])),
    )


evidence = st.lists(standing(), max_size=24, unique_by=lambda one: (one.assertion.quote, one.day))
each_book = pytest.mark.parametrize("book", BOOKS.values(), ids=BOOKS.keys())
few = settings(max_examples=40, deadline=None)


def draw_it(book: Codebook, standings: Any) -> Picture:
    return derive(book, standings, ON, KNOWN, WORLD)


def told(picture: Picture) -> dict[tuple[tuple[str, ...], tuple[str, ...]], object]:
    """What a picture says: everything but what it left aside."""
    return {
        (row.key, row.things): (row.value, row.status, row.rule, row.support, row.against, row.last_evidence, row.cells)
        for row in picture.rows
        if any(row.key)
    }


@each_book
@few
@given(evidence=evidence, data=st.data())
def test_the_order_of_the_record_does_not_matter(book: Codebook, evidence: list[Standing], data: st.DataObject) -> None:
    assert draw_it(book, data.draw(st.permutations(evidence))) == draw_it(book, evidence)


@each_book
@few
@given(evidence=evidence)
def test_what_is_later_changes_nothing(book: Codebook, evidence: list[Standing]) -> None:
    by_then = [one for one in evidence if one.day is not None and one.day <= ON]
    assert told(draw_it(book, evidence)) == told(draw_it(book, by_then))


@each_book
@few
@given(evidence=evidence)
def test_every_assertion_read_is_used_or_left_aside_with_a_reason(book: Codebook, evidence: list[Standing]) -> None:
    read = {one.id for one in evidence if one.assertion.kind in book.kinds}
    found = set()
    for row in draw_it(book, evidence).rows:
        lists = [list(row.support), list(row.against), [one.assertion for one in row.ignored]]
        together = [one for part in lists for one in part]
        assert len(together) == len(set(together))
        assert all(one.reason for one in row.ignored)
        found.update(together)
    assert found == read


@each_book
@few
@given(evidence=evidence)
def test_every_row_is_of_its_columns_and_says_by_which_rule(book: Codebook, evidence: list[Standing]) -> None:
    picture = draw_it(book, evidence)
    rules = {rule.rule for rule in book.settle}
    for row in picture.rows:
        assert len(row.key) + 1 + len(row.cells) == len(picture.columns)
        assert len(row.things) == len(row.key)
        if any(row.key):
            assert row.rule in rules
            assert row.support


TWINS = {
    "north": Thing("north", "actor", ("Northern Front", "Sons of the North"), "armed_group"),
    "south": Thing("south", "actor", ("Southern Front", "Sons of the South"), "armed_group"),
    "north-voice": Thing("north-voice", "actor", ("Northern Press Office",), "office", "north"),
    "south-voice": Thing("south-voice", "actor", ("Southern Press Office",), "office", "south"),
}
OTHER = {"north": "south", "south": "north", "north-voice": "south-voice", "south-voice": "north-voice"}
CAST = {"gov": "north", "moi": "north-voice", "taliban": "south", "mujahid": "south-voice"}


class Stage:
    """The same world with two armed groups alike but for their names."""

    def thing(self, thing_id: str, /) -> Thing | None:
        return TWINS.get(thing_id) or WORLD.thing(thing_id)

    def ancestors(self, thing_id: str, /) -> tuple[str, ...]:
        return (TWINS[thing_id].within,) if thing_id in TWINS and TWINS[thing_id].within else WORLD.ancestors(thing_id)

    def capital(self, province_id: str, /) -> Thing | None:
        return WORLD.capital(province_id)


def recast(standings: list[Standing], cast: Mapping[str, str]) -> list[Standing]:
    """The same reports with other actors in the parts."""

    def played(part: Name | Voice) -> tuple[str, str]:
        actor = cast.get(part.thing, part.thing)
        thing = TWINS.get(actor) or THINGS.get(actor)
        return (thing.name, actor) if thing else (part.words if isinstance(part, Name) else part.who, actor)

    def again(one: Standing) -> Standing:
        content = one.assertion.content
        names = {key: part for key in content.__struct_fields__ if isinstance(part := getattr(content, key), Name)}
        changed = {key: Name(*played(part), part.sure) for key, part in names.items()}
        voices = tuple(Voice(*played(voice), voice.cue, voice.denies) for voice in one.assertion.voices)
        content = msgspec.structs.replace(content, **changed)
        return msgspec.structs.replace(
            one, assertion=msgspec.structs.replace(one.assertion, content=content, voices=voices)
        )

    return [again(one) for one in standings]


def swapped_words(text: str) -> str:
    return re.sub("Northern|Southern", lambda side: "Southern" if side[0] == "Northern" else "Northern", text)


def mirrored(answer: Any, words: Callable[[str], str]) -> Any:
    """The answer with the twins' names and ids exchanged."""
    return {
        (tuple(map(words, key)), tuple(OTHER.get(thing, thing) for thing in things)): (
            words(value), status, rule, support, against, last, tuple(words(cell) for cell in cells),
        )
        for (key, things), (value, status, rule, support, against, last, cells) in answer.items()
    }  # fmt: skip


@each_book
@few
@given(evidence=evidence)
def test_swapping_two_actors_swaps_the_answer_and_nothing_else(book: Codebook, evidence: list[Standing]) -> None:
    one_way = recast(evidence, CAST)
    other_way = recast(one_way, OTHER)
    answer = told(derive(book, one_way, ON, KNOWN, Stage()))
    assert told(derive(book, other_way, ON, KNOWN, Stage())) == mirrored(answer, swapped_words)
