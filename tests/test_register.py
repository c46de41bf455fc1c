"""The register as a whole: find, thing, ancestors, countries."""

import datetime as dt

import pytest

from contested.register import Register, open_register


@pytest.fixture(scope="module")
def register() -> Register:
    return open_register()


def test_find_gives_the_likeliest_first(register: Register) -> None:
    assert register.find("Kunduz")[0].id == "gn:1135689"
    assert register.find("Taliban")[0].id == "actor:taliban"
    assert [thing.id for thing in register.find("Kunduz", kind="actor")] == []
    assert {thing.kind for thing in register.find("Iran")} == {"place", "actor"}
    assert register.find("Reuters", kind="source")[0].name == "Reuters"
    assert register.find("no such name at all") == ()


def test_a_thing_is_had_by_its_id(register: Register) -> None:
    for wanted in ("gn:1138336", "iso:AF", "iso:AF-KAN", "actor:taliban", "source:ap", "list:us-fto"):
        thing = register.thing(wanted)
        assert thing is not None
        assert thing.id == wanted
        assert thing.names
    assert register.thing("un:QDe.004") == register.thing("actor:al-qaeda")
    assert register.thing("") is None
    assert register.thing("gn:0") is None


def test_an_agreement_has_its_day(register: Register) -> None:
    assert register.signed("instrument:doha-agreement-2020") == dt.date(2020, 2, 29)
    assert register.signed("actor:taliban") is None


def test_ancestors_run_from_the_nearest(register: Register) -> None:
    assert register.ancestors("gn:1138336") == ("iso:AF-KAN", "iso:AF")
    assert register.ancestors("actor:qassam-brigades") == ("actor:hamas", "actor:palestine", "iso:PS")
    assert register.ancestors("iso:AF") == ()
    assert register.ancestors("nothing") == ()


def test_capitals_and_children(register: Register) -> None:
    capital = register.capital("iso:AF")
    assert capital is not None
    assert capital.name == "Kabul"
    assert register.capital("iso:SY-RD") is None
    assert {thing.type for thing in register.children("iso:AF")} == {"province"}
    assert all(thing.within == "iso:AF-KDZ" for thing in register.children("iso:AF-KDZ", "settlement"))
    assert len(register.children("iso:YE", "province")) == 22


@pytest.mark.parametrize(("town", "division"), [
    ("Takoradi", "iso:GH-WP"), ("Chirchiq", "iso:UZ-TO"), ("Touggourt", "iso:DZ-55"), ("La Chorrera", "iso:PA-10"),
    ("Wamena", "iso:ID-PE"), ("Panevėžys", "iso:LT-PN"),
])  # fmt: skip
def test_towns_lie_in_the_division_of_their_code(register: Register, town: str, division: str) -> None:
    assert next(thing for thing in register.find(town, "place") if thing.type == "settlement").within == division


@pytest.mark.parametrize(
    ("words", "division"), [("Dubai", "iso:AE-DU"), ("North Kivu", "iso:CD-NK"), ("Tirana", "iso:AL-11")]
)
def test_provinces_have_names_that_iso_has_not(register: Register, words: str, division: str) -> None:
    assert division in {thing.id for thing in register.find(words, "place")}


@pytest.mark.parametrize("words", ["AF", "af", "iso:AF", "Afghanistan", "Islamic Republic of Afghanistan"])
def test_a_home_country_may_be_given_in_any_form(register: Register, words: str) -> None:
    assert register.country(words) == "iso:AF"


@pytest.mark.parametrize("words", ["", "Kunduz", "iso:AF-KDZ", "Atlantis"])
def test_what_is_no_country_is_no_home(register: Register, words: str) -> None:
    assert register.country(words) == ""


def test_one_resolver_answers_the_same_twice(register: Register) -> None:
    resolver = register.resolver(["Kabul"])
    assert resolver.place("Kunduz") is resolver.place("Kunduz")


def test_countries_have_points(register: Register) -> None:
    for thing in register.places.countries():
        if thing.population > 100_000:
            assert thing.latitude is not None, thing.name
