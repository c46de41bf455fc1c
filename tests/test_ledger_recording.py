"""What goes into the ledger, in what order and at what moment, and what is refused."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from msgspec.structs import replace

from contested.errors import UsageError
from contested.ledger import Ledger
from contested.ledger.record import Act
from contested.model import (
    Assertion,
    Entry,
    Estimate,
    Event,
    Name,
    Quote,
)
from grounds import Ground
from ledger_world import DOCUMENT, HOUR, MORNING, OTHER, TEXT, entry, ids, judges, says


def test_what_goes_in_comes_out(ledger: Ledger) -> None:
    assert ledger.record_all(DOCUMENT, [entry(says())])
    (stands,) = ledger.view()
    assert stands.assertion == says()
    assert (stands.id, stands.recorder, stands.recorded_at) == (says().id, "control@1", MORNING)
    assert (stands.source, stands.published, stands.file) == (DOCUMENT.source, DOCUMENT.published, DOCUMENT.file)
    assert ledger.document(DOCUMENT.id) == DOCUMENT
    assert list(ledger.documents()) == [replace(DOCUMENT, text="")]
    assert list(ledger.entries()) == [entry(says())]


def test_a_guessed_day_is_not_told_as_the_day_of_publication(ledger: Ledger) -> None:
    ledger.record_all(OTHER, [entry(says(document=OTHER), on=OTHER)])
    assert [each.published for each in ledger.view()] == [None]


def test_recording_twice_changes_nothing(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says()), entry(recorder="event@1")])
    head = ledger.head()
    assert not ledger.record_all(DOCUMENT, [entry(says(), at=MORNING + HOUR), entry(recorder="event@1")])
    assert not ledger.record(entry(says(), at=MORNING + HOUR))
    assert not ledger.add_document(DOCUMENT)
    assert ledger.head() == head
    assert ledger.record(entry(says(), recorder="control@2", at=MORNING + HOUR))


def test_a_whole_number_and_the_same_number_with_a_point_are_one(ledger: Ledger) -> None:
    def killed(number: float) -> Entry:
        event = Event("bombing", killed=Estimate(number, number))
        return entry(replace(says(), content=event), recorder="event@1")

    ledger.record_all(DOCUMENT, [killed(3)])
    assert not ledger.record(killed(3.0))
    assert ids(ledger) == [killed(3.0).assertions[0].id]
    assert ledger.verify() == []


def test_a_new_version_supersedes_and_an_empty_entry_withdraws(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says(0), says(7))])
    assert ids(ledger) == [says(0).id, says(7).id]
    ledger.record(entry(says(7), recorder="control@2", at=MORNING + HOUR))
    assert ids(ledger) == [says(7).id]
    assert ledger.recorders(DOCUMENT.id) == {"control@2"}
    ledger.record(entry(recorder="control@3", at=MORNING + 2 * HOUR))
    assert ids(ledger) == []
    assert ids(ledger, known=MORNING) == [says(0).id, says(7).id]
    assert ids(ledger, known=MORNING - HOUR) == []


def test_the_recorders_of_a_document_are_those_whose_word_stands(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says()), entry(recorder="event@4")])
    ledger.record(judges("note", says().id, note="see also"))
    assert ledger.recorders(DOCUMENT.id) == {"control@1", "event@4"}
    assert ledger.recorders("nothing") == frozenset()


def test_what_is_asked_while_an_act_is_written_is_answered_as_it_always_will_be(ground: Ground) -> None:
    now, asking = dt.datetime.now(dt.UTC), threading.Event()
    with ground.open(create=True) as writer, ground.open() as reader, ThreadPoolExecutor() as aside:
        writer.record_all(DOCUMENT, [entry(says())])
        plain = reader._file.wait
        reader._file.wait = lambda: (asking.set(), plain())[1]  # type: ignore[method-assign, func-returns-value]
        assert ids(reader, known=MORNING) == [says().id]
        assert not asking.is_set(), "nothing can be dated before what is on record"
        with writer._file.writing() as connection:
            act = Act(connection, now)
            act.append(entry(says(7), recorder="event@1"))
            act.close()
            assert ids(reader) == [says().id], "who asks for no moment never waits"
            asked = [aside.submit(ask, reader, now) for ask in (ids_at, documents_at, standing_at)]
            assert asking.wait(60)
        assert [each.result(60) for each in asked] == [[says().id, says(7).id], [DOCUMENT.id], says(7).id]
        asking.clear()
        assert ids(reader, known=now) == [says().id, says(7).id]
        assert not asking.is_set(), "it has passed"
        assert ids(reader, known=now + HOUR) == [says().id, says(7).id]
        assert not asking.is_set(), "it is yet to come"


def ids_at(ledger: Ledger, known: dt.datetime) -> list[str]:
    return ids(ledger, known=known)


def documents_at(ledger: Ledger, known: dt.datetime) -> list[str]:
    return [each.id for each in ledger.documents(known)]


def standing_at(ledger: Ledger, known: dt.datetime) -> str:
    return ledger.standing(says(7).id, known).id


def test_a_clock_set_back_does_not_slip_into_the_past(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says(0))])
    ledger.record(entry(says(7), recorder="event@1", at=MORNING - 5 * HOUR))
    assert ids(ledger, known=MORNING) == [says(0).id]
    assert [each.recorded_at for each in ledger.entries()] == [MORNING, MORNING + dt.timedelta(microseconds=1)]


def test_moments_are_kept_in_utc_and_must_say_their_zone(ledger: Ledger) -> None:
    kabul = dt.timezone(dt.timedelta(hours=4, minutes=30))
    ledger.record_all(DOCUMENT, [entry(says(), at=MORNING.astimezone(kabul))])
    assert [each.recorded_at for each in ledger.view(known=MORNING.astimezone(kabul))] == [MORNING]
    with pytest.raises(UsageError, match="time zone"):
        ledger.view(known=MORNING.replace(tzinfo=None))
    with pytest.raises(UsageError, match="time zone"):
        ledger.record(entry(says(7), at=MORNING.replace(tzinfo=None)))


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (replace(says(), voices=()), "no voices"),
        (replace(says(), quote=None), "quotes nothing"),
        (replace(says(), quote=Quote(DOCUMENT.id, 4, 4)), "not inside"),
        (replace(says(), quote=Quote(DOCUMENT.id, -1, 4)), "not inside"),
        (replace(says(), quote=Quote(DOCUMENT.id, 0, len(TEXT) + 1)), "not inside"),
        (says(document=OTHER), "another document"),
        (says(status="burnt"), "no entry"),
        (judges("accept", says().id).assertions[0], "analyst's"),
    ],
)
def test_what_cannot_be_said_is_refused_and_nothing_of_its_act_is_kept(
    ledger: Ledger, wrong: Assertion, reason: str
) -> None:
    with pytest.raises(UsageError, match=reason):
        ledger.record_all(DOCUMENT, [entry(says(7), recorder="event@1"), entry(wrong)])
    assert list(ledger.documents()) == []
    assert list(ledger.entries()) == []


def test_the_last_character_can_be_quoted(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(replace(says(), quote=Quote(DOCUMENT.id, len(TEXT) - 1, len(TEXT))))])
    assert ledger.verify() == []


def test_a_document_must_be_on_record_and_keeps_its_words(ledger: Ledger) -> None:
    with pytest.raises(UsageError, match="Add it first"):
        ledger.record(entry(says()))
    ledger.add_document(DOCUMENT)
    with pytest.raises(UsageError, match="other words"):
        ledger.add_document(replace(DOCUMENT, text=TEXT + "."))
    with pytest.raises(UsageError, match="Unicode"):
        ledger.add_document(replace(OTHER, text="half a \ud83d pair"))


def test_names_may_hold_a_nul_and_ids_may_not(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says(place=Name("Ka\0bul"), holder=Name("X", "actor:\0")))])
    assert [each.assertion.content.place.words for each in ledger.view()] == ["Ka\0bul"]  # type: ignore[union-attr]
    with pytest.raises(UsageError, match="NUL"):
        ledger.add_document(replace(OTHER, id="e2\0"))
    with pytest.raises(UsageError, match="no recorder"):
        ledger.record(entry(says(7), recorder="eve\0nt@1"))
    for nowhere in ("\0", "d1\0", "kabul\0"):
        with pytest.raises(UsageError, match="no document"):
            ledger.document(nowhere)
        assert ids(ledger, document=nowhere) == ids(ledger, kinds=(nowhere,)) == list(ledger.entries(nowhere)) == []
    assert ledger.verify() == []
    ledger.reindex()
    assert ledger.verify() == []
