"""Pictures and assertions out: nothing lost in the data, nothing harmful in the text."""

import csv as sheets
import datetime as dt
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contested.model import (
    Assertion,
    Commitment,
    Control,
    Designation,
    Estimate,
    Event,
    Forecast,
    Judgement,
    Likelihood,
    Name,
    Period,
    Picture,
    Quantity,
    Quote,
    Relation,
    Responsibility,
    Row,
    Standing,
    Statement,
    Thing,
    Voice,
)
from contested.write import writers
from contested.write.csv import inert, sheet
from contested.write.phrase import chain, estimate, headline, period, phrase
from contested.write.plain import line, plain
from contested.write.table import cells_wide, cut, lay_out, printable

KUNDUZ = Thing("geonames:1135690", "place", ("Kunduz",), type="settlement", latitude=36.73, longitude=68.87)
DAY = dt.date(2021, 8, 8)
PICTURE = Picture(
    "control",
    "last-report@1",
    DAY,
    dt.datetime(2021, 8, 9, 12, tzinfo=dt.UTC),
    ("place", "value", "holder"),
    (
        Row(
            ("Kunduz",), "taken", "contested", "last report", ("a1", "a2"), ("b1",), (), DAY, (KUNDUZ.id,), ("Taliban",)
        ),
        Row(("Imām Şāḩib",), "held", "settled", things=("",)),
    ),
)


def places(thing: str) -> Thing | None:
    return KUNDUZ if thing == KUNDUZ.id else None


def test_csv_holds_every_row_with_its_evidence() -> None:
    rows = list(sheets.DictReader(io.StringIO(writers()["csv"].write(PICTURE, places))))
    assert [row["place"] for row in rows] == ["Kunduz", "Imām Şāḩib"]
    assert rows[0]["value"] == "taken"
    assert rows[0]["holder"] == "Taliban"
    assert rows[0]["support_ids"].split() == ["a1", "a2"]
    assert rows[0]["against_ids"] == "b1"
    assert rows[0]["known"] == "2021-08-09T12:00:00Z"
    assert rows[1]["holder"] == ""


def test_geojson_puts_known_places_on_the_map_and_keeps_the_others() -> None:
    features = json.loads(writers()["geojson"].write(PICTURE, places))["features"]
    assert features[0]["geometry"] == {"type": "Point", "coordinates": [68.87, 36.73]}
    assert features[0]["properties"]["holder"] == "Taliban"
    assert features[1]["geometry"] is None


def test_json_writes_defaults_out() -> None:
    data = json.loads(writers()["json"].write(PICTURE, places))
    assert data["schema"] == "contested/picture/1"
    assert data["rows"][1]["last_evidence"] is None
    assert data["rows"][1]["ignored"] == []
    assert data["on"] == "2021-08-08"


def test_table_aligns_and_names_every_column() -> None:
    lines = writers()["table"].write(PICTURE, places).splitlines()
    assert lines[0].split("  ")[0].strip() == "place"
    at = lines[0].index("value")
    assert lines[2][at:].startswith("taken")
    assert lines[3][at:].startswith("held")


def test_an_assertion_s_line_is_the_public_format() -> None:
    said = Assertion(
        Control("taken", Name("Kunduz", KUNDUZ.id, 0.9), Name("Taliban")),
        (Voice("AP"), Voice("police", cue="said", denies=True)),
        Period(DAY, DAY + dt.timedelta(1), "day"),
        Quote("doc", 4, 10),
    )
    standing = Standing(said.id, said, "control@1", PICTURE.known, "AP", DAY, "a.txt")
    assert line(standing, "Kunduz") == {
        "id": said.id,
        "document": "doc",
        "file": "a.txt",
        "source": "AP",
        "published": "2021-08-08",
        "recorder": "control@1",
        "content": {
            "kind": "control",
            "status": "taken",
            "place": {"words": "Kunduz", "thing": KUNDUZ.id, "sure": 0.9},
            "holder": {"words": "Taliban", "thing": "", "sure": 0.0},
            "extent": "",
        },
        "voices": [
            {"who": "AP", "thing": "", "cue": "", "denies": False},
            {"who": "police", "thing": "", "cue": "said", "denies": True},
        ],
        "period": {"since": "2021-08-08", "until": "2021-08-09", "precision": "day"},
        "likelihood": None,
        "quote": {"start": 4, "end": 10, "text": "Kunduz"},
        "confidence": 1.0,
    }


