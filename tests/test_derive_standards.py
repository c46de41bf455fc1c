"""The same evidence by other standards: contested districts and provincial capitals."""

from __future__ import annotations

import pytest

from derive_world import control, only, picture, reasons, rows, said


def test_lwj_is_unconfirmed_when_only_the_insurgents_say_so() -> None:
    claim = said(control("d-kunduz", "taken", "taliban"), "06-20", "taliban")
    row = only("control-lwj", [claim])
    assert (row.value, row.status) == ("unconfirmed", "claimed")
    seen = said(control("d-kunduz", "held", "taliban"), "06-21")
    assert only("control-lwj", [claim, seen]).value == "insurgent controlled"


def test_lwj_counts_villages_in_insurgent_hands_as_a_contested_district() -> None:
    village = said(control("v-gortepa", "held", "taliban"), "06-20")
    row = only("control-lwj", [village])
    assert (row.key, row.value) == (("Kunduz District",), "contested")
    assert only("control-lwj", [said(control("v-gortepa", "lost", "gov"), "06-20")]).value == "contested"
    assert only("control-lwj", [said(control("d-kunduz", "lost", "gov"), "06-20")]).value == "insurgent controlled"
    district = said(control("d-kunduz", "held", "taliban"), "06-10")
    assert only("control-lwj", [village, district]).value == "insurgent controlled"


def test_lwj_reads_the_seat_as_the_place_and_draws_places_without_a_district_as_themselves() -> None:
    seat = said(control("c-kunduz", "taken", "taliban"), "06-20")
    elsewhere = said(control("c-sheberghan", "retaken", "gov"), "06-20")
    drawn = rows(picture("control-lwj", [seat, elsewhere]))
    assert drawn["Kunduz District",].value == "insurgent controlled"
    assert (drawn["Sheberghan",].value, drawn["Sheberghan",].things) == ("government", ("c-sheberghan",))


def test_lwj_leaves_the_rest_to_the_government() -> None:
    denial = said(control("d-kunduz", "held", "taliban"), "06-20", "not un")
    row = only("control-lwj", [denial])
    assert (row.value, row.status) == ("government", "none")


def test_lwj_leaves_aside_whom_it_cannot_give_a_role() -> None:
    drawn = picture("control-lwj", [said(control("d-kunduz", "held", "some armed men"), "06-20")])
    assert list(reasons(drawn).values()) == ["says nothing in the terms of this standard"]


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (control("c-kunduz", "threatened", "taliban"), "threatened"),
        (control("c-kunduz", "contested", "taliban", "outskirts"), "approaches cut"),
        (control("c-kunduz", "surrounded", "taliban"), "surrounded"),
        (control("c-kunduz", "contested", "taliban"), "fighting inside"),
        (control("c-kunduz", "taken", "taliban"), "fallen"),
        (control("c-kunduz", "retaken", "gov"), "retaken"),
        (control("c-kunduz", "held", "ana"), "none"),
        (control("p-kunduz", "taken", "taliban"), "fallen"),
        (control("p-kunduz", "contested", "taliban"), "threatened"),
        (control("p-kunduz", "held", "taliban", "most"), "threatened"),
    ],
)
def test_capitals(content: object, value: str) -> None:
    row = only("capitals", [said(content, "08-03")])  # type: ignore[arg-type]
    assert (row.things, row.value, row.status) == (("c-kunduz",), value, "settled")


def test_capitals_when_the_fall_is_claimed_and_the_fighting_goes_on() -> None:
    claim = said(control("c-sheberghan", "taken", "taliban"), "08-07", "taliban")
    fighting = said(control("c-sheberghan", "contested", "taliban"), "08-07", "ana")
    row = only("capitals", [claim, fighting])
    assert (row.value, row.status) == ("fighting inside", "contested")
    assert (row.support, row.against) == ((fighting.id,), (claim.id,))


def test_a_village_is_no_capital() -> None:
    village = said(control("v-gortepa", "taken", "taliban"), "08-07")
    assert reasons(picture("capitals", [village])) == {village.id: "lies in no known capital"}
