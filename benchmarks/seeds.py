"""Three published reports against what a careful reader found in them: recall per kind, precision by eye.

    python benchmarks/seeds.py --reports DIR --gold seeds.jsonl [--verdicts benchmarks/seeds_verdicts.toml] [--show]

Found: the kinds agree and the quotes share a third of the shorter one's words (one to one).
Right: found, the innermost voice is the reader's, and the main fields (MAIN) agree, by token F1 of 0.5 or equal value.
Precision: what pairs with nothing was read by eye; a verdicts file keeps, by assertion id, who was right.
"""

from __future__ import annotations

import argparse
import collections
import datetime as dt
import json
import re
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from contested import open_workspace
from contested.model import Standing

KINDS = {"event_claim": {"responsibility"}, "contradiction": {"statement", "relation", "compliance"}}
MAIN = {
    "control": [("actor", "holder"), ("place", "place"), ("status", "status")],
    "event": [("type", "type"), ("actor", "actor"), ("place", "place")],
    "event_claim": [("claimed_by", "claimant")],
    "quantity": [("value", "value"), ("value_low", "value")],
    "commitment": [("party", "party"), ("modality", "modality")],
    "compliance": [("party", "party"), ("status", "verdict")],
    "designation": [("action", "act"), ("target", "target")],
    "relation": [("subject", "subject"), ("object", "object")],
    "statement": [("speaker", "speaker")],
    "forecast": [],
    "contradiction": [("a", "speaker")],
}
SAME = {
    "added": "listed", "removed": "delisted", "attack": "armed_attack", "diplomatic": "talks visit",
    "refuse_talks": "rejection", "cancellation": "rejection", "must not": "must_not", "no evidence": "no_evidence",
}  # fmt: skip
Gold = dict[str, list[dict[str, Any]]]
STOP = {"the", "a", "an", "of", "s", "u"}


def tokens(words: str) -> list[str]:
    return [w for w in re.findall(r"\w+", words.lower()) if w not in STOP]


def alike(one: str, other: str) -> bool:
    a, b = collections.Counter(tokens(one)), collections.Counter(tokens(other))
    return bool(a and b) and 2 * sum((a & b).values()) / (sum(a.values()) + sum(b.values())) >= 0.5


def overlap(one: str, other: str) -> float:
    a, b = collections.Counter(tokens(one)), collections.Counter(tokens(other))
    return sum((a & b).values()) / max(1, min(sum(a.values()), sum(b.values())))


class Found:
    """One assertion of ours, with every way its names may be written."""

    def __init__(self, standing: Standing, text: str, names: Any) -> None:
        self.id, self.assertion = standing.id, standing.assertion
        quote = standing.assertion.quote
        self.quote = text[quote.start : quote.end] if quote else ""
        self.kind = standing.assertion.kind
        self.names = names

    def ways(self, field: str) -> list[str]:
        value = getattr(self.assertion.content, field, None)
        if value is None:
            return []
        if hasattr(value, "words"):
            return [value.words, *self.names(value.thing)]
        if hasattr(value, "low"):
            return [f"{n:g}" for n in (value.low, value.best, value.high) if n is not None]
        return [str(value)]

    def speakers(self) -> list[str]:
        last = self.assertion.voices[-1]
        return [last.who, *self.names(last.thing)]


def agrees(gold: dict[str, Any], found: Found) -> bool:
    """Whether the main fields are the reader's; a field the reader left out is not asked for."""
    for theirs, ours in MAIN[gold["kind"]]:
        if theirs not in gold:
            continue
        wanted = f"{gold[theirs]:g}" if isinstance(gold[theirs], int | float) else SAME.get(gold[theirs], gold[theirs])
        ways = found.ways(ours)
        if isinstance(gold[theirs], int | float):
            if wanted not in ways:
                return False
        elif not any(alike(wanted, w) or w in wanted.split() for w in ways):
            return False
    return True


def voiced(gold: dict[str, Any], found: Found) -> bool:
    chain = gold["chain"]
    return not chain or any(alike(w, way) for w in found.speakers() for way in chain[-1].split("|"))


def pair(gold: list[dict[str, Any]], found: list[Found]) -> dict[int, int]:
    options = []
    for i, g in enumerate(gold):
        for j, f in enumerate(found):
            kinds = KINDS.get(g["kind"], {g["kind"]})
            if (f.kind in kinds or {f.kind, g["kind"]} <= {"control", "quantity"}) and overlap(
                g["quote"], f.quote
            ) >= 1 / 3:
                options.append((agrees(g, f) + voiced(g, f) + overlap(g["quote"], f.quote), i, j))
    pairs: dict[int, int] = {}
    for _, i, j in sorted(options, reverse=True):
        if i not in pairs and j not in pairs.values():
            pairs[i] = j
    return pairs