def test_nested_content_keeps_its_kind() -> None:
    assert plain(Forecast("it falls", Control("taken")))["about"]["kind"] == "control"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (Control("taken", Name("Kunduz"), Name("Taliban"), "most"), "Kunduz: taken by Taliban (most)"),
        (
            Event("bombing", Name("Taliban"), Name("police"), Name("Kabul"), killed=Estimate(5, 5, 5), suicide=True),
            "suicide bombing, Taliban → police, Kabul, 5 killed",
        ),
        (Event("bombing", recipient=Name("a convoy")), "bombing, ? → a convoy"),
        (Responsibility("blamed", Name("ISIS-K"), "the attack"), "blamed on ISIS-K (the attack)"),
        (Relation("splits_from", Name("A"), Name("B")), "A splits from B"),
        (Commitment(Name("Taliban"), "host al-Qaida", "must_not"), "Taliban must not host al-Qaida"),
        (Designation("listed", Name("UN"), Name("X"), Name("1988 list")), "UN listed X (1988 list)"),
        (
            Quantity("internally_displaced", Estimate(30000), place=Name("Kunduz")),
            "internally displaced: at least 30,000 (Kunduz)",
        ),
        (Statement(Name("Ghani"), "the talks"), "Ghani: the talks"),
        (Judgement(("a1",), "resolved_true", "as seen"), "resolved true a1 (as seen)"),
    ],
)
def test_phrases(content: object, expected: str) -> None:
    assert phrase(content) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Estimate(3, 3, 3), "3"),
        (Estimate(3, None, 5), "3–5"),
        (Estimate(24, 30, 48), "24–48 (30)"),
        (Estimate(30, 30), "at least 30"),
        (Estimate(None, None, 1200), "at most 1,200"),
        (Estimate(None, 7.5), "7.5"),
        (Estimate(), ""),
    ],
)
def test_estimates(value: Estimate, expected: str) -> None:
    assert estimate(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Period(DAY, DAY + dt.timedelta(1), "day"), "2021-08-08"),
        (Period(dt.date(2021, 8, 1), dt.date(2021, 9, 1), "month"), "2021-08"),
        (Period(dt.date(2021, 1, 1), dt.date(2022, 1, 1), "year"), "2021"),
        (Period(DAY), "since 2021-08-08"),
        (Period(None, DAY), "until 2021-08-08"),
        (Period(), ""),
    ],
)
def test_periods(value: Period, expected: str) -> None:
    assert period(value) == expected


def test_a_denial_shows_in_the_chain_and_a_hedge_in_the_headline() -> None:
    voices = (Voice("AP"), Voice("police"), Voice("spokesman", denies=True))
    said = Assertion(Statement(Name("x"), "y"), voices, likelihood=Likelihood(0.55, 0.8, "likely"))
    assert chain(voices) == "AP ▸ police ▸ spokesman (denies)"
    assert headline(said) == "x: y, likely (55%–80%)"


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_csv_reads_back_as_it_was_but_for_formulas(rows: list[list[str]]) -> None:
    read = list(sheets.reader(io.StringIO(sheet(["a", "b"], rows), newline="")))
    assert read[1:] == [[inert(cell) for cell in row] for row in rows]


@given(st.text())
def test_no_cell_is_a_formula(text: str) -> None:
    shown = inert(text)
    if shown.startswith(("=", "+", "-", "@")):
        float(shown)  # a plain number may keep its sign
    assert shown.removeprefix("'") == text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("'")


@given(st.text())
def test_no_text_steers_the_terminal(text: str) -> None:
    shown = printable(text + "\x1b[2J\u202e\r\n\x07")
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 or char in "\u202e\u2066\u2028" for char in shown)


@given(st.text(), st.integers(1, 40))
def test_cut_never_exceeds_its_width(text: str, width: int) -> None:
    assert cells_wide(cut(printable(text), width)) <= width


@given(st.lists(st.tuples(st.text(max_size=60), st.text(max_size=60)), max_size=4), st.integers(20, 90))
def test_a_table_fits_the_terminal(rows: list[tuple[str, str]], width: int) -> None:
    for text in lay_out(("first", "second"), rows, width).splitlines():
        assert cells_wide(text) <= width


def test_a_table_is_whole_where_no_width_is_given() -> None:
    long = "word " * 60
    assert long.strip() in lay_out(("a",), [(long,)])
