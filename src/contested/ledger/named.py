"""One thing on record by its id, or by the beginning of it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, LargeBinary, literal, select, union

from contested.errors import UsageError
from contested.ledger.tables import documents, judgements, readings
from contested.ledger.written import ID_DIGITS

SHOWN = 5  # ids named when a beginning fits several


def one_assertion(connection: Connection, prefix: str, upto: int) -> bytes:
    """The one id of an assertion or judgement that begins so. UsageError when there is none or there are several."""
    found = _beginning(connection, prefix, upto)
    if len(found) != 1:
        raise _not_one("assertion", prefix, [each.hex() for each in found])
    return found[0]


def _beginning(connection: Connection, prefix: str, upto: int) -> Sequence[bytes]:
    ends = beginning(prefix)
    if ends is None:
        return ()
    low, high = (literal(each, LargeBinary) for each in ends)
    said = select(readings.c.id).where(readings.c.id >= low, readings.c.id <= high, readings.c.since <= upto)
    judged = select(judgements.c.id).where(judgements.c.id >= low, judgements.c.id <= high, judgements.c.entry <= upto)
    several = union(said.distinct(), judged.distinct()).order_by("id").limit(SHOWN + 1)
    return connection.execute(several).scalars().all()


def beginning(prefix: str) -> tuple[bytes, bytes] | None:
    """The first and the last id that may begin so; None when none can."""
    if not prefix or len(prefix) > ID_DIGITS or not prefix.isalnum():
        return None
    try:
        return bytes.fromhex(prefix.ljust(ID_DIGITS, "0")), bytes.fromhex(prefix.ljust(ID_DIGITS, "f"))
    except ValueError:
        return None


def one_document(connection: Connection, prefix: str) -> str:
    """The one id that begins so, or the last telling of it. UsageError when there is none or there are several."""
    asked, column = select(documents.c.id), documents.c.id
    if connection.execute(asked.where(column == prefix)).first():  # the whole id of one may begin another
        return prefix
    beginning, dot, number = prefix.partition(".")
    begun = asked.where(column >= beginning, column < beginning + "\U0010ffff").order_by(column)
    first = begun.where(column.not_like("%.%")).limit(SHOWN + 1)
    found: list[str] = list(connection.execute(first).scalars()) if beginning else []
    if len(found) == 1:
        several = begun.where(column >= found[0], column < f"{found[0]}/")
        tellings: list[str] = list(connection.execute(several).scalars())
        if not dot:
            return max(tellings, key=_telling)
        found = [each for each in tellings if each == f"{found[0]}.{number}"]
    if len(found) != 1:
        raise _not_one("document", prefix, found)
    return found[0]


def all_tellings(connection: Connection, prefix: str) -> list[str]:
    """The ids of all tellings of a report, of which one begins so, in their order."""
    first = one_document(connection, prefix).partition(".")[0]
    column = documents.c.id
    asked = select(column).where(column >= first, column < f"{first}/", column.in_([first]) | column.like(f"{first}.%"))
    return sorted(connection.execute(asked).scalars(), key=_telling)


def _telling(document: str) -> int:
    return int(document.partition(".")[2] or 1)


def _not_one(noun: str, prefix: str, found: Sequence[str]) -> UsageError:
    if not found:
        return UsageError(f"there is no {noun} {prefix!r}. See: contested {noun}s")
    some = ", ".join(found[:SHOWN]) + (" …" if len(found) > SHOWN else "")
    return UsageError(f"{prefix!r} begins several {noun}s: {some}. Write more of it")
