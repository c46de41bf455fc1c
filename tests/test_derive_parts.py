"""A row depends on its own evidence and on who is party to the fight: drawn piece by piece, a picture is the same."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from contested.derive import (
    Codebook,
    Parting,
    day_of,
    load_codebook,
    looked_back,
    looks_back,
    parties,
    party_days,
    party_fields,
    rows,
)
from contested.errors import UsageError
from contested.model import Name, Row, Standing
from derive_world import WORLD, control, day, event, said
from test_derive_laws import ACTORS, BOOKS, ON, draw_it, each_book, evidence, few

Pieces = dict[str, list[Standing]]


def apart(drawn: Iterable[Row]) -> tuple[list[Row], dict[str, str]]:
    """The rows in their order, and the reasons of what stands in none."""
    found = list(drawn)
    aside = {one.assertion: one.reason for row in found if not any(row.key) for one in row.ignored}
    return [row for row in found if any(row.key)], aside


def known_parties(book: Codebook, standings: Sequence[Standing]) -> frozenset[Name]:
    return parties(book, standings, ON)


@each_book
@few
@given(evidence=evidence)
def test_a_picture_drawn_by_marks_is_the_same(book: Codebook, evidence: list[Standing]) -> None:
    fighting = known_parties(book, evidence)
    parting = Parting(book, ON, WORLD, fighting)
    reports = defaultdict(list)
    for one in evidence:
        reports[one.assertion.quote.document if one.assertion.quote else ""].append(one)
    marked = defaultdict(list)
    for report in reports.values():
        for mark, standing in parting.marks(report):
            marked[mark].append(standing)
    drawn = apart(rows(book, [marked[mark] for mark in sorted(marked)], ON, WORLD, fighting))
    assert drawn == apart(draw_it(book, evidence).rows)


def values_of(parting: Parting, standings: Iterable[Standing]) -> dict[str | Name, list[Standing]]:
    """What an index holds: the standings by the value of the facet, a name as resolved or as written."""
    found = defaultdict(list)
    for one in standings:
        content = one.assertion.content
        value = {"day": str(day_of(one)), "source": one.source}.get(parting.facet) or getattr(
            content, parting.facet, None
        )
        undated = parting.facet == "day" and day_of(one) == dt.date.min
        found["" if undated or value is None else value].append(one)
    return found


@pytest.mark.parametrize("name", [name for name in BOOKS if name not in ("claims", "incidents")])
@few
@given(evidence=evidence)
def test_a_picture_drawn_by_an_index_is_the_same(name: str, evidence: list[Standing]) -> None:
    book = BOOKS[name]
    fighting = known_parties(book, evidence)
    parting = Parting(book, ON, WORLD)
    held = values_of(parting, [one for one in evidence if one.assertion.kind in book.kinds])
    partitions = [
        [one for values in partition.rows for value in values for one in held[value]]
        for partition in parting.divide(held)
    ]
    assert apart(rows(book, partitions, ON, WORLD, fighting)) == apart(draw_it(book, evidence).rows)


@few
@given(evidence=evidence)
def test_incidents_of_a_place_are_drawn_from_its_whole_reports(evidence: list[Standing]) -> None:
    book = BOOKS["incidents"]
    parting = Parting(book, ON, WORLD)
    held = values_of(parting, [one for one in evidence if one.assertion.kind == "event"])
    partitions = []
    for partition in parting.divide(held):
        there = {one.assertion.quote.document for values in partition.rows for value in values for one in held[value]}
        reports = [one for one in evidence if one.assertion.quote.document in there]
        partitions.append([one for mark, one in parting.marks(reports) if mark[0] == partition.mark])
    drawn, _ = apart(rows(book, partitions, ON, WORLD, ()))
    assert drawn == apart(draw_it(book, evidence).rows)[0]


@each_book
@few
@given(evidence=evidence, data=st.data())
def test_what_makes_no_row_may_come_in_pieces(book: Codebook, evidence: list[Standing], data: st.DataObject) -> None:
    parting = Parting(book, ON, WORLD)
    rowless = [one for mark, one in parting.marks(evidence) if not any(mark)]
    cut = data.draw(st.integers(0, len(rowless)))
    _, together = apart(rows(book, [rowless], ON, WORLD, ()))
    drawn, in_pieces = apart(rows(book, [rowless[:cut], rowless[cut:]], ON, WORLD, ()))
    assert (drawn, in_pieces) == ([], together)


def test_what_each_codebook_falls_apart_by() -> None:
    facets = {name: Parting(book, ON, WORLD).facet for name, book in BOOKS.items()}
    assert facets == {
        "control": "place", "control-lwj": "place", "capitals": "place", "incidents": "place", "claims": "",
        "relations": "subject", "commitments": "party", "designations": "target", "quantities": "measure",
        "forecasts": "proposition", "timeline": "day", "sources": "source",
    }  # fmt: skip
    assert [name for name, book in BOOKS.items() if Parting(book, ON, WORLD).reports] == ["incidents"]


def test_places_are_put_together_by_what_the_key_makes_of_them() -> None:
    village, district, seat, city = (Name("", thing) for thing in ("v-gortepa", "d-kunduz", "c-kunduz", "c-sheberghan"))
    written, again, nowhere = Name("Kunar"), Name("KUNAR"), Name("their posts")
    lwj = Parting(BOOKS["control-lwj"], ON, WORLD).divide([city, village, written, nowhere, district, again, seat])
    assert [(one.mark, one.rows) for one in lwj] == [
        ("", ((nowhere,),)),
        ("kunar", ((written, again),)),
        ("kunduz district", ((village, district, seat),)),
        ("sheberghan", ((city,),)),
    ]
    assert [one.mark for one in Parting(BOOKS["control"], ON, WORLD).divide([seat, Name("Kunduz")])] == ["kunduz"]


# ── parties ──────────────────────────────────────────────────────────────────────────────────────


def test_a_party_is_whoever_evidence_of_the_time_names_whether_it_counts_or_not() -> None:
    book = load_codebook("control")
    counted = said(control("c-kunduz", "held", "gov"), "08-01")
    aside = said(control("c-kunduz", "threatened", "taliban"), "03-01")
    too_old = said(control("c-kunduz", "held", "ana"), "01-02")
    later = said(control("c-kunduz", "held", "un"), "08-16")
    undated = said(control("c-kunduz", "held", "moi"))
    other = said(event("bombing", "c-kunduz"), "08-01")
    found = parties(book, [counted, aside, too_old, later, undated, other], day("08-15"))
    assert {name.thing for name in found} == {"gov", "taliban"}
    assert party_fields(book) == {"control": {"holder"}}
    assert party_days(book, day("08-15")) == (day("2021-02-16"), day("08-15"))
    assert party_fields(load_codebook("relations")) == {}
    assert party_days(load_codebook("commitments"), day("08-15"))[0] == dt.date(1, 1, 2)


def test_who_is_only_said_to_besiege_a_town_is_a_party_to_the_fight_for_another() -> None:
    """Its denial of a loss elsewhere was once anybody's word when its own evidence counted nowhere."""
    book = load_codebook("control")
    fallen = said(control("c-kunduz", "lost", "gov"), "08-01", "taliban")
    besieger = said(control("c-sheberghan", "threatened", "taliban"), "08-01")

    def status(*standings: Standing) -> str:
        (row,) = rows(book, [[fallen]], ON, WORLD, parties(book, standings, ON))
        return row.status

    assert status(fallen) == "settled"
    assert status(fallen, besieger) == "claimed"


