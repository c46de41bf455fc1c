"""What a model said, as a list of filled-in forms: read leniently, for not every server can hold a model to JSON."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

MOST = 200  # assertions of one answer; a report's passage holds far fewer
_NONE = object()


class Reply(NamedTuple):
    """The text of an answer, and whether the model was stopped before it had come to its end."""

    text: str
    cut: bool = False


class NoAnswerError(Exception):
    """Why there is no answer, and what to do about it; `lasting` when the next request would fare no better.

    `status` is HTTP's, `wait` how many seconds the server asks to be left alone; 0 where it says neither.
    """

    def __init__(self, reason: str, remedy: str, *, lasting: bool = False, status: int = 0, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.reason, self.remedy, self.lasting, self.status, self.wait = reason, remedy, lasting, status, wait


def forms(reply: Reply) -> list[Any] | str:
    """The assertions of an answer, not yet looked at; or what is wrong with it as a whole.

    Thoughts before it, a fence of Markdown round it and words beside it are passed over.
    """
    said = reply.text.rpartition("</think>")[2].strip()
    if not said:
        return "it is empty"
    found = next((value for part in _candidates(said) if (value := _decoded(part)) is not _NONE), _NONE)
    if found is _NONE:
        return "it was cut short" if reply.cut else "it is no JSON"
    if isinstance(found, dict):
        found = found.get("assertions", _NONE)
    if not isinstance(found, list):
        return "it has no list of assertions"
    return found if len(found) <= MOST else f"it has {len(found):,} assertions; at most {MOST} are looked at"


def _candidates(said: str) -> list[str]:
    """The whole, and what stands between the outermost brackets of either sort."""
    between = [said[said.find(first) : said.rfind(last) + 1] for first, last in ("{}", "[]")]
    return [said, *sorted(filter(None, between), key=len, reverse=True)]


def _decoded(part: str) -> Any:
    try:
        return msgspec.json.decode(part)
    except (msgspec.DecodeError, UnicodeError, RecursionError):  # broken, half a letter, nested beyond measure
        return _NONE
