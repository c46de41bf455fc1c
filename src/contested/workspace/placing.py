"""A place that nobody knows: where it may lie, and how it is added and settled in one step."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from contested.errors import UsageError
from contested.model import Standing
from contested.workspace.meanings import Guess, holder, lies_in
from contested.workspace.names import naming

if TYPE_CHECKING:
    from contested.workspace import Workspace


def where(workspace: Workspace, words: str, standing: Standing | None = None) -> Guess | None:
    """What a place of that name may lie in, going by a report that names it: that of an assertion, or any."""
    standing = standing or naming(workspace.assertions(), "place", words)
    quote = standing.assertion.quote if standing else None
    document = workspace.document(quote.document) if quote else None
    if standing is None or document is None:
        return None
    beside = workspace.assertions(document=document.id)
    return lies_in(workspace.register, words, document.text, standing, beside, workspace.home)


def add(
    workspace: Workspace, packs: Path, words: str, name: str, within: str, at: tuple[float, float] | None, level: str
) -> str:
    """The id of a place added to the workspace's own pack, called `name` and what the record calls it.

    UsageError when nothing on record is so named, or the place cannot be.
    """
    from contested.register.added import add_place

    spelt = next((each.words for each in workspace.names() if each.called("place", words)), "")
    if not spelt:
        raise UsageError(f"nothing on record names a place {words!r}. See: contested names --place")
    guess = where(workspace, words) if not within else None
    inside = holder(workspace.register, within).id if within else guess.thing if guess else ""
    return add_place(packs, workspace.register.places, [name or spelt, spelt], inside, at, level)
