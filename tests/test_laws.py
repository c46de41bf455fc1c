"""Laws of the whole chain, from a report to a picture, with the trained reader in it.

The same words give the same assertions whoever the parties are; every quote is in its text; reading is a function of
the report alone; the record does not care how often or in what order reports come.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contested import open_workspace
from contested.extract import extract
from contested.model import Assertion, Document, Estimate, Name
from contested.register import Register, open_register
from contested.text import reading
from contested.text.lemmas import lemma
from contested.text.sentences import Sentence, Token, sentences
from contested.workspace import Workspace

DAY = dt.date(2021, 8, 11)


@cache
def register() -> Register:
    return open_register()


def report(text: str) -> Document:
    return Document("d", "The Example Courier", text, "0" * 64, DAY, "given")


def assertions(text: str) -> list[Assertion]:
    return [a for _, own in extract(report(text), register()) for a in own]


# ── the same words give the same assertions, whoever the parties are ─────────────────────────────

# Names of one shape: as many words, of the same sort, in the same places.
SHAPES = {
    "organisations": ("Hamas", "Hezbollah", "Fatah", "Amal"),
    "forces": ("Afghan forces", "Iraqi forces", "Syrian forces", "Yemeni forces"),
    "fighters": ("Taliban fighters", "Houthi fighters", "Hamas fighters", "Hezbollah fighters"),
    "armies": ("the Afghan army", "the Iraqi army", "the Syrian army", "the Yemeni army"),
    "unheard of": ("the Karo Brigade", "the Velna Brigade", "the Dorim Brigade", "the Sutha Brigade"),
}
PAIRS = {f"{one} and {two}": (one, two) for names in SHAPES.values() for one, two in combinations(names, 2)}

TEMPLATES = (
    "{A} seized the town of Marjah on Monday.",
    "{A} said that {B} had shelled a hospital in Aden.",
    "{A} denied that it had lost Taiz.",
    "{B} drove {A} out of Kunduz, police said.",
    "Officials blamed {A} for the bombing of the market.",
    "{A} claimed responsibility for the attack, and {B} denied any role.",
    "{A} accused {B} of breaking the truce.",
    "{A} has close ties to {B}.",
    "Marib was surrounded by {A}, while {B} still held the airport.",
    "{A} has pledged not to host foreign fighters, but {B} doubts it.",
    "{A} warned that {B} could overrun the capital within six months.",
    "{A} attacked a checkpoint held by {B} on Sunday, killing six people.",
    "{A} and {B} agreed to a ceasefire on Friday.",
    "The United States put {A} on its list of terrorist organizations, but not {B}.",
    "{A} captured three soldiers near the border with {B} watching.",
    "At least 20 people were killed when {A} bombed a convoy of {B} in Herat.",
    "According to {A}, {B} retook the district of Andar last week.",
    "Clashes between {A} and {B} erupted in Taiz on Tuesday.",
    "Twelve soldiers were killed by {A} in Lahj, {B} said.",
    "{A} will withdraw from Hodeidah within 21 days, a spokesman for {B} said.",
)
PEOPLES = ("Afghans", "Somalis", "Iraqis", "Armenians")
OF_PEOPLES = (
    "A bomb killed five {A} and wounded three {B} in Herat.",
    "Two {A} and a dozen {B} were shot dead on Monday, police said.",
)
HELD_BY_THE_READER = 0.85  # of all exchanges; raise it when the reader gets better


def told(template: str, one: str, two: str) -> str:
    text = template.format(A=one, B=two)
    return text[0].upper() + text[1:]


def exchange(one: str, two: str) -> Callable[[str], str]:
    """A function that writes one for two and two for one."""
    turned = {one: two, two: one}
    names = re.compile("|".join(re.escape(name) for name in turned))
    return lambda text: names.sub(lambda found: turned[found[0]], text)


def own_name(name: str) -> str:
    """The word that sets a name apart from the others of its shape."""
    return next(word for word in name.split() if word not in ("the", "forces", "fighters", "army", "Brigade"))


def in_words(found: Sequence[Assertion], text: str, change: Callable[[str], str] = str) -> list[str]:
    """Assertions as the words they are made of, quotes in words, names changed; without what they resolve to."""

    def changed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: changed(part) for key, part in value.items() if key not in ("thing", "sure")}
        if isinstance(value, list | tuple):
            return [changed(part) for part in value]
        return change(value) if isinstance(value, str) else value

    whole = [(a, text[a.quote.start : a.quote.end] if a.quote else "") for a in found]
    return sorted(
        repr(changed(msgspec.to_builtins((a.content, a.voices, a.period, a.likelihood, words)))) for a, words in whole
    )


def differences(template: str, one: str, two: str) -> list[str]:
    """What differs between a report and its counterpart with the parties exchanged, put back."""
    here, there = told(template, one, two), told(template, two, one)
    change = exchange(own_name(one), own_name(two))
    expected, found = in_words(assertions(here), here, change), in_words(assertions(there), there)
    return [f"{there}: {each}" for each in (*expected, *found) if (each in expected) != (each in found)]


def test_the_reader_seldom_tells_one_party_from_another() -> None:
    """Rules and reader together: the trained reader has seen some names more often than others, and may waver where
    words can be joined in two ways ("bombed a convoy of B in Herat"). How often it does is bounded here."""
    tried = [(template, pair) for template in TEMPLATES for pair in PAIRS]
    wavering = {told(template, *PAIRS[pair]): found for template, pair in tried
                if (found := differences(template, *PAIRS[pair]))}  # fmt: skip
    assert 1 - len(wavering) / len(tried) >= HELD_BY_THE_READER, wavering


@pytest.mark.parametrize(
    ("template", "pairs"),
    [*((each, PAIRS.values()) for each in TEMPLATES), *((each, combinations(PEOPLES, 2)) for each in OF_PEOPLES)],
    ids=(*TEMPLATES, *OF_PEOPLES),
)
def test_no_rule_knows_a_party(
    template: str, pairs: Iterable[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the trees held fixed the law has no exception: no lexicon and no rule may tell one party from another."""
    for one, two in pairs:
        here, there = told(template, one, two), told(template, two, one)
        expected = in_words(assertions(here), here, exchange(own_name(one), own_name(two)))
        lent = trees_lent(here, there)
        with monkeypatch.context() as lending:
            lending.setattr(reading, "read_tokens", lambda _, lent=lent: lent)
            assert in_words(assertions(there), there) == expected


