"""The pages of what was reported: the timeline, all assertions, and one document with its quotes lit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import get_args

import msgspec
from markupsafe import Markup
from starlette.exceptions import HTTPException

from contested.model import Document, EventType, Standing
from contested.web import chart
from contested.web.ask import Ask, missing
from contested.web.documents import described
from contested.web.evidence import Card, card, dated, file_name, line, tally
from contested.web.highlight import Span, draw, paragraphs, shared
from contested.web.listing import Listing, Sort, by_day, page_of, sifted
from contested.web.render import Answer
from contested.web.state import read_day, read_kind, read_skip

EVENTS, ASSERTIONS = 60, 50  # on one page
BEGUN = 1_000  # assertions whose ids begin alike
LETTERS = 40_000  # of a document on one page


def show_timeline(ask: Ask) -> Answer:
    """Events by day, with a histogram; ?type= keeps one kind of event, ?since= and ?until= (closed-open) some days."""
    kind = ask.asked("type", get_args(EventType))
    since, until = (read_day(ask.query.get(end, "")) for end in ("since", "until"))
    types = ask.record.types(ask.view)
    listing = by_day(ask.record, ask.view, Sort(("event",), kind, since, until), ask.page, EVENTS)
    days = {day: many for day, many in ask.record.days(ask.view, ("event",), kind).items() if day}
    cards = _cards(ask, listing.items)
    kept = {"type": kind, "since": since or "", "until": until or ""}

    def link(bar: chart.Bar) -> str:
        return ask.view.link("/timeline", type=kind, since=bar.since, until=bar.until)

    return Answer(
        "timeline",
        "Timeline",
        {**kept, "events": [each.line for each in cards], **listing.count, "types": types},
        {
            "listing": listing,
            "days": _by_day(cards),
            "types": types.items(),
            "kept": kept,
            "svg": chart.histogram(chart.counted(days), link, ask.view.on),
            "beyond": sum(many for day, many in days.items() if not chart.drawable(day)),
            "any": bool(types),
        },
    )


def show_assertions(ask: Ask) -> Answer:
    """Everything that stands; ?kind=, ?source=, ?id= and ?q= (words in the quote, the names or the chain) narrow it.

    On a long record ?skip= passes over so many that were looked through before.
    """
    kept = {name: ask.query.get(name, "").strip() for name in ("kind", "source", "id", "q")}
    read_kind(kept["kind"])
    listing = _listed(ask, kept)
    cards = _cards(ask, listing.items)
    return Answer(
        "assertions",
        "Assertions",
        {**kept, "assertions": [each.line for each in cards], **listing.count},
        {
            "listing": listing,
            "cards": cards,
            "kinds": ask.record.kinds(ask.view).items(),
            "sources": ask.record.sources(ask.view).items(),
            "kept": kept,
            "any": bool(ask.record.standing(ask.view)),
        },
    )


def _listed(ask: Ask, kept: dict[str, str]) -> Listing[Standing]:
    sort = Sort((kept["kind"],) if kept["kind"] else (), last_first=True)

    def fits(some: Sequence[Standing]) -> list[Standing]:
        if kept["q"]:
            ask.record.fetch(some)
        return [each for each in some if _wanted(ask, each, kept)]

    if kept["id"]:
        begun = fits(ask.record.known(ask.view).begun(kept["id"], BEGUN))
        begun.sort(key=lambda each: (each.day or dt.date.min, each.id), reverse=True)
        return page_of(begun, ask.page, ASSERTIONS)
    if kept["source"] or kept["q"]:
        skip = read_skip(ask.query.get("skip", ""))
        return sifted(ask.record, ask.view, sort, fits, skip, ask.page, ASSERTIONS)
    return by_day(ask.record, ask.view, sort, ask.page, ASSERTIONS)


class Stretch(msgspec.Struct, frozen=True):
    """A paragraph: its marked-up words and the cards of the quotes that begin in it."""

    words: Markup
    cards: list[Card]


def show_document(ask: Ask) -> Answer:
    """One report with every quoted span marked; ?a= lights one assertion's words and opens the page they are on."""
    document = ask.record.workspace.document(ask.path["id"])
    if removal := ask.record.removal(document.id if document else ask.path["id"]):
        raise HTTPException(410, f"This document was {removal}.")
    if document is None:
        raise missing("There is no such document in this workspace.")
    if not ask.record.known(ask.view).has(document.id):
        raise missing("This document was not on record then.")
    lit = ask.query.get("a", "")
    quoted = _quoted(ask, document, lit)
    leaves = _leaves(document.text)
    page = ask.page
    if lit and "page" not in ask.query:
        page = next((n for n, leaf in enumerate(leaves, 1) for s in quoted if s.lit and s.start < leaf[-1][1]), 1)
    listing = page_of(leaves, page, 1)
    anew = ask.record.anew(ask.view, (document.id,))
    lines = [line(each, document.text[span.start : span.end]) for span, each in quoted.items()]
    return Answer(
        "document",
        document.title or file_name(document.file) or "Document",
        {"document": described(document, anew), "text": document.text, "assertions": lines},
        {
            "document": document,
            "anew": anew.get(document.id, ""),
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
    for each in ask.record.workspace.assertions(document=document.id, known=ask.view.moment):
        quote = each.assertion.quote
        if quote:
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


def _cards(ask: Ask, standings: Sequence[Standing]) -> list[Card]:
    ask.record.fetch(standings)
    return [card(ask.record, ask.view, each) for each in standings]


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
