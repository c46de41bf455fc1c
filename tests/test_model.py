"""The nouns: what an assertion's identity rests on, and that everything can be written as JSON and read again."""

import datetime as dt
import json
import re
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from contested import model
from contested.model import (
    AnyContent,
    Assertion,
    Commitment,
    Content,
    Control,
    Document,
    Entry,
    Estimate,
    Ignored,
    Likelihood,
    Name,
    Noun,
    Origin,
    Period,
    Picture,
    Problem,
    Quantity,
    Quote,
    Row,
    Standing,
    Statement,
    Thing,
    Voice,
    kind,
)

KINDS: tuple[type[Content], ...] = get_args(AnyContent)

# ── strategies: every noun, made of small parts; texts hold quotes, accents, right-to-left letters and controls ──

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
numbers = st.floats(0, 1e9, allow_nan=False) | st.integers(0, 10**9).map(float)
shares = st.floats(0, 1, allow_nan=False)
days = st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1))
moments = st.datetimes(timezones=st.just(dt.UTC))
precisions = st.sampled_from(get_args(model.Precision))
periods = st.builds(Period, st.none() | days, st.none() | days, precisions)
names = st.builds(Name, texts, texts, shares)
estimates = st.builds(Estimate, *[st.none() | numbers] * 3)
quotes = st.builds(Quote, texts, st.integers(0, 10**6), st.integers(0, 10**6))
likelihoods = st.builds(Likelihood, shares, shares, texts)
voices = st.lists(st.builds(Voice, texts, texts, texts, st.booleans()), min_size=1, max_size=3).map(tuple)

_FIELDS: dict[Any, st.SearchStrategy[Any]] = {
    Name | None: st.none() | names,
    Estimate | None: st.none() | estimates,
    Estimate: estimates,
    Period | None: st.none() | periods,
    str: texts,
    bool: st.booleans(),
    tuple[str, ...]: st.lists(texts, max_size=3).map(tuple),
    AnyContent | None: st.none() | st.deferred(lambda: contents),
}


def content_of(cls: type[Content]) -> st.SearchStrategy[Content]:
    """A content of one kind, each field by its type as the model gives it."""
    types = {name: hint for name, hint in get_type_hints(cls).items() if name in cls.__struct_fields__}
    return st.builds(cls, **{name: field_of(hint) for name, hint in types.items()})


