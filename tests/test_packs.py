"""Packs: what a file must be to be added, what is told of it, and that adding again changes nothing."""

import gzip
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from contested.cli import contested
from contested.errors import UsageError
from contested.register import Register, open_register
from contested.register.installing import install, listed, remove
from contested.register.marked import Marked, Span
from contested.register.spelling import loose
from contested.register.toponyms import resolve


@pytest.fixture(scope="module")
def register() -> Register:
    return open_register()


def feature(name: str, west: float, south: float, **facts: str) -> dict[str, object]:
    ring = [[west, south], [west + 0.3, south], [west + 0.3, south + 0.3], [west, south + 0.3], [west, south]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"shapeName": name, **facts}, "geometry": shape}


def boundaries(*features: dict[str, object], **facts: str) -> bytes:
    return json.dumps({"type": "FeatureCollection", **facts, "features": features}).encode()


DISTRICTS = boundaries(
    feature("Nad Ali", 64.0, 31.4, shapeGroup="AFG", shapeType="ADM2", shapeID="a"),
    feature("Baghlani Jadid", 68.6, 36.1, shapeGroup="AFG", shapeType="ADM2", shapeID="b"),
    feature("Kohistan", 64.6, 35.6, shapeGroup="AFG", shapeType="ADM2", shapeID="c"),
    feature("Kohistan", 70.7, 37.0, shapeGroup="AFG", shapeType="ADM2", shapeID="d"),
    licence="public domain",
)


def dump_line(number: int, name: str, sort: str = "P", code: str = "PPL", others: str = "", first: str = "10") -> str:
    cells = [
        str(number),
        name,
        name,
        others,
        "31.5",
        "64.1",
        sort,
        code,
        "AF",
        "",
        first,
        "",
        "",
        "",
        "900",
        "",
        "",
        "",
        "",
    ]
    return "\t".join(cells)


def test_boundaries_are_checked_and_copied(tmp_path: Path, register: Register) -> None:
    (tmp_path / "afg.geojson").write_bytes(DISTRICTS)
    pack, new = install(tmp_path / "afg.geojson", tmp_path / "packs", register.places)
    assert (pack.name, pack.licence, pack.places, new) == ("afg", "public domain", 4, True)
    assert pack.notes == ("1 names stand for several places: Kohistan",)
    assert install(tmp_path / "afg.geojson", tmp_path / "packs", register.places) == (pack, False)
    assert listed(tmp_path / "packs") == (pack,)
    assert remove(tmp_path / "packs", "afg") == pack
    assert listed(tmp_path / "packs") == ()
    with pytest.raises(UsageError, match="no pack 'afg'"):
        remove(tmp_path / "packs", "afg")


@pytest.mark.parametrize("words", ["Baghlan-e Jadid", "Baghlan-i-Jadid", "New Baghlan", "Baghlani Jadid"])
def test_a_district_is_found_under_its_common_spellings(tmp_path: Path, register: Register, words: str) -> None:
    (tmp_path / "afg.geojson").write_bytes(DISTRICTS)
    install(tmp_path / "afg.geojson", tmp_path / "packs", register.places)
    found = open_register(tmp_path / "packs")
    assert found.resolver(home="AF").place(f"{words} district").thing == "afg:b"
    text = f"Fighting in {words} district went on."
    ((one,),) = resolve(found, [Marked(text, [Span(12, 12 + len(words))])])
    assert one.thing == "afg:b"


@pytest.mark.parametrize(("one", "other"), [("Nad-e Ali", "Nad Ali"), ("Deh-e Bala", "Upper Deh"), ("Kabul", "kabul")])
def test_loose_keys(one: str, other: str) -> None:
    assert loose(one) == loose(other)


def test_provinces_are_told_apart_from_districts(tmp_path: Path, register: Register) -> None:
    known = feature("Ghanzi", 67.0, 33.0, shapeGroup="AFG", shapeType="ADM1")
    unknown = feature("Atlantis", 67.0, 33.0, shapeGroup="AFG", shapeType="ADM1")
    (tmp_path / "outline.json").write_bytes(boundaries(known, unknown, license="CC0"))
    pack, _ = install(tmp_path / "outline.json", tmp_path / "packs", register.places)
    assert pack.file == "outline.adm1.geojson"
    assert pack.notes == ("1 provinces are none that ISO 3166-2 has: Atlantis",)


