"""The map and its evidence: both sides with their words, both clocks, claims apart from what is settled."""

from __future__ import annotations

import re

from msgspec.structs import replace
from starlette.testclient import TestClient

from contested.model import Assertion, Judgement, Voice
from contested.web import app
from web_world import FIRST, HERE, Page, World, standings


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

    assert drawn("") == drawn("?country=AF") == drawn("?country=") == {"Kabul"}
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


def test_a_row_on_which_analysts_differ_is_marked() -> None:
    spoken = Assertion(Judgement((FIRST.id,), "reject", "an <older> report"), (Voice("a second reader"),))
    said = (replace(FIRST, judgements=(*FIRST.judgements, spoken)), *standings()[1:])
    web = TestClient(app(World(said=said)), base_url=HERE)  # type: ignore[arg-type]
    panel = " ".join(Page(web.get("/map?place=Kunduz").text).text.split())
    assert "contested disputed" in panel
    assert "Analysts differ on 1 of the assertions below" in panel
    assert "by a second reader: an &lt;older&gt; report" in web.get("/map?place=Kunduz").text
    rows = web.get("/map.json?view=table").json()["picture"]["rows"]
    assert [row["key"] for row in rows if row["disputed"]] == [["Kunduz"]]
    assert Page(web.get("/map?view=table").text).text.count("disputed") == 1
    assert 'aria-label="Kunduz: held by Taliban, contested, disputed' in web.get("/map").text
