"""How alike names are: one name in many spellings, and names that only look alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contested.register.likeness import likeness

ONE_PERSON = [
    ("Muammar Gaddafi", "Moammar Qadhafi"), ("Bashar al-Assad", "Bachar el-Assad"), ("Hassan Rouhani", "Hasan Rohani"),
    ("Mohammed Hassan Akhund", "Mohammad Hassan Akhond"), ("Abdul Ghani Baradar", "Abdulghani Baradar"),
    ("Abd al-Malik al-Houthi", "Abdulmalik Al-Houthi"), ("Saif al-Islam Gaddafi", "Seif al-Islam Kadhafi"),
    ("Gulbuddin Hekmatyar", "Gulbudin Hikmatyar"), ("Nouri al-Maliki", "Nuri Al Maliki"), ("Nour al-Din", "Noureddine"),
    ("Volodymyr Zelensky", "Volodymyr Zelenskyy"), ("Viktor Yanukovych", "Victor Yanukovich"),
    ("Владимир Путин", "Vladimir Putin"), ("محمد خاتمي", "Mohammad Khatami"), ("Kofi Annan", "Annan, Kofi"),
    ("Abdullah ibn Hussein", "Abdallah bin Husayn"), ("Boutros Boutros-Ghali", "B. Boutros-Ghali"),
    ("Jean-Bertrand Aristide", "JB Aristide"), ("Dr. Ashraf Ghani", "Ashraf Ghani"),
    ("Bill Clinton", "William Clinton"), ("John McCain", "JohnMcCain"),
]  # fmt: skip
TWO_PEOPLE = [
    ("Bashar al-Assad", "Hafez al-Assad"), ("Hamid Karzai", "Ahmed Wali Karzai"), ("Saddam Hussein", "Uday Hussein"),
    ("Abdul Hakim", "Abdul Karim"), ("Saud bin Faisal", "Faisal bin Saud"), ("George Bush", "Kate Bush"),
    ("Ali Larijani", "Ali Khamenei"), ("Robert Mugabe", "Grace Mugabe"), ("A. Gore", "B. Gore"),
]  # fmt: skip
ONE_BODY = [
    ("Ansar Allah", "Ansarallah"), ("World Health Organization", "World Health Organisation"),
    ("The Red Crescent", "Red Crescent"), ("Lashkar-e-Taiba", "Lashkar-i-Tayyiba"), ("Unit 44", "Unit Forty-Four"),
    ("Royal Dutch Petroleum N.V.", "Royal Dutch Petroleum NV"), ("Ahrar al-Sham", "Ahrar ash-Sham"),
    ("U.S. Navy", "United States Navy"), ("Second Corps", "2nd Corps"),
]  # fmt: skip
TWO_BODIES = [
    ("First Corps", "Second Corps"), ("Ministry of Defence", "Ministry of Finance"), ("Bank of Sudan", "Bank of Syria"),
    ("Northern Alliance", "Southern Alliance"), ("Battalion 32", "Battalion 23"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), ONE_PERSON)
def test_spellings_of_one_person_are_alike(one: str, other: str) -> None:
    assert likeness(one, other, "person") >= 0.85


@pytest.mark.parametrize(("one", "other"), TWO_PEOPLE)
def test_two_people_of_one_family_are_not(one: str, other: str) -> None:
    assert likeness(one, other, "person") < 0.62


@pytest.mark.parametrize(("one", "other"), ONE_BODY)
def test_spellings_of_one_body_are_alike(one: str, other: str) -> None:
    assert likeness(one, other, "body") >= 0.85


@pytest.mark.parametrize(("one", "other"), TWO_BODIES)
def test_bodies_that_differ_in_what_tells_are_not(one: str, other: str) -> None:
    assert likeness(one, other, "body") < 0.62


def test_a_missing_middle_name_costs_less_than_another() -> None:
    missing = likeness("George Bush", "George Walker Bush", "person")
    assert likeness("George Herbert Bush", "George Walker Bush", "person") < missing < 1


def test_an_acronym_is_like_its_body() -> None:
    assert likeness("NATO", "North Atlantic Treaty Organization", "body") == pytest.approx(0.8)
    assert likeness("NATO", "National Army of Togo", "body") == 0


NAMES = st.text("abdghikmnrstuy -'.éжم", max_size=30)
WORDS = st.lists(st.text("abdegiklmnoprstuvz", min_size=4, max_size=9), min_size=1, max_size=5, unique=True)
SORTS = st.sampled_from(["person", "body", ""])


@given(NAMES, NAMES, SORTS)
def test_likeness_is_the_same_either_way_round(one: str, other: str, sort: str) -> None:
    assert likeness(one, other, sort) == likeness(other, one, sort)
    assert 0 <= likeness(one, other, sort) <= 1


@given(st.text(max_size=400), SORTS)
def test_a_name_is_wholly_like_itself(name: str, sort: str) -> None:
    assert likeness(name, name, sort) == 1
    assert likeness(name, name.upper(), sort) == likeness(name.upper(), name, sort)


@given(WORDS.flatmap(lambda words: st.tuples(st.just(words), st.permutations(words))))
def test_order_costs_next_to_nothing(both: tuple[list[str], list[str]]) -> None:
    assert likeness(" ".join(both[0]), " ".join(both[1])) >= 0.97


@given(st.text(max_size=3000), st.text(max_size=3000))
def test_any_text_is_compared(one: str, other: str) -> None:
    assert 0 <= likeness(one, other) <= 1