def field_of(hint: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(get_args(hint)) if get_origin(hint) is Literal else _FIELDS[hint]


contents: st.SearchStrategy[Any] = st.one_of([st.deferred(lambda cls=cls: content_of(cls)) for cls in KINDS])
assertions = st.builds(
    Assertion, contents, voices, periods, st.none() | quotes, st.none() | likelihoods, confidence=shares
)
documents = st.builds(
    Document, texts, texts, texts, texts, st.none() | days, st.sampled_from(get_args(model.Dating)), texts,
    st.lists(texts, max_size=2).map(tuple), texts, texts, st.sampled_from(["report", "list"]), st.booleans(), texts,
)  # fmt: skip
origins = st.builds(Origin, texts, moments)
entries = st.builds(
    Entry, moments, texts, texts, st.lists(assertions, max_size=2).map(tuple), st.none() | origins, texts
)
standings = st.builds(
    Standing,
    texts,
    assertions,
    texts,
    moments,
    texts,
    st.none() | days,
    texts,
    st.lists(assertions, max_size=1).map(tuple),
)
ids = st.lists(texts, max_size=2).map(tuple)
rows = st.builds(
    Row, ids, texts, st.sampled_from(["settled", "contested", "stale", "claimed", "none"]), texts, ids, ids,
    st.lists(st.builds(Ignored, texts, texts), max_size=2).map(tuple), st.none() | days, ids, ids,
)  # fmt: skip
pictures = st.builds(Picture, texts, texts, days, moments, ids, st.lists(rows, max_size=2).map(tuple))
things = st.builds(
    Thing, texts, st.sampled_from(["place", "actor", "source", "list", "instrument"]), ids, texts, texts, texts,
    st.none() | numbers, st.none() | numbers, st.integers(0, 10**9),
)  # fmt: skip
problems = st.builds(Problem, texts, texts, texts, texts)
nouns: st.SearchStrategy[Any] = st.one_of(
    names, periods, estimates, quotes, likelihoods, st.builds(Voice, texts), assertions, documents, entries, standings,
    rows, pictures, things, problems,
)  # fmt: skip

SAID = Assertion(
    Control("taken", Name("Kunduz"), Name("Taliban fighters")),
    (Voice("The Example Courier"), Voice("Police", cue="say")),
    Period(dt.date(2015, 9, 28), dt.date(2015, 9, 29), "day"),
    Quote("d1", 12, 52),
)


def walk(value: Any, change: Any) -> Any:
    """The same value, with `change` applied to every noun inside it, innermost first."""
    if isinstance(value, tuple):
        return tuple(walk(part, change) for part in value)
    if isinstance(value, Noun):
        parts = {name: walk(getattr(value, name), change) for name in value.__struct_fields__}
        return change(replace(value, **parts))
    return value


def resolved_otherwise(noun: Any) -> Any:
    """As another resolver would have it: other things, other certainty, the same words."""
    if isinstance(noun, Name):
        return replace(noun, thing=noun.thing + "other", sure=1 - noun.sure)
    return replace(noun, thing=noun.thing + "other") if isinstance(noun, Voice) else noun


# ── identity ─────────────────────────────────────────────────────────────────────────────────────


@given(assertions)
def test_an_id_does_not_rest_on_what_words_were_taken_to_mean(a: Assertion) -> None:
    assert walk(a, resolved_otherwise).id == a.id


@given(assertions, st.none() | likelihoods, shares)
def test_an_id_does_not_rest_on_how_sure_we_are(a: Assertion, likelihood: Likelihood | None, sure: float) -> None:
    assert replace(a, likelihood=likelihood, confidence=sure).id == a.id


@given(assertions, voices, periods, quotes, contents)
def test_an_id_rests_on_words_voices_period_and_quote(
    a: Assertion, chain: tuple[Voice, ...], period: Period, quote: Quote, content: AnyContent
) -> None:
    others = (
        replace(a, voices=chain), replace(a, period=period), replace(a, quote=quote), replace(a, content=content),
    )  # fmt: skip
    for other in others:
        assert (other.id == a.id) == (said(other) == said(a))


def said(a: Assertion) -> Assertion:
    """What identity is about, as a value: the same assertion without what we added to it."""
    return walk(replace(a, likelihood=None, confidence=1.0), unresolved)


def unresolved(noun: Any) -> Any:
    if isinstance(noun, Name):
        return replace(noun, thing="", sure=0.0)
    return replace(noun, thing="") if isinstance(noun, Voice) else noun


@pytest.mark.parametrize(
    "change",
    [
        {"content": Control("taken", Name("Kunduz city"), Name("Taliban fighters"))},
        {"content": Control("retaken", Name("Kunduz"), Name("Taliban fighters"))},
        {"content": Control("taken", Name("Taliban fighters"), Name("Kunduz"))},
        {"voices": SAID.voices[:1]},
        {"voices": SAID.voices[::-1]},
        {"voices": (SAID.voices[0], replace(SAID.voices[1], denies=True))},
        {"voices": (SAID.voices[0], replace(SAID.voices[1], cue="report"))},
        {"period": Period()},
        {"period": replace(SAID.period, precision="week")},
        {"quote": Quote("d2", 12, 52)},
        {"quote": Quote("d1", 12, 51)},
        {"quote": None},
    ],
    ids=str,
)
def test_another_saying_has_another_id(change: dict[str, Any]) -> None:
    assert replace(SAID, **change).id != SAID.id


def test_an_id_is_the_same_on_every_machine_and_in_every_version() -> None:
    assert SAID.id == "4259f95b6141c934a3e280b8"


@given(assertions)
def test_an_id_survives_the_journey_through_json(a: Assertion) -> None:
    assert msgspec.json.decode(msgspec.json.encode(a), type=Assertion).id == a.id


def test_whole_numbers_are_one_number_however_written() -> None:
    whole = replace(SAID, content=Quantity("troops", Estimate(3, 3, None)))  # JSON has one kind of number
    assert replace(SAID, content=Quantity("troops", Estimate(3.0, 3.0, None))).id == whole.id
    assert replace(SAID, content=Quantity("troops", Estimate(3.5, 3.0, None))).id != whole.id


def test_a_default_put_together_at_run_time_is_a_default() -> None:
    must: Any = "".join(["mu", "st"])  # equal to the default of `modality`, and another object
    put_together = replace(SAID, content=Commitment(obligation="leave", modality=must))
    assert put_together.id == replace(SAID, content=Commitment(obligation="leave")).id


class GrownControl(Control, frozen=True, tag="control"):
    """Control as a later version may have it: with one more field, and a default for it."""

    road: str = ""


class GrownVoice(Voice, frozen=True):
    language: str = ""


def test_a_field_added_later_leaves_old_ids_alone() -> None:
    assert isinstance(SAID.content, Control)
    grown = GrownControl(SAID.content.status, SAID.content.place, SAID.content.holder)
    chain = tuple(GrownVoice(v.who, v.thing, v.cue, v.denies) for v in SAID.voices)
    assert replace(SAID, content=grown, voices=chain).id == SAID.id
    assert replace(SAID, content=replace(grown, road="ring road")).id != SAID.id


class TurnedControl(Content, frozen=True, tag="control"):
    """Control with its fields in another order."""

    extent: str = ""
    holder: Name | None = None
    place: Name | None = None
    status: str = ""


def test_the_order_of_fields_does_not_matter() -> None:
    assert isinstance(SAID.content, Control)
    turned = TurnedControl(holder=SAID.content.holder, place=SAID.content.place, status=SAID.content.status)
    assert replace(SAID, content=turned).id == SAID.id


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────────


@given(nouns)
def test_every_noun_can_be_written_and_read_again(noun: Any) -> None:
    assert msgspec.json.decode(msgspec.json.encode(noun), type=type(noun)) == noun


@pytest.mark.parametrize("cls", KINDS, ids=lambda cls: cls.__name__)
def test_every_kind_can_be_written_and_read_again(cls: type[Content]) -> None:
    @given(content_of(cls))
    def law(content: Any) -> None:
        written = msgspec.json.encode(content)
        assert json.loads(written)["kind"] == kind(content) == cls.__name__.lower()
        back = msgspec.json.decode(written, type=AnyContent)
        assert (type(back), back) == (cls, content)

    law()


@pytest.mark.parametrize(
    ("noun", "written"),
    [
        (Name("Kunduz"), {"words": "Kunduz"}),
        (Voice("Police"), {"who": "Police"}),
        (Period(), {}),
        (Estimate(), {}),
        (Control("taken"), {"kind": "control", "status": "taken"}),
        (Commitment(), {"kind": "commitment"}),
        (
            Assertion(Statement(), (Voice("Gazette"),)),
            {"content": {"kind": "statement"}, "voices": [{"who": "Gazette"}]},
        ),
    ],
)
def test_defaults_are_not_written(noun: Any, written: Any) -> None:
    assert json.loads(msgspec.json.encode(noun)) == written


@given(assertions)
def test_a_default_written_out_is_a_default_left_out(a: Assertion) -> None:
    full = {"content": written_out(a.content), "voices": [written_out(v) for v in a.voices],
            "period": written_out(a.period), "quote": written_out(a.quote)}  # fmt: skip
    assert msgspec.convert(full, Assertion).id == a.id


def written_out(value: Any) -> Any:
    """A noun as builtins with every field, the defaults too."""
    if isinstance(value, Noun):
        tag = {"kind": kind(value)} if isinstance(value, Content) else {}  # type: ignore[arg-type]
        return tag | {name: written_out(getattr(value, name)) for name in value.__struct_fields__}
    return [written_out(part) for part in value] if isinstance(value, tuple) else value


@given(nouns)
def test_unknown_keys_are_refused(noun: Any) -> None:
    written = json.loads(msgspec.json.encode(noun)) | {"colour": "red"}
    with pytest.raises(msgspec.ValidationError, match="colour"):
        msgspec.convert(written, type(noun), strict=False)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ('{"kind": "rumour"}', "rumour"),
        ('{"status": "taken"}', "kind"),
        ('{"kind": "control"}', "status"),
        ('{"kind": "control", "status": "conquered"}', "conquered"),
        ('{"kind": "control", "status": "taken", "place": "Kunduz"}', "place"),
        ('{"kind": "event", "type": "clash", "killed": {"best": "dozens"}}', "killed.best"),
        ('{"kind": "judgement", "of": "a1", "verdict": "accept"}', "of"),
    ],
)
def test_content_that_is_wrong_is_refused_by_name(written: str, fault: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=re.escape(fault)):
        msgspec.json.decode(written, type=AnyContent)


def test_every_noun_of_the_model_is_tried_here() -> None:
    def all_of(cls: type) -> set[type]:
        return {cls}.union(*(all_of(sub) for sub in cls.__subclasses__()))

    of_the_model = {cls for cls in all_of(Noun) if cls.__module__ == model.__name__} - {Noun, Content, *KINDS}
    tried = {
        Name, Period, Estimate, Quote, Likelihood, Voice, Assertion, Document, Entry, Standing, Ignored, Row, Picture,
        Thing, Problem, Origin,
    }  # fmt: skip
    assert of_the_model == tried


def test_the_closed_list_holds_every_kind() -> None:
    assert set(KINDS) == set(Content.__subclasses__()) - {TurnedControl}
    tags = [str(cls.__struct_config__.tag) for cls in KINDS]
    assert len(set(tags)) == len(tags)
