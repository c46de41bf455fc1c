"""Times against hand-made marks: strict, relaxed and value F1 as TempEval-3 scores them, and speed.

    python -m benchmarks.times --corpora DIR [--part timebank_aquaint|wikiwars] [--narrative] [--show N]

DIR holds timebank_aquaint (TimeML, folder or tbaq.tar.gz) and wikiwars (TIMEX2 inline, folder or wikiwars.tar.gz).
Strict: the same start and end. Relaxed: they overlap, one to one. Value: relaxed and the values are equal.
Only the text of a report is read; its own day is taken from the corpus. `--narrative` reads every report as one;
without it each text decides by itself (contested.text.dating.tells_a_story).
"""

from __future__ import annotations

import argparse
import collections
import datetime as dt
import html
import re
import sys
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from contested.text.dating import find_timexes, tells_a_story

PARTS = {"timebank_aquaint": ("TIMEX3", "value", r"Training/.*\.tml$"),
         "wikiwars": ("TIMEX2", "val", r"keyinline/.*\.xml$")}  # fmt: skip


class Mark(NamedTuple):
    start: int
    end: int
    value: str


class Report(NamedTuple):
    name: str
    text: str
    day: dt.date | None
    marks: list[Mark]


def files(folder: Path, wanted: str) -> Iterator[tuple[str, str]]:
    """Names and contents of the part's files, from its folder or from an archive in it."""
    for archive in sorted(folder.glob("*.tar.gz")):
        with tarfile.open(archive) as packed:
            for member in sorted(packed.getmembers(), key=lambda one: one.name):
                if re.search(wanted, member.name) and (opened := packed.extractfile(member)):
                    yield Path(member.name).name, opened.read().decode("utf-8", "replace")
    for path in sorted(folder.rglob("*")):
        if path.is_file() and re.search(wanted, path.as_posix()):
            yield path.name, path.read_text(encoding="utf-8", errors="replace")


def reports(corpora: Path, part: str) -> Iterator[Report]:
    tag, attribute, wanted = PARTS[part]
    for name, raw in files(corpora / part, wanted):
        head, _, rest = raw.partition("<TEXT>")
        stamp = re.findall(rf'<{tag}[^>]*\b{attribute}="(\d{{4}}-\d\d-\d\d)', head)
        text, marks = unmarked(rest.partition("</TEXT>")[0], tag, attribute)
        yield Report(name, text, dt.date.fromisoformat(stamp[0]) if stamp else None, marks)


def unmarked(body: str, tag: str, attribute: str) -> tuple[str, list[Mark]]:
    """The text without its marks, and what they marked. Marks within marks are left out, as TIMEX3 has none."""
    text: list[str] = []
    at, marks, opened = 0, list[Mark](), list[tuple[int, str]]()
    for piece in re.split(r"(<[^>]*>)", body):
        if not piece.startswith("<"):
            text.append(html.unescape(piece))
            at += len(text[-1])
        elif piece.startswith(f"<{tag}"):
            value = re.search(rf'\b{attribute}="([^"]*)"', piece)
            opened.append((at, value[1] if value else ""))
        elif piece.startswith(f"</{tag}") and opened:
            start, said = opened.pop()
            if not opened:
                marks.append(Mark(start, at, said))
    return "".join(text), marks


class Score:
    """Counts over a part; F1 as TempEval-3 counts."""

    def __init__(self) -> None:
        self.gold = self.ours = self.strict = self.relaxed = self.value = 0
        self.missed: collections.Counter[tuple[str, ...]] = collections.Counter()

    def add(self, report: Report, ours: list[Mark]) -> None:
        self.gold, self.ours = self.gold + len(report.marks), self.ours + len(ours)
        left = list(ours)
        for mark in report.marks:
            over = [one for one in left if one.start < mark.end and mark.start < one.end]
            best = next((one for one in over if one[:2] == mark[:2]), over[0] if over else None)
            said = report.text[mark.start : mark.end].replace("\n", " ")
            if best is None:
                self.missed["missed", said, mark.value] += 1
                continue
            left.remove(best)
            self.relaxed += 1
            self.strict += best[:2] == mark[:2]
            self.value += best.value == mark.value
            if best[:2] != mark[:2]:
                self.missed["extent", said, report.text[best.start : best.end].replace("\n", " ")] += 1
            if best.value != mark.value:
                self.missed["value", said, mark.value, best.value] += 1
        for one in left:
            around = report.text[max(0, one.start - 30) : one.end + 20].replace("\n", " ")
            self.missed["false", report.text[one.start : one.end], one.value, around] += 1

    def f1(self, hits: int) -> float:
        return 2 * hits / max(self.gold + self.ours, 1)


def times(report: Report, *, narrative: bool) -> list[Mark]:
    telling = narrative or tells_a_story(report.text, report.day)
    found = find_timexes(report.text, report.day, narrative=telling)
    return [Mark(one.start, one.end, one.timex.value) for one in found]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--part", choices=PARTS, action="append")
    parser.add_argument("--narrative", action="store_true")
    parser.add_argument("--show", type=int, default=0, help="print so many of the commonest errors of each sort")
    given = parser.parse_args()
    rows = []
    for part in given.part or PARTS:
        read = list(reports(given.corpora, part))
        if not read:
            sys.exit(f"{given.corpora / part}: no reports. Give the folder that holds {' and '.join(PARTS)}.")
        score, words, began = Score(), 0, time.process_time()
        found = [times(report, narrative=given.narrative) for report in read]
        spent = time.process_time() - began
        for report, ours in zip(read, found, strict=True):
            score.add(report, ours)
            words += len(report.text.split())
        figures = " | ".join(f"{score.f1(hits):.3f}" for hits in (score.strict, score.relaxed, score.value))
        rows.append(f"| {part} | {len(read)} | {score.gold:,} | {score.ours:,} | {figures} | {words / spent:,.0f} |")
        if given.show:
            show(score, given.show)
    print("| part | reports | marked | found | strict | relaxed | value | words/s |\n|---|--:|--:|--:|--:|--:|--:|--:|")
    print("\n".join(rows))


def show(score: Score, most: int) -> None:
    for sort in ("missed", "false", "extent", "value"):
        chosen = [(error, n) for error, n in score.missed.most_common() if error[0] == sort]
        print(f"\n{sort}: {sum(n for _, n in chosen)}")
        for error, n in chosen[:most]:
            print(f"{n:>4}  " + "  |  ".join(error[1:]))


if __name__ == "__main__":
    main()
