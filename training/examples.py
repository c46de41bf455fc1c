"""One training sentence, whatever corpus it comes from: words, and the layers that its corpus annotates."""

from __future__ import annotations

from dataclasses import dataclass, field

IGNORE = -100

UPOS = [
    "ADJ",
    "ADP",
    "ADV",
    "AUX",
    "CCONJ",
    "DET",
    "INTJ",
    "NOUN",
    "NUM",
    "PART",
    "PRON",
    "PROPN",
    "PUNCT",
    "SCONJ",
    "SYM",
    "VERB",
    "X",
]
GMB_TYPES = {
    "geo": "LOC",
    "gpe": "GPE",
    "per": "PER",
    "org": "ORG",
    "tim": "TIM",
    "art": "ART",
    "eve": "EVE",
    "nat": "NAT",
}
GMB = ["O", *(f"{edge}-{kind}" for kind in GMB_TYPES.values() for edge in "BI")]
PLO = ["O", *(f"{edge}-{kind}" for kind in ("PER", "LOC", "ORG") for edge in "BI")]
SPEECH = ["", "source", "cue", "content"]


@dataclass(slots=True)
class Example:
    """Layers are lists as long as `words`, or empty where the corpus has no such layer.

    `heads` counts words from 0, -1 is the root. Label layers are strings; None in `speech` or `plo` means unknown.
    `features` and `misc` are a treebank's sixth and last columns.
    `surface` is how the words are cut in the raw text, `opens` whether the sentence opens a paragraph.
    """

    corpus: str
    words: list[str]
    upos: list[str] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    lemmas: list[str] = field(default_factory=list)
    gmb: list[str] = field(default_factory=list)
    plo: list[str | None] = field(default_factory=list)
    features: list[str] = field(default_factory=list)
    misc: list[str] = field(default_factory=list)
    speech: list[str | None] = field(default_factory=list)
    text: str = ""
    name: str = ""
    surface: list[str] = field(default_factory=list)
    opens: bool = False


def spans(tags: list[str]) -> set[tuple[int, int, str]]:
    """The (start, end, type) spans of a BIO sequence; an I- without its B- opens a span."""
    found, start, kind = set(), -1, ""
    for i, tag in enumerate([*tags, "O"]):
        edge, _, this = tag.partition("-")
        if kind and (edge != "I" or this != kind):
            found.add((start, i, kind))
            kind = ""
        if edge == "B" or (edge == "I" and not kind):
            start, kind = i, this
    return found
