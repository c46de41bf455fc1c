"""Bad links are told why, only this machine may ask, only reading is allowed, and nothing leaks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import contested.web
from contested.errors import UsageError
from contested.web import app, serve
from contested.web.guard import POLICY
from web_world import HERE, Page, World


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


@pytest.mark.parametrize("codebook", ["/etc/passwd.toml", "../x.toml", "nosuch"])
def test_a_codebook_is_asked_by_name_never_by_file(web: TestClient, codebook: str) -> None:
    answer = web.get("/map.json", params={"codebook": codebook})
    assert (answer.status_code, "picture" in answer.json()) == (400, False)


def test_a_codebook_of_another_picture_leaves_this_one_to_its_own(web: TestClient) -> None:
    assert web.get("/map.json?codebook=incidents").json()["picture"]["codebook"] == "control"


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
    assert headers["referrer-policy"] == "same-origin"


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
