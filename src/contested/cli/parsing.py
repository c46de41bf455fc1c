"""How a report is read, word by word: parse."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from contested.cli.adding import UNREADABLE
from contested.cli.progress import Bar
from contested.cli.session import Session, session, show, width

if TYPE_CHECKING:
    from contested.model import Problem
    from contested.text.attitudes import Attitude
    from contested.text.conllu import Framed
    from contested.text.tree import Tree
    from contested.text.voices import Attribution

AT_ONCE = 50  # sentences between two drawings of the bar
SUFFIXES = (".conllu", ".conllu.gz")
_HEADS = ("", "word", "lemma", "pos", "head", "label", "entity", "speech")


@click.command()
@click.argument("paths", metavar="FILE…", nargs=-1, required=True)
@click.option("--conllu", is_flag=True, help="Write CoNLL-U.")
@session
def parse(here: Session, paths: tuple[str, ...], conllu: bool) -> int:
    """Show how files are read: words, trees, names, voices.

    Text and HTML as `add` reads them, or CoNLL-U (.conllu, .conllu.gz), whose words and sentences are then kept.
    """
    from contested.read import files

    unreadable = False
    with Bar(here.quiet or sys.stdout.isatty()) as bar:
        for file in files(Path(path) for path in paths):
            documents, problems = _opened(file)
            here.warn(problems)
            unreadable = unreadable or bool(problems)
            for name, sentences in documents:
                for part in _as_conllu(sentences, bar, name) if conllu else _as_tables(sentences, bar, name):
                    show(part)
    return UNREADABLE if unreadable else 0


def _opened(file: Path) -> tuple[list[tuple[str, list[Framed]]], Sequence[Problem]]:
    """The documents of a file by name, each cut into sentences, and what is wrong with it."""
    from contested.model import Problem
    from contested.read import read
    from contested.text import conllu
    from contested.text.sentences import sentences
    from contested.write.table import printable

    if file.is_file() and file.name.lower().endswith(SUFFIXES):
        text = _letters(file)
        found = text if isinstance(text, Problem) else conllu.read(text, str(file))
        if isinstance(found, Problem):
            return [], [found]
        return [(printable(str(file)), each) for each in found], ()
    reading = read(file)
    names = [printable(document.file) for document in reading.documents]
    if len(names) > 1:
        names = [f"{name}.{number}" for number, name in enumerate(names, 1)]
    cut = [list(conllu.framed(list(sentences(document.text)), name))
           for document, name in zip(reading.documents, names, strict=True)]  # fmt: skip
    return list(zip(names, cut, strict=True)), reading.problems


def _letters(file: Path) -> str | Problem:
    """What is written in a CoNLL-U file, unpacked, but never more than the limit."""
    from contested.model import Problem
    from contested.read.characters import decode
    from contested.text.conllu import LIMIT

    try:
        with gzip.open(file) if file.suffix.lower() == ".gz" else file.open("rb") as opened:
            data = opened.read(LIMIT + 1)
    except (OSError, EOFError, zlib.error) as fault:
        reason = getattr(fault, "strerror", None) or str(fault)
        return Problem(str(file), f"it cannot be read ({reason})", "Check the name, and that it came over whole")
    if len(data) > LIMIT:
        reason = f"it is too large (more than {LIMIT / 1e6:.0f} MB)"
        return Problem(str(file), reason, "Split it between two sentences")
    return decode(data, str(file))


def _read(sentences: Sequence[Framed], bar: Bar, name: str) -> list[Tree]:
    from contested.text.tagging import read_tokens
    from contested.text.tree import Tree

    trees: list[Tree] = []
    for first in range(0, len(sentences), AT_ONCE):
        bar(first, len(sentences), name)
        trees += map(Tree, read_tokens([each.sentence for each in sentences[first : first + AT_ONCE]]))
    bar(len(sentences), len(sentences), name)
    return trees


def _as_conllu(sentences: Sequence[Framed], bar: Bar, name: str) -> Iterator[str]:
    from contested.text.conllu import lines

    for each, tree in zip(sentences, _read(sentences, bar, name), strict=True):
        yield lines(each, tree.sentence)


# ── for people ───────────────────────────────────────────────────────────────────────────────────


def _as_tables(sentences: Sequence[Framed], bar: Bar, name: str) -> Iterator[str]:
    from contested.text.attitudes import attitudes
    from contested.text.voices import attributions
    from contested.write.table import cut, lay_out, printable

    trees, wide = _read(sentences, bar, name), width()
    voices = {(each.sentence, each.cue): each for each in attributions(trees)}
    made: dict[int, list[str]] = {}
    for each in sorted(attitudes(trees), key=lambda each: min(each.cue)):
        made.setdefault(min(each.cue)[0], []).append(printable(_said(trees, each, voices)))
    for number, tree in enumerate(trees):
        whole = _words(trees, [(number, i) for i in range(len(tree.tokens))])
        below = "".join((cut(line, wide) if wide else line) + "\n" for line in made.get(number, []))
        table = lay_out(_HEADS, list(_rows(tree)), wide)
        yield f"{name}, sentence {number + 1}: {printable(whole)}\n\n{table}\n" + (f"{below}\n" if below else "")


def _rows(tree: Tree) -> Iterator[list[str]]:
    for number, token in enumerate(tree.tokens, 1):
        head = f"{token.head + 1} {tree.tokens[token.head].text}" if token.head >= 0 else "0"
        yield [str(number), token.text, token.lemma, token.pos, head, token.label, token.entity, token.speech]


def _said(trees: Sequence[Tree], a: Attitude, voices: Mapping[tuple[int, int], Attribution]) -> str:
    """Source ▸ cue ▸ the words given to it; what is left out between them shows as …"""
    voice = next((voices[place] for place in sorted(a.cue) if place in voices), None)
    how = "" if voice is None else " (denies)" * voice.denies + " (asks)" * voice.asks
    source = _words(trees, sorted(a.source)) or "?"
    return f"{source} ▸ {_words(trees, sorted(a.cue))}{how} ▸ “{_words(trees, sorted(a.content))}”"


def _words(trees: Sequence[Tree], places: Sequence[tuple[int, int]]) -> str:
    """The words at these places, (sentence, node) in order, spaced as they were written."""
    text, last = "", (-1, -1)
    for sentence, node in places:
        token = trees[sentence].tokens[node]
        if text and (sentence, node) != (last[0], last[1] + 1):
            text += " " if sentence > last[0] and node == 0 else " … "
        elif text and token.start > trees[sentence].tokens[node - 1].end:
            text += " "
        text += token.text
        last = sentence, node
    return text
