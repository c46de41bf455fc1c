"""Reports and lists: shown whole and escaped, filtered, cut into pages, as they were on record then."""

from __future__ import annotations

import datetime as dt
import re

import msgspec
import pytest
from msgspec.structs import replace
from starlette.testclient import TestClient

from contested.model import Assertion, Control, Document, Name, Quote, Standing, Voice
from contested.web import app
from web_world import DOCUMENTS, FIRST, HERE, WIRE, Page, World


def test_a_report_is_shown_whole_and_escaped(web: TestClient) -> None:
    html = web.get("/doc/doc-wire").text
    assert "&lt;hospital officials &amp; others&gt;" in html
    body = "".join(re.findall(r'<p class="text"[^>]*>(.*?)</p>', html, re.DOTALL))
    assert Page(body).text == WIRE
    assert "from the page’s own metadata" in html
    assert "a" * 64 in html


def test_no_folder_of_this_machine_is_shown(web: TestClient) -> None:
    for path in ("/doc/doc-wire", "/doc/doc-herald", "/documents", "/assertions", "/timeline"):
        at = web.get(path).text + web.get(f"{path}.json").text
        assert "somebody" not in at
        assert "C:" not in at
    assert "kunduz.html" in web.get("/documents").text


def test_filters(web: TestClient) -> None:
    assert {each["content"]["kind"] for each in web.get("/assertions.json?kind=event").json()["assertions"]} == {
        "event"
    }
    assert {each["source"] for each in web.get("/assertions.json?source=Example+Wire").json()["assertions"]} == {
        "Example Wire"
    }
    assert [each["id"] for each in web.get(f"/assertions.json?id={FIRST.id}").json()["assertions"]] == [FIRST.id]
    found = web.get("/assertions.json?q=FALLEN+ministry").json()["assertions"]
    assert [each["quote"]["text"] for each in found] == ["denied that the city had fallen"]
    days = web.get("/timeline.json?since=2021-08-03&until=2021-08-04").json()["events"]
    assert [each["content"]["type"] for each in days] == ["bombing"]


def test_a_long_list_and_a_long_report_are_cut_into_pages() -> None:
    text = "\n".join(f"Rebels took town {n}. " + "x" * 60 for n in range(1500))
    report = Document("long", "Example Wire", text, "d" * 64)
    said = []
    for n in range(0, 1500, 10):
        start = text.index(f"town {n}.")
        one = Assertion(
            Control("taken", Name(f"town {n}")), (Voice("Example Wire"),), quote=Quote("long", start, start + 6)
        )
        said.append(
            Standing(one.id, one, "test@1", dt.datetime(2021, 8, 9, tzinfo=dt.UTC), "Example Wire", dt.date(2021, 8, 9))
        )
    web = TestClient(app(World((report,), said)), base_url=HERE)  # type: ignore[arg-type]
    first, last = web.get("/assertions.json").json(), web.get("/assertions.json?page=3").json()
    assert (first["total"], first["pages"], len(first["assertions"]), len(last["assertions"])) == (150, 3, 50, 50)
    assert web.get("/doc/long").text.count("town ") < 1500
    lit = web.get(f"/doc/long?a={said[-1].id}").text
    assert f'id="a{said[-1].id}"' in lit
    assert "page 4 of 4" in lit


