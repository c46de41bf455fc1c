"""The command line where people look back and at each other's work: judge --set, review, log, diff."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.shell_completion import ShellComplete

import toy
from contested.cli import contested, run

REPORT = "source: Gazette\npublished: {}\n\nRebels captured {}.\n"
Told = pytest.CaptureFixture[str]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Told) -> Path:
    """A workspace with two reports of one assertion each, as the current folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("CONTESTED_WORKSPACE", "CONTESTED_ANALYST"):
        monkeypatch.delenv(name, raising=False)
    toy.stand_in(monkeypatch)
    for name, day, place in (("a", "2021-08-08", "Kunduz"), ("b", "2021-08-12", "Farah")):
        (tmp_path / f"{name}.txt").write_text(REPORT.format(day, place))
    assert run(["init", "."]) == 0
    assert run(["add", "a.txt", "b.txt"]) == 0
    capfd.readouterr()
    return tmp_path


def lines(capfd: Told, *words: str) -> list[dict[str, Any]]:
    assert run([*words, "--jsonl"]) == 0
    return [json.loads(line) for line in capfd.readouterr().out.splitlines()]


def id_of(capfd: Told, place: str) -> str:
    (found,) = (each["id"] for each in lines(capfd, "assertions") if each["content"]["place"]["words"] == place)
    return str(found)


def judge(*words: str, by: str = "amy") -> int:
    return run(["-q", "judge", *words, "--analyst", by])


# ── amending ─────────────────────────────────────────────────────────────────────────────────────


def test_amended_field_by_field(here: Path, capfd: Told) -> None:
    one = id_of(capfd, "Kunduz")
    assert (
        judge(one[:9], "amend", "--set", "status=lost", "--set", "holder.words=border police", "--set", "extent=most")
        == 0
    )
    (content,) = (each["content"] for each in lines(capfd, "assertions") if each["id"] == one)
    assert (content["status"], content["holder"]["words"], content["place"]["words"]) == (
        "lost",
        "border police",
        "Kunduz",
    )
    assert run(["judge", one, "amend", "--set", "extent=most", "--analyst", "amy"]) == 0
    assert "it reads so already" in capfd.readouterr().err
    assert judge(one, "amend", "--set", "holder=") == 0
    assert lines(capfd, "diff", "--from", "2001-01-01")[0]["content"]["holder"] in (
        None,
        {"words": "Rebels", "thing": "", "sure": 0.0},
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["amend", "--set", "status"], "write FIELD=VALUE"),
        (["amend", "--set", "status=held", "--set", "status=lost"], "given twice"),
        (["accept", "--set", "status=held"], "--set goes with the verdict amend"),
        (["amend", "--set", "status=held", "--amended", "{}"], "in the place of --amended"),
        (["amend", "--set", "status=gone"], "Choose from: held"),
        (["resolved_true"], "is no forecast (control)"),
        ([], "the verdict is missing"),
        (["amend"], "--set FIELD=VALUE"),
        (["note"], "--note TEXT"),
        (["note", "--note", " "], "--note TEXT"),
    ],
)
def test_what_makes_no_sense_is_refused(here: Path, capfd: Told, words: list[str], told: str) -> None:
    assert judge(id_of(capfd, "Kunduz"), *words) == 2
    assert told in capfd.readouterr().err


def test_a_verdict_on_nothing_is_refused(here: Path, capfd: Told) -> None:
    assert judge("reject") == 2
    assert "names no assertion" in capfd.readouterr().err
    assert judge() == 2
    assert "the verdict is missing: contested judge ID VERDICT" in capfd.readouterr().err


# ── who judges ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["", " ", "\t "])
@pytest.mark.parametrize("words", [["judge", "ID", "reject"], ["names", "mean", "Kunduz", ""], ["serve"]])
def test_an_analyst_without_a_name_is_refused(here: Path, capfd: Told, name: str, words: list[str]) -> None:
    one = id_of(capfd, "Kunduz")
    assert run([*(one if word == "ID" else word for word in words), "--analyst", name]) == 2
    assert "an analyst without a name" in capfd.readouterr().err
    assert {each["did"] for each in lines(capfd, "log")} == {"read"}


