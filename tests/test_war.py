"""The made-up war that the ledger is measured with: the same each time, sound, and made as its docstring says."""

import datetime as dt
from collections import Counter
from itertools import islice, pairwise

import pytest
from benchmarks.war import Act, War, reports

from contested.extract import recorders
from contested.ledger import Ledger
from contested.model import Control, Entry, Name


@pytest.fixture(scope="module")
def war() -> list[Act]:
    return list(reports(8000, places=50, years=5))


def analyst(entry: Entry) -> bool:
    return entry.recorder.startswith("analyst:")


def test_it_is_the_same_each_time_and_another_with_another_seed(war: list[Act]) -> None:
    assert list(islice(reports(8000, places=50, years=5), 200)) == war[:200]
    assert next(reports(8000, places=50, years=5, seed=2)) != war[0]


def test_a_report_can_be_made_again_by_its_number(war: list[Act]) -> None:
    assert War(8000, 50, 5, 1).report(30) in war


def test_the_ledger_takes_all_of_it(war: list[Act], ledger: Ledger) -> None:
    for document, entries in war[:400]:
        ledger.record_all(document, entries)
    assert ledger.verify() == []
    given = [entry for _, entries in war[:400] for entry in entries]
    kept = {(each.recorder, each.document, each.recorded_at) for each in ledger.entries()}
    for entry in given:  # empty withdrawals of what was empty, and judgements passed twice, are not kept
        assert (entry.recorder, entry.document, entry.recorded_at) in kept or not entry.assertions or analyst(entry)


def test_it_says_as_much_as_it_is_asked_for_and_no_report_more(war: list[Act]) -> None:
    said = [sum(len(entry.assertions) for entry in entries if not analyst(entry)) for _, entries in war]
    assert sum(said) >= 8000 > sum(said) - sum(said[-3:])


def test_time_never_runs_backwards_and_lasts_as_long_as_asked(war: list[Act]) -> None:
    moments = [entry.recorded_at for _, entries in war for entry in entries]
    assert all(one <= two for one, two in pairwise(moments))
    assert dt.timedelta(4 * 365) < moments[-1] - moments[0] < dt.timedelta(5 * 365)
    acts = [entries[0].recorded_at for _, entries in war]
    assert all(one < two for one, two in pairwise(acts))


def test_every_report_is_read_by_every_extractor_and_every_kind_is_said(war: list[Act]) -> None:
    first = [entries for document, entries in war if len(entries) == len(recorders())]
    assert all([entry.recorder for entry in entries] == list(recorders()) for entries in first)
    said = Counter(each.kind for entries in first for entry in entries for each in entry.assertions)
    assert {recorder.partition("@")[0] for recorder in recorders()} == set(said)
    assert all(entry.recorder.startswith(f"{each.kind}@")
               for entries in first for entry in entries for each in entry.assertions)  # fmt: skip


def test_names_are_resolved_but_for_a_tenth(war: list[Act]) -> None:
    places = [each.content.place for _, entries in war for entry in entries for each in entry.assertions
              if isinstance(each.content, Control)]  # fmt: skip
    named = [place for place in places if isinstance(place, Name)]
    assert 0.05 < sum(not place.thing for place in named) / len(named) < 0.15
    assert len({place.thing for place in named if place.thing}) == 50


def test_some_is_read_again_told_anew_and_judged(war: list[Act]) -> None:
    documents = [document.id for document, _ in war]
    assert any(document.endswith(".2") and document[:-2] in documents for document in documents)
    assert {entry.recorder for _, entries in war for entry in entries} > {
        f"analyst:{who}" for who in ("ada", "ben", "cleo")
    }
    judged = {target for _, entries in war for entry in entries for each in entry.assertions
              for target in getattr(each.content, "of", ()) if analyst(entry)}  # fmt: skip
    assert 0.005 < len(judged) / 8000 < 0.015
