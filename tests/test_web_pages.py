"""The pages: every one opens, has its twin, keeps the view in its links and says how to begin."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from contested.model import Entry
from contested.web import app
from contested.workspace import open_workspace
from web_world import DOCUMENTS, HERE, PAGES, Page, standings


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


@pytest.mark.parametrize("path", ["/map", "/timeline", "/assertions", "/documents", "/picture/incidents", "/review"])
def test_an_empty_workspace_says_how_to_add(bare: TestClient, path: str) -> None:
    answer = bare.get(path)
    assert answer.status_code == 200
    assert "contested add" in answer.text


@pytest.mark.parametrize("name", ["contested.css", "contested.js", "review.js", "mark.svg"])
def test_what_pages_need_comes_with_the_package(web: TestClient, name: str) -> None:
    assert web.get(f"/static/{name}").status_code == 200


def test_the_root_leads_to_the_map(web: TestClient) -> None:
    answer = web.get("/?on=2021-08-07", follow_redirects=False)
    assert answer.status_code == 307
    assert answer.headers["location"] == "/map?on=2021-08-07"


def test_an_empty_page_promises_only_what_is_read(bare: TestClient) -> None:
    assert "Plain text and HTML are read." in bare.get("/map").text


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
