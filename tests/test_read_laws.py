"""Laws of reading: any bytes give documents or problems, the same bytes the same words, and nothing is lost."""

import tempfile
from hashlib import sha256
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from contested.read import Reading, plain, read
from contested.read.characters import clean
from read_world import HEADER, put

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
