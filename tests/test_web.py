"""The pages: every one opens, links keep the view, bad links are told why, and nothing leaks or runs."""

from __future__ import annotations

import datetime as dt
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote_plus, urlsplit

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from starlette.testclient import TestClient

import contested.web
from contested.derive import codebooks
from contested.errors import UsageError
from contested.model import Assertion, Control, Document, Entry, Event, Name, Period, Quote, Standing, Voice
from contested.web import app, chart, serve
from contested.web.guard import POLICY
from contested.web.state import View, read_view
from contested.workspace import open_workspace
from web_world import DOCUMENTS, WIRE, World, standings

HERE = "http://127.0.0.1:8321"
FIRST = standings()[0]
PAGES = [
    "/map",
    "/map?place=Kunduz",
    "/map?place=Kunduz&view=table",
    "/map?codebook=control-lwj",
    "/timeline",
    "/timeline?type=bombing&since=2021-08-01&until=2021-08-04",
    "/assertions",
    "/assertions?kind=control&q=kunduz",
    "/documents",
    "/doc/doc-wire",
    f"/doc/doc-wire?a={FIRST.id}",
    "/doc/doc-mute",
    *(f"/picture/{name}" for name in codebooks() if not name.startswith("control-")),
]


@pytest.fixture(scope="module")
def web() -> TestClient:
    return TestClient(app(World()), base_url=HERE)  # type: ignore[arg-type] - it answers as a workspace does


@pytest.fixture(scope="module")
def bare() -> TestClient:
    return TestClient(app(World((), ())), base_url=HERE)  # type: ignore[arg-type]


