"""How well two spellings of one name are told from two names (register/likeness.py). Prints tables.

python benchmarks/name_likeness.py --lists DIR

DIR holds nk_name_bench_cases.csv (labelled pairs, from nomenklatura, MIT; columns schema, name1, name2, is_match) and,
where they are there, UN_consolidated_*.xml.gz (the UN's list, for its own aliases). Nothing of them is kept.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from contested.register.likeness import likeness
from contested.register.near import CLEARLY
from contested.register.spelling import key

PAIRS = "nk_name_bench_cases.csv"


class Pair(NamedTuple):
    """Two names, whether they are one, and how alike we find them."""

    person: bool
    made_up: bool
    same: bool
    alike: float


def best(pairs: Sequence[Pair]) -> tuple[float, float]:
    """The best F1 over all thresholds, and the threshold."""
    ranked = sorted(pairs, key=lambda pair: -pair.alike)
    same, right, found = sum(pair.same for pair in pairs), 0, (0.0, 1.0)
    for number, pair in enumerate(ranked, 1):
        right += pair.same
        if number == len(ranked) or ranked[number].alike != pair.alike:
            found = max(found, (2 * right / (number + same), pair.alike))
    return found


def f1(pairs: Sequence[Pair], threshold: float) -> float:
    """F1 when all pairs at least that alike are called the same."""
    said = [pair for pair in pairs if pair.alike >= threshold]
    return 2 * sum(pair.same for pair in said) / max(1, len(said) + sum(pair.same for pair in pairs))


def crossed(pairs: Sequence[Pair]) -> float:
    """F1 with the threshold chosen on the other half, both ways; every second pair is a half."""
    halves = pairs[::2], pairs[1::2]
    return sum(f1(half, best(other)[1]) for half, other in (halves, halves[::-1])) / 2


def labelled(lists: Path) -> tuple[list[Pair], float]:
    """The labelled pairs, and the milliseconds of process time that one pair took."""
    with (lists / PAIRS).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    likeness("John Smith", "Jon Smyth")  # reads the tables
    start, found = time.process_time(), []
    for row in rows:
        person = row["schema"] == "Person"
        alike = likeness(row["name1"], row["name2"], "person" if person else "body")
        found.append(Pair(person, row["case_group"].startswith("synth"), row["is_match"] == "true", alike))
    return found, (time.process_time() - start) / len(rows) * 1e3


def un_people(file: Path) -> Iterator[list[str]]:
    """The names of each person on the UN's Al-Qaida and Taliban lists, the main one first, each spelling once."""
    from lxml import etree

    with gzip.open(file) as opened:
        tree = etree.parse(opened, etree.XMLParser(resolve_entities=False, no_network=True))
    for entry in tree.iter("INDIVIDUAL"):
        if entry.findtext("UN_LIST_TYPE", "").strip() in ("Al-Qaida", "Taliban"):
            parts = (entry.findtext(f"{part}_NAME", "").strip() for part in ("FIRST", "SECOND", "THIRD", "FOURTH"))
            names = (" ".join(filter(None, parts)), *((a.text or "").strip() for a in entry.iter("ALIAS_NAME")))
            spelled: dict[str, str] = {}
            for name in filter(None, names):
                spelled.setdefault(key(name), name)
            yield [*spelled.values()]


def recall(file: Path, every: int) -> str:
    """How often the alias likest to a main name, among the aliases of everybody, is that person's."""
    people = list(un_people(file))
    aliases = [(number, alias) for number, names in enumerate(people) for alias in names[1:]]
    asked = [number for number, names in enumerate(people) if len(names) > 1][::every]
    start = time.process_time()
    hits = sum(max(aliases, key=lambda a: likeness(people[n][0], a[1], "person"))[0] == n for n in asked)
    spent = (time.process_time() - start) / len(asked) / len(aliases) * 1e3
    return (f"{file.name}: recall at 1 {hits / len(asked):.3f} ({len(asked)} main names, {len(aliases)} aliases; "
            f"{spent:.3f} ms a pair)")  # fmt: skip


def mistaken(file: Path, threshold: float) -> str:
    """How many pairs of different people of the UN's list would be called one; no weight was chosen on that list."""
    names = [names[0] for names in un_people(file)]
    pairs = list(combinations(names, 2))
    wrong = sum(likeness(one, other, "person") >= threshold for one, other in pairs)
    return f"{file.name}: {wrong} of {len(pairs)} pairs of different people at {threshold} or above"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lists", type=Path, required=True)
    parser.add_argument("--every", type=int, default=1, help="ask for every so manieth person of the UN list")
    chosen = parser.parse_args()
    if not (chosen.lists / PAIRS).is_file():
        sys.exit(f"{chosen.lists / PAIRS} is missing: it is the pairs file of nomenklatura's name benchmark.")
    pairs, spent = labelled(chosen.lists)
    people = [pair for pair in pairs if pair.person]
    print("| pairs | number | best F1 | at | F1, threshold from the other half |\n|---|---:|---:|---:|---:|")
    for name, part in {
        "all": pairs,
        "people": people,
        "people, none made up": [pair for pair in people if not pair.made_up],
        "bodies": [pair for pair in pairs if not pair.person],
    }.items():
        score, threshold = best(part)
        print(f"| {name} | {len(part)} | {score:.3f} | {threshold:.2f} | {crossed(part):.3f} |")
    print(f"\n{spent:.3f} ms a pair (process time)")
    for file in sorted(chosen.lists.glob("UN_consolidated_*.xml.gz"))[-1:]:
        print(recall(file, chosen.every))
        print(mistaken(file, CLEARLY))


if __name__ == "__main__":
    main()
