"""Long lists cut into pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import msgspec

A = TypeVar("A")


class Listing(msgspec.Struct, Generic[A], frozen=True):
    """One page of a list: its items, which page of how many, and how many there are in all."""

    items: tuple[A, ...]
    page: int
    pages: int
    total: int

    @property
    def count(self) -> dict[str, Any]:
        """The numbers, for the JSON twin."""
        return {"page": self.page, "pages": self.pages, "total": self.total}


def page_of(items: Sequence[A], page: int, size: int) -> Listing[A]:
    """The page asked for; one past the end gives the last."""
    pages = max(-(-len(items) // size), 1)
    page = min(page, pages)
    return Listing(tuple(items[(page - 1) * size : page * size]), page, pages, len(items))
