"""Merging: what another workspace has, brought in; its originals and how they came, too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from contested.errors import LedgerError, UsageError
from contested.ledger import Merged
from contested.model import Document, Problem
from contested.workspace.folder import CODEBOOKS, PACKS
from contested.workspace.removing import follow

if TYPE_CHECKING:
    from collections.abc import Callable

    from contested.read.archive import Archive
    from contested.workspace import Workspace

HOW = "merged from another workspace"


@dataclass(frozen=True)
class Joined:
    """What one merge did: to the record, how many originals came along, which packs and codebooks differ, defects."""

    record: Merged
    originals: int = 0
    differing: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def merge(here: Workspace, other: Workspace, progress: Callable[[int, int, str], None] | None = None) -> Joined:
    """Bring another workspace's record and originals into this one. UsageError when it is this one."""
    from contested.read.archive import Archive

    if other.folder.resolve() == here.folder.resolve():
        raise UsageError(f"{other.folder} is this workspace itself. Name another one to merge from")
    originals = Originals(Archive(here.archive), Archive(other.archive))
    name = str(other.folder)
    staying: list[Problem] = []
    record = here.ledger.merge(
        other.ledger,
        originals.take,
        (lambda done, total: progress(done, total, name)) if progress else None,
        leaving=lambda removals: follow(here, removals, staying),
    )
    lines = originals.ours.take_lines(originals.theirs)
    differing = (*_differing(here.folder, other.folder, PACKS), *_differing(here.folder, other.folder, CODEBOOKS))
    return Joined(record, originals.taken, differing, (*record.problems, *staying, *originals.problems, *lines))


class Originals:
    """The originals of documents, copied before what was recorded of them is."""

    def __init__(self, ours: Archive, theirs: Archive) -> None:
        self.ours, self.theirs = ours, theirs
        self.taken = 0
        self.problems: list[Problem] = []
        self._seen: set[str] = set()

    def take(self, documents: Sequence[Document]) -> None:
        for document in documents:
            digest = document.original
            if digest in self._seen:
                continue
            self._seen.add(digest)
            try:
                if not self.ours.has(digest):
                    data = self.theirs.original(digest)
                    self.ours.keep(data, came_from=str(self.theirs.folder), how=HOW)
                    self.taken += 1
            except LedgerError as trouble:
                if str(trouble).startswith(str(self.ours.folder)):
                    raise  # ours cannot be written
                reason = f"its original did not come along ({trouble})"
                self.problems.append(Problem(document.file, reason, "Mend it there and merge again", document.id))


def _differing(here: Path, there: Path, part: str) -> Iterator[str]:
    """The files of a folder there that are not the same here."""
    for file in sorted((there / part).glob("*")):
        ours = here / part / file.name
        if file.is_file() and not (ours.is_file() and _same(ours, file)):
            yield f"{part}/{file.name}"


def _same(one: Path, other: Path) -> bool:
    from filecmp import cmp

    return cmp(one, other, shallow=False)
