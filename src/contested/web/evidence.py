"""What a person sees of an assertion and of a row: exact words, who said so through whom, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PureWindowsPath
from typing import Any, cast

import msgspec

from contested.model import AnyContent, Content, Document, Estimate, Likelihood, Name, Period, Row, Standing, Voice
from contested.web.record import Record
from contested.web.state import View
from contested.write import phrase, plain

CONTEXT = 90  # characters shown before and after a quote
LONG = 600  # characters of one quote shown on a card; the document page shows it whole
MOST = 30  # cards in one section of a panel


class Card(msgspec.Struct, frozen=True):
    """One assertion to be shown: its phrase and fields, the quote with the words around it, and where to read on."""

    standing: Standing
    phrase: str
    fields: list[tuple[str, str]]
    before: str
    words: str
    after: str
    link: str
    reason: str = ""

    @property
    def voices(self) -> tuple[Voice, ...]:
        return self.standing.assertion.voices

    @property
    def line(self) -> dict[str, Any]:
        """The assertion in the public line format."""
        return line(self.standing, self.words)


class Section(msgspec.Struct, frozen=True):
    """One part of a panel: support, against or ignored; `left` counts the cards not shown."""

    name: str
    cards: list[Card]
    left: int


def card(record: Record, view: View, standing: Standing, reason: str = "") -> Card:
    """An assertion with its words fetched."""
    before, words, after = _quoted(record, standing)
    return Card(
        standing=standing,
        phrase=phrase.headline(standing.assertion),
        fields=fields(standing),
        before=before,
        words=words,
        after=after,
        link=document_link(view, standing),
        reason=reason,
    )


def sections(record: Record, view: View, row: Row) -> list[Section]:
    """The evidence of a row: what settled it, what speaks against it, and what was left aside and why."""
    aside = {each.assertion: each.reason for each in row.ignored}
    parts = (
        ("support", dict.fromkeys(row.support, "")),
        ("against", dict.fromkeys(row.against, "")),
        ("ignored", aside),
    )
    return [_section(record, view, name, reasons) for name, reasons in parts if reasons]


def _section(record: Record, view: View, name: str, reasons: dict[str, str]) -> Section:
    found = record.known(view).newest(tuple(reasons), MOST)
    record.fetch(found)
    cards = [card(record, view, each, reasons[each.id]) for each in found]
    return Section(name, cards, len(reasons) - len(cards))


def document_link(view: View, standing: Standing) -> str:
    """The page of the report with this assertion's words lit up; empty for one that quotes nothing."""
    quote = standing.assertion.quote
    return view.link(f"/doc/{quote.document}", f"a{standing.id}", a=standing.id) if quote else ""


def fields(standing: Standing) -> list[tuple[str, str]]:
    """The content's filled fields in words, for instance ("place", "Kunduz")."""
    content = standing.assertion.content
    written = ((name, in_words(getattr(content, name))) for name in content.__struct_fields__)
    return [(name.replace("_", " "), words) for name, words in written if words]


def in_words(value: object) -> str:
    """One field's value as a person reads it; empty when there is none."""
    match value:
        case None | False | "":
            return ""
        case True:
            return "yes"
        case Name():
            return value.words
        case Estimate():
            return phrase.estimate(value)
        case Period():
            return phrase.period(value)
        case Likelihood():
            return phrase.likelihood(value)
        case Content():
            return phrase.phrase(cast(AnyContent, value))
        case tuple():
            return ", ".join(str(part) for part in value)
    return str(value).replace("_", " ")


def line(standing: Standing, words: str) -> dict[str, Any]:
    """The public line format, with the file's name and never its folder."""
    return plain.line(standing, words) | {"file": file_name(standing.file)}


def file_name(file: str) -> str:
    """The last part of a name a file was added under: folders of this machine are nobody's business."""
    return PureWindowsPath(file).name


def tally(values: Iterable[str]) -> list[tuple[str, int]]:
    """How often each value occurs, most often first, then by name; empty values left out."""
    counts: dict[str, int] = {}
    for value in values:
        if value:
            counts[value] = counts.get(value, 0) + 1
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _quoted(record: Record, standing: Standing) -> tuple[str, str, str]:
    """The words before a quote, the quote, and the words after, all within one paragraph where the quote is."""
    quote = standing.assertion.quote
    document = record.document(quote.document) if quote else None
    if not quote or not document:
        return "", "", ""
    text = document.text
    before = text[max(quote.start - CONTEXT, 0) : quote.start].rpartition("\n")[2]
    after = text[quote.end : quote.end + CONTEXT].partition("\n")[0]
    cut_before = quote.start - len(before) > 0 and text[quote.start - len(before) - 1] != "\n"
    cut_after = quote.end + len(after) < len(text) and text[quote.end + len(after)] != "\n"
    return _from_word(before, cut_before), text[quote.start : quote.end], _to_word(after, cut_after)


def _from_word(text: str, cut: bool) -> str:
    return "… " + text.partition(" ")[2] if cut and text else text


def _to_word(text: str, cut: bool) -> str:
    return text.rpartition(" ")[0] + " …" if cut and text else text


DATINGS = {
    "given": "given with the report",
    "metadata": "from the page’s own metadata",
    "feed": "from the feed it came in",
    "url": "from its address",
    "guessed": "guessed, so relative dates in it are not reckoned from it",
    "unknown": "not known",
}


def dated(document: Document) -> str:
    """How the publication date was known, in words."""
    return DATINGS[document.dating]
