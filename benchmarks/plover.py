"""PLOVER's events from our assertions, on its 322 gold records (from the CAMEO manual); nothing is trained on them.

    python -m benchmarks.plover --corpora DIR [--part FILE] [--classes] [--errors N]

A part is a file of records below DIR. The records code one event of a sentence each, and a sentence may have two. A
record is found when its class is among those we code for its sentence (recall over records); a class we code is right
when some record of the sentence has it (precision over our classes, each counted once a sentence). On records found:
the mode, where one is recorded; source and target, where recorded, are right when our words for any event of that
class and those of one of the record's actors have a token F1 of .5 or more. What is coded how is declared in
`src/contested/write/plover.toml`.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from contested.extract import extract
from contested.model import Document
from contested.register import Register, open_register
from contested.write.plover import Coded, coded

RECORDS = "plover_gsr/PLOVER_GSR_CAMEO.txt"
STOP = frozenset({"the", "a", "an", "of", "s"})


class Record(NamedTuple):
    """One gold record."""

    text: str
    event: str
    mode: str
    source: tuple[str, ...]
    target: tuple[str, ...]


def read_part(corpora: Path, part: str) -> list[Record]:
    """The records of a part; notes on the file itself, which stand among them, are left out."""
    path = corpora / part
    if not path.is_file():
        sys.exit(f"{path}: no such file of records; --corpora is the folder that holds {RECORDS}")
    raw = [one for one in json.loads(path.read_text("utf-8")) if one.get("text")]
    return [_record(one) for one in raw]


def _record(raw: dict[str, Any]) -> Record:
    text = raw["text"].strip(" {}")  # a few stand in braces
    return Record(text, raw["event"], raw.get("mode", ""), actors(raw.get("source")), actors(raw.get("target")))


def actors(field: Any) -> tuple[str, ...]:
    """An actor, a list of them, or nothing; a few records hold what is none."""
    several = field if isinstance(field, list) else [field]
    return tuple(one["actorText"] for one in several if isinstance(one, dict) and one.get("actorText"))


def ours(text: str, register: Register) -> list[Coded]:
    """The events we code for a sentence read by itself."""
    report = Document("x", "", text, "0" * 64)
    found = [a for _, assertions in extract(report, register) for a in assertions]
    return [event for _, event in coded(found, text)]


# ── scoring ──────────────────────────────────────────────────────────────────────────────────────


def alike(one: str, other: str) -> bool:
    """Whether two names share enough words: token F1 of .5 or more."""
    a, b = (Counter(word for word in re.findall(r"\w+", each.lower()) if word not in STOP) for each in (one, other))
    return bool(a and b) and 4 * (a & b).total() >= a.total() + b.total()


class Score:
    """Counts of what was right, by measure and part."""

    def __init__(self) -> None:
        self.right, self.of = Counter[tuple[str, str]](), Counter[tuple[str, str]]()

    def count(self, measure: str, part: str, right: bool) -> None:
        self.right[measure, part] += right
        self.of[measure, part] += 1

    def share(self, measure: str, part: str = "all") -> float:
        return self.right[measure, part] / max(1, self.of[measure, part])

    def f1(self, part: str = "all") -> float:
        precision, recall = self.share("precision", part), self.share("recall", part)
        return 2 * precision * recall / (precision + recall) if precision and recall else 0.0


def score(records: Iterable[Record], found: Mapping[str, Sequence[Coded]]) -> Score:
    """Precision and recall of events, and mode, source and target of those found."""
    made, classes = Score(), defaultdict[str, set[str]](set)
    for record in records:
        classes[record.text].add(record.event)
        same = [one for one in found[record.text] if one.event == record.event]
        for part in ("all", record.event):
            made.count("recall", part, bool(same))
        if not same:
            continue
        if record.mode:
            made.count("mode", "all", any(one.mode == record.mode for one in same))
        for role, names in (("source", record.source), ("target", record.target)):
            if names:
                said = [getattr(one, role) for one in same]
                made.count(role, "all", any(alike(one, name) for one in said for name in names))
    for text, gold in classes.items():
        for event in {one.event for one in found[text]}:
            for part in ("all", event):
                made.count("precision", part, event in gold)
    return made


def shown(records: Sequence[Record], found: Mapping[str, Sequence[Coded]]) -> None:
    for record in records:
        said = [(one.event, one.mode, one.source, one.target) for one in found[record.text]]
        mark = "found" if any(one[0] == record.event for one in said) else "MISSED"
        print(
            mark, record.event, record.mode, record.source, record.target, said, record.text, sep=" | ", file=sys.stderr
        )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--corpora", type=Path, required=True)
    asked.add_argument("--part", default=RECORDS)
    asked.add_argument("--classes", action="store_true", help="a row for each class, too")
    asked.add_argument("--errors", type=int, default=0, help="show so many records and what we code on stderr")
    given = asked.parse_args()
    records, register = read_part(given.corpora, given.part), open_register()
    found = {text: ours(text, register) for text in {record.text: None for record in records}}
    made = score(records, found)
    print("| part | what | records | precision | recall | F1 |\n|---|---|---:|---:|---:|---:|")
    parts = sorted({record.event for record in records}) if given.classes else []
    name = Path(given.part).stem
    for part in ("all", *parts):
        row = (made.share("precision", part), made.share("recall", part), made.f1(part))
        print(f"| {name} | events, {part} | {made.of['recall', part]} |", *(f"{each:.3f} |" for each in row))
    for what in ("mode", "source", "target"):
        print(f"| {name} | {what}, of those found | {made.of[what, 'all']} | | {made.share(what):.3f} | |")
    shown(records[: given.errors], found)


if __name__ == "__main__":
    main()
