"""Small reports to put in a folder, and short ways to look at a reading, for the tests of reading."""

from pathlib import Path

from contested.model import Document, Problem
from contested.read import Reading

HEADER = """\
source: Gazette
published: 2021-08-08
title: "Two capitals"
authors: one; another
url: https://example.org/two
"""
BODY = "Rebels captured Kunduz, police said.\n\nThey denied it."
ARTICLE = "<p>" + "The town was lost on Sunday, officials said. " * 4 + "</p><p>The ministry denied it.</p>"


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def only(reading: Reading) -> Document:
    assert reading.problems == ()
    (document,) = reading.documents
    return document


def fault(reading: Reading) -> Problem:
    assert reading.documents == ()
    (problem,) = reading.problems
    return problem


def page(head: str = "", body: str = ARTICLE, root: str = "") -> str:
    return f"<!DOCTYPE html><html{root}><head>{head}</head><body><nav>Home</nav><article>{body}</article></body></html>"
