"""Names on record: in which roles, what they were taken for, how surely, and how often."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from contested.extract.proper import proper
from contested.extract.settled import SETTLED, Role, same_words
from contested.model import AnyContent, Content, Forecast, Name, Noun, Standing

if TYPE_CHECKING:
    from contested.ledger import Known, Ledger

_FACETS: dict[str, Role] = {"place": "place", "actor": "party", "other": "party"}
UNSURE = 0.5  # a name taken for something less surely than this is for a person to settle; set by hand


class OnRecord(Noun, frozen=True):
    """A name by its words and role. `thing` is what it was taken for most often, `sure` the least that this was.

    `example` is an assertion in which it is least sure; `others` are the other things it was taken for; `sources` is 0
    where they were not counted. What is written somewhere as a description ("police", "the city") is no proper name.
    """

    role: Role
    words: str
    thing: str
    sure: float
    assertions: int
    sources: int
    example: str
    others: tuple[str, ...] = ()
    proper: bool = True

    def called(self, role: str, words: str) -> bool:
        """Whether it is the name of these words in this role."""
        return self.role == role and same_words(self.words) == same_words(words)

    @property
    def settled(self) -> bool:
        """Whether somebody settled what it means, wherever it stands."""
        return self.sure == SETTLED

    @property
    def open(self) -> bool:
        """Whether it is to be settled: a proper name that was taken for nothing, or unsurely."""
        return self.proper and self.sure < UNSURE


def names_in(content: Content) -> Iterator[tuple[Role, Name]]:
    """Every name in a content with its role: a place where the field is one, else a party."""
    for field in content.__struct_fields__:
        part = getattr(content, field)
        if isinstance(part, Name):
            yield ("place" if field == "place" else "party"), part
        elif isinstance(part, Content):
            yield from names_in(part)


def name_in(content: Content, role: Role, words: str) -> Name | None:
    """The name of these words in this role; None where there is none."""
    same = same_words(words)
    return next((name for at, name in names_in(content) if at == role and same_words(name.words) == same), None)


def naming(ledger: Ledger, role: Role, words: str) -> Iterator[Standing]:
    """The assertions that stand and have a name of these words in this role, in the order of a view."""
    worded = ledger.as_known().worded(words)
    return (each for each in worded if name_in(each.assertion.content, role, words) is not None)


def named(ledger: Ledger, role: Role, words: str) -> OnRecord | None:
    """The name of these words in this role; None where no standing assertion has it."""
    return next((each for each in on_record(naming(ledger, role, words)) if each.called(role, words)), None)


def spot(text: str, words: str, start: int = 0, end: int | None = None) -> int:
    """Where a name stands in text[start:end], in whichever case it is printed; -1 where it does not."""
    found = re.compile(re.escape(words), re.IGNORECASE).search(text, start, len(text) if end is None else end)
    return found.start() if found and words else -1


def renamed(content: AnyContent, role: Role, words: str, meant: Name) -> AnyContent:
    """The content with the names of these words in this role meaning what `meant` does, as surely; words stay."""
    fields = {field: getattr(content, field) for field in content.__struct_fields__}
    changed: dict[str, Name | AnyContent] = {
        field: replace(part, thing=meant.thing, sure=meant.sure)
        for field, part in fields.items()
        if isinstance(part, Name)
        and (field == "place") == (role == "place")
        and same_words(part.words) == same_words(words)
    }
    if isinstance(content, Forecast) and content.about is not None:
        changed["about"] = renamed(content.about, role, words, meant)
    return replace(content, **changed) if changed else content


def on_record(standings: Iterable[Standing]) -> list[OnRecord]:
    """The names in these assertions: those taken for nothing first, then the least sure, then the most used."""
    found: dict[tuple[Role, str], list[tuple[Name, Standing]]] = {}
    for standing in standings:
        for role, name in names_in(standing.assertion.content):
            if same := same_words(name.words):
                found.setdefault((role, same), []).append((name, standing))
    names = [_together(role, same) for (role, _), same in found.items()]
    return sorted(names, key=lambda name: (bool(name.thing), name.sure, -name.assertions, name.words, name.role))


def unknown(known: Known) -> list[OnRecord]:
    """The names that were taken for nothing, the most used first, as the index has them: of what actors, parties and
    speakers do and where, but not of lists, instruments and what forecasts are about."""
    found: dict[tuple[Role, str], list[tuple[str, int, str]]] = {}
    for facet, role in _FACETS.items():
        for words, (many, example) in known.unknown(facet).items():
            if same := same_words(words):
                found.setdefault((role, same), []).append((words, many, example))
    names = []
    for (role, _), spellings in found.items():
        words, _, example = max(spellings, key=lambda one: one[1])
        assertions, is_proper = sum(one[1] for one in spellings), all(proper(one[0]) for one in spellings)
        names.append(OnRecord(role, words, "", 0.0, assertions, 0, example, proper=is_proper))
    return sorted(names, key=lambda name: (-name.assertions, name.words, name.role))


def _together(role: Role, same: list[tuple[Name, Standing]]) -> OnRecord:
    spelt = Counter(name.words for name, _ in same)
    things = [thing for thing, _ in Counter(name.thing for name, _ in same if name.thing).most_common()]
    least, example = min(same, key=lambda one: (one[0].sure, one[1].id))
    return OnRecord(
        role=role,
        words=spelt.most_common(1)[0][0],
        thing=things[0] if things else "",
        sure=least.sure,
        assertions=len({standing.id for _, standing in same}),
        sources=len({standing.source for _, standing in same}),
        example=example.id,
        others=tuple(things[1:]),
        proper=all(map(proper, spelt)),
    )
