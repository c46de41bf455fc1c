"""A web page saved as a file: the article in it and what the page says of itself, by trafilatura.

Nothing is fetched. A page is parsed here first, without large-tree mode, and refused when it is nested or crowded
beyond what any article is, so that no page can hold up a batch.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from contested.model import Dating, Problem
from contested.read.characters import clean, decode, line, what_it_is
from contested.read.plain import MEGABYTE, is_web, names
from contested.read.reader import Reader, Report

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

DEPTH = 200
ELEMENTS = 20_000
ATTRIBUTE = 500_000

_OPENING = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta\b[^>]{0,500}?charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
_DAY_IN_URL = re.compile(r"/((?:19|20)\d\d)[/-](\d\d?)[/-](\d\d?)(?=[/_.-]|$)")


def read(data: bytes, file: str) -> Iterator[Report | Problem]:
    """One report, or what is wrong with the page."""
    if what := what_it_is(data):
        yield Problem(file, f"this is {what}; this version reads text and HTML", "Save its text as a .txt file")
        return
    declared = _CHARSET.search(data[:4096])
    text = decode(data, file, declared[1].decode("ascii") if declared else "")
    yield text if isinstance(text, Problem) else _page(text, file)


def _page(text: str, file: str) -> Report | Problem:
    try:
        tree = _tree(text)
        if tree is not None and (excess := _excess(tree)):
            return Problem(file, f"this page {excess}", "Save the article's text as a .txt file")
        found = None if tree is None else _article(tree)
    except Exception as fault:  # a page may be anything, and so may what a parser makes of it
        return Problem(file, f"this page cannot be parsed ({type(fault).__name__})", "Save its text as a .txt file")
    if tree is None or found is None or not (words := _paragraphs(found.text or "")):
        return Problem(file, "no article text was found in this page", "Save the article's text as a .txt file")
    url = found.url if found.url and is_web(found.url) else ""
    published, dating = _published(tree, url)
    return Report(
        text=words,
        source=line(found.sitename or ""),
        published=published,
        dating=dating,
        title=line(found.title or ""),
        authors=names(found.author or ""),
        url=url,
        language=_language(tree),
    )


def _tree(text: str) -> HtmlElement | None:
    from lxml import etree  # type: ignore[import-untyped]
    from lxml.html import HTMLParser, fromstring

    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, no_network=True)
    try:
        return fromstring(text.encode(), parser=parser)
    except etree.ParserError:  # nothing but space and comments
        return None


def _excess(tree: HtmlElement) -> str:
    """In what way a page goes beyond any article, empty where it does not."""
    from lxml.etree import iterwalk  # type: ignore[import-untyped]

    depth = elements = 0
    for event, element in iterwalk(tree, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        depth += 1
        elements += 1
        if depth > DEPTH:
            return f"is nested more than {DEPTH} deep"
        if elements > ELEMENTS:
            return f"has more than {ELEMENTS} elements"
        if any(len(value) > ATTRIBUTE for value in element.attrib.values()):
            return f"has an attribute of more than {ATTRIBUTE} characters"
    return ""


def _article(tree: HtmlElement) -> Any:
    """Trafilatura's document (text, title, sitename, author, url), or None where it finds no text."""
    from trafilatura import bare_extraction

    with _quiet():
        return bare_extraction(tree, fast=True, include_comments=False, include_formatting=False, with_metadata=True)


def _paragraphs(text: str) -> str:
    """Trafilatura writes a paragraph a line; here a blank line parts them, as in plain text."""
    return "\n\n".join(each.strip() for each in clean(text).split("\n") if each.strip())


def _published(tree: HtmlElement, url: str) -> tuple[dt.date | None, Dating]:
    """When it was published and how that is known: as the page's metadata says, its address, or only by guess."""
    from htmldate import find_date

    try:
        with _quiet():
            if day := _day(find_date(_metadata(tree), extensive_search=False, original_date=True)):
                return day, "metadata"
            if day := _in_address(url):
                return day, "url"
            day = _day(find_date(tree, extensive_search=True, original_date=True))
    except Exception:  # a date is worth having, not worth losing the page for
        day = None
    return day, "guessed" if day else "unknown"


def _metadata(tree: HtmlElement) -> HtmlElement:
    """The page without its body, but for the structured data in it."""
    from lxml.html import fromstring, tostring

    parts = [*tree.xpath("//head//meta"), *tree.xpath("//script[@type='application/ld+json']")]
    head = "".join(tostring(each, encoding="unicode", with_tail=False) for each in parts)
    return fromstring(f"<html><head>{head}</head><body><p></p></body></html>")


def _in_address(url: str) -> dt.date | None:
    found = _DAY_IN_URL.search(url)
    try:
        return dt.date(*(int(each) for each in found.groups())) if found else None
    except ValueError:
        return None


def _day(found: str | None) -> dt.date | None:
    return dt.date.fromisoformat(found) if found else None


def _language(tree: HtmlElement) -> str:
    """The language the page declares, as its primary subtag ("en"), else empty."""
    found = re.match(r"[a-z]{2,3}(?![a-z])", (tree.get("lang") or "").lower())
    return found[0] if found else ""


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """What these libraries log of a page they cannot use, we say in our own words."""
    loggers = [logging.getLogger(name) for name in ("trafilatura", "htmldate")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def takes(data: bytes, name: str) -> bool:
    return PurePath(name).suffix.lower() in READER.suffixes or _OPENING.match(data[:200]) is not None


READER = Reader("html", 1, (".html", ".htm", ".xhtml"), 5 * MEGABYTE, takes, read)
