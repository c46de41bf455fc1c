"""Triggers and arguments on GENEVA, whose texts are mostly not of war; nothing is trained on it.

    python -m benchmarks.geneva --corpora DIR [--part val|FILE] [--errors N]

Which of its 115 types correspond to what we record is declared in geneva.toml. A trigger of such a type is found when
an assertion of a kind that counts quotes it, or has a voice of which it is the cue. On triggers found, an argument is
right when one of our fields for its role has its words (token F1 of .5 or more). The other way round: in sentences
without any of these types, how many assertions we make a sentence, by kind. Some of them are right all the same, for
the corpus marks no event twice and not every kind of ours (quantities, forecasts) is one of its types.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from benchmarks.plover import alike

from contested.extract import extract
from contested.model import Assertion, Document, Name
from contested.register import open_register
from contested.text.lemmas import lemma

PARTS = {"val": "geneva/val.json.gz"}
CLOSE = frozenset(".,;:?!%)”")


class Type(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of GENEVA's types: which of our assertions count for it, and our fields for its roles."""

    kinds: dict[str, tuple[str, ...]]
    roles: dict[str, tuple[str, ...]] = {}


class Mention(NamedTuple):
    """An annotated event: its type, its trigger's place and words, its arguments by role."""

    type: str
    start: int
    end: int
    words: str
    arguments: list[tuple[str, str]]


class Sentence(NamedTuple):
    text: str
    mentions: list[Mention]


def declared() -> dict[str, Type]:
    raw = tomllib.loads((Path(__file__).with_suffix(".toml")).read_text(encoding="utf-8"))
    return msgspec.convert(raw["types"], dict[str, Type])


# ── the corpus ───────────────────────────────────────────────────────────────────────────────────


def read_part(corpora: Path, part: str) -> list[Sentence]:
    """The sentences of a part: `val`, or a file below DIR in its form (JSON lines, gzipped or not)."""
    path = corpora / PARTS.get(part, part)
    if not path.is_file():
        sys.exit(f"{path}: no such file of sentences; --corpora is the folder that holds {PARTS['val']}")
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        return [sentence(json.loads(line)) for line in file if line.strip()]


def sentence(raw: dict[str, Any]) -> Sentence:
    """A sentence, its words set as a newspaper does, its events in order."""
    text, spans = "", []
    for word in raw["tokens"]:
        text += "" if not text or word in CLOSE or word.startswith(("'", "n't")) or text.endswith(("(", "$")) else " "
        spans.append((len(text), len(text) + len(word)))
        text += word
    mentions = []
    for one in raw["event_mentions"]:
        first, last = one["trigger"]["start"], one["trigger"]["end"] - 1
        arguments = [(a["role"], a["text"]) for a in one["arguments"]]
        mentions.append(Mention(one["event_type"], spans[first][0], spans[last][1], one["trigger"]["text"], arguments))
    return Sentence(text, mentions)


# ── scoring ──────────────────────────────────────────────────────────────────────────────────────


def telling(found: Iterable[Assertion], type_: Type, mention: Mention) -> Iterator[Assertion]:
    """Our assertions that count for a mention."""
    cue = lemma(mention.words.lower(), "VERB")
    for a in found:
        values = type_.kinds.get(a.kind)
        quotes = a.quote is not None and a.quote.start < mention.end and mention.start < a.quote.end
        counts = values is not None and (not values or _sort(a) in values)
        voiced = counts or "voiced" in type_.kinds
        if (counts and quotes) or (voiced and cue in {voice.cue for voice in a.voices}):
            yield a


def _sort(a: Assertion) -> str:
    """What sort of its kind an assertion is: an event's type, a control's status, a relation's name."""
    values = (str(getattr(a.content, field, "")) for field in ("type", "status", "relation"))
    return next((value for value in values if value), "")


def words_of(a: Assertion, field: str) -> str:
    if field == "voice":
        return a.voices[-1].who if len(a.voices) > 1 else ""
    value = getattr(a.content, field, "")
    return value.words if isinstance(value, Name) else str(value or "")


class Score:
    """Triggers and arguments right and all, by type and role; what we say where none of the types is."""

    def __init__(self) -> None:
        self.right, self.of = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
        self.silent, self.false = 0, Counter[str]()

    def add(self, one: Sentence, found: list[Assertion], types: dict[str, Type]) -> list[Mention]:
        """Counts a sentence; returns what was missed."""
        missed, mapped = [], [m for m in one.mentions if m.type in types]
        if not mapped:
            self.silent += 1
            self.false.update(a.kind for a in found)
        for mention in mapped:
            type_ = types[mention.type]
            ours = list(telling(found, type_, mention))
            self._count(mention.type, "trigger", bool(ours))
            missed += [] if ours else [mention]
            for role, words in mention.arguments if ours else ():
                fields = type_.roles.get(role)
                if fields:
                    right = any(alike(words_of(a, field), words) for a in ours for field in fields)
                    self._count(mention.type, role, right)
        return missed

    def rank(self, key: tuple[str, str]) -> tuple[bool, int, str, bool]:
        """Where a row stands in the table: all first, then the commonest types."""
        type_, what = key
        return type_ != "all", -self.of[type_, "trigger"], type_, what != "trigger"

    def _count(self, type_: str, what: str, right: bool) -> None:
        for key in ((type_, what), ("all", "trigger" if what == "trigger" else "arguments")):
            self.right[key] += right
            self.of[key] += 1


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--corpora", type=Path, required=True)
    asked.add_argument("--part", default="val")
    asked.add_argument("--errors", type=int, default=0, help="show so many missed triggers on stderr")
    given = asked.parse_args()
    sentences, types, register = read_part(given.corpora, given.part), declared(), open_register()
    made, missed = Score(), []
    for one in sentences:
        report = Document("x", "", one.text, "0" * 64)
        found = [a for _, assertions in extract(report, register) for a in assertions]
        missed += [(mention, one.text) for mention in made.add(one, found, types)]
    print("| GENEVA | marked | recall |\n|---|---:|---:|")
    for key in sorted(made.of, key=made.rank):
        print(f"| {key[0]}, {key[1]} | {made.of[key]} | {made.right[key] / made.of[key]:.3f} |")
    print(f"\n| in {made.silent} sentences with none of these types | assertions | a sentence |\n|---|---:|---:|")
    for kind, count in made.false.most_common():
        print(f"| {kind} | {count} | {count / made.silent:.3f} |")
    for mention, text in missed[: given.errors]:
        print(mention.type, mention.words, text, sep=" | ", file=sys.stderr)


if __name__ == "__main__":
    main()
