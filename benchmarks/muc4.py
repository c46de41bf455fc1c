"""MUC-4's role fillers from our assertions, on its development texts and test sets; nothing is trained on them.

    python -m benchmarks.muc4 --corpora DIR [--part tst3 …] [--limit N] [--errors N]

A part is `tst1`, `tst2`, `tst3` …, or a file of texts whose key lies beside it (TASK/CORPORA/PART/…, in the archive or
laid out below DIR). The keys' templates of one text are merged: role by role its entities, each with the strings that
may name it, those with a string in common being one. Scored as CEAF-REE (Du, Rush and Cardie, GRIT, EACL 2021): each
entity found is matched with at most one of the key's, and right when its strings are all among that one's, articles,
case and punctuation aside.

Our side is benchmarks/muc4_roles.py.
"""

from __future__ import annotations

import argparse
import re
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.muc4_roles import ROLES, Entities, Filled, filled, plain

from contested.register import open_register

ARCHIVE = "muc4/muc4_dev_tst1_tst2_tst3.tar.gz"
FIELDS = {
    "PERP: INDIVIDUAL ID": "PerpInd", "PERP: ORGANIZATION ID": "PerpOrg", "PHYS TGT: ID": "Target",
    "HUM TGT: NAME": "Victim", "INCIDENT: INSTRUMENT ID": "Weapon",
}  # fmt: skip

# ── the corpus ───────────────────────────────────────────────────────────────────────────────────


def read_part(corpora: Path, part: str) -> tuple[dict[str, str], dict[str, Filled]]:
    """The texts of a part, and the role fillers of its key, by the text's name."""
    texts: dict[str, str] = {}
    keys: dict[str, Filled] = {}
    for name, content in _files(corpora, part):
        if Path(name).name.startswith("key-"):
            keys |= _fillers(content)
        else:
            texts |= _texts(content)
    if not texts or not keys:
        sys.exit(f"{corpora}: no texts and key of {part!r} in {ARCHIVE} or below that folder")
    return texts, keys


def _files(corpora: Path, part: str) -> Iterator[tuple[str, str]]:
    archive = corpora / ARCHIVE
    if archive.is_file():
        with tarfile.open(archive) as opened:
            for member in opened:
                if member.isfile() and f"CORPORA/{part}/" in member.name and (file := opened.extractfile(member)):
                    yield member.name, file.read().decode("latin-1")
    for path in sorted(corpora.rglob(f"{part}/*")):
        if path.is_file():
            yield path.name, path.read_text("latin-1")


def _texts(content: str) -> dict[str, str]:
    parts = re.split(r"^((?:DEV|TST\d)-MUC\d-\d+).*$", content, flags=re.MULTILINE)
    return {name: text.strip() for name, text in zip(parts[1::2], parts[2::2], strict=True)}


def _fillers(content: str) -> dict[str, Filled]:
    found: dict[str, Filled] = {}
    for template in re.split(r"^(?=0\.\s+MESSAGE: ID)", content, flags=re.MULTILINE):
        if named := re.match(r"0\.\s+MESSAGE: ID\s+(\S+)", template):
            filled = found.setdefault(named[1], {role: [] for role in ROLES})
            for field, role in FIELDS.items():
                value = re.search(rf"{re.escape(field)}(.*?)(?=^\d+\. |\Z)", template, re.DOTALL | re.MULTILINE)
                for entity in _entities(value[1] if value else ""):
                    filled[role] = _joined(filled[role], entity)
    return found


def _entities(value: str) -> Iterator[frozenset[str]]:
    """A key's entities stand one after another, the strings for one parted by "/"."""
    strings = list(re.finditer(r'(/\s*)?\??\s*"((?:\\.|[^"\\])*)"', value))
    names: list[str] = []
    for found in strings:
        if not found[1] and names:
            yield frozenset(names)
            names = []
        names.append(plain(found[2].replace('\\"', '"')))
    if names:
        yield frozenset(names)


def _joined(entities: Entities, more: frozenset[str]) -> Entities:
    same = [one for one in entities if one & more]
    return [one for one in entities if one not in same] + [more.union(*same)]


# ── scoring ──────────────────────────────────────────────────────────────────────────────────────


def right(ours: Entities, gold: Entities) -> int:
    """How many of ours can be matched, each with a gold entity of its own that has all its strings (Kuhn's way)."""
    taken: dict[int, int] = {}

    def match(number: int, seen: set[int]) -> bool:
        for at, one in enumerate(gold):
            if ours[number] <= one and at not in seen:
                seen.add(at)
                if at not in taken or match(taken[at], seen):
                    taken[at] = number
                    return True
        return False

    return sum(match(number, set()) for number in range(len(ours)))


def score(found: Mapping[str, Filled], keys: Mapping[str, Filled]) -> list[tuple[str, int, float, float, float]]:
    """For each role, and all: how many the key has, precision, recall, F1."""
    counts = {role: Counter[str]() for role in (*ROLES, "all")}
    for name, ours in found.items():
        for role in ROLES:
            gold = keys[name][role]
            one = Counter(right=right(ours[role], gold), ours=len(ours[role]), gold=len(gold))
            counts[role] += one
            counts["all"] += one
    rows = []
    for role, count in counts.items():
        precision, recall = count["right"] / max(1, count["ours"]), count["right"] / max(1, count["gold"])
        f1 = 2 * precision * recall / (precision + recall) if count["right"] else 0.0
        rows.append((role, count["gold"], precision, recall, f1))
    return rows


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--corpora", type=Path, required=True)
    asked.add_argument("--part", action="append")
    asked.add_argument("--limit", type=int)
    asked.add_argument("--errors", type=int, default=0, help="show the first so many texts' fillers on stderr")
    given = asked.parse_args()
    register = open_register()
    print("| part | role | in the key | precision | recall | F1 |\n|---|---|---:|---:|---:|---:|")
    for part in given.part or ("tst3",):
        texts, keys = read_part(given.corpora, part)
        names = [name for name in texts if name in keys][: given.limit]
        found = {name: filled(texts[name], register) for name in names}
        for role, gold, precision, recall, f1 in score(found, keys):
            print(f"| {part} | {role} | {gold} | {precision:.3f} | {recall:.3f} | {f1:.3f} |")
        for name in names[: given.errors]:
            for role in ROLES:
                ours, gold_ = ([sorted(one) for one in side[name][role]] for side in (found, keys))
                if ours or gold_:
                    print(name, role, "OURS", ours, "KEY", gold_, file=sys.stderr)


if __name__ == "__main__":
    main()
