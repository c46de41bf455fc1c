"""An optional reader: a language model fills in forms, and only what stands in the text is recorded.

    Document ──passages──▶ prompt ──ask──▶ answer ──form──▶ grounding ──▶ Assertions
                                              │        │         │
                                              └────────┴─────────┴──────▶ Refused, each with the reason

`ask` is any function from messages and a JSON Schema to a Reply, or it raises NoAnswerError; `endpoint.Endpoint` asks a
server. The extractors need nothing of this; its recorder is its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from contested.errors import MissingPart, UsageError
from contested.extract.llm import prompt
from contested.extract.llm.answer import NoAnswerError, Reply, forms
from contested.extract.llm.form import KINDS, described, fill, schema
from contested.extract.llm.passages import Passage, halves, passages
from contested.model import Assertion, Document

if TYPE_CHECKING:
    from contested.extract.llm.endpoint import Endpoint
    from contested.register import Register

__all__ = [
    "KINDS",
    "Ask",
    "Found",
    "NoAnswerError",
    "Refused",
    "Reply",
    "kinds_read",
    "open_endpoint",
    "read",
    "recorder",
    "to_send",
]

Ask = Callable[[prompt.Messages, dict[str, Any]], Reply]
_LONGEST_NAME, _LONGEST_SAID = 80, 500  # characters of a model's name, and of what is kept of a refused form


class Refused(msgspec.Struct, frozen=True):
    """What a model said that is not recorded: the reason, and its words."""

    reason: str
    said: str


@dataclass(frozen=True)
class Found:
    """What a model read in one document."""

    assertions: tuple[Assertion, ...]
    refused: tuple[Refused, ...]


def recorder(model: str, kinds: Sequence[str] = KINDS) -> str:
    """What a model's reading is signed with: "llm-qwen3-8b@1"; of some kinds only, "llm-qwen3-8b@1.control.event".

    UsageError when the model's name holds no letter or digit.
    """
    slug = re.sub(r"[^\w.+-]+", "-", model.casefold()).strip("-.+_")[:_LONGEST_NAME]
    if not slug:
        raise UsageError(f"{model!r} is no name of a model. Give the one its server knows it by")
    some = [] if set(kinds) >= set(KINDS) else [kind for kind in KINDS if kind in kinds]
    return ".".join([f"llm-{slug}@{prompt.version()}", *some])


def kinds_read(model: str, recorders: frozenset[str]) -> tuple[str, ...]:
    """The kinds that a model has read already, by today's prompt, where these recorders' words stand."""
    whole = recorder(model)
    if whole in recorders:
        return KINDS
    parts = (each.removeprefix(f"{whole}.").split(".") for each in recorders if each.startswith(f"{whole}."))
    read_before = {kind for part in parts for kind in part}
    return tuple(kind for kind in KINDS if kind in read_before)


def read(document: Document, register: Register, home: str, ask: Ask, kinds: Sequence[str] = KINDS) -> Found:
    """What a model finds in a document, checked against its words. What `ask` raises is not caught."""
    from contested.extract.llm.grounding import grounded
    from contested.extract.report import Report

    @cache
    def report() -> Report:  # read only once something is to be checked
        return Report(document, register, home, gated=False)

    held: dict[str, Assertion] = {}
    refused: list[Refused] = []
    for passage, said in _answers(document.text, ask, kinds):
        filled = fill(said, kinds) if not isinstance(said, Refused) else said.reason
        made = filled if isinstance(filled, str) else grounded(report(), passage, filled)
        if isinstance(made, Assertion):
            held.setdefault(made.id, made)
        else:
            refused.append(said if isinstance(said, Refused) else Refused(made, _shown(said)))
    return Found(tuple(held.values()), tuple(refused))


def to_send(document: Document, kinds: Sequence[str] = KINDS) -> tuple[int, int]:
    """How many requests a document takes, and how many characters they hold, rules and all."""
    asked = [_messages(document.text, passage, kinds) for passage in passages(document.text)]
    return len(asked), sum(len(message["content"]) for each in asked for message in each)


def open_endpoint(url: str, model: str, **how: Any) -> Endpoint:
    """A server to ask (see `Endpoint`). MissingPart when the extra is not installed."""
    try:
        from contested.extract.llm.endpoint import Endpoint
    except ImportError as fault:
        raise MissingPart(
            f"asking a language model needs the package {fault.name}, which is not installed: "
            "pip install 'contested[llm]'"
        ) from fault
    return Endpoint(url, model, **how)


def _answers(text: str, ask: Ask, kinds: Sequence[str]) -> Iterator[tuple[Passage, Any]]:
    """What is said of each passage, form by form; an answer that cannot be read is one Refused."""
    waiting = list(passages(text))[::-1]
    while waiting:
        passage = waiting.pop()
        reply = ask(_messages(text, passage, kinds), schema(kinds))
        said = forms(reply)
        if reply.cut and (smaller := halves(text, passage)):
            waiting += reversed(smaller)  # there was more to say than an answer can hold
        elif isinstance(said, str):
            yield passage, Refused(f"an answer cannot be read: {said}", _shown(reply.text))
        else:
            yield from ((passage, each) for each in said)


def _messages(text: str, passage: Passage, kinds: Sequence[str]) -> prompt.Messages:
    return prompt.messages(text[passage.start : passage.end], {kind: described(kind) for kind in kinds})


def _shown(said: Any) -> str:
    text = said if isinstance(said, str) else msgspec.json.encode(said).decode()
    return text if len(text) <= _LONGEST_SAID else f"{text[:_LONGEST_SAID]}…"
