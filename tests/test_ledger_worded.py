"""What is asked by the words of a name is what goes through all that stands would find."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from benchmarks.war import reports
from hypothesis import given, settings
from hypothesis import strategies as st

from contested.extract.settled import same_words
from contested.ledger import Ledger
from contested.model import Control, Name, Relation
from contested.workspace.names import name_in, named, names_in, naming, on_record
from ledger_world import DOCUMENT, HOUR, MORNING, OTHER, entry, judges, says

Fresh = Callable[[], AbstractContextManager[Ledger]]

LETTERS = st.sampled_from('aAıİßſéÉ \t\n\x1c\u2003"\\/\x01\x7f,:گ😀')
WORDS = st.text(LETTERS, max_size=5)


@pytest.fixture(scope="module")
def war(fresh: Fresh) -> Iterator[Ledger]:
    with fresh() as ledger:
        ledger.record_many(reports(600, places=12, years=1), at_once=20)
        yield ledger


def test_every_name_of_a_war_is_found_by_its_words_as_all_of_it_would_tell(war: Ledger) -> None:
    standing = list(war.view())
    names = {(role, same_words(name.words)) for each in standing for role, name in names_in(each.assertion.content)}
    listed = {(each.role, same_words(each.words)): each for each in on_record(standing)}
    assert len(names) > 20
    for role, words in names:
        due = [each for each in standing if name_in(each.assertion.content, role, words)]
        assert list(naming(war, role, words.upper())) == due
        assert named(war, role, words) == listed[role, words]
    assert named(war, "place", "Nowhere") is None


def test_words_are_asked_as_known_at_a_moment_and_of_what_stands(ledger: Ledger) -> None:
    said, otherwise = says(), Control("taken", Name("Kabul City"))
    for document in (DOCUMENT, OTHER):
        ledger.add_document(document)
    ledger.record(entry(said))
    ledger.record(judges("amend", said.id, amended=otherwise, at=MORNING + HOUR))
    ledger.record(judges("reject", said.id, analyst="bo", at=MORNING + 2 * HOUR))
    ledger.record(judges("undo", said.id, at=MORNING + 3 * HOUR))
    found = [
        [each.assertion.content for each in ledger.as_known(MORNING + hour * HOUR).worded("City  kabul")]
        for hour in (-1, 0, 1, 2, 3)
    ]
    assert found == [[], [said.content], [otherwise], [otherwise], []]


@given(WORDS, WORDS, st.sampled_from([str.upper, str.lower, str.title, " {} ".format]))
@settings(max_examples=150)
def test_whatever_the_words_are_made_of(fresh: Fresh, first: str, second: str, change: Callable[[str], str]) -> None:
    with fresh() as ledger:
        ledger.add_document(DOCUMENT)
        one, two = says(place=Name(first)), says(10, place=Name("Kabul", "gn:1"), holder=Name(second))
        amended = Relation("allied", Name(f"{second} {first}"), Name(first, "actor:x"))
        ledger.record(entry(one, two))
        ledger.record(judges("amend", two.id, amended=amended))
        standing = list(ledger.view())
        for words in (first, second, f"{second} {first}", "Kabul"):
            for asked in (words, change(words)):
                for role in ("place", "party"):
                    due = [each for each in standing if name_in(each.assertion.content, role, asked)]
                    assert list(naming(ledger, role, asked)) == due