def test_a_hostile_report_stays_text() -> None:
    nasty = '<script>alert(1)</script> "><img src=x onerror=alert(1)> {{ 7 * 7 }} \u202e'
    report = Document("nasty", nasty, nasty, "e" * 64, title=nasty, url="javascript:alert(1)", file="../../etc/passwd")
    one = Assertion(Control("taken", Name(nasty), Name(nasty)), (Voice(nasty),), quote=Quote("nasty", 0, len(nasty)))
    said = [Standing(one.id, one, nasty, dt.datetime(2021, 8, 9, tzinfo=dt.UTC), nasty, dt.date(2021, 8, 9), nasty)]
    web = TestClient(app(World((report,), said)), base_url=HERE)  # type: ignore[arg-type]
    for path in (
        "/map",
        "/map?view=table",
        "/assertions",
        "/documents",
        "/doc/nasty",
        "/timeline",
        f"/map?place={nasty[:40]}",
    ):
        html = web.get(path).text
        page = Page(html)
        assert page.refused == []
        assert "<img" not in html
        assert not any("javascript:" in link for link in page.links)
        assert "../" not in html
    assert nasty in Page(web.get("/doc/nasty").text).text


def test_the_public_line_format_is_what_the_twin_holds(web: TestClient) -> None:
    line = web.get(f"/assertions.json?id={FIRST.id}").json()["assertions"][0]
    assert line["content"] == msgspec.to_builtins(FIRST.assertion.content) | {
        "extent": "",
        "place": {"words": "Kunduz", "thing": "kunduz", "sure": 0.9},
        "holder": {"words": "Taliban", "thing": "taliban", "sure": 0.9},
    }
    assert line["quote"]["text"] == "The Taliban seized Kunduz"
    assert DOCUMENTS[0].text[line["quote"]["start"] : line["quote"]["end"]] == line["quote"]["text"]


def test_documents_are_those_on_record_then(web: TestClient) -> None:
    assert web.get("/documents.json?known=2021-08-10").json()["total"] == len(DOCUMENTS)
    assert web.get("/documents.json?known=2021-08-08").json()["total"] == 0
    assert web.get("/doc/doc-wire?known=2021-08-10").status_code == 200
    assert web.get("/doc/doc-wire?known=2021-08-08").status_code == 404


def test_a_document_told_anew_leads_to_its_last_telling() -> None:
    told = TestClient(app(World((*DOCUMENTS, replace(DOCUMENTS[0], id="doc-wire.2")))), base_url=HERE)  # type: ignore[arg-type]
    listed = told.get("/documents.json").json()["documents"]
    assert {each["id"]: each["superseded_by"] for each in listed}["doc-wire"] == "doc-wire.2"
    assert "told anew since" in told.get("/documents").text
    assert "/doc/doc-wire.2" in told.get("/doc/doc-wire").text
    assert "Told anew" not in told.get("/doc/doc-wire.2").text


def test_a_kind_that_there_is_not_is_refused_with_those_there_are(web: TestClient) -> None:
    for kind in ("bogus", "judgement", "Event"):
        answer = web.get(f"/assertions.json?kind={kind}")
        assert answer.status_code == 400
        assert f"no kind '{kind}'. Choose from: event, control," in answer.json()["error"]
        assert web.get(f"/assertions?kind={kind}").status_code == 400
    assert web.get("/assertions.json?kind=%20forecast%20").status_code == 200


@pytest.mark.parametrize(
    ("path", "name", "there"),
    [
        ("/map", "codebook", "control"),
        ("/documents", "codebook", "control"),
        ("/map", "country", "AF, YE"),
        ("/map", "view", "map, table"),
        ("/map?view=table", "sort", "value, -value"),
        ("/picture/incidents", "sort", "value, -value"),
        ("/picture/incidents", "status", "settled, contested"),
        ("/timeline", "type", "clash"),
        ("/review", "role", "place, party"),
        ("/review", "show", "all, settled"),
    ],
)
def test_what_there_is_not_is_refused_with_what_there_is(web: TestClient, path: str, name: str, there: str) -> None:
    at, _, query = path.partition("?")
    for twin in ("", ".json"):
        answer = web.get(f"{at}{twin}?{query}&{name}=bogus")
        assert answer.status_code == 400
        assert web.get(f"{at}{twin}?{query}&{name}=").status_code == 200
    assert f"no {name} 'bogus'. Choose from: " in answer.json()["error"]
    assert there in answer.json()["error"]
