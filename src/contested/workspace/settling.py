"""What somebody settled that names mean: kept as amendments, read back from them, taken back with them.

settle ──▶ one entry: an amendment of every standing assertion that has the name, its meaning sure (1.0)
                │
settled ◀───────┴─▶ reports read later take the name so, before any resolver is asked
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from contested.errors import UsageError
from contested.extract.settled import SETTLED, Role, same_words
from contested.ledger import Ledger
from contested.model import AnyContent, Assertion, Entry, Judgement, Name, Standing, Voice
from contested.workspace import clocks
from contested.workspace.names import OnRecord, name_in, names_in, naming, renamed

ANSWERS = ("accept", "reject", "amend")  # of each analyst, the last of these on an assertion counts


@dataclass(frozen=True)
class Settling:
    """An act that settled a name, with its amendments that say so."""

    role: Role
    words: str
    thing: str
    analyst: str
    at: dt.datetime
    judgements: tuple[Standing, ...]


# ── what is settled ──────────────────────────────────────────────────────────────────────────────


def settled(ledger: Ledger) -> dict[tuple[Role, str], str]:
    """What names mean by their role and `same_words`, where the amendments that count say so; the latest wins."""
    found: dict[tuple[Role, str], str] = {}
    for each in sorted(_counting(in_force(ledger)).values(), key=lambda each: each.recorded_at):
        for role, name in names_in(_amended(each)):
            if name.sure == SETTLED:
                found[role, same_words(name.words)] = name.thing
    return found


def settled_names(ledger: Ledger, known: dt.datetime | None = None) -> list[OnRecord]:
    """The names settled as known at a moment, from the amendments that count alone: other assertions are not asked."""
    found: dict[tuple[Role, str], list[tuple[Name, str]]] = {}
    for target, each in _counting(in_force(ledger, known)).items():
        for role, name in names_in(_amended(each)):
            if name.sure == SETTLED:
                found.setdefault((role, same_words(name.words)), []).append((name, target))
    return [
        OnRecord(role, same[-1][0].words, same[-1][0].thing, SETTLED, len({of for _, of in same}), 0, same[0][1])
        for (role, _), same in sorted(found.items())
    ]


def settlings(ledger: Ledger, role: Role | None = None, words: str = "") -> Iterator[Settling]:
    """The acts in force that settled names, or the name of these words in this role, the last first."""
    acts: dict[tuple[str, dt.datetime], list[Standing]] = {}
    for each in in_force(ledger):
        acts.setdefault((each.recorder, each.recorded_at), []).append(each)
    for act in reversed(acts.values()):
        if any(judgement_of(each).verdict == "undo" for each in act):  # it only puts names back
            continue
        for one, name in _changed(ledger, act, (role, same_words(words)) if role else None).items():
            said = tuple(each for each in act if one in _given(each))
            who = act[0].recorder.removeprefix("analyst:")
            yield Settling(one[0], name.words, name.thing, who, act[0].recorded_at, said)


def _changed(ledger: Ledger, act: list[Standing], wanted: tuple[Role, str] | None) -> dict[tuple[Role, str], Name]:
    """The names that an act settled: otherwise right before it, where the others of its contents are carried along.

    The first of its amendments tells, for all of one act settle the same.
    """
    first = next((each for each in act if any(wanted in (None, one) for one in _given(each))), None)
    if first is None:
        return {}
    before = content_before(ledger, judgement_of(first).of[0], first.recorded_at)
    changed = {}
    for one, name in _given(first).items():
        was = name_in(before, *one) if before is not None and wanted in (None, one) else None
        if was is not None and (was.thing, was.sure) != (name.thing, name.sure):
            changed[one] = name
    return changed


def _given(judgement: Standing) -> dict[tuple[Role, str], Name]:
    """The names that an amendment says surely."""
    amended = judgement_of(judgement).amended
    names = names_in(amended) if amended is not None else ()
    return {(role, same_words(name.words)): name for role, name in names if name.sure == SETTLED}


def content_before(ledger: Ledger, assertion: str, moment: dt.datetime) -> AnyContent | None:
    """What an assertion said right before a moment; None when it was not on record."""
    try:
        return ledger.standing(assertion, clocks.before(moment)).assertion.content
    except UsageError:
        return None


def _former(ledger: Ledger, act: Settling) -> dict[str, Name]:
    """What the name was, right before the act, in each assertion that it amended."""
    amended = {target for each in act.judgements for target in judgement_of(each).of}
    then = ledger.as_known(clocks.before(act.at)).some(tuple(amended))
    found = ((id_, name_in(each.assertion.content, act.role, act.words)) for id_, each in then.items())
    return {id_: name for id_, name in found if name is not None}


# ── settling, and taking back ────────────────────────────────────────────────────────────────────


def settle(ledger: Ledger, role: Role, words: str, thing: str, analyst: str, note: str = "") -> Entry | None:
    """Record what a name means ("": nothing we know) wherever it stands, as one entry.

    None when it means that already. An assertion that the analyst rejects is left alone. UsageError when no standing
    assertion has the name.
    """
    told = f"{role} “{words}”: {thing or 'nothing we know'}" + (f"; {note}" if note else "")
    meant, found, amends = Name(words, thing, SETTLED), False, []
    rejected = _rejected(in_force(ledger), analyst)
    for each in naming(ledger, role, words):
        found, content = True, each.assertion.content
        amended = renamed(content, role, words, meant)
        if amended != content and each.id not in rejected:
            amends.append(Judgement((each.id,), "amend", told, amended))
    if not found:
        raise UsageError(f"nothing on record names a {role} {words!r}. See: contested names")
    return _recorded(ledger, analyst, amends)


def unsettle(ledger: Ledger, role: Role, words: str, analyst: str) -> Entry | None:
    """Take back the last act that settled a name: it means again what it meant before, wherever it stands.

    What was amended since, and what later reports took for settled, is amended to what the name meant before.
    UsageError when nobody settled it.
    """
    act = next(settlings(ledger, role, words), None)
    if act is None:
        raise UsageError(f"nobody settled what the {role} {words!r} means. See: contested names")
    gone = {(each.id, each.recorded_at) for each in act.judgements}
    rest = [each for each in in_force(ledger) if (each.id, each.recorded_at) not in gone]
    rejected = _rejected(rest, analyst)
    former = _former(ledger, act)
    usual = min(former.values(), key=lambda name: name.sure, default=Name(words))
    back = [Judgement((each.id,), "undo") for each in act.judgements]  # each bears on its own, not on all
    for target, content in _left(ledger, former, act, _counting(rest)).items():
        name = name_in(content, role, words)
        if name is not None and (name.thing, name.sure) == (act.thing, SETTLED) and target not in rejected:
            restored = renamed(content, role, words, former.get(target, usual))
            back.append(Judgement((target,), "amend", f"{role} “{act.words}”: as before", restored))
    return _recorded(ledger, analyst, back)


def _left(
    ledger: Ledger, former: Mapping[str, Name], act: Settling, counting: Mapping[str, Standing]
) -> dict[str, AnyContent]:
    """What assertions with the name will say once an act is taken back, those aside that it alone amended."""
    left = {target: _amended(each) for target, each in counting.items()}
    for each in naming(ledger, act.role, act.words):
        if each.id not in left and (each.id not in former or each.recorded_at > act.at):
            left[each.id] = each.assertion.content
    return left


def _recorded(ledger: Ledger, analyst: str, judgements: Iterable[Judgement]) -> Entry | None:
    said = tuple(Assertion(each, (Voice(analyst),)) for each in judgements)
    entry = Entry(clocks.now(), f"analyst:{analyst}", "", said)
    return entry if said and ledger.record(entry, clock=clocks.now) else None


# ── judgements that count ────────────────────────────────────────────────────────────────────────


def in_force(ledger: Ledger, known: dt.datetime | None = None) -> list[Standing]:
    """The judgements in force, as known at a moment, in the order of the record."""
    return sorted(ledger.view(known=known, kinds=("judgement",)), key=lambda each: each.recorded_at)


def _counting(judged: Iterable[Standing]) -> dict[str, Standing]:
    """The amendment by which each assertion is read: of all analysts' last answers, the last that amends."""
    return {
        target: each  # the last of them
        for target, answers in answers_of(judged).items()
        for each in answers.values()
        if judgement_of(each).verdict == "amend"
    }


def _rejected(judged: Iterable[Standing], analyst: str) -> set[str]:
    """What an analyst rejects: an amendment by the same would take that back."""
    answers = answers_of(judged)
    last = {target: each.get(f"analyst:{analyst}") for target, each in answers.items()}
    return {target for target, each in last.items() if each and judgement_of(each).verdict == "reject"}


def answers_of(judged: Iterable[Standing]) -> dict[str, dict[str, Standing]]:
    """Whether each assertion stands and how it reads: each analyst's last word on it, by who recorded that."""
    answers: dict[str, dict[str, Standing]] = {}
    for each in judged:
        for target in judgement_of(each).of if judgement_of(each).verdict in ANSWERS else ():
            answers.setdefault(target, {}).pop(each.recorder, None)  # so that the later one also comes later
            answers[target][each.recorder] = each
    return answers


def judgement_of(each: Standing) -> Judgement:
    assert isinstance(each.assertion.content, Judgement)
    return each.assertion.content


def _amended(each: Standing) -> AnyContent:
    amended = judgement_of(each).amended
    assert amended is not None
    return amended
