"""From a filled-in form to an assertion, if every word of it stands in the passage the model was shown.

The model only points at words. Whom they mean says the register, in the light of the whole report; what days, numbers
and likelihoods they stand for say the same readers of words that the extractors use. So nothing a model invents, or
was talked into by a report, is recorded: the rest is refused, with the reason.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

import msgspec

from contested.extract.llm.form import CONTENTS, Filled, fields
from contested.extract.llm.passages import Passage
from contested.extract.mentions import definite
from contested.extract.report import Report
from contested.model import AnyContent, Assertion, Estimate, Likelihood, Name, Period, Quote, Voice
from contested.register.actors import SPELT_ALIKE

_ARTICLE = re.compile(r"^(?:the|an?)\s+(?=\S)", re.IGNORECASE)
_FACTS = frozenset({"event", "control", "responsibility", "relation", "compliance", "designation"})
_TOLD = frozenset({"about", "proposition"})  # what a quote says, or is about: told otherwise, it is the quote itself
_SHOWN = 80  # characters of words that are quoted in a reason
_UNKNOWN = (0.0, 1.0)  # the likelihood of a hedge that no table knows


class _Refused(Exception):  # noqa: N818 - it is no error of ours, and goes no further than this module
    """Why a form is not recorded."""


def grounded(report: Report, passage: Passage, filled: Filled) -> Assertion | str:
    """The assertion a form makes of a passage, or why it makes none."""
    try:
        return _Grounding(report, passage, filled).assertion()
    except _Refused as reason:
        return str(reason)


def found(words: str, text: str, within: Passage) -> Iterator[tuple[int, int]]:
    """Where words stand in a passage as whole words, letter for letter but for the width of the space between them."""
    parts = words.split()
    if parts:
        pattern = re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, parts)) + r"(?!\w)")
        yield from (match.span() for match in pattern.finditer(text, within.start, within.end))


class _Grounding:
    """One form held against the words of its passage."""

    def __init__(self, report: Report, passage: Passage, filled: Filled) -> None:
        self._report, self._passage, self._filled = report, passage, filled
        self._text = report.document.text
        self._quote = next(found(filled.quote, self._text, passage), (0, 0))
        if self._quote == (0, 0):
            raise _Refused(f"not in the text: its quote “{_shown(filled.quote)}”")
        self._sentence, self._node = self._head(self._quote)

    def assertion(self) -> Assertion:
        """Raises _Refused."""
        self._check_mood()
        content, quote = self._content(), Quote(self._report.document.id, *self._quote)
        return Assertion(content, self._voices(), self._period(), quote, self._likelihood())

    # ── what is said ────────────────────────────────────────────────────────────────────────────

    def _content(self) -> AnyContent:
        kind = self._filled.kind
        made = {name: self._field(name, form) for name, form in fields(kind).items()}
        for one in msgspec.structs.fields(CONTENTS[kind]):
            if one.required and not made[one.name]:
                raise _Refused(f"it gives no {one.name}")
        if not any(made[name] for name, form in fields(kind).items() if form in (Name, Estimate, str)):
            raise _Refused("it names nobody and nothing")
        content: AnyContent = CONTENTS[kind](**made)  # type: ignore[assignment]
        return content

    def _field(self, name: str, form: Any) -> Any:
        said = getattr(self._filled, name)
        if isinstance(form, tuple) or form is bool:
            return said
        if not said.strip():
            return "" if form is str else None
        place = self._quote if name in _TOLD and not self._places(said) else self._nearest(said, name)
        if form is Name:
            return self._name(name, place)
        if form is Estimate:
            return self._estimate(place)
        return self._days(place, "horizon", "point") if form is Period else self._words(place)

    def _name(self, name: str, place: tuple[int, int]) -> Name:
        words, resolver = self._words(place), self._report.resolver
        known = {"place": resolver.place, "list": resolver.list}.get(name, resolver.actor)(words)
        sentence, node = self._head(place)
        pronoun = self._report.trees[sentence].tokens[node].pos == "PRON"
        if known.thing or name == "list" or not (pronoun or definite(self._report, sentence, node)):
            return known
        meant = self._report.place(sentence, node) if name == "place" else self._report.party(sentence, node)
        return meant or known  # "the city", "they": what the report has named before

    def _estimate(self, place: tuple[int, int]) -> Estimate:
        sentence = self._head(place)[0]
        for number in self._report.reading.numbers(sentence):
            if self._overlaps(sentence, number.first, number.last, place):
                return number.estimate
        raise _Refused(f"no number: “{_shown(self._words(place))}”")

    # ── who says it, when, how surely ───────────────────────────────────────────────────────────

    def _voices(self) -> tuple[Voice, ...]:
        chain = [self._report.publisher]
        for who in self._filled.voices:
            words = self._words(self._nearest(who, "voice"))
            if words != chain[-1].who:
                known = self._report.resolver.actor(words)
                chain.append(Voice(words, known.thing if known.sure > SPELT_ALIKE else ""))
        if self._filled.denied:
            chain[-1] = msgspec.structs.replace(chain[-1], denies=True)
        return tuple(chain)

    def _period(self) -> Period:
        """The days of the words the model points at; where they have none, those our reading finds at the quote."""
        said = self._days(self._nearest(self._filled.when, "time"), "point") if self._filled.when.strip() else None
        return said or self._report.reading.period(self._sentence, self._node)

    def _days(self, place: tuple[int, int], *kinds: str) -> Period | None:
        sentence = self._head(place)[0]
        for time in self._report.reading.dates(sentence):
            if time.kind in kinds and time.period and self._overlaps(sentence, time.first, time.last, place):
                return time.period
        return None

    def _likelihood(self) -> Likelihood | None:
        if not self._filled.hedge.strip():
            return self._report.reading.hedge(self._sentence, self._node)
        place = self._nearest(self._filled.hedge, "hedge")
        sentence = self._head(place)[0]
        for hedge in self._report.reading.hedges(sentence):
            if self._overlaps(sentence, hedge.first, hedge.last, place):
                return hedge.likelihood
        return Likelihood(*_UNKNOWN, self._words(place))

    def _check_mood(self) -> None:
        """What our own reading takes for planned, supposed or merely possible is no fact, whatever a model says."""
        threat = getattr(self._filled, "status", "") == "threatened"
        mood = self._report.reading.mood(self._sentence, self._node)
        if self._filled.kind not in _FACTS:
            return
        if mood != "told" and not threat:
            raise _Refused(f"not told as having happened: {mood}")
        if self._report.reading.negated(self._sentence, self._node):
            raise _Refused("told as not having happened")

    # ── words in the text ───────────────────────────────────────────────────────────────────────

    def _nearest(self, words: str, what: str) -> tuple[int, int]:
        """Where words stand, leading article aside, nearest to the quote. Raises _Refused where they do not."""
        start, end = self._quote
        places = self._places(words if what == "time" else _ARTICLE.sub("", words.strip()))
        if not places:
            raise _Refused(f"not in the text: {what} “{_shown(words)}”")
        nearest = min(places, key=lambda p: (max(start - p[0], p[1] - end, 0), p))
        if self._filled.kind in _FACTS and what != "time" and not self._beside(nearest):
            raise _Refused(f"not in the sentence that is quoted: {what} “{_shown(words)}”")
        return nearest

    def _beside(self, place: tuple[int, int]) -> bool:
        """Whether words stand in a sentence that the quote touches: a fact takes its names from nowhere else."""
        trees = self._report.trees
        first, last = (self._head((at, at + 1))[0] for at in (self._quote[0], max(self._quote[1] - 1, self._quote[0])))
        return trees[first].sentence.start <= place[0] and place[1] <= trees[last].sentence.end

    def _places(self, words: str) -> list[tuple[int, int]]:
        return list(found(words, self._text, self._passage))

    def _words(self, place: tuple[int, int]) -> str:
        return self._text[place[0] : place[1]]

    def _head(self, place: tuple[int, int]) -> tuple[int, int]:
        """The sentence words stand in, or begin in, and the word of them that the others hang on."""
        start, end = place
        trees = self._report.trees
        number = bisect_right(trees, start, key=lambda tree: tree.sentence.start) - 1
        tree = trees[number]
        inside = [node for node, token in enumerate(tree.tokens) if token.start < end and start < token.end]
        return number, min(inside, key=lambda node: (len(tree.above(node)), node))

    def _overlaps(self, sentence: int, first: int, last: int, place: tuple[int, int]) -> bool:
        start, end = self._report.trees[sentence].extent((first, last - 1))
        return start < place[1] and place[0] < end


def _shown(words: str) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= _SHOWN else f"{flat[:_SHOWN]}…"
