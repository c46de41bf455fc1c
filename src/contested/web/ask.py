"""What a page is asked: the record, the view, and the rest of the link."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec
from starlette.exceptions import HTTPException

from contested.web.record import Record
from contested.web.state import View, read_page, read_word


class Ask(msgspec.Struct, frozen=True):
    """One question put to the record."""

    record: Record
    view: View
    query: Mapping[str, str]
    path: Mapping[str, str]

    @property
    def page(self) -> int:
        return read_page(self.query.get("page", ""))

    def asked(self, name: str, known: Collection[str]) -> str:
        """A parameter whose words are of a closed list; UsageError when they are not."""
        return read_word(name, self.query.get(name, ""), known)


def missing(why: str) -> HTTPException:
    """The answer for what is not there."""
    return HTTPException(404, why)
