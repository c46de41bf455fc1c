"""How fast the reader reads and how well, beside spaCy's small pipeline trained on the same data, in one run.

`python -m benchmarks.reading_speed --corpora DIR [--baseline DIR] [--reports N] [--rounds N] [--limit N]`. The baseline
is what benchmarks/baseline.py made; without it, or without spaCy, its rows are left out. Texts are reports of twenty
sentences from our GMB test part, the same for both; a word is what our cutter calls one. Each row is a process
of its own on one thread; every round runs all rows in turn, and medians are shown, so that a machine with other work is
fair to both. Words a second of processor time say what an idle machine would do, or less. A batch is sentences for us,
reports for spaCy. Scores are on gold words and sentences; the baseline has no lemmas and no voices to score.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SENTENCES, PARAGRAPH = 20, 2  # of a report, of its paragraphs
ONE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"), "1")
FIRST = ["Officials said the rebels took the town."]


@dataclass(slots=True)
class Row:
    """A way to read, the processes that share the texts, and what each round took."""

    name: str
    way: str
    batch: int = 1
    processes: int = 1
    pipeline: str = ""
    running: list[subprocess.Popen[str]] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak: float = 0.0

    def start(self) -> float:
        """Start the processes; seconds until the first has read a first sentence."""
        began = time.perf_counter()
        command = [sys.executable, "-m", "benchmarks.readers", self.way, self.pipeline]
        for _ in range(self.processes):
            self.running.append(
                subprocess.Popen(
                    command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **ONE}
                )
            )
            self._ask(self.running[-1], FIRST)
            self._answer(self.running[-1])
        return (time.perf_counter() - began) / self.processes

    def read(self, texts: list[str]) -> None:
        """One round, timed."""
        began = time.perf_counter()
        for i, process in enumerate(self.running):
            self._ask(process, [self._laid(text) for text in texts[i :: self.processes]])
        spent = [self._answer(process) for process in self.running]
        alone = self.processes == 1
        self.wall.append(spent[0]["wall"] if alone else time.perf_counter() - began)
        self.cpu.append(sum(one["cpu"] for one in spent))
        self.peak = sum(one["peak"] for one in spent)

    def stop(self) -> None:
        for process in self.running:
            process.communicate()
        self.running.clear()

    def _laid(self, text: str) -> str:
        """To spaCy a break between paragraphs is one word more to read: it gets a space instead."""
        return text.replace("\n\n", " ") if self.pipeline else text

    def _ask(self, process: subprocess.Popen[str], texts: list[str]) -> None:
        assert process.stdin is not None
        process.stdin.write(json.dumps({"texts": texts, "batch": self.batch}) + "\n")
        process.stdin.flush()

    def _answer(self, process: subprocess.Popen[str]) -> dict[str, float]:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name}: its process ended early with code {process.wait()}")
        return json.loads(line)


def planned(pipeline: str) -> list[Row]:
    """The rows, ours and the baseline's by turns."""
    ours = [
        Row("ours: cut and read, as shipped", "ours"),
        Row("ours, sentences of like length together", "ours batched", 8),
        Row("ours, sentences of like length together", "ours batched", 32),
        Row("ours, two processes", "ours", processes=2),
        Row("ours, cutting alone", "cutting"),
        Row("a whole Reading, every sentence", "reading"),
        Row("a whole Reading, behind the gate", "gated"),
    ]
    if not pipeline:
        return ours
    theirs = [Row("spaCy with names", "baseline", batch, pipeline=pipeline) for batch in (4, 32, 128)]
    theirs += [Row("spaCy without names", "baseline, no names", batch, pipeline=pipeline) for batch in (4, 32, 128)]
    theirs.append(Row("spaCy with names, two processes", "baseline", 32, 2, pipeline))
    return [row for pair in zip(ours, theirs, strict=True) for row in pair]


def reports(corpora: Path, number: int) -> tuple[list[str], int]:
    """Texts, and the words in them all."""
    from training.names import gmb, is_gmb_test

    from contested.text.sentences import sentences

    lines = [" ".join(one.words) for number, one in gmb(corpora) if is_gmb_test(number)]
    paragraphs = [" ".join(lines[at : at + PARAGRAPH]) for at in range(0, len(lines), PARAGRAPH)]
    size = SENTENCES // PARAGRAPH
    texts = ["\n\n".join(paragraphs[at : at + size]) for at in range(0, len(paragraphs), size)][:number]
    return texts, sum(len(one.tokens) for text in texts for one in sentences(text))


def usable(folder: Path | None) -> tuple[str, str]:
    """The baseline's pipeline, or "" and why there is none."""
    if folder is None:
        return "", "No --baseline: spaCy's rows are left out (benchmarks/baseline.py trains it)."
    if importlib.util.find_spec("spacy") is None:
        return "", 'spaCy is not installed: its rows are left out (pip install "spacy>=3.8,<3.9").'
    if not (folder / "pipeline").is_dir():
        return "", f"{folder / 'pipeline'} is missing: spaCy's rows are left out (benchmarks/baseline.py trains it)."
    return str(folder / "pipeline"), ""


