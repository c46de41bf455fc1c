"""Who holds a place: the last report stands, claims are claims, and what cannot count is kept with its reason."""

from __future__ import annotations

import pytest

from contested.derive import codebooks, load_codebook
from contested.model import (
    Estimate,
    Quantity,
)
from derive_world import cells, control, day, event, only, picture, reasons, rows, said


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


@pytest.mark.parametrize("voice", ["moi", "un"])
def test_who_denies_that_a_town_fell_denies_that_anybody_took_it(voice: str) -> None:
    taken = said(control("c-kunduz", "taken", "taliban"), "08-08")
    denial = said(control("c-kunduz", "taken"), "08-09", f"not {voice}")
    party = said(control("c-sheberghan", "held", "gov"), "08-08")
    row = rows(picture("control", [taken, denial, party]))["Kunduz",]
    assert (row.support, row.against) == ((taken.id,), (denial.id,))
    assert row.status == "contested"


def test_who_denies_that_a_town_fell_says_nothing_against_whoever_holds_it() -> None:
    held = said(control("c-kunduz", "held", "gov"), "08-08")
    denial = said(control("c-kunduz", "taken"), "08-09", "not un")
    row = only("control", [held, denial])
    assert (row.value, row.status, row.against) == ("held by Afghan government", "settled", ())


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
