"""Track a war from public reporting, with every statement tied to the words and the voice it came from.

    from contested import open_workspace

Names are loaded when first asked for, so that importing the package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contested.model import (
        Assertion,
        Document,
        Entry,
        Estimate,
        Likelihood,
        Name,
        Period,
        Picture,
        Problem,
        Quote,
        Row,
        Standing,
        Thing,
        Voice,
    )
    from contested.workspace import Added, Workspace, open_workspace

_HOMES = {
    "contested.workspace": ("open_workspace", "Workspace", "Added"),
    "contested.model": (
        "Assertion", "Document", "Entry", "Estimate", "Likelihood", "Name", "Period", "Picture", "Problem", "Quote",
        "Row", "Standing", "Thing", "Voice",
    ),
}  # fmt: skip
__all__ = [
    "Added",
    "Assertion",
    "Document",
    "Entry",
    "Estimate",
    "Likelihood",
    "Name",
    "Period",
    "Picture",
    "Problem",
    "Quote",
    "Row",
    "Standing",
    "Thing",
    "Voice",
    "Workspace",
    "open_workspace",
]


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module 'contested' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
