"""The schematic map: cells that do not overlap and hold their place, looks that differ, links that lead."""

from __future__ import annotations

from itertools import combinations
from math import dist
from xml.etree import ElementTree as ET

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contested.web import map as map_
from contested.web.cells import Point, cells, part, project, reach
from contested.web.palette import DISPUTED, LIGHT, TEXTURES, Look, looks, shape

SITES = st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=1, max_size=25)


def inside(polygon: list[Point], point: Point) -> bool:
    """Whether a convex polygon, either way round, holds a point, with a little room for rounding."""
    turns = [
        (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0])
        for a, b in zip(polygon, polygon[1:] + polygon[:1], strict=True)
    ]
    return all(turn > -1e-7 for turn in turns) or all(turn < 1e-7 for turn in turns)


@given(SITES, st.tuples(st.floats(-9, 9), st.floats(-9, 9)))
def test_a_point_lies_in_the_cell_of_its_nearest_place_only(sites: list[Point], probe: Point) -> None:
    sites = list(dict.fromkeys((round(x, 2), round(y, 2)) for x, y in sites))
    radius = reach(sites)
    ranked = sorted(range(len(sites)), key=lambda n: dist(probe, sites[n]))
    nearest = dist(probe, sites[ranked[0]])
    assume(len(ranked) == 1 or dist(probe, sites[ranked[1]]) - nearest > 1e-3)
    drawn = cells(sites, radius)
    assert inside(drawn[ranked[0]], probe) or nearest > 0.99 * radius  # the circle is a polygon of 36 sides
    assert not any(inside(drawn[n], probe) for n in ranked[1:])


@given(SITES)
def test_every_place_lies_in_its_own_cell(sites: list[Point]) -> None:
    apart = part(sites, reach(sites))
    for site, cell in zip(apart, cells(apart, reach(sites)), strict=True):
        assert len(cell) >= 3
        assert inside(cell, site)


def test_places_on_one_spot_are_parted_and_others_stay() -> None:
    sites = [(1.0, 1.0), (1.0, 1.0), (1.0, 1.0), (4.0, 4.0)]
    apart = part(sites, 1.0)
    assert apart[0] == (1.0, 1.0)
    assert apart[3] == (4.0, 4.0)
    assert all(dist(a, b) > 0.1 for a, b in combinations(apart, 2))
    assert apart == part(sites, 1.0)


def test_places_either_side_of_the_date_line_stay_neighbours() -> None:
    (east, _), (west, _) = project([(0.0, 179.0), (0.0, -179.0)])
    assert abs(east - west) == pytest.approx(2.0)


def test_north_is_up_and_east_is_right() -> None:
    (x, y), (to_x, to_y) = project([(30.0, 60.0), (31.0, 61.0)])
    assert to_x > x
    assert to_y < y


def test_no_two_looks_are_alike() -> None:
    """Each slot's pattern differs from every other's, so nothing rests on telling hues apart."""
    assert len(set(TEXTURES)) == len(TEXTURES)
    assert len({*LIGHT.values(), *TEXTURES}) == len(LIGHT) + len(TEXTURES)
    drawn = [shape(Look(1), status) for status in ("settled", "contested", "claimed", "stale", "none")]
    assert all(one != other for one, other in combinations(drawn, 2))


@given(st.sets(st.text(min_size=1), max_size=7), st.sets(st.text(min_size=1), max_size=7))
def test_seven_parties_have_seven_colours(parties: set[str], more: set[str]) -> None:
    parties = {party for party in parties if " by " not in party and not party.startswith(("contested", "disputed"))}
    values = {f"held by {party}" for party in parties}
    given_ = looks(values)
    assert len({look.slot for look in given_.values()}) == len(values)
    assert DISPUTED not in {look.slot for look in given_.values()}


def test_a_value_keeps_its_look_when_others_come_and_go() -> None:
    order = ["government", "contested", "insurgent controlled"]
    alone = looks(["insurgent controlled"], order)["insurgent controlled"]
    assert alone == looks(["government", "insurgent controlled", "unconfirmed"], order)["insurgent controlled"]


def test_one_party_one_colour() -> None:
    given_ = looks(["held by Taliban", "surrounded by Taliban", "lost by Taliban", "contested"])
    assert {given_[value].slot for value in given_ if value != "contested"} == {given_["held by Taliban"].slot}
    assert len({given_[value] for value in given_}) == 4


def mark(name: str = "Kunduz", **how: object) -> map_.Mark:
    given_ = {"told": name, "link": f"/map?place={name}", "latitude": 36.7, "longitude": 68.8, "look": Look(1)}
    return map_.Mark(name=name, **{"status": "settled"} | given_ | how)  # type: ignore[arg-type]


def test_the_drawing_is_xml_and_every_place_is_a_link() -> None:
    drawn = map_.draw([mark(), mark("Herat", latitude=34.3, longitude=62.2), mark('"><script>', latitude=31.0)])
    tree = ET.fromstring(str(drawn))
    assert [a.get("href") for a in tree.iter("a")] == ["/map?place=Kunduz", "/map?place=Herat", '/map?place="><script>']
    assert not list(tree.iter("script"))


def test_every_pattern_that_is_used_is_defined() -> None:
    drawn = map_.draw(
        [
            mark(str(n), longitude=60.0 + n, look=Look(n % 8, "vlm"[n % 3]), status=status)
            for n, status in enumerate(("settled", "contested", "claimed", "stale", "none") * 4)
        ]
    )
    tree = ET.fromstring(str(drawn))
    defined = {f"url(#{pattern.get('id')})" for pattern in tree.iter("pattern")}
    used = {path.get("fill") for path in tree.iter("path") if (path.get("fill") or "").startswith("url")}
    assert used
    assert used <= defined


def test_names_do_not_overlap_and_the_chosen_one_is_there() -> None:
    crowd = [
        mark(f"Place number {n}", latitude=36 + n * 0.001, longitude=68.0 + n % 7, chosen=n == 150) for n in range(200)
    ]
    texts = [each for each in ET.fromstring(str(map_.draw(crowd))).iter("text") if "name" in (each.get("class") or "")]
    assert 0 < len(texts) < 200
    assert "Place number 150" in [each.text for each in texts]


def test_an_empty_map_draws_nothing_and_a_large_one_stops() -> None:
    assert map_.draw([]) == ""
    many = [mark(str(n), latitude=n % 21, longitude=n // 21) for n in range(map_.MOST + 5)]
    assert str(map_.draw(many)).count("<a ") == map_.MOST
