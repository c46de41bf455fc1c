"""Reading: any bytes give documents or problems, the same bytes always the same words, and nothing is lost."""

import datetime as dt
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contested.model import Document, Problem
from contested.read import Reader, Reading, Report, files, html, plain, read, readers
from contested.read.characters import clean

HEADER = """\
source: Gazette
published: 2021-08-08
title: "Two capitals"
authors: one; another
url: https://example.org/two
"""
BODY = "Rebels captured Kunduz, police said.\n\nThey denied it."
ARTICLE = "<p>" + "The town was lost on Sunday, officials said. " * 4 + "</p><p>The ministry denied it.</p>"


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def only(reading: Reading) -> Document:
    assert reading.problems == ()
    (document,) = reading.documents
    return document


def fault(reading: Reading) -> Problem:
    assert reading.documents == ()
    (problem,) = reading.problems
    return problem


def page(head: str = "", body: str = ARTICLE, root: str = "") -> str:
    return f"<!DOCTYPE html><html{root}><head>{head}</head><body><nav>Home</nav><article>{body}</article></body></html>"


# ── laws ─────────────────────────────────────────────────────────────────────────────────────────

SNIPPETS = st.sampled_from(
    [
        *(
            b"<html>",
            b"<p>",
            b"</div>",
            b"<!doctype html>",
            b"<meta charset=windows-1252>",
            b"%PDF-",
            b"\xff\xfe",
            b"\0",
        ),
        *(b"source: x\n", b"published: 2021-02-30\n", b"---\n", b"\n\n", b"\r", b"word ", b"&#xd800;", b"<![CDATA["),
    ]
)
NAMES = st.sampled_from(["a.txt", "a.html", "a.md", "a", "a.pdf"])


def told(name: str, data: bytes) -> Reading:
    with tempfile.TemporaryDirectory() as folder:
        return read(put(Path(folder), name, data))


@settings(deadline=None)
@given(NAMES, st.binary(max_size=300) | st.lists(SNIPPETS | st.binary(max_size=20), max_size=20).map(b"".join))
def test_any_bytes_give_documents_or_problems(name: str, data: bytes) -> None:
    first, second = told(name, data), told(name, data)
    assert first.documents or first.problems
    assert [each.text for each in first.documents] == [each.text for each in second.documents]
    assert [each.id for each in first.documents] == [each.id for each in second.documents]
    assert (first.original, first.sha256) == (data, sha256(data).hexdigest())
    for document in first.documents:
        assert document.text.strip()
        assert document.source
        assert document.text == clean(document.text)
        assert document.text.encode()
    for problem in first.problems:
        assert problem.file
        assert problem.reason
        assert problem.remedy


@given(st.text(st.characters()))
def test_cleaning_moves_nothing(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert len(cleaned) == len(text.replace("\r\n", "\n"))
    for before, after in zip(text.replace("\r\n", "\n"), cleaned, strict=True):
        assert after == before or after in " \n"
        assert before.isprintable() <= (after == before)


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"])), st.sampled_from([HEADER, f"---\n{HEADER}---\n"])
)
def test_a_header_takes_itself_and_nothing_else(body: str, header: str) -> None:
    found, rest = plain.part(f"{header}\n{body}", "a.txt")
    assert rest.removeprefix("\n") == body
    assert set(found.said) == set(plain.KEYS)


@given(
    st.lists(
        st.sampled_from([*HEADER.splitlines(), "dateline: Kabul", "---", "", "Police said so.", "published: soon"])
    )
)
def test_no_line_is_lost(lines: list[str]) -> None:
    found, rest = plain.part("\n".join(lines), "a.txt")
    kept = rest.split("\n")
    for each in set(lines) - {"", "---"}:
        assert each in kept or each.partition(":")[0] in found.said


# ── plain text ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("top", [HEADER + "\n", f"---\n{HEADER}---\n", f"---\n{HEADER}\n---\n\n\n", HEADER])
def test_a_header_is_understood(tmp_path: Path, top: str) -> None:
    document = only(read(put(tmp_path, "a.txt", top + BODY)))
    assert document.text == BODY
    assert (document.source, document.title, document.authors) == ("Gazette", "Two capitals", ("one", "another"))
    assert (document.published, document.dating) == (dt.date(2021, 8, 8), "given")
    assert document.url == "https://example.org/two"


