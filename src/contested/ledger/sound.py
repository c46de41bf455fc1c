"""What may be said: the border at which every entry is checked, and checked again by `verify`."""

from __future__ import annotations

import re

from contested.errors import UsageError
from contested.ledger.tables import NUL
from contested.ledger.written import TOMBSTONE, family
from contested.model import Assertion, Entry, Judgement

_HASH = re.compile("[0-9a-f]{64}")


def fault(assertion: Assertion, document: str, length: int) -> str:
    """What is wrong with an assertion about a document whose text is so long; empty when nothing is."""
    content, quote = assertion.content, assertion.quote
    if not assertion.voices:
        return "nobody says it: it has no voices"
    if isinstance(content, Judgement):
        if not content.of:
            return "it judges nothing"
        if (content.verdict == "amend") != (content.amended is not None):
            return "the verdict amend, and only it, says what to read instead"
        return "it amends to a judgement" if isinstance(content.amended, Judgement) else ""
    if quote is None:
        return "it quotes nothing"
    if quote.document != document:
        return f"it quotes another document, {quote.document}"
    if not 0 <= quote.start < quote.end <= length:
        return f"its quote {quote.start}:{quote.end} is not inside the text, which has {length} characters"
    return ""


def faults(entry: Entry, length: int | None) -> None:
    """UsageError when an entry on a document whose text is so long (None: there is none) says what cannot be."""
    of = family(entry.recorder)
    analyst = of is None
    named = entry.recorder.removeprefix("analyst:") if analyst else of
    if not named or NUL in entry.recorder or entry.recorder == f"{TOMBSTONE}:":
        raise UsageError(f"{entry.recorder!r} is no recorder. Write extractor@version or analyst:name")
    if (of == TOMBSTONE) != bool(entry.removes) or (of == TOMBSTONE and entry.assertions):
        raise UsageError(f"{entry.recorder}: a tombstone says why, and nothing else; no other entry does")
    if entry.takes and (of != TOMBSTONE or not all(_HASH.fullmatch(each) for each in entry.takes)):
        raise UsageError(f"{entry.recorder}: only a tombstone takes other entries with it, each named by its hash")
    for each in entry.assertions:
        if isinstance(each.content, Judgement) != analyst:
            raise UsageError(
                f"{entry.recorder}: judgements are an analyst's, and an analyst's entry holds nothing else"
            )
    if length is None:
        raise UsageError(f"{entry.recorder}: there is no document {entry.document!r} on record. Add it first")
    for position, each in enumerate(entry.assertions):
        if wrong := fault(each, entry.document, length):
            raise UsageError(f"{entry.recorder}: assertion {position} about {entry.document}: {wrong}")
