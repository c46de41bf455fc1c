"""`contested parse`: what the reader sees, for people and in CoNLL-U, from reports and from CoNLL-U."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contested.cli import run
from contested.model import Problem
from contested.text import conllu
from contested.text.sentences import sentences

REPORT = "source: Gazette\npublished: 2021-08-08\n\nPolice denied that rebels don't hold Kunduz.\n\nThe town fell.\n"

GIVEN = """\
# newdoc id = one
# newpar
# sent_id = s1
# text = They don't hold  it.
1	They	_	_	_	_	_	_	_	_
2-3	don't	_	_	_	_	_	_	_	Gloss=x
2	do	_	_	_	_	_	_	_	_
3	n't	_	_	_	_	_	_	_	_
3.1	should	should	AUX	_	_	_	_	4:aux	CopyOf=-1
4	hold	_	_	_	_	_	_	_	SpacesAfter=\\s\\s
5	it	_	_	_	_	_	_	_	SpaceAfter=No
6	.	_	_	_	_	_	_	_	_
6.1	here	_	_	_	_	_	_	_	_

# newpar
# sent_id = s2
1-2	au	_	_	_	_	_	_	_	SpaceAfter=No
1	à	_	_	_	_	_	_	_	_
2	le	_	_	_	_	_	_	_	_
3	2 000	_	_	_	_	_	_	_	_

# newdoc
1	They	_	_	_	_	_	_	_	_
2	fled	_	_	_	_	_	_	_	_
"""

Words = list[list[str]]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CONTESTED_SPACY", raising=False)
    (tmp_path / "a.txt").write_text(REPORT)
    (tmp_path / "b.conllu").write_text(GIVEN)
    return tmp_path


def words(text: str) -> Words:
    """The ten columns of each word's line."""
    rows = [line.split("\t") for line in text.split("\n") if line and not line.startswith("#")]
    assert all(len(row) == 10 for row in rows)
    return [row for row in rows if row[0].isdigit()]


def test_people_see_words_trees_names_and_voices(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["parse", "a.txt"]) == 0
    out, err = capfd.readouterr()
    assert err == ""
    lines = out.splitlines()
    assert lines[0] == "a.txt, sentence 1: Police denied that rebels don't hold Kunduz."
    assert lines[2].split() == ["word", "lemma", "pos", "head", "label", "entity", "speech"]
    rows = {line.split()[1]: line.split() for line in lines[4:13]}
    assert rows["denied"][2:6] == ["deny", "VERB", "0", "root"]
    assert rows["hold"][4:7] == ["2", "denied", "ccomp"]
    assert "B-LOC" in rows["Kunduz"]
    assert "Police ▸ denied (denies) ▸ “that rebels don't hold Kunduz”" in lines
    assert "a.txt, sentence 2: The town fell." in lines


def test_a_report_s_conllu_counts_in_its_text(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["parse", "--conllu", "a.txt"]) == 0
    out = capfd.readouterr().out
    assert out.startswith(
        "# newdoc id = a.txt\n# newpar\n# sent_id = a.txt-1\n# text = Police denied that rebels don't"
    )
    text = REPORT.split("\n\n", 1)[1]
    for row in words(out):
        start, end = row[9].rpartition("TokenRange=")[2].split(":")
        assert text[int(start) : int(end)] == row[1]
    assert [row[1] for row in words(out) if "SpaceAfter=No" in row[9]] == ["do", "Kunduz", "fell"]
    assert out.count("# newpar") == 2


def test_what_conllu_gives_is_kept_and_the_words_are_read(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["parse", "--conllu", "b.conllu"]) == 0
    out = capfd.readouterr().out
    mine, theirs = out.rstrip().split("\n"), GIVEN.rstrip().split("\n")
    assert len(mine) == len(theirs)
    for ours, line in zip(mine, theirs, strict=True):
        if line.split("\t")[0].isdigit():
            assert ours.split("\t")[:2] == line.split("\t")[:2]
            assert ("SpaceAfter=No" in ours) == ("SpaceAfter=No" in line)
        else:
            assert ours == line
    rows = words(out)
    assert [row[3] for row in rows[:5]] == ["PRON", "AUX", "PART", "VERB", "PRON"]
    assert [row[6] for row in rows[:6]].count("0") == 1
    ranges = [row[9].rpartition("=")[2] for row in rows]
    assert ranges[:6] == ["0:4", "5:7", "7:10", "11:15", "16:18", "18:19"]
    assert ranges[6:] == ["20:22", "20:22", "22:27", "0:4", "5:9"]


