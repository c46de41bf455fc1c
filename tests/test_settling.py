"""Names settled: kept as amendments, remembered, taken back; laws over any order of settling and taking back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from contested.errors import UsageError
from contested.ledger import Ledger
from contested.model import (
    AnyContent,
    Assertion,
    Control,
    Document,
    Entry,
    Event,
    Forecast,
    Judgement,
    Name,
    Quote,
    Relation,
    Standing,
    Voice,
)
from contested.workspace.names import name_in, names_in, on_record, renamed, spot
from contested.workspace.settling import settle, settled, settlings, unsettle

TEXT = "The garrison of Ganja stood; Karabakh and Ganja were quiet, the envoy wrote in 1905."
LETTERS = [Document(f"{digit}" * 24, f"Example Courier {digit}", TEXT, "0" * 64) for digit in "3a7"]
GANJA, KARABAKH = Name("Ganja", "gn:586523", 0.4), Name("Karabakh")
GARRISON = Name("the garrison", "actor:russia", 0.6)
SAID: list[list[AnyContent]] = [
    [Control("held", GANJA, GARRISON), Event("riot", place=Name("GANJA  ", "gn:1", 0.3))],
    [Control("contested", KARABAKH, Name("Ganja", "actor:ganja", 0.7)), Control("held", GANJA)],
    [Forecast("Ganja may fall", Control("lost", GANJA, GARRISON)), Relation("allied", GARRISON, Name("Karabakh"))],
]


def says(content: AnyContent, report: Document, at: int) -> Assertion:
    return Assertion(content, (Voice(report.source),), quote=Quote(report.id, at, at + 3))


def read(ledger: Ledger, number: int, precedents: dict[tuple[str, str], str] | None = None) -> None:
    """Record what a letter says, the names that are settled taken so."""
    report, said = LETTERS[number], []
    for at, content in enumerate(SAID[number]):
        for (role, words), thing in (precedents or {}).items():
            content = renamed(content, role, words, Name(words, thing, 1.0))  # type: ignore[arg-type]
        said.append(says(content, report, at))
    ledger.record_all(report, [Entry(dt.datetime.now(dt.UTC), "reader@1", report.id, tuple(said))])


@contextmanager
def fresh(letters: int = 3) -> Iterator[Ledger]:
    with TemporaryDirectory() as folder, Ledger.open(Path(folder) / "ledger.sqlite", create=True) as ledger:
        for number in range(letters):
            read(ledger, number)
        yield ledger


def meanings(ledger: Ledger) -> dict[str, list[tuple[str, str, str, float]]]:
    """What every name of every assertion means."""
    return {
        each.id: [(role, name.words, name.thing, name.sure) for role, name in names_in(each.assertion.content)]
        for each in ledger.view()
    }


# ── one settling ─────────────────────────────────────────────────────────────────────────────────


def test_a_name_is_settled_wherever_it_stands_in_its_role_in_one_entry() -> None:
    with fresh() as ledger:
        before, count = meanings(ledger), len(list(ledger.entries()))
        entry = settle(ledger, "place", "  ganja", "iso:AZ-GA", "amy", "by the map")
        assert entry
        assert len(list(ledger.entries())) == count + 1
        assert len(entry.assertions) == 4
        after = meanings(ledger)
        assert after.keys() == before.keys()
        for id_, names in after.items():
            for was, now in zip(before[id_], names, strict=True):
                meant = now[0] == "place" and now[1].strip().casefold() == "ganja"
                assert now == ((*was[:2], "iso:AZ-GA", 1.0) if meant else was)
        assert settled(ledger) == {("place", "ganja"): "iso:AZ-GA"}
        said = entry.assertions[0].content
        assert isinstance(said, Judgement)
        assert said.note == "place “  ganja”: iso:AZ-GA; by the map"
        assert list(ledger.verify()) == []


def test_settling_twice_changes_nothing() -> None:
    with fresh() as ledger:
        settle(ledger, "place", "Ganja", "iso:AZ-GA", "amy")
        head = ledger.head()
        assert settle(ledger, "place", "GANJA", "iso:AZ-GA", "amy") is None
        assert settle(ledger, "place", "Ganja", "iso:AZ-GA", "bo") is None
        assert ledger.head() == head


def test_a_name_nobody_wrote_cannot_be_settled_nor_taken_back() -> None:
    with fresh() as ledger:
        with pytest.raises(UsageError, match="'Baku'"):
            settle(ledger, "place", "Baku", "gn:1", "amy")
        with pytest.raises(UsageError, match="party 'Karabakh fighters'"):
            settle(ledger, "party", "Karabakh fighters", "gn:1", "amy")
        with pytest.raises(UsageError, match="nobody settled"):
            unsettle(ledger, "place", "Ganja", "amy")


def test_nothing_we_know_is_an_answer_too() -> None:
    with fresh() as ledger:
        settle(ledger, "place", "Karabakh", "", "amy")
        assert settled(ledger) == {("place", "karabakh"): ""}
        (name,) = (each for each in on_record(ledger.view()) if each.called("place", "karabakh"))
        assert (name.thing, name.settled, name.open) == ("", True, False)


def test_other_amendments_stay() -> None:
    with fresh() as ledger:
        first = next(each for each in ledger.view() if isinstance(each.assertion.content, Control))
        amended = replace(first.assertion.content, status="lost")  # type: ignore[type-var]
        judged(ledger, "amend", first.id, "bo", amended)
        settle(ledger, "place", "Ganja", "iso:AZ-GA", "amy")
        assert ledger.standing(first.id).assertion.content == renamed(
            amended, "place", "Ganja", Name("", "iso:AZ-GA", 1.0)
        )
        unsettle(ledger, "place", "Ganja", "amy")
        assert ledger.standing(first.id).assertion.content == amended


def test_what_the_analyst_rejects_is_left_alone() -> None:
    with fresh() as ledger:
        first = next(each for each in ledger.view() if name_in(each.assertion.content, "place", "Ganja"))
        judged(ledger, "reject", first.id, "amy")
        judged(ledger, "accept", first.id, "bo")
        settle(ledger, "place", "Ganja", "iso:AZ-GA", "amy")
        assert "reject" in {said.content.verdict for said in ledger.standing(first.id).judgements}  # type: ignore[union-attr]
        unsettle(ledger, "place", "Ganja", "amy")
        assert {said.content.verdict for said in ledger.standing(first.id).judgements} == {"reject", "accept"}  # type: ignore[union-attr]


def judged(ledger: Ledger, verdict: str, of: str, analyst: str, amended: AnyContent | None = None) -> None:
    said = Judgement((of,), verdict, "", amended)  # type: ignore[arg-type]
    ledger.record(Entry(dt.datetime.now(dt.UTC), f"analyst:{analyst}", "", (Assertion(said, (Voice(analyst),)),)))


# ── remembered ───────────────────────────────────────────────────────────────────────────────────


def test_a_report_read_since_goes_back_with_the_others() -> None:
    with fresh(letters=1) as ledger:
        settle(ledger, "place", "Ganja", "iso:AZ-GA", "amy")
        read(ledger, 1, settled(ledger))
        assert {
            one[2:] for names in meanings(ledger).values() for one in names if one[0] == "place" and "Ganja" in one
        } == {("iso:AZ-GA", 1.0)}
        unsettle(ledger, "place", "Ganja", "amy")
        assert settled(ledger) == {}
        assert not [one for names in meanings(ledger).values() for one in names if one[3] == 1.0]


def test_a_report_read_anew_since_goes_back_too() -> None:
    with fresh() as ledger:
        before = meanings(ledger)
        settle(ledger, "place", "Ganja", "iso:AZ-GA", "amy")
        for number in range(3):
            read(ledger, number, settled(ledger))
        unsettle(ledger, "place", "Ganja", "bo")
        assert meanings(ledger) == before


def test_the_latest_meaning_wins_and_the_one_before_comes_back() -> None:
    with fresh() as ledger:
        settle(ledger, "place", "Ganja", "gn:1", "amy")
        settle(ledger, "place", "Ganja", "gn:2", "bo")
        read(ledger, 2, settled(ledger))
        assert settled(ledger) == {("place", "ganja"): "gn:2"}
        unsettle(ledger, "place", "Ganja", "amy")
        assert settled(ledger) == {("place", "ganja"): "gn:1"}
        assert {each.thing for each in on_record(ledger.view()) if each.called("place", "ganja")} == {"gn:1"}
        unsettle(ledger, "place", "Ganja", "amy")
        assert settled(ledger) == {}


# ── any history ──────────────────────────────────────────────────────────────────────────────────

names = st.sampled_from([("place", "Ganja"), ("place", "Karabakh"), ("party", "the garrison"), ("party", "Ganja")])
acts = st.lists(st.tuples(names, st.sampled_from(["gn:1", "gn:2", ""]), st.sampled_from(["amy", "bo"])), max_size=6)


@given(acts)
@settings(max_examples=25, deadline=None)
def test_taking_all_back_in_turn_restores_every_view(history: list[tuple[tuple[str, str], str, str]]) -> None:
    with fresh() as ledger:
        views: list[list[Standing]] = []
        done = []
        for (role, words), thing, analyst in history:
            before = list(ledger.view())
            if settle(ledger, role, words, thing, analyst) is not None:  # type: ignore[arg-type]
                views.append(before)
                done.append((role, words, analyst))
        last = next(settlings(ledger), None)
        assert (last.role, last.words, last.analyst) == done[-1] if last else not done
        for before, (role, words, analyst) in zip(reversed(views), reversed(done), strict=True):
            unsettle(ledger, role, words, analyst)  # type: ignore[arg-type]
            assert list(ledger.view()) == before


@given(acts, st.permutations(range(6)))
@settings(max_examples=25, deadline=None)
def test_taking_all_back_in_any_order_restores_every_meaning(
    history: list[tuple[tuple[str, str], str, str]], order: list[int]
) -> None:
    with fresh() as ledger:
        before, moments = meanings(ledger), []
        done = [act for act in history if settle(ledger, *act[0], *act[1:]) is not None]  # type: ignore[arg-type]
        for at in (at for at in order if at < len(done)):
            (role, words), _, analyst = done[at]
            others = {one: thing for one, thing in settled(ledger).items() if one != (role, words.casefold())}
            moments.append((max(each.recorded_at for each in ledger.entries()), list(ledger.view())))
            unsettle(ledger, role, words, analyst)  # type: ignore[arg-type]
            left = settled(ledger)
            assert {one: thing for one, thing in left.items() if one != (role, words.casefold())} == others
        assert meanings(ledger) == before
        assert settled(ledger) == {}
        assert all(list(ledger.view(known=moment)) == view for moment, view in moments)


# ── the list ─────────────────────────────────────────────────────────────────────────────────────


def test_the_least_known_come_first_and_each_name_once() -> None:
    with fresh() as ledger:
        found = on_record(ledger.view())
        assert [(each.role, each.words.strip(), each.thing, each.sure) for each in found] == [
            ("party", "Karabakh", "", 0.0),
            ("place", "Karabakh", "", 0.0),
            ("place", "Ganja", "gn:586523", 0.3),
            ("party", "the garrison", "actor:russia", 0.6),
            ("party", "Ganja", "actor:ganja", 0.7),
        ]
        ganja = found[2]
        assert (ganja.assertions, ganja.sources, ganja.others) == (4, 3, ("gn:1",))
        assert name_in(ledger.standing(ganja.example).assertion.content, "place", "ganja") == Name(
            "GANJA  ", "gn:1", 0.3
        )
        assert [each.open for each in found] == [True, True, True, False, False]
        assert [each.words for each in found if not each.proper] == ["the garrison"]


def test_a_name_is_found_in_whichever_case_it_is_printed() -> None:
    assert spot(TEXT, "Ganja") == TEXT.index("Ganja")
    assert spot(TEXT.upper(), "Ganja", 30) == TEXT.index("Ganja", 30)
    assert (spot(TEXT, "Ganja", 0, 10), spot(TEXT, "G.nja"), spot(TEXT, "")) == (-1, -1, -1)


def test_words_of_a_script_without_capitals_are_a_name() -> None:
    said = says(Control("held", Name("گنجه"), Name("police")), LETTERS[0], 0)
    standing = Standing(said.id, said, "reader@1", dt.datetime.now(dt.UTC), "Example Courier")
    assert {each.words: each.proper for each in on_record([standing])} == {"گنجه": True, "police": False}
