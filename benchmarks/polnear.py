"""Attribution on PolNeAR's development part, measured only and never trained on.

    python -m benchmarks.polnear --corpora DIR [--limit N] [--inner]

Precision, recall and F1 over words of sources, cues and contents, whichever attribution of a text they belong to; the
first annotator of each text counts. PolNeAR marks few attributions inside the content of others, so ours are left out
too (`--inner` keeps them). Words were not taken from its cues; which constructions count (intentions, judgements,
labels of speakers) follows its guidelines.
"""

from __future__ import annotations

import argparse
import re
import sys
import tarfile
from pathlib import Path

from contested.text.attitudes import Attitude, attitudes
from contested.text.encoder import read_tokens
from contested.text.sentences import sentences
from contested.text.tree import Tree

KINDS = ("source", "cue", "content")
ARCHIVE = "polnear/polnear_dev.tar.gz"


def outer(found: list[Attitude]) -> list[Attitude]:
    """Those whose cue lies in no other's content."""
    return [a for a in found if not any(a.cue <= b.content for b in found if b is not a)]


def attribution(archive: Path, limit: int | None, inner: bool = False) -> list[tuple[str, str, float]]:
    """Rows of (part, measure, per cent)."""
    right, found, gold = (dict.fromkeys(KINDS, 0) for _ in range(3))
    for text, notes in _documents(archive)[:limit]:
        marks = _marks(notes)
        trees = [Tree(sentence) for sentence in read_tokens(list(sentences(text)))]
        ours = attitudes(trees) if inner else outer(attitudes(trees))
        for kind in KINDS:
            places = {place for one in ours for place in getattr(one, kind)}
            for s, tree in enumerate(trees):
                for n, token in enumerate(tree.tokens):
                    if any(character.isalnum() for character in token.text):
                        here, there = (s, n) in places, token.start in marks[kind]
                        right[kind] += here and there
                        found[kind] += here
                        gold[kind] += there
    measures = {"P": found, "R": gold}
    rows = []
    for kind in KINDS:
        rows += [
            ("PolNeAR dev", f"words {name}, {kind}", 100 * right[kind] / max(of[kind], 1))
            for name, of in measures.items()
        ]
        rows.append(("PolNeAR dev", f"words F1, {kind}", 200 * right[kind] / max(found[kind] + gold[kind], 1)))
    return rows


def _documents(archive: Path) -> list[tuple[str, str]]:
    texts: dict[str, str] = {}
    notes: dict[str, str] = {}
    with tarfile.open(archive) as files:
        for member in sorted(files.getmembers(), key=lambda one: one.name):
            path, stream = Path(member.name), files.extractfile(member) if member.isfile() else None
            if stream is None or path.name.startswith("._"):
                continue
            if path.suffix == ".txt":
                texts[path.stem] = stream.read().decode("utf-8")
            elif path.suffix == ".ann":
                notes.setdefault(path.stem.rpartition("_")[0], stream.read().decode("utf-8"))
    return [(text, notes[stem]) for stem, text in sorted(texts.items()) if stem in notes]


def _marks(notes: str) -> dict[str, set[int]]:
    """The characters of each kind."""
    marks: dict[str, set[int]] = {kind: set() for kind in KINDS}
    for line in notes.splitlines():
        if found := re.match(r"T\d+\t(Source|Cue|Content) ([\d ;]+)", line):
            for span in found[2].strip().split(";"):
                first, end = map(int, span.split())
                marks[found[1].lower()].update(range(first, end))
    return marks


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--limit", type=int, help="only so many texts")
    parser.add_argument("--inner", action="store_true", help="attributions inside others' content count too")
    given = parser.parse_args()
    archive = given.corpora / ARCHIVE
    if not archive.is_file():
        sys.exit(f"{archive} is missing: PolNeAR's development part (training/README.md says where it is from)")
    for part, measure, value in attribution(archive, given.limit, given.inner):
        print(f"| {part} | {measure} | {value:.1f} |")


if __name__ == "__main__":
    main()
