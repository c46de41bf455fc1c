"""What is on record, read once for each state of the ledger and kept until the ledger grows."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, TypeVar

from contested.errors import ContestedError
from contested.model import Document, Picture, Standing, Thing
from contested.web.state import View
from contested.workspace import Workspace, latest, superseded
from contested.workspace.names import OnRecord, on_record

if TYPE_CHECKING:
    from contested.derive import Codebook
    from contested.ledger import Removal
    from contested.workspace.settling import Settling

KEPT = 24  # readings: standings at a moment, pictures on a day
A = TypeVar("A")


class Record:
    """A workspace as the pages ask it; answers are remembered under the head of the ledger they were true for."""

    def __init__(self, workspace: Workspace, analyst: str = "") -> None:
        self.workspace, self.analyst = workspace, analyst  # in whose name names are settled; "" for the user's
        self._readings: OrderedDict[Hashable, object] = OrderedDict()

    def standings(self, view: View) -> dict[str, Standing]:
        """Every assertion that stands as known then, by its id."""
        known = view.moment
        return self._once(
            ("standings", known), lambda: {each.id: each for each in self.workspace.assertions(known=known)}
        )

    def documents(self, view: View) -> dict[str, Document]:
        """Every document on record then, without its text, by its id."""
        known = view.moment
        return self._once(("documents", known), lambda: {each.id: each for each in self.workspace.documents(known)})

    def superseded(self, view: View) -> dict[str, str]:
        """The documents told anew by then, each with the id of its last telling."""
        return self._once(("superseded", view.moment), lambda: superseded(self.documents(view).values()))

    def removals(self) -> dict[str, Removal]:
        """The documents taken out, by their ids."""
        return self._once(("removals",), self.workspace.removals)

    def removal(self, document: str) -> Removal | None:
        """That a document was taken out, by its id or the beginning of it; None where it was not."""
        return next((each for id_, each in self.removals().items() if id_.startswith(document)), None)

    def document(self, document: str) -> Document | None:
        return self.workspace.document(document)

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

    def latest(self, view: View) -> dt.date:
        """The last day, up to today, of which anything on record speaks."""
        return self._once(("latest", view.moment), lambda: latest(self.standings(view).values()))

    def unreviewed(self, view: View) -> int:
        """How many standing assertions no analyst has judged."""
        return self._once(
            ("unreviewed", view.moment), lambda: sum(not each.judgements for each in self.standings(view).values())
        )

    def names(self, view: View) -> list[OnRecord]:
        """The names on record then, the least known first."""
        return self._once(("names", view.moment), lambda: on_record(self.standings(view).values()))

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
