"""Assertions of single sentences against what careful readers wrote down: detection per kind, and fields on pairs.

    python -m benchmarks.reading --gold FILE.jsonl [--scorer FILE.py] [--limit N] [--keep FILE]

A line of the gold is {"id", "text", "assertions"}. What we read is written in the public line format, one sentence a
document, and scored by the scorer that lies beside the gold (`score.py read GOLD PRED`), which pairs assertions of one
kind whose quotes overlap. A gold that trained the network says nothing of what it does elsewhere: training.bars scores
that one by networks that did not see the sentence.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from contested.extract import extract
from contested.model import Document, Standing
from contested.register import Register, open_register
from contested.write.plain import line


def read(gold: Path, limit: int | None, register: Register) -> Iterator[dict[str, Any]]:
    """Our assertions of each sentence, as `contested assertions --jsonl` writes them."""
    now = datetime.now(UTC)
    with gold.open(encoding="utf-8") as lines:
        for one in [json.loads(text) for text in lines][:limit]:
            document = Document(one["id"], "the broadcaster", one["text"], "0" * 64, file=f"{one['id']}.txt")
            for recorder, found in extract(document, register):
                for a in found:
                    assert a.quote is not None
                    words = document.text[a.quote.start : a.quote.end]
                    yield line(Standing(a.id, a, recorder, now, document.source, file=document.file), words)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--gold", type=Path, required=True)
    asked.add_argument("--scorer", type=Path, help="default: score.py beside the gold")
    asked.add_argument("--limit", type=int)
    asked.add_argument("--keep", type=Path, help="leave what we read in this file")
    given = asked.parse_args()
    scorer = given.scorer or given.gold.parent / "score.py"
    for needed in (given.gold, scorer):
        if not needed.is_file():
            sys.exit(f"{needed}: there is no such file")
    with tempfile.TemporaryDirectory() as folder:
        found, part = given.keep or Path(folder) / "found.jsonl", Path(folder) / given.gold.name
        rows = given.gold.read_text(encoding="utf-8").splitlines()[: given.limit]
        part.write_text("\n".join(rows) + "\n", encoding="utf-8")
        register = open_register()
        with found.open("w", encoding="utf-8") as out:
            out.writelines(f"{json.dumps(one)}\n" for one in read(part, None, register))
        sys.exit(subprocess.run([sys.executable, str(scorer), "read", str(part), str(found)], check=False).returncode)


if __name__ == "__main__":
    main()
