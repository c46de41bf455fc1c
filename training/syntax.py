"""Universal Dependencies treebanks: EWT, and the open genres of GUM."""

from __future__ import annotations

import gzip
import io
import re
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from .examples import Example
from .mentions import of_entities
from .voices import of_tree

EWT = "ud_ewt/en_ewt-ud-{part}.conllu.gz"
GUM = "gum/gum_open_news_interview_speech_court_textbook_academic.tar.gz"


def conllu(lines: Iterable[str], corpus: str) -> Iterator[Example]:
    """Syntactic words of each sentence; empty nodes are skipped, multiword tokens kept as their words."""
    example, joined, last = Example(corpus, []), "", 0
    for line in lines:
        line = line.rstrip("\n")
        if not line:
            if example.words:
                yield example
            example, joined, last = Example(corpus, []), "", 0
        elif line.startswith(("# newpar", "# newdoc")):
            example.opens = True
        elif line.startswith("# text = "):
            example.text = line[9:]
        elif line.startswith("# sent_id = "):
            example.name = line[12:]
        elif line[0] != "#":
            columns = line.split("\t")
            if "-" in columns[0]:
                joined, last = columns[1], int(columns[0].split("-")[1])
            elif columns[0].isdigit():
                example.surface += _surface(columns, joined, last, example)
                example.words.append(columns[1])
                example.lemmas.append(columns[2])
                example.upos.append(columns[3])
                example.heads.append(int(columns[6]) - 1)
                example.labels.append(columns[7])
                example.features.append(columns[5])
                example.misc.append(columns[9])


def _surface(columns: list[str], joined: str, last: int, example: Example) -> list[str]:
    """The raw words that end with this syntactic word: itself, or what its multiword token is written as."""
    number = int(columns[0])
    if number > last:
        return [columns[1]]
    if number < last:
        return []
    parts = [columns[1]]
    while parts and "".join(parts) != joined and len("".join(parts)) < len(joined):
        before = len(example.words) - len(parts)
        if before < 0:
            break
        parts.insert(0, example.words[before])
    return parts if "".join(parts) == joined else [joined]


def ewt(corpora: Path, part: str) -> list[Example]:
    """Sentences of one official part of EWT, with voices derived from the trees."""
    with gzip.open(corpora / EWT.format(part=part), "rt", encoding="utf-8") as file:
        return [of_tree(example) for example in conllu(file, "ewt")]


def gum_parts(corpora: Path) -> dict[str, str]:
    """Document name → official part (documents not named are training documents)."""
    parts, part = {}, ""
    for line in (corpora / "gum/splits.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            part = line[3:].strip()
        elif found := re.match(r"\s*\* (\w+)", line):
            parts[found[1]] = part
    return parts


def gum(corpora: Path, part: str) -> list[Example]:
    """Sentences of one official part of GUM's open genres, with voices derived from the trees."""
    parts, examples = gum_parts(corpora), []
    with tarfile.open(corpora / GUM) as archive:
        for member in sorted(archive.getmembers(), key=lambda one: one.name):
            path = Path(member.name)
            if path.suffix != ".conllu" or path.name.startswith("._") or parts.get(path.stem, "train") != part:
                continue
            stream = archive.extractfile(member)
            assert stream is not None
            examples += conllu(io.TextIOWrapper(stream, "utf-8"), "gum")
    return [of_entities(of_tree(example)) for example in examples]
