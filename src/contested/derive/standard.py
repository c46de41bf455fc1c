"""A codebook as a register lets it be read: what assertions say in its terms, and what they are about.

None of it depends on the day asked, so it is kept for the next picture: a map moved along the days asks for many.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from contested.derive.codebook import Codebook
from contested.derive.keys import Keys
from contested.derive.terms import Terms
from contested.derive.who import Ranks
from contested.derive.wording import Things, Wording

KEPT = 4  # codebooks


class Standard:
    """How names are written, what a key is made of, what reports mean, who serves whom. Threads may share one."""

    def __init__(self, book: Codebook, register: Things) -> None:
        self.book = book
        self.wording = Wording(register, book.roles)
        self.keys = Keys(book, self.wording)
        self.terms = Terms(book, self.wording)
        self.ranks = Ranks(register)


class _Shelf:
    """The last used of one register; with another the first is let go, and all that was read by it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._register: Things | None = None
        self._standards: OrderedDict[int, Standard] = OrderedDict()

    def take(self, book: Codebook, register: Things) -> Standard:
        with self._lock:
            if register is not self._register:
                self._register = register
                self._standards.clear()
            found = self._standards.pop(id(book), None) or Standard(book, register)
            self._standards[id(book)] = found  # it holds the book, so that no other gets its id
            if len(self._standards) > KEPT:
                self._standards.popitem(last=False)
            return found


standard = _Shelf().take
