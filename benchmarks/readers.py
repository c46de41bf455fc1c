"""One reader in a process of its own: `python -m benchmarks.readers WAY [PIPELINE]`, told by JSON lines what to read.

A line {"texts": [...], "batch": n} is answered by {"wall": s, "cpu": s, "peak": MB}. Ways: `cutting` text to words;
`ours` words, parts of speech, trees, names and voices; `ours batched` the same, about so many sentences a call;
`reading` and `gated` a whole Reading, without and with the gate; `baseline` and `baseline, no names` spaCy's pipeline.
Nothing is imported that the way does not need, so that memory and start are its own.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

Read = Callable[[list[str], int], None]


def cutting() -> Read:
    from contested.text.sentences import sentences

    def read(texts: list[str], batch: int) -> None:
        for text in texts:
            list(sentences(text))

    return read


def ours() -> Read:
    from contested.text.encoder import read_tokens
    from contested.text.sentences import sentences

    def read(texts: list[str], batch: int) -> None:
        for text in texts:
            read_tokens(list(sentences(text)))

    return read


def batched() -> Read:
    """Sentences of all texts by length, about `batch` a call: more than one is not how the reader ships."""
    from contested.text import encoder
    from contested.text.sentences import sentences

    def read(texts: list[str], batch: int) -> None:
        every = [sentence for text in texts for sentence in sentences(text)]
        cut = encoder._model().pieces
        pieces = sum(window.length for one in every for window in encoder._windows(0, one.tokens, cut))
        encoder._PIECES_A_BATCH = batch * pieces // len(every)
        encoder.read_tokens(every)

    return read


def reading(gated: bool) -> Read:
    from contested.model import Document
    from contested.text.reading import Reading

    def read(texts: list[str], batch: int) -> None:
        for text in texts:
            Reading(Document(id="", source="", text=text, original=""), gated=gated)

    return read


def baseline(pipeline: str, names: bool) -> Read:
    import spacy

    nlp = spacy.load(pipeline, exclude=[] if names else ["ner"])

    def read(texts: list[str], batch: int) -> None:
        for _ in nlp.pipe(texts, batch_size=batch):
            pass

    return read


def opened(way: str, pipeline: str) -> Read:
    ways: dict[str, Callable[[], Read]] = {
        "cutting": cutting,
        "ours": ours,
        "ours batched": batched,
        "reading": lambda: reading(False),
        "gated": lambda: reading(True),
        "baseline": lambda: baseline(pipeline, True),
        "baseline, no names": lambda: baseline(pipeline, False),
    }
    return ways[way]()


def peak() -> float:
    """The most memory that this program has held, in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # where there is one: getrusage there counts what the parent held before the program started
        lines = status.read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1e3
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1e6 if sys.platform == "darwin" else 1e3)


def main() -> None:
    read = opened(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "")
    for line in sys.stdin:
        asked = json.loads(line)
        wall, cpu = time.perf_counter(), time.process_time()
        read(asked["texts"], asked["batch"])
        spent = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "peak": peak()}
        print(json.dumps(spent), flush=True)


if __name__ == "__main__":
    main()
