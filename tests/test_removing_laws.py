"""Laws of taking out: whatever was judged in whatever order, the rest of the record says afterwards what it said."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from contested.errors import UsageError
from contested.ledger import Ledger
from contested.ledger.written import as_json
from contested.model import Judgement
from ledger_world import DOCUMENT, OTHER, entry, judges, says

GOING = [says(0), says(7)]
STAYING = [says(0, OTHER), says(7, OTHER)]
SECRET = "Quorvaneth"

acts = st.lists(
    st.tuples(
        st.sampled_from(("accept", "reject", "undo", "undo", "note", "same")),
        st.lists(st.integers(0, 9), min_size=1, max_size=3, unique=True),
        st.sampled_from(("amy", "bob")),
        st.booleans(),
    ),
    max_size=9,
)


def recorded(ledger: Ledger, done: list[Any]) -> None:
    """Judge by these acts; a target is an assertion or an earlier judgement, a note may hold the secret."""
    ledger.record_all(DOCUMENT, [entry(*GOING)])
    ledger.record_all(OTHER, [entry(*STAYING, on=OTHER)])
    known = [each.id for each in (*GOING, *STAYING)]
    for verdict, targets, analyst, tells in done:
        if verdict == "undo":  # of one thing, and not of an assertion that goes
            targets = [max(2, targets[0] % len(known))]
        of = tuple(known[each % len(known)] for each in targets)
        note = SECRET if tells and set(of) & {each.id for each in GOING} else ""
        act = judges(verdict, *dict.fromkeys(of), analyst=analyst, note=note)
        try:
            if ledger.record(act):
                known.append(act.assertions[0].id)
        except UsageError:  # a judgement of a judgement that is neither undo nor note
            continue


def said(ledger: Ledger) -> dict[str, tuple[bool, list[tuple[str, str]]]]:
    """Of each assertion that stays: whether it stands, and who has said what of it, likeness to others aside."""
    stands = {each.id for each in ledger.view()}
    return {
        each.id: (each.id in stands, sorted(_words(one.content, one.voices[0].who) for one in held if _alone(one)))
        for each in STAYING
        for held in [ledger.standing(each.id).judgements]
    }


def _words(content: Any, who: str) -> tuple[str, str]:
    return who, content.verdict


def _alone(one: Any) -> bool:
    assert isinstance(one.content, Judgement)
    return one.content.verdict not in ("same", "note")


@settings(max_examples=40, deadline=None)
@given(acts)
def test_what_stays_is_judged_as_it_was(done: list[Any]) -> None:
    with TemporaryDirectory() as folder, Ledger.open(Path(folder) / "ledger.sqlite", create=True) as ledger:
        recorded(ledger, done)
        before, head = said(ledger), ledger.head()
        ledger.remove([DOCUMENT.id], "why", "carol")
        assert said(ledger) == before
        assert ledger.verify(head=head) == []
        for each in ledger.entries():
            assert not any(id_.encode() in as_json(each) for id_ in (*(one.id for one in GOING), SECRET))
        rows = list(ledger.view(kinds=("judgement",))), list(ledger.view())
        ledger.reindex()
        assert (list(ledger.view(kinds=("judgement",))), list(ledger.view())) == rows
        ledger.remove([OTHER.id], "why", "carol")
        assert list(ledger.view(kinds=("judgement",))) == list(ledger.view()) == []
        assert ledger.verify(head=head) == []
