"""The form a model fills in: for each kind its fields, flat, as words of the report or one of a few choices.

It is made from the kinds of `model.py`, so that it cannot differ from what can be recorded:

    Name, Estimate, Period, text   words, to be found in the report
    Literal                        one of its choices, and no other
    bool                           true or false

Beside them each assertion has `quote`, `voices`, `denied`, `hedge` and `when`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, reduce
from operator import or_
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from contested.extract.llm.prompt import choices
from contested.model import AnyContent, Content, Estimate, Judgement, Name, Period

LONGEST_QUOTE, LONGEST_WORDS, MOST_VOICES = 1_000, 300, 6  # characters, characters, links of a chain
_Quote = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_QUOTE)]
_Words = Annotated[str, msgspec.Meta(max_length=LONGEST_WORDS)]
_NAMED = (Name, Estimate, Period)  # what words are made into

CONTENTS: dict[str, type[Content]] = {
    str(each.__struct_config__.tag): each for each in get_args(AnyContent) if each is not Judgement
}
KINDS = tuple(CONTENTS)


class Filled(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind"):
    """One assertion as the model wrote it down. Each kind has a subclass with its own fields."""

    quote: _Quote
    voices: Annotated[tuple[_Words, ...], msgspec.Meta(max_length=MOST_VOICES)] = ()
    denied: bool = False
    hedge: _Words = ""
    when: _Words = ""

    @property
    def kind(self) -> str:
        return str(self.__struct_config__.tag)


@cache
def fields(kind: str) -> dict[str, Any]:
    """What each field of a kind is made into: Name, Estimate, Period, str, bool, or a tuple of choices."""
    hints = {name: hint for name, hint in get_type_hints(CONTENTS[kind]).items() if name != "about" or hint is str}
    return {name: tuple(choices()[name]) if name in choices() else _form(hint) for name, hint in hints.items()}


def fill(answer: Any, kinds: Sequence[str]) -> Filled | str:
    """One assertion of an answer in the form of its kind, or what is wrong with it."""
    if not isinstance(answer, dict):
        return "it is no object"
    said = {name: value for name, value in answer.items() if value is not None}  # null is nothing, too
    try:
        filled: Filled = msgspec.convert(said, _any_of(tuple(kinds)))
    except msgspec.ValidationError as fault:
        return f"it is not in the form: {fault}"
    return filled


def schema(kinds: Sequence[str]) -> dict[str, Any]:
    """The form as JSON Schema: every field required, none added, so that servers can hold a model to it."""
    return _object({"assertions": {"type": "array", "items": {"anyOf": [_schema(kind) for kind in kinds]}}})


def described(kind: str) -> str:
    """The fields of a kind in a line, with their choices."""
    shown = [f"{name} ({', '.join(each)})" if isinstance(each, tuple) else name for name, each in fields(kind).items()]
    return ", ".join(shown)


def _form(hint: Any) -> Any:
    if get_origin(hint) is Literal:
        return get_args(hint)
    return next((form for form in _NAMED if hint is form or form in get_args(hint)), hint)


@cache
def _any_of(kinds: tuple[str, ...]) -> Any:
    return reduce(or_, map(_filled, kinds))


@cache
def _filled(kind: str) -> Any:
    required = {one.name for one in msgspec.structs.fields(CONTENTS[kind]) if one.required}
    declared: list[Any] = []
    for name, form in fields(kind).items():
        if isinstance(form, tuple):
            nothing = () if name in required else ("",)
            declared.append((name, Literal[(*form, *nothing)], *([] if name in required else [""])))
        else:
            declared.append((name, bool, False) if form is bool else (name, _Words, ""))
    return msgspec.defstruct(
        kind, declared, bases=(Filled,), tag=kind, frozen=True, forbid_unknown_fields=True, kw_only=True
    )


def _schema(kind: str) -> dict[str, Any]:
    text = {"type": "string"}
    own: dict[str, Any] = {"kind": {"type": "string", "enum": [kind]}}
    required = {one.name for one in msgspec.structs.fields(CONTENTS[kind]) if one.required}
    for name, form in fields(kind).items():
        if isinstance(form, tuple):
            own[name] = text | {"enum": [*form, *([] if name in required else [""])]}
        else:
            own[name] = {"type": "boolean"} if form is bool else text
    common = {"quote": text, "voices": {"type": "array", "items": text}, "denied": {"type": "boolean"}}
    return _object(own | common | {"hedge": text, "when": text})


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}