def trees_lent(here: str, there: str) -> list[Sentence]:
    """The sentences of a text with the tags of its counterpart's: the same trees, other names."""
    tagged = reading.read_tokens(list(sentences(here)))
    return [
        replace(bare, tokens=tuple(map(with_tags_of, bare.tokens, other.tokens)))
        for bare, other in zip(sentences(there), tagged, strict=True)
    ]


def with_tags_of(own: Token, other: Token) -> Token:
    """The other's tags on one's own word."""
    base = other.lemma if own.text == other.text else lemma(own.text, other.pos)
    return replace(other, start=own.start, end=own.end, text=own.text, lemma=base)


# ── what is told is in the quote, and what nobody did is not told ─────────────────────────────────

FULL = (
    "Between 20 and 30 people were killed in an air strike on a wedding in Nangarhar, residents said.",
    "Taliban fighters seized the town of Marjah in Helmand on Monday.",
    "At least 12 people were killed and 40 wounded in a car bombing in Herat.",
    "Houthi fighters shelled a hospital in Aden on Tuesday, the army said.",
    "The United States put the group on its list of terrorist organizations.",
    "The government of Yemen agreed to withdraw from Hodeidah.",
    "Some 3,500 troops remain in Iraq.",
)


@pytest.mark.parametrize("text", FULL)
def test_every_name_and_number_of_an_assertion_is_in_its_quote(text: str) -> None:
    """Pronouns aside: what a row is made of, its quote must show."""
    found = [a for a in assertions(text) if a.kind != "statement"]
    assert found
    for a in found:
        assert a.quote is not None
        words = text[a.quote.start : a.quote.end]
        parts = [getattr(a.content, name) for name in a.content.__struct_fields__]
        assert [part.words for part in parts if isinstance(part, Name) and part.words not in words] == []
        counts = [n for part in parts if isinstance(part, Estimate) for n in (part.low, part.high) if n]
        assert [n for n in counts if f"{n:,.0f}" not in words] == []


NOBODY = ("No one", "Nobody", "No group", "Neither side", "None of them")
DEEDS = ("has claimed responsibility for the attack.", "has taken Marib.", "has shelled the hospital.")


def test_what_nobody_did_is_denied_or_not_told() -> None:
    tried = [f"{nobody} {deed}" for nobody in NOBODY for deed in DEEDS]
    deeds = ("control", "event", "responsibility")
    assert [text for text in tried if any(a.kind in deeds and not a.denied for a in assertions(text))] == []


# ── reading is a function of the report alone ────────────────────────────────────────────────────

