"""The other pictures: incidents, claims, relations, commitments, figures, forecasts and what sources print."""

from __future__ import annotations

import pytest

from contested.derive import codebooks
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
