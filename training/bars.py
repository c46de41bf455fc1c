"""Chooses the bars of extract/bars.toml by cross-validation on the reading gold, with the whole chain.

    python -m training.bars --gold DIR --corpora DIR --out src/contested/extract/bars.toml [--parts 2] [--chances FILE]

Networks that did not see a sentence say what its words tell; with all bars open every candidate is made once; then each
kind's two bars for words that stand alone are moved in turn to where the F1 of all kinds together is best. How far to
doubt what is listed stays as the table says: that was set by hand. Our own readings train every network; sentences of
the gold judge.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import torch

from contested.extract import Extractor, extractors, weighing
from contested.extract.report import Report
from contested.model import Assertion, Document
from contested.register import open_register
from contested.text import encoder
from contested.text.telling import told

from .telling import SEEDS, SORTS, Mean, Sentence, gold_of, learn, learned_from, names, predict, sizes

PARTS = 5
OPEN = weighing.Bars(0.0, 0.12, 0.12)
GRID = {
    "alone": (0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8),
    "beside": (0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 1.01),
}
Bars = dict[str, dict[str, float]]  # which bar → kind → the least chance


@dataclass(frozen=True)
class Candidate:
    """An assertion that a lower or higher bar lets stand: `bar` says which, `chance` how sure it is."""

    kind: str
    start: int
    end: int
    bar: str = ""
    chance: float = 1.0


@dataclass
class Line:
    """A line of gold: what it asserts, and the candidates."""

    gold: list[Candidate]
    found: list[Candidate]


class Known:
    """Stands where the network does in the encoder, and says what was predicted for a line."""

    def __init__(self, sentences: Sequence[Sentence], tells: Sequence[str]) -> None:
        self.chances = {tuple(one.inputs["heads"][0]): one.chances for one in sentences}
        self.tells = tells

    def __call__(self, vectors: np.ndarray, upos: np.ndarray, labels: list[str], heads: np.ndarray) -> list[tuple]:
        chances = self.chances.get(tuple(heads))
        return [()] * len(labels) if chances is None else told(chances, self.tells)


def unseen(lines: Sequence[list[Sentence]], tells: Sequence[str], parts: int, kept: Path) -> list[list[Sentence]]:
    """Lines of the gold with what networks say that did not see them; each part's is kept in a file once learned."""
    own = [one for line in lines for one in line if one.ours]
    gold = [line for line in lines if not line[0].ours]
    said = dict(np.load(kept)) if kept.exists() else {}
    held = {part: [line for i, line in enumerate(gold) if i % PARTS == part] for part in range(PARTS)}
    for part in range(parts):
        if f"{held[part][0][0].id} 0" not in said:
            seen = own + [one for other in held if other != part for line in held[other] for one in line]
            network = Mean([learn(seen, tells, sizes(), seed) for seed in range(SEEDS)])
            predict(network, [one for line in held[part] for one in line])
            said |= {f"{one.id} {n}": one.chances for line in held[part] for n, one in enumerate(line)}
            np.savez_compressed(kept, **said)  # type: ignore[arg-type]
            print(f"part {part + 1} of {parts}", flush=True)
        for line in held[part]:
            for n, one in enumerate(line):
                one.chances = said[f"{one.id} {n}"]
    return [line for part in range(parts) for line in held[part]]


def candidates(report: Report) -> Iterator[Candidate]:
    """Every assertion that some bar would let stand, in the order of `extract`."""
    before: tuple[Assertion, ...] = ()
    for extractor in extractors():
        made = tuple({a.id: a for a in extractor.function(report, before)}.values())
        before += made
        yield from (_candidate(a, "listed", a.confidence) for a in made if a.confidence < 1.0)
        yield from _alone(report, extractor, made, before)


def _alone(
    report: Report, extractor: Extractor, made: tuple[Assertion, ...], before: tuple[Assertion, ...]
) -> Iterator[Candidate]:
    if extractor.learned is None:
        return
    for sentence, found in weighing.alone(report, extractor.name, made, before):
        token = report.trees[sentence].tokens[found.trigger]
        inside = any(a.quote and a.quote.start <= token.start and token.end <= a.quote.end for a in made)
        for a in extractor.learned(report, sentence, found):
            chance = dict(token.tells or ())[extractor.name]
            yield _candidate(a, "beside" if inside else "alone", chance)


def _candidate(a: Assertion, bar: str, chance: float) -> Candidate:
    assert a.quote is not None
    return Candidate(a.kind, a.quote.start, a.quote.end, bar, chance)


