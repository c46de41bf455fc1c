"""What the identity of a noun rests on, as a hash that stays the same on every machine and in every version."""

from __future__ import annotations

import datetime as dt
from hashlib import blake2b
from typing import Any, NamedTuple

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
    form = _forms.get(cls)
    if form is None:
        if issubclass(cls, tuple):
            return [_said(part) for part in value]
        if not issubclass(cls, msgspec.Struct):
            return int(value) if issubclass(cls, float) and value.is_integer() else value
        form = _forms[cls] = _form(cls)
    said = form.tag.copy()
    for name, default in form.fields:
        part = getattr(value, name)
        if part is not default and part != default:
            said[name] = part if type(part) in PLAIN else _said(part)
    return said


class _Form(NamedTuple):
    """What of a noun is written: its tag, and the fields that count, each with its default."""

    tag: dict[str, Any]
    fields: list[tuple[str, Any]]


_forms: dict[type, _Form] = {}  # made once a class: ids are many


def _form(cls: type[msgspec.Struct]) -> _Form:
    config = cls.__struct_config__
    tag = {config.tag_field: config.tag} if config.tag_field else {}
    names, defaults = cls.__struct_fields__, cls.__struct_defaults__
    required = [(name, msgspec.NODEFAULT) for name in names[: len(names) - len(defaults)]]
    optional = zip(names[len(required) :], defaults, strict=True)
    return _Form(tag, [(name, default) for name, default in (*required, *optional) if name not in ADDED])