@pytest.mark.parametrize("facts", [
    {"ADM2_EN": "Nad Ali", "ADM1_EN": "Helmand", "ADM0_PCODE": "AF", "ADM2_PCODE": "x"},
    {"adm2_name": "Nad Ali", "adm1_name": "Hilmand", "adm0_pcode": "AF", "adm2_pcode": "x"},
    {"NAME_2": "Nad Ali", "NAME_1": "Hilmand", "GID_0": "AFG", "GID_2": "x"},
])  # fmt: skip
def test_the_properties_of_three_sources_are_read(tmp_path: Path, register: Register, facts: dict[str, str]) -> None:
    one = feature("", 10.0, 50.0)  # where it is drawn says nothing: its province is named
    one["properties"] = facts
    (tmp_path / "p.geojson").write_bytes(boundaries(one))
    install(tmp_path / "p.geojson", tmp_path / "packs", register.places, "CC BY-IGO")
    (district,) = open_register(tmp_path / "packs").children("iso:AF-HEL", "district")
    assert (district.name, district.id) == ("Nad Ali", "p:x")


def test_a_zipped_boundary_names_its_licence_in_its_archive(tmp_path: Path, register: Register) -> None:
    bare = json.loads(DISTRICTS)
    del bare["licence"]
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("AFG-metaData.txt", "Boundary License: Public Domain\n")
        archive.writestr("AFG-ADM2.geojson", json.dumps(bare))
    pack, _ = install(tmp_path / "all.zip", tmp_path / "packs", register.places)
    assert (pack.licence, pack.file) == ("Public Domain", "all.geojson")


def test_a_dump_of_geonames_becomes_a_gazetteer(tmp_path: Path, register: Register) -> None:
    lines = [
        dump_line(9000001, "Qwertyabad", others="Qwerty Abad,Qala-e Qwerty"), "broken", dump_line(9000001, "Again"),
        dump_line(9000002, "Rud-e Qwerty", "H", "STM"), dump_line(9000003, "Helmand", "A", "ADM1"),
        dump_line(9000004, "Qwerty Kalay", first="77"),
    ]  # fmt: skip
    with zipfile.ZipFile(tmp_path / "AF.zip", "w") as archive:
        archive.writestr("readme.txt", "GeoNames")
        archive.writestr("AF.txt", "\n".join(lines))
    pack, _ = install(tmp_path / "AF.zip", tmp_path / "packs", register.places)
    assert (pack.file, pack.places) == ("AF.gazetteer", 3)
    assert "GeoNames" in pack.licence
    assert [note.split(" ")[0] for note in pack.notes] == ["1", "1", "1"]
    found = open_register(tmp_path / "packs")
    assert found.problems == ()
    assert found.ancestors("gn:9000001") == ("iso:AF-HEL", "iso:AF")
    assert found.resolver(home="AF").place("Qala-i-Qwerty").thing == "gn:9000001"
    assert found.thing("gn:9000002").type == "region"
    assert len(found.children("iso:AF", "province")) == 34
    ((one,),) = resolve(found, [Marked("Clashes in Qwertyabad.", [Span(11, 21)])])
    assert one.thing == "gn:9000001"


def test_a_damaged_gazetteer_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "AF.gazetteer").write_bytes(b"SQLite format 3\0 no more")
    (problem,) = open_register(tmp_path).problems
    assert "add it again" in problem.reason


@pytest.mark.parametrize(("name", "data", "reason"), [
    ("a.geojson", b"{}", "cannot be used as a pack"), ("a.csv", b"x\n1\n", "does not say under which licence"),
    ("a.pdf", b"%PDF", "of no form"), ("a.zip", b"PK", "cannot be used"), ("a.txt", b"some words\n", "no dump"),
    ("a.toml", b"[[", "cannot be used"), ("a.geojson.gz", gzip.compress(DISTRICTS)[:80], "cannot be used"),
    ("a.geojson", b"[" * 100_000, "cannot be used"),
])  # fmt: skip
def test_what_is_no_pack_is_refused(tmp_path: Path, register: Register, name: str, data: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UsageError, match=reason):
        install(tmp_path / name, tmp_path / "packs", register.places)
    assert listed(tmp_path / "packs") == ()
    with pytest.raises(UsageError, match="cannot be read"):
        install(tmp_path / "missing.csv", tmp_path / "packs", register.places)


def test_the_commands(tmp_path: Path) -> None:
    (tmp_path / "villages.csv").write_text("name,within,licence\nQarqul,iso:AF-KDZ,ours\nQarqul,nowhere,ours\n")

    def run(*words: str):
        return CliRunner().invoke(contested, ["-C", str(tmp_path / "w"), *words], standalone_mode=False)

    run("init", str(tmp_path / "w"))
    added = run("packs", "add", str(tmp_path / "villages.csv"))
    assert "villages: added, 2 places, licence: ours" in added.stderr
    assert "1 parents are no place we know: nowhere" in added.stderr
    assert "already there" in run("packs", "add", str(tmp_path / "villages.csv")).stderr
    assert "ours" in run("packs").stdout
    assert json.loads(run("packs", "list", "--json").stdout)["packs"][0]["name"] == "villages"
    assert "removed" in run("packs", "remove", "villages").stderr
    assert json.loads(run("packs", "list", "--json").stdout)["packs"] == []
