"""An analyst's reading field by field: what is set is read instead, all else stays as it reads.

    amended(content, {"status": "held", "place": "gn:1138958", "killed.best": 12, "holder.words": "border police"}, …)

A name is set by what it means (an id, or a name that only one thing has) and keeps its words; `.words` sets these.
"" empties what may be empty.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from functools import cache
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec.structs import replace

from contested.derive.disputes import DECIDED
from contested.errors import UsageError
from contested.extract.settled import SETTLED, Role
from contested.model import AnyContent, Content, Estimate, Judgement, Name, Noun, Period, Thing, kind
from contested.workspace.clocks import day

Fields = Mapping[str, object]
"""What to set, by the path of a field: "place", "killed.best", "about.status"."""
Meant = Callable[[Role, str], Thing]
"""Finds the one thing of an id or a name in a role. UsageError when there is none, or there are several."""

DEEPEST = 8  # parts of a path: a forecast may be about a forecast
_DAY = dt.timedelta(days=1)
_TRUTH = {"yes": True, "true": True, "no": False, "false": False}
_KINDS: dict[str, type[Content]] = {
    str(cls.__struct_config__.tag): cls for cls in get_args(AnyContent) if cls is not Judgement
}


def amended(content: AnyContent, fields: Fields, meant: Meant) -> AnyContent:
    """The content with these fields set. UsageError names the field that cannot be so, and what is allowed there."""
    if not fields:
        raise UsageError(f"nothing to amend is named. {_has(type(content))}")
    if "kind" in fields:
        raise UsageError(
            "kind: what sort of thing is said cannot be set field by field. Give the whole content instead"
        )
    if deep := next((path for path in fields if path.count(".") > DEEPEST), ""):
        raise UsageError(f"{deep[:80]}: no field lies that deep")
    changed: AnyContent = _filled(content, "", fields, meant)
    return changed


def _filled(noun: Any, at: str, fields: Fields, meant: Meant) -> Any:
    """A noun with fields set; `at` is its own path, ending in a dot where it is part of another."""
    parts: dict[str, dict[str, object]] = {}
    for path, value in fields.items():
        first, _, rest = path.partition(".")
        parts.setdefault(first, {})[rest] = value
    cls: type[Noun] = type(noun)
    hints = _hints(cls)
    for name, inner in parts.items():
        if name not in hints:
            raise UsageError(f"{at}{name}: there is no such field. {_has(cls)}")
        now = getattr(noun, name)
        if "" in inner:
            default = _defaults(cls).get(name, msgspec.UNSET)
            now = _whole(f"{at}{name}", hints[name], now, inner.pop(""), default, meant)
        if inner:
            now = _partly(f"{at}{name}", hints[name], now, inner, meant)
        noun = replace(noun, **{name: now})
    return _sound(noun, at)


def _partly(at: str, hint: Any, now: Any, inner: dict[str, object], meant: Meant) -> Any:
    """A noun within a noun, with some of its parts set; begun where there was none, gone where nothing is left."""
    forms = [form for form in _forms(hint) if isinstance(form, type) and issubclass(form, Noun)]
    if not forms:
        raise UsageError(f"{at}.{next(iter(inner))}: {at} has no parts. Set {at} itself")
    if issubclass(forms[0], Content):
        now = _begun(at, now, inner, meant)
        return _filled(now, f"{at}.", inner, meant) if inner else now
    if forms[0] is Name:
        return _renamed(at, now or Name(""), inner, meant)
    changed = _filled(now or forms[0](), f"{at}.", inner, meant)
    return None if changed == forms[0]() and NoneType in _forms(hint) else changed


def _begun(at: str, now: Content | None, inner: dict[str, object], meant: Meant) -> Content:
    """The content of a forecast as it is, or of the kind that is set, with what that kind cannot do without."""
    if now is not None and inner.get("kind", kind(now)) == kind(now):
        inner.pop("kind", None)
        return now
    named = str(inner.pop("kind", ""))
    if named not in _KINDS:
        raise UsageError(f"{at}.kind: no kind {named!r}. Choose from: {', '.join(_KINDS)}")
    cls = _KINDS[named]
    needed = [name for name in _hints(cls) if name not in _defaults(cls)]
    for name in needed:
        if name not in inner:
            raise UsageError(f"{at}.{name}: a {named} cannot do without it. Set it, too")
    hints = _hints(cls)
    return cls(
        **{name: _whole(f"{at}.{name}", hints[name], None, inner.pop(name), msgspec.UNSET, meant) for name in needed}
    )


def _whole(at: str, hint: Any, now: Any, value: object, default: Any, meant: Meant) -> Any:
    """The value of a field as given, or as a person writes it."""
    forms = _forms(hint)
    if value is None or value == "":
        if default is msgspec.UNSET or get_origin(hint) is Literal:
            raise UsageError(f"{at} cannot be empty. {_allowed(hint)}")
        return default
    if get_origin(hint) is Literal:
        if value not in get_args(hint):
            raise UsageError(f"{at}: no {value!r} there. {_allowed(hint)}")
        return value
    if isinstance(value, Noun):
        if not isinstance(value, forms):
            raise UsageError(f"{at}: a {type(value).__name__} has no place there. {_allowed(hint)}")
        return _sound(value, f"{at}.")
    return _written(at, forms, now, value, meant)


def _written(at: str, forms: tuple[Any, ...], now: Any, value: object, meant: Meant) -> Any:
    if Name in forms:
        return _named(at, now, str(value), meant)
    if Estimate in forms:
        number = _number(at, value, f"Give one, or its parts: {at}.low, {at}.best, {at}.high")
        return Estimate(number, number, number)
    if Period in forms:
        since = _day(at, value)
        return Period(since, since + _DAY, "day")
    if float in forms:
        return _number(at, value, "Write it in digits")
    if dt.date in forms:
        return _day(at, value)
    if bool in forms:
        said = value if isinstance(value, bool) else _TRUTH.get(str(value).casefold())
        if said is None:
            raise UsageError(f"{at}: {value!r} is neither yes nor no. Choose from: yes, no")
        return said
    if str in forms and isinstance(value, str):
        return value
    raise UsageError(f"{at} cannot be set as a whole. Set its parts: {at}.kind and the fields of that kind")


def _named(at: str, now: Name | None, asked: str, meant: Meant) -> Name:
    """What a name means; its words stay, and are those of the thing where there were none."""
    role: Role = "place" if at.rpartition(".")[2] == "place" else "party"
    try:
        thing = meant(role, asked)
    except UsageError as fault:
        raise UsageError(f"{at}: {fault}. To change the words alone, set {at}.words") from None
    words = now.words if now else thing.name if asked == thing.id else asked
    return Name(words, thing.id, DECIDED)


def _renamed(at: str, now: Name, inner: dict[str, object], meant: Meant) -> Name:
    """A name with its words, its thing or how sure that is set."""
    words, thing, sure = (inner.pop(part, None) for part in Name.__struct_fields__)
    if inner:
        raise UsageError(f"{at}.{next(iter(inner))}: there is no such field. {_has(Name)}")
    if words is not None:
        now = replace(now, words=str(words), sure=min(now.sure, DECIDED))  # settled were other words
    if thing is not None:
        now = (
            _named(at, now if now.words else None, str(thing), meant) if thing else replace(now, thing="", sure=DECIDED)
        )
    if sure is not None:
        now = replace(now, sure=_number(f"{at}.sure", sure, "Write it in digits"))
    if not now.words.strip():
        raise UsageError(f"{at}.words: a name has words. Set them, or empty {at}")
    return _sound(now, f"{at}.") if sure is not None else now


def _number(at: str, value: object, remedy: str) -> float:
    try:
        number = float(value) if not isinstance(value, bool) else math.nan  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise UsageError(f"{at}: {value!r} is no number. {remedy}")
    return number


def _day(at: str, value: object) -> dt.date:
    if isinstance(value, dt.date):
        return value
    try:
        found = day(str(value))
        return found if found < dt.date.max else day("")
    except UsageError:
        raise UsageError(f"{at}: {value!r} is no day. Write year-month-day, as in 2021-08-08") from None


def _sound(noun: Any, at: str) -> Any:
    """The noun, if its parts go together."""
    where = at.rstrip(".")
    if isinstance(noun, Estimate):
        given = [part for part in (noun.low, noun.best, noun.high) if part is not None]
        if given != sorted(given):
            raise UsageError(f"{where}: {given} do not rise from low to high. Set {where} itself, or its parts")
    if isinstance(noun, Period) and noun.since and noun.until and noun.since >= noun.until:
        raise UsageError(f"{where}: it ends before it begins. {at}until is the day after its last")
    if isinstance(noun, Name) and not 0 <= noun.sure < SETTLED:
        raise UsageError(f"{where}: how sure it is goes from 0 to below 1. To settle a name: contested names mean")
    return noun


def _has(cls: type[Noun]) -> str:
    return f"A {cls.__struct_config__.tag or cls.__name__.lower()} has: {', '.join(cls.__struct_fields__)}"


def _allowed(hint: Any) -> str:
    if get_origin(hint) is Literal:
        return f"Choose from: {', '.join(get_args(hint))}"
    return f"It takes: {', '.join(form.__name__ for form in _forms(hint) if form is not NoneType)}"


def _forms(hint: Any) -> tuple[Any, ...]:
    return tuple(form for form in get_args(hint)) if get_origin(hint) not in (None, Literal) else (hint,)


@cache
def _hints(cls: type[Noun]) -> dict[str, Any]:
    return get_type_hints(cls)


@cache
def _defaults(cls: type[Noun]) -> dict[str, Any]:
    names, defaults = cls.__struct_fields__, cls.__struct_defaults__
    return dict(zip(reversed(names), reversed(defaults), strict=False))
