"""Named entities: the Groningen Meaning Bank, and the corpora of persons, places and organisations."""

from __future__ import annotations

import csv
import io
import json
import re
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from contested.text.sentences import sentences, split_word

from .examples import GMB_TYPES, Example

RE3D_KINDS = {"Person": "PER", "Location": "LOC", "Organisation": "ORG"}
TEST_EVERY, TEST_AT = 20, 7  # GMB sentence n is a test sentence where n % 20 == 7


def is_gmb_test(number: int) -> bool:
    """Whether a GMB sentence number belongs to our own test part (one in twenty)."""
    return number % TEST_EVERY == TEST_AT


def recut(words: Iterable[str], tags: Iterable[str]) -> tuple[list[str], list[str]]:
    """Cut words as the reader's own cutter does; the parts of a B- word are B- then I-."""
    new_words, new_tags = [], []
    for word, tag in zip(words, tags, strict=True):
        for part in split_word(word) or (word,):
            new_words.append(part)
            new_tags.append(tag)
            tag = "I" + tag[1:] if tag[0] == "B" else tag
    return new_words, new_tags


def gmb_words(corpora: Path) -> Iterator[tuple[int, list[str], list[str]]]:
    """(sentence number, words, tags) of the third-party copy of GMB; the file is Latin-1."""
    with zipfile.ZipFile(corpora / "gmb/ner_dataset.csv.zip") as archive:
        rows = list(csv.reader(io.TextIOWrapper(archive.open("ner_dataset.csv"), "latin-1")))[1:]
    number, words, tags = 0, [], []
    for first, word, _, tag in [*rows, ["Sentence: 0", "", "", ""]]:
        if first:
            if words:
                yield number, words, tags
            number, words, tags = int(first.split()[1]), [], []
        if word:
            words.append(word)
            tags.append("O" if tag == "O" else tag[:2] + GMB_TYPES[tag[2:]])


def gmb(corpora: Path) -> Iterator[tuple[int, Example]]:
    """(sentence number, example) of GMB, cut as the reader cuts."""
    for number, words, tags in gmb_words(corpora):
        cut = recut(words, tags)
        yield number, Example("gmb", cut[0], gmb=cut[1], name=f"gmb-{number}")


def columns(
    lines: Iterable[str], corpus: str, kinds: dict[str, str], word: int = 0, tag: int = -1
) -> Iterator[Example]:
    """Sentences of a column file; types not in `kinds` become O."""
    words: list[str] = []
    tags: list[str] = []
    for line in [*lines, ""]:
        fields = line.strip().split("\t") if "\t" in line else line.split()
        if not fields or line.startswith("# "):
            if words and not fields:
                cut = recut(words, _bio(tags))
                yield Example(corpus, cut[0], plo=cut[1])
                words, tags = [], []
        elif len(fields) >= 2:
            edge, _, kind = fields[tag].partition("-")
            words.append(fields[word].strip() or "_")
            tags.append(f"{edge}-{kinds[kind.lower()]}" if kind.lower() in kinds and edge in "BI" else "O")


def _bio(tags: list[str]) -> list[str]:
    """IOB1 → BIO: an I- that continues nothing becomes B-."""
    before, fixed = "O", []
    for tag in tags:
        fixed.append("B" + tag[1:] if tag[0] == "I" and before[2:] != tag[2:] else tag)
        before = tag
    return fixed


def uner(corpora: Path, part: str) -> list[Example]:
    """Universal NER on EWT."""
    text = (corpora / f"uner_ewt/en_ewt-ud-{part}.iob2").read_text(encoding="utf-8")
    kinds = {"per": "PER", "loc": "LOC", "org": "ORG"}
    found = list(columns(text.splitlines(), "uner", kinds, word=1, tag=2))
    for one, name in zip(found, re.findall(r"^# sent_id = (\S+)$", text, re.MULTILINE), strict=True):
        one.name = name
    return found


def open_names(corpora: Path) -> list[Example]:
    """Wikigold (CC BY 4.0), WNUT-17 train and dev (CC BY 4.0), Broad Twitter Corpus (CC BY 4.0)."""
    full = {
        "per": "PER",
        "loc": "LOC",
        "org": "ORG",
        "person": "PER",
        "location": "LOC",
        "corporation": "ORG",
        "group": "ORG",
    }
    wanted = {
        "wikigold.conll.txt": "wikigold",
        "wnut17train.conll": "wnut",
        "emerging.dev.conll": "wnut",
        **{f"{letter}.conll": "btc" for letter in "abefgh"},
    }
    found: list[Example] = []
    with tarfile.open(corpora / "ner_open/wnut17_wikigold_btc.tar.gz") as archive:
        for member in sorted(archive.getmembers(), key=lambda one: one.name):
            corpus = wanted.get(Path(member.name).name)
            if corpus and member.isfile() and "MACOSX" not in member.name:
                stream = archive.extractfile(member)
                assert stream is not None
                lines = stream.read().decode("utf-8", "replace").splitlines()
                found += [one for one in columns(lines, corpus, full) if len(one.words) > 2]
    return found


def re3d(corpora: Path) -> list[Example]:
    """re3d's open sources: reports on Iraq and Syria with offsets; longest mentions win."""
    return [one for _, text, entities in re3d_documents(corpora) for one in re3d_sentences(text, entities)]


def re3d_documents(corpora: Path) -> Iterator[tuple[str, str, list[dict]]]:
    """(id, text, entities) of each report of re3d's open sources."""
    for folder in sorted(path for path in (corpora / "re3d").iterdir() if path.is_dir()):
        entities: dict[str, list[dict]] = {}
        for one in _json_lines(folder / "entities.json"):
            entities.setdefault(one["documentId"], []).append(one)
        for document in _json_lines(folder / "documents.json"):
            yield document["_id"], document["text"], entities.get(document["_id"], [])


def _json_lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def re3d_sentences(text: str, entities: list[dict]) -> Iterator[Example]:
    """The sentences of one report with its persons, places and organisations, articles and long mentions left out."""
    entities = [one for one in entities if one["type"] in RE3D_KINDS]
    tags: dict[int, tuple[int, str]] = {}
    for one in sorted(entities, key=lambda one: one["begin"] - one["end"]):
        value, begin = one["value"], one["begin"]
        if text[begin : begin + len(value)] != value:
            continue
        begin += len(value) - len(value.removeprefix("the ").removeprefix("The "))
        if not any(at in tags for at in range(begin, one["end"])) and len(value.split()) <= 6:
            tags |= dict.fromkeys(range(begin, one["end"]), (begin, RE3D_KINDS[one["type"]]))
    for sentence in sentences(text):
        words, labels, before = [], [], None
        for token in sentence.tokens:
            here = tags.get(token.start)
            words.append(token.text)
            labels.append("O" if here is None else f"{'I' if here == before else 'B'}-{here[1]}")
            before = here
        yield Example("re3d", words, plo=labels)