def test_what_the_header_does_not_know_stays(tmp_path: Path) -> None:
    document = only(read(put(tmp_path, "a.txt", f"source: Gazette\ndateline: Kabul\nurl: javascript:x\n\n{BODY}")))
    assert document.text == f"dateline: Kabul\nurl: javascript:x\n\n{BODY}"
    assert document.url == ""


def test_a_second_line_for_the_same_stays(tmp_path: Path) -> None:
    document = only(read(put(tmp_path, "a.txt", f"source: Gazette\nsource: Wire\n\n{BODY}")))
    assert (document.source, document.text) == ("Gazette", f"source: Wire\n\n{BODY}")


@pytest.mark.parametrize("text", [f"{BODY}\nsource: Gazette", f"\n{HEADER}\n{BODY}", "---\nsource: x\n" + BODY])
def test_a_header_stands_at_the_very_top_and_is_closed(tmp_path: Path, text: str) -> None:
    document = only(read(put(tmp_path, "a.txt", text)))
    assert document.text == text.strip("\n")
    assert document.source == "a"


def test_a_date_that_is_none_is_told_and_the_report_read(tmp_path: Path) -> None:
    reading = read(put(tmp_path, "a.txt", f"source: Gazette\npublished: 2021-02-30\n\n{BODY}"))
    (problem,) = reading.problems
    assert (problem.place, "'2021-02-30' is no day" in problem.reason) == ("line 2", True)
    assert reading.documents[0].dating == "unknown"
    assert "published: 2021-02-30" in reading.documents[0].text


@pytest.mark.parametrize("day", ["0001-01-01", "1799-12-31", "9999-12-31"])
def test_a_day_nothing_was_published_on_is_told_and_the_report_read(tmp_path: Path, day: str) -> None:
    reading = read(put(tmp_path, "a.txt", f"source: Gazette\npublished: {day}\n\n{BODY}"))
    (problem,) = reading.problems
    assert f"'{day}' is no day a report can have been published on" in problem.reason
    assert (problem.place, reading.documents[0].published) == ("line 2", None)


@pytest.mark.parametrize("day", ["1800-01-01", "2021-08-08"])
def test_an_old_report_keeps_its_day(tmp_path: Path, day: str) -> None:
    assert str(only(read(put(tmp_path, "a.txt", f"published: {day}\n\n{BODY}"))).published) == day


def test_a_reader_of_somebody_else_s_that_breaks_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def takes(_data: bytes, name: str) -> bool:
        if name.endswith("b.txt"):
            raise KeyError("suffix")
        return True

    def reads(_data: bytes, _file: str) -> Iterator[Report]:
        yield Report("Rebels captured Kunduz.")
        raise ZeroDivisionError("no pages")

    theirs = Reader("theirs", 3, (".txt",), 1000, takes, reads)
    monkeypatch.setattr("contested.read.readers", lambda: (theirs, plain.READER))
    reading = read(put(tmp_path, "a.txt", BODY))
    assert [each.text for each in reading.documents] == ["Rebels captured Kunduz."]
    assert "theirs@3 broke on it (ZeroDivisionError: no pages)" in reading.problems[0].reason
    assert "theirs@3 broke on it (KeyError" in fault(read(put(tmp_path, "b.txt", BODY))).reason


def test_what_the_caller_gives_goes_first(tmp_path: Path) -> None:
    path = put(tmp_path, "a.txt", HEADER + "\n" + BODY)
    document = only(read(path, source="Wire", published=dt.date(2020, 1, 1)))
    assert (document.source, document.published, document.dating) == ("Wire", dt.date(2020, 1, 1), "given")


@pytest.mark.parametrize(
    ("top", "source"), [(HEADER, "Gazette"), ("url: https://www.example.org/two\n", "example.org"), ("", "2015-kunduz")]
)
def test_where_the_source_comes_from(tmp_path: Path, top: str, source: str) -> None:
    assert only(read(put(tmp_path, "2015-kunduz.txt", f"{top}\n{BODY}"))).source == source


def test_line_ends_and_control_characters(tmp_path: Path) -> None:
    document = only(read(put(tmp_path, "a.txt", "one\r\ntwo\x07three\x1b[31m\rfour \u00e9 e\u0301")))
    assert document.text == "one\ntwo three [31m\nfour \u00e9 e\u0301"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_that_declare_themselves(tmp_path: Path, encoding: str) -> None:
    document = only(read(put(tmp_path, "a.txt", "source: Café\n\nثلاثة".encode(encoding))))
    assert (document.source, document.text) == ("Café", "ثلاثة")


