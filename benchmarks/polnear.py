"""Attribution on PolNeAR's development part (measured only, never trained on)."""

from __future__ import annotations

import re
import tarfile
from pathlib import Path

from contested.text.encoder import read_tokens
from contested.text.sentences import sentences

KINDS = ("source", "cue", "content")


def attribution(archive: Path, limit: int | None) -> list[tuple[str, str, float]]:
    """F1 over words of source, cue and content: outermost attributions, first annotator of each text."""
    right, found, gold = (dict.fromkeys((*KINDS, "none"), 0) for _ in range(3))
    for text, notes in _documents(archive)[:limit]:
        marks = _marks(notes, len(text))
        for sentence in read_tokens(list(sentences(text))):
            for token in sentence.tokens:
                if not any(character.isalnum() for character in token.text):
                    continue
                truth = marks[token.start]
                right[token.speech or "none"] += token.speech == truth
                found[token.speech or "none"] += 1
                gold[truth or "none"] += 1
    return [
        ("PolNeAR dev", f"words F1, {kind}", 200 * right[kind] / max(found[kind] + gold[kind], 1)) for kind in KINDS
    ]


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


def _marks(notes: str, size: int) -> list[str]:
    """Kind of each character; an attribution whose cue lies in another's content is an inner one and is left out."""
    parts: dict[str, list[tuple[int, int]]] = {}
    events: list[dict[str, list[str]]] = []
    for line in notes.splitlines():
        if found := re.match(r"(T\d+)\t\w+ ([\d ;]+)", line):
            parts[found[1]] = [(int(a), int(b)) for a, b in (one.split() for one in found[2].strip().split(";"))]
        elif line.startswith("E"):
            event: dict[str, list[str]] = {}
            for role, name in re.findall(r"(\w+):(T\d+)", line):
                event.setdefault(role.rstrip("0123456789").lower(), []).append(name)
            events.append(event)
    contents = [[span for name in event.get("content", ()) for span in parts.get(name, ())] for event in events]
    marks = [""] * size
    for i, event in enumerate(events):
        cues = [span for name in event.get("cue", ()) for span in parts.get(name, ())]
        inner = any(
            a <= begin and end <= b
            for j, spans in enumerate(contents)
            if j != i
            for a, b in spans
            for begin, end in cues
        )
        for kind in () if inner else ("content", "source", "cue"):
            for name in event.get(kind, ()):
                for a, b in parts.get(name, ()):
                    marks[a:b] = [kind] * (b - a)
    return marks
