"""How far reviewers agree: Cohen's kappa, held against worked numbers and its laws."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contested.ledger import Ledger
from contested.model import Control, Name
from contested.workspace.agreeing import CATEGORIES, agreement, pair, proportions
from contested.workspace.settling import settle
from ledger_world import DOCUMENT, HOUR, MORNING, entry, judges, says

verdicts = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(CATEGORIES))


def test_a_worked_table() -> None:
    # Of 50 proposals both readers accept 20 and both reject 15: 0.70 agreed, 0.50 by chance, kappa 0.40.
    observed, expected = proportions(((20, 0, 5), (0, 0, 0), (10, 0, 15)))
    assert (observed, expected) == pytest.approx((0.7, 0.5))
    one = {str(n): "accept" if n < 25 else "reject" for n in range(50)}
    other = {str(n): "accept" if n < 20 or 25 <= n < 35 else "reject" for n in range(50)}
    assert pair("amy", "bo", one, other).kappa == pytest.approx(0.4)


@given(verdicts, verdicts)
def test_it_does_not_matter_who_comes_first(one: dict[str, str], other: dict[str, str]) -> None:
    there, back = pair("amy", "bo", one, other), pair("bo", "amy", other, one)
    assert (there.kappa, there.observed, there.expected, there.why) == pytest.approx(
        (back.kappa, back.observed, back.expected, back.why)
    )
    assert there.table == tuple(zip(*back.table, strict=True))
    assert sum(map(sum, there.table)) == there.judged == len(one.keys() & other.keys())


@given(verdicts)
def test_who_agree_throughout_have_a_kappa_of_one_or_none(said: dict[str, str]) -> None:
    both = pair("amy", "bo", said, said)
    if len(set(said.values())) > 1:
        assert both.kappa == 1
    else:
        assert both.kappa is None
        assert both.why == ("both passed one and the same verdict only" if said else "they judged nothing in common")


@given(verdicts, verdicts)
def test_it_is_never_above_one(one: dict[str, str], other: dict[str, str]) -> None:
    kappa = pair("amy", "bo", one, other).kappa
    assert kappa is None or -1 <= kappa <= 1


# ── from the record ──────────────────────────────────────────────────────────────────────────────

SAID = [says(at) for at in (0, 10, 20)]
HELD = Control("held", Name("Kabul"))


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.sqlite", create=True) as ledger:
        ledger.record_all(DOCUMENT, [entry(*SAID)])
        yield ledger


def test_what_counts_is_each_reviewer_s_last_word_in_force(ledger: Ledger) -> None:
    first, second, third = (each.id for each in SAID)
    for verdict, of, who in (
        ("reject", first, "amy"), ("accept", first, "amy"), ("accept", first, "bo"),
        ("reject", second, "amy"), ("reject", second, "bo"), ("accept", second, "bo"), ("undo", second, "bo"),
        ("accept", third, "amy"), ("note", third, "bo"),
    ):  # fmt: skip
        ledger.record(judges(verdict, of, analyst=who))  # type: ignore[arg-type]
    (both,) = agreement(ledger).pairs
    assert (both.one, both.other, both.judged, both.kappa) == ("amy", "bo", 2, 1.0)
    assert both.table == ((1, 0, 0), (0, 0, 0), (0, 0, 1))


def test_as_known_then_and_of_one_kind(ledger: Ledger) -> None:
    first = SAID[0].id
    ledger.record(judges("accept", first, analyst="amy", at=MORNING + HOUR))
    ledger.record(judges("reject", first, analyst="bo", at=MORNING + 3 * HOUR))
    assert agreement(ledger, known=MORNING + 2 * HOUR).pairs == ()
    assert agreement(ledger, known=MORNING + 2 * HOUR).reviewers == ("amy",)
    assert len(agreement(ledger).pairs) == len(agreement(ledger, "control").pairs) == 1
    assert agreement(ledger, "event").reviewers == ()


def test_settling_a_name_is_no_verdict_on_what_has_it(ledger: Ledger) -> None:
    first, *_ = (each.id for each in SAID)
    ledger.record(judges("accept", first, analyst="bo"))
    ledger.record(judges("reject", first, analyst="amy"))
    settle(ledger, "place", "Kabul", "gn:1", "bo")
    (both,) = agreement(ledger).pairs
    assert both.table == ((0, 0, 0), (0, 0, 0), (1, 0, 0))
    ledger.record(judges("amend", SAID[1].id, analyst="bo", amended=HELD))
    ledger.record(judges("amend", SAID[1].id, analyst="amy", amended=HELD))
    (both,) = agreement(ledger).pairs
    assert both.table[1][1] == 1


def test_of_more_than_two_the_mean_over_those_that_have_one(ledger: Ledger) -> None:
    for who, said in (("amy", "accept reject accept"), ("bo", "accept reject accept"), ("cy", "reject accept accept")):
        for each, verdict in zip(SAID, said.split(), strict=True):
            ledger.record(judges(verdict, each.id, analyst=who))  # type: ignore[arg-type]
    found = agreement(ledger)
    assert [(each.one, each.other) for each in found.pairs] == [("amy", "bo"), ("amy", "cy"), ("bo", "cy")]
    assert found.mean == pytest.approx(sum(each.kappa or 0 for each in found.pairs) / 3)


def test_names_swapped_swap_nothing_else(ledger: Ledger, tmp_path: Path) -> None:
    spoken = (("accept", 0, "amy"), ("reject", 0, "bo"), ("reject", 1, "amy"), ("reject", 1, "bo"))
    with Ledger.open(tmp_path / "other.sqlite", create=True) as other:
        other.record_all(DOCUMENT, [entry(*SAID)])
        for verdict, at, who in spoken:
            ledger.record(judges(verdict, SAID[at].id, analyst=who))  # type: ignore[arg-type]
            other.record(judges(verdict, SAID[at].id, analyst={"amy": "bo", "bo": "amy"}[who]))  # type: ignore[arg-type]
        (here,), (there,) = agreement(ledger).pairs, agreement(other).pairs
    assert there.table == tuple(zip(*here.table, strict=True))
    assert there.kappa == pytest.approx(here.kappa)