def test_a_party_of_long_ago_still_only_claims_what_gains_it_something() -> None:
    old = said(control("c-kunduz", "taken", "Northern Front"), "2020-01-02", "a spokesman for the Northern Front")
    book = load_codebook("control")
    assert parties(book, [old], ON) == frozenset()
    (row,) = draw_it(book, [old]).rows
    assert (row.status, row.rule) == ("stale", "only the party that gains says so")


# ── looking back ─────────────────────────────────────────────────────────────────────────────────

BACK = [BOOKS[name] for name in ("control", "control-lwj", "capitals")]
BACK += [replace(BOOKS["control"], name="weeks", within_days=14, lasts_days=90)]
BACK += [replace(BOOKS["control"], name="for ever", lasts_days=None)]
BACK += [replace(BOOKS["capitals"], name="any", who_counts=replace(BOOKS["capitals"].who_counts, parties="any"))]


@st.composite
def report_of_control(draw: st.DrawFn) -> Standing:
    ago = draw(st.sampled_from([0, 0, 1, 2, 7, 20, 59, 60, 61, 75, 120, 180, 181, 200, 300, 365, 366, 500, 900]))
    voices = draw(st.lists(st.sampled_from([*ACTORS, *(f"not {actor}" for actor in ACTORS), "Omar Safi", "Safi"]),
                           max_size=2))  # fmt: skip
    return said(
        control(
            draw(st.sampled_from(["c-kunduz", "c-kunduz", "d-kunduz", "v-gortepa", "p-kunduz", "Kunar", "KUNAR"])),
            draw(
                st.sampled_from(["held", "taken", "retaken", "lost", "contested", "surrounded", "repelled", "gaining"])
            ),
            draw(st.sampled_from(["gov", "taliban", "ana", "some armed men", "Some armed men", ""])),
            draw(st.sampled_from(["", "", "", "centre", "outskirts", "most"])),
        ),
        str(ON - dt.timedelta(days=ago)),
        *voices,
        source=draw(st.sampled_from(["Example Wire", "Sample Times"])),
        document=f"report {draw(st.integers(0, 3))}",
        start=draw(st.integers(0, 10**9)),
        likely=draw(st.sampled_from([None, None, None, (0.2, 0.45)])),
    )


