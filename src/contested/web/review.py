"""The page on which names are settled: each in its sentence, with what it was taken for and what else it may mean."""

from __future__ import annotations

from typing import Any, get_args

import msgspec
from markupsafe import Markup

from contested.extract.settled import Role, same_words
from contested.model import Document, Standing
from contested.web.ask import Ask
from contested.web.evidence import CONTEXT, Card, card
from contested.web.guard import TOKEN
from contested.web.highlight import Span, draw
from contested.web.listing import page_of
from contested.web.render import Answer
from contested.workspace.meanings import Choice, Guess
from contested.workspace.names import OnRecord, name_in, spot
from contested.workspace.settling import Settling

NAMES = 15  # on one page
SHOWN = {"": "names to settle", "all": "all names", "settled": "settled names"}
LONG = 900  # characters of a sentence shown


class Question(msgspec.Struct, frozen=True):
    """A name to be settled: in its sentence, with the choices there are and where it may lie if it is missing."""

    name: OnRecord
    card: Card | None
    sentence: Markup
    choices: tuple[Choice, ...]
    guess: Guess | None

    @property
    def data(self) -> dict[str, Any]:
        """The question for the JSON twin."""
        facts = {name: getattr(self.name, name) for name in self.name.__struct_fields__}
        state = {"settled": self.name.settled, "open": self.name.open}
        said = self.card.line if self.card else None
        return facts | state | {"choices": self.choices, "lies_in": self.guess, "assertion": said}


def show_review(ask: Ask) -> Answer:
    """Names, the least known first; ?show=all or settled, ?role= and ?q= (words of the name) narrow or widen it."""
    kept = {
        "show": ask.asked("show", SHOWN),
        "role": ask.asked("role", get_args(Role)),
        "q": ask.query.get("q", "").strip(),
    }
    names, is_long = ask.record.names(ask.view), ask.record.is_long(ask.view)
    found = [name for name in names if _wanted(name, **kept)]
    listing = page_of(found, ask.page, NAMES)
    questions = [_question(ask, name) for name in listing.items]
    last = None if ask.view.known else ask.record.last_settled()
    return Answer(
        "review",
        "Review",
        {
            **kept,
            "to_settle": ask.record.open_names(ask.view),
            "names": [each.data for each in questions],
            **listing.count,
            "last_settled": _act(ask, last) if last else None,
            **({"gathered": "names taken for nothing, and settled ones"} if is_long else {}),
        },
        {
            "listing": listing,
            "questions": questions,
            "kept": kept,
            "shown": SHOWN,
            "is_long": is_long,
            "any": bool(names),
            "last": _act(ask, last) if last else None,
            "done": _done(ask, names),
            "fresh": last is not None and ask.query.get("done") == f"{last.role}/{last.words}",
            "token": TOKEN,
            "back": ask.view.link("", page=listing.page if listing.page > 1 else "", **kept).removeprefix("?"),
            "told": lambda thing: meaning(ask, thing),
        },
    )


def meaning(ask: Ask, thing: str) -> str:
    """A thing in words: "Marja · district in Helmand, Afghanistan"."""
    if not thing:
        return "nothing we know"
    found = ask.record.thing(thing)
    return f"{found.name} · {ask.record.workspace.told(found)}" if found else f"{thing}, which is known no more"


def _wanted(name: OnRecord, show: str, role: str, q: str) -> bool:
    asked = {"": name.open, "settled": name.settled}.get(show, True)
    return asked and role in ("", name.role) and all(word in same_words(name.words) for word in q.casefold().split())


def _question(ask: Ask, name: OnRecord) -> Question:
    standing = ask.record.known(ask.view).some((name.example,)).get(name.example)
    near, guess = "", None
    if name.role == "place" and not ask.view.known:
        guess = ask.record.workspace.lies_in(name.words, standing)
        near = guess.thing if guess else ""
    choices = ask.record.workspace.choices(name.role, name.words, (name.thing, *name.others), near)
    return Question(
        name=name,
        card=card(ask.record, ask.view, standing) if standing else None,
        sentence=_sentence(ask, standing, name) if standing else Markup(""),
        choices=choices,
        guess=guess,
    )


def _sentence(ask: Ask, standing: Standing, name: OnRecord) -> Markup:
    """The quote with the words around it, the quote marked and the name lit."""
    quote = standing.assertion.quote
    document = ask.record.document(quote.document) if quote else None
    if not quote or not document:
        return Markup("")
    text = document.text
    before = text[max(quote.start - CONTEXT, 0) : quote.start].rpartition("\n")[2]
    after = text[quote.end : quote.end + CONTEXT].partition("\n")[0]
    start, end = quote.start - len(before), quote.end + len(after)
    if start and text[start - 1] != "\n":
        start += len(before.partition(" ")[0])
    if end < len(text) and text[end] != "\n":
        end -= len(after.rpartition(" ")[2])
    end = min(end, start + LONG)
    spans = [Span(quote.start, quote.end, "", standing.assertion.kind), *_lit(document, standing, name, start, end)]
    cut_before, cut_after = start > 0 and text[start - 1] != "\n", end < len(text) and text[end] != "\n"
    return Markup("").join(("…" * cut_before, draw(text, start, end, spans), "…" * cut_after))


def _lit(document: Document, standing: Standing, name: OnRecord, start: int, end: int) -> list[Span]:
    """Where the name stands: within the quote if it does, else around it; a pronoun's name may stand nowhere here."""
    written = name_in(standing.assertion.content, name.role, name.words)
    words = written.words if written else name.words
    quote = standing.assertion.quote
    at = spot(document.text, words, quote.start, quote.end) if quote else -1
    at = spot(document.text, words, start, end) if at < 0 else at
    return [Span(at, at + len(words), "", lit=True)] if at >= 0 else []


def _act(ask: Ask, act: Settling) -> dict[str, str]:
    """A settling in words."""
    when = act.at.strftime("%Y-%m-%d %H:%M UTC")
    return {
        "role": act.role,
        "words": act.words,
        "meaning": meaning(ask, act.thing),
        "analyst": act.analyst,
        "at": when,
    }


def _done(ask: Ask, names: list[OnRecord]) -> str:
    """What the link says was done just now, as the record bears it out; empty when it does not."""
    how = next((how for how in ("done", "undone") if how in ask.query), "")
    role, _, words = ask.query.get(how, "").partition("/")
    name = next((name for name in names if name.called(role, words)), None)
    if ask.view.known or name is None or name.settled != (how == "done"):
        return ""
    where = f"in {name.assertions} assertion{'' if name.assertions == 1 else 's'}"
    if how == "done":
        return f"Settled: “{name.words}” means {meaning(ask, name.thing)}, {where} and in reports added later."
    again = meaning(ask, name.thing) if name.thing else "nothing known"
    return f"Taken back: “{name.words}” is again taken for {again}, {where}."
