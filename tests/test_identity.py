"""An id is what it always was: the quick way to it and the plain definition agree on every assertion there can be."""

import datetime as dt
from hashlib import blake2b
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from contested.model import (
    AnyContent,
    Assertion,
    Content,
    Control,
    Estimate,
    Event,
    Forecast,
    Judgement,
    Name,
    Noun,
    Period,
    Quantity,
    Quote,
    Voice,
    kind,
)
from test_model import assertions, contents

# Beyond what a war counts: signs, exponents, no number at all, and plain integers, as wide as JSON is given them.
odd = st.sampled_from([0.0, -0.0, 0.5, 1e15, 1e16, 1e22, 2.0**53 + 2, 1e300, 5e-324, float("inf"), float("nan"), 3, -7])
numbers = st.none() | odd | st.floats() | st.integers(-(2**63), 2**64 - 1)
estimates: st.SearchStrategy[Any] = st.builds(Estimate, *[numbers] * 3)


def by_definition(a: Assertion) -> str:
    """The id, as it was first defined."""
    said = plainly((a.content, a.voices, a.period, a.quote))
    return blake2b(msgspec.json.Encoder(order="sorted").encode(said), digest_size=12).hexdigest()


def plainly(value: Any) -> Any:
    if isinstance(value, Noun):
        names = value.__struct_fields__
        defaults = dict(zip(reversed(names), reversed(value.__struct_defaults__), strict=False))
        tag = {"kind": kind(value)} if isinstance(value, Content) else {}
        parts = ((name, getattr(value, name)) for name in names if name not in ("thing", "sure"))
        return tag | {name: plainly(part) for name, part in parts if name not in defaults or part != defaults[name]}
    if isinstance(value, tuple):
        return [plainly(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


@given(assertions)
def test_an_id_is_what_it_was_defined_to_be(a: Assertion) -> None:
    assert a.id == by_definition(a)


@given(assertions, contents)
def test_content_inside_content_counts_as_it_does_outside(a: Assertion, inner: AnyContent) -> None:
    for content in (Forecast("It will fall.", about=inner), Judgement((a.id,), "amend", amended=inner)):
        outer = replace(a, content=content)
        assert outer.id == by_definition(outer)
        nested = replace(a, content=Forecast("So they say.", about=content))
        assert nested.id == by_definition(nested)


@given(assertions, estimates)
def test_every_number_counts_as_it_did(a: Assertion, estimate: Estimate) -> None:
    for content in (Quantity("troops", estimate), Event("clash", killed=estimate, wounded=estimate)):
        counted = replace(a, content=content)
        assert counted.id == by_definition(counted)


SAID = Assertion(
    Event("air_strike", Name("the coalition", "coalition", 0.9), place=Name("صنعاء", "gn:71137", 1.0)),
    (Voice("The Example Courier"), Voice("Ḥasan “the elder”", "ministry", "say", denies=True)),
    Period(dt.date(2016, 10, 8), dt.date(2016, 10, 9), "day"),
    Quote("d7", 3, 61),
)
EVENT = SAID.content
assert isinstance(EVENT, Event)


@pytest.mark.parametrize(
    ("a", "noted"),
    [
        (SAID, "9ac7f5628cf398ee535a40dd"),
        (
            replace(SAID, content=replace(EVENT, killed=Estimate(140.0, 155.5), suicide=True)),
            "f520012f21809415ecad5ed3",
        ),
        (
            replace(SAID, content=Forecast("It will fall.", Control("taken", Name("Marib", sure=0.4)))),
            "518d48403112beb43d4bda45",
        ),
        (Assertion(Judgement(("f1", "f2"), "same"), (Voice("Ada"),)), "7ed59ea327492ad45be72473"),
    ],
)
def test_an_id_noted_elsewhere_still_holds(a: Assertion, noted: str) -> None:
    assert a.id == noted
