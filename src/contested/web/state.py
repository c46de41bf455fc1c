"""What a link says: on which day, as known when, by which codebook. The URL holds the whole state of a view."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import get_args
from urllib.parse import quote, urlencode

import msgspec

from contested.errors import UsageError
from contested.model import AnyContent, Judgement
from contested.workspace import day, moment

LONGEST = 300  # characters of one parameter; nothing a person types is longer


class View(msgspec.Struct, frozen=True):
    """The two clocks and the standard, each empty when left to its default.

    `known` keeps the words of the link, so that a link opened and written again is the same link.
    """

    on: dt.date | None = None
    known: str = ""
    codebook: str = ""

    @property
    def moment(self) -> dt.datetime | None:
        """The moment asked about (UTC): a bare day means its last instant; None means now."""
        return moment(self.known) if self.known else None

    def link(self, path: str, fragment: str = "", /, **further: object) -> str:
        """A path with this view's state and further parameters; empty ones are left out."""
        state = {"on": self.on or "", "known": self.known, "codebook": self.codebook}
        pairs = [(key, str(value)) for key, value in (state | further).items() if value not in ("", None, 0)]
        return quote(path) + ("?" + urlencode(pairs) if pairs else "") + ("#" + quote(fragment) if fragment else "")


def read_view(query: Mapping[str, str]) -> View:
    """The view a query asks for; UsageError names the parameter that cannot be read."""
    for name, value in query.items():
        if len(value) > LONGEST:
            raise UsageError(f"“{name[:40]}” is longer than {LONGEST} characters")
    known = query.get("known", "").strip()
    if known:
        moment(known)
    return View(read_day(query.get("on", "")), known, query.get("codebook", ""))


def read_day(words: str) -> dt.date | None:
    """A day as in ISO 8601, or None where nothing is written."""
    return day(words.strip()) if words.strip() else None


def read_page(words: str) -> int:
    """A page number, counted from 1."""
    if words and not (_is_whole(words) and int(words)):
        raise UsageError(f"{words!r} is no page. Write a whole number from 1")
    return int(words or 1)


def read_kind(words: str) -> str:
    """A kind of assertion, or "" for all of them; judgements are shown with what they judge."""
    kinds = [str(each.__struct_config__.tag) for each in get_args(AnyContent) if each is not Judgement]
    return read_word("kind", words, kinds)


def read_word(what: str, words: str, known: Collection[str]) -> str:
    """A word of those there are, or "" where none is written; UsageError names them."""
    asked = words.strip()
    if asked and asked not in known:
        raise UsageError(f"no {what} {asked!r}. Choose from: {', '.join(known)}")
    return asked


def read_skip(words: str) -> int:
    """How many are passed over."""
    if words and not _is_whole(words):
        raise UsageError(f"{words!r} is no number to pass over. Write a whole number")
    return int(words or 0)


def _is_whole(words: str) -> bool:
    return words.isascii() and words.isdigit() and len(words) < 10
