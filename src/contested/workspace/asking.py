"""Asking: have a language model read what is on record; one transaction for each document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from msgspec.structs import replace

from contested.errors import LedgerError, MissingPart, ModelError, UsageError
from contested.model import Document, Entry, Problem
from contested.workspace import clocks
from contested.workspace.tellings import superseded

if TYPE_CHECKING:
    from contested.extract.llm import Refused
    from contested.extract.llm.endpoint import Endpoint
    from contested.workspace import Progress, Workspace

REFUSED = "refused"  # the folder of a workspace for what models said that is not recorded
LONGEST = 400_000  # characters of a report, a hundred requests
GIVE_UP = 3  # documents in a row without an answer
_RESUME = "The same command goes on from there"


class Refusal(msgspec.Struct, frozen=True):
    """What a model said of a document that is not recorded, and why."""

    document: str
    file: str
    reason: str
    said: str


class Waiting(NamedTuple):
    """A document a model has not read, and what would be sent of it, rules and all."""

    document: Document
    requests: int
    characters: int


@dataclass(frozen=True)
class Extracted:
    """What one run did: documents the model read and assertions recorded, documents it had read before, what it said
    that is not recorded, and what went wrong."""

    documents: int = 0
    assertions: int = 0
    known: int = 0
    refused: tuple[Refusal, ...] = ()
    problems: tuple[Problem, ...] = ()


class Asking:
    """One run over the documents, and the count so far. UsageError for a kind there is not."""

    def __init__(self, workspace: Workspace, model: str, kinds: Sequence[str], again: bool) -> None:
        from contested.extract.llm import KINDS, recorder

        if unknown := [kind for kind in kinds if kind not in KINDS]:
            raise UsageError(f"no kind {unknown[0]!r} that a model can find. Choose from: {', '.join(KINDS)}")
        self._workspace, self._model, self._again = workspace, model, again
        self._kinds = tuple(kinds) or KINDS
        self._bin = workspace.folder / REFUSED / recorder(model).partition("@")[0]
        self.new = self.assertions = self.known = 0
        self.refused: list[Refusal] = []
        self.problems: list[Problem] = []

    def run(self, endpoint: Endpoint, ids: Iterable[str], progress: Progress | None) -> Extracted:
        """Read every document that waits, as long as there are answers."""
        waiting = list(self._waiting(ids))
        silent = 0
        for done, document in enumerate(waiting):
            if progress:
                progress(done, len(waiting), document.file)
            answered = self._without_a_break(document, endpoint)
            silent = 0 if answered else silent + 1
            if silent == GIVE_UP or answered is None:
                left = f"{len(waiting) - done} of {len(waiting)} documents are not read"
                self.problems.append(Problem(endpoint.url, left, _RESUME))
                break
        if progress:
            progress(len(waiting), len(waiting), "")
        return Extracted(self.new, self.assertions, self.known, tuple(self.refused), tuple(self.problems))

    def plan(self, ids: Iterable[str]) -> Iterator[Waiting]:
        """What would be sent of which document."""
        from contested.extract.llm import to_send

        for document in self._waiting(ids):
            told = self._workspace.ledger.document(document.id)
            yield Waiting(document, *to_send(told, self._wanted(document.id)))

    def _waiting(self, ids: Iterable[str]) -> Iterator[Document]:
        """The documents to be read, without their text, in order of publication; the others are counted or named."""
        everything = tuple(self._workspace.documents())
        former, ledger = {*superseded(everything), *self._workspace.removals()}, self._workspace.ledger
        chosen = [replace(ledger.document(each), text="") for each in ids] or everything
        for document in sorted(dict.fromkeys(chosen), key=lambda each: (str(each.published or ""), each.file, each.id)):
            if document.kind == "list" or document.id in former:
                continue
            if not self._wanted(document.id):
                self.known += 1
            else:
                yield document

    def _wanted(self, document: str) -> tuple[str, ...]:
        """The kinds to ask for, none if none is new; with those asked for before, for its last entry stands for all."""
        from contested.extract.llm import KINDS, kinds_read

        before = kinds_read(self._model, self._workspace.ledger.recorders(document))
        new = self._again or not set(self._kinds) <= set(before)
        return tuple(kind for kind in KINDS if kind in self._kinds or kind in before) if new else ()

    def _without_a_break(self, document: Document, endpoint: Endpoint) -> bool | None:
        """Read one document: whether there was an answer, or None when there will be none to the others either."""
        from contested.extract.llm import NoAnswerError

        told = self._workspace.ledger.document(document.id)
        if len(told.text) > LONGEST:
            reason = f"it is too long for a model ({len(told.text):,} characters; at most {LONGEST:,})"
            self.problems.append(Problem(document.file, reason, "Add it in parts"))
            return True
        try:
            self._read(told, endpoint)
        except NoAnswerError as fault:
            at = endpoint.url if fault.lasting else document.file
            self.problems.append(Problem(at, fault.reason, fault.remedy))
            return None if fault.lasting else False
        except (LedgerError, ModelError, MissingPart):
            raise
        except Exception as fault:  # one report must not stop the batch, whatever it is made of
            reason = f"what the model said of it could not be looked at ({type(fault).__name__}: {fault})"
            self.problems.append(Problem(document.file, reason, "Nothing of it was recorded; please report this"))
        return True

    def _read(self, document: Document, endpoint: Endpoint) -> None:
        """Read one document and record what was found. Raises NoAnswerError; then nothing is recorded."""
        from contested.extract.llm import read, recorder

        workspace, kinds = self._workspace, self._wanted(document.id)
        found = read(document, workspace.register, workspace.home, endpoint.ask, kinds)
        self._throw(document, found.refused)
        entry = Entry(clocks.now(), recorder(self._model, kinds), document.id, found.assertions)
        self.new += 1
        if workspace.ledger.record(entry, clock=clocks.now):  # else it said so before
            self.assertions += len(found.assertions)

    def _throw(self, document: Document, refused: Sequence[Refused]) -> None:
        """Keep what is refused of a document in a file of its own, in place of what was refused before."""
        told = [Refusal(document.id, document.file, each.reason, each.said) for each in refused]
        self.refused += told
        file = self._bin / f"{document.id}.jsonl"
        if told:
            self._bin.mkdir(parents=True, exist_ok=True)
            file.write_bytes(b"".join(msgspec.json.encode(each) + b"\n" for each in told))
        else:
            file.unlink(missing_ok=True)
