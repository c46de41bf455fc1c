"""Adding: read a file, keep its bytes, extract, record; one transaction for each document."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from contested.errors import LedgerError, MissingPart, ModelError
from contested.model import Document, Entry, Problem
from contested.workspace import clocks
from contested.workspace.folder import modified, user
from contested.workspace.tellings import carried, first_of, last_tellings, telling

if TYPE_CHECKING:
    from contested.extract.settled import Settled
    from contested.register import Register
    from contested.workspace import Workspace


STAYS_OUT = "Leave it out: a report that was removed is not taken in again"


@dataclass(frozen=True)
class Added:
    """What one `add` did: documents new to the ledger and the assertions recorded from them, documents `known` before,
    defects met, and how many of the documents bear no date that can be reckoned from."""

    documents: int = 0
    assertions: int = 0
    known: int = 0
    problems: tuple[Problem, ...] = ()
    undated: int = 0


class Adding:
    """One batch of files: what was said of them all, and the count so far."""

    def __init__(self, workspace: Workspace, source: str, published: dt.date | None, again: bool) -> None:
        from contested.extract import recorders
        from contested.read.archive import Archive

        self.workspace = workspace
        self.archive = Archive(workspace.archive)
        self.source = source
        self.published = published
        self.recorders = frozenset(() if again else recorders())
        self.on_record = last_tellings(workspace.documents())
        self.removed = {first_of(each): removal for each, removal in workspace.removals().items()}
        self.register: Register | None = None
        self.settled: Settled = {}
        self.new = self.assertions = self.known = self.undated = 0
        self.problems: list[Problem] = []

    def file(self, path: Path) -> None:
        """Read one file, keep its bytes, record its documents."""
        from contested.read import read

        reading = read(path, source=self.source, published=self.published)
        self.problems.extend(reading.problems)
        documents = [each for each in reading.documents if not self._is_removed(each)]
        if documents:
            changed = modified(path)
            self.archive.keep(
                reading.original, came_from=str(path), how="added as a file", by=user(), modified_at=changed
            )
        for document in documents:
            self.document(document)

    def _is_removed(self, document: Document) -> bool:
        """Whether a report was taken out of the record: it must not come back by accident, as with its folder."""
        removal = self.removed.get(first_of(document.id))
        if removal:
            self.problems.append(Problem(document.file, f"{document.id} was {removal}", STAYS_OUT))
        return removal is not None

    def document(self, document: Document) -> None:
        """Record what one document says, unless today's extractors have all read it."""
        document = self._as_told(document)
        self.undated += document.dated is None
        on_record = first_of(document.id) in self.on_record
        if on_record and self.recorders and self.recorders <= self.workspace.ledger.recorders(document.id):
            self.known += 1
            return
        if self.register is None:  # opened only when something is to be read
            self.register = self.workspace.register
            self.problems.extend(self.register.problems)
            self.settled = self.workspace.settled()
        try:
            self._record(document)
        except (LedgerError, ModelError, MissingPart):
            raise
        except Exception as fault:  # one report must not stop the batch, whatever it is made of
            self.problems.append(_defect(document, fault))

    def _record(self, document: Document) -> None:
        from contested.extract import extract

        assert self.register
        found = extract(document, self.register, self.workspace.home, self.settled)
        now = clocks.now()
        entries = [Entry(now, recorder, document.id, assertions) for recorder, assertions in found]
        ledger = self.workspace.ledger
        known = self.on_record.get(first_of(document.id))
        former = known.id if known else document.id
        also: list[Entry] = []
        lost: list[Problem] = []
        if former != document.id:
            # In the same act, so that a telling is never withdrawn without the next one standing in its place.
            judged, lost = carried(ledger, former, document, entries)
            also = [*(Entry(now, recorder, former) for recorder in sorted(ledger.recorders(former))), *judged]
        before = ledger.head() if known else ""
        is_new = ledger.record_all(document, [*entries, *also], clock=clocks.now)
        self.problems.extend(lost)
        self.on_record[first_of(document.id)] = replace(document, text="")  # only once it is recorded
        self.new += is_new
        self.known += not is_new
        if is_new or ledger.head() != before:  # else they stood already
            self.assertions += sum(len(entry.assertions) for entry in entries)

    def _as_told(self, document: Document) -> Document:
        """The document with the source and day it has on record, or with those given now.

        The ledger only grows: a report told anew is another document, ID.2, and what was recorded of the former is
        withdrawn when it is recorded. Re-adding it without telling anything finds it as it was told last.
        """
        kept = told = self.on_record.get(document.id, replace(document, text=""))
        if self.source:
            told = replace(told, source=document.source)
        if self.published:
            told = replace(told, published=document.published, dating=document.dating)
        if told != kept:
            told = replace(told, id=f"{document.id}.{telling(kept.id) + 1}")
        return replace(told, text=document.text)

    def added(self) -> Added:
        return Added(self.new, self.assertions, self.known, tuple(self.problems), self.undated)


def _defect(document: Document, fault: Exception) -> Problem:
    reason = f"its text could not be read through ({type(fault).__name__}: {fault})"
    return Problem(document.file, reason, "Nothing of it was recorded; please report this with the file")
