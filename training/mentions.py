"""Names of persons, places and organisations from GUM's entities: the proper nouns round the head of a mention."""

from __future__ import annotations

import re

from .examples import Example

KINDS = {"person": "PER", "place": "LOC", "organization": "ORG"}
JOINING = frozenset({"of", "for", "and", "the", "&", "-", "'s", "’s", "de", "la", "van", "al", "."})
TITLED = frozenset({"nmod:desc", "compound", "amod", "nmod:poss", "nmod"})  # what stands before a person's own name
OFFICES = {"president", "senator", "governor", "secretary", "minister", "king", "queen", "pope", "general", "chairman"}
OFFICES |= {"chancellor", "ambassador", "prince", "princess", "judge", "mr", "mrs", "ms", "dr"}
_BRACKET = re.compile(r"\((?P<open>\w+)-(?P<kind>\w+)[^()]*(?P<whole>\))?|(?P<close>\w+)\)")


def mentions(misc: list[str]) -> list[tuple[int, int, str]]:
    """(first word, end, entity type) of every mention that opens and closes in the sentence."""
    found, waiting = [], dict[str, list[tuple[int, str]]]()
    for at, column in enumerate(misc):
        note = next((one[7:] for one in column.split("|") if one.startswith("Entity=")), "")
        for bracket in _BRACKET.finditer(note):
            if bracket["whole"]:
                found.append((at, at + 1, bracket["kind"]))
            elif bracket["open"]:
                waiting.setdefault(bracket["open"], []).append((at, bracket["kind"]))
            elif waiting.get(bracket["close"]):
                first, kind = waiting[bracket["close"]].pop()
                found.append((first, at + 1, kind))
    return found


def name_of(example: Example, first: int, end: int) -> tuple[int, int] | None:
    """The run of proper nouns round the mention's head, titles before a person's name left out."""
    head = next((i for i in range(first, end) if not first <= example.heads[i] < end), first)
    if example.upos[head] != "PROPN":
        return None

    def named(word: int) -> bool:
        return example.upos[word] == "PROPN"

    def joins(word: int) -> bool:
        written = example.words[word][0].isupper() and example.upos[word] in ("ADJ", "VERB", "NOUN", "ADV", "NUM")
        return named(word) or (written and word > 0) or example.words[word].lower() in JOINING

    start, stop = head, head + 1
    while start > first and joins(start - 1):
        start -= 1
    while stop < end and joins(stop):
        stop += 1
    while example.words[start].lower() in JOINING:
        start += 1
    while example.words[stop - 1].lower() in JOINING:
        stop -= 1
    return start, stop


def _nobody(example: Example, word: int) -> bool:
    """A people, "Rohingyas", or an office, "the President"."""
    return "Number=Plur" in example.features[word] or example.words[word].lower().rstrip(".") in OFFICES


def of_entities(example: Example) -> Example:
    """Fill the layer of persons, places and organisations; the longest name wins."""
    tags: list[str | None] = ["O"] * len(example.words)
    for first, end, kind in sorted(mentions(example.misc), key=lambda one: one[0] - one[1]):
        span = name_of(example, first, end) if kind in KINDS else None
        if span is None:
            continue
        start, stop = span
        if kind == "person":
            start = next((i for i in range(start, stop) if example.labels[i] not in TITLED), start)
            joint = (i for i in range(start + 1, stop) if example.words[i].lower() in ("and", "of", "for", "'s", "’s"))
            stop = next(joint, stop)
            if _nobody(example, stop - 1):
                continue
        if any(tags[i] != "O" for i in range(start, stop)):
            continue
        tags[start:stop] = [f"{'I' if i else 'B'}-{KINDS[kind]}" for i in range(stop - start)]
    example.plo = tags
    return example
