"""Amending field by field: what is set is read, all else stays; every wrong value is refused by the field's name."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

import toy
from contested import open_workspace
from contested.derive.disputes import DECIDED
from contested.errors import UsageError
from contested.extract.settled import Role, role_of
from contested.model import (
    AnyContent,
    Commitment,
    Compliance,
    Control,
    Designation,
    Estimate,
    Event,
    Forecast,
    Judgement,
    Name,
    Period,
    Quantity,
    Relation,
    Responsibility,
    Statement,
    Thing,
)
from contested.workspace import Workspace
from contested.workspace.amending import amended

THINGS = (
    Thing("gn:1", "place", ("Ghazni",), "settlement"),
    Thing("gn:2", "place", ("Kars",), "settlement"),
    Thing("actor:crown", "actor", ("the Crown", "Ghazni"), "state"),
)
SAID: tuple[AnyContent, ...] = (
    Event("clash", Name("they", "actor:x", 0.4), place=Name("Ghuzni", "gn:9", 0.6), killed=Estimate(10, 12, 14)),
    Control("held", Name("Ghuzni")),
    Responsibility("claims", Name("the tribes")),
    Relation("arms", Name("the tribes"), Name("the Crown")),
    Commitment(Name("the Crown"), "withdraw", due=Period(dt.date(1842, 1, 1), dt.date(1842, 2, 1), "month")),
    Compliance("met", Name("the Crown")),
    Designation("listed", Name("the Crown"), Name("the tribes")),
    Quantity("troops", Estimate(4500, 4500, 4500), place=Name("Kabul")),
    Forecast("the column may not arrive", Control("lost", Name("Ghuzni"))),
    Statement(Name("the envoy"), "the road is open"),
)


def meant(role: Role, asked: str) -> Thing:
    found = [thing for thing in THINGS if asked in (thing.id, *thing.names) and role_of(thing) == role]
    if len(found) != 1:
        raise UsageError(f"no {role} {asked!r} is known")
    return found[0]


def sets(content: AnyContent, **fields: object) -> Any:
    return amended(content, {path.replace("__", "."): value for path, value in fields.items()}, meant)


EVENT, CONTROL = SAID[0], SAID[1]


def test_a_name_keeps_its_words_and_means_what_is_set() -> None:
    for asked in ("gn:1", "Ghazni"):
        assert sets(EVENT, place=asked) == replace(EVENT, place=Name("Ghuzni", "gn:1", DECIDED))  # type: ignore[type-var]
    assert sets(EVENT, actor="Ghazni").actor == Name("they", "actor:crown", DECIDED)
    assert sets(CONTROL, holder="actor:crown").holder == Name("the Crown", "actor:crown", DECIDED)
    assert sets(EVENT, place__words="the fort").place == Name("the fort", "gn:9", 0.6)
    assert sets(EVENT, place__words="Kars", place="gn:2").place == Name("Kars", "gn:2", DECIDED)
    assert sets(EVENT, place__thing="").place == Name("Ghuzni", "", DECIDED)
    assert sets(EVENT, place="").place is None
    assert sets(CONTROL, holder__words="local men").holder == Name("local men")


def test_a_settled_name_given_other_words_is_settled_no_more() -> None:
    settled = replace(CONTROL, place=Name("Ghuzni", "gn:1", 1.0))  # type: ignore[type-var]
    assert sets(settled, place__words="the fort").place == Name("the fort", "gn:1", DECIDED)
    assert sets(settled, status="lost").place == settled.place


def test_numbers_and_days_as_people_write_them() -> None:
    assert sets(EVENT, killed__best="13").killed == Estimate(10, 13, 14)
    assert sets(EVENT, killed=3).killed == Estimate(3, 3, 3)
    assert sets(EVENT, killed__low="", killed__high=None).killed == Estimate(best=12)
    assert sets(EVENT, killed__low="", killed__best="", killed__high="").killed is None
    assert sets(EVENT, wounded__low="30").wounded == Estimate(30)
    assert sets(EVENT, suicide="yes").suicide is True
    due = sets(SAID[4], due__until="1842-03-01").due
    assert due == Period(dt.date(1842, 1, 1), dt.date(1842, 3, 1), "month")
    assert sets(SAID[4], due="1842-01-06").due == Period(dt.date(1842, 1, 6), dt.date(1842, 1, 7), "day")
    assert sets(SAID[4], due="").due is None


def test_what_a_forecast_is_about_is_set_in_it_or_begun() -> None:
    assert sets(SAID[8], about__status="held", about__place="gn:1").about == Control(
        "held", Name("Ghuzni", "gn:1", DECIDED)
    )
    begun = sets(Forecast("rain"), about__kind="control", about__status="lost", about__place__words="Kars")
    assert begun.about == Control("lost", Name("Kars"))
    assert sets(SAID[8], about__kind="event", about__type="clash").about == Event("clash")
    assert sets(SAID[8], about="").about is None


def test_values_of_the_model_are_taken_as_they_are() -> None:
    assert sets(EVENT, killed=Estimate(1), place=Name("Kars")) == replace(EVENT, killed=Estimate(1), place=Name("Kars"))  # type: ignore[type-var]


@pytest.mark.parametrize(
    ("content", "path", "value", "said"),
    [
        (CONTROL, "colour", "red", "colour: there is no such field. A control has: status, place, holder, extent"),
        (CONTROL, "place.x", "1", "place.x: there is no such field. A name has: words, thing, sure"),
        (CONTROL, "status", "hold", "status: no 'hold' there. Choose from: held, taken"),
        (CONTROL, "status", "", "status cannot be empty. Choose from: held"),
        (CONTROL, "status.x", "", "status.x: status has no parts. Set status itself"),
        (
            CONTROL,
            "place",
            "Atlantis",
            "place: no place 'Atlantis' is known. To change the words alone, set place.words",
        ),
        (CONTROL, "holder", "gn:1", "holder: no party 'gn:1' is known"),
        (CONTROL, "holder.thing", "actor:crown", None),
        (CONTROL, "place.words", " ", "place.words: a name has words"),
        (CONTROL, "place.sure", "1", "place: how sure it is goes from 0 to below 1"),
        (SAID[8], "about." * 40 + "status", "held", "no field lies that deep"),
        (CONTROL, "kind", "event", "kind: what sort of thing is said cannot be set"),
        (EVENT, "killed", "many", "killed: 'many' is no number. Give one, or its parts: killed.low"),
        (EVENT, "killed.best", "nan", "killed.best: 'nan' is no number"),
        (EVENT, "killed.best", True, "killed.best: True is no number"),
        (EVENT, "killed.low", "13", "killed: [13.0, 12, 14] do not rise"),
        (EVENT, "suicide", "perhaps", "suicide: 'perhaps' is neither yes nor no"),
        (EVENT, "place", Estimate(1), "place: a Estimate has no place there. It takes: Name"),
        (EVENT, "site", 3, "site cannot be set as a whole"),
        (SAID[4], "due", "1842-13-01", "due: '1842-13-01' is no day"),
        (SAID[4], "due", "9999-12-31", "due: '9999-12-31' is no day"),
        (SAID[4], "due.until", "1841-01-01", "due: it ends before it begins"),
        (SAID[4], "modality", "", "modality cannot be empty. Choose from: must, must_not"),
        (SAID[7], "value", "", "value cannot be empty"),
        (SAID[7], "measure", "", "measure cannot be empty"),
        (SAID[8], "about", "rain", "about cannot be set as a whole"),
        (SAID[8], "about.kind", "weather", "about.kind: no kind 'weather'"),
        (SAID[8], "about.kind", "event", "about.type: a event cannot do without it"),
        (Forecast("rain"), "about.place", "gn:1", "about.kind: no kind ''"),
    ],
)
def test_what_cannot_be_is_refused_by_name(content: AnyContent, path: str, value: object, said: str | None) -> None:
    if said is None:  # a part that was not there can be begun, if only with the words of the thing
        assert amended(content, {path: value}, meant).holder == Name("the Crown", "actor:crown", DECIDED)  # type: ignore[union-attr]
        return
    with pytest.raises(UsageError) as refused:
        amended(content, {path: value}, meant)
    assert said in str(refused.value)


def test_nothing_set_is_refused() -> None:
    with pytest.raises(UsageError, match="nothing to amend is named"):
        amended(CONTROL, {}, meant)


@given(st.sampled_from(SAID), st.data())
def test_setting_a_field_to_what_it_is_changes_nothing_and_touches_no_other(
    content: AnyContent, data: st.DataObject
) -> None:
    field = data.draw(st.sampled_from(content.__struct_fields__))
    now = getattr(content, field)
    if now not in (None, ""):
        assert amended(content, {field: now}, meant) == content
    emptied = {name for name in content.__struct_fields__ if getattr(content, name) in (None, "")}
    if field in emptied:
        assert amended(content, {field: ""}, meant) == content


@given(st.sampled_from(SAID), st.text(max_size=8), st.text(max_size=8))
def test_whatever_is_written_is_read_or_refused(content: AnyContent, path: str, value: str) -> None:
    for name in (path, *content.__struct_fields__, *(f"{field}.{path}" for field in content.__struct_fields__)):
        with suppress(UsageError):
            assert type(amended(content, {name: value}, meant)) is type(content)


def test_every_kind_can_be_amended() -> None:
    assert {type(content) for content in SAID} == set(get_args(AnyContent)) - {Judgement}


# ── in a workspace ───────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    toy.stand_in(monkeypatch)
    (tmp_path / "a.txt").write_text(
        "source: Gazette\npublished: 2021-08-08\n\nRebels captured Kunduz. Rebels captured Herat.\n"
    )
    workspace = open_workspace(tmp_path / "w", create=True)
    workspace.add([tmp_path / "a.txt"])
    return workspace


def test_amendments_build_on_each_other(workspace: Workspace) -> None:
    one = next(workspace.assertions()).id
    workspace.amend(one, status="lost", analyst="amy")
    workspace.amend(one, extent="centre", analyst="bo", note="as the map shows")
    standing = workspace.standing(one)
    assert standing.assertion.content == Control("lost", Name("Kunduz"), Name("Rebels"), "centre")
    assert [said.content.note for said in standing.judgements if isinstance(said.content, Judgement)] == [
        "",
        "as the map shows",
    ]
    assert workspace.amend(one, extent="centre", analyst="bo") is None
    assert workspace.amend(one, extent="centre", analyst="cy") is not None, "to read it the same is a word of one's own"


def test_several_are_amended_each_as_it_reads_in_one_act(workspace: Workspace) -> None:
    both = [each.id for each in workspace.assertions()]
    entry = workspace.amend(both, status="held")
    assert entry
    assert len(entry.assertions) == 2
    assert {each.assertion.content.place.words for each in workspace.assertions()} == {"Kunduz", "Herat"}  # type: ignore[union-attr]


def test_what_reads_so_already_is_not_recorded(workspace: Workspace) -> None:
    head = workspace.ledger.head()
    assert workspace.amend(next(workspace.assertions()).id, status="taken") is None
    assert workspace.ledger.head() == head


def test_an_amendment_of_one_settles_no_name_elsewhere(workspace: Workspace) -> None:
    one = next(workspace.assertions()).id
    workspace.amend(one, **{"place.thing": ""})
    assert workspace.settled() == {}


def test_a_judgement_is_not_amended(workspace: Workspace) -> None:
    entry = workspace.judge(next(workspace.assertions()).id, "accept")
    assert entry
    with pytest.raises(UsageError, match="is a judgement"):
        workspace.amend(entry.assertions[0].id, verdict="reject")


@pytest.mark.parametrize("verdict", ["resolved_true", "resolved_false"])
def test_only_a_forecast_is_resolved(workspace: Workspace, verdict: str) -> None:
    one = next(workspace.assertions()).id
    with pytest.raises(UsageError, match=f"{one} is no forecast"):
        workspace.judge(one, verdict)
    workspace.judge(one, "amend", amended=Forecast("Kunduz may fall"))
    assert workspace.judge(one, verdict, analyst="amy"), "it is what it reads as"
