"""The review page: names settled by form in a real workspace, taken back, and everything that is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import toy
from contested.web import app
from contested.web.guard import FORMS, MOST, POLICY, TOKEN
from contested.workspace import Workspace, open_workspace
from web_world import HERE, Page

REPORT = """\
source: The Example Courier
published: 2015-09-29

Taliban captured Kunduz. Taliban captured Qarabaghak. <b>Zurmatis captured Qarabaghak</b>. Rebels captured Kunduz.
"""
OURS = {"origin": HERE}
QARABAGHAK = {"as": "place", "words": "Qarabaghak"}


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """A workspace with the toy reader and the real register; "Kunduz" means nothing yet."""
    monkeypatch.setattr("contested.extract.extract", toy.extract)
    monkeypatch.setattr("contested.extract.recorders", toy.recorders)
    (tmp_path / "a.txt").write_text(REPORT)
    with open_workspace(tmp_path / "w", create=True) as opened:
        opened.add([tmp_path / "a.txt"])
        yield opened


@pytest.fixture
def site(workspace: Workspace) -> TestClient:
    return TestClient(app(workspace, "A. Reader"), base_url=HERE, follow_redirects=False)


def send(site: TestClient, path: str = "/review", headers: dict[str, str] | None = None, **fields: str) -> Any:
    given = {"token": TOKEN} | {name.rstrip("_"): value for name, value in fields.items()}
    return site.post(path, data=given, headers=OURS if headers is None else headers)


def name(site: TestClient, role: str, words: str) -> dict[str, Any]:
    found = site.get("/review.json", params={"show": "all", "role": role, "q": words}).json()["names"]
    return next(each for each in found if each["words"] == words)


# ── the page ─────────────────────────────────────────────────────────────────────────────────────


def test_names_come_with_their_sentence_and_what_they_may_mean(site: TestClient) -> None:
    html = site.get("/review?role=place").text
    page = Page(html)
    assert page.refused == []
    assert set(page.forms) <= {"/review", "/review/undo"}
    assert "captured Kunduz" in page.text
    assert re.search(r'<mark class="[^"]*lit"[^>]*>Kunduz</mark>', html)
    assert "province in Afghanistan" in page.text
    assert "&lt;b&gt;" in html
    assert len(page.ids) == len(set(page.ids))
    assert html.count(TOKEN) == html.count('method="post"')


def test_the_twin_holds_the_same_and_never_the_token(site: TestClient) -> None:
    answer = site.get("/review.json")
    assert TOKEN not in answer.text
    told = answer.json()
    assert (told["schema"], told["to_settle"], told["last_settled"]) == ("contested/review/1", 4, None)
    assert [each["words"] for each in told["names"]] == ["Kunduz", "Qarabaghak", "Taliban", "Zurmatis"]
    kunduz = told["names"][0]
    assert (kunduz["role"], kunduz["thing"], kunduz["assertions"], kunduz["settled"]) == ("place", "", 2, False)
    assert {"iso:AF-KDZ", "gn:1135689"} <= {choice["thing"] for choice in kunduz["choices"]}
    assert kunduz["assertion"]["quote"]["text"].endswith(" captured Kunduz")


def test_the_badge_counts_what_is_to_be_settled(site: TestClient) -> None:
    assert re.search(r'class="badge"[^>]*>4<', site.get("/timeline").text)
    send(site, **QARABAGHAK, meant="none")
    assert re.search(r'class="badge"[^>]*>3<', site.get("/timeline").text)


def test_what_was_known_is_shown_and_not_settled(site: TestClient) -> None:
    html = site.get("/review?known=2100-01-01").text
    assert "Kunduz" in html
    assert 'method="post"' not in html
    assert site.get("/review.json?known=2015-01-01").json()["total"] == 0


def test_many_names_are_cut_into_pages(site: TestClient, workspace: Workspace, tmp_path: Path) -> None:
    towns = "".join(f"Rebels captured Town{letter}. " for letter in "abcdefghijklmnopqrst")
    (tmp_path / "b.txt").write_text(f"source: Wire\npublished: 2015-10-01\n\n{towns}\n")
    workspace.add([tmp_path / "b.txt"])
    told = site.get("/review.json?page=2&role=place").json()
    assert (told["total"], told["pages"], len(told["names"])) == (22, 2, 7)


# ── settling ─────────────────────────────────────────────────────────────────────────────────────


def test_a_choice_is_settled_and_taken_back(site: TestClient, workspace: Workspace) -> None:
    before = list(workspace.assertions())
    back = "show=all&page=1&codebook=control&done=place/x&evil=1"
    answer = send(site, as_="place", words="Kunduz", meant="thing:iso:AF-KDZ", back=back, spot="3")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/review?show=all&page=1&codebook=control&done=place%2FKunduz#n3"
    page = Page(site.get(answer.headers["location"]).text)
    assert "Settled: “Kunduz” means Kunduz · province in Afghanistan, in 2 assertions" in page.text
    kunduz = name(site, "place", "Kunduz")
    assert (kunduz["thing"], kunduz["sure"], kunduz["settled"]) == ("iso:AF-KDZ", 1.0, True)
    assert list(workspace.ledger.entries())[-1].recorder == "analyst:A. Reader"
    assert [each["words"] for each in site.get("/review.json?show=settled").json()["names"]] == ["Kunduz"]
    answer = send(site, "/review/undo", as_="place", words="Kunduz", back="role=place")
    assert answer.headers["location"] == "/review?role=place&undone=place%2FKunduz"
    assert (
        "Taken back: “Kunduz” is again taken for nothing known" in Page(site.get(answer.headers["location"]).text).text
    )
    assert list(workspace.assertions()) == before


def test_a_missing_place_is_added_where_the_guess_says(site: TestClient, workspace: Workspace) -> None:
    send(site, as_="party", words="Taliban", meant="thing:actor:taliban")
    guess = name(site, "place", "Qarabaghak")["lies_in"]
    assert (guess["thing"], guess["name"]) == ("iso:AF", "Afghanistan")
    fields = {"within": "Afghanistan", "suggested": "iso:AF", "suggested_name": "Afghanistan", "type": "district"}
    answer = send(site, **QARABAGHAK, meant="new", name="Qara Baghak", at="36.1, 68.2", **fields)
    assert answer.status_code == 303
    place = workspace.thing("added:qara-baghak")
    assert place
    assert (place.names, place.type, place.within) == (("Qara Baghak", "Qarabaghak"), "district", "iso:AF")
    assert (place.latitude, place.longitude) == (36.1, 68.2)
    assert name(site, "place", "Qarabaghak")["thing"] == place.id


def test_something_else_may_be_written(site: TestClient) -> None:
    assert send(site, as_="party", words="Zurmatis", meant="other", other="Afghan National Police").status_code == 303
    assert name(site, "party", "Zurmatis")["thing"] == "actor:afghanistan-police"
    answer = send(site, as_="party", words="Zurmatis", meant="other", other=" ")
    assert answer.status_code == 400


def test_left_as_it_is_nothing_is_recorded(site: TestClient, workspace: Workspace) -> None:
    head = workspace.ledger.head()
    assert send(site, as_="place", words="Kunduz", meant="leave").headers["location"] == "/review"
    assert send(site, as_="place", words="Kunduz").status_code == 303
    assert workspace.ledger.head() == head


def test_a_link_cannot_say_that_something_was_done(site: TestClient) -> None:
    text = Page(site.get("/review?done=place/Kunduz").text).text
    assert "Settled:" not in text
    assert "<script>" not in site.get("/review?done=place/<script>alert(1)</script>").text


# ── what is refused ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"as": "place", "words": "Kunduz", "meant": "thing:gn:none"}, "gn:none"),
        ({"as": "place", "words": "Kunduz", "meant": "thing:actor:taliban"}, "no place"),
        ({"as": "place", "words": "Nowhere", "meant": "none"}, "Nowhere"),
        ({"as": "king", "words": "Kunduz", "meant": "none"}, "place or a party"),
        ({"as": "place", "words": "Kunduz", "meant": "other", "other": "Kunduz"}, "gn:1135689"),
        ({**QARABAGHAK, "meant": "new", "at": "north"}, "no point"),
        ({**QARABAGHAK, "meant": "new", "at": "91, 0"}, "nowhere"),
        ({**QARABAGHAK, "meant": "new", "at": "nan, 0"}, "nowhere"),
        ({**QARABAGHAK, "meant": "new", "within": "Atlantis Minor"}, "Atlantis"),
        ({**QARABAGHAK, "meant": "new", "type": "empire"}, "empire"),
        ({**QARABAGHAK, "meant": "new", "name": "a|b"}, "no name"),
        ({**QARABAGHAK, "meant": "x" * 2_000}, "longer than"),
        ({**QARABAGHAK, **{f"field{n}": "" for n in range(40)}}, "cannot be read"),
    ],
)
def test_what_cannot_be_is_told_why(site: TestClient, workspace: Workspace, fields: dict[str, str], says: str) -> None:
    head = workspace.ledger.head()
    answer = send(site, **fields)
    assert answer.status_code == 400
    assert says in Page(answer.text).text
    assert answer.headers["content-security-policy"] == POLICY
    assert workspace.ledger.head() == head
    assert not (workspace.folder / "packs" / "added.csv").exists()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "http://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "https://127.0.0.1:8321"},
        {"origin": f"{HERE}.evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"referer": "http://evil.example/http://127.0.0.1:8321/review"},
        {"referer": "http://[::1"},
        {"origin": HERE, "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-origin", "referer": "http://evil.example/"},
    ],
)
def test_a_form_from_elsewhere_is_refused(site: TestClient, workspace: Workspace, headers: dict[str, str]) -> None:
    head = workspace.ledger.head()
    assert send(site, headers=headers, **QARABAGHAK, meant="none").status_code == 403
    assert workspace.ledger.head() == head


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": HERE},
        {"origin": HERE.upper().replace("HTTP", "http")},
        {"sec-fetch-site": "same-origin"},
        {"referer": f"{HERE}/review?page=2"},
        {"origin": HERE, "sec-fetch-site": "same-origin", "referer": f"{HERE}/review"},
    ],
)
def test_a_form_of_ours_is_taken(site: TestClient, headers: dict[str, str]) -> None:
    assert send(site, headers=headers, **QARABAGHAK, meant="none").status_code == 303


@pytest.mark.parametrize("token", ["", "x", TOKEN[:-1], TOKEN + "x", "é"])
def test_a_form_without_our_token_is_refused(site: TestClient, workspace: Workspace, token: str) -> None:
    head = workspace.ledger.head()
    assert send(site, **QARABAGHAK, meant="none", token=token).status_code == 403
    assert send(site, "/review/undo", **QARABAGHAK, token=token).status_code == 403
    assert workspace.ledger.head() == head


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data; boundary=x", ""])
def test_only_forms_are_taken(site: TestClient, kind: str) -> None:
    answer = site.post("/review", content=b"token=x", headers=OURS | {"content-type": kind})
    assert answer.status_code == 415


def test_a_form_is_small_and_says_so(site: TestClient) -> None:
    form = OURS | {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
    assert site.post("/review", content=b"words=" + b"x" * MOST, headers=form).status_code == 413
    assert site.post("/review", content=iter([b"words=", b"x" * MOST]), headers=form).status_code == 411
    assert site.post("/review", content=b"%ff%fe=\xff", headers=form).status_code == 400
    for length in ("9" * 5_000, "-1", "²"):
        answer = site.post("/review", content=b"x", headers=form | {"content-length": length.encode()})  # type: ignore[dict-item]
        assert answer.status_code in (411, 413)


@pytest.mark.parametrize("path", ["/map", "/review.json", "/review/", "/review/undo/x", "/static/review.js", "/"])
def test_no_other_address_takes_a_form(site: TestClient, path: str) -> None:
    assert send(site, path, **QARABAGHAK, meant="none").status_code == 405


@pytest.mark.parametrize("path", sorted(FORMS))
def test_a_foreign_host_is_refused_before_all(site: TestClient, path: str) -> None:
    assert send(site, path, headers=OURS | {"host": "evil.example"}, **QARABAGHAK).status_code == 400
    assert site.request("PUT", path, headers=OURS).status_code == 405


def test_undoing_what_nobody_settled_is_told(site: TestClient) -> None:
    answer = send(site, "/review/undo", **QARABAGHAK)
    assert answer.status_code == 400
    assert "nobody settled" in answer.text
    assert site.get("/review/undo").status_code == 405


def test_hostile_names_stay_text(site: TestClient, workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("source: Wire\npublished: 2015-10-01\n\nRebels captured Xé.\n")
    workspace.add([tmp_path / "b.txt"])
    answer = send(site, **QARABAGHAK, meant="new", name='"><script>alert(1)</script>', within="Afghanistan")
    assert answer.status_code == 303
    for path in (answer.headers["location"], "/review?show=all", "/map?view=table"):
        html = site.get(path).text
        assert "<script>alert" not in html
        assert Page(html).refused == []