def test_the_same_bytes_are_the_same_document(tmp_path: Path) -> None:
    one, other = (only(read(put(tmp_path, name, BODY))) for name in ("a.txt", "b.md"))
    assert one.id == other.id
    assert len(one.id) == 32
    assert only(read(put(tmp_path, "c.txt", BODY + "!"))).id != one.id


# ── web pages ────────────────────────────────────────────────────────────────────────────────────


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


# ── what cannot be read ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.pdf", b"%PDF-1.7 ...", "a PDF; this version reads text and HTML"),
        ("a.txt", b"%PDF-1.7 ...", "a PDF"),
        ("a.docx", b"PK\x03\x04....", "a zip archive or office file"),
        ("a.html", b"\x89PNG\r\n", "an image"),
        ("a.txt", b"text \0 text", "binary data"),
        ("a.csv", b"a,b", "unknown here (.csv)"),
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t\n", "empty"),
        ("a.txt", b"\xef\xbb\xbf", "empty"),
        ("a.txt", b"source: Gazette\n\n", "no text"),
        ("a.txt", b"\xff\xfea", "UTF-16"),
    ],
)
def test_what_is_no_report_is_named(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    path = put(tmp_path, name, data)
    problem = fault(read(path))
    assert reason in problem.reason
    assert problem.file == str(path)
    assert problem.remedy


def test_broken_text_is_named_by_its_byte(tmp_path: Path) -> None:
    problem = fault(read(put(tmp_path, "a.txt", b"Rebels captured K\xff.")))
    assert (problem.place, "UTF-8" in problem.reason) == ("byte 17", True)


def test_a_huge_file_is_refused_without_being_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    readers()
    monkeypatch.setattr(Path, "open", None)
    problem = fault(read(path))
    assert "50.0 MB; the most read is 5 MB" in problem.reason
    assert "Split it" in problem.remedy


@pytest.mark.parametrize("name", ["missing.txt", "a\0b.txt", "x" * 5000])
def test_a_name_that_names_nothing(tmp_path: Path, name: str) -> None:
    assert fault(read(tmp_path / name)).remedy


@pytest.mark.skipif(os.name != "posix", reason="needs named pipes")
def test_what_is_no_ordinary_file_is_not_waited_on(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert "no ordinary file" in fault(read(tmp_path / "pipe.txt")).reason


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = put(tmp_path, "a.txt", BODY)
    readers()
    monkeypatch.setattr(Path, "open", forbidden)
    assert "may not be read" in fault(read(path)).reason


@pytest.mark.skipif(sys.platform != "linux", reason="other systems allow no such name")
def test_a_name_that_is_no_text_can_still_be_written_down(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    path.write_text(BODY)
    assert only(read(path)).file.encode().endswith("caf\N{REPLACEMENT CHARACTER}.txt".encode())


# ── folders ──────────────────────────────────────────────────────────────────────────────────────


def test_folders_are_walked_in_order_without_what_is_hidden(tmp_path: Path) -> None:
    names = ["b.txt", "a.txt", "sub/c.txt", ".hidden.txt", ".git/config.txt", "another/d.html"]
    for name in names:
        put(tmp_path, name, BODY)
    found = [path.relative_to(tmp_path).as_posix() for path in files([tmp_path, tmp_path / "a.txt"])]
    assert found == ["a.txt", "b.txt", "another/d.html", "sub/c.txt"]


@pytest.mark.skipif(os.name != "posix", reason="needs links")
def test_a_folder_that_holds_itself_ends(tmp_path: Path) -> None:
    put(tmp_path, "sub/a.txt", BODY)
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    found = list(files([tmp_path]))
    assert found == [tmp_path / "gone.txt", tmp_path / "sub" / "a.txt"]
    assert "no such file" in fault(read(found[0])).reason


def test_a_folder_with_nothing_in_it_is_named(tmp_path: Path) -> None:
    put(tmp_path, ".hidden", BODY)
    assert list(files([tmp_path])) == [tmp_path]
    assert "nothing to read" in fault(read(tmp_path)).reason


def test_what_is_missing_is_passed_on_to_be_named(tmp_path: Path) -> None:
    assert list(files([tmp_path / "missing"])) == [tmp_path / "missing"]


def test_reading_text_loads_no_parser(tmp_path: Path) -> None:
    path = put(tmp_path, "a.txt", BODY)
    asked = (
        "import sys; from pathlib import Path; from contested.read import read\n"
        "assert read(Path(sys.argv[1])).documents\n"
        "print([name for name in ('trafilatura', 'htmldate', 'lxml') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", asked, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
