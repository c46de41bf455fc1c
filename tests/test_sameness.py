"""Same and different: what analysts call one is one row, where the codebook wants it; laws over any judgements."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from contested.model import Assertion, Judgement, Row, Standing, Statement, Verdict, Voice
from derive_world import control, event, name, only, picture, rows, said

MARKET = said(event("bombing", "Kabul", 3, 3, 3), "08-03", source="Example Wire")
MOSQUE = said(event("bombing", "Kabul", 8, 8, 8), "08-03", source="Sample Times", start=40)
KUNDUZ = said(event("clash", "c-kunduz", 5, 5, 5), "08-07", source="Example Wire", start=60)
NEARBY = said(event("shelling", "Gortepa", 6, 6, 6), "08-12", source="Sample Times", start=80)
NOWHERE = said(event("clash", "", 7, 7, 7), "08-07", source="Sample Times", start=90)
ALL = (MARKET, MOSQUE, KUNDUZ, NEARBY, NOWHERE)

Said = tuple[Verdict, Sequence[Standing], str]


def judged(*judgements: Said, all_of: Sequence[Standing] = ALL) -> list[Standing]:
    """The assertions with what analysts say of them."""
    found = {each.id: each for each in all_of}
    for verdict, of, analyst in judgements:
        spoken = Assertion(Judgement(tuple(each.id for each in of), verdict), (Voice(analyst),))
        for each in of:
            found[each.id] = replace(found[each.id], judgements=(*found[each.id].judgements, spoken))
    return list(found.values())


def incidents(*judgements: Said) -> dict[tuple[str, ...], Row]:
    return rows(picture("incidents", judged(*judgements)))


def holding(drawn: dict[tuple[str, ...], Row], one: Standing) -> Row:
    (row,) = (row for row in drawn.values() if one.id in (*row.support, *row.against))
    return row


def test_reports_that_are_the_same_share_the_first_one_s_row() -> None:
    assert holding(incidents(), KUNDUZ) != holding(incidents(), NEARBY)
    drawn = incidents(("same", (NEARBY, KUNDUZ), "amy"))
    assert holding(drawn, NEARBY) == holding(drawn, KUNDUZ)
    assert holding(drawn, KUNDUZ).key == ("Kunduz", "armed violence", "2021-08-07")
    assert len(drawn) == len(incidents()) - 1


def test_an_event_without_a_place_finds_its_row() -> None:
    row = holding(incidents(("same", (KUNDUZ, NOWHERE), "amy")), KUNDUZ)
    assert NOWHERE.id in row.support
    assert all(
        NOWHERE.id not in (each.assertion for each in one.ignored)
        for one in incidents(("same", (KUNDUZ, NOWHERE), "amy")).values()
    )


def test_two_attacks_of_one_town_and_day_are_told_apart() -> None:
    assert holding(incidents(), MARKET) == holding(incidents(), MOSQUE)
    drawn = incidents(("different", (MARKET, MOSQUE), "amy"))
    keys = {holding(drawn, one).key[-1] for one in (MARKET, MOSQUE)}
    assert keys == {"2021-08-03", "2021-08-03 (2)"}


def test_what_is_the_same_goes_along() -> None:
    third = said(event("bombing", "Kabul", 8, 8, 9), "08-04", source="Third Courier", start=99)
    said_so: tuple[Said, ...] = (("different", (MARKET, MOSQUE), "amy"), ("same", (MOSQUE, third), "bo"))
    drawn = rows(picture("incidents", judged(*said_so, all_of=(*ALL, third))))
    assert holding(drawn, third) == holding(drawn, MOSQUE)
    assert holding(drawn, third) != holding(drawn, MARKET)


def test_where_analysts_differ_the_key_decides_and_the_row_says_so() -> None:
    drawn = incidents(("same", (MARKET, MOSQUE), "amy"), ("different", (MARKET, MOSQUE), "bo"))
    row = holding(drawn, MARKET)
    assert row == holding(drawn, MOSQUE)
    assert set(row.disputed) == {MARKET.id, MOSQUE.id}


def test_control_knows_no_such_thing() -> None:
    one, other = (
        said(control(place, "taken", "taliban"), "08-08", start=at) for at, place in enumerate(("c-kunduz", "Gortepa"))
    )
    said_so = judged(("same", (one, other), "amy"), all_of=(one, other))
    assert len(rows(picture("control", said_so))) == 2


def test_claims_that_are_the_same_face_each_other() -> None:
    one = said(Statement(name("moi"), "the road is open"), "08-08", "moi")
    other = said(Statement(name("taliban"), "the highway can be used"), "08-08", "not taliban", start=50)
    assert all(not row.against for row in rows(picture("claims", (one, other))).values())
    drawn = rows(picture("claims", judged(("same", (one, other), "amy"), all_of=(one, other))))
    assert {row.key[0] for row in drawn.values()} == {"the road is open"}


pairs = st.lists(st.sampled_from(ALL), min_size=2, max_size=3, unique_by=lambda each: each.id)
verdicts = st.lists(
    st.tuples(st.sampled_from(["same", "different"]), pairs, st.sampled_from(["amy", "bo"])), max_size=5
)


@settings(max_examples=150, deadline=None)
@given(said_so=verdicts, data=st.data())
def test_laws(said_so: list[Said], data: st.DataObject) -> None:
    evidence = judged(*said_so)
    drawn = picture("incidents", evidence)
    assert picture("incidents", data.draw(st.permutations(evidence))) == drawn
    used = [
        id_ for row in drawn.rows for id_ in (*row.support, *row.against, *(each.assertion for each in row.ignored))
    ]
    assert sorted(used) == sorted(each.id for each in ALL), "nothing is lost, nothing used twice"
    keys = [row.key for row in drawn.rows]
    assert len(keys) == len(set(keys))
    found = rows(drawn)
    called = {
        verdict: {
            frozenset((a.id, b.id)) for said, of, _ in said_so if said == verdict for a in of for b in of if a is not b
        }
        for verdict in ("same", "different")
    }
    together = {one.id: row.key for row in found.values() for one in ALL if one.id in (*row.support, *row.against)}
    for pair in called["different"] - called["same"]:
        places = [together.get(each) for each in pair]
        assert None in places or places[0] != places[1]
    if not called["different"]:
        for pair in called["same"]:
            places = [together.get(each) for each in pair]
            assert places[0] == places[1]


def test_one_report_stays_one() -> None:
    assert only("incidents", [MARKET]).support == (MARKET.id,)
