"""Toponyms of reports: which place a name means among its namesakes, and how sure that is."""

import json

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from contested.cli import contested
from contested.register import Register, open_register
from contested.register.marked import Marked, Span, whole_words
from contested.register.outlets import country_of, names_in
from contested.register.toponyms import Resolved, resolve


@pytest.fixture(scope="module")
def register() -> Register:
    return open_register()


def marked(text: str, source: str = "") -> Marked:
    """A report whose toponyms are written in [brackets]."""
    bare, spans = "", []
    for number, part in enumerate(text.replace("[", "]").split("]")):
        if number % 2:
            spans.append(Span(len(bare), len(bare) + len(part)))
        bare += part
    return Marked(bare, spans, source)


def places(register: Register, text: str, source: str = "", **how: object) -> list[Resolved]:
    (found,) = resolve(register, [marked(text, source)], **how)  # type: ignore[arg-type]
    return found


def within(register: Register, one: Resolved) -> tuple[str, ...]:
    return (one.thing, *register.ancestors(one.thing))


@pytest.mark.parametrize(("text", "found"), [
    ("[Paris] is the seat of Lamar County.", "iso:FR"),
    ("He was born in [Paris], Texas.", "iso:US-TX"),
    ("She moved to [Athens], Ga., in May.", "iso:US-GA"),
    ("The [Georgia] legislature met in [Atlanta] near [Macon].", "iso:US-GA"),
    ("Fighting in [Georgia] near [Tbilisi] and [Gori].", "iso:GE"),
    ("[Tripoli], [Beirut] and [Sidon] saw protests.", "iso:LB"),
    ("[Tripoli], [Benghazi] and [Misrata] saw protests.", "iso:LY"),
    ("[Birmingham] lies north of [Montgomery] and [Mobile].", "iso:US-AL"),
    ("[Birmingham] lies west of [Coventry] and [Leicester].", "iso:GB-ENG"),
    ("Yemen's [Marib] was shelled.", "iso:YE"),
    ("[Hyderabad] and [Karachi] are in the same province.", "iso:PK"),
    ("[Kandahar] province", "iso:AF-KAN"),
    ("The [Afghan] capital", "iso:AF"),
    ("in [Kan.] and [Mo.]", "iso:US-KS"),
    ("[Washington] said no.", "iso:US-DC"),
])  # fmt: skip
def test_what_stands_around_a_name_tells_namesakes_apart(register: Register, text: str, found: str) -> None:
    assert found in within(register, places(register, text)[0])


def test_an_outlet_is_at_home_where_its_other_reports_are(register: Register) -> None:
    others = [
        marked("The road from [Tyler] to [Corsicana] was closed.", "anderson-messenger.com"),
        marked("[Jacksonville] and [Tyler] play on Friday.", "anderson-messenger.com"),
        marked("A storm passed over [Tyler], Texas.", "anderson-messenger.com"),
    ]
    alone = marked("[Athens] votes today.", "anderson-messenger.com")
    *_, (told,) = resolve(register, [*others, alone])
    assert "iso:US-TX" in within(register, told)
    assert "iso:GR" in within(register, places(register, "[Athens] votes today.")[0])


@pytest.mark.parametrize(("source", "country"), [
    ("https://www.example.co.uk/news", "iso:GB"), ("example.ca", "iso:CA"), ("example.com", ""), ("example.tv", ""),
    ("Example Journal", ""), ("", ""),
])  # fmt: skip
def test_an_address_may_tell_a_country(source: str, country: str) -> None:
    assert country_of(source) == country


@pytest.mark.parametrize(("source", "name"), [
    ("edmontonjournal.com", "Edmonton"), ("https://www.dailykabul.net/x", "Kabul"),
    ("Glasgow Herald", "Glasgow"), ("kabulnews.example.org", "Kabul"), ("newyorkherald.com", "New York"),
])  # fmt: skip
def test_an_outlet_s_name_may_be_a_place_s(source: str, name: str) -> None:
    assert name in names_in(source)


def test_the_home_of_a_workspace_is_likelier(register: Register) -> None:
    for home in ("LB", "LY"):
        assert f"iso:{home}" in within(register, places(register, "[Tripoli] was attacked.", home=home)[0])


