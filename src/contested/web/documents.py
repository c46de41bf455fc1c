"""The page of all documents: sorted where they are few, the last to come first where they are many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from contested.model import Document
from contested.web.ask import Ask
from contested.web.evidence import file_name, tally
from contested.web.listing import Listing, page_of
from contested.web.record import FEW
from contested.web.render import Answer
from contested.web.state import read_skip

DOCUMENTS = 100  # on one page
LOOKED, AT_ONCE = 20_000, 1_000  # of many documents looked through for one page, and read together


def show_documents(ask: Ask) -> Answer:
    """Every report on record, newest first; ?source= keeps one publisher's, ?q= those with words in their title.

    Of very many, ?skip= passes over so many that were looked through before.
    """
    kept = {name: ask.query.get(name, "").strip() for name in ("source", "q")}
    few = ask.record.shelved(ask.view) <= FEW
    listing = _of_few(ask, kept) if few else _of_many(ask, kept)
    shown = [each.id for each in listing.items]
    said, anew = ask.record.known(ask.view).said(shown), ask.record.anew(ask.view, shown)
    return Answer(
        "documents",
        "Documents",
        {
            **kept,
            "documents": [_listed(ask, each, anew, said.get(each.id, 0)) for each in listing.items],
            **listing.count,
        },
        {
            "listing": listing,
            "said": said,
            "anew": anew,
            "removals": ask.record.removals(),
            "sources": tally(each.source for each in ask.record.documents(ask.view).values()) if few else (),
            "kept": kept,
            "file_name": file_name,
            "any": bool(ask.record.shelved(ask.view)),
        },
    )


def _listed(ask: Ask, document: Document, anew: Mapping[str, str], said: int) -> dict[str, Any]:
    removal = ask.record.removals().get(document.id)
    return described(document, anew) | {"assertions": said, "removed": str(removal) if removal else None}


def described(document: Document, anew: Mapping[str, str]) -> dict[str, Any]:
    """A document without its text, with the file's name and never its folder, and the telling that took its place."""
    kept = {name: getattr(document, name) for name in document.__struct_fields__ if name != "text"}
    return kept | {"file": file_name(document.file), "superseded_by": anew.get(document.id)}


def _of_few(ask: Ask, kept: Mapping[str, str]) -> Listing[Document]:
    found = [each for each in ask.record.documents(ask.view).values() if _fits(each, kept)]
    found.sort(key=lambda each: (each.published or dt.date.min, each.title, each.id), reverse=True)
    return page_of(found, ask.page, DOCUMENTS)


def _of_many(ask: Ask, kept: Mapping[str, str]) -> Listing[Document]:
    """In the order of their coming, so that no more are read than are shown, or than are looked through."""
    known, total = ask.record.known(ask.view), ask.record.shelved(ask.view)
    if not any(kept.values()):
        pages = -(-total // DOCUMENTS)
        page = min(ask.page, pages)
        return Listing(tuple(known.reports((page - 1) * DOCUMENTS, DOCUMENTS)), page, pages, total)
    skip = at = read_skip(ask.query.get("skip", ""))
    found: list[Document] = []
    while at < min(skip + LOOKED, total) and len(found) < DOCUMENTS:
        for each in known.reports(at, AT_ONCE):
            at += 1
            if _fits(each, kept):
                found.append(each)
                if len(found) == DOCUMENTS:
                    break
    return Listing(tuple(found), 1, 1, len(found), at - skip, at if at < total else 0)


def _fits(document: Document, kept: Mapping[str, str]) -> bool:
    words = f"{document.title} {file_name(document.file)}".casefold()
    return kept["source"] in ("", document.source) and all(word in words for word in kept["q"].casefold().split())
