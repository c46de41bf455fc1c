"""A workspace: one folder that holds a record of reporting, and the verbs over it.

    with open_workspace("kunduz", create=True) as workspace:
        workspace.add(["clips/"])
        picture = workspace.picture("control", on=dt.date(2021, 8, 8))

The folder holds ledger.sqlite (or says on which server the ledger is), archive/ (originals), packs/ (names added),
codebooks/ (standards added) and contested.toml. Copy it, and it works elsewhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from contested.errors import UsageError
from contested.ledger import Ledger
from contested.model import Document, Entry, Picture, Problem, Row, Standing, Thing
from contested.workspace import meanings, merging, picturing, placing, settling
from contested.workspace.adding import Added, Adding
from contested.workspace.asking import REFUSED, Asking, Extracted, Waiting
from contested.workspace.clocks import day, latest, moment
from contested.workspace.folder import (
    ARCHIVE,
    CODEBOOKS,
    CONFIG,
    LEDGER,
    PACKS,
    STAMPS,
    make,
    read_settings,
    speaker,
    upgrade,
)
from contested.workspace.history import History
from contested.workspace.judging import Judging
from contested.workspace.merging import Joined
from contested.workspace.names import OnRecord, named, on_record
from contested.workspace.removing import Removed, Removing
from contested.workspace.tellings import superseded

if TYPE_CHECKING:
    from contested.derive import Codebook
    from contested.extract.llm.endpoint import Endpoint
    from contested.extract.settled import Role
    from contested.register import Register
    from contested.register.installing import Pack
    from contested.workspace.meanings import Choice, Guess
    from contested.workspace.settling import Settling

__all__ = [
    "CODEBOOKS",
    "CONFIG",
    "Added",
    "Extracted",
    "Joined",
    "Progress",
    "Removed",
    "Waiting",
    "Workspace",
    "day",
    "latest",
    "moment",
    "open_workspace",
    "superseded",
    "upgrade",
]

Progress = Callable[[int, int, str], None]
"""Called as (files done, files in all, the file at hand)."""


def open_workspace(folder: str | Path, create: bool = False, ledger: str = "") -> Workspace:
    """The workspace in a folder, made there if asked, with its ledger in it or at an address on a server.

    UsageError when there is none, its contested.toml is wrong or its ledger another; LedgerError when its ledger cannot
    be used.
    """
    folder = Path(folder)
    if create:
        make(folder, ledger)
    elif not (folder / CONFIG).is_file():
        raise UsageError(f"{folder} is not a workspace: it has no {CONFIG}. Make one with: contested init {folder}")
    settings = read_settings(folder / CONFIG)
    return Workspace(folder, Ledger.open(settings.ledger or folder / LEDGER, create=create), settings.home)


class Workspace(Judging, History, Removing):
    """A folder opened; close it, or use it as a context manager."""

    def __init__(self, folder: Path, ledger: Ledger, home: str = "") -> None:
        self.folder = folder
        self.ledger = ledger
        self.home = home
        self.archive = folder / ARCHIVE
        self._text_of = lru_cache(maxsize=64)(ledger.document)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self.ledger.close()

    @cached_property
    def register(self) -> Register:
        """Names in, things out: what comes with the package and the workspace's own packs."""
        from contested.register import open_register

        return open_register(self.folder / PACKS)

    def packs(self) -> tuple[Pack, ...]:
        """The packs of places and names, with their licences."""
        from contested.register.installing import listed

        return listed(self.folder / PACKS)

    def add_pack(self, file: Path, licence: str = "") -> tuple[Pack, bool]:
        """Check a file of places and copy it in; also tells whether that changed anything. UsageError if it is no pack.

        `licence` is needed where the file does not say under which it may be used.
        """
        from contested.register.installing import install

        done = install(file, self.folder / PACKS, self.register.places, licence)
        self.__dict__.pop("register", None)  # it is opened anew, with the pack
        return done

    def remove_pack(self, name: str) -> Pack:
        """Take a pack out. UsageError when there is none of that name."""
        from contested.register.installing import remove

        self.__dict__.pop("register", None)
        return remove(self.folder / PACKS, name)

    # ── reports in ───────────────────────────────────────────────────────────────────────────────

    def add(
        self,
        paths: Iterable[str | Path],
        *,
        source: str = "",
        published: str | dt.date | None = None,
        again: bool = False,
        progress: Progress | None = None,
    ) -> Added:
        """Read files and folders, record what they say, and tell what was done. Adding again changes nothing.

        `again` reads anew what today's extractors have read before, as after a new pack of names. Each document is
        recorded whole or not at all, so an interrupted add is taken up by running it again.
        """
        from contested.read import files

        given = day(published) if isinstance(published, str) else published
        found = tuple(path for path in files(map(Path, paths)) if not self._is_own(path))
        adding = Adding(self, source, given, again)
        for done, path in enumerate(found):
            if progress:
                progress(done, len(found), str(path))
            adding.file(path)
        self._text_of.cache_clear()  # a beginning of an id may mean another telling now
        if progress:
            progress(len(found), len(found), "")
        return adding.added()

    def _is_own(self, path: Path) -> bool:
        """Whether a file is part of the workspace itself, met when the folder round it is added."""
        try:
            first = path.resolve().relative_to(self.folder.resolve()).parts[:1]
        except ValueError:
            return False
        own = (CONFIG, ARCHIVE, PACKS, CODEBOOKS, REFUSED, STAMPS)
        return "".join(first) in own or "".join(first).startswith(LEDGER)

    # ── a language model reads, too ──────────────────────────────────────────────────────────────

    def extract(
        self,
        endpoint: Endpoint,
        documents: Iterable[str] = (),
        *,
        kinds: Sequence[str] = (),
        again: bool = False,
        progress: Progress | None = None,
    ) -> Extracted:
        """Have a model read reports on record (all, or by id) and record what stands in their words.

        What it has read is passed over, unless it is to read it `again`. Each document is recorded whole or not at
        all, so an interrupted run is taken up by running it again.
        """
        return Asking(self, endpoint.model, kinds, again).run(endpoint, documents, progress)

    def to_extract(
        self, model: str, documents: Iterable[str] = (), *, kinds: Sequence[str] = (), again: bool = False
    ) -> Iterator[Waiting]:
        """What `extract` would send of which document; nothing is sent."""
        return Asking(self, model, kinds, again).plan(documents)

    def merge(self, other: str | Path, progress: Progress | None = None) -> Joined:
        """Bring another workspace's record and originals in; nothing there is changed. Merging again takes what is new.

        An interrupted merge is taken up by running it again. UsageError when it is this workspace or none, LedgerError
        when its ledger is not what was recorded: what came before that place is kept.
        """
        try:
            with open_workspace(other) as theirs:
                return merging.merge(self, theirs, progress)
        finally:
            self._text_of.cache_clear()  # a beginning of an id may mean another telling now, or one taken out

    # ── what is on record ────────────────────────────────────────────────────────────────────────

    def documents(self, known: dt.date | None = None) -> Iterator[Document]:
        """Every document, without its text, or those on record at a moment."""
        return self.ledger.documents(moment(known) if known else None)

    def document(self, document: str) -> Document | None:
        """One document with its text, by its id or the beginning of it; recently asked ones are kept at hand."""
        try:
            return self._text_of(document)
        except UsageError:
            return None

    def assertions(
        self, kind: str | Collection[str] = "", document: str = "", known: dt.date | None = None
    ) -> Iterator[Standing]:
        """The assertions that stand, of these kinds (all if none), in one document or in all, as known at a moment."""
        kinds = (kind,) if isinstance(kind, str) and kind else tuple(kind)
        whole = self._text_of(document).id if document else ""
        return self.ledger.view(known=moment(known) if known else None, kinds=kinds, document=whole)

    def standing(self, prefix: str, known: dt.date | None = None) -> Standing:
        """One assertion by its id or the first characters of it. UsageError when none or several begin so."""
        return self.ledger.standing(prefix, moment(known) if known else None)

    def words(self, standing: Standing) -> str:
        """The exact words an assertion rests on, empty where it quotes none."""
        quote = standing.assertion.quote
        document = self.document(quote.document) if quote else None
        return document.text[quote.start : quote.end] if quote and document else ""

    def thing(self, thing: str) -> Thing | None:
        return self.register.thing(thing)

    # ── pictures ─────────────────────────────────────────────────────────────────────────────────

    def picture(
        self,
        name: str,
        on: dt.date | None = None,
        known: dt.date | None = None,
        codebook: str | Path | None = None,
    ) -> Picture:
        """A picture drawn by its codebook, or another given by name or file.

        `on` is by default the last day, up to today, of which any standing assertion speaks; `known` is now. A bare
        date for `known` means the end of that day, UTC.
        """
        book = self._book_of(name, codebook)
        return picturing.picture(self.ledger, self.register, book, on, moment(known) if known else None)

    def unrolled(
        self,
        name: str,
        on: dt.date | None = None,
        known: dt.date | None = None,
        codebook: str | Path | None = None,
    ) -> tuple[Picture, Iterator[Row]]:
        """The same picture without its rows, and the rows as they are drawn: there may be more than can be held."""
        book = self._book_of(name, codebook)
        return picturing.unrolled(self.ledger, self.register, book, on, moment(known) if known else None)

    def _book_of(self, picture: str, codebook: str | Path | None) -> Codebook:
        book = self.codebook(codebook or picture)
        if codebook and picture not in (book.picture or picture, book.name):
            raise UsageError(f"the codebook {book.name} draws {book.picture}, not {picture}")
        return book

    def explain(
        self,
        name: str,
        key: str | Sequence[str],
        on: dt.date | None = None,
        known: dt.date | None = None,
        codebook: str | Path | None = None,
    ) -> Row:
        """The row of a picture under a key (its parts may be shortened): what settled it, by what, against what."""
        from contested.derive import explain

        parts = (key,) if isinstance(key, str) else tuple(key)
        return explain(self.picture(name, on, known, codebook), parts)

    def codebook(self, name: str | Path) -> Codebook:
        """A codebook by file, by its name in this workspace's codebooks/, or by the name of one that comes along."""
        from contested.derive import load_codebook

        return load_codebook(name, self.folder / CODEBOOKS)

    def codebooks(self) -> tuple[str, ...]:
        """The names of this workspace's codebooks and of those that come along."""
        from contested.derive import codebooks

        return codebooks(self.folder / CODEBOOKS)

    # ── what names mean ──────────────────────────────────────────────────────────────────────────

    def names(self, known: dt.date | None = None) -> list[OnRecord]:
        """The names on record, as known at a moment: those taken for nothing first, then the least sure."""
        return on_record(self.assertions(known=known))

    def name(self, words: str, role: Role = "place") -> OnRecord | None:
        """One name on record; None where nothing that stands is so named. Nothing else is gone through."""
        return named(self.ledger, role, words)

    def settled(self) -> dict[tuple[Role, str], str]:
        """What names mean where somebody settled it, by role and words (see `extract.settled.same_words`)."""
        return settling.settled(self.ledger)

    def settlings(self) -> Iterator[Settling]:
        """The acts in force that settled names, the last first."""
        return settling.settlings(self.ledger)

    def choices(self, role: Role, words: str, taken: Iterable[str] = (), near: str = "") -> tuple[Choice, ...]:
        """What a name may mean: the things it was `taken` for, then what the register has."""
        return meanings.choices(self.register, role, words, taken, near)

    def told(self, thing: Thing) -> str:
        """What and where a thing is, in words: "district in Helmand, Afghanistan"."""
        return meanings.told(self.register, thing)

    def mean(
        self, words: str, thing: str, role: Role = "place", analyst: str | None = None, note: str = ""
    ) -> Entry | None:
        """Settle what a name means wherever it stands, and in reports added later: an id, a name only one thing has, or
        "" for nothing we know.

        None when it means that already. UsageError when nothing on record is so named, or the thing is not found.
        """
        found = meanings.meant(self.register, role, thing).id if thing else ""
        return settling.settle(self.ledger, role, words, found, speaker(analyst), note)

    def unsettle(self, words: str, role: Role = "place", analyst: str | None = None) -> Entry | None:
        """Take back the last act that settled a name. UsageError when there is none."""
        return settling.unsettle(self.ledger, role, words, speaker(analyst))

    def lies_in(self, words: str, standing: Standing | None = None) -> Guess | None:
        """What a place of that name that nobody knows may lie in, going by a report that names it."""
        return placing.where(self, words, standing)

    def add_place(
        self,
        words: str,
        within: str = "",
        at: tuple[float, float] | None = None,
        type: str = "settlement",  # noqa: A002 - the field of a thing
        name: str = "",
        analyst: str | None = None,
    ) -> Thing:
        """Add a place that nobody knows to the workspace's own pack, and settle that this name means it.

        `within` is an id or a name; where none is given, what `lies_in` guesses. `at` is in degrees (WGS 84); `name` is
        what the place is called, if otherwise. Adding again changes nothing, and finishes what was interrupted.
        UsageError when nothing on record is so named, the place cannot be, or another adds for long; then nothing is
        written.
        """
        planned = placing.plan(self, words, name, within, at, type)
        place = placing.add(
            self,
            self.folder / PACKS,
            planned,
            lambda place: settling.settle(self.ledger, "place", words, place, speaker(analyst)),
        )
        self.__dict__.pop("register", None)  # it is opened anew, with the place
        found = self.thing(place)
        assert found is not None
        return found

    # ── soundness ────────────────────────────────────────────────────────────────────────────────

    def verify(self, head: str = "") -> list[Problem]:
        """What is wrong with the ledger and the archive: broken chain, altered rows, missing or altered originals.

        `head` was noted earlier, somewhere else: the record must still hold it.
        """
        from contested.read.archive import Archive

        archive = Archive(self.archive)
        problems = self.ledger.verify(archive.original, head)
        return [*problems, *archive.check({each.place.removeprefix("original ") for each in problems})]
