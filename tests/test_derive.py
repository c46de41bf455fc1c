"""Pictures: the same evidence, settled by declared standards. The reports are made up after public history of 2021."""

from __future__ import annotations

import pytest

from contested.derive import codebooks, explain, load_codebook
from contested.errors import UsageError
from contested.model import (
    Commitment,
    Compliance,
    Designation,
    Estimate,
    Forecast,
    Judgement,
    Period,
    Quantity,
    Relation,
    Responsibility,
    Statement,
)
from derive_world import cells, control, day, event, name, only, picture, reasons, rows, said

# ── control: the last report stands ──────────────────────────────────────────────────────────────


def test_a_recapture_beats_the_older_capture() -> None:
    capture = said(control("c-kunduz", "taken", "taliban"), "08-08")
    recapture = said(control("c-kunduz", "retaken", "gov"), "08-10")
    row = only("control", [recapture, capture])
    assert (row.key, row.things) == (("Kunduz",), ("c-kunduz",))
    assert (row.value, row.status, row.last_evidence) == ("held by Afghan government", "settled", day("08-10"))
    assert row.support == (recapture.id,)
    assert [(one.assertion, one.reason) for one in row.ignored] == [
        (capture.id, "superseded by evidence since 2021-08-10")
    ]
    assert only("control", [capture, recapture], on="08-09").value == "held by Taliban"


def test_different_voices_of_one_day_make_it_contested_and_stand_on_both_sides() -> None:
    one = said(control("c-kunduz", "held", "gov"), "08-08", source="Example Wire")
    other = said(control("c-kunduz", "taken", "taliban"), "08-08", source="Sample Times")
    row = only("control", [one, other])
    assert (row.value, row.status, row.rule) == ("contested", "contested", "confirmed reports disagree")
    assert {row.support, row.against} == {(one.id,), (other.id,)}


def test_a_voice_that_corrects_itself_contradicts_nobody_else() -> None:
    first = said(control("c-kunduz", "held", "gov"), "08-08", start=1)
    then = said(control("c-kunduz", "taken", "taliban"), "08-08", start=2)
    row = only("control", [then, first])
    assert (row.value, row.status) == ("held by Taliban", "settled")
    assert row.against == (first.id,)


def test_what_the_winner_says_is_a_claim_and_what_the_loser_admits_confirms() -> None:
    claim = said(control("c-kunduz", "taken", "taliban"), "08-08", "mujahid")
    assert only("control", [claim]).status == "claimed"
    admission = said(control("c-kunduz", "taken", "taliban"), "08-08", "moi")
    on_the_other_side = said(control("c-sheberghan", "held", "gov"), "08-01")
    drawn = rows(picture("control", [admission, on_the_other_side]))
    assert drawn["Kunduz",].status == "settled"


def test_a_spokesman_nobody_resolved_still_speaks_for_the_party_in_his_title() -> None:
    claim = said(control("c-kunduz", "taken", "taliban"), "08-08", "a spokesman for the Taliban")
    assert only("control", [claim]).status == "claimed"
    officer = said(control("c-kunduz", "taken", "taliban"), "08-08", "a doctor in the town")
    assert only("control", [officer]).status == "settled"


def test_a_claim_and_the_other_sides_denial_are_contested() -> None:
    claim = said(control("c-sheberghan", "taken", "taliban"), "08-07", "taliban")
    denial = said(control("c-sheberghan", "taken", "taliban"), "08-07", "not ana")
    row = only("control", [claim, denial])
    assert row.status == "contested"
    assert (row.support, row.against) == ((claim.id,), (denial.id,))


def test_a_claim_does_not_supersede_what_is_confirmed() -> None:
    confirmed = said(control("c-kunduz", "held", "gov"), "08-01")
    claim = said(control("c-kunduz", "taken", "taliban"), "08-08", "taliban")
    drawn = picture("control", [confirmed, claim])
    row = rows(drawn)["Kunduz",]
    assert (row.value, row.status, row.rule) == ("held by Afghan government", "contested", "a party says otherwise")
    assert cells(drawn, row)["claims"] == "taken by Taliban"


def test_a_loss_supersedes_only_what_it_undoes() -> None:
    held = said(control("c-kunduz", "held", "gov"), "08-01")
    lost = said(control("c-kunduz", "lost", "gov"), "08-08")
    assert only("control", [held, lost]).value == "lost by Afghan government"
    taken = said(control("c-kunduz", "taken", "taliban"), "08-07")
    row = only("control", [held, taken, lost])
    assert (row.value, row.status) == ("held by Taliban", "settled")
    assert set(row.support) == {taken.id, lost.id}


