"""What stands in the ledger: by whom, of which kind, when known, after which judgements, and by which id."""

import pytest
from msgspec.structs import replace

from contested.errors import UsageError
from contested.ledger import Ledger
from contested.model import (
    Event,
    Name,
)
from ledger_world import DOCUMENT, HOUR, MORNING, OTHER, entry, ids, judges, says

# ── what stands ───────────────────────────────────────────────────────────────────────────────────


def test_what_two_recorders_say_comes_once_by_the_earlier(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says(), recorder="zeal@1"), entry(says(), recorder="care@1")])
    ledger.record(entry(says(), recorder="able@1", at=MORNING + HOUR))
    assert [(each.recorder, each.also) for each in ledger.view()] == [("care@1", ("able@1", "zeal@1"))]
    ledger.record_all(DOCUMENT, [entry(recorder="zeal@2", at=MORNING + HOUR), entry(recorder="able@1")])
    assert [(each.recorder, each.also) for each in ledger.view()] == [("care@1", ())]


def test_a_view_can_be_of_kinds_and_of_one_document(ledger: Ledger) -> None:
    event = replace(says(12), content=Event("bombing"))
    ledger.record_all(DOCUMENT, [entry(says()), entry(event, recorder="event@1")])
    ledger.record_all(OTHER, [entry(says(document=OTHER), on=OTHER)])
    assert ids(ledger, kinds=("event",)) == [event.id]
    assert ids(ledger, kinds=("control", "event")) == [says().id, event.id, says(document=OTHER).id]
    assert ids(ledger, document=OTHER.id) == [says(document=OTHER).id]
    assert ids(ledger, document=OTHER.id, kinds=("event",)) == []
    with pytest.raises(UsageError, match="collection"):
        ledger.view(kinds="event")


def test_a_view_follows_the_order_of_the_words(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says(9), says(0), recorder="a@1"), entry(says(4), recorder="b@1")])
    assert ids(ledger) == [says(0).id, says(4).id, says(9).id]


