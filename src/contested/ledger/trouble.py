"""What a database complains of, told as what it means and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from contested.errors import ContestedError, LedgerError

Signs = Sequence[tuple[tuple[str, ...], str, str]]
"""Of each fault: by what it is known (in the complaint, or its [SQLSTATE]), what it means, what to do."""


def bare(trouble: ContestedError) -> str:
    """A row's fault without the row and the remedy, which the Problem names by itself."""
    return str(trouble).partition(": ")[2].removesuffix(". Run: contested verify")


@contextmanager
def told(place: str, signs: Signs) -> Iterator[None]:
    """Whatever the database of the ledger at `place` complains of becomes a LedgerError."""
    try:
        yield
    except LookupError as fault:  # an index that points where nothing is
        raise LedgerError(f"{place}: its index is astray ({fault!r}). Run: contested verify") from fault
    except (DBAPIError, UnicodeDecodeError) as fault:  # a driver cannot read what SQLite quotes of a damaged schema
        complaint = fault.orig if isinstance(fault, DBAPIError) else fault
        said = " ".join(str(complaint).split())
        known_by = f"[{getattr(complaint, 'sqlstate', None) or ''}] {said}".lower()
        if isinstance(fault, DBAPIError) and fault.connection_invalidated:
            raise LedgerError(
                f"{place}: the connection was lost ({said}). What was being recorded is there whole or not at all. "
                "Run this again; nothing is recorded twice"
            ) from fault
        for known, reason, remedy in signs:
            if any(sign in known_by for sign in known):
                raise LedgerError(f"{place}: {reason} ({said}). {remedy}") from fault
        raise LedgerError(f"{place}: {said}. Run: contested verify") from fault
