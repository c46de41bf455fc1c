"""Reports in, assertions out: every tests/cases/<kind>/*.case is one short report and all it asserts of that kind.

    # what the case is about
    source: The Example Courier
    published: 2015-10-02

    The report, any number of paragraphs.
    ---
    place=Kunduz status=retaken holder="Afghan forces" voices="police" since=2015-10-01 quote="retook Kunduz"

One line for each assertion of the folder's kind, in the order of the text; there may be none. A field that is not
named is not looked at; `voices` are those after the publisher, the outermost first, `-` for none, "!" marks denial.
"""

from __future__ import annotations

import datetime as dt
import shlex
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from contested.extract import extract
from contested.model import Assertion, Document
from contested.register import Register, open_register

CASES = sorted((Path(__file__).parent / "cases").glob("*/*.case"))


@cache
def register() -> Register:
    return open_register()


def read_case(path: Path) -> tuple[Document, list[dict[str, str]]]:
    head, _, rest = path.read_text(encoding="utf-8").partition("\n\n")
    text, _, wanted = rest.partition("\n---\n")
    said = dict(line.split(": ", 1) for line in head.splitlines() if not line.startswith("#"))
    published = dt.date.fromisoformat(said["published"]) if "published" in said else None
    document = Document(
        path.stem, said["source"], text.strip(), "0" * 64, published, "given" if published else "unknown"
    )
    lines = [dict(part.split("=", 1) for part in shlex.split(line)) for line in wanted.splitlines() if line.strip()]
    return document, lines


def field(a: Assertion, name: str, text: str) -> str:
    """One field of an assertion as a case writes it."""
    if name == "voices":
        return " > ".join(v.who + ("!" if v.denies else "") for v in a.voices[1:]) or "-"
    if name == "quote":
        assert a.quote is not None
        return text[a.quote.start : a.quote.end]
    if name in ("since", "until", "precision"):
        return str(getattr(a.period, name) or "-")
    if name == "likely":
        return a.likelihood.words if a.likelihood else "-"
    return shown(a.content, name)


def shown(content: Any, name: str) -> str:
    value = getattr(content, name.removesuffix(".thing"))
    if value is None or value == "":
        return "-"
    if hasattr(value, "words"):
        return str(value.thing if name.endswith(".thing") else value.words)
    if hasattr(value, "best"):
        return "/".join("-" if n is None else f"{n:g}" for n in (value.low, value.best, value.high))
    if hasattr(value, "since"):
        return f"{value.since or '-'}..{value.until or '-'}"
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("path", CASES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_case(path: Path) -> None:
    document, wanted = read_case(path)
    kind = path.parent.name
    found = [a for _, own in extract(document, register()) for a in own if a.kind == kind]
    found.sort(key=lambda a: (a.quote.start, a.quote.end) if a.quote else (0, 0))
    seen = [{name: field(a, name, document.text) for name in line} for a, line in zip(found, wanted, strict=False)]
    extra = [field(a, "quote", document.text) for a in found[len(wanted) :]]
    assert (seen, extra) == (wanted, [])


def test_every_kind_has_cases() -> None:
    kinds = {p.parent.name for p in CASES}
    assert kinds == {
        "control", "event", "responsibility", "relation", "commitment", "compliance", "designation", "quantity",
        "forecast", "statement",
    }  # fmt: skip


@pytest.mark.parametrize("path", CASES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_every_quote_is_in_its_text(path: Path) -> None:
    document, _ = read_case(path)
    for _, own in extract(document, register()):
        for a in own:
            assert a.quote is not None
            assert 0 <= a.quote.start < a.quote.end <= len(document.text)
            assert document.text[a.quote.start : a.quote.end].strip()
            assert a.voices
