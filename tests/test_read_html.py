"""Web pages: what they say of themselves, how they are dated, and those beyond measure."""

import datetime as dt
from pathlib import Path

import pytest

from contested.read import html, read
from read_world import ARTICLE, fault, only, page, put


def test_a_page_is_read(tmp_path: Path) -> None:
    head = (
        '<meta property="og:site_name" content="Sample Site"><meta property="og:title" content="Town lost">'
        '<meta name="author" content="The Desk"><link rel="canonical" href="https://example.org/a">'
        '<meta property="article:published_time" content="2021-08-09T06:00:00Z">'
    )
    document = only(read(put(tmp_path, "a.html", page(head, root=' lang="en-GB"'))))
    assert (document.source, document.title, document.authors) == ("Sample Site", "Town lost", ("The Desk",))
    assert (document.published, document.dating) == (dt.date(2021, 8, 9), "metadata")
    assert (document.url, document.language) == ("https://example.org/a", "en")
    first, second = document.text.split("\n\n")
    assert first.endswith("The town was lost on Sunday, officials said.")
    assert second == "The ministry denied it."


@pytest.mark.parametrize(
    ("head", "body", "day", "dating"),
    [
        ('<link rel="canonical" href="https://example.org/2021/08/07/a">', "", dt.date(2021, 8, 7), "url"),
        (
            '<script type="application/ld+json">{"datePublished": "2021-08-06"}</script>',
            "",
            dt.date(2021, 8, 6),
            "metadata",
        ),
        ("", "<p>Updated 5 August 2019</p>", dt.date(2019, 8, 5), "guessed"),
        ("", "", None, "unknown"),
    ],
)
def test_how_a_page_is_dated_is_told(tmp_path: Path, head: str, body: str, day: dt.date | None, dating: str) -> None:
    document = only(read(put(tmp_path, "a.html", page(head, ARTICLE + body))))
    assert (document.published, document.dating) == (day, dating)
    assert document.dated == (None if dating == "guessed" else day)


def test_a_page_is_known_by_how_it_begins(tmp_path: Path) -> None:
    assert only(read(put(tmp_path, "a.txt", page()))).text.startswith("The town")


def test_an_encoding_is_read_as_declared_and_never_guessed(tmp_path: Path) -> None:
    latin = page('<meta charset="iso-8859-1">', f"<p>Café “Kabul” opened.</p>{ARTICLE}").encode("cp1252")
    assert only(read(put(tmp_path, "a.html", latin))).text.startswith("Café “Kabul” opened.\n\n")
    problem = fault(read(put(tmp_path, "b.html", latin.replace(b"iso-8859-1", b"utf-8"))))
    assert problem.place == f"byte {latin.index(0xE9) - len('iso-8859-1') + len('utf-8')}"


def test_no_entity_is_followed(tmp_path: Path) -> None:
    secret = put(tmp_path, "secret", "hidden words")
    doctype = f'<!DOCTYPE html [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    document = only(
        read(put(tmp_path, "a.html", page(body=f"{ARTICLE}<p>&x;</p>").replace("<!DOCTYPE html>", doctype)))
    )
    assert "hidden" not in document.text


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<div>" * 100_000 + "text", "nested"),
        ("<i></i>" * 21_000 + "text", "elements"),
        (f'<p title="{"x" * 600_000}">text</p>', "attribute"),
        ("", "no article text"),
        ("<script>var a = 'Rebels captured Kunduz'</script>", "no article text"),
        ("<p>" + "text " * 1_100_000, "too large"),
    ],
)
def test_a_page_beyond_measure_is_refused(tmp_path: Path, body: str, reason: str) -> None:
    assert reason in fault(read(put(tmp_path, "a.html", f"<html><body>{body}</body></html>"))).reason


def test_a_parser_that_breaks_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_tree: object) -> None:
        raise RecursionError

    monkeypatch.setattr(html, "_article", breaks)
    assert "RecursionError" in fault(read(put(tmp_path, "a.html", page()))).reason