def test_what_is_not_known_falls_back_and_says_so(register: Register) -> None:
    known, unknown = places(register, "Clashes in [Kunduz] spread to [Qwertyabad].")
    assert (known.precision, unknown.precision, unknown.thing) == ("feature", "fallback", known.thing)
    assert unknown.confidence <= 0.15
    (held,) = places(register, "Clashes in [Qwertyabad], Helmand, went on.")
    assert (held.thing, held.precision) == ("iso:AF-HEL", "containing")
    (nothing,) = places(register, "Clashes in [Qwertyabad].")
    assert (nothing.thing, nothing.latitude, nothing.confidence, nothing.precision) == ("", None, 0.0, "")


def test_a_report_of_one_unknown_place_falls_back_on_its_outlet_s_home(register: Register) -> None:
    others = [marked("[Tyler] and [Longview], Texas, voted.", "anderson-messenger.com") for _ in range(2)]
    *_, (told,) = resolve(register, [*others, marked("[Qwertyabad] votes.", "anderson-messenger.com")])
    assert "iso:US-TX" in within(register, told)
    assert (told.precision, told.confidence) == ("fallback", 0.05)


def test_a_hostile_report_is_answered_soon(register: Register) -> None:
    text = "A" * 200_000 + "’s " * 1000
    (found,) = resolve(register, [Marked(text, [Span(number, len(text) - number) for number in range(1, 3000)])])
    assert len(found) == 2999


def test_part_of_a_place_is_known_by_what_holds_it(register: Register) -> None:
    (north,) = places(register, "Troops left northern [northern Helmand].")
    assert (north.thing, north.precision) == ("iso:AF-HEL", "containing")
    assert north.confidence <= 0.5


def test_runners_up_are_less_sure_and_at_most_five(register: Register) -> None:
    (found,) = places(register, "[Springfield] is a common name.")
    confidences = [found.confidence, *(one.confidence for one in found.runners_up)]
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) <= 1
    assert len(found.runners_up) == 5


def test_a_span_is_read_by_whole_words() -> None:
    text = "Flights to Edmonton resumed."
    assert text[slice(*whole_words(text, Span(13, 21)))].strip() == "Edmonton"
    assert text[slice(*whole_words(text, Span(11, 19)))] == "Edmonton"
    assert text[slice(*whole_words(text, Span(13, 15)))] == "Edmo"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.lists(st.tuples(*[st.integers(0, 90)] * 2), max_size=6), st.text(max_size=40))
def test_any_report_is_answered_span_by_span(register: Register, text: str, ends: list[tuple[int, int]], source: str):
    spans = [Span(*sorted(pair)) for pair in ends]
    (found,) = resolve(register, [Marked(text, spans, source)])
    assert [(one.start, one.end) for one in found] == [(span.start, span.end) for span in spans]
    for one in found:
        assert 0 <= one.confidence <= 1
        assert (one.thing == "") == (one.latitude is None) == (one.precision == "")


# ── the command ──────────────────────────────────────────────────────────────────────────────────


def test_resolve_answers_good_lines_and_names_bad_ones(tmp_path) -> None:
    lines = [
        json.dumps({"text": "Kunduz fell.", "spans": [{"start": 0, "end": 6}], "published": "2021-08-08", "id": 7}),
        "{", json.dumps({"text": "x", "spans": [{"start": 0, "end": 9}]}), "",
        json.dumps({"text": "Aden", "spans": [{"start": 0, "end": 4}], "source": None}),
    ]  # fmt: skip
    (tmp_path / "reports.jsonl").write_text("\n".join(lines))
    run = CliRunner().invoke(contested, ["resolve", str(tmp_path / "reports.jsonl")], standalone_mode=False)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert [answer["line"] for answer in answers] == [1, 5]
    assert answers[0]["spans"][0]["thing"] == "gn:1135689"
    assert {"start", "end", "name", "latitude", "longitude", "confidence", "precision", "runners_up"} < set(
        answers[0]["spans"][0]
    )
    assert "reports.jsonl:2: it is no report" in run.stderr
    assert "reports.jsonl:3: the span 0–9 is not within its text" in run.stderr
    assert run.return_value == 3