def test_the_name_may_come_from_the_environment(here: Path, capfd: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    one = id_of(capfd, "Kunduz")
    monkeypatch.setenv("CONTESTED_ANALYST", "  ")
    assert run(["judge", one, "accept"]) == 2
    monkeypatch.setenv("CONTESTED_ANALYST", " amy ")
    assert run(["judge", one, "accept"]) == 0
    assert lines(capfd, "log", "-n", "1")[0]["recorders"] == ["analyst:amy"]


# ── review ───────────────────────────────────────────────────────────────────────────────────────


def test_review_puts_disputes_first_and_leaves_out_what_is_judged(here: Path, capfd: Told) -> None:
    kunduz, farah = id_of(capfd, "Kunduz"), id_of(capfd, "Farah")
    assert {each["why"] for each in lines(capfd, "review")} == {"unjudged"}
    judge(farah, "accept")
    judge(kunduz, "accept")
    assert lines(capfd, "review") == []
    judge(kunduz, "reject", by="bo")
    (item,) = lines(capfd, "review")
    assert (item["why"], item["id"], len(item["judgements"])) == ("disputed", kunduz, 2)
    assert run(["review", "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    assert (told["schema"], told["disputed"], told["unjudged"]) == ("contested/review/1", 1, 0)
    assert run(["review"]) == 0
    out, err = capfd.readouterr()
    assert out.splitlines()[2].startswith("disputed")
    assert "1 disputed, 0 behind contested rows, 0 others" in err


def test_review_looks_into_contested_rows(here: Path, capfd: Told) -> None:
    other = REPORT.format("2021-08-12", "Farah").replace("Rebels", "Soldiers").replace("Gazette", "Courier")
    (here / "c.txt").write_text(other)
    assert run(["-q", "add", "c.txt"]) == 0
    whys = [(each["why"], each["content"]["place"]["words"]) for each in lines(capfd, "review")]
    assert whys == [("contested", "Farah"), ("contested", "Farah"), ("unjudged", "Kunduz")]
    assert len(lines(capfd, "review", "-n", "1")) == 1
    assert {each["why"] for each in lines(capfd, "review", "--picture", "designations")} == {"unjudged"}


def test_agreement_is_told_with_its_table(here: Path, capfd: Told) -> None:
    assert run(["review", "--agreement"]) == 0
    assert "two reviewers" in capfd.readouterr().err
    for place in ("Kunduz", "Farah"):
        judge(id_of(capfd, place), "accept")
        judge(id_of(capfd, place), "accept" if place == "Farah" else "reject", by="bo")
    assert run(["review", "--agreement"]) == 0
    out = capfd.readouterr().out
    assert out.splitlines()[2].split() == ["amy", "bo", "2", "0.50", "0.50", "0.00"]
    assert "amy ↓ bo →" in out
    assert run(["review", "--agreement", "--kind", "control", "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    assert told["categories"] == ["accept", "amend", "reject"]
    assert told["pairs"][0]["table"] == [[1, 0, 1], [0, 0, 0], [0, 0, 0]]
    assert run(["review", "--agreement", "--kind", "weather"]) == 2
    capfd.readouterr()
    assert run(["review", "--agreement", "--picture", "control"]) == 2
    assert "Leave out --picture" in capfd.readouterr().err


def test_a_kappa_that_is_not_defined_is_told_as_such(here: Path, capfd: Told) -> None:
    for who in ("amy", "bo"):
        judge(id_of(capfd, "Kunduz"), "accept", by=who)
    assert run(["review", "--agreement"]) == 0
    assert "undefined: both passed one and the same verdict only" in capfd.readouterr().out


# ── log ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_log_tells_who_did_what_with_which_words(here: Path, capfd: Told) -> None:
    one = id_of(capfd, "Kunduz")
    judge(one, "amend", "--set", "status=lost", "--note", "as the map shows")
    assert run(["log"]) == 0
    rows = capfd.readouterr().out.splitlines()[2:]
    assert f"amend {one[:8]} “Rebels captured Kunduz” [status: taken → lost]: as the map shows" in rows[0]
    assert "toy@1" in rows[1]
    assert rows[1].endswith("b.txt")
    assert "read: 1 assertion " in rows[2]
    assert [each["did"] for each in lines(capfd, "log")] == ["judged", "read", "read"]
    assert [each["recorders"] for each in lines(capfd, "log", "--analyst", "amy")] == [["analyst:amy"]]
    assert [each["file"] for each in lines(capfd, "log", "--recorder", "toy@*", "-n", "1")] == ["b.txt"]
    assert lines(capfd, "log", "--until", "2001-01-01") == lines(capfd, "log", "--analyst", "a*") == []
    assert len(lines(capfd, "log", "--document", lines(capfd, "log")[2]["document"][:8])) == 2


def test_the_log_tells_what_an_undo_takes_back(here: Path, capfd: Told) -> None:
    one, two = id_of(capfd, "Kunduz"), id_of(capfd, "Farah")
    judge(one, two, "reject")
    judge(one, "undo")
    judge(one, "accept")
    judge(one, "undo")
    assert run(["names", "mean", "Rebels", "", "--party", "--analyst", "amy"]) == 0
    assert run(["names", "undo", "Rebels", "--party", "--analyst", "bo"]) == 0
    capfd.readouterr()
    assert run(["log"]) == 0
    rows = capfd.readouterr().out.splitlines()[2:]
    assert f"(amend {one[:8]} “Rebels captured Kunduz”)" in rows[0]
    assert f"(amend {two[:8]} “Rebels captured Farah”)" in rows[0]
    assert f"undo {one[:8]} “Rebels captured Kunduz”" in rows[2]
    assert f"(reject {one[:8]} “Rebels captured Kunduz” and 1 other)" in rows[4]
    assert not any(one in row for row in rows)


def test_an_empty_log_and_one_of_two_minds(here: Path, capfd: Told) -> None:
    assert run(["log", "--since", "2999-01-01"]) == 0
    assert capfd.readouterr().err == "nothing was recorded of that sort. Ask without --since\n"
    assert run(["log", "--analyst", "nobody", "--until", "2999-01-01"]) == 0
    assert "Ask without --until or --analyst" in capfd.readouterr().err
    assert run(["init", "new"]) == run(["-C", "new", "log"]) == 0
    assert "contested add" in capfd.readouterr().err
    assert run(["log", "--since", "2021-08-09", "--until", "2021-08-08"]) == 2
    assert "Name the earlier one first" in capfd.readouterr().err
    assert run(["log", "--analyst", "amy", "--recorder", "toy@*"]) == 2
    assert run(["log", "-n", "0"]) == 2
    assert run(["log", "-o", "log.jsonl"]) == 0
    assert len((here / "log.jsonl").read_text().splitlines()) == 2


# ── diff ─────────────────────────────────────────────────────────────────────────────────────────


def test_what_was_learned_with_its_words(here: Path, capfd: Told) -> None:
    between = lines(capfd, "log")[0]["at"]
    one = id_of(capfd, "Kunduz")
    judge(one, "reject", "--note", "wrong town")
    (change,) = lines(capfd, "diff", "--from", between)
    assert (change["change"], change["why"], change["quote"]["text"]) == (
        "withdrawn",
        "rejected",
        "Rebels captured Kunduz",
    )
    assert run(["diff", "--from", between]) == 0
    out, err = capfd.readouterr()
    assert "reject by amy (wrong town)" in out
    assert err == "1 withdrawn\n"
    assert run(["diff", "--from", "2001-01-01", "--to", between, "--json"]) == 0
    assert {each["change"] for each in json.loads(capfd.readouterr().out)["changes"]} == {"new"}
    assert lines(capfd, "diff", "--from", "2001-01-01", "--kind", "event") == []
    assert run(["diff", "--from", "2001-01-01", "--to", "2001-01-02"]) == 0
    assert "nothing was learned" in capfd.readouterr().err


def test_rows_that_changed_and_by_what(here: Path, capfd: Told) -> None:
    between = lines(capfd, "log")[0]["at"]
    judge(id_of(capfd, "Kunduz"), "reject")
    assert run(["diff", "control", "--from", between]) == 0
    out, err = capfd.readouterr()
    assert out.startswith("Kunduz: held by Rebels [settled] → nothing\n  − “Rebels captured Kunduz”\n")
    assert err == "1 row changed\n"
    assert run(["diff", "control", "--on", "2021-08-09", "--on", "2021-08-12"]) == 0
    assert capfd.readouterr().out.startswith("Farah: nothing → held by Rebels [settled]\n  + “Rebels captured Farah”\n")
    (row,) = lines(capfd, "diff", "control", "--on", "2021-08-12", "--on", "2021-08-09", "--known", between)
    assert (row["key"], row["after"], row["lost"][0]["quote"]["text"]) == (["Farah"], None, "Rebels captured Farah")
    assert run(["diff", "control", "--on", "2021-08-12", "--on", "2021-08-12"]) == 0
    assert capfd.readouterr() == ("", "no row changed\n")


def test_rows_that_changed_for_what_turned(here: Path, capfd: Told) -> None:
    other = REPORT.format("2021-08-12", "Farah").replace("Rebels", "Soldiers").replace("Gazette", "Courier")
    (here / "c.txt").write_text(other)
    assert run(["-q", "add", "c.txt"]) == 0
    between = lines(capfd, "log")[0]["at"]
    (one,) = (each["id"] for each in lines(capfd, "assertions") if each["source"] == "Courier")
    judge(one, "amend", "--set", "holder.words=Rebels")
    assert run(["diff", "control", "--from", between]) == 0
    told = capfd.readouterr().out
    assert "  ± “Rebels captured Farah” [against → for]\n" in told
    assert "  ± “Soldiers captured Farah” [holder: Soldiers → Rebels]\n" in told
    (row,) = lines(capfd, "diff", "control", "--from", between)
    assert (row["gained"], row["lost"]) == ([], [])
    assert [each["content"]["holder"]["words"] for each in row["turned"]] == ["Rebels", "Rebels"]


def test_rows_that_changed_for_what_reads_otherwise(here: Path, capfd: Told) -> None:
    between = lines(capfd, "log")[0]["at"]
    judge(id_of(capfd, "Kunduz"), "amend", "--set", "holder.words=Loyalists")
    assert run(["diff", "control", "--from", between]) == 0
    assert "  ± “Rebels captured Kunduz” [holder: Rebels → Loyalists]\n" in capfd.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["control"],
        ["--to", "2021-01-01"],
        ["--on", "2021-01-01", "--on", "2021-01-02"],
        ["control", "--on", "2021-01-01"],
        ["control", "--from", "2021-01-01", "--on", "2021-01-01", "--on", "2021-01-02"],
        ["control", "--from", "2021-01-02", "--to", "2021-01-01"],
        ["--from", "2021-01-02", "--to", "2021-01-01"],
        ["--from", "2021-01-01", "--known", "2021-01-01"],
        ["control", "--from", "2021-01-01", "--kind", "event"],
        ["--from", "2021-01-01", "--codebook", "control-lwj"],
        ["--from", "2021-01-01", "--kind", "weather"],
        ["--on", "2021-01-01", "--on", "2021-01-02", "--to", "2021-01-02", "control"],
    ],
)
def test_a_question_that_makes_no_sense(here: Path, capfd: Told, words: list[str]) -> None:
    assert run(["diff", *words]) == 2
    assert capfd.readouterr().err


# ── completion ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "begun", "offered"),
    [
        ([], "rev", ["review"]),
        (["judge", "e82f529e"], "resolved_", ["resolved_true", "resolved_false"]),
        (["review", "--kind"], "co", ["control", "commitment", "compliance"]),
        (["diff"], "for", ["forecasts"]),
        (["log"], "--rec", ["--recorder"]),
    ],
)
def test_the_shell_completes(words: list[str], begun: str, offered: list[str]) -> None:
    shell = ShellComplete(contested, {}, "contested", "_CONTESTED_COMPLETE")
    assert [each.value for each in shell.get_completions(words, begun)] == offered