def test_denying_a_loss_asserts_that_it_is_still_held() -> None:
    row = only("control", [said(control("c-kunduz", "lost", "gov"), "08-08", "not un")])
    assert row.value == "held by Afghan government"


def test_a_partys_denial_of_its_own_loss_is_a_claim() -> None:
    seen = said(control("c-kunduz", "taken", "taliban"), "08-08")
    other_side = said(control("c-sheberghan", "held", "gov"), "08-08")
    denial = said(control("c-kunduz", "taken", "taliban"), "08-08", "not moi")
    row = rows(picture("control", [seen, denial, other_side]))["Kunduz",]
    assert (row.value, row.status, row.rule) == ("held by Taliban", "contested", "a party says otherwise")


def test_among_equals_the_later_report_leads_whatever_the_names() -> None:
    def the_later_leads(first: str, then: str) -> bool:
        one = said(control("c-kunduz", "held", first), "08-08", source="Example Wire", published="08-08")
        other = said(control("c-kunduz", "held", then), "08-08", source="Sample Times", published="08-09")
        return only("control", [one, other]).support == (other.id,)

    assert the_later_leads("gov", "taliban")
    assert the_later_leads("taliban", "gov")


def test_what_is_left_aside_does_not_spell_the_key() -> None:
    undated = said(control("KUNAR", "held", "gov"), source="Sample Times")
    assert only("control", [undated, said(control("Kunar", "held", "gov"), "08-01")]).key == ("Kunar",)


def test_a_siege_says_more_than_who_holds_the_place() -> None:
    held = said(control("c-kunduz", "held", "gov"), "08-05", source="Sample Times")
    siege = said(control("c-kunduz", "surrounded", "taliban"), "08-05")
    row = only("control", [held, siege])
    assert (row.value, row.status, row.against) == ("surrounded by Taliban", "settled", ())


def test_evidence_runs_out() -> None:
    fighting = said(control("c-kunduz", "contested", "taliban"), "03-01")
    row = only("control", [fighting])
    assert (row.value, row.status) == ("contested", "stale")
    held = said(control("c-kunduz", "held", "gov"), "02-25")
    row = only("control", [fighting, held], on="05-15")
    assert (row.value, row.status) == ("held by Afghan government", "settled")
    assert row.ignored[0].reason == "stale: 75 days old, lasts 60"


def test_what_cannot_count_is_kept_with_its_reason() -> None:
    undated = said(control("c-kunduz", "held", "gov"))
    later = said(control("c-kunduz", "held", "gov"), "08-20")
    nowhere = said(control("", "held", "gov"), "08-01")
    unlikely = said(control("c-kunduz", "taken", "taliban"), "08-02", likely=(0.2, 0.45))
    wordless = said(control("c-kunduz", "held"), "08-02")
    threat = said(control("c-kunduz", "threatened", "taliban"), "08-02")
    drawn = picture("control", [undated, later, nowhere, unlikely, wordless, threat])
    assert rows(drawn) == {}
    assert reasons(drawn) == {
        undated.id: "undated",
        later.id: "later than 2021-08-15",
        nowhere.id: "no named place",
        unlikely.id: "hedged: “words”",
        wordless.id: "does not say whom or what it speaks of",
        threat.id: "says nothing in the terms of this standard",
    }


def test_until_a_day_speaks_of_the_day_before() -> None:
    row = only("control", [said(control("c-kunduz", "held", "gov"), until="08-08", published="08-12")])
    assert row.last_evidence == day("08-07")


@pytest.mark.parametrize("codebook", codebooks())
@pytest.mark.parametrize("when", ["0001-01-02", "9999-12-31"])
def test_the_first_and_last_day_there_is_are_days(codebook: str, when: str) -> None:
    far = [
        said(control("c-kunduz", "taken", "taliban"), when, "taliban"),
        said(control("c-kunduz", "taken", "taliban"), when, "not gov"),
        said(event("bombing", "c-kunduz"), when),
        said(event("bombing", "c-kunduz"), until=when),
        said(Quantity("troops", Estimate(1)), when),
    ]
    read = [one.id for one in far if one.assertion.kind in load_codebook(codebook).kinds]
    drawn = picture(codebook, far, on="9999-12-31")
    found = {one for row in drawn.rows for one in (*row.support, *row.against)} | set(reasons(drawn))
    assert found == set(read)


def test_an_assertion_found_twice_counts_once() -> None:
    found = said(control("c-kunduz", "held", "gov"), "08-01")
    assert only("control", [found, found]).support == (found.id,)


# ── the same evidence by other standards ─────────────────────────────────────────────────────────


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


# ── the other pictures ───────────────────────────────────────────────────────────────────────────


