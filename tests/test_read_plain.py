"""Plain text: headers, days, sources, encodings and the characters that are kept."""

import datetime as dt
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from contested.read import Reader, Report, plain, read
from read_world import BODY, HEADER, fault, only, put


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


def test_reading_text_loads_no_parser(tmp_path: Path) -> None:
    path = put(tmp_path, "a.txt", BODY)
    asked = (
        "import sys; from pathlib import Path; from contested.read import read\n"
        "assert read(Path(sys.argv[1])).documents\n"
        "print([name for name in ('trafilatura', 'htmldate', 'lxml') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", asked, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
