"""Places: every province of the countries most reported on, its capital, and how the press spells and places them."""

import json
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contested.errors import UsageError
from contested.register import Register, open_register
from contested.register.index import folder, open_index
from contested.register.phrases import read_phrase
from contested.register.spelling import key, skeleton

CAPITALS = {
    "Badakhshan": "Faizabad", "Badghis": "Qala-i-Naw", "Baghlan": "Pul-e-Khumri", "Balkh": "Mazar-i-Sharif",
    "Bamyan": "Bamiyan", "Daykundi": "Nili", "Farah": "Farah", "Faryab": "Maymana", "Ghazni": "Ghazni",
    "Ghor": "Chaghcharan", "Helmand": "Lashkar Gah", "Herat": "Herat", "Jowzjan": "Sheberghan", "Kabul": "Kabul",
    "Kandahar": "Kandahar", "Kapisa": "Mahmud-i-Raqi", "Khost": "Khost", "Kunar": "Asadabad", "Kunduz": "Kunduz",
    "Laghman": "Mihtarlam", "Logar": "Pul-e Alam", "Nangarhar": "Jalalabad", "Nimroz": "Zaranj", "Nuristan": "Parun",
    "Paktia": "Gardez", "Paktika": "Sharana", "Panjshir": "Bazarak", "Parwan": "Charikar", "Samangan": "Aybak",
    "Sar-e Pul": "Sar-e-Pol", "Takhar": "Taluqan", "Uruzgan": "Tirin Kot", "Wardak": "Maidan Shar", "Zabul": "Qalat",
}  # fmt: skip


@pytest.fixture(scope="session")
def register() -> Register:
    return open_register()


@pytest.mark.parametrize(("province", "capital"), CAPITALS.items())
def test_each_afghan_capital_is_known_as_the_press_spells_it(register: Register, province: str, capital: str) -> None:
    resolver = register.resolver(home="AF")
    division = resolver.place(f"{province} province").thing
    assert division.startswith("iso:AF-")
    town = register.capital(division)
    assert town is not None
    assert town.type == "settlement"
    assert resolver.place(capital, level="settlement").thing == town.id
    assert register.ancestors(town.id) == (division, "iso:AF")
    assert town.latitude is not None
    assert 29 < town.latitude < 39


def test_the_thirty_four_provinces_are_distinct(register: Register) -> None:
    resolver = register.resolver(home="Afghanistan")
    assert len({resolver.place(f"{name} province").thing for name in CAPITALS}) == 34
    assert len(register.children("iso:AF", "province")) == 34


@pytest.mark.parametrize("country", ["AF", "YE", "SY", "IQ", "UA", "SD", "ML", "NE", "LB"])
def test_towns_lie_in_provinces(register: Register, country: str) -> None:
    towns = register.places.settlements(f"iso:{country}")
    placed = [town for town in towns if len(register.ancestors(town.id)) >= 2]
    assert len(placed) >= 0.98 * len(towns)


@pytest.mark.parametrize(("words", "found"), [
    ("Kunduz province", "iso:AF-KDZ"),
    ("Kunduz city", "gn:1135689"),
    ("the city of Kunduz", "gn:1135689"),
    ("Kunduz", "gn:1135689"),
    ("Baghlan", "iso:AF-BGL"),
    ("the southern province of Kandahar", "iso:AF-KAN"),
    ("northern Balkh province", "iso:AF-BAL"),
    ("Kabul and its outskirts", "gn:1138958"),
    ("the provincial capital of Helmand", "gn:1134720"),
    ("Helmand's provincial capital", "gn:1134720"),
    ("Yemen's Marib governorate", "iso:YE-MA"),
    ("Yemen’s capital", "gn:71137"),
    ("the Afghan capital, Kabul", "gn:1138958"),
    ("near the Iraqi capital", "gn:98182"),
    ("in and around Baghdad", "gn:98182"),
    ("Darfur", "region:darfur"),
    ("South Kivu province", "iso:CD-SK"),
    ("Ethiopia's Tigray region", "iso:ET-TI"),
    ("northern Ituri province", "iso:CD-IT"),
    ("Sudan's troubled Darfur region", "region:darfur"),
    ("the southern Afghan city of Kandahar", "gn:1138336"),
    ("Republic of Congo", "iso:CG"),
    ("Bosnia and Herzegovina", "iso:BA"),
    ("Iraqi Kurdistan", "iso:IQ-KR"),
    ("Jalalabad, the capital of Nangarhar", "gn:1139715"),
    ("South Sudan", "iso:SS"),
    ("the U.S.", "iso:US"),
    ("Mexico City", "gn:3530597"),
])  # fmt: skip
def test_the_words_around_a_name_say_its_level_and_what_it_lies_in(register: Register, words: str, found: str) -> None:
    name = register.resolver(home="AF").place(words)
    assert (name.words, name.thing) == (words, found)
    assert name.sure > 0.5


