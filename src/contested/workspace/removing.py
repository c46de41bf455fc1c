"""Removing: for legal or safety reasons the bytes of a report go from the whole folder, with their reason on record.

    1 a line of custody for its original    2 the ledger, in one act    3 the original    4 what lies beside it

Cut short anywhere, it is finished by doing it again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contested.model import Problem
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
    from contested.read.removed import declare, sweep

    ledger, archive = workspace.ledger, Archive(workspace.archive)
    named = tuple(dict.fromkeys(each for prefix in prefixes for each in ledger.tellings(prefix)))
    resting: defaultdict[str, list[str]] = defaultdict(list)
    for document in ledger.documents():
        resting[document.original].append(document.id)
    due = {original: ids for original, ids in resting.items() if original and not set(ids).isdisjoint(named)}
    staying = {original: ids for original, ids in due.items() if not set(ids) <= set(named)}
    if reason.strip():  # else the ledger refuses, and nothing is to be declared
        declare(archive, {each: ids for each, ids in due.items() if each not in staying}, reason, by)
    taken = ledger.remove(named, reason, by)
    left = {each.original for each in ledger.documents()}
    deleted = sweep(archive, left)
    _empty_bin(workspace, named)
    older = _older(workspace)
    return Removed(tuple(taken), named, len(deleted), older, tuple(_stay(each, named) for each in staying.items()))


def _empty_bin(workspace: Workspace, documents: Sequence[str]) -> None:
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


def _stay(resting: tuple[str, list[str]], named: Sequence[str]) -> Problem:
    original, ids = resting
    others = [each for each in ids if each not in named]
    return Problem(
        f"original {original}",
        f"it stays, words and all: {', '.join(others)} came in the same file",
        "Remove these as well, if they may go",
    )
