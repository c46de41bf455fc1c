"""Words in CoNLL-U, in and out (https://universaldependencies.org/format.html).

Read, the words of a file become untagged sentences, at offsets into the text that they spell. Written, each word has
our tags, and what no reader says stands as it stood: comments, multiword tokens, empty nodes, and where no space is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from contested.model import Problem
from contested.text.sentences import Sentence, Token

LIMIT = 50_000_000  # bytes: about the words of a report of 5 MB, with nine columns beside each
_COLUMNS = 10
_ID = re.compile(r"(?P<word>[0-9]{1,9})(?:-(?P<last>[0-9]{1,9})|\.(?P<empty>[0-9]{1,9}))?")


@dataclass(frozen=True, slots=True)
class Framed:
    """An untagged sentence and what stands round its words in CoNLL-U.

    `beside` are the lines that go before a word, by its index (after the last one, under their number); `glued` are the
    words that no space follows.
    """

    sentence: Sentence
    comments: tuple[str, ...] = ()
    beside: Mapping[int, Sequence[str]] = field(default_factory=dict)
    glued: frozenset[int] = frozenset()


# ── out ──────────────────────────────────────────────────────────────────────────────────────────


def lines(framed: Framed, tagged: Sentence) -> str:
    """The lines of one sentence, `tagged` being the same sentence with its tags, and the empty line after it."""
    rows: list[str] = [*framed.comments]
    for index, token in enumerate(tagged.tokens):
        rows += framed.beside.get(index, ())
        rows.append(_row(index, token, index in framed.glued))
    rows += framed.beside.get(len(tagged.tokens), ())
    return "\n".join(rows) + "\n\n"


def _row(index: int, token: Token, glued: bool) -> str:
    beside = {"SpaceAfter": "No" if glued else "", "Entity": token.entity, "Speech": token.speech}
    misc = [f"{key}={value}" for key, value in beside.items() if value] + [f"TokenRange={token.start}:{token.end}"]
    said = token.lemma or "_", token.pos or "_", "_", "_", str(token.head + 1), token.label or "_", "_"
    return "\t".join((str(index + 1), token.text, *said, "|".join(misc)))


def framed(sentences: Sequence[Sentence], name: str) -> Iterator[Framed]:
    """The untagged sentences of one document with the comments that name it, its paragraphs, and each sentence."""
    paragraph = -1
    for number, sentence in enumerate(sentences):
        following = sentences[number + 1].start if number + 1 < len(sentences) else -1
        nexts = [*(token.start for token in sentence.tokens[1:]), following]
        glued = frozenset(i for i, token in enumerate(sentence.tokens) if token.end == nexts[i])
        words = (token.text + ("" if i in glued else " ") for i, token in enumerate(sentence.tokens))
        comments = [f"# sent_id = {name}-{number + 1}", f"# text = {''.join(words).rstrip()}"]
        if sentence.paragraph != paragraph:
            comments = ["# newpar", *comments]
        if not number:
            comments = [f"# newdoc id = {name}", *comments]
        paragraph = sentence.paragraph
        yield Framed(sentence, tuple(comments), glued=glued)


# ── in ───────────────────────────────────────────────────────────────────────────────────────────


class _Broken(ValueError):  # noqa: N818 - reads as what it is
    """A line that is no CoNLL-U: its number, the reason, the remedy."""


@dataclass(slots=True)
class _Rows:
    """The lines of one sentence while they are read."""

    comments: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    glued: set[int] = field(default_factory=set)
    beside: dict[int, list[str]] = field(default_factory=dict)
    joined: dict[int, tuple[int, str, bool]] = field(default_factory=dict)  # first word → last + 1, form, glued
    within: int = 0  # words up to here are inside a multiword token

    def take(self, number: int, line: str) -> None:
        if line.startswith("#") and not self.words and not self.beside:
            self.comments.append(line)
            return
        columns = line.split("\t")
        if len(columns) != _COLUMNS:
            found = f"{len(columns)} column" + ("" if len(columns) == 1 else "s")
            raise _Broken(number, f"{found} instead of {_COLUMNS}", "Part ten columns by tabs, with _ for an empty one")
        kind = _ID.fullmatch(columns[0])
        if kind is None:
            raise _Broken(number, f"{columns[0][:40]!r} is no ID", "Write 3, or 3-4 for a token of words, or 3.1")
        if not columns[1].strip():
            raise _Broken(number, "the word has no form", "Write the word into the second column")
        self._place(number, line, columns, kind)

    def _place(self, number: int, line: str, columns: list[str], kind: re.Match[str]) -> None:
        index, form, glued = len(self.words), columns[1], "SpaceAfter=No" in columns[9].split("|")
        first = int(kind["word"])
        if first != index + (kind["empty"] is None):
            remedy = "Count the words of a sentence 1, 2, 3 …, and leave an empty line after it"
            raise _Broken(number, f"ID {columns[0]} after {index or 'no'} words", remedy)
        if kind["empty"] or kind["last"]:
            self.beside.setdefault(index, []).append(line)
        else:
            self.words.append(form)
            self.glued |= {index} if glued and index >= self.within else set()
        if kind["last"]:
            if int(kind["last"]) < first or index < self.within:
                raise _Broken(number, f"{columns[0]} is no run of words of its own", "Let it begin where no other runs")
            self.within = int(kind["last"])
            self.joined[index] = self.within, form, glued

    def close(self, number: int) -> None:
        """Check what can only be checked at the end of a sentence."""
        if not self.words:
            raise _Broken(number, "a sentence without words", "Take it out, or give it its words")
        if self.within > len(self.words):
            remedy = "Give it all its words, or end it sooner"
            raise _Broken(number, f"a multiword token runs to {self.within}, the sentence to {len(self.words)}", remedy)

    def framed(self, at: int, paragraph: int) -> tuple[Framed, int]:
        """The sentence, its first word at offset `at`, and where the next one may begin."""
        tokens: list[Token] = []
        index = 0
        while index < len(self.words):
            last, form, glued = self.joined.get(index, (index + 1, self.words[index], index in self.glued))
            tokens += _spelled(self.words[index:last], form, at)
            at += len(form) + (not glued)
            index = last
        beside = {index: tuple(lines) for index, lines in self.beside.items()}
        sentence = Sentence(tokens[0].start, tokens[-1].end, tuple(tokens), paragraph)
        return Framed(sentence, tuple(self.comments), beside, frozenset(self.glued)), at


def read(text: str, file: str) -> list[list[Framed]] | Problem:
    """The documents of a CoNLL-U file, each a list of sentences; or what is wrong with the first broken line."""
    documents: list[list[Framed]] = []
    at = paragraph = 0
    try:
        for rows in _sentences(text):
            opens = any(_says(line, "newdoc") for line in rows.comments)
            if opens or not documents:
                documents.append([])
                at = paragraph = 0
            elif any(_says(line, "newpar") for line in rows.comments):
                at, paragraph = documents[-1][-1].sentence.end + 1, paragraph + 1
            sentence, at = rows.framed(at, paragraph)
            documents[-1].append(sentence)
    except _Broken as broken:
        number, reason, remedy = broken.args
        return Problem(file, reason, remedy, f"line {number}")
    return documents or Problem(file, "it is empty", "Add a file that holds sentences")


def _sentences(text: str) -> Iterator[_Rows]:
    rows, begun = _Rows(), False
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line.strip():
            rows.take(number, line)
            begun = True
        elif begun:
            rows.close(number - 1)
            yield rows
            rows, begun = _Rows(), False


def _says(comment: str, word: str) -> bool:
    return comment.lstrip("# ").split(" ")[0] == word


def _spelled(words: list[str], form: str, at: int) -> list[Token]:
    """Words of one token: where they spell it each has its own letters, else each stands for all of it."""
    if "".join(words) != form:
        return [Token(at, at + len(form), word) for word in words]
    tokens = []
    for word in words:
        tokens.append(Token(at, at + len(word), word))
        at += len(word)
    return tokens
