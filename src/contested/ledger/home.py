"""Where a ledger lives: in a file, or on a server."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection


class Home(Protocol):
    """A database, and the two ways to hold it. `place` tells where it is, `name` what it is called."""

    place: str
    name: str

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection that sees one state of it, to be held briefly."""

    def writing(self) -> AbstractContextManager[Connection]:
        """A connection that alone may write: all of what is done with it is kept, or nothing."""

    def wait(self) -> None:
        """Wait for whoever writes now: what is recorded afterwards is dated from now on."""

    def scrub(self) -> None:
        """Leave no trace of what was deleted, as far as that is ours to do."""

    def is_same(self, other: Home) -> bool:
        """Whether another is this one."""

    def close(self) -> None:
        """Let go of it."""
