"""What a language model answers: read leniently or refused, asked in passages, halved, and signed."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from contested.errors import UsageError
from contested.extract.llm import KINDS, Found, Reply, kinds_read, read, recorder, to_send
from contested.extract.llm.answer import MOST, forms
from contested.extract.llm.form import fields
from contested.extract.llm.passages import LEAST, Passage, halves, passages
from contested.extract.llm.prompt import Messages
from llm_world import DOCUMENT, KUNDUZ, TEXT, register
from test_llm_reading import reads

# ── answers ──────────────────────────────────────────────────────────────────────────────────────

GOOD = json.dumps({"assertions": [KUNDUZ]})


@pytest.mark.parametrize(
    "text",
    [
        GOOD, f"```json\n{GOOD}\n```", f"Here it is:\n{GOOD}\nI hope this helps.", json.dumps([KUNDUZ]),
        f"<think>{{Kunduz}} fell?</think>\n\n{GOOD}", f"\n\n{json.dumps(json.loads(GOOD), indent=2)}\n",
    ],
)  # fmt: skip
def test_an_answer_is_read_leniently(text: str) -> None:
    assert forms(Reply(text)) == [KUNDUZ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is empty"), (" \n", "it is empty"), ("<think>…</think>", "it is empty"),
        ("I cannot.", "it is no JSON"),
        (GOOD[:-20], "it is no JSON"), ("{}", "no list"), ('{"assertions": 7}', "no list"), ("7", "no list"),
        ("null", "no list"), ('"x"', "no list"), ("[" * 100_000, "no JSON"), ('{"assertions":' * 50_000, "no JSON"),
        ("[" * 50_000 + "]" * 50_000, "no JSON"), ('{"assertions": ["\\ud800"]}', "no JSON"), ("{'a': 1}", "no JSON"),
        (json.dumps([{}] * (MOST + 1)), f"at most {MOST}"), ("\0\x01", "no JSON"),
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_read_says_why(text: str, why: str) -> None:
    assert why in forms(Reply(text))


def test_an_answer_that_cannot_be_read_is_refused_once_and_shown_short() -> None:
    found = read(DOCUMENT, register(), "", lambda _m, _s: Reply("no " * 5_000))
    (refused,) = found.refused
    assert refused.reason == "an answer cannot be read: it is no JSON"
    assert len(refused.said) < 600


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["kind", "quote", "x"]), inner),
    max_leaves=8,
)
said_of_it = st.text(max_size=12) | st.sampled_from(TEXT.split()) | st.sampled_from([TEXT[:80], TEXT[4:30]])
filled_in = st.fixed_dictionaries(
    {"kind": st.sampled_from([*KINDS, "judgement"]), "quote": said_of_it},
    optional={name: said_of_it | json_values for kind in KINDS for name in (*fields(kind), "when", "hedge")}
    | {"voices": st.lists(said_of_it, max_size=3), "denied": st.booleans(), "status": st.just("taken"),
       "type": st.just("clash"), "act": st.just("listed"), "stance": st.just("claims")},
)  # fmt: skip


@given(st.lists(filled_in | json_values, max_size=4))
def test_whatever_is_filled_in_every_word_recorded_stands_in_the_text(said: list[Any]) -> None:
    found = reads(*said)
    assert len(found.assertions) + len(found.refused) <= len(said)
    for a in found.assertions:
        assert a.quote
        assert 0 <= a.quote.start < a.quote.end <= len(TEXT)
        assert a.voices[0].who == DOCUMENT.source
        told = [*(voice.who for voice in a.voices[1:]), *strings(msgspec.to_builtins(a.content))]
        assert [each for each in told if each not in TEXT] == []


def strings(content: dict[str, Any]) -> list[str]:
    """The words of a content: names and text, but no choices."""
    choices = {name for name, sort in fields(content["kind"]).items() if isinstance(sort, tuple)}
    held = (value for name, value in content.items() if name not in choices and name != "kind")
    return [value["words"] if isinstance(value, dict) else value for value in held
            if isinstance(value, str) or (isinstance(value, dict) and "words" in value)]  # fmt: skip


@given(st.text(max_size=300))
def test_no_answer_whatever_breaks_the_reading(text: str) -> None:
    assert read(DOCUMENT, register(), "", lambda _m, _s: Reply(text)).assertions == ()


# ── passages ─────────────────────────────────────────────────────────────────────────────────────


@given(st.text(alphabet="ab. \n\u2028é漢", max_size=400), st.integers(2, 60))
def test_passages_hold_every_word_in_order_and_none_is_too_long(text: str, size: int) -> None:
    cut = list(passages(text, size))
    assert all(0 < each.size <= size for each in cut)
    assert all(one.end <= other.start for one, other in pairwise(cut))
    left = [text[one.end : other.start] for one, other in pairwise(cut)]
    ends = [text[: cut[0].start], text[cut[-1].end :]] if cut else [text]
    assert "".join([*left, *ends]).strip() == ""


def test_paragraphs_stay_whole_where_they_fit() -> None:
    text = "\n\n".join(["One sentence here. Another."] * 5)
    assert [text[p.start : p.end].count("Another") for p in passages(text, 60)] == [2, 2, 1]


def test_a_long_solid_run_is_cut_all_the_same() -> None:
    assert [each.size for each in passages("x" * 10_000, 4_000)] == [4_000, 4_000, 2_000]


def test_an_answer_cut_short_is_asked_for_in_halves() -> None:
    text = "\n\n".join(f"Rebels captured Town{n}." for n in range(100))
    asked: list[int] = []

    def ask(told: Messages, _schema: Any) -> Reply:
        asked.append(len(told[1]["content"]))
        return Reply('{"assertions": [', cut=True) if len(asked) == 1 else Reply('{"assertions": []}')

    found = read(replace(DOCUMENT, text=text), register(), "", ask)
    assert found == Found((), ())
    assert len(asked) == 3
    assert max(asked[1:]) < asked[0]


def test_a_model_that_never_ends_is_not_asked_for_ever() -> None:
    text = "\n\n".join(f"Rebels captured Town{n}." for n in range(100))
    asked = 0

    def ask(_told: Messages, _schema: Any) -> Reply:
        nonlocal asked
        asked += 1
        return Reply("{", cut=True)

    found = read(replace(DOCUMENT, text=text), register(), "", ask)
    assert asked < 4 * len(text) / LEAST
    assert {each.reason for each in found.refused} == {"an answer cannot be read: it was cut short"}


def test_what_is_short_is_not_halved() -> None:
    assert halves(TEXT, Passage(0, LEAST - 1)) == ()


# ── recorders ────────────────────────────────────────────────────────────────────────────────────


def test_a_model_signs_with_its_name_and_the_prompt_s_version() -> None:
    assert recorder("Qwen3:8B") == "llm-qwen3-8b@1"
    assert recorder("org/Model.v2_x", ("event", "control")) == "llm-org-model.v2_x@1.event.control"
    assert recorder("модель") == "llm-модель@1"
    assert "@" not in recorder("a@b").removeprefix("llm-a-b@")
    assert len(recorder("x" * 1_000)) < 100


@pytest.mark.parametrize("model", ["", "  ", "../..", "@", "-"])
def test_a_model_without_a_name_is_refused(model: str) -> None:
    with pytest.raises(UsageError, match="no name of a model"):
        recorder(model)


def test_the_kinds_read_are_told_by_the_recorders() -> None:
    assert kinds_read("m", frozenset({"control@3", "llm-m@1"})) == KINDS
    assert kinds_read("m", frozenset({"llm-m@1.control.quantity"})) == ("control", "quantity")
    assert kinds_read("m", frozenset({"llm-m@0", "llm-m2@1", "llm@1"})) == ()


def test_what_is_to_be_sent_is_counted_rules_and_all() -> None:
    sent: list[Messages] = []

    def ask(told: Messages, _schema: Any) -> Reply:
        sent.append(told)
        return Reply('{"assertions": []}')

    long = replace(DOCUMENT, text=TEXT + "\n\n" + "Nothing else happened there. " * 400)
    read(long, register(), "", ask)
    assert to_send(long) == (len(sent), sum(len(each["content"]) for told in sent for each in told))
    assert len(sent) > 1