def judged(gold: Path, corpora: Path | None, parts: int, kept: Path) -> list[Line]:
    """The gold's lines with their candidates, all bars open."""
    every = learned_from(gold, corpora)
    tells = names([one for line in every for one in line])
    lines = unseen(every, tells, parts, kept)
    plain, open_, register, found = encoder._model(), dict.fromkeys(SORTS, OPEN), open_register(), []
    weighing.bars = lambda: open_  # type: ignore[assignment]
    by_id = {line[0].id: line for line in lines}
    for one in gold_of(gold):
        if one["id"] in by_id:
            known = Known(by_id[one["id"]], tells)
            encoder._model = lambda known=known: replace(plain, telling=known)  # type: ignore[assignment, misc]
            report = Report(Document(one["id"], "", one["text"], "0" * 64), register, gated=False)
            quoted = [(a["kind"], one["text"].find(a["quote"]), len(a["quote"])) for a in one["assertions"]]
            wanted = [Candidate(kind, start, start + long) for kind, start, long in quoted]
            found.append(Line(wanted, list(candidates(report))))
    return found


# ── moving the bars ──────────────────────────────────────────────────────────────────────────────


def counts(lines: Sequence[Line], bars: Bars) -> dict[str, Counter[str]]:
    """By kind how many were found rightly, wrongly, and not."""
    total: dict[str, Counter[str]] = {kind: Counter() for kind in SORTS}
    for line in lines:
        left = [one for one in line.found if one.chance >= bars[one.bar][one.kind]]
        options = sorted(((overlap(g, f), i, j) for i, g in enumerate(line.gold) for j, f in enumerate(left)
                          if g.kind == f.kind), key=lambda o: (-o[0], o[1], o[2]))  # fmt: skip
        gold, used = set[int](), set[int]()
        for share, i, j in options:
            if share >= 1 / 3 and i not in gold and j not in used:
                gold.add(i)
                used.add(j)
        for i, one in enumerate(line.gold):
            total[one.kind]["right" if i in gold else "missed"] += 1
        for j, one in enumerate(left):
            total[one.kind]["wrong"] += j not in used
    return total


def overlap(one: Candidate, other: Candidate) -> float:
    """How much of the shorter quote both share."""
    shared = min(one.end, other.end) - max(one.start, other.start)
    return shared / max(1, min(one.end - one.start, other.end - other.start))


def f1(found: Counter[str]) -> float:
    return 2 * found["right"] / max(1, 2 * found["right"] + found["wrong"] + found["missed"])


def move(lines: Sequence[Line], bars: Bars, which: str) -> None:
    """Move one bar of every kind to where the F1 of all together is best."""
    tried = {at: counts(lines, {**bars, which: dict.fromkeys(SORTS, at)}) for at in GRID[which]}

    def whole(at: dict[str, float]) -> float:
        return f1(sum((tried[at[kind]][kind] for kind in SORTS), Counter()))

    best = {kind: min(GRID[which], key=lambda at: abs(at - bars[which][kind])) for kind in SORTS}
    for kind in (*SORTS, *SORTS):
        found = {at: whole({**best, kind: at}) for at in GRID[which]}
        best[kind] = max(found, key=lambda at: found[at])
    bars[which] = best


def main() -> None:
    parser = argparse.ArgumentParser(prog="training.bars", description=__doc__)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--corpora", type=Path, help="the folder that holds gmb: learn from our own readings too")
    parser.add_argument("--parts", type=int, default=PARTS, help=f"how many of {PARTS} parts of the gold to judge by")
    parser.add_argument(
        "--chances",
        type=Path,
        default=Path("chances.npz"),
        help="keeps what was learned so far; for other gold or another network name another file",
    )
    parser.add_argument("--out", type=Path, required=True, help="the table to write")
    given = parser.parse_args()
    torch.set_num_threads(1)
    table = (files(weighing.__package__) / "bars.toml").read_text(encoding="utf-8")
    heading = "".join(line + "\n" for line in table.splitlines() if line.startswith("#")) + "\n"
    by_hand = {kind: bar.listed for kind, bar in weighing.bars().items()}
    lines = judged(given.gold, given.corpora, given.parts, given.chances)
    bars: Bars = {"listed": by_hand} | {
        which: dict.fromkeys(SORTS, at) for which, at in (("alone", 0.4), ("beside", 0.6))
    }
    for which in ("alone", "beside") * 2:
        move(lines, bars, which)
    found = counts(lines, bars)
    for kind, one in found.items():
        print(f"{kind:16}{one['right'] + one['missed']:5} F1 {f1(one):.2f}")
    print(f"all F1 {f1(sum(found.values(), Counter())):.3f}")
    order = ("listed", *GRID)
    rows = [f"[{kind}]\n" + "".join(f"{which} = {bars[which][kind]:.2f}\n" for which in order) for kind in SORTS]
    given.out.write_text(heading + "\n".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
