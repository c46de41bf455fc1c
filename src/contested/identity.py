"""What the identity of a noun rests on, as a hash that stays the same on every machine and in every version."""

from __future__ import annotations

import datetime as dt
from functools import cache
from hashlib import blake2b
from typing import Any

import msgspec

ADDED = ("thing", "sure")  # fields that a resolver fills in
PLAIN = frozenset((str, int, bool, dt.date, type(None)))  # types written as they are
WIDTH = 12  # bytes of an id

_canonical = msgspec.json.Encoder(order="sorted")


def identity(*parts: Any) -> str:
    """A hash of nouns, in hexadecimal digits: blake2b over sorted canonical JSON.

    Defaults are left out, so a field added later leaves old ids alone; so is what a resolver added.
    """
    return blake2b(_canonical.encode([_said(part) for part in parts]), digest_size=WIDTH).hexdigest()


def _said(value: Any) -> Any:
    """A value as builtins; 3.0 is written as 3, as JSON may read either."""
    cls = type(value)
    if issubclass(cls, msgspec.Struct):
        tag, fields = _fields(cls)
        said = tag.copy()
        for name, default in fields:
            part = getattr(value, name)
            if part is not default and part != default:
                said[name] = part if type(part) in PLAIN else _said(part)
        return said
    if issubclass(cls, tuple):
        return [_said(part) for part in value]
    return int(value) if issubclass(cls, float) and value.is_integer() else value


@cache
def _fields(cls: type[msgspec.Struct]) -> tuple[dict[str, Any], list[tuple[str, Any]]]:
    """The tag of a class of nouns, and its fields that count, each with its default. Once a class: ids are many."""
    config = cls.__struct_config__
    tag = {config.tag_field: config.tag} if config.tag_field else {}
    names, defaults = cls.__struct_fields__, cls.__struct_defaults__
    required = [(name, msgspec.NODEFAULT) for name in names[: len(names) - len(defaults)]]
    optional = zip(names[len(required) :], defaults, strict=True)
    return tag, [(name, default) for name, default in (*required, *optional) if name not in ADDED]
