"""A place that nobody knows: where it may lie, and how it is added and settled in one step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from contested.errors import UsageError
from contested.model import Standing
from contested.workspace.meanings import Guess, holder, lies_in
from contested.workspace.names import naming, on_record

if TYPE_CHECKING:
    from contested.workspace import Workspace


def where(workspace: Workspace, words: str, standing: Standing | None = None) -> Guess | None:
    """What a place of that name may lie in, going by a report that names it: that of an assertion, or any."""
    standing = standing or next(naming(workspace.ledger, "place", words), None)
    quote = standing.assertion.quote if standing else None
    document = workspace.document(quote.document) if quote else None
    if standing is None or document is None:
        return None
    beside = workspace.assertions(document=document.id)
    return lies_in(workspace.register, words, document.text, standing, beside, workspace.home)


class Planned(NamedTuple):
    """A place as it is to be added: what it is called, what it lies in, where it is and of which level."""

    names: tuple[str, ...]
    within: str
    at: tuple[float, float] | None
    level: str


def plan(
    workspace: Workspace, words: str, name: str, within: str, at: tuple[float, float] | None, level: str
) -> Planned:
    """A place to be added, called `name` and what the record calls it. UsageError when nothing there is so named."""
    found = list(naming(workspace.ledger, "place", words))
    spelt = next((each.words for each in on_record(found) if each.called("place", words)), "")
    if not spelt:
        raise UsageError(f"nothing on record names a place {words!r}. See: contested names --place")
    guess = where(workspace, words, found[0]) if not within else None
    inside = holder(workspace.register, within).id if within else guess.thing if guess else ""
    return Planned((name or spelt, spelt), inside, at, level)


def add(workspace: Workspace, packs: Path, planned: Planned, settle: Callable[[str], object]) -> str:
    """Write a planned place into the workspace's own pack, once `settle` has settled that its id is meant; the id."""
    from contested.register.added import add_place

    return add_place(packs, workspace.register.places, *planned, first=settle)
