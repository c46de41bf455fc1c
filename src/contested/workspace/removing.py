"""Removing: for legal or safety reasons the bytes of a report go from the whole folder, with their reason on record.

    1 a line of custody for its original    2 the ledger, in one act    3 the original    4 what lies beside it

Cut short anywhere, it is finished by doing it again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contested.model import Document, Problem
from contested.workspace.asking import REFUSED
from contested.workspace.folder import LEDGER, speaker

if TYPE_CHECKING:
    from contested.ledger import Ledger, Removal
    from contested.workspace import Workspace


@dataclass(frozen=True)
class Removed:
    """What one removal did: the documents taken out now, of all that were named with their other tellings, the
    originals deleted, older ledgers deleted with them, and what had to stay."""

    documents: tuple[str, ...]
    named: tuple[str, ...]
    originals: int = 0
    ledgers: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


class Removing:
    """The part of a workspace that takes reports out."""

    if TYPE_CHECKING:
        ledger: Ledger

    def remove(self: Workspace, documents: Iterable[str], reason: str, analyst: str | None = None) -> Removed:  # type: ignore[misc]
        """Take reports (ids or the beginnings of them) out of the whole folder for good, each with all its tellings.

        Hashes and the reason stay. UsageError when one is not on record or no reason is given; LedgerError when
        something could not be deleted: doing it again goes on.
        """
        try:
            return _remove(self, tuple(documents), reason, speaker(analyst))
        finally:
            self._text_of.cache_clear()

    def removals(self) -> dict[str, Removal]:
        """The documents taken out, by their ids: why, by whom, when."""
        return self.ledger.removals()


def _remove(workspace: Workspace, prefixes: Sequence[str], reason: str, by: str) -> Removed:
    from contested.read.archive import Archive
    from contested.read.removed import Leave, declare, sweep

    ledger, archive = workspace.ledger, Archive(workspace.archive)
    named = tuple(dict.fromkeys(each for prefix in prefixes for each in ledger.tellings(prefix)))
    going, staying = _resting(ledger.documents(), frozenset(named))
    if reason.strip():  # else the ledger refuses, and nothing is to be declared
        declare(archive, {original: Leave(tuple(ids), reason, by) for original, ids in going.items()})
    taken = ledger.remove(named, reason, by)
    left = {each.original for each in ledger.documents()}
    deleted = sweep(archive, left)
    _empty_bin(workspace, named)
    older = _older(workspace)
    return Removed(tuple(taken), named, len(deleted), older, tuple(_stay(each, named) for each in staying.items()))


@contextmanager
def follow(workspace: Workspace, removals: Sequence[Removal], problems: list[Problem]) -> Iterator[None]:
    """Around the act of a merge that takes out here what was taken out there: the same, with their reasons.

    Doing it again finishes what was cut short. What has to stay is added to the problems.
    """
    from contested.read.archive import Archive
    from contested.read.removed import Leave, declare, sweep

    ledger, archive = workspace.ledger, Archive(workspace.archive)
    why = {_report(each.document): each for each in reversed(removals)}  # of several reasons the first is given
    named = frozenset(each.id for each in ledger.documents() if _report(each.id) in why)
    going, staying = _resting(ledger.documents(), named)
    reasons = {original: why[_report(ids[0])] for original, ids in going.items()}
    declare(archive, {each: Leave(tuple(going[each]), removal.reason, removal.by) for each, removal in reasons.items()})
    if going or staying:
        _older(workspace)
    yield
    sweep(archive, {each.original for each in ledger.documents()})
    _empty_bin(workspace, named)
    problems += (_stay(each, named) for each in staying.items())


def _report(document: str) -> str:
    """What all tellings of a report have in common."""
    return document.partition(".")[0]


def _resting(documents: Iterable[Document], named: Set[str]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The originals of the named documents, each with all that rest on it: those that go, those that others hold."""
    resting: defaultdict[str, list[str]] = defaultdict(list)
    for document in documents:
        resting[document.original].append(document.id)
    due = {original: ids for original, ids in resting.items() if original and not named.isdisjoint(ids)}
    staying = {original: ids for original, ids in due.items() if not set(ids) <= named}
    return {original: ids for original, ids in due.items() if original not in staying}, staying


def _empty_bin(workspace: Workspace, documents: Iterable[str]) -> None:
    """What a model said of them that is not recorded."""
    for document in documents:
        for file in workspace.folder.glob(f"{REFUSED}/*/{document}.jsonl"):
            file.unlink(missing_ok=True)


def _older(workspace: Workspace) -> tuple[str, ...]:
    """Ledgers kept from before an upgrade, which hold the words still: all of them is in the ledger of today."""
    stem, _, suffix = LEDGER.partition(".")
    found = sorted(workspace.folder.glob(f"{stem}-[0-9]*.{suffix}*"))
    for file in found:
        file.unlink(missing_ok=True)
    return tuple(file.name for file in found)


def _stay(resting: tuple[str, list[str]], named: Collection[str]) -> Problem:
    original, ids = resting
    others = [each for each in ids if each not in named]
    return Problem(
        f"original {original}",
        f"it stays, words and all: {', '.join(others)} came in the same file",
        "Remove these as well, if they may go",
    )