def test_a_view_passes_from_one_reading_to_the_next(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contested.ledger.views.DOCUMENTS", 2)
    reports = [replace(DOCUMENT, id=f"{number:024x}") for number in range(7)]
    for report in reports:
        ledger.record_all(report, [entry(says(document=report), on=report)])
    assert ids(ledger) == [says(document=report).id for report in reports]
    assert ids(ledger, kinds=("control", "event")) == ids(ledger)


def test_each_judgement_of_one_entry_comes_once_wherever_it_bears(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contested.ledger.views.DOCUMENTS", 2)
    reports = [replace(DOCUMENT, id=f"{number:024x}") for number in range(7)]
    for report in reports:
        ledger.record_all(report, [entry(says(document=report), on=report)])
    said = [judges("accept", says(document=report).id).assertions[0] for report in reversed(reports)]
    both = judges("same", says(document=reports[5]).id, says(document=reports[1]).id).assertions
    ledger.record(replace(judges("note", says(document=reports[0]).id), assertions=(*said, *both)))
    assert sorted(ids(ledger, kinds=("judgement",))) == sorted(each.id for each in (*said, *both))
    assert len(ids(ledger, kinds=("control", "judgement"))) == 7 + 8


def test_a_rejected_assertion_falls_and_undo_restores_it(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    reject = judges("reject", says().id, note="old film", at=MORNING + HOUR)
    ledger.record(reject)
    assert ids(ledger) == []
    assert ids(ledger, known=MORNING) == [says().id]
    assert ledger.standing(says().id).judgements == reject.assertions
    ledger.record(judges("undo", reject.assertions[0].id, at=MORNING + 2 * HOUR))
    (stands,) = ledger.view()
    assert stands.judgements == ()


def test_undo_takes_back_one_of_two_same_judgements_at_a_time(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    reject = judges("reject", says().id)
    undo = judges("undo", reject.assertions[0].id)
    assert [ledger.record(each) for each in (reject, undo, reject)] == [True, True, True]
    assert ids(ledger) == []
    assert ledger.record(undo)
    assert not ledger.record(undo)
    assert ids(ledger) == [says().id]


def test_an_undo_can_be_undone_and_can_name_the_assertion(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    ledger.record(judges("accept", says().id))
    ledger.record(judges("reject", says().id))
    undo = judges("undo", says().id)
    ledger.record(undo)
    assert [each.content.verdict for each in next(ledger.view()).judgements] == ["accept"]  # type: ignore[union-attr]
    ledger.record(judges("undo", undo.assertions[0].id))
    assert ids(ledger) == []
    assert ledger.verify() == []


def test_an_undo_that_names_one_assertion_takes_back_what_was_judged_with_it(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says(), says(9))])
    ledger.record(judges("reject", says().id, says(9).id))
    undo = judges("undo", says().id)
    ledger.record(undo)
    assert ids(ledger) == [says().id, says(9).id]
    ledger.record(judges("undo", undo.assertions[0].id))
    assert ids(ledger) == []
    assert ledger.verify() == []


def test_another_analysts_word_is_not_taken_back_by_naming_the_assertion(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    ledger.record(judges("reject", says().id))
    assert not ledger.record(judges("undo", says().id, analyst="bo"))
    assert ids(ledger) == []


def test_where_analysts_differ_it_stands_with_both(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    ledger.record(judges("reject", says().id))
    ledger.record(judges("accept", says().id, analyst="bo"))
    (stands,) = ledger.view()
    assert [each.voices[0].who for each in stands.judgements] == ["amy", "bo"]
    ledger.record(judges("reject", says().id, analyst="bo"))
    assert ids(ledger) == []


def test_an_amended_assertion_stands_amended_under_its_old_id(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    ledger.record(judges("amend", says().id, amended=Event("clash", place=Name("Kabul"))))
    (stands,) = ledger.view(kinds=("event",))
    assert stands.id == says().id
    assert stands.assertion == replace(says(), content=Event("clash", place=Name("Kabul")))
    assert ids(ledger, kinds=("control",)) == []
    ledger.record(judges("reject", says().id))
    assert ids(ledger) == []


def test_the_last_to_amend_is_read_even_when_it_was_said_before(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    clash, seizure = Event("clash"), Event("seizure")
    for analyst, content in (("amy", clash), ("bo", seizure), ("amy", clash)):
        assert ledger.record(judges("amend", says().id, analyst=analyst, amended=content))
    assert [each.assertion.content for each in ledger.view()] == [clash]


def test_a_later_extractor_orphans_no_judgement(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    ledger.record(judges("reject", says().id))
    ledger.record(entry(replace(says(), confidence=0.4), says(7), recorder="control@2"))
    assert ids(ledger) == [says(7).id]


def test_one_judgement_may_bear_on_several_documents(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    ledger.record_all(OTHER, [entry(says(document=OTHER), on=OTHER)])
    pair = (says().id, says(document=OTHER).id)
    same = judges("same", *pair)
    ledger.record(same)
    assert [each.judgements for each in ledger.view()] == [same.assertions] * 2
    assert ids(ledger, kinds=("judgement",)) == [same.assertions[0].id]
    different = judges("different", *reversed(pair))
    ledger.record(different)
    assert [each.judgements[0].content.verdict for each in ledger.view()] == ["different"] * 2  # type: ignore[union-attr]
    assert not ledger.record(judges("undo", says().id)), "it is on another report, too"
    ledger.record(judges("undo", different.assertions[0].id))
    assert [each.judgements for each in ledger.view()] == [same.assertions] * 2


def test_what_is_not_on_record_cannot_be_judged(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    reject = judges("reject", says().id)
    ledger.record(reject)
    for wrong, reason in (
        (judges("reject", "f" * 24), "on record to judge"),
        (judges("accept", reject.assertions[0].id), "undone or noted"),
        (judges("reject"), "judges something"),
        (judges("reject", says().id, amended=Event("clash")), "verdict amend"),
        (replace(judges("accept", says().id), document="elsewhere"), "nothing judged is in"),
        (replace(judges("accept", says().id), assertions=(says(),)), "nothing else"),
    ):
        with pytest.raises(UsageError, match=reason):
            ledger.record(wrong)
    assert len(list(ledger.entries())) == 2


# ── by the beginning of an id ─────────────────────────────────────────────────────────────────────


def test_an_id_may_be_shortened_as_long_as_it_is_the_only_one(ledger: Ledger) -> None:
    near = replace(OTHER, id=DOCUMENT.id[:4] + "ff")
    ledger.record_all(DOCUMENT, [entry(says(0), says(7))])
    ledger.add_document(near)
    assert ledger.standing(says(7).id[:10]).id == says(7).id
    assert ledger.document(near.id[:5]).id == near.id
    for wrong, reason in (("", "no document"), ("zz", "no document"), (DOCUMENT.id[:4], "several")):
        with pytest.raises(UsageError, match=reason):
            ledger.document(wrong)
    with pytest.raises(UsageError, match="no assertion"):
        ledger.standing(says(0).id, known=MORNING - HOUR)


def test_an_assertion_withdrawn_is_still_found_by_its_id(ledger: Ledger) -> None:
    ledger.record_all(DOCUMENT, [entry(says())])
    ledger.record(entry(recorder="control@2"))
    assert ids(ledger) == []
    assert ledger.standing(says().id).assertion == says()
    note = judges("note", says().id, note="withdrawn, yet true")
    ledger.record(note)
    assert ledger.standing(note.assertions[0].id).assertion == note.assertions[0]


def test_ids_are_ordered_and_found_by_their_code_points(ledger: Ledger) -> None:
    reports = [replace(DOCUMENT, id=each) for each in ("ab", "ab.2", "ab.10", "aB", "a-c", "abc", "b")]
    for report in reports:
        ledger.record_all(report, [entry(says(document=report), on=report)])
    due = ["a-c", "aB", "ab", "ab.10", "ab.2", "abc", "b"]
    assert [each.id for each in ledger.documents()] == due
    assert [each.assertion.quote.document for each in ledger.view() if each.assertion.quote] == due
    assert ledger.document("ab").id == "ab"
    assert ledger.document("b").id == "b"
    with pytest.raises(UsageError, match="several"):
        ledger.document("a")
