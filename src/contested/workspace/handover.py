"""Handing over: the record, or some of its reports, as a folder that checks itself (BagIt), written aside and renamed.

    data/  originals.warc.gz · custody.jsonl · documents.jsonl · entries.jsonl · head.json · README.txt · check.py
           packs/ · codebooks/ · contested.toml · stamps/ · problems.txt

Documents pass through one by one; what is kept of all is where their originals came from.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from contested.errors import LedgerError, UsageError
from contested.ledger.written import BEGINNING, as_json, digest
from contested.model import Document, Problem
from contested.read.archive import Archive, Custody
from contested.read.removed import taken_out
from contested.workspace import Workspace
from contested.workspace.chain import Head, as_line, end, facts
from contested.workspace.folder import CODEBOOKS, CONFIG, PACKS, STAMPS, called
from contested.write import bag
from contested.write.bag.warc import Originals, media_type, uri

Progress = Callable[[int, int, str], None]


class HandedOver(NamedTuple):
    """What a hand-over holds, and what could not be put into it."""

    documents: int
    originals: int
    head: Head
    problems: tuple[Problem, ...]


def hand_over(
    workspace: Workspace, target: Path, documents: Iterable[str] = (), progress: Progress | None = None
) -> HandedOver:
    """Write the record, or only some documents (ids or their beginnings), into a new folder, or a file ending in .zip.

    UsageError when that is there already or a document is not, LedgerError when the chain does not lead to its head,
    MissingPart when the extra is not installed. An original that is missing or changed is a problem, and the rest done.
    """
    bag.needed()
    chosen = frozenset(workspace.ledger.document(each).id for each in documents)
    with _aside(target) as folder:
        packing = _Packing(workspace, folder, chosen, progress or (lambda *_: None))
        done = packing.pack()
        bag.close(folder, _about(workspace, done, bool(chosen)))
        if target.suffix == ".zip":
            file = folder.with_name(f"{folder.name}.zip")
            try:
                bag.zipped(folder, file, target.stem)
                file.rename(_free(target))
            finally:
                file.unlink(missing_ok=True)
        else:
            folder.rename(_free(target))
    return done


@contextmanager
def _aside(target: Path) -> Iterator[Path]:
    """A new folder beside the target, gone afterwards if it still has its name."""
    folder = _free(target).with_name(f".{target.name}.{os.getpid()}")
    try:
        folder.mkdir()
    except OSError as fault:
        raise UsageError(f"{target} cannot be made: {fault.strerror}. Choose a folder you may write to") from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free(target: Path) -> Path:
    if not target.name or os.path.lexists(target):
        raise UsageError(f"{target} is there already, and nothing is overwritten. Choose another name")
    return target


def _about(workspace: Workspace, done: HandedOver, partly: bool) -> dict[str, str]:
    """What bag-info.txt says, in the terms of RFC 8493."""
    part = "Some reports of a record" if partly else "A record of reports"
    return {
        "Bag-Software-Agent": f"contested {version('contested')}, bagit {version('bagit')}",
        "External-Description": f"{part}: {done.documents} documents, {done.originals} originals. See data/README.txt",
        "External-Identifier": f"urn:sha256:{done.head.head}",
        "Internal-Sender-Identifier": called(workspace.folder),
    }


class _Packing:
    """One hand-over under way in a folder."""

    def __init__(self, workspace: Workspace, folder: Path, chosen: Collection[str], progress: Progress) -> None:
        self.workspace = workspace
        self.ledger = workspace.ledger
        self.folder = folder
        self.chosen = chosen
        self.progress = progress
        self.problems: list[Problem] = []
        self.wanted: dict[str, tuple[str, str]] = {}  # digest of an original: the address and name of its document

    def pack(self) -> HandedOver:
        head = end(self.ledger)
        documents = self._documents()
        self._entries(head)
        originals = self._originals()
        for part in (CONFIG, PACKS, CODEBOOKS, STAMPS):
            self._copy(part)
        (self.folder / "head.json").write_bytes(as_line(facts(head, called(self.workspace.folder))))
        if self.problems:
            told = "".join(f"{problem}\n" for problem in self.problems)
            (self.folder / "problems.txt").write_text(told, encoding="utf-8", errors="replace")
        bag.enclose(self.folder)
        return HandedOver(documents, originals, head, tuple(self.problems))

    # ── the record ───────────────────────────────────────────────────────────────────────────────

    def _documents(self) -> int:
        total, written = sum(1 for _ in self.ledger.documents()), 0
        removals = self.ledger.removals()
        with (self.folder / "documents.jsonl").open("wb") as out:
            for done, each in enumerate(self.ledger.documents()):
                self.progress(done, total, each.file)
                if not self._is_chosen(each.id):
                    continue
                if not each.original:
                    reason = f"it was {removals.get(each.id, 'removed')}"
                    self.problems.append(Problem(each.id, reason, "Its entries are handed over as hashes"))
                    continue
                document = self.ledger.document(each.id)
                meta = as_json(replace(document, text=""))
                known = digest(meta, document.text).hex()
                out.write(as_line({"id": each.id, "digest": known, "meta": meta.decode(), "text": document.text}))
                self._await(each)
                written += 1
        return written

    def _await(self, document: Document) -> None:
        """Keep in mind that the original of a document is to come, and the best address there is for it."""
        url, file = self.wanted.get(document.original, ("", document.file))
        self.wanted[document.original] = (url or document.url, file)

    def _entries(self, head: Head) -> None:
        last = BEGINNING.hex()
        with (self.folder / "entries.jsonl").open("wb") as out:
            for each in takewhile(lambda each: each.n <= head.entries, self.ledger.links()):
                line = {"n": each.n, "hash": each.hash, "body_sha256": each.body_sha256}
                line["document_digest"] = each.document_digest
                if each.body and self._is_chosen(each.document):
                    line |= {"document": each.document, "body": each.body}
                out.write(as_line(line))
                last = each.hash
        if last != head.head:
            raise LedgerError(f"{self.workspace.folder}: the chain does not lead to its head. Run: contested verify")

    def _is_chosen(self, document: str) -> bool:
        return not self.chosen or document in self.chosen

    # ── the originals ────────────────────────────────────────────────────────────────────────────

    def _originals(self) -> int:
        """Write originals in the order in which they came in, each once, with the custody line it came in by."""
        archive = Archive(self.workspace.archive)
        seen, gone = set[str](), taken_out(archive)
        done = 0
        about = {"software": f"contested {version('contested')}", "format": "WARC File Format 1.1"}
        with (self.folder / "originals.warc.gz").open("wb") as warc, (self.folder / "custody.jsonl").open("wb") as out:
            originals = Originals(warc, "originals.warc.gz", about)
            for raw, custody in archive.lines(self.problems):
                if self.chosen and custody.sha256 not in self.wanted:
                    continue
                out.write(raw.rstrip(b"\n") + b"\n")
                if custody.sha256 not in seen | gone:
                    self.progress(len(seen), len(self.wanted), custody.came_from)
                    seen.add(custody.sha256)
                    done += self._original(originals, archive, custody.sha256, custody, raw)
            for digest in self.wanted.keys() - seen:
                reason = "no custody line says how this came in; its record bears the day of the hand-over"
                file = self.wanted[digest][1]
                self.problems.append(Problem(file, reason, "Restore custody.jsonl", f"original {digest}"))
                done += self._original(originals, archive, digest)
        return done

    def _original(
        self, out: Originals, archive: Archive, digest: str, custody: Custody | None = None, raw: bytes = b""
    ) -> int:
        """Write one; 0, and a problem, where it is missing or changed. One that no document came of is kept, too."""
        url, file = self.wanted.get(digest, ("", custody.came_from if custody else ""))
        try:
            data = archive.original(digest)
        except LedgerError as fault:
            reason, _, remedy = str(fault).partition(". ")
            self.problems.append(Problem(file, reason, remedy, f"original {digest}"))
            return 0
        moment = custody.received_at if custody else dt.datetime.now(dt.UTC)
        out.add(data, uri(url, digest), moment, media_type(file), raw)
        return 1

    # ── what lies beside the record ──────────────────────────────────────────────────────────────

    def _copy(self, part: str) -> None:
        """Copy a file or folder of the workspace; links, and names that no manifest can hold, are left out and told."""
        root = self.workspace.folder
        top = root / part
        within = sorted(path for path in top.rglob("*") if path.is_symlink() or not path.is_dir())
        for path in within if top.is_dir() else (top,):
            name = path.relative_to(root)
            if not path.is_symlink() and path.is_file() and bag.can_be_named(name.as_posix()):
                (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, self.folder / name)
            elif path != top:
                reason = "it is a link or bears a name that cannot be handed over"
                self.problems.append(Problem(str(path), reason, "Rename it, or put the file itself there"))
