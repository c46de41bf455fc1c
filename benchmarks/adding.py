"""What it costs to add reports: documents a second of one core, and memory, for general news and for news of war.

    python -m benchmarks.adding [--corpora DIR] [--news general | war] [--reports 200] [--words 500] [--stages]
    python -m benchmarks.adding --corpora DIR --reports 10000 --every 1000

General news are the sentences of DIR/gmb in their order, three a paragraph; news of war are those of them in which some
word may tell an act of violence. Without corpora, the sentences of the bundled examples are drawn: news of war
throughout. When all are used up, paragraphs are drawn anew: no two reports are alike. One process, one thread; a first
report is added before the clock starts, so that all is loaded. `--stages` tells where the time went, `--every` the most
memory held by then. Seconds are of the processor; on a busy machine they, too, are longer.
"""

from __future__ import annotations

import argparse
import platform
import random
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from types import FrameType
from typing import Self

from contested import open_workspace
from contested.extract.event import VIOLENT
from contested.extract.lexicon import Frame, frames
from contested.read import read
from contested.text.lemmas import lemma
from contested.text.sentences import sentences, split_word

EXAMPLES = Path(__file__).parent.parent / "examples"
FIRST = "source: First\n\nPolice in Kabul said on 3 May that rebels had killed two soldiers and taken the town.\n"
PARAGRAPH, TICK = 3, 0.001  # sentences; seconds between two looks at what is done
STAGES = {
    "read/": "reading files", "workspace/": "reading files", "text/sentences.py": "cutting", "text/gate.py": "gate",
    "text/encoder.py": "encoder", "text/decode.py": "trees from scores", "text/telling.py": "telling words",
    "text/naming.py": "kinds of names", "text/remembered.py": "kinds of names", "text/voices.py": "voices",
    "text/quotations.py": "voices", "text/antecedents.py": "voices", "text/dating.py": "times",
    "text/reading.py": "reading a sentence", "register/": "places and parties", "extract/report.py": "report",
    "extract/mentions.py": "mentions", "extract/naming.py": "places and parties", "extract/": "extractors",
    "ledger/": "recording",
}  # fmt: skip


class Stages:
    """Where processor time goes: the innermost function on the stack that belongs to a stage, every millisecond."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self._last = 0.0

    def __enter__(self) -> Self:
        self._last = time.process_time()
        signal.signal(signal.SIGPROF, self._look)
        signal.setitimer(signal.ITIMER_PROF, TICK, TICK)
        return self

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)

    def _look(self, _: int, frame: FrameType | None) -> None:
        """All time since the last look: the signal waits for a long call into a library to end."""
        now = time.process_time()
        while frame is not None and not (stage := _stage(frame.f_code.co_filename)):
            frame = frame.f_back
        self.spent[stage if frame is not None else "else"] += now - self._last
        self._last = now


def _stage(file: str) -> str:
    inside = file.rpartition("/contested/")[2]
    return "" if inside == file else next((name for part, name in STAGES.items() if inside.startswith(part)), "")


def of_examples() -> list[str]:
    """Every sentence of the examples."""
    texts = [d.text for path in sorted(EXAMPLES.iterdir()) for d in read(path).documents]
    said = [text[s.start : s.end].replace("\n", " ") for text in texts for s in sentences(text) if len(s.tokens) > 5]
    random.Random(7).shuffle(said)
    return said


def of_gmb(corpora: Path, news: str) -> list[str]:
    """The sentences of GMB in the order of the news, or those of them that may speak of war."""
    from training.gate import written
    from training.names import gmb

    if not (corpora / "gmb").is_dir():
        sys.exit(f"{corpora / 'gmb'} is missing. Leave out --corpora to measure the bundled examples")
    said = [written(one.words) for _, one in gmb(corpora)]
    return said if news == "general" else list(filter(_warlike, said))


def _warlike(sentence: str) -> bool:
    words = [word for chunk in sentence.split() for word in split_word(chunk)]
    evoked = (frame for word in words for pos in ("VERB", "NOUN") for frame in _frames(pos, lemma(word, pos)))
    return any(frame.sets.get("type") in VIOLENT for frame in evoked)


def _frames(pos: str, word: str) -> tuple[Frame, ...]:
    return frames("event").get((pos, word), ())


def reports(said: list[str], length: int) -> Iterator[list[str]]:
    """Paragraphs of reports of so many words; the first time in order, then drawn."""
    paragraphs = [" ".join(said[at : at + PARAGRAPH]) for at in range(0, len(said), PARAGRAPH)]
    drawn = random.Random(7)
    while True:
        report: list[str] = []
        words = 0
        for paragraph in paragraphs:
            report.append(paragraph)
            words += len(paragraph.split())
            if words >= length:
                yield report
                report, words = [], 0
        drawn.shuffle(paragraphs)


def write_reports(folder: Path, given: argparse.Namespace) -> int:
    """Write the files; returns how many words they hold."""
    said = of_gmb(given.corpora, given.news) if given.corpora else of_examples()
    drawn, words = random.Random(7), 0
    for number, paragraphs in zip(range(given.reports), reports(said, given.words), strict=False):
        day = f"2019-{drawn.randint(1, 12):02}-{drawn.randint(1, 28):02}"
        words += sum(len(paragraph.split()) for paragraph in paragraphs)
        head = f"source: Draw {number % 20}\npublished: {day}\n\n{number}. "
        (folder / f"{number:05}.txt").write_text(head + "\n\n".join(paragraphs) + "\n", encoding="utf-8")
    return words


def peak() -> float:
    """The most memory held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(folder: Path, words: int, every: int, stages: Stages | None) -> None:
    """Add the reports of a folder to a new workspace, and print what it took."""

    def progress(done: int, _: int, __: str) -> None:
        if every and done and done % every == 0:
            print(f"after {done:>6} reports: {peak():.0f} MB at most, {time.process_time() - cpu:.0f} s", flush=True)

    (folder / "first.txt").write_text(FIRST, encoding="utf-8")
    with open_workspace(folder / "workspace", create=True) as workspace:
        workspace.add([folder / "first.txt"])
        wall, cpu = time.perf_counter(), time.process_time()
        if stages is None:
            added = workspace.add([folder / "reports"], progress=progress)
        else:
            with stages:
                added = workspace.add([folder / "reports"], progress=progress)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{added.documents} reports, {words} words, {added.assertions} assertions, on {platform.machine()}")
    print(f"{'reports/s of a core':>20}{'words/s':>10}{'reports/s by the clock':>24}{'ms/report':>11}{'peak MB':>9}")
    print(f"{added.documents / cpu:>20.1f}{words / cpu:>10.0f}{added.documents / wall:>24.1f}"
          f"{1000 * cpu / added.documents:>11.1f}{peak():>9.0f}")  # fmt: skip
    for stage, spent in stages.spent.most_common() if stages else ():
        print(f"{stage:>24}{1000 * spent / added.documents:>8.2f} ms a report{100 * spent / cpu:>6.1f} %")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, help="a folder with gmb/ in it; else the bundled examples")
    parser.add_argument("--news", choices=("general", "war"), default="general")
    parser.add_argument("--reports", type=int, default=200)
    parser.add_argument("--words", type=int, default=500, help="of a report")
    parser.add_argument("--every", type=int, default=0, help="tell the memory after each so many reports")
    parser.add_argument("--stages", action="store_true", help="tell where the time went")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "reports").mkdir()
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:  # whose memory is not counted
            words = other.submit(write_reports, Path(folder) / "reports", given).result()
        measured(Path(folder), words, given.every, Stages() if given.stages else None)


if __name__ == "__main__":
    main()
