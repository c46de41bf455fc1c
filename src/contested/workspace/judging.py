"""An analyst speaks: judgements on assertions, amendments field by field, what to look at next, how readers agree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, get_args

from contested.errors import UsageError
from contested.ledger import Ledger
from contested.model import AnyContent, Assertion, Entry, Judgement, Standing, Verdict, Voice
from contested.workspace import clocks
from contested.workspace.clocks import moment
from contested.workspace.folder import speaker

if TYPE_CHECKING:
    from contested.register import Register
    from contested.workspace.agreeing import Agreement
    from contested.workspace.reviewing import Drawing, Queue


class Judging:
    """The part of a workspace in which analysts speak."""

    if TYPE_CHECKING:
        ledger: Ledger

        @property
        def register(self) -> Register: ...

    def judge(
        self,
        ids: str | Sequence[str],
        verdict: str,
        note: str = "",
        analyst: str | None = None,
        amended: AnyContent | None = None,
    ) -> Entry | None:
        """Record an analyst's judgement on assertions (ids or the beginnings of them); `undo` lifts the last, whole.

        None, and nothing is recorded, when it changes nothing: it was judged so already, or nothing is there to undo.
        UsageError when it makes no sense: one assertion compared with itself, what is no forecast resolved.
        """
        if verdict not in get_args(Verdict):
            raise UsageError(f"no verdict {verdict!r}. Choose from: {', '.join(get_args(Verdict))}")
        if (verdict == "amend") != (amended is not None):
            raise UsageError("the verdict amend, and only it, says what to read instead")
        if verdict == "note" and not note.strip():
            raise UsageError("a note without words. Give its note")
        who, judged = speaker(analyst), _asked(self.ledger, ids, verdict)
        if len(judged) < (2 if verdict in ("same", "different") else 1):
            raise UsageError(f"{verdict} compares several assertions. Name another by its id")
        if verdict.startswith("resolved"):
            for each in judged:
                _check_forecast(each)
        meant = (_last_of(each, who) if verdict == "undo" else each.id for each in judged)
        of = tuple(dict.fromkeys(meant))
        return _recorded(self.ledger, [Judgement(of, verdict, note, amended)], who)  # type: ignore[arg-type]

    def amend(
        self, ids: str | Sequence[str], /, *, note: str = "", analyst: str | None = None, **fields: object
    ) -> Entry | None:
        """Record what an analyst reads instead, field by field; what is not set is as it reads now.

            workspace.amend("e82f529e", status="held", place="gn:1138958", **{"killed.best": 12})

        A name is set by an id of the register, or by a name that only one thing has, and keeps its words; the path
        "place.words" sets these. None or "" empties. Of several assertions each is amended as it reads; all in one act.
        None, and nothing is recorded, when it reads so already. UsageError names the field and what is allowed there.
        """
        from contested.workspace import meanings
        from contested.workspace.amending import amended

        who = speaker(analyst)
        said = []
        for each in _asked(self.ledger, ids, "amend"):
            if isinstance(each.assertion.content, Judgement):
                raise UsageError(f"{each.id} is a judgement: it can be undone or noted, no more")
            now = amended(
                each.assertion.content, fields, lambda role, asked: meanings.meant(self.register, role, asked)
            )
            if now != each.assertion.content or not _reads_so(each, who, note):
                said.append(Judgement((each.id,), "amend", note, now))
        return _recorded(self.ledger, said, who)

    def agreement(self, kind: str = "", known: dt.date | None = None) -> Agreement:
        """How far reviewers agree on what they both judged, of one kind or of all, as known at a moment."""
        from contested.workspace.agreeing import agreement

        return agreement(self.ledger, kind, moment(known) if known else None)

    def to_review(
        self: Drawing,
        limit: int = 20,
        kind: str = "",
        pictures: Sequence[str] = ("control",),
        known: dt.date | None = None,
    ) -> Queue:
        """What to look at next: where reviewers differ, what contested rows rest on, then the least sure readings."""
        from contested.workspace.reviewing import queue

        return queue(self, limit, kind, pictures, known)


def _asked(ledger: Ledger, ids: str | Sequence[str], verdict: str) -> tuple[Standing, ...]:
    """What is to be judged, each once. UsageError when that is nothing, or one is not on record."""
    found = [ledger.standing(part) for part in ([ids] if isinstance(ids, str) else ids)]
    if not found:
        raise UsageError(f"{verdict} names no assertion. Give its id; see: contested assertions")
    return tuple({each.id: each for each in found}.values())


def _last_of(each: Standing, who: str) -> str:
    """What an undo of an assertion names: it, or the analyst's last judgement on it, where that is on others, too."""
    own = [said for said in each.judgements if said.voices[0].who == who]
    last = own[-1].content if own else None
    return own[-1].id if isinstance(last, Judgement) and len(last.of) > 1 else each.id


def _check_forecast(each: Standing) -> None:
    if each.assertion.kind != "forecast":
        raise UsageError(f"{each.id} is no forecast ({each.assertion.kind}): only a forecast comes true or does not")


def _reads_so(each: Standing, who: str, note: str) -> bool:
    """Whether an analyst who reads an assertion as it reads now has nothing to add: nobody, or the same, amended it."""
    said = [(one.voices[0].who, one.content) for one in each.judgements if isinstance(one.content, Judgement)]
    amends = {speaker: content for speaker, content in said if content.verdict == "amend"}
    own = amends.get(who)
    return not amends or (own is not None and own.amended == each.assertion.content and note in ("", own.note))


def _recorded(ledger: Ledger, said: Iterable[Judgement], who: str) -> Entry | None:
    assertions = tuple(Assertion(each, (Voice(who),)) for each in said)
    entry = Entry(clocks.now(), f"analyst:{who}", "", assertions)
    return entry if assertions and ledger.record(entry, clock=clocks.now) else None