SENTENCES = (
    "Taliban fighters seized Kunduz on Monday, the interior ministry said.",
    "“We have left the city,” said a spokesman. “We will come back.”",
    "At least 12 people were killed and dozens wounded in a car bombing in Herat.",
    "The rebels denied that they had shelled the hospital.",
    "The government pledged to release 5,000 prisoners within ten days.",
    "According to two officials, the army lost the districts of Andar, Nawa and Qarabagh.",
    "Analysts warned that the capital could fall within six months.",
    "He said that it was not true.",
    "The Security Council put the group on its sanctions list in January 2021.",
    "Some 3,500 troops remain in the country, down from 13,000 a year ago.",
)
NOISE = (
    "", " ", "\n", "\n\n\n", "“", "”", '"', "'", "(", "[1]", "—", "…", "!!!", "¿", ":", ";", "\u200b", "\ufeff",
    "\u202e", "\x00", "\t|\t12\t|", "<b>", "&amp;", "{0}", "%s", "http://example.org/?q=1&r=2", "كابل", "Кабул",
    "喀布尔", "🕊️", "e\u0301", "ﬁ", "½", "10,000,000,000", "31 February 2021", "a" * 300, "said said said",
    "of of of the the", "Said that", "Photo: AP", "* * *",
)  # fmt: skip
pieces = (
    st.sampled_from(SENTENCES) | st.sampled_from(NOISE) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
)
mixtures = st.lists(st.tuples(pieces, st.sampled_from([" ", "", "\n", "\n\n"])), max_size=8).map(
    lambda parts: "".join(piece + gap for piece, gap in parts)
)
seldom = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@seldom
@given(mixtures)
def test_every_quote_is_in_its_text_whatever_the_text(text: str) -> None:
    for recorder, own in extract(report(text), register()):
        assert len({a.id for a in own}) == len(own), recorder
        for a in own:
            assert a.voices[0].who == "The Example Courier"
            assert a.quote is not None
            assert a.quote.document == "d"
            assert 0 <= a.quote.start < a.quote.end <= len(text)
            assert any(letter.isalnum() for letter in text[a.quote.start : a.quote.end])
            assert a.period.since is None or a.period.until is None or a.period.since < a.period.until
            assert a.likelihood is None or 0 <= a.likelihood.low <= a.likelihood.high <= 1
            assert msgspec.json.decode(msgspec.json.encode(a), type=Assertion).id == a.id


@seldom
@given(mixtures, mixtures)
def test_reading_again_finds_the_same_whatever_was_read_between(one: str, other: str) -> None:
    first = assertions(one)
    assertions(other)
    assert assertions(one) == first


@settings(seldom, derandomize=True)
@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4), st.lists(st.sampled_from(SENTENCES), max_size=4))
def test_what_was_said_stays_said_when_more_is_said_after_it(before: list[str], after: list[str]) -> None:
    """Each paragraph is read by itself but for what stands before it."""
    short, long = "\n\n".join(before), "\n\n".join([*before, *after])
    early = [a for a in assertions(long) if a.quote and a.quote.end <= len(short)]
    assert in_words(early, long) == in_words(assertions(short), short)


# ── the record does not care how often or in what order reports come ─────────────────────────────

REPORTS = {
    "a.txt": """source: Gazette
published: 2021-08-08

Taliban fighters seized Kunduz on Sunday. The army denied that it had lost the city.
""",
    "b.txt": """source: Sample Wire
published: 2021-08-09

Kunduz fell to the Taliban on Sunday, two officials said.

Police said a bomb killed 12 people in Herat on Saturday.
""",
    "c.txt": """source: Specimen Radio
published: 2021-08-10

A bomb killed at least 10 people in Herat on Saturday, a doctor said. The Taliban denied responsibility for the bombing.
""",
    "d.txt": """source: Gazette
published: 2021-08-11

Afghan forces recaptured Kunduz on Tuesday, the defence ministry said. Analysts warned that Kabul could fall within
six months.
""",
}


def written(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in REPORTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def drawn(workspace: Workspace) -> dict[str, Any]:
    """Every picture of a workspace, but for the moment it was drawn."""
    return {name: workspace.picture(name).rows for name in workspace.codebooks()}


def test_adding_twice_changes_nothing(tmp_path: Path) -> None:
    clips = written(tmp_path / "clips")
    with open_workspace(tmp_path / "w", create=True) as workspace:
        first = workspace.add([clips])
        assert (first.documents, first.problems) == (4, ())
        assert first.assertions > 5
        head, pictures = workspace.ledger.head(), drawn(workspace)
        again = workspace.add([clips, clips / "a.txt"])
        assert (again.documents, again.assertions, again.known) == (0, 0, 4)
        assert workspace.ledger.head() == head
        assert drawn(workspace) == pictures
        workspace.add([clips], again=True)  # read anew by the same extractors
        assert drawn(workspace) == pictures
        assert workspace.verify() == []


def test_the_order_of_reports_does_not_change_any_picture(tmp_path_factory: pytest.TempPathFactory) -> None:
    clips = written(tmp_path_factory.mktemp("clips"))

    def pictures(order: Sequence[str]) -> dict[str, Any]:
        folder = tmp_path_factory.mktemp("w") / "w"
        with open_workspace(folder, create=True) as workspace:
            for name in order:
                workspace.add([clips / name])
            return drawn(workspace)

    expected = pictures(sorted(REPORTS))
    assert any(expected.values())

    @settings(max_examples=4, deadline=None)
    @given(st.permutations(sorted(REPORTS)))
    def law(order: list[str]) -> None:
        assert pictures(order) == expected

    law()
