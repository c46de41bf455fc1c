"""What is on record, asked once for each state of the ledger and kept until the ledger grows."""

from __future__ import annotations

import datetime as dt
from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

from contested.errors import ContestedError
from contested.extract.settled import same_words
from contested.model import Document, Picture, Standing, Thing
from contested.web.state import View
from contested.workspace import Workspace, picturing
from contested.workspace.names import OnRecord, on_record, unknown
from contested.workspace.settling import settled_names
from contested.workspace.tellings import told_anew

if TYPE_CHECKING:
    from contested.derive import Codebook
    from contested.ledger import Known, Removal
    from contested.workspace.settling import Settling

KEPT = 40  # readings: counts at a moment, pictures on a day
FEW = 5_000  # reports that are held at once without a thought
TEXTS = 100  # documents with their texts
HEAVY = 20_000  # assertions that may be gone through while somebody waits for a page
A = TypeVar("A")


class Record:
    """A workspace as the pages ask it; answers are remembered under the head of the ledger they were true for."""

    def __init__(self, workspace: Workspace, analyst: str | None = None) -> None:
        self.workspace, self.analyst = workspace, analyst  # in whose name names are settled; None for the user's
        self._readings: OrderedDict[Hashable, object] = OrderedDict()
        self._texts: OrderedDict[str, Document] = OrderedDict()
        self._fetched = ""  # the head they were fetched under

    def known(self, view: View) -> Known:
        """The record as known then, for questions that cost by their answers."""
        return self._once(("known", view.moment), lambda: self.workspace.ledger.as_known(view.moment))

    def standing(self, view: View) -> int:
        """How many assertions stand."""
        return sum(self.kinds(view).values())

    def unreviewed(self, view: View) -> int:
        """How many of them no analyst has judged."""
        judged = self._once(("judged", view.moment), lambda: self.known(view).judged())
        return self.standing(view) - judged

    def kinds(self, view: View) -> dict[str, int]:
        """How many stand of each kind, the most first."""
        return self._once(("kinds", view.moment), lambda: _most_first(self.known(view).kinds()))

    def types(self, view: View) -> dict[str, int]:
        """How many events stand of each type, the most first."""
        return self._once(("types", view.moment), lambda: _most_first(self.known(view).types()))

    def days(self, view: View, kinds: tuple[str, ...] = (), of_type: str = "") -> dict[dt.date | None, int]:
        """How many stand of each day, and of none: of these kinds or all, or the events of a type."""
        return self._once(("days", view.moment, kinds, of_type), lambda: self.known(view).days(kinds, of_type))

    def shelved(self, view: View) -> int:
        """How many reports were on record then."""
        return self._once(("shelved", view.moment), lambda: self.known(view).shelved())

    def documents(self, view: View) -> dict[str, Document]:
        """Every one of them, without its text, by its id; of few."""
        known = view.moment
        return self._once(("documents", known), lambda: {each.id: each for each in self.workspace.documents(known)})

    def sources(self, view: View) -> dict[str, int]:
        """How many assertions stand from each source, the most first; nothing of a record of many reports."""
        return self._once(("sources", view.moment), lambda: self._sources(view))

    def _sources(self, view: View) -> dict[str, int]:
        found: Counter[str] = Counter()
        if self.shelved(view) <= FEW:
            documents = self.documents(view)
            for document, many in self.known(view).said(documents).items():
                found[documents[document].source] += many
        return _most_first({source: many for source, many in found.items() if source})

    def anew(self, view: View, documents: Collection[str]) -> dict[str, str]:
        """Those of these documents that were told anew by then, each with the id of its last telling."""
        return told_anew(self.known(view).tellings(documents))

    def removals(self) -> dict[str, Removal]:
        """The documents taken out, by their ids."""
        return self._once(("removals",), self.workspace.removals)

    def removal(self, document: str) -> Removal | None:
        """That a document was taken out, by its id or the beginning of it; None where it was not."""
        return next((each for id_, each in self.removals().items() if id_.startswith(document)), None)

    def document(self, document: str) -> Document | None:
        """One document with its text: of those fetched, or from the workspace."""
        return self._texts.get(document) or self.workspace.document(document)

    def fetch(self, standings: Iterable[Standing]) -> None:
        """Have the documents that these quote at hand, read together."""
        if self._fetched != (head := self.head()):
            self._fetched = head
            self._texts.clear()
        quoted = {each.assertion.quote.document for each in standings if each.assertion.quote}
        self._texts |= self.workspace.ledger.read(quoted - self._texts.keys())
        while len(self._texts) > max(TEXTS, len(quoted)):
            self._texts.popitem(last=False)

    def thing(self, thing: str) -> Thing | None:
        return self.workspace.thing(thing) if thing else None

    def pictures(self) -> dict[str, tuple[Codebook, ...]]:
        """Every picture there is a codebook for, with its codebooks; the one drawn by default comes first."""
        return self._once(("pictures",), self._pictures)

    def _pictures(self) -> dict[str, tuple[Codebook, ...]]:
        drawn: dict[str, list[Codebook]] = {}
        for name in self.workspace.codebooks():
            try:
                book = self.workspace.codebook(name)
            except ContestedError:  # a codebook being written must not take the others down
                continue
            drawn.setdefault(book.picture or name, []).append(book)
        for picture, books in drawn.items():
            books.sort(key=lambda book: (book.name != picture, book.name))
        return {picture: tuple(books) for picture, books in sorted(drawn.items())}

    def codebook(self, picture: str, view: View) -> Codebook | None:
        """The codebook a picture is drawn by: the view's own if it draws this picture, else the default; None when
        there is no such picture."""
        books = self.pictures().get(picture, ())
        return next((book for book in books if book.name == view.codebook), books[0] if books else None)

    def picture(self, book: Codebook, view: View) -> Picture:
        """A picture on the view's day as known at its moment."""
        asked = (book.name, view.on, view.moment)
        return self._once(
            ("picture", *asked), lambda: self.workspace.picture(book.name, view.on, view.moment, book.name)
        )

    def weight(self, book: Codebook, view: View) -> int:
        """How many assertions must be gone through to draw a picture, where that is more than a page may take."""
        asked = ("weight", book.name, view.moment)
        weight = self._once(asked, lambda: picturing.weight(self.known(view), book))
        return weight if weight > HEAVY else 0

    def names(self, view: View) -> list[OnRecord]:
        """The names on record then, the least known first; of a long record those taken for nothing, and settled."""
        return self._once(("names", view.moment), lambda: self._names(view))

    def _names(self, view: View) -> list[OnRecord]:
        if not self.is_long(view):
            return on_record(self.workspace.assertions(known=view.moment))
        settled = settled_names(self.workspace.ledger, view.moment)
        done = {(name.role, same_words(name.words)) for name in settled}
        found = unknown(self.known(view))
        return [*(name for name in found if (name.role, same_words(name.words)) not in done), *settled]

    def is_long(self, view: View) -> bool:
        """Whether more stands than can be gone through for a page."""
        return self.standing(view) > HEAVY

    def open_names(self, view: View) -> int:
        """How many names are to be settled."""
        return self._once(("open", view.moment), lambda: sum(name.open for name in self.names(view)))

    def last_settled(self) -> Settling | None:
        """The last act that settled a name, if there is one to take back."""
        return self._once(("settled",), lambda: next(self.workspace.settlings(), None))

    def head(self) -> str:
        return self.workspace.ledger.head()

    def _once(self, question: tuple[Hashable, ...], read: Callable[[], A]) -> A:
        key = (self.head(), *question)
        if key not in self._readings:
            self._readings[key] = read()
            while len(self._readings) > KEPT:
                self._readings.popitem(last=False)
        self._readings.move_to_end(key)
        return self._readings[key]  # type: ignore[return-value]


def _most_first(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
