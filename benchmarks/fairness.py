"""The swap law on the reading gold: exchange two parties in a sentence, and only their names may change in the answer.

    python -m benchmarks.fairness --gold FILE [FILE …] [--limit N] [--errors N]

FILE holds sentences as JSON lines with `id` and `text`; nothing else of it is read. Names are of one class when they
are tagged alike (person, organisation, people; a place only where it is a state), are cut alike into words and hyphens,
are both known to the register as actors of one type or both unknown to it, and both borne by a place too or not. Of a
sentence with two names of a class the first two are exchanged wherever they stand (`both`); of others the first name is
exchanged for the next of its class in the file (`one`). A sentence that uses a part of either name alone ("Hussein") is
left out: exchanging whole names would not be consistent there.

Two columns say how many of these sentences changed in anything but the names: with the trees of the first reading lent
to the second, so that only rules and lookups are tried, and read anew, as in use (decision 005). A row for each kind
counts the sentences in which assertions of that kind changed; the last rows say what the second reading saw otherwise
where it did change, the first of: a name's kind, a part of speech, a head, who says what, or else chances and the gate.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from contested.extract import extract
from contested.extract.report import PERHAPS
from contested.model import Assertion, Document
from contested.register import Register, open_register
from contested.text import reading
from contested.text.encoder import Token
from contested.text.lemmas import lemma
from contested.text.sentences import Sentence, sentences

PARTIES = ("PER", "ORG", "GPE", "LOC")
CAUSES = {"names": ("entity",), "parts of speech": ("pos",), "heads": ("head", "label"), "speech": ("speech",)}
Change = Callable[[str], str]


class Party(NamedTuple):
    """A name in a sentence, and the class of names it may be exchanged with."""

    words: str
    tag: str
    cut: str
    sort: str
    place: bool


def texts(path: Path) -> list[tuple[str, str]]:
    if not path.is_file():
        sys.exit(f"{path}: no such file of sentences (JSON lines with id and text)")
    with path.open(encoding="utf-8") as file:
        return [(one["id"], one["text"]) for one in map(json.loads, file)]


# ── whom to exchange ─────────────────────────────────────────────────────────────────────────────


def parties(text: str, tagged: Sequence[Sentence], register: Register) -> Iterator[Party]:
    """The names of persons, organisations and countries, as the reader tagged them."""
    resolver = register.resolver()
    for sentence in tagged:
        for tokens in names(sentence.tokens):
            words, tag = text[tokens[0].start : tokens[-1].end], tokens[0].entity[2:]
            thing = register.thing(resolver.actor(words).thing)
            sort = thing.type if thing is not None else ""
            cut = "".join("w" if token.text.isalnum() else token.text for token in tokens)
            if tag != "LOC" or sort == "state":
                yield Party(words, tag, cut, sort, resolver.place(words).sure >= PERHAPS)


def names(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    found: list[Token] = []
    for token in tokens:
        if found and not token.entity.startswith("I-"):
            yield found
            found = []
        if found or (token.entity.startswith("B-") and token.entity[2:] in PARTIES and token.pos == "PROPN"):
            found.append(token)
    if found:
        yield found


def pairs(read: Iterable[tuple[str, list[Party]]]) -> Iterator[tuple[str, str, str]]:
    """For each text the names to exchange: "both" of its own, or "one" and the next of its class; or none."""
    read = list(read)
    classes: dict[tuple[Any, ...], list[str]] = {}
    for party in dict.fromkeys(party for _, found in read for party in found):
        classes.setdefault(party[1:], []).append(party.words)
    for text, found in read:
        own = combinations(dict.fromkeys(found), 2)
        both = ((one.words, other.words) for one, other in own if one[1:] == other[1:] and one.words != other.words)
        one = ((party.words, other) for party in found[:1] for other in following(classes[party[1:]], party.words))
        chosen = next((("both", *two) for two in both if alone(text, *two)), None)
        yield chosen or next((("one", *two) for two in one if alone(text, *two)), ("", "", ""))


def following(names_: list[str], name: str) -> list[str]:
    """The other names, from the one after it on and round."""
    at = names_.index(name)
    return names_[at + 1 :] + names_[:at]


def alone(text: str, one: str, other: str) -> bool:
    """Whether no word of either name stands outside it, nor as the beginning of another word ("Iraq" in "Iraqi")."""
    rest = whole(one, other).sub(" ", text)
    return not any(re.search(rf"\b{re.escape(word)}", rest) for word in f"{one} {other}".split())


def whole(one: str, other: str) -> re.Pattern[str]:
    longest = sorted((one, other), key=len, reverse=True)
    return re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in longest))


def exchange(one: str, other: str) -> Change:
    """A function that writes one for the other and the other for one."""
    turned, pattern = {one: other, other: one}, whole(one, other)
    return lambda text: pattern.sub(lambda found: turned[found[0]], text)


# ── what is said of either sentence ──────────────────────────────────────────────────────────────


def assertions(text: str, register: Register, *, gated: bool) -> list[Assertion]:
    report = Document("x", "", text, "0" * 64)
    return [a for _, found in extract(report, register, gated=gated) for a in found]


def in_words(found: Iterable[Assertion], text: str, change: Change = str) -> Counter[tuple[str, str]]:
    """Assertions by kind and the words they are made of, names changed; without what these resolve to."""

    def changed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: changed(part) for key, part in sorted(value.items()) if key not in ("thing", "sure")}
        if isinstance(value, list | tuple):
            return [changed(part) for part in value]
        return change(value) if isinstance(value, str) else value

    whole_ = [(a, text[a.quote.start : a.quote.end] if a.quote else "") for a in found]
    parts = [(a.kind, (a.content, a.voices, a.period, a.likelihood, quote)) for a, quote in whole_]
    return Counter((kind, repr(changed(msgspec.to_builtins(part)))) for kind, part in parts)


@contextmanager
def lent(tagged: Sequence[Sentence], text: str) -> Iterator[bool]:
    """Within it a text is read with another's trees and tags, if both are cut alike; says whether they are."""
    bare = list(sentences(text))
    alike = [len(one.tokens) for one in bare] == [len(one.tokens) for one in tagged]
    trees = [replace(b, tokens=tuple(map(tagged_as, b.tokens, t.tokens))) for b, t in zip(bare, tagged, strict=False)]
    read = reading.read_tokens
    reading.read_tokens = (lambda _: trees) if alike else read
    try:
        yield alike
    finally:
        reading.read_tokens = read