def test_conllu_comes_packed_too(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (here / "b.conllu.gz").write_bytes(gzip.compress(GIVEN.encode()))
    assert run(["parse", "--conllu", "b.conllu"]) == 0
    plain = capfd.readouterr().out
    assert run(["parse", "--conllu", "b.conllu.gz"]) == 0
    assert capfd.readouterr().out == plain
    assert run(["parse", "b.conllu.gz"]) == 0
    assert "b.conllu.gz, sentence 1: They don't hold it." in capfd.readouterr().out


def row(number: str, form: str = "x") -> str:
    return "\t".join([number, form, *"________"])


@pytest.mark.parametrize(
    ("lines", "place", "reason"),
    [
        ([row("1"), "2 fled"], 2, "1 column instead of 10"),
        ([row("1") + "\t_"], 1, "11 columns instead of 10"),
        ([row("1"), row("two")], 2, "'two' is no ID"),
        ([row("1"), row("٢")], 2, "'٢' is no ID"),
        ([row("1"), row("3")], 2, "ID 3 after 1 words"),
        ([row("2")], 1, "ID 2 after no words"),
        ([row("1"), row("1.1"), row("2.1")], 3, "ID 2.1 after 1 words"),
        ([row("1", " ")], 1, "the word has no form"),
        ([row("1-1"), row("1"), row("2-1")], 3, "2-1 is no run of words of its own"),
        ([row("1-3"), row("1"), row("2-3")], 3, "2-3 is no run of words of its own"),
        ([row("1"), row("2-3"), row("2")], 3, "a multiword token runs to 3, the sentence to 2"),
        (["# text = nothing", "", row("1")], 1, "a sentence without words"),
        ([row("1"), "# late"], 2, "1 column instead of 10"),
        (["", " "], 0, "it is empty"),
    ],
)
def test_a_broken_line_is_named(lines: list[str], place: int, reason: str) -> None:
    problem = conllu.read("\n".join(lines), "b.conllu")
    assert isinstance(problem, Problem)
    assert reason in problem.reason
    assert problem.remedy
    assert problem.place == (f"line {place}" if place else "")


def test_broken_files_are_named_and_the_others_are_read(
    here: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(conllu, "LIMIT", 1000)
    (here / "c.conllu").write_text(row("1") + "\n" + row("4") + "\n")
    (here / "cut.conllu.gz").write_bytes(gzip.compress(GIVEN.encode())[:60])
    (here / "no.conllu.gz").write_bytes(GIVEN.encode())
    (here / "large.conllu.gz").write_bytes(gzip.compress(GIVEN.encode() * 100))
    (here / "latin.conllu").write_bytes(row("1", "caf\xe9").encode("latin-1"))
    bad = ["c.conllu", "cut.conllu.gz", "no.conllu.gz", "large.conllu.gz", "latin.conllu", "gone.conllu", "gone.txt"]
    assert run(["parse", *bad, "a.txt"]) == 3
    out, err = capfd.readouterr()
    assert "a.txt, sentence 1" in out
    assert [line.split(":")[2].strip() for line in err.splitlines()] == bad
    assert "c.conllu:line 2: ID 4 after 1 words. Count the words" in err
    assert "too large" in err


def test_output_that_nobody_reads_to_its_end_is_no_error(here: Path) -> None:
    (here / "long.txt").write_text("The town fell. " * 3000)
    command = f"{sys.executable} -c 'from contested.cli import main; main()' parse long.txt | head -n 1"
    told = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert told.stdout == "long.txt, sentence 1: The town fell.\n"
    assert told.stderr == ""


def test_what_a_report_holds_does_not_steer_the_terminal(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (here / "a.txt").write_text("The \u202etown\u202c fell to \x1b[2Jrebels, police said.")
    assert run(["parse", "a.txt"]) == 0
    assert not set("\u202e\u202c\x1b") & set(capfd.readouterr().out)


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from(list("ab' .\n\"-3é\u0301😀")), max_size=60))
def test_what_is_written_reads_back_the_same(text: str) -> None:
    framed = list(conllu.framed(list(sentences(text)), "a"))
    if not framed:
        return
    written = "".join(conllu.lines(each, each.sentence) for each in framed)
    back = conllu.read(written, "a")
    assert isinstance(back, list)
    for one, other in zip(framed, (each for part in back for each in part), strict=True):
        assert [token.text for token in one.sentence.tokens] == [token.text for token in other.sentence.tokens]
        assert (one.comments, one.glued) == (other.comments, other.glued)
        assert one.sentence.paragraph == other.sentence.paragraph
