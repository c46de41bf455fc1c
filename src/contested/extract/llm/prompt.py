"""What a model is told: the rules, the kinds asked for, and the report, fenced off as data (prompt.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from typing import Any

Messages = list[dict[str, str]]


def messages(text: str, kinds: Mapping[str, str]) -> Messages:
    """The messages that ask for the assertions of these kinds (kind → its fields in words) in a piece of a report."""
    told, fence = _declared(), _fence(text)
    listed = "\n".join(f"- {kind}: {told['kinds'][kind]} Fields: {own}." for kind, own in kinds.items())
    system = told["system"].strip().format(fence=fence, kinds=listed)
    user = told["user"].strip().format(fence=fence, text=text)
    return [{"role": "system", "content": system}, {"role": "user", "content": user}]


def version() -> int:
    return int(_declared()["version"])


def choices() -> dict[str, Sequence[str]]:
    """The fields of text that the form narrows to a few words."""
    found: dict[str, Sequence[str]] = _declared()["choices"]
    return found


def _fence(text: str) -> str:
    """A line no report can hold: it would have to hold its own hash."""
    return f"=== REPORT {blake2b(text.encode(errors='replace'), digest_size=8).hexdigest()} ==="


@cache
def _declared() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "prompt.toml").read_text(encoding="utf-8"))