def tagged_as(own: Token, other: Token) -> Token:
    """The other's tags on one's own word."""
    base = other.lemma if own.text == other.text else lemma(own.text, other.pos)
    return replace(other, start=own.start, end=own.end, text=own.text, lemma=base)


# ── the law ──────────────────────────────────────────────────────────────────────────────────────


class Changed(NamedTuple):
    """The other text, what changed in either column, and what the reader saw otherwise in it."""

    there: str
    changes: tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]
    cause: str


def differing(text: str, one: str, other: str, register: Register) -> Changed | None:
    """What changed but names, with trees lent and read anew; None where the other text is cut otherwise."""
    change, tagged = exchange(one, other), reading.read_tokens(list(sentences(text)))
    there = change(text)
    expected = in_words(assertions(text, register, gated=False), text, change)
    with lent(tagged, there) as alike:
        if not alike:
            return None
        found = in_words(assertions(there, register, gated=False), there)
    read = in_words(assertions(text, register, gated=True), text, change)
    anew = in_words(assertions(there, register, gated=True), there)
    changes = ((expected - found) + (found - expected), (read - anew) + (anew - read))
    return Changed(there, changes, seen_otherwise(tagged, reading.read_tokens(list(sentences(there)))))


def seen_otherwise(tagged: Sequence[Sentence], anew: Sequence[Sentence]) -> str:
    """What of its reading differs between two texts that are cut alike: the first of these that does."""
    for cause, fields in CAUSES.items():
        one, other = ([[getattr(t, f) for f in fields] for s in each for t in s.tokens] for each in (tagged, anew))
        if one != other:
            return cause
    return "chances and the gate"


class Score:
    """Sentences tried, and changed, by column and kind; and what was seen otherwise in those that changed read anew."""

    def __init__(self) -> None:
        self.tried, self.changed, self.causes = 0, Counter[tuple[int, str]](), Counter[str]()

    def add(self, one: Changed) -> None:
        self.tried += 1
        self.causes.update([one.cause] if one.changes[1] else [])
        for column, change in enumerate(one.changes):
            self.changed.update({(column, kind) for kind, _ in change} | ({(column, "all")} if change else set()))

    def rows(self) -> Iterator[str]:
        for kind in ("all", *sorted({kind for _, kind in self.changed} - {"all"})):
            counts = [self.changed[column, kind] for column in (0, 1)]
            yield " | ".join([kind, *(f"{count} | {count / max(1, self.tried):.4f}" for count in counts)])
        for cause, count in self.causes.most_common():
            yield f"seen otherwise: {cause} | | | {count} | {count / max(1, self.tried):.4f}"


def tried(path: Path, limit: int | None, register: Register) -> Iterator[tuple[str, str, str, Changed]]:
    """Every sentence in which something can be exchanged: its name, how, the sentence, what changed."""
    every = texts(path)[:limit]
    read = ((text, reading.read_tokens(list(sentences(text)))) for _, text in every)
    found = ((text, list(parties(text, tagged, register))) for text, tagged in read)
    for (name, text), (how, one, other) in zip(every, pairs(found), strict=True):
        if how and (changed := differing(text, one, other, register)) is not None:
            yield name, how, text, changed


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--gold", type=Path, nargs="+", required=True)
    asked.add_argument("--limit", type=int)
    asked.add_argument("--errors", type=int, default=0, help="show so many changes of each file on stderr, rules first")
    given = asked.parse_args()
    register = open_register()
    print("| sentences of | exchanged | tried | kind | rules alone | share | read anew | share |")
    print("|---|---|---:|---|---:|---:|---:|---:|")
    for path in given.gold:
        scores, found = {"both": Score(), "one": Score()}, list(tried(path, given.limit, register))
        for _, how, _, one in found:
            scores[how].add(one)
        for how, made in scores.items():
            print("\n".join(f"| {path.stem} | {how} | {made.tried} | {row} |" for row in made.rows()))
        changed = sorted((one for one in found if any(one[-1].changes)), key=lambda one: not one[-1].changes[0])
        for name, _, text, one in changed[: given.errors]:
            which = "RULES" if one.changes[0] else f"READER ({one.cause})"
            print(which, name, text, one.there, *(one.changes[0] or one.changes[1]), sep="\n   ", file=sys.stderr)


if __name__ == "__main__":
    main()
