"""A small workspace in memory for the tests of the pages: our own sentences about August 2021, and what they assert."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from html.parser import HTMLParser
from types import SimpleNamespace

from contested.derive import Codebook, codebooks, derive, load_codebook
from contested.ledger import Removal
from contested.model import (
    AnyContent,
    Assertion,
    Control,
    Designation,
    Document,
    Estimate,
    Event,
    Judgement,
    Name,
    Period,
    Picture,
    Quantity,
    Quote,
    Responsibility,
    Standing,
    Statement,
    Thing,
    Voice,
)
from contested.workspace.meanings import Choice, Guess

PLACES = (
    ("Kunduz", 36.73, 68.87), ("Sheberghan", 36.67, 65.75), ("Zaranj", 30.96, 61.86), ("Taloqan", 36.74, 69.53),
    ("Sar-e Pul", 36.22, 65.93), ("Aybak", 36.26, 68.02), ("Farah", 32.37, 62.11), ("Puli Khumri", 35.94, 68.71),
    ("Herat", 34.34, 62.2), ("Kandahar", 31.61, 65.71), ("Lashkar Gah", 31.59, 64.36), ("Ghazni", 33.55, 68.42),
    ("Mazar-e Sharif", 36.71, 67.11), ("Kabul", 34.53, 69.17),
)  # fmt: skip
THINGS = {
    thing.id: thing
    for thing in (
        Thing("AF", "place", ("Afghanistan",), "country"),
        Thing("YE", "place", ("Yemen",), "country"),
        Thing("sanaa", "place", ("Sanaa",), "settlement", "YE", "province", 15.35, 44.21),
        *(Thing(name.lower(), "place", (name,), "settlement", "AF", "province", lat, lon) for name, lat, lon in PLACES),
        Thing("taliban", "actor", ("Taliban",), "armed_group", "AF"),
        Thing("government", "actor", ("Afghan government",), "government", "AF"),
        Thing("ministry", "actor", ("Interior Ministry",), "office", "government"),
    )
}

WIRE = """\
The Taliban seized Kunduz on Sunday, a member of the provincial council said.
The Interior Ministry denied that the city had fallen and said its forces held the airport.
Taliban fighters overran Taloqan and Sar-e Pul the same day.