class Page(HTMLParser):
    """The links, ids and text of a page, and everything a strict policy would refuse."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.refused: list[str] = []
        self.forms: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and tag in ("a", "link", "script", "img"):
                self.links.append(value or "")
            if name == "id":
                self.ids.append(value or "")
            if name == "action":
                self.forms.append(value or "")
            if name == "style" or name.startswith("on"):
                self.refused.append(f"{tag} {name}")
        if tag == "style" or (tag == "script" and "src" not in dict(attrs)):
            self.refused.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


# ── every page ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_and_breaks_no_policy(web: TestClient, path: str) -> None:
    answer = web.get(path)
    assert answer.status_code == 200
    page = Page(answer.text)
    assert page.refused == []
    assert len(page.ids) == len(set(page.ids))
    assert all(link.startswith(("/", "#")) for link in [*page.links, *page.forms])


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_its_twin(web: TestClient, path: str) -> None:
    at, _, query = path.partition("?")
    twin = web.get(f"{at}.json?{query}")
    assert twin.status_code == 200
    assert twin.json()["schema"].startswith("contested/")
    assert re.sub(r"&amp;", "&", re.search(r'rel="alternate"[^>]*href="([^"]+)"', web.get(path).text)[1]) == (  # type: ignore[index]
        f"{at}.json" + (f"?{query}" if query else "")
    )


@pytest.mark.parametrize("path", PAGES)
def test_links_keep_the_view_and_lead_somewhere(web: TestClient, path: str) -> None:
    both = path + ("&" if "?" in path else "?") + "on=2021-08-08&known=2021-08-20"
    page = Page(web.get(both).text)
    inner = [link for link in page.links if link.startswith("/") and not link.startswith("/static/")]
    assert inner
    for link in dict.fromkeys(inner):
        assert "known=2021-08-20" in link
        assert web.get(link).status_code == 200, link


@pytest.mark.parametrize("path", ["/map", "/timeline", "/assertions", "/documents", "/picture/incidents"])
def test_an_empty_workspace_says_how_to_add(bare: TestClient, path: str) -> None:
    answer = bare.get(path)
    assert answer.status_code == 200
    assert "contested add" in answer.text


@pytest.mark.parametrize("path", ["/static/contested.css", "/static/contested.js", "/static/mark.svg"])
def test_what_pages_need_comes_with_the_package(web: TestClient, path: str) -> None:
    assert web.get(path).status_code == 200


def test_the_root_leads_to_the_map(web: TestClient) -> None:
    answer = web.get("/?on=2021-08-07", follow_redirects=False)
    assert answer.status_code == 307
    assert answer.headers["location"] == "/map?on=2021-08-07"


# ── the map and its evidence ─────────────────────────────────────────────────────────────────────


def test_the_panel_shows_both_sides_with_their_words(web: TestClient) -> None:
    text = " ".join(Page(web.get("/map?place=Kunduz").text).text.split())
    assert "held by Taliban contested" in text
    assert "The Taliban seized Kunduz" in text
    assert "denied that the city had fallen" in text
    assert "Example Wire ▸ Interior Ministry (denies)" in text
    assert "a party says otherwise" in text


def test_the_panel_leads_to_the_words(web: TestClient) -> None:
    page = web.get("/map?place=Kunduz")
    link = next(link for link in Page(page.text).links if link.endswith(f"#a{FIRST.id}"))
    report = web.get(link)
    assert f"a{FIRST.id}" in Page(report.text).ids
    assert re.search(
        rf'<mark class="[^"]*\blit\b[^"]*" data-a="{FIRST.id}">The Taliban seized Kunduz</mark>', report.text
    )


def test_rows_without_coordinates_are_listed(web: TestClient) -> None:
    assert ["the Old Fort"] in web.get("/map.json").json()["not_on_map"]
    assert "Not on the map" in web.get("/map").text


def test_two_wars_are_two_maps(web: TestClient) -> None:
    """The busiest country is drawn, or that of the chosen place, or the one asked for; all on request."""

    def drawn(query: str) -> set[str]:
        return set(re.findall(r'aria-label="(Kabul|Sanaa):', web.get(f"/map{query}").text))

    assert drawn("") == drawn("?country=AF") == drawn("?country=nowhere") == {"Kabul"}
    assert drawn("?country=YE") == drawn("?place=Sanaa") == {"Sanaa"}
    assert drawn("?country=all") == {"Kabul", "Sanaa"}
    assert '<a href="/map?country=YE">Yemen</a>' in web.get("/map").text


def test_a_place_nobody_speaks_of_that_day_is_no_error(web: TestClient) -> None:
    assert "Nothing about this" in web.get("/map?place=Kunduz&on=2021-08-01").text


def test_the_map_draws_claims_apart_from_settled_rows(web: TestClient) -> None:
    svg = web.get("/map").text
    assert re.search(r'aria-label="Herat: held by Taliban, claimed[^>]*>\s*<path[^>]*fill="none"', svg)
    assert re.search(r'aria-label="Kunduz: held by Taliban, contested[^>]*>\s*<path[^>]*fill="url\(#x\d\)"', svg)


def test_both_clocks(web: TestClient) -> None:
    assert web.get("/map.json?on=2021-08-06").json()["picture"]["on"] == "2021-08-06"
    early = web.get("/map?known=2021-08-08")
    assert "You are looking at what was known by the end of 8 August 2021" in early.text
    assert "Nothing was on record then" in early.text
    assert "You are looking at" not in web.get("/map").text


# ── reports ──────────────────────────────────────────────────────────────────────────────────────


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


# ── links that do not read, and who may ask ──────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/map?on=August", 400, "2021-08-08"),
        ("/map?on=2021-02-30", 400, "2021-08-08"),
        ("/map?known=yesterday", 400, "2021-08-08"),
        ("/timeline?since=x", 400, "2021-08-08"),
        ("/assertions?page=0", 400, "whole number"),
        ("/assertions?page=²", 400, "whole number"),
        ("/assertions?q=" + "x" * 400, 400, "longer than"),
        ("/doc/none", 404, "no such document"),
        ("/picture/none", 404, "incidents"),
        ("/picture/..%2F..%2Fetc%2Fpasswd", 404, ""),
        ("/static/..%2f__init__.py", 404, ""),
        ("/nowhere", 404, "no page"),
    ],
)
def test_a_link_that_does_not_read_is_told_why(web: TestClient, path: str, status: int, says: str) -> None:
    answer = web.get(path)
    assert answer.status_code == status
    assert says in Page(answer.text).text
    assert answer.headers["content-security-policy"] == POLICY


def test_errors_have_a_twin_too(web: TestClient) -> None:
    answer = web.get("/map.json?on=August")
    assert answer.status_code == 400
    assert "2021-08-08" in answer.json()["error"]


@pytest.mark.parametrize("codebook", ["/etc/passwd.toml", "../x.toml", "nosuch", "incidents"])
def test_a_codebook_is_asked_by_name_never_by_file(web: TestClient, codebook: str) -> None:
    assert web.get("/map.json", params={"codebook": codebook}).json()["picture"]["codebook"] == "control"


def test_what_goes_wrong_inside_stays_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    monkeypatch.setattr(world, "picture", lambda *_: 1 / 0)
    answer = TestClient(app(world), base_url=HERE).get("/map")  # type: ignore[arg-type]
    assert answer.status_code == 500
    assert "ZeroDivision" not in answer.text
    assert answer.headers["content-security-policy"] == POLICY


@pytest.mark.parametrize("host", ["127.0.0.1:8321", "localhost", "LOCALHOST:1", "[::1]:8321"])
def test_loopback_names_are_answered(web: TestClient, host: str) -> None:
    assert web.get("/map", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example:8321", "localhost.evil.example", "", "0.0.0.0"]
)
def test_other_names_are_not(web: TestClient, host: str) -> None:
    answer = web.get("/map", headers={"host": host})
    assert answer.status_code == 400
    assert "Kunduz" not in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_reading_only(web: TestClient, method: str) -> None:
    assert web.request(method, "/map").status_code == 405
    assert web.request(method, "/static/contested.css").status_code == 405


@pytest.mark.parametrize("path", ["/map", "/map.json", "/static/contested.css", "/nowhere"])
def test_every_answer_carries_the_policy(web: TestClient, path: str) -> None:
    headers = web.get(path).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_no_address_outside_is_named_in_what_we_ship() -> None:
    folder = Path(contested.web.__file__).parent
    for file in (*folder.glob("static/*"), *folder.glob("templates/*")):
        outside = re.findall(
            r"(?:https?:)?//[\w.-]+\.\w+", file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        )
        assert outside == [], file.name


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.org"])
def test_it_is_not_served_to_others(tmp_path: Path, host: str) -> None:
    with pytest.raises(UsageError, match=re.escape(host)):
        serve(tmp_path, host=host)


# ── state and chart ──────────────────────────────────────────────────────────────────────────────


@given(
    st.none() | st.dates(),
    st.sampled_from(["", "2021-07-14", "2021-07-14T06:00", "2021-07-14T06:00:00+04:30"]),
    st.sampled_from(["", "control-lwj"]),
)
def test_a_link_read_and_written_is_the_same_link(on: dt.date | None, known: str, codebook: str) -> None:
    link = View(on, known, codebook).link("/map")
    query = dict(pair.split("=") for pair in urlsplit(link).query.split("&") if pair)
    assert read_view({key: unquote_plus(value) for key, value in query.items()}).link("/map") == link


@given(st.lists(st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)), min_size=1, max_size=40))
def test_bars_hold_every_day_once(days: list[dt.date]) -> None:
    bars = chart.bars(days)
    assert sum(bar.count for bar in bars) == len(days)
    assert len(bars) <= chart.MOST
    for bar in bars:
        assert bar.count == sum(bar.since <= day < bar.until for day in days)
    assert all(one.until == two.since for one, two in pairwise(bars))


def test_the_public_line_format_is_what_the_twin_holds(web: TestClient) -> None:
    line = web.get(f"/assertions.json?id={FIRST.id}").json()["assertions"][0]
    assert line["content"] == msgspec.to_builtins(FIRST.assertion.content) | {
        "extent": "",
        "place": {"words": "Kunduz", "thing": "kunduz", "sure": 0.9},
        "holder": {"words": "Taliban", "thing": "taliban", "sure": 0.9},
    }
    assert line["quote"]["text"] == "The Taliban seized Kunduz"
    assert DOCUMENTS[0].text[line["quote"]["start"] : line["quote"]["end"]] == line["quote"]["text"]


HOSTILE = ("0001-01-01", "0622-07-16", "2021-08-08", "9999-12-31")


def test_days_no_axis_can_hold_are_listed_and_not_drawn() -> None:
    kinds = (Control, Event)
    taken = [next(each for each in standings() if isinstance(each.assertion.content, kind)) for kind in kinds]
    said = [
        replace(each, id=f"{n:024x}", assertion=replace(each.assertion, period=Period(dt.date.fromisoformat(day))))
        for n, (day, each) in enumerate((day, each) for day in HOSTILE for each in taken)
    ]
    hostile = TestClient(app(World(said=said)), base_url=HERE)  # type: ignore[arg-type]
    for path in (
        "/map",
        "/timeline",
        "/timeline?since=0001-01-01&until=9999-12-31",
        "/map?on=9999-12-31",
        *PAGES[:8],
        *PAGES[-5:],
    ):
        assert hostile.get(path).status_code == 200, path
    told = hostile.get("/timeline").text
    assert "3 of days before 1000 or after 3000" in told
    assert "31 December 9999" in told


@given(st.lists(st.dates(), max_size=20))
def test_any_days_give_bars(days: list[dt.date]) -> None:
    drawn = chart.bars(days)
    assert sum(bar.count for bar in drawn) == sum(map(chart.drawable, days))
    assert len(drawn) <= chart.MOST


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


def test_an_empty_page_promises_only_what_is_read(bare: TestClient) -> None:
    assert "Plain text and HTML are read." in bare.get("/map").text


# ── a real ledger ────────────────────────────────────────────────────────────────────────────────


def test_a_workspace_on_disk_is_served_and_growth_is_seen(tmp_path: Path) -> None:
    with open_workspace(tmp_path / "war", create=True) as workspace:
        web = TestClient(app(workspace), base_url=HERE)
        assert "contested add" in web.get("/assertions").text
        said = tuple(each.assertion for each in standings() if each.assertion.quote.document == "doc-wire")  # type: ignore[union-attr]
        now = dt.datetime.now(dt.UTC)
        workspace.ledger.record_all(DOCUMENTS[0], [Entry(now, "test@1", "doc-wire", said)])
        assert web.get("/assertions.json").json()["total"] == len(said)
        assert workspace.ledger.head()[:12] in web.get("/assertions").text
        assert f"{len(said)} of {len(said)} assertions unreviewed" in web.get("/assertions").text
        workspace.judge(said[0].id, "accept", analyst="an analyst")
        assert f"{len(said) - 1} of {len(said)} assertions unreviewed" in web.get("/assertions").text
        for path in (
            "/map?place=Kunduz",
            "/map?view=table",
            "/timeline",
            "/documents",
            "/doc/doc-wire",
            "/picture/incidents",
        ):
            assert web.get(path).status_code == 200, path
        assert "denied that the city had fallen" in web.get("/map?place=Kunduz").text
