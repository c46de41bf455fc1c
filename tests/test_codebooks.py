"""Codebooks are checked when loaded: what is wrong is named by file and key, with the nearest thing that is right."""

from __future__ import annotations

from pathlib import Path

import pytest

from contested.derive import check_codebook, codebooks, derive, load_codebook
from contested.derive.codebook import Attach, Cell, Codebook, Counting, Meaning, Part, Rule, When
from contested.errors import CodebookError, UsageError
from derive_world import KNOWN, WORLD, control, day, said

BUILT_IN = codebooks()

GOOD = """
title = "Who holds it"
source = "House rule"
reads = ["control"]

[roles]
rebels = ["armed_group"]

[[key]]
name = "place"
of = "place"

[[means]]
kind = "control"
when = { status = "held", holder = "rebels" }
value = "held by {holder}"
favours = "holder"
lasts_days = 90

[[settle]]
rule = "claims"
when = { rests_on = "claims" }
status = "claimed"

[[settle]]
rule = "the last report stands"
status = "settled"

[[cells]]
name = "voices"
take = "voices"
"""


def write(folder: Path, text: str, name: str = "mine.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", BUILT_IN)
def test_built_in_codebooks_are_sound_and_cite_their_standard(name: str) -> None:
    assert check_codebook(name) == ()
    book = load_codebook(name)
    assert book.name == name
    assert book.title
    assert book.source.endswith(".")


def test_the_pictures_there_are() -> None:
    assert set(BUILT_IN) == {
        "capitals", "claims", "commitments", "control", "control-lwj", "designations", "forecasts", "incidents",
        "quantities", "relations", "sources", "timeline",
    }  # fmt: skip


def test_one_picture_by_two_standards() -> None:
    assert load_codebook("control-lwj").picture == "control"


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    book = load_codebook(write(tmp_path, GOOD))
    picture = derive(book, [said(control("c-kunduz", "held", "taliban"), "08-01")], day("08-15"), KNOWN, WORLD)
    assert (picture.name, picture.columns) == ("mine", ("place", "value", "voices"))
    assert picture.rows[0].value == "held by Taliban"


def test_a_folder_of_ones_own_comes_before_what_is_built_in(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "control.toml")
    write(tmp_path, GOOD, "mine.toml")
    assert codebooks(tmp_path) == tuple(sorted({*BUILT_IN, "mine"}))
    assert load_codebook("control", tmp_path).title == "Who holds it"
    assert load_codebook("control").title != "Who holds it"


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("when = { rests_on", "whn = { rests_on", "settle[0].whn: no such key `whn`. Did you mean `when`?"),
        ("rests_on =", "rest_on =", "settle[0].when.rest_on: no such key `rest_on`. Did you mean `rests_on`?"),
        ("reads =", "red =", "red: no such key `red`. Did you mean `reads`?"),
        ('title = "Who holds it"', "", "title: `title` is missing. Add it"),
        ("lasts_days = 90", 'lasts_days = "90"', "means[0].lasts_days: expected `int | null`, got `str`."),
        ("lasts_days = 90", "lasts_days = -1", "means[0].lasts_days: expected `int` >= 0."),
        ('take = "voices"', 'take = "voice"', "cells[0].take: no such choice 'voice'. Did you mean `voices`?"),
        ('reads = ["control"]', 'reads = ["contol"]', "reads[0]: no such choice 'contol'. Did you mean `control`?"),
        ('of = "place"', 'of = "plaec"', "key[0].of: no such name 'plaec'. Did you mean `place`?"),
        ('status = "held"', 'statu = "held"', "means[0].when: no such name 'statu'. Did you mean `status`?"),
        ('status = "held"', 'status = "hold"', "means[0].when.status: no such name 'hold'. Did you mean `held`?"),
        ('holder = "rebels"', 'holder = "rebel"', "means[0].when.holder: no such name 'rebel'. Did you mean `rebels`?"),
        ("{holder}", "{hodler}", "means[0].value: no such name 'hodler'. Did you mean `holder`?"),
        ('favours = "holder"', 'favours = "status"', "means[0].favours: no such name 'status'."),
        ('name = "voices"', 'name = "value"', "two columns are called 'value'. Give one another name"),
        ("when = { rests_on", "value = '{valu}'\nwhen = { rests_on", "settle[0].value: no such name 'valu'."),
        ('when = { rests_on = "claims" }', "", "settle[0]: the rules after this one can never fire."),
        (
            '[[settle]]\nrule = "the last report stands"\nstatus = "settled"',
            "",
            "settle[0]: the last rule must have no",
        ),
        ("[[key]]", "[[key]", "not valid TOML"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, right: str, wrong: str, message: str) -> None:
    assert right in GOOD
    path = write(tmp_path, GOOD.replace(right, wrong, 1))
    problems = check_codebook(path)
    assert [str(one) for one in problems if message in str(one)], problems
    assert all(one.file == "mine.toml" and one.remedy for one in problems)
    with pytest.raises(CodebookError, match=r"mine\.toml"):
        load_codebook(path)


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.replace("{holder}", "{hodler}").replace('of = "place"', 'of = "plaec"'))
    assert {one.place for one in check_codebook(path)} == {"key[0].of", "means[0].value"}


def test_a_codebook_that_is_not_there_names_what_comes_near(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is: control"):
        load_codebook("controll")
    with pytest.raises(CodebookError, match=r"none\.toml: cannot be read: No such file"):
        load_codebook(tmp_path / "none.toml")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CodebookError, match="not valid TOML"):
        load_codebook(path)


def test_the_example_in_the_documentation_is_sound(tmp_path: Path) -> None:
    page = (Path(__file__).parents[1] / "docs" / "codebooks.md").read_text(encoding="utf-8")
    example = page.split("```toml\n")[1].split("```")[0]
    siege = said(control("d-kunduz", "surrounded", "taliban"), "08-01")
    picture = derive(load_codebook(write(tmp_path, example)), [siege], day("08-15"), KNOWN, WORLD)
    assert [(row.key, row.value) for row in picture.rows] == [(("Kunduz District",), "besieged by Taliban")]


def test_every_key_and_built_in_codebook_is_documented() -> None:
    page = (Path(__file__).parents[1] / "docs" / "codebooks.md").read_text(encoding="utf-8")
    declared = (Codebook, Part, Meaning, Counting, Attach, When, Rule, Cell)
    keys = {key for table in declared for key in table.__struct_encode_fields__} - {"name", "rule", "cells"}
    assert {name for name in {*keys, *BUILT_IN} if f"`{name}`" not in page and f"[{name}]" not in page} == set()