def test_incidents_are_one_row_for_many_reports() -> None:
    attack = [
        said(event("bombing", "c-kunduz", 30, 30), "05-08", source="Example Wire"),
        said(event("armed_attack", "c-kunduz", 24), "05-08", source="Sample Times"),
        said(event("bombing", "c-kunduz", 40, 40, 40), "05-09", source="Third Post", start=5),
        said(
            Responsibility("claims", name("taliban"), "the bombing"), "05-09", "taliban", source="Third Post", start=50
        ),
        said(Responsibility("blamed", name("gov"), "the bombing"), "05-09", "un", source="Third Post", start=80),
    ]
    later = said(event("bombing", "c-kunduz", 2, 2, 2), "05-20")
    drawn = picture("incidents", [*attack, later])
    first, second = rows(drawn).values()
    assert first.key == ("Kunduz", "armed violence", "2021-05-08")
    assert (first.value, set(first.support)) == ("bombing", {one.id for one in attack})
    found = cells(drawn, first)
    assert [found[f"killed {which}"] for which in ("low", "best", "high")] == ["24", "40", "40"]
    assert (found["claimed by"], found["blamed"], found["reports"]) == ("Taliban", "Afghan government", "3")
    assert (second.key[2], second.support) == ("2021-05-20", (later.id,))


def test_a_claim_of_responsibility_goes_to_the_attack_of_its_sort() -> None:
    near = said(event("abduction", "c-kunduz"), "05-08", start=40)
    named = said(event("bombing", "c-sheberghan"), "05-08", start=5)
    claim = said(Responsibility("claims", name("taliban"), "bombing of a market"), "05-08", start=60)
    stray = said(Responsibility("claims", name("taliban"), "the attack"), "05-08", source="Sample Times")
    drawn = picture("incidents", [near, named, claim, stray])
    assert set(rows(drawn)["Sheberghan", "armed violence", "2021-05-08"].support) == {named.id, claim.id}
    assert reasons(drawn) == {stray.id: "speaks of nothing this picture holds"}


def test_claims_face_what_contradicts_them() -> None:
    claim = said(control("c-kunduz", "taken", "taliban"), "08-08", "taliban")
    denial = said(control("c-kunduz", "taken", "taliban"), "08-09", "not moi")
    report = said(control("c-kunduz", "held", "gov"), "08-10", source="Sample Times")
    much_later = said(control("c-kunduz", "held", "gov"), "09-30", source="Sample Times")
    drawn = picture("claims", [claim, denial, report, much_later], on="10-01")
    row = rows(drawn)["Kunduz", "Taliban"]
    assert (row.value, row.status, row.support) == ("held by Taliban", "contested", (claim.id,))
    assert set(row.against) == {denial.id, report.id}
    assert cells(drawn, row)["contradicted by"] == "Sample Times; Interior Ministry"
    denied = rows(drawn)["Kunduz", "Interior Ministry"]
    assert (denied.value, denied.status, denied.against) == ("not so: held by Taliban", "contested", (claim.id,))
    assert reasons(drawn) == {much_later.id: "contradicts nobody here"}


def test_a_statement_nobody_contradicts_is_only_claimed() -> None:
    row = only("claims", [said(Statement(name("un"), "aid is running out"), "08-08", "un")])
    assert (row.key, row.value, row.status) == (("aid is running out", "United Nations"), "said", "claimed")


def test_relations_reported_and_denied() -> None:
    arms = Relation("arms", name("gov"), name("taliban"))
    row = only("relations", [said(arms, "03-01"), said(arms, "04-01", "not gov")])
    assert (row.key, row.value, row.status) == (("Afghan government", "arms", "Taliban"), "disputed", "contested")
    assert len(row.against) == 1


def test_commitments_are_open_then_due_then_judged_by_others() -> None:
    pledge = said(
        Commitment(name("gov"), "release 5,000 prisoners", "must", name("Doha agreement"), Period(None, day("03-11"))),
        "02-20",
    )
    assert only("commitments", [pledge], on="03-01").value == "open"
    assert only("commitments", [pledge], on="03-20").value == "due, no verdict"
    own_word = said(Compliance("met", name("gov"), "release prisoners"), "03-25", "moi")
    assert (row := only("commitments", [pledge, own_word])).status == "claimed"
    assert (row.value, row.support) == ("met", (pledge.id, own_word.id))
    other = said(Compliance("breached", name("gov"), "the Doha agreement"), "03-26", "un")
    elsewhere = said(Compliance("breached", name("gov"), "cease-fire"), "03-26", "un")
    drawn = rows(picture("commitments", [pledge, own_word, other, elsewhere]))
    assert drawn["Afghan government", "cease-fire", ""].value == "breached"
    row = drawn["Afghan government", "release 5,000 prisoners", "Doha agreement"]
    assert (row.value, row.status) == ("disputed: met / breached", "contested")
    assert (row.support, row.against) == ((pledge.id, other.id), (own_word.id,))


