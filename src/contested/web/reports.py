"""The pages of what was reported: the timeline, all assertions, all documents, and one document with its quotes lit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import msgspec
from markupsafe import Markup
from starlette.exceptions import HTTPException

from contested.model import Document, Event, Standing
from contested.web import chart
from contested.web.ask import Ask, missing
from contested.web.evidence import Card, card, dated, file_name, line, tally
from contested.web.highlight import Span, draw, paragraphs, shared
from contested.web.listing import page_of
from contested.web.render import Answer
from contested.web.state import read_day

EVENTS, ASSERTIONS, DOCUMENTS = 60, 50, 100  # on one page
LETTERS = 40_000  # of a document on one page


def show_timeline(ask: Ask) -> Answer:
    """Events by day, with a histogram; ?type= keeps one kind of event, ?since= and ?until= (closed-open) some days."""
    kind, since, until = ask.query.get("type", ""), *(read_day(ask.query.get(end, "")) for end in ("since", "until"))
    events = [each for each in ask.record.standings(ask.view).values() if isinstance(each.assertion.content, Event)]
    types = tally(each.assertion.content.type for each in events)  # type: ignore[union-attr]
    wanted = [each for each in events if not kind or each.assertion.content.type == kind]  # type: ignore[union-attr]
    days = [each.day for each in wanted if each.day]
    found = [each for each in wanted if _within(each.day, since, until)]
    found.sort(key=lambda each: (each.day or dt.date.max, each.id))
    listing = page_of(found, ask.page, EVENTS)
    cards = [card(ask.record, ask.view, each) for each in listing.items]
    kept = {"type": kind, "since": since or "", "until": until or ""}

    def link(bar: chart.Bar) -> str:
        return ask.view.link("/timeline", type=kind, since=bar.since, until=bar.until)

    return Answer(
        "timeline",
        "Timeline",
        {**kept, "events": [each.line for each in cards], **listing.count, "types": dict(types)},
        {
            "listing": listing,
            "days": _by_day(cards),
            "types": types,
            "kept": kept,
            "svg": chart.histogram(chart.bars(days), link, ask.view.on),
            "beyond": sum(not chart.drawable(day) for day in days),
            "any": bool(events),
        },
    )


def show_assertions(ask: Ask) -> Answer:
    """Everything that stands; ?kind=, ?source=, ?id= and ?q= (words in the quote, the names or the chain) narrow it."""
    kept = {name: ask.query.get(name, "").strip() for name in ("kind", "source", "id", "q")}
    everything = list(ask.record.standings(ask.view).values())
    found = [each for each in everything if _wanted(ask, each, kept)]
    found.sort(key=lambda each: (each.day or dt.date.min, each.id), reverse=True)
    listing = page_of(found, ask.page, ASSERTIONS)
    cards = [card(ask.record, ask.view, each) for each in listing.items]
    return Answer(
        "assertions",
        "Assertions",
        {**kept, "assertions": [each.line for each in cards], **listing.count},
        {
            "listing": listing,
            "cards": cards,
            "kinds": tally(each.assertion.kind for each in everything),
            "sources": tally(each.source for each in everything),
            "kept": kept,
            "any": bool(everything),
        },
    )


def show_documents(ask: Ask) -> Answer:
    """Every report on record, newest first; ?source= keeps one publisher's, ?q= those with words in their title."""
    kept = {name: ask.query.get(name, "").strip() for name in ("source", "q")}
    documents, anew = list(ask.record.documents(ask.view).values()), ask.record.superseded(ask.view)
    said = dict(tally(_document_of(each) for each in ask.record.standings(ask.view).values()))
    words = kept["q"].casefold().split()
    found = [
        each
        for each in documents
        if (not kept["source"] or each.source == kept["source"])
        and all(word in f"{each.title} {file_name(each.file)}".casefold() for word in words)
    ]
    found.sort(key=lambda each: (each.published or dt.date.min, each.title, each.id), reverse=True)
    listing = page_of(found, ask.page, DOCUMENTS)
    return Answer(
        "documents",
        "Documents",
        {
            **kept,
            "documents": [_listed(ask, each, said.get(each.id, 0)) for each in listing.items],
            **listing.count,
        },
        {
            "listing": listing,
            "said": said,
            "anew": anew,
            "removals": ask.record.removals(),
            "sources": tally(each.source for each in documents),
            "kept": kept,
            "file_name": file_name,
            "any": bool(documents),
        },
    )


class Stretch(msgspec.Struct, frozen=True):
    """A paragraph: its marked-up words and the cards of the quotes that begin in it."""

    words: Markup
    cards: list[Card]


