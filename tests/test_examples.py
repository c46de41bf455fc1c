"""The example reports: each can be read, and each says who published it and when."""

from pathlib import Path

import pytest

from contested.read import files, read

EXAMPLES = Path(__file__).parents[1] / "examples"
REPORTS = sorted(EXAMPLES.iterdir())


def test_the_folder_holds_reports_only() -> None:
    assert list(files([EXAMPLES])) == REPORTS
    assert 12 <= len(REPORTS) <= 14
    assert sum(path.suffix == ".html" for path in REPORTS) == 2


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_an_example_reads(path: Path) -> None:
    reading = read(path)
    assert reading.problems == ()
    (report,) = reading.documents
    assert "(fictional)" in report.source
    assert report.dated is not None
    assert path.name.startswith(report.dated.isoformat())
    assert report.dating == ("metadata" if path.suffix == ".html" else "given")
    assert report.title
    assert 100 <= len(report.text.split()) <= 420
    assert report.text.count("\n\n") >= 3
    assert "fictional" not in report.text
    assert "Home" not in report.text


def test_no_two_are_alike() -> None:
    documents = [report for path in REPORTS for report in read(path).documents]
    assert len({report.id for report in documents}) == len({report.title for report in documents}) == len(REPORTS)
