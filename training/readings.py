"""What was read in GMB's sentences besides the reading gold: numbers of sentences, offsets and labels, no text.

The sentences were chosen where the network of the day was unsure or a kind is thin, and read once, each by one reader,
a large language model that went by the gold's guide. Nobody read them a second time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from .names import gmb_words

KEPT = Path(__file__).with_name("readings.jsonl")
SORTS = {
    "event": "type", "control": "status", "commitment": "modality", "responsibility": "stance", "relation": "relation",
    "designation": "act", "compliance": "verdict",
}  # fmt: skip
_MENDS = (
    (re.compile(r" ([.,;:?!%)\]])"), r"\1"),
    (re.compile(r"([(\[]) "), r"\1"),
    (re.compile(r" ('s|'S|n't|'re|'ve|'ll|'d|'m)\b"), r"\1"),
    (re.compile(r"\$ (?=\d)"), "$"),
)


def joined(words: Iterable[str]) -> str:
    """The words of a GMB sentence as the reading gold writes them."""
    text = " ".join(words)
    for pattern, put in _MENDS:
        text = pattern.sub(put, text)
    return text


def readings(corpora: Path, without: frozenset[str] = frozenset()) -> Iterator[dict[str, Any]]:
    """Every sentence read, in the form of the reading gold; `without` are ids that must not train."""
    texts = {number: words for number, words, _ in gmb_words(corpora)}
    for line in KEPT.read_text(encoding="utf-8").splitlines():
        kept = json.loads(line)
        if (name := f"gmb-{kept['id']}") not in without:
            text = joined(texts[kept["id"]])
            yield {"id": name, "text": text, "assertions": [_gold(text, one) for one in kept["told"]]}


def _gold(text: str, kept: dict[str, Any]) -> dict[str, Any]:
    quote = text[slice(*kept["at"])]
    reading: dict[str, Any] = {role: text[slice(*at)] for role, at in kept.get("roles", {}).items()}
    if kept["kind"] in SORTS:
        reading[SORTS[kept["kind"]]] = kept["sort"]
    reading |= {"voices": [text[slice(*at)] for at in kept.get("voices", ())], **kept.get("other", {})}
    return {"kind": kept["kind"], "quote": quote, "required": True, "readings": [{"quote": quote, **reading}]}


def kept(number: int, text: str, assertions: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """What is kept of one sentence read: assertions whose quote stands in it, words as offsets."""
    return {"id": number, "told": [_kept(text, one) for one in assertions if one["quote"] in text]}


def _kept(text: str, one: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": one["kind"], "at": _at(text, one["quote"])}
    sort = SORTS.get(one["kind"], "")
    found |= {"sort": one[sort]} if sort else {}
    words = {key: value for key, value in one.items() if isinstance(value, str) and value and value in text}
    roles = {
        key: _at(text, value) for key, value in words.items() if key not in ("kind", "quote", "denied", "hedge", sort)
    }
    found |= {"roles": roles} if roles else {}
    if voices := [_at(text, voice) for voice in one.get("voices", ()) if voice in text]:
        found["voices"] = voices
    other = {key: one[key] for key in ("denied", "hedge", "killed", "wounded", "suicide") if one.get(key)}
    return found | ({"other": other} if other else {})


def _at(text: str, words: str) -> list[int]:
    start = text.find(words)
    return [start, start + len(words)]