def passed(texts: list[str]) -> str:
    """How much of the texts the gate sends on to the encoder."""
    from contested.text.gate import worth
    from contested.text.sentences import sentences

    words = [0, 0]
    for text in texts:
        cut = list(sentences(text))
        for sentence, wanted in zip(cut, worth(cut, text), strict=True):
            words[wanted] += len(sentence.tokens)
    return f"The gate sends {100 * words[1] / max(sum(words), 1):.0f} % of these words on to the encoder."


def machine() -> Iterator[str]:
    """The processor, whether it multiplies eight-bit numbers in one step (VNNI), and how busy it is."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    facts = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    flags = set(facts.get("flags", facts.get("Features", "")).split())
    vnni = "unknown" if not flags else ", ".join(sorted(flags & {"avx512_vnni", "avx_vnni", "asimddp"})) or "none"
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    name = facts.get("model name") or platform.processor() or "unknown"
    yield f"Processor: {name} ({platform.machine()}), {cores} cores; VNNI: {vnni}; load at the start: {load:.1f}"
    if load > 0.3:
        yield "**Busy machine**: other work shares the cores. Trust ratios, and words a second of processor time."


def timed(rows: list[Row], texts: list[str], rounds: int) -> None:
    for row in rows:
        row.start()
    for _ in range(rounds):
        for row in rows:
            row.read(texts)
    for row in rows:
        row.stop()


def speeds(rows: list[Row], words: int) -> Iterator[str]:
    yield "| reader | batch | words/s | words/s of processor time | peak MB |\n|---|---:|---:|---:|---:|"
    for row in sorted(rows, key=lambda row: bool(row.pipeline)):
        wall, cpu = (words / statistics.median(spent) for spent in (row.wall, row.cpu))
        yield f"| {row.name} | {row.batch} | {wall:,.0f} | {cpu:,.0f} | {row.peak:,.0f} |"


def ratios(rows: list[Row]) -> Iterator[str]:
    """Ours, as shipped and at its best batch size, to the baseline at its best: medians of the rounds' ratios."""

    def best(*ways: str) -> Row:
        able = [row for row in rows if row.way in ways and row.processes == 1]
        return min(able, key=lambda row: statistics.median(row.cpu))

    yield "\n| words/s, ours to the baseline's | by the clock | by processor time |\n|---|---:|---:|"
    for ours in (best("ours"), best("ours batched")):
        for theirs in (best("baseline"), best("baseline, no names")):
            clock, cpu = (
                statistics.median(b / a for a, b in zip(*pair, strict=True))
                for pair in ((ours.wall, theirs.wall), (ours.cpu, theirs.cpu))
            )
            yield f"| {ours.name} ({ours.batch}) to {theirs.name} ({theirs.batch}) | {clock:.2f} | {cpu:.2f} |"


def starts(pipeline: str) -> Iterator[str]:
    """Seconds from a fresh interpreter to the first sentence read, memory then, and what is on disk."""
    from contested.text import encoder

    yield "\n| reader | cold start, s | peak MB after one sentence | model, MB |\n|---|---:|---:|---:|"
    kinds = [(Row("ours", "ours"), Path(encoder.__file__).with_name("model"))]
    if pipeline:
        kinds.append((Row("spaCy with names", "baseline", pipeline=pipeline), Path(pipeline)))
    for row, folder in kinds:
        taken = []
        for _ in range(5):
            taken.append(row.start())
            row.read(FIRST)
            row.stop()
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
        yield f"| {row.name} | {statistics.median(taken):.2f} | {row.peak:,.0f} | {size:.1f} |"


def measured(given: argparse.Namespace) -> Iterator[str]:
    yield from machine()
    pipeline, why_not = usable(given.baseline)
    if why_not:
        yield why_not
    texts, words = reports(given.corpora, given.reports)
    yield f"{len(texts)} reports, {words:,} words, {given.rounds} rounds\n"
    rows = planned(pipeline)
    timed(rows, texts, given.rounds)
    yield from speeds(rows, words)
    yield f"\n{passed(texts)}"
    if pipeline:
        yield from ratios(rows)
    yield from starts(pipeline)
    from benchmarks.scores import compared

    yield from compared(given.corpora, given.baseline if pipeline else None, given.limit)


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.reading_speed", description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True, help="folder with the corpora")
    parser.add_argument("--baseline", type=Path, help="folder that benchmarks.baseline filled")
    parser.add_argument("--limit", type=int, help="only so many sentences of each test part scored")
    parser.add_argument("--reports", type=int, default=60, help="reports of twenty sentences to time (default 60)")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    for line in measured(given):
        print(line, flush=True)


if __name__ == "__main__":
    main()