def show_document(ask: Ask) -> Answer:
    """One report with every quoted span marked; ?a= lights one assertion's words and opens the page they are on."""
    document = ask.record.document(ask.path["id"])
    if removal := ask.record.removal(document.id if document else ask.path["id"]):
        raise HTTPException(410, f"This document was {removal}.")
    if document is None:
        raise missing("There is no such document in this workspace.")
    if document.id not in ask.record.documents(ask.view):
        raise missing("This document was not on record then.")
    lit = ask.query.get("a", "")
    quoted = _quoted(ask, document, lit)
    leaves = _leaves(document.text)
    page = ask.page
    if lit and "page" not in ask.query:
        page = next((n for n, leaf in enumerate(leaves, 1) for s in quoted if s.lit and s.start < leaf[-1][1]), 1)
    listing = page_of(leaves, page, 1)
    lines = [line(each, document.text[span.start : span.end]) for span, each in quoted.items()]
    return Answer(
        "document",
        document.title or file_name(document.file) or "Document",
        {"document": _described(ask, document), "text": document.text, "assertions": lines},
        {
            "document": document,
            "anew": ask.record.superseded(ask.view).get(document.id, ""),
            "file": file_name(document.file),
            "dated": dated(document),
            "stretches": _stretches(ask, document, listing.items[0], quoted),
            "kinds": tally(span.kind for span in quoted),
            "lit": lit,
            "listing": listing,
            "kept": {"a": lit},
        },
    )


def _quoted(ask: Ask, document: Document, lit: str) -> dict[Span, Standing]:
    """Every assertion that quotes the document, under its span, in the order of the text."""
    found = {}
    for each in ask.record.standings(ask.view).values():
        quote = each.assertion.quote
        if quote and quote.document == document.id:
            end = min(quote.end, len(document.text))
            found[Span(quote.start, end, each.id, each.assertion.kind, each.id == lit)] = each
    return dict(sorted(found.items(), key=lambda pair: (pair[0].start, pair[0].end, pair[0].id)))


def _stretches(
    ask: Ask, document: Document, leaf: list[tuple[int, int]], quoted: dict[Span, Standing]
) -> list[Stretch]:
    touching = shared(leaf, [span for span in quoted if leaf and span.start < leaf[-1][1] and span.end > leaf[0][0]])
    return [
        Stretch(
            draw(document.text, start, end, spans),
            [card(ask.record, ask.view, quoted[span]) for span in spans if start <= span.start < end],
        )
        for (start, end), spans in zip(leaf, touching, strict=True)
    ]


def _leaves(text: str) -> list[list[tuple[int, int]]]:
    """Paragraphs gathered into pages of about LETTERS characters; a longer paragraph is cut."""
    parts = [(at, min(at + LETTERS, end)) for start, end in paragraphs(text) for at in range(start, end, LETTERS)]
    leaves: list[list[tuple[int, int]]] = [[]]
    for part in parts:
        if leaves[-1] and part[1] - leaves[-1][0][0] > LETTERS:
            leaves.append([])
        leaves[-1].append(part)
    return leaves


def _described(ask: Ask, document: Document) -> dict[str, Any]:
    """A document without its text, with the file's name and never its folder, and the telling that took its place."""
    kept = {name: getattr(document, name) for name in document.__struct_fields__ if name != "text"}
    return kept | {
        "file": file_name(document.file),
        "superseded_by": ask.record.superseded(ask.view).get(document.id),
    }


def _listed(ask: Ask, document: Document, said: int) -> dict[str, Any]:
    removal = ask.record.removals().get(document.id)
    return _described(ask, document) | {"assertions": said, "removed": str(removal) if removal else None}


def _document_of(standing: Standing) -> str:
    return standing.assertion.quote.document if standing.assertion.quote else ""


def _within(day: dt.date | None, since: dt.date | None, until: dt.date | None) -> bool:
    if day is None:
        return since is None and until is None
    return (since is None or since <= day) and (until is None or day < until)


def _by_day(cards: Iterable[Card]) -> list[tuple[dt.date | None, list[Card]]]:
    days: dict[dt.date | None, list[Card]] = {}
    for each in cards:
        days.setdefault(each.standing.day, []).append(each)
    return list(days.items())


def _wanted(ask: Ask, standing: Standing, kept: dict[str, str]) -> bool:
    if kept["kind"] not in ("", standing.assertion.kind) or kept["source"] not in ("", standing.source):
        return False
    if not standing.id.startswith(kept["id"]):
        return False
    words = kept["q"].casefold().split()
    if not words:
        return True
    shown = card(ask.record, ask.view, standing)
    said = (shown.words, shown.phrase, standing.source, *(voice.who for voice in shown.voices))
    text = " ".join(said).casefold()
    return all(word in text for word in words)
