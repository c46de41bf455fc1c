"""How places lie to each other, and where phrases say that name no place of their own."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contested.register import Register, open_register
from contested.register.relations import bearing, distance, moved


@pytest.fixture(scope="module")
def register() -> Register:
    return open_register()


LATITUDES, LONGITUDES = st.floats(-80, 80), st.floats(-179, 179)


@given(LATITUDES, LONGITUDES, st.floats(1, 2000), st.floats(0, 359))
def test_going_there_is_that_far_and_that_way(north: float, east: float, far: float, way: float) -> None:
    there = moved((north, east), far, way)
    assert distance((north, east), there) == pytest.approx(far, abs=0.05)
    if far > 100:
        assert abs((bearing((north, east), there) - way + 180) % 360 - 180) < 0.5


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_distance_is_the_same_both_ways(a: float, b: float, c: float, d: float) -> None:
    assert distance((a, b), (c, d)) == pytest.approx(distance((c, d), (a, b)))
    assert 0 <= distance((a, b), (c, d)) <= 20_016
    assert distance((a, b), (a, b)) == pytest.approx(0, abs=1e-6)


def test_relations_of_the_index(register: Register) -> None:
    assert register.within("gn:1138336", "iso:AF")
    assert not register.within("iso:AF", "gn:1138336")
    kabul, kandahar = "gn:1138958", "gn:1138336"
    assert register.distance(kabul, kandahar) == pytest.approx(457, abs=10)
    assert register.distance(kabul, "nothing") is None


def test_countries_have_their_neighbours(register: Register) -> None:
    found = register.neighbours("iso:AF")
    assert {one.id for one in found.places} == {"iso:PK", "iso:IR", "iso:TM", "iso:UZ", "iso:TJ", "iso:CN"}
    assert not found.approximate
    assert register.neighbours("iso:IS").places == ()


def test_provinces_without_a_pack_have_likely_ones(register: Register) -> None:
    found = register.neighbours("iso:AF-KDZ")
    assert found.approximate
    assert {"iso:AF-TAK", "iso:AF-BGL"} <= {one.id for one in found.places}
    assert "iso:AF-NIM" not in {one.id for one in found.places}
    assert register.neighbours("gn:1138336").places == ()


def test_districts_of_a_pack_border_where_they_meet(tmp_path: Path) -> None:
    def square(name: str, west: float) -> dict[str, object]:
        ring = [[west, 36.0], [west + 0.3, 36.0], [west + 0.3, 36.3], [west, 36.3], [west, 36.0]]
        shape = {"type": "Polygon", "coordinates": [ring]}
        return {"properties": {"shapeName": name, "shapeID": name, "shapeGroup": "AFG"}, "geometry": shape}

    features = [square("A", 68.0), square("B", 68.3), square("C", 68.6)]
    (tmp_path / "d.geojson").write_text(json.dumps({"features": features}))
    found = open_register(tmp_path)
    assert [one.name for one in found.neighbours("d:B").places] == ["A", "C"]
    assert [one.name for one in found.neighbours("d:A").places] == ["B"]
    assert not found.neighbours("d:A").approximate


@pytest.mark.parametrize(("words", "latitude", "longitude", "radius", "precision"), [
    ("30 km east of Kunduz", 36.73, 69.19, 7.5, 2),
    ("about 10 miles north-west of Kandahar", 31.72, 65.59, 4.0, 2),
    ("200 kilometers south of Kabul", 32.73, 69.17, 50.0, 4),
    ("20 kilometres from Herat", 34.35, 62.2, 20.0, 2),
    ("between Kabul and Jalalabad", 34.48, 69.81, 58.9, 5),
    ("the outskirts of Lashkar Gah", 31.59, 64.37, 10.0, 2),
])  # fmt: skip
def test_a_phrase_gives_a_circle(
    register: Register, words: str, latitude: float, longitude: float, radius: float, precision: int
) -> None:
    found = register.area(words, home="AF")
    assert found is not None
    assert (found.latitude, found.longitude) == pytest.approx((latitude, longitude), abs=0.02)
    assert (found.radius, found.precision) == (pytest.approx(radius, abs=0.2), precision)


def test_a_phrase_gives_places(register: Register) -> None:
    capitals = register.area("the provincial capitals of Kunduz, Sar-e Pul and Takhar", home="AF")
    assert capitals is not None
    assert capitals.places == ("gn:1135689", "gn:1127110", "gn:1123004")
    north = register.area("provinces north of Kabul", home="AF")
    assert north is not None
    assert {"iso:AF-PAR", "iso:AF-PAN"} <= set(north.places)
    assert "iso:AF-LOG" not in north.places
    south = register.area("districts south of Kabul", home="AF")
    assert south is not None
    assert south.precision == 3
    kabul = register.thing("gn:1138958")
    assert kabul is not None
    assert all((register.thing(one).latitude or 90) < (kabul.latitude or 0) for one in south.places)


@pytest.mark.parametrize("words", [
    "30 km east of nowhere", "between x and y", "the capitals of Kunduz and Atlantis", "", "99999999 km from Kabul",
])  # fmt: skip
def test_what_is_not_known_gives_no_area(register: Register, words: str) -> None:
    assert register.area(words, home="AF") is None


@given(st.text(max_size=80))
def test_any_words_may_be_asked_for(register: Register, words: str) -> None:
    found = register.area(words)
    assert found is None or found.places or found.radius
