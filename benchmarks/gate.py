"""What the gate lets pass: speed, recall, and what is skipped, as one table.

    python -m benchmarks.gate --corpora DIR --gold DIR --reports DIR [--judged FILE] [--limit N]

DIR of corpora holds gmb, of gold read_dev.jsonl, of reports published news of war as text; what is missing is named and
left out. `--judged` keeps what the whole reader, ungated, draws from each sentence of GMB. Of GMB all but its test part
trained the gate. Whole reports are read twice, with the gate and without; the first N of GMB's, spread over the corpus.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from training.gate import Line, judge, reports
from training.names import is_gmb_test

from contested.extract import extract
from contested.model import Assertion, Document
from contested.read import read
from contested.register import open_register
from contested.text.gate import shipped, worth
from contested.text.sentences import sentences

EXAMPLES = Path(__file__).parents[1] / "examples"
Row = tuple[str, str, float]


def kept(part: str, kind: str, texts: list[str]) -> Iterator[Row]:
    """Recall of sentences that assert something."""
    passed = sum(map(shipped().concerns, texts))
    yield part, f"% kept of {len(texts)} sentences with {kind}", 100 * passed / max(len(texts), 1)


def skipped(part: str, texts: Iterable[str]) -> Iterator[Row]:
    """How much of a text never reaches the encoder: sentence by sentence, and with what the others lean on kept."""
    counts = {"by score": [0, 0], "in its report": [0, 0]}
    every = [0, 0]
    for text in texts:
        cut = list(sentences(text))
        alone = [shipped().concerns(text[one.start : one.end]) for one in cut]
        sizes = [len(text[one.start : one.end].split()) for one in cut]
        every = [every[0] + len(cut), every[1] + sum(sizes)]
        for tally, wanted in zip(counts.values(), (alone, worth(cut, text)), strict=True):
            tally[0] += sum(not want for want in wanted)
            tally[1] += sum(size for size, want in zip(sizes, wanted, strict=True) if not want)
    for how, tally in counts.items():
        for what, count, whole in zip(("sentences", "words"), tally, every, strict=True):
            yield part, f"% of {whole:,} {what} skipped, {how}", 100 * count / max(whole, 1)


def speed(texts: list[str]) -> Iterator[Row]:
    """Words a second of one process, the best of five turns; the gate's own splitting is included."""
    words, best = sum(len(text.split()) for text in texts), 0.0
    concerns = shipped().concerns
    for _ in range(5):
        began = time.process_time()
        for text in texts:
            concerns(text)
        best = max(best, words / (time.process_time() - began))
    yield "speed", "words/s, gate", best
    began = time.process_time()
    for text in texts:
        list(sentences(text))
    yield "speed", "words/s, cutting", words / (time.process_time() - began)


def equality(part: str, documents: list[Document]) -> Iterator[Row]:
    """Assertions of whole reports, gated and not: equal in every field, missing, said otherwise, or new."""
    register = open_register()
    counts = dict.fromkeys(("equal", "missing", "changed", "new"), 0)
    for document in documents:
        whole, gated = (_drawn(document, register, gated) for gated in (False, True))
        counts["equal"] += len(whole & gated)
        places = {_place(a) for a in gated}
        counts["changed"] += sum(_place(a) in places for a in whole - gated)
        counts["missing"] += sum(_place(a) not in places for a in whole - gated)
        counts["new"] += len({_place(a) for a in gated} - {_place(a) for a in whole})
    total = sum(counts.values()) - counts["new"]
    for how, count in counts.items():
        yield part, f"% of {total} assertions {how}, gated", 100 * count / max(total, 1)


def _drawn(document: Document, register: object, gated: bool) -> set[Assertion]:
    return {a for _, own in extract(document, register, gated=gated) for a in own}


def _place(a: Assertion) -> tuple[str, int, int]:
    return (a.kind, a.quote.start, a.quote.end) if a.quote else (a.kind, -1, -1)


def of_gold(path: Path) -> Iterator[Row]:
    given = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    required = [d["text"] for d in given if any(a["required"] for a in d["assertions"])]
    optional = [d["text"] for d in given if d["assertions"] and not any(a["required"] for a in d["assertions"])]
    yield from kept("read_dev", "a required assertion", required)
    yield from kept("read_dev", "an optional one only", optional)
    yield from skipped("read_dev", (d["text"] for d in given))


def of_gmb(corpora: Path, judged: Path, limit: int) -> Iterator[Row]:
    lines = judge(corpora, judged)
    test = [one for one in lines if is_gmb_test(one.number)]
    yield from speed([one.text for one in test])
    yield from kept("GMB test part", "an assertion", asserting(test))
    yield from kept("GMB all", "an assertion", asserting(lines))
    texts = [text for text, _ in reports(corpora)]
    yield from skipped("GMB all", texts)
    few = texts[:: max(1, len(texts) // limit)][:limit]
    yield from equality("GMB reports", [Document("d", "", text, "0" * 64) for text in few])


def asserting(lines: list[Line]) -> list[str]:
    return [one.text for one in lines if one.asserts]


def of_war(part: str, folder: Path) -> Iterator[Row]:
    documents = [document for path in sorted(folder.iterdir()) for document in read(path).documents]
    yield from skipped(part, (document.text for document in documents))
    yield from equality(part, documents)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="benchmarks.gate", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--reports", type=Path, required=True)
    parser.add_argument("--judged", type=Path, default=Path(tempfile.gettempdir()) / "contested-judged.jsonl")
    parser.add_argument("--limit", type=int, default=200, help="so many reports of GMB are read twice")
    given = parser.parse_args()
    parts = (
        (given.gold / "read_dev.jsonl", lambda path: of_gold(path)),
        (given.corpora / "gmb", lambda path: of_gmb(path.parent, given.judged, given.limit)),
        (EXAMPLES, lambda path: of_war("examples", path)),
        (given.reports, lambda path: of_war("reports of war", path)),
    )
    print("| part | measure | value |\n|---|---|---:|")
    for path, part in parts:
        if not path.exists():
            print(f"{path} is missing: its rows are left out", file=sys.stderr)
            continue
        for name, measure, value in part(path):
            print(f"| {name} | {measure} | {value:,.{0 if value > 1000 else 2}f} |", flush=True)


if __name__ == "__main__":
    main()