def test_designations_by_the_latest_act_of_the_day_asked() -> None:
    on_list = [
        said(Designation("listed", name("un"), name("taliban"), name("1988 list")), "2001-01-25"),
        said(Designation("delisted", name("un"), name("taliban"), name("1988 list")), "2012-05-14"),
    ]
    assert only("designations", on_list, on="2005-01-01").value == "listed"
    assert only("designations", on_list, on="2021-01-01").value == "delisted"
    unnamed = said(Designation("sanctioned", name("un"), name("gov")), "2010-01-01")
    assert only("designations", [unnamed]).key == ("Afghan government", "United Nations")


def test_quantities_keep_the_spread_and_the_figures_before() -> None:
    troops = [
        said(Quantity("troops", Estimate(8600, 8600, 8600)), "06-01"),
        said(Quantity("troops", Estimate(None, 2500)), "07-10", source="Sample Times"),
        said(Quantity("troops", Estimate(2400, 2400, 3000)), "07-12"),
    ]
    drawn = picture("quantities", troops)
    (row,) = rows(drawn).values()
    assert (row.value, row.status) == ("2400–3000", "settled")
    found = cells(drawn, row)
    assert [found[one] for one in ("low", "best", "high", "earlier")] == ["2400", "2400", "3000", "8600 (2021-06-01)"]


def test_forecasts_open_due_and_resolved() -> None:
    fall = Forecast("Kabul will fall", horizon=Period(None, day("08-10")))
    told = said(fall, "07-01", "un", likely=(0.2, 0.45))
    assert only("forecasts", [told], on="08-01").value == "open"
    assert only("forecasts", [told], on="08-12").value == "due"
    judged = said(fall, "07-01", "un", judgements=[Judgement((told.id,), "resolved_true")])
    assert (row := only("forecasts", [judged])).value == "came true"
    assert row.status == "settled"


def test_the_timeline_says_everything_in_order() -> None:
    bombing = said(event("bombing", "c-kunduz", 30, 30), "05-08")
    denied = said(control("c-kunduz", "taken", "taliban"), "05-07", "not moi")
    drawn = picture("timeline", [bombing, denied])
    assert [(row.key[0], row.value) for row in drawn.rows] == [
        ("2021-05-07", "denied: Kunduz taken by Taliban"),
        ("2021-05-08", "bombing in Kunduz, at least 30 killed"),
    ]


def test_sources_count_what_they_print() -> None:
    own = said(event("bombing", "c-kunduz"), "05-08")
    passed_on = said(control("c-kunduz", "taken", "taliban"), "05-09", "not moi")
    drawn = picture("sources", [own, passed_on])
    (row,) = rows(drawn).values()
    assert row.key == ("Example Wire",)
    assert [cells(drawn, row)[one] for one in ("assertions", "passed on", "denials")] == ["2", "1", "1"]


@pytest.mark.parametrize("codebook", codebooks())
def test_no_evidence_no_rows(codebook: str) -> None:
    drawn = picture(codebook, [])
    assert drawn.rows == ()
    assert drawn.codebook == codebook


# ── explain ──────────────────────────────────────────────────────────────────────────────────────

TWO_TOWNS = [
    said(control("c-kunduz", "held", "gov"), "08-01"),
    said(control("v-gortepa", "held", "taliban"), "08-01"),
    said(control("Kunar", "held", "gov"), "08-01"),
]


@pytest.mark.parametrize("asked", [["Kunduz"], ["kunduz"], ["c-kunduz"], ["KUND"]])
def test_a_row_is_found_by_name_thing_or_beginning(asked: list[str]) -> None:
    assert explain(picture("control", TWO_TOWNS), asked).things == ("c-kunduz",)


def test_a_name_of_two_words_may_come_as_two() -> None:
    assert explain(picture("control", TWO_TOWNS), ["gor", "tepa"]).things == ("v-gortepa",)


def test_a_key_that_fits_several_rows_or_none_says_which_are_near() -> None:
    drawn = picture("control", TWO_TOWNS)
    with pytest.raises(UsageError, match=r"fits 2 rows: Kunar; Kunduz"):
        explain(drawn, ["kun"])
    with pytest.raises(UsageError, match="Near it: Kunduz"):
        explain(drawn, ["Kundus"])
    with pytest.raises(UsageError, match="It has no rows"):
        explain(picture("control", []), ["Kundus"])
