"""What differs: between two moments of our knowledge, assertion by assertion; between two pictures, row by row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Literal, Protocol

from msgspec.structs import replace

from contested.errors import UsageError
from contested.ledger import Changed, Ledger
from contested.model import AnyContent, Assertion, Content, Judgement, Name, Noun, Picture, Row, Standing, kind

Sort = Literal["new", "withdrawn", "amended", "judged", "meant otherwise"]


class Change(Noun, frozen=True):
    """What became of one assertion between two moments.

    `standing` is how it stands after, or for one withdrawn how it stood before; `before` what it said before where it
    now reads otherwise. `judgements` were passed since, `lifted` were in force before and are no longer.
    """

    sort: Sort
    standing: Standing
    why: str = ""
    before: AnyContent | None = None
    judgements: tuple[Assertion, ...] = ()
    lifted: tuple[Assertion, ...] = ()


class Redrawn(Noun, frozen=True):
    """A row that changed its value or status; None where there was none, or is none any more.

    `turned` are the assertions that it rests on both times, and that stand on the other side now or read otherwise.
    """

    key: tuple[str, ...]
    before: Row | None
    after: Row | None
    turned: tuple[str, ...] = ()

    @property
    def gained(self) -> tuple[str, ...]:
        """The assertions that it rests on now, for or against, and did not before."""
        return _only(self.after, self.before)

    @property
    def lost(self) -> tuple[str, ...]:
        """The assertions that it rested on before, and does no more."""
        return _only(self.before, self.after)


class Drawing(Protocol):
    """What is asked of a workspace here."""

    ledger: Ledger

    def picture(
        self, name: str, on: dt.date | None = None, known: dt.date | None = None, codebook: str | Path | None = None
    ) -> Picture: ...


# ── between two moments ──────────────────────────────────────────────────────────────────────────


def learned(ledger: Ledger, since: dt.datetime, until: dt.datetime, kinds: Collection[str] = ()) -> Iterator[Change]:
    """What changed between two moments, in the order of documents' ids and quotes.

    Only assertions that something was recorded of in between are asked, those of one document at a time.
    """
    for found in ledger.as_known(until).changed(ledger.as_known(since)):
        for change in _changes(ledger, found, since, until):
            content, before = change.standing.assertion.content, change.before
            if not kinds or kind(content) in kinds or (before is not None and kind(before) in kinds):
                yield change


def _changes(ledger: Ledger, found: Changed, since: dt.datetime, until: dt.datetime) -> Iterator[Change]:
    before, after = found.before, found.after
    for id_ in sorted(before.keys() | after.keys(), key=lambda each: _place(after.get(each) or before[each])):
        if id_ not in before:
            yield _new(after[id_], _known(ledger, id_, since) if id_ in found.formerly else None)
        elif id_ not in after:
            yield _withdrawn(before[id_], _known(ledger, id_, until))
        elif change := _changed(before[id_], after[id_]):
            yield change


def _place(each: Standing) -> tuple[int, int, str]:
    quote = each.assertion.quote
    return (quote.start, quote.end, each.id) if quote else (0, 0, each.id)


def _new(now: Standing, then: Standing | None) -> Change:
    lifted = tuple(each for each in then.judgements if each not in now.judgements) if then else ()
    passed = tuple(each for each in now.judgements if then is None or each not in then.judgements)
    rejected = any(_verdict(each) == "reject" for each in (then.judgements if then else ()))
    why = "rejected no more" if rejected else "read again" if then else f"recorded by {now.recorder}"
    return Change("new", now, why, judgements=passed, lifted=lifted)


def _withdrawn(then: Standing, now: Standing | None) -> Change:
    said = now.judgements if now else ()
    passed = tuple(each for each in said if each not in then.judgements)
    lifted = tuple(each for each in then.judgements if each not in said)
    rejected = any(_verdict(each) == "reject" for each in said)
    return Change("withdrawn", then, "rejected" if rejected else "read no more", judgements=passed, lifted=lifted)


def _changed(then: Standing, now: Standing) -> Change | None:
    passed = tuple(each for each in now.judgements if each not in then.judgements)
    lifted = tuple(each for each in then.judgements if each not in now.judgements)
    before, after = then.assertion.content, now.assertion.content
    if _meaning(before) != _meaning(after):
        amended = any(_verdict(each) == "amend" for each in (*passed, *lifted))
        why = ("amended" if passed else "amended no more") if amended else "its names were taken for something else"
        return Change("amended" if amended else "meant otherwise", now, why, before, passed, lifted)
    if passed or lifted:
        return Change("judged", now, "", judgements=passed, lifted=lifted)
    return None


def _known(ledger: Ledger, id_: str, at: dt.datetime) -> Standing | None:
    try:
        return ledger.standing(id_, at)
    except UsageError:  # not on record then
        return None


def _verdict(said: Assertion) -> str:
    return said.content.verdict if isinstance(said.content, Judgement) else ""


def _meaning(content: Content) -> Content:
    """The content whatever a resolver's certainty: being surer of the same is no news."""
    parts = {field: getattr(content, field) for field in content.__struct_fields__}
    bare: dict[str, Any] = {f: replace(part, sure=0.0) for f, part in parts.items() if isinstance(part, Name)}
    bare |= {f: _meaning(part) for f, part in parts.items() if isinstance(part, Content)}
    return replace(content, **bare)