def read(reports: Path, gold: dict[str, list[dict[str, Any]]], folder: Path) -> dict[str, list[Found]]:
    found: dict[str, list[Found]] = {}
    with open_workspace(folder, create=True) as workspace:

        def names(thing: str) -> tuple[str, ...]:
            """Every way to write a thing; for an actor also those of what it belongs to (an office its state)."""
            known = workspace.register.thing(thing) if thing else None
            if known is None:
                return (thing.partition(":")[2],)
            above = workspace.register.ancestors(thing) if known.kind == "actor" else ()
            wider = [workspace.register.thing(a) for a in above]
            return (*known.names, *(n for t in wider if t is not None for n in t.names))

        for file, wanted in gold.items():
            workspace.add([reports / file], source=wanted[0]["publisher"],
                          published=dt.date.fromisoformat(wanted[0]["published"]))  # fmt: skip
        texts = {d.id: workspace.document(d.id).text for d in workspace.documents()}
        for s in workspace.assertions():
            document = s.assertion.quote.document if s.assertion.quote else ""
            found.setdefault(Path(s.file).name, []).append(Found(s, texts[document], names))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=Path, required=True)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--verdicts", type=Path, default=Path(__file__).with_name("seeds_verdicts.toml"))
    parser.add_argument("--show", action="store_true", help="print what was missed, and what is still to be read")
    given = parser.parse_args()
    for path in (given.reports, given.gold):
        if not path.exists():
            sys.exit(f"{path}: missing. Give the folder of the three reports and the file of their gold.")
    gold: dict[str, list[dict[str, Any]]] = collections.defaultdict(list)
    for line in given.gold.read_text(encoding="utf-8").splitlines():
        wanted = json.loads(line)
        gold[wanted["document"]].append(wanted)
    verdicts = tomllib.loads(given.verdicts.read_text()) if given.verdicts.exists() else {}
    with tempfile.TemporaryDirectory() as folder:
        report(gold, read(given.reports, gold, Path(folder)), verdicts, show=given.show)


def report(
    gold: dict[str, list[dict[str, Any]]], found: dict[str, list[Found]], verdicts: dict[str, Any], *, show: bool
) -> None:
    table: dict[str, list[int]] = collections.defaultdict(lambda: [0, 0, 0])
    right_pairs = made = good = unread = 0
    for file, wanted in gold.items():
        ours = found.get(file, [])
        pairs = pair(wanted, ours)
        for i, g in enumerate(wanted):
            ok = i in pairs and agrees(g, ours[pairs[i]]) and voiced(g, ours[pairs[i]])
            row = table[g["kind"]]
            row[0], row[1], row[2] = row[0] + 1, row[1] + (i in pairs), row[2] + ok
            right_pairs += ok
            if show and not ok:
                print("MISSED" if i not in pairs else "WRONG ", g["id"], g["kind"], g["quote"][:110], g["chain"])
                if i in pairs:
                    print("       ", describe(ours[pairs[i]]))
        for j, f in enumerate(ours):
            made += 1
            verdict = verdicts.get(f.id)
            matched = any(j == k and agrees(wanted[i], f) and voiced(wanted[i], f) for i, k in pairs.items())
            good += matched or verdict is True
            if not matched and verdict is None:
                unread += 1
            if show and not matched and verdict is not True:
                print("UNREAD" if verdict is None else "FALSE ", describe(f))
    print(f"{'kind':16}{'wanted':>8}{'found':>8}{'right':>8}")
    for kind, (n, hit, ok) in sorted(table.items()):
        print(f"{kind:16}{n:>8}{hit:>8}{ok:>8}")
    total = [sum(row[k] for row in table.values()) for k in range(3)]
    print(f"{'all':16}{total[0]:>8}{total[1]:>8}{total[2]:>8}   recall {total[2] / total[0]:.2f}")
    print(f"made {made}, right {good} by pairing or by eye: precision {good / max(1, made):.2f}; not yet read {unread}")


def describe(f: Found) -> str:
    import msgspec

    content = msgspec.to_builtins(f.assertion.content)
    shown = {k: v["words"] if isinstance(v, dict) and "words" in v else v for k, v in content.items()}
    chain = " ▸ ".join(v.who + (" (denies)" if v.denies else "") for v in f.assertion.voices)
    return f"{f.id} {shown} [{chain}] “{f.quote[:160]}”"


if __name__ == "__main__":
    main()
