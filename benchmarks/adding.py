"""What it costs to add reports: files a second, words a second, and memory, over many different texts.

    python benchmarks/adding.py [--files 1000] [--sentences 12]

Each file is a different draw of sentences from the bundled examples, so no two are alike; the words are news of war
throughout, the dearest kind. One process; the place index is built before the clock starts.
"""

from __future__ import annotations

import argparse
import platform
import random
import resource
import tempfile
import time
from pathlib import Path

from contested import open_workspace
from contested.read import read
from contested.text.sentences import sentences

EXAMPLES = Path(__file__).parent.parent / "examples"


def material() -> list[str]:
    """Every sentence of the examples."""
    texts = [d.text for path in sorted(EXAMPLES.iterdir()) for d in read(path).documents]
    return [text[s.start : s.end].replace("\n", " ") for text in texts for s in sentences(text) if len(s.tokens) > 5]


def write_reports(folder: Path, files: int, length: int) -> int:
    """Write the files; returns how many words they hold."""
    drawn, pool, words = random.Random(7), material(), 0
    for number in range(files):
        said = drawn.sample(pool, length)
        day = f"2019-{drawn.randint(1, 12):02}-{drawn.randint(1, 28):02}"
        body = "\n\n".join(" ".join(said[i : i + 3]) for i in range(0, length, 3))
        words += len(body.split())
        (folder / f"{number:05}.txt").write_text(f"source: Draw {number % 20}\npublished: {day}\n\n{number}. {body}\n")
    return words


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--sentences", type=int, default=12)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        reports = Path(folder) / "reports"
        reports.mkdir()
        words = write_reports(reports, given.files, given.sentences)
        with open_workspace(Path(folder) / "workspace", create=True) as workspace:
            workspace.register.find("Kabul")
            start, cpu = time.perf_counter(), time.process_time()
            added = workspace.add([reports])
            wall, busy = time.perf_counter() - start, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{added.documents} reports, {words} words, {added.assertions} assertions, on {platform.machine()}")
    print(f"{'reports/s':>12}{'words/s':>12}{'ms CPU/report':>16}{'ms CPU/assertion':>18}{'peak MB':>10}")
    print(f"{added.documents / wall:>12.1f}{words / wall:>12.0f}{1000 * busy / added.documents:>16.1f}"
          f"{1000 * busy / max(1, added.assertions):>18.2f}{peak:>10.0f}")  # fmt: skip


if __name__ == "__main__":
    main()