reports_of_control = st.lists(report_of_control(), max_size=20, unique_by=lambda one: (one.assertion.quote, one.day))


class Backwards:
    """What an index gives: the standings of rows of places from the last day backwards, and which were read."""

    def __init__(self, standings: Iterable[Standing], rows: Sequence[Sequence[str | Name]]) -> None:
        last_first = sorted(standings, key=day_of, reverse=True)
        self.left = [[one for one in last_first if one.assertion.content.place in places] for places in rows]  # type: ignore[union-attr]
        self.read: set[str] = set()
        self.asked = 0

    def days(self, rows: Sequence[int]) -> list[dt.date | None]:
        return [day_of(self.left[row][0]) if self.left[row] else None for row in rows]

    def standings(self, rows: Mapping[int, dt.date]) -> list[list[Standing]]:
        self.asked += 1
        found = [[one for one in self.left[row] if day_of(one) >= down_to] for row, down_to in rows.items()]
        for row, some in zip(rows, found, strict=True):
            assert some
            del self.left[row][: len(some)]
            self.read |= {one.id for one in some}
        return found


def drawn_back(book: Codebook, standings: Sequence[Standing]) -> tuple[list[Row], Backwards]:
    places = {one.assertion.content.place for one in standings} - {None}  # type: ignore[union-attr]
    partitions = [one.rows for one in Parting(book, ON, WORLD).divide(places) if one.mark]
    numbers = count()
    back = Backwards(standings, [places for rows in partitions for places in rows])
    numbered = [[next(numbers) for _ in rows] for rows in partitions]
    return list(looked_back(book, numbered, back, ON, WORLD, known_parties(book, standings))), back


@pytest.mark.parametrize("book", BACK, ids=lambda book: book.name)
@settings(max_examples=500, deadline=None)
@given(evidence=reports_of_control)
def test_looking_back_as_far_as_needed_says_what_all_the_evidence_says(
    book: Codebook, evidence: list[Standing]
) -> None:
    whole, _ = apart(draw_it(book, evidence).rows)
    drawn, _ = drawn_back(book, evidence)
    assert [replace(row, ignored=()) for row in drawn] == [replace(row, ignored=()) for row in whole]
    for part, full in zip(drawn, whole, strict=True):
        assert set(part.ignored) <= set(full.ignored)


def test_nothing_is_read_from_before_what_is_confirmed() -> None:
    reports = [said(control("c-kunduz", "held", "gov"), f"0{month}-01") for month in range(3, 9)]
    claim = said(control("c-kunduz", "taken", "taliban"), "08-05", "taliban")
    (row,), back = drawn_back(BOOKS["control"], [*reports, claim])
    assert (row.value, row.rule) == ("held by Afghan government", "a party says otherwise")
    assert back.read == {claim.id, reports[-1].id}


def test_of_a_row_that_has_run_out_nothing_is_read_from_before_its_last_confirmed_report() -> None:
    reports = [said(control("c-kunduz", "held", "gov"), f"2020-0{month}-01") for month in range(3, 9)]
    (row,), back = drawn_back(BOOKS["control"], reports)
    assert (row.value, row.status) == ("held by Afghan government", "stale")
    assert back.read == {reports[-1].id}


def test_what_only_claims_is_looked_past_no_further_than_evidence_lasts() -> None:
    claims = [said(control("c-kunduz", "held", "gov"), when, "gov") for when in ("08-01", "03-01", "02-01", "01-02")]
    (row,), back = drawn_back(BOOKS["control"], claims)
    assert (row.status, row.support) == ("claimed", (claims[0].id,))
    assert back.read == {claims[0].id, claims[1].id}


def test_rows_look_together_and_ask_as_often_as_the_one_that_looks_farthest() -> None:
    reports = [
        said(control(place, "held", "gov"), when) for place in ("c-kunduz", "p-jowzjan") for when in ("03-01", "08-01")
    ]
    claims = [said(control("c-kunduz", "taken", "taliban"), when, "taliban") for when in ("08-03", "08-05")]
    rows, back = drawn_back(BOOKS["control"], [*reports, *claims])
    assert [row.key for row in rows] == [("Jowzjan",), ("Kunduz",)]
    assert back.asked == 3  # for two claims and a report


def test_what_needs_all_its_evidence_does_not_look_back() -> None:
    assert [name for name, book in BOOKS.items() if looks_back(book)] == ["capitals", "control", "control-lwj"]
    with pytest.raises(UsageError, match="needs all evidence"):
        list(looked_back(BOOKS["incidents"], [], Backwards([], []), ON, WORLD, ()))