On Saturday the Taliban captured Sheberghan, the capital of Jowzjan.
At least 14 people were killed in clashes in Kunduz <hospital officials & others> said. طالبان کندز را گرفتند 🕊
"""
HERALD = """\
Zaranj fell on Friday without a fight, the deputy governor of Nimroz said.
The Taliban claimed to have entered Herat.
Government forces held Mazar-e Sharif and Kabul.
Fighting went on inside Lashkar Gah. In Yemen, the Houthis held Sanaa.
A bomb near a ministry in Kabul killed eight people on 3 August, and the Taliban said they had carried it out.
"""
DOCUMENTS = (
    Document(
        "doc-wire",
        "Example Wire",
        WIRE,
        "a" * 64,
        dt.date(2021, 8, 8),
        "metadata",
        "Kunduz falls",
        ("the foreign desk",),
        "https://wire.example/kunduz",
        file="/home/somebody/clips/kunduz.html",
    ),
    Document(
        "doc-herald", "Example Herald", HERALD, "b" * 64, dt.date(2021, 8, 7), "given", file="C:\\clips\\herald.txt"
    ),
    Document("doc-mute", "", "Nothing is said here.", "c" * 64),
)


def name(words: str, thing: str = "") -> Name:
    thing = thing or words.lower()
    return Name(words, thing if thing in THINGS else "", 0.9)


TALIBAN, GOVERNMENT = name("Taliban"), name("Government forces", "government")
MINISTRY = Voice("Interior Ministry", "ministry", "denied", True)
COUNCIL = Voice("a member of the provincial council", cue="said")

SAID: tuple[tuple[str, str, str, AnyContent, tuple[Voice, ...]], ...] = (
    ("doc-wire", "The Taliban seized Kunduz", "2021-08-08", Control("taken", name("Kunduz"), TALIBAN), (COUNCIL,)),
    (
        "doc-wire",
        "denied that the city had fallen",
        "2021-08-08",
        Control("taken", name("Kunduz"), TALIBAN),
        (MINISTRY,),
    ),
    ("doc-wire", "overran Taloqan", "2021-08-08", Control("taken", name("Taloqan"), TALIBAN), ()),
    (
        "doc-wire",
        "fighters overran Taloqan and Sar-e Pul",
        "2021-08-08",
        Control("taken", name("Sar-e Pul"), TALIBAN),
        (),
    ),
    ("doc-wire", "the Taliban captured Sheberghan", "2021-08-07", Control("taken", name("Sheberghan"), TALIBAN), ()),
    (
        "doc-wire",
        "At least 14 people were killed in clashes in Kunduz",
        "2021-08-08",
        Event("clash", place=name("Kunduz"), killed=Estimate(14, 14)),
        (Voice("hospital officials"),),
    ),
    ("doc-wire", "14 people were killed", "2021-08-08", Quantity("deaths", Estimate(14, 14), place=name("Kunduz")), ()),
    (
        "doc-wire",
        "clashes in Kunduz <hospital officials & others> said. طالبان کندز را گرفتند",
        "",
        Statement(name("hospital officials"), "clashes"),
        (),
    ),
    ("doc-herald", "Zaranj fell on Friday", "2021-08-06", Control("lost", name("Zaranj"), GOVERNMENT), ()),
    (
        "doc-herald",
        "The Taliban claimed to have entered Herat",
        "2021-08-07",
        Control("taken", name("Herat"), TALIBAN),
        (Voice("Taliban", "taliban", "claimed"),),
    ),
    ("doc-herald", "held Mazar-e Sharif", "2021-08-07", Control("held", name("Mazar-e Sharif"), GOVERNMENT), ()),
    ("doc-herald", "held Mazar-e Sharif and Kabul", "2021-08-07", Control("held", name("Kabul"), GOVERNMENT), ()),
    ("doc-herald", "Fighting went on inside Lashkar Gah", "2021-08-07", Control("contested", name("Lashkar Gah")), ()),
    ("doc-herald", "the Houthis held Sanaa", "2021-08-07", Control("held", name("Sanaa"), Name("Houthis")), ()),
    ("doc-herald", "Government forces held", "2021-08-07", Control("held", Name("the Old Fort"), GOVERNMENT), ()),
    (
        "doc-herald",
        "A bomb near a ministry in Kabul killed eight people on 3 August",
        "2021-08-03",
        Event("bombing", place=name("Kabul"), killed=Estimate(best=8)),
        (),
    ),
    (
        "doc-herald",
        "the Taliban said they had carried it out",
        "2021-08-03",
        Responsibility("claims", TALIBAN, "the bombing in Kabul"),
        (Voice("Taliban", "taliban"),),
    ),
    ("doc-herald", "Taliban", "2021-08-07", Designation("listed", name("Example Council"), TALIBAN), ()),
)
RECORDED = dt.datetime(2021, 8, 9, 12, tzinfo=dt.UTC)


def standings() -> tuple[Standing, ...]:
    """Everything that is on record; the first has been judged."""
    texts = {document.id: document for document in DOCUMENTS}
    found = []
    for n, (document, words, day, content, voices) in enumerate(SAID):
        report = texts[document]
        start = report.text.index(words)
        since = dt.date.fromisoformat(day) if day else None
        until = since + dt.timedelta(days=1) if since and isinstance(content, Event) else None
        said = Assertion(
            content,
            (Voice(report.source), *voices),
            Period(since, until, "day" if since else "unbounded"),
            Quote(document, start, start + len(words)),
        )
        verdicts = (Assertion(Judgement((said.id,), "accept"), (Voice("an analyst"),)),) if n == 0 else ()
        found.append(
            Standing(said.id, said, "test@1", RECORDED, report.source, report.published, report.file, verdicts)
        )
    return tuple(found)


class Known:
    """What the index of a ledger answers, reckoned from the whole."""

    def __init__(self, world: World, moment: dt.datetime | None) -> None:
        self._said = {each.id: each for each in world.assertions(known=moment)}
        self._documents = [each.id for each in world.documents(moment)]

    def _of(self, kinds: Collection[str], of_type: str = "") -> list[Standing]:
        found = [each for each in self._said.values() if not kinds or each.assertion.kind in kinds]
        return [each for each in found if of_type in ("", getattr(each.assertion.content, "type", ""))]

    def count(self, kinds: Collection[str] = ()) -> int:
        return len(self._of(kinds))

    def judged(self) -> int:
        return sum(bool(each.judgements) for each in self._said.values())

    def kinds(self) -> dict[str, int]:
        return Counter(each.assertion.kind for each in self._said.values())

    def types(self) -> dict[str, int]:
        return Counter(each.assertion.content.type for each in self._of(["event"]))  # type: ignore[union-attr]

    def days(self, kinds: Collection[str] = (), of_type: str = "") -> dict[dt.date | None, int]:
        return Counter(each.day for each in self._of(kinds, of_type))

    def page(
        self,
        kinds: Collection[str] = (),
        *,
        of_type: str = "",
        since: dt.date | None = None,
        until: dt.date | None = None,
        last_first: bool = False,
        skip: int = 0,
        limit: int = 100,
    ) -> list[Standing]:
        found = [(day, each.id, each) for each in self._of(kinds, of_type) if (day := each.day)]
        found = [one for one in found if (since is None or since <= one[0]) and (until is None or one[0] < until)]
        found.sort(key=lambda one: one[:2], reverse=last_first)
        return [each for _, _, each in found[skip : skip + limit]]

    def undated(
        self,
        kinds: Collection[str] = (),
        *,
        of_type: str = "",
        last_first: bool = False,
        skip: int = 0,
        limit: int = 100,
    ) -> list[Standing]:
        found = [each for each in self._of(kinds, of_type) if each.day is None]
        return sorted(found, key=lambda each: each.id, reverse=last_first)[skip : skip + limit]

    def some(self, ids: Sequence[str]) -> dict[str, Standing]:
        return {id_: self._said[id_] for id_ in ids if id_ in self._said}

    def newest(self, ids: Sequence[str], limit: int) -> list[Standing]:
        found = sorted(self.some(ids).values(), key=lambda each: (each.day or dt.date.min, each.id), reverse=True)
        return found[:limit]

    def begun(self, prefix: str, limit: int) -> list[Standing]:
        return [each for id_, each in sorted(self._said.items()) if id_.startswith(prefix)][:limit]

    def shelved(self) -> int:
        return len(self._documents)

    def has(self, document: str) -> bool:
        return document in self._documents

    def said(self, of: Collection[str]) -> dict[str, int]:
        quotes = (each.assertion.quote for each in self._said.values())
        return Counter(quote.document for quote in quotes if quote and quote.document in of)

    def tellings(self, of: Collection[str]) -> list[str]:
        firsts = {each.partition(".")[0] for each in of}
        return [each for each in self._documents if each.partition(".")[0] in firsts]


class World:
    """What a workspace answers, without a ledger, a register or a reader."""

    def __init__(self, documents: Sequence[Document] = DOCUMENTS, said: Sequence[Standing] | None = None) -> None:
        self._documents = {document.id: document for document in documents}
        self._said = standings() if said is None else tuple(said)
        self.ledger = SimpleNamespace(
            head=lambda: "5eed" * 16,
            as_known=lambda moment: Known(self, moment),
            read=lambda ids: {id_: self._documents[id_] for id_ in ids if id_ in self._documents},
        )

    def thing(self, thing: str, /) -> Thing | None:
        return THINGS.get(thing)

    def ancestors(self, thing: str, /) -> tuple[str, ...]:
        here = THINGS.get(thing)
        return (here.within, *self.ancestors(here.within)) if here and here.within else ()

    def capital(self, province: str, /) -> Thing | None:
        return None

    def documents(self, known: dt.datetime | None = None) -> Iterator[Document]:
        yield from self._documents.values() if known is None or known >= RECORDED else ()

    def document(self, document: str) -> Document | None:
        return self._documents.get(document)

    def assertions(self, kind: str = "", document: str = "", known: dt.datetime | None = None) -> Iterator[Standing]:
        said = (each for each in self._said if known is None or each.recorded_at <= known)
        return (each for each in said if document in ("", each.assertion.quote and each.assertion.quote.document))

    def removals(self) -> dict[str, Removal]:
        return {}

    def settlings(self) -> Iterator[None]:
        return iter(())

    def choices(self, role: str, words: str, taken: Sequence[str], near: str = "") -> tuple[Choice, ...]:
        found = (THINGS.get(thing) for thing in (*taken, words.lower()))
        return tuple(Choice(thing.id, thing.name, self.told(thing)) for thing in found if thing)

    def told(self, thing: Thing) -> str:
        return f"{thing.type} in {thing.within}"

    def lies_in(self, words: str, standing: Standing | None = None) -> Guess | None:
        return Guess("AF", "Afghanistan", "a guess")

    def codebooks(self) -> tuple[str, ...]:
        return codebooks()

    def codebook(self, name: str) -> Codebook:
        return load_codebook(name)

    def picture(
        self, name: str, on: dt.date | None = None, known: dt.datetime | None = None, codebook: str | None = None
    ) -> Picture:
        said = tuple(self.assertions(known=known))
        day = on or max((each.day for each in said if each.day), default=dt.date(2021, 8, 9))
        return derive(load_codebook(codebook or name), said, day, known or dt.datetime.now(dt.UTC), self)


HERE = "http://127.0.0.1:8321"
FIRST = standings()[0]
PAGES = [
    "/map",
    "/map?place=Kunduz",
    "/map?place=Kunduz&view=table",
    "/map?codebook=control-lwj",
    "/timeline",
    "/timeline?type=bombing&since=2021-08-01&until=2021-08-04",
    "/assertions",
    "/assertions?kind=control&q=kunduz",
    "/documents",
    "/doc/doc-wire",
    f"/doc/doc-wire?a={FIRST.id}",
    "/doc/doc-mute",
    "/review",
    "/review?show=all&role=place",
    *(f"/picture/{name}" for name in codebooks() if not name.startswith("control-")),
]


class Page(HTMLParser):
    """The links, ids and text of a page, and everything a strict policy would refuse."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.refused: list[str] = []
        self.forms: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and tag in ("a", "link", "script", "img"):
                self.links.append(value or "")
            if name == "id":
                self.ids.append(value or "")
            if name == "action":
                self.forms.append(value or "")
            if name == "style" or name.startswith("on"):
                self.refused.append(f"{tag} {name}")
        if tag == "style" or (tag == "script" and "src" not in dict(attrs)):
            self.refused.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data
