"""Nouns as plain data with every default written out, so whoever reads them needs no schema of ours."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from contested.model import Standing


def plain(value: Any) -> Any:
    """Dicts, lists, strings, numbers and None; a content carries its `kind`; dates in ISO 8601."""
    if isinstance(value, msgspec.Struct):
        tag = value.__struct_config__.tag
        kind = {str(value.__struct_config__.tag_field): tag} if tag else {}
        return kind | {field: plain(getattr(value, field)) for field in value.__struct_fields__}
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, dt.datetime):
        return moment(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def moment(value: dt.datetime) -> str:
    """A moment in UTC, ISO 8601 with Z; its microseconds only where it has any."""
    return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def line(standing: Standing, words: str) -> dict[str, Any]:
    """One assertion in the public line format; `words` is the text it quotes ("" for none)."""
    said = standing.assertion
    quote = said.quote
    return {
        "id": standing.id,
        "document": quote.document if quote else None,
        "file": standing.file,
        "source": standing.source,
        "published": plain(standing.published),
        "recorder": standing.recorder,
        "content": plain(said.content),
        "voices": plain(said.voices),
        "period": plain(said.period),
        "likelihood": plain(said.likelihood),
        "quote": {"start": quote.start, "end": quote.end, "text": words} if quote else None,
        "confidence": said.confidence,
    }
