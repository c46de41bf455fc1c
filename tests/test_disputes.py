"""Where analysts differ, and that every picture and page says so."""

from __future__ import annotations

import csv
import io
import json
from itertools import permutations

import pytest
from msgspec.structs import replace

from contested.derive.disputes import DECIDED, differ
from contested.model import AnyContent, Assertion, Estimate, Event, Judgement, Name, Standing, Verdict, Voice
from contested.write import writers
from contested.write.table import columns
from derive_world import control, picture, rows, said

TAKEN = said(control("c-kunduz", "taken", "taliban"), "08-08")
OTHER = said(control("c-kunduz", "taken", "taliban"), "08-08", source="Sample Times", start=50)
Said = tuple[str, Verdict, AnyContent | None]


def judged(standing: Standing, *said: Said, of: tuple[str, ...] = ()) -> Standing:
    spoken = (
        Assertion(Judgement(of or (standing.id,), verdict, "", read), (Voice(who),)) for who, verdict, read in said
    )
    return replace(standing, judgements=(*standing.judgements, *spoken))


LOST = control("c-kunduz", "lost", "gov")


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        (("accept", None), ("reject", None), True),
        (("amend", LOST), ("reject", None), True),
        (("accept", None), ("amend", LOST), False),
        (("accept", None), ("accept", None), False),
        (("amend", LOST), ("amend", LOST), False),
        (("amend", LOST), ("amend", control("c-kunduz", "held", "gov")), True),
        (("resolved_true", None), ("resolved_false", None), True),
        (("resolved_true", None), ("accept", None), False),
        (("note", None), ("reject", None), False),
    ],
)
def test_two_analysts_differ(one: tuple[Verdict, None], other: tuple[Verdict, None], differs: bool) -> None:
    for first, second in permutations((("amy", *one), ("bo", *other))):
        assert differ(judged(TAKEN, first, second)) is differs
    assert not differ(judged(TAKEN, ("amy", *one), ("amy", *other))), "one analyst's two answers are no dispute"


@pytest.mark.parametrize(
    ("same", "different", "differs"),
    [(("a", "b"), ("a", "b"), True), (("a", "b", "c"), ("a", "b"), True), (("a", "b"), ("a", "b", "c"), False),
     (("a", "b"), ("a", "c"), False)],
)  # fmt: skip
def test_the_same_and_different(same: tuple[str, ...], different: tuple[str, ...], differs: bool) -> None:
    spoken = judged(judged(TAKEN, ("amy", "same", None), of=same), ("bo", "different", None), of=different)
    assert differ(spoken) is differs


def meaning(place: str, sure: float, content: AnyContent = TAKEN.assertion.content) -> AnyContent:
    return replace(content, place=Name("Kunduz", place, sure))  # type: ignore[type-var]


def test_who_settles_another_name_or_adds_to_a_reading_contradicts_nobody() -> None:
    settled = meaning("c-kunduz", 1.0)
    assert not differ(judged(TAKEN, ("amy", "amend", settled), ("bo", "amend", LOST)))
    also = replace(settled, holder=Name("Taliban", "taliban", 1.0))  # type: ignore[type-var]
    assert not differ(judged(TAKEN, ("amy", "amend", settled), ("bo", "amend", also)))
    assert not differ(
        judged(TAKEN, ("amy", "amend", meaning("p-kunduz", 0.5)), ("bo", "amend", meaning("d-kunduz", 0.5)))
    )


def test_one_name_that_is_said_to_mean_two_things_is_a_dispute() -> None:
    said = (("amy", "amend", meaning("p-kunduz", 1.0)), ("bo", "amend", meaning("d-kunduz", DECIDED)))
    assert differ(judged(TAKEN, *said))  # type: ignore[arg-type]


def test_amendments_of_two_kinds_differ() -> None:
    event = Event("clash", place=Name("Kunduz"), killed=Estimate(1, 1, 1))
    assert differ(judged(TAKEN, ("amy", "amend", LOST), ("bo", "amend", event)))


# ── shown ────────────────────────────────────────────────────────────────────────────────────────

DRAWN = picture("control", [judged(TAKEN, ("amy", "accept", None), ("bo", "reject", None)), OTHER])


def test_a_row_names_the_assertions_analysts_differ_on() -> None:
    (row,) = rows(DRAWN).values()
    assert row.disputed == (TAKEN.id,)
    (calm,) = rows(picture("control", [TAKEN, OTHER])).values()
    assert calm.disputed == ()
    assert replace(row, disputed=()) == calm, "it is a mark, and moves nothing"


def test_every_form_says_so() -> None:
    heads, lines = columns(DRAWN)
    assert lines[0][heads.index("status")] == "settled, disputed"
    sheet = list(csv.DictReader(io.StringIO(writers()["csv"].write(DRAWN, lambda _: None))))
    assert sheet[0]["disputed_ids"] == TAKEN.id
    for name in ("json", "geojson"):
        assert TAKEN.id in json.dumps(json.loads(writers()[name].write(DRAWN, lambda _: None))).partition("disputed")[2]