@pytest.mark.parametrize("words", ["the north", "the government", "of", "two soldiers", "", "...", "a" * 5000])
def test_what_names_no_place_keeps_its_words(register: Register, words: str) -> None:
    name = register.resolver(["Kabul"]).place(words)
    assert (name.words, name.thing, name.sure) == (words, "", 0.0)


@pytest.mark.parametrize(("mentions", "words", "found"), [
    (["Aleppo", "Idlib", "Hama", "Syria"], "Tripoli", "LY LB"),
    (["Beirut", "Sidon", "Tyre", "Lebanon"], "Tripoli", "LB"),
    (["Benghazi", "Misrata", "Libya"], "Tripoli", "LY"),
    (["Islamabad", "Punjab", "Pakistan"], "Hyderabad", "PK"),
    (["Mumbai", "New Delhi", "India"], "Hyderabad", "IN"),
])  # fmt: skip
def test_the_other_places_of_a_report_tell_namesakes_apart(
    register: Register, mentions: list[str], words: str, found: str
) -> None:
    thing = register.thing(register.resolver(mentions).place(words).thing)
    assert thing is not None
    assert register.places.country(thing).removeprefix("iso:") in found.split()


def test_what_is_only_in_a_place_is_doubted(register: Register) -> None:
    resolver = register.resolver(home="AF")
    assert resolver.place("the airport in Kunduz").sure <= 0.5 < resolver.place("the city of Kunduz").sure


def test_home_tells_namesakes_apart(register: Register) -> None:
    assert register.resolver(home="AF").place("Jalalabad").thing == "gn:1139715"
    assert register.resolver(home="KG").place("Jalalabad").thing != "gn:1139715"


def test_a_name_spelt_otherwise_is_only_proposed(register: Register) -> None:
    name = register.resolver(home="AF").place("Lashkargaah")
    assert name.thing == "gn:1134720"
    assert 0 < name.sure <= 0.6
    assert register.resolver().place("Lashkargaah").thing == ""


def test_a_place_that_is_not_where_the_words_put_it_is_doubted(register: Register) -> None:
    assert register.resolver(home="AF").place("Lashkar Gah, Kunduz").sure <= 0.4


@given(st.text(max_size=60), st.sampled_from(["", "province", "settlement", "district", "country"]))
def test_any_words_are_kept(register: Register, words: str, level: str) -> None:
    name = register.resolver(["Kabul"], home="AF").place(words, level)
    assert name.words == words
    assert 0 <= name.sure <= 1
    assert (name.thing == "") == (name.sure == 0) or register.thing(name.thing) is not None


@given(st.text())
def test_keys_are_stable(words: str) -> None:
    assert key(words.upper().lower()) == key(words.upper().lower())
    assert skeleton(words) == skeleton(words)
    assert read_phrase(words).level in ("", "country", "province", "district", "settlement")


@pytest.mark.parametrize(("one", "other"), [
    ("Ar-Raqqah", "raqqah"), ("Pul-i-Khumri", "Pul-e Khumri"), ("Ma’rib", "Marib"), ("Ḩaḑramawt", "Hadramawt"),
    ("St. Petersburg", "Saint Petersburg"), ("U.S.", "US"), ("Mazār-e Sharīf", "mazar e sharif"),
])  # fmt: skip
def test_spellings_that_mean_one_name(one: str, other: str) -> None:
    assert key(one) == key(other)


def test_different_names_keep_different_keys() -> None:
    assert len({key(name) for name in ["Kunar", "Kunduz", "Al Bayda", "Bayda City", "Goma", "Gomel"]}) == 6


# ── the index on disk ────────────────────────────────────────────────────────────────────────────