# ── between two pictures ─────────────────────────────────────────────────────────────────────────


def redrawn(ledger: Ledger, before: Picture, after: Picture) -> tuple[Redrawn, ...]:
    """The rows whose value or status is not the same in both pictures of a ledger, in the order of their keys."""
    then, now = _rows(before), _rows(after)
    apart = [
        (old, new) for each in then.keys() | now.keys() if _says(old := then.get(each)) != _says(new := now.get(each))
    ]
    both = {each for old, new in apart if old and new for each in _rests_on(old) & _rests_on(new)}
    reread = _reread(ledger, both, before.known, after.known)
    found = [Redrawn(new.key if new else old.key, old, new, _turned(old, new, reread)) for old, new in apart]  # type: ignore[union-attr]
    return tuple(sorted(found, key=lambda each: (tuple(part.casefold() for part in each.key), each.key)))


def _rows(picture: Picture) -> dict[tuple[str, ...], Row]:
    """The rows that are about something, by the things of their keys, or else the words."""
    return {
        tuple(
            thing or words.casefold() for thing, words in zip(row.things or ("",) * len(row.key), row.key, strict=True)
        ): row
        for row in picture.rows
        if any(row.key)
    }


def _says(row: Row | None) -> tuple[str, str] | None:
    return (row.value, row.status) if row else None


def _rests_on(row: Row) -> set[str]:
    return {*row.support, *row.against}


def _only(row: Row | None, other: Row | None) -> tuple[str, ...]:
    then = _rests_on(other) if other else set()
    return tuple(each for each in (*row.support, *row.against) if each not in then) if row else ()


def _turned(old: Row | None, new: Row | None, reread: Collection[str]) -> tuple[str, ...]:
    if old is None or new is None:
        return ()
    sides = {*old.support} & {*new.against} | {*old.against} & {*new.support}
    both = _rests_on(old)
    return tuple(each for each in (*new.support, *new.against) if each in both and (each in sides or each in reread))


def _reread(ledger: Ledger, ids: Collection[str], since: dt.datetime, until: dt.datetime) -> set[str]:
    """Which of these assertions read otherwise at the second moment."""
    if since == until or not ids:
        return set()
    then, now = (ledger.as_known(moment).some(tuple(ids)) for moment in (since, until))
    return {
        each
        for each in then.keys() & now.keys()
        if _meaning(then[each].assertion.content) != _meaning(now[each].assertion.content)
    }
