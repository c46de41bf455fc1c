"""Whether a codebook makes sense, beyond its form: every field, role and value it names must exist."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, get_args

import msgspec
from msgspec import inspect

from contested.derive.evidence import ABOUT
from contested.derive.wording import fields_of
from contested.model import AnyContent, Name, Problem

if TYPE_CHECKING:
    from contested.derive.codebook import Cell, Codebook, Meaning, Part

_Report = Callable[[str, str, Iterable[str]], Problem]
_PRESENCE = ("some", "none")
_TALLY = ("value", "values", "denied")


def ill_formed(message: str, declared: type[Any], file: str) -> Problem:
    """A form error as msgspec words it, with the path of the key and the nearest key there is."""
    what, _, at = message.partition(" - at `$")
    path = at.rstrip("`").lstrip(".")
    here = _type_at(inspect.type_info(declared), path)
    if unknown := re.search(r"unknown field `(.*)`", what):
        known = [one.encode_name for one in here.fields] if isinstance(here, inspect.StructType) else []
        place = f"{path}.{unknown[1]}".lstrip(".")
        return Problem(file, f"no such key `{unknown[1]}`", _remedy(unknown[1], known), place)
    if missing := re.search(r"missing required field `(.*)`", what):
        return Problem(file, f"`{missing[1]}` is missing", "Add it", f"{path}.{missing[1]}".lstrip("."))
    if wrong := re.search(r"Invalid enum value '(.*)'", what):
        return Problem(file, f"no such choice {wrong[1]!r}", _remedy(wrong[1], _choices(here)), path)
    return Problem(file, what[:1].lower() + what[1:], "Give it in that form", path)


def declared_badly(book: Codebook, file: str) -> Iterator[Problem]:
    """Every name a codebook uses that does not exist, and every rule that can never fire."""

    def report(place: str, wrong: str, known: Iterable[str]) -> Problem:
        return Problem(file, f"no such name {wrong!r}", _remedy(wrong, list(known)), place)

    if not book.reads or not book.key or not book.settle:
        yield Problem(file, "reads, key and settle must not be empty", "Declare at least one of each")
        return
    yield from _conditions(book, report, "where", book.where, book.reads)
    for number, part in enumerate(book.key):
        yield from _part(book, report, f"key[{number}]", part)
    for number, meaning in enumerate(book.means):
        yield from _meaning(book, report, f"means[{number}]", meaning)
    for number, join in enumerate(book.attach):
        yield from _fields(report, f"attach[{number}]", [*join.same, *filter(None, [join.words])], [join.kind])
        yield from _fields(report, f"attach[{number}].in", join.in_, book.reads)
    for number, cell in enumerate(book.cells):
        yield from _cell(book, report, f"cells[{number}]", cell)
    yield from _rules(book, file, report)
    yield from _columns(book, file)


def _part(book: Codebook, report: _Report, place: str, part: Part) -> Iterator[Problem]:
    if isinstance(part.of, dict):
        for kind, template in part.of.items():
            yield from _fields(report, f"{place}.of.{kind}", fields_of(template), [kind])
    else:
        names = [part.of] if isinstance(part.of, str) else part.of
        yield from _fields(report, f"{place}.of", names, book.kinds)
    yield from _conditions(book, report, f"{place}.opens", part.opens, book.kinds)


def _meaning(book: Codebook, report: _Report, place: str, meaning: Meaning) -> Iterator[Problem]:
    kind = [meaning.kind]
    if meaning.kind not in book.kinds:
        yield report(f"{place}.kind", meaning.kind, book.kinds)
    yield from _conditions(book, report, f"{place}.when", meaning.when, kind)
    yield from _fields(report, f"{place}.value", fields_of(meaning.value), kind)
    yield from _fields(report, f"{place}.denies", fields_of(meaning.denies), kind)
    yield from _fields(report, f"{place}.if_denied", fields_of(meaning.if_denied), kind)
    yield from _fields(report, f"{place}.implies", fields_of(meaning.implies), kind)
    for key, name in (("favours", meaning.favours), ("harms", meaning.harms)):
        if name and FIELDS[meaning.kind].get(name) is not Name:
            parties = [field for field, form in FIELDS[meaning.kind].items() if form is Name]
            yield report(f"{place}.{key}", name, parties)


def _cell(book: Codebook, report: _Report, place: str, cell: Cell) -> Iterator[Problem]:
    kinds = [cell.kind] if cell.kind else book.kinds
    names = fields_of(cell.of) if "{" in cell.of else [cell.of] if cell.of else []
    yield from _fields(report, f"{place}.of", names, kinds)
    yield from _conditions(book, report, f"{place}.when", cell.when, kinds)


def _rules(book: Codebook, file: str, report: _Report) -> Iterator[Problem]:
    words = (*_TALLY, *(cell.name for cell in book.cells))
    says = [meaning.value for meaning in book.means]
    for number, rule in enumerate(book.settle):
        place = f"settle[{number}]"
        last = number == len(book.settle) - 1
        if rule.always != last:
            reason = "the last rule must have no conditions" if last else "the rules after this one can never fire"
            yield Problem(file, reason, "End with one rule that has no `when`", place)
        yield from (report(f"{place}.value", name, words) for name in fields_of(rule.value) if name not in words)
        if not any("{" in value for value in says):
            yield from (report(f"{place}.when.says", value, says) for value in rule.when.says if value not in says)
        if rule.when.past:
            yield from _fields(report, f"{place}.when.past", [rule.when.past], book.kinds)


def _columns(book: Codebook, file: str) -> Iterator[Problem]:
    for name in sorted({name for name in book.columns if book.columns.count(name) > 1}):
        yield Problem(file, f"two columns are called {name!r}", "Give one another name")


def _conditions(
    book: Codebook, report: _Report, place: str, when: Mapping[str, str | tuple[str, ...]], kinds: Iterable[str]
) -> Iterator[Problem]:
    kinds = list(kinds)
    yield from _fields(report, place, when, kinds)
    for name, wanted in when.items():
        known: set[str] = set()
        for form in [FIELDS[kind][name] for kind in kinds if name in FIELDS[kind]]:
            known.update((*book.roles, *_PRESENCE) if form is Name else form if isinstance(form, tuple) else ())
        if known:
            options = (wanted,) if isinstance(wanted, str) else wanted
            known.update(_PRESENCE)
            yield from (report(f"{place}.{name}", option, known) for option in options if option not in known)


def _fields(report: _Report, place: str, names: Iterable[str], kinds: Iterable[str]) -> Iterator[Problem]:
    known = ABOUT.union(*(FIELDS[kind] for kind in kinds))
    yield from (report(place, name, known) for name in names if name not in known)


def _remedy(wrong: str, known: Sequence[str]) -> str:
    near = get_close_matches(wrong, known, n=1, cutoff=0.4)
    return f"Did you mean `{near[0]}`?" if near else f"There is: {', '.join(sorted(known))}"


def _type_at(here: inspect.Type, path: str) -> inspect.Type:
    for key in re.findall(r"[^.\[\]]+", path):
        if isinstance(here, inspect.UnionType):
            here = next((one for one in here.types if not isinstance(one, inspect.StrType)), here)
        if isinstance(here, inspect.StructType):
            here = next((one.type for one in here.fields if one.encode_name == key), here)
        elif isinstance(here, inspect.VarTupleType):
            here = here.item_type
        elif isinstance(here, inspect.DictType):
            here = here.value_type
    return here


def _choices(here: inspect.Type) -> list[str]:
    options = here.types if isinstance(here, inspect.UnionType) else (here,)
    return [str(value) for one in options if isinstance(one, inspect.LiteralType) for value in one.values]


def _form(declared: inspect.Type) -> object:
    """Name, the values a field may have, or nothing in particular."""
    options = declared.types if isinstance(declared, inspect.UnionType) else (declared,)
    if any(isinstance(one, inspect.StructType) and one.cls is Name for one in options):
        return Name
    return tuple(_choices(declared))


def _content_fields() -> dict[str, dict[str, Any]]:
    found = {}
    for content in get_args(AnyContent):
        if issubclass(content, msgspec.Struct):
            declared = inspect.type_info(content)
            assert isinstance(declared, inspect.StructType)
            found[str(declared.tag)] = {one.encode_name: _form(one.type) for one in declared.fields}
    return found


FIELDS = _content_fields()
"""Of each kind, its fields and what they hold: Name, a tuple of the values there are, or () for free text."""