def test_a_damaged_index_is_built_anew(tmp_path, monkeypatch, register: Register) -> None:
    whole = next(folder().glob("places-*.sqlite"))
    monkeypatch.setenv("CONTESTED_CACHE", str(tmp_path))
    cut = tmp_path / whole.name
    cut.write_bytes(whole.read_bytes()[:100_000])
    monkeypatch.setattr("contested.register.index.build", lambda path: path.write_bytes(whole.read_bytes()))
    said: list[str] = []
    assert open_index(said.append).execute("SELECT count(*) FROM places").fetchone()[0] > 200_000
    assert said == ["building the place index, once"]
    open_index(said.append)
    assert len(said) == 1


def test_a_cache_that_cannot_be_written_says_what_to_do(tmp_path, monkeypatch) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    monkeypatch.setenv("CONTESTED_CACHE", str(tmp_path / "taken"))
    with pytest.raises(UsageError, match="set CONTESTED_CACHE"):
        open_index(lambda line: None)


def test_the_index_cannot_be_written(register: Register) -> None:
    with pytest.raises(sqlite3.OperationalError):
        open_index().execute("DELETE FROM places")


# ── packs of one's own ───────────────────────────────────────────────────────────────────────────


def square(west: float, south: float, side: float) -> dict[str, object]:
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(name: str, shape: dict[str, object], level: str = "ADM2") -> dict[str, object]:
    facts = {"shapeName": name, "shapeID": f"id-{name}", "shapeGroup": "AFG", "shapeType": level}
    return {"type": "Feature", "properties": facts, "geometry": shape}


def test_districts_come_from_boundaries(tmp_path) -> None:
    features = [feature("Khanabad", square(68.9, 36.5, 0.4)), feature("Nowhere", square(64.2, 31.4, 0.2))]
    (tmp_path / "districts.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    found = open_register(tmp_path)
    assert found.problems == ()
    district = found.thing("districts:id-Khanabad")
    assert district is not None
    assert (district.type, district.within) == ("district", "iso:AF-KDZ")
    resolver = found.resolver(home="AF")
    assert resolver.place("Khanabad district").thing == district.id
    assert resolver.place("Khanabad city").thing != district.id
    assert [thing.name for thing in found.children("iso:AF-HEL", "district")] == ["Nowhere"]


def test_a_province_boundary_beats_the_nearest_town(tmp_path) -> None:
    provinces = [feature("Badghis", square(64.0, 31.0, 1.0), "ADM1")]
    districts = [feature("Nowhere", square(64.2, 31.4, 0.2))]
    for name, features in (("z-adm1", provinces), ("a-adm2", districts)):
        (tmp_path / f"{name}.geojson").write_text(json.dumps({"features": features}))
    found = open_register(tmp_path)
    assert [thing.name for thing in found.children("iso:AF-BDG", "district")] == ["Nowhere"]


def test_tables_and_toml_add_places_and_actors(tmp_path) -> None:
    (tmp_path / "villages.csv").write_text("name,names,within,latitude\nQarqul,Karkul|Qar Qul,iso:AF-KDZ,36.7\n")
    (tmp_path / "mine.toml").write_text(
        '[armed_group]\nred-hill = { names = ["Red Hill Front"], in = "afghanistan" }\n'
        '[[place]]\nid = "my:red-hill"\nnames = ["Red Hill"]\ntype = "district"\nwithin = "iso:AF-KDZ"\n'
    )
    found = open_register(tmp_path)
    resolver = found.resolver(home="AF")
    assert resolver.place("Karkul").thing == "villages:qarqul"
    assert resolver.place("Red Hill district").thing == "my:red-hill"
    assert resolver.actor("Red Hill Front fighters").thing == "actor:red-hill"
    assert found.ancestors("actor:red-hill") == ("actor:afghanistan", "iso:AF")


@pytest.mark.parametrize(("name", "text"), [
    ("broken.toml", "[["), ("broken.geojson", "{}"), ("wrong.geojson", '{"features": [{"properties": {}}]}'),
    ("broken.csv", "a,b\n1,2\n"), ("wrong.toml", '[[place]]\nid = 3\nnames = "x"\n'),
    ("flat.toml", 'armed_group = "x"\n'),
])  # fmt: skip
def test_a_pack_that_cannot_be_read_is_a_problem(tmp_path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    (problem,) = open_register(tmp_path).problems
    assert problem.file == name
    assert problem.reason
    assert problem.remedy
