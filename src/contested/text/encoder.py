"""One small trained encoder with several heads: part of speech, dependencies, names, and who says what.

MiniLM-L6 with a casing embedding, int8, run by onnxruntime on one thread. How it was trained and what it scores:
training/MODEL_CARD.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contested.errors import ModelError
from contested.text import decode
from contested.text.lemmas import lemma, lines_of
from contested.text.naming import named
from contested.text.pieces import EDGE, WordPieces, casing
from contested.text.remembered import Memory
from contested.text.sentences import Sentence, Token
from contested.text.telling import Telling

WINDOW = 200  # words the encoder reads at once
_PIECES_A_WORD = 16
_LETTERS_A_WORD = 2_000
_PIECES_A_WINDOW = 400
_PIECES_A_BATCH = 1  # int8 scales are taken over a batch: alone, a sentence is always read the same way
_FILES = (
    "encoder.onnx",
    "label_scores.npz",
    "labels.json",
    "vocabulary.txt",
    "names.tsv",
    "telling.onnx",
    "telling.json",
)
_OUTPUTS = ("upos", "arcs", "label_word", "label_head", "gmb", "speech", "vectors")
_SLOWER = ["SkipLayerNormFusion"]  # its kernel takes 50 us where adding and norming take 11 (onnxruntime 1.31)
_BREAKS = frozenset(';:,.!?…—–)”"')

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class _Model:
    session: Any
    pieces: WordPieces
    tags: dict[str, list[str]]
    label_weight: Array
    label_bias: Array
    follow: Array
    memory: Memory
    telling: Telling


@dataclass(frozen=True, slots=True)
class _Window:
    """Part of a sentence that fits the encoder: which sentence, its first word, its words and their pieces."""

    sentence: int
    first: int
    tokens: tuple[Token, ...]
    pieces: tuple[tuple[int, ...], ...]

    @property
    def length(self) -> int:
        return 2 + sum(map(len, self.pieces))


def read_tokens(batch: Sequence[Sentence]) -> list[Sentence]:
    """The same sentences, their words tagged (lemma, pos, head, label, entity, speech); raises ModelError.

    A sentence too long for the encoder is read in windows cut after a mark where there is one: later windows hang from
    the first one's root as parataxis. The sentences are taken for one report: names that recur agree on their kind.
    """
    if not batch:
        return []
    model = _model()
    windows = [window for i, sentence in enumerate(batch) for window in _windows(i, sentence.tokens, model.pieces)]
    read: dict[tuple[int, int], tuple[list[Token], Array]] = {}
    for group in _groups(windows):
        for window, tagged in zip(group, _read(model, group), strict=True):
            read[window.sentence, window.first] = tagged
    found: list[list[Token]] = [[] for _ in batch]
    for (sentence, first), tokens in _with_names(model, read):
        found[sentence] += _hang(found[sentence], tokens, first)
    return [replace(sentence, tokens=tuple(tokens)) for sentence, tokens in zip(batch, found, strict=True)]


def whole(word: str) -> bool:
    """Whether the vocabulary has a word, or a name, in one piece; raises ModelError."""
    return len(_model().pieces(word)) == 1


def remembered(word: str) -> bool:
    """Whether a word, written with a capital, is known by heart as a name; raises ModelError."""
    return _model().memory.names(word)


def _with_names(
    model: _Model, read: dict[tuple[int, int], tuple[list[Token], Array]]
) -> Iterator[tuple[tuple[int, int], list[Token]]]:
    """The windows in order, their words with name tags."""
    places = sorted(read)
    words = [[token.text for token in read[place][0]] for place in places]
    scores = [model.memory.lean(own, read[place][1]) for place, own in zip(places, words, strict=True)]
    kinds = named(words, scores, model.tags["gmb"], model.follow)
    for place, tags in zip(places, kinds, strict=True):
        pairs = zip(read[place][0], tags, strict=True)
        yield place, [token if tag == "O" else replace(token, entity=tag) for token, tag in pairs]


@cache
def _model() -> _Model:
    """The shipped files, loaded once."""
    folder = files(__package__) / "model"
    name = _FILES[0]
    try:
        with as_file(folder / name) as path:
            session = _session(path)
        sizes = _sizes(session)
        name = _FILES[1]
        with as_file(folder / name) as path, np.load(path, allow_pickle=False) as scores:
            weight, bias, follow = scores["weight"], scores["bias"], scores["follow"]
        sizes["labels"] = _labels_scored(weight, bias, follow, sizes)
        name = _FILES[2]
        tags = _names(json.loads((folder / name).read_text(encoding="utf-8")), sizes)
        name = _FILES[3]
        pieces = {piece: i for i, piece in enumerate(lines_of(folder / name))}
        name = _FILES[4]
        memory = Memory(list(lines_of(folder / name)), tags["gmb"])
        name = _FILES[5]
        with as_file(folder / name) as path:
            network = _session(path)
        name = _FILES[6]
        telling = Telling(network, json.loads((folder / name).read_text(encoding="utf-8")), tags)
        return _Model(session, WordPieces(pieces), tags, weight, bias, follow, memory, telling)
    except Exception as error:
        raise ModelError.damaged(folder / name, "the reader's model file", error) from error


def _session(path: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOWER
    )


def _sizes(session: Any) -> dict[str, int]:
    """How many numbers each output gives for a word; raises ValueError where one is missing."""
    sizes = {output.name: output.shape[-1] for output in session.get_outputs()}
    if missing := set(_OUTPUTS) - set(sizes):
        raise ValueError(f"no output {', '.join(sorted(missing))}")
    return sizes


def _labels_scored(weight: Array, bias: Array, follow: Array, sizes: dict[str, int]) -> int:
    if bias.ndim != 1 or weight.shape != (sizes["label_word"], len(bias)):
        raise ValueError(f"weights {weight.shape} and bias {bias.shape} for vectors of {sizes['label_word']}")
    if follow.shape != (sizes["gmb"], sizes["gmb"]):
        raise ValueError(f"{follow.shape} steps for {sizes['gmb']} tags of names")
    return len(bias)


def _names(tags: dict[str, list[str]], sizes: dict[str, int]) -> dict[str, list[str]]:
    """The names of what the encoder scores; raises ValueError where they are not as many as the scores."""
    found = {head: [str(tag) for tag in tags[head]] for head in ("upos", "labels", "gmb", "speech")}
    for head, names in found.items():
        if len(names) != sizes[head]:
            raise ValueError(f"{len(names)} names under {head!r} for {sizes[head]} scores")
    if "root" not in found["labels"]:
        raise ValueError("no label 'root'")
    return found


def _windows(sentence: int, tokens: tuple[Token, ...], cut: WordPieces) -> Iterator[_Window]:
    pieces = [cut(token.text[:_LETTERS_A_WORD])[:_PIECES_A_WORD] for token in tokens]
    first = 0
    while first < len(tokens):
        end, size = first, 0
        while end < len(tokens) and end - first < WINDOW and size + len(pieces[end]) <= _PIECES_A_WINDOW:
            size += len(pieces[end])
            end += 1
        if end < len(tokens):
            later = range(end - 1, first + (end - first) // 2, -1)
            end = next((at + 1 for at in later if tokens[at].text in _BREAKS), end)
        yield _Window(sentence, first, tokens[first:end], tuple(pieces[first:end]))
        first = end


def _groups(windows: list[_Window]) -> Iterator[list[_Window]]:
    """Windows of similar length together, so that little is padding."""
    group: list[_Window] = []
    for window in sorted(windows, key=lambda one: one.length):
        if group and window.length * (len(group) + 1) > _PIECES_A_BATCH:
            yield group
            group = []
        group.append(window)
    if group:
        yield group


def _read(model: _Model, group: list[_Window]) -> Iterator[tuple[list[Token], Array]]:
    """Words with all their tags but those of names, and the scores of these."""
    outputs = dict(zip(_OUTPUTS, model.session.run(_OUTPUTS, _numbers(model.pieces, group)), strict=True))
    for row, window in enumerate(group):
        size = len(window.tokens)
        upos, arcs, label_word, entity, speech = (
            outputs[name][row, :size] for name in ("upos", "arcs", "label_word", "gmb", "speech")
        )
        heads = decode.tree(arcs[:, : size + 1])
        pairs = np.maximum(label_word + outputs["label_head"][row][heads], 0.0) @ model.label_weight + model.label_bias
        labels = _labels(pairs, heads, model.tags["labels"])
        parts = [model.tags["upos"][i] for i in upos.argmax(1)]
        voices = _voices([model.tags["speech"][i] for i in speech.argmax(1)])
        told = model.telling(outputs["vectors"][row, :size], upos.argmax(1), labels, heads)
        tokens = [
            Token(
                token.start,
                token.end,
                token.text,
                lemma(token.text, parts[i]),
                parts[i],
                int(heads[i]) - 1,
                labels[i],
                speech=voices[i],
                tells=told[i],
            )
            for i, token in enumerate(window.tokens)
        ]
        yield tokens, entity


def _numbers(cut: WordPieces, group: list[_Window]) -> dict[str, Array]:
    shape = (len(group), max(window.length for window in group))
    pieces, cases = np.zeros(shape, np.int64), np.full(shape, EDGE, np.int64)
    first = np.zeros((len(group), max(len(window.tokens) for window in group)), np.int64)
    for row, window in enumerate(group):
        flat, case, at = [cut.begin], [EDGE], []
        for token, ids in zip(window.tokens, window.pieces, strict=True):
            at.append(len(flat))
            flat += ids
            case += [casing(token.text)] * len(ids)
        pieces[row, : len(flat) + 1] = [*flat, cut.end]
        cases[row, : len(case)] = case
        first[row, : len(at)] = at
    return {"pieces": pieces, "casing": cases, "first": first}


def _labels(scores: Array, heads: Array, names: list[str]) -> list[str]:
    """Best label of each arc; `root` for the root and for no other word."""
    root = names.index("root")
    scores = scores.copy()
    scores[heads != 0, root] = -np.inf
    return ["root" if heads[i] == 0 else names[best] for i, best in enumerate(scores.argmax(1))]


def _voices(speech: list[str]) -> list[str]:
    """A source needs a cue in its sentence; content may go on without one, as quotations over sentences do."""
    return speech if "cue" in speech else ["" if kind == "source" else kind for kind in speech]


def _hang(before: list[Token], tokens: list[Token], first: int) -> list[Token]:
    """Tokens of a later window, their heads counted in the sentence, their root under the first window's root."""
    if not before:
        return tokens
    root = next(i for i, token in enumerate(before) if token.head < 0)
    return [
        replace(token, head=root, label="parataxis") if token.head < 0 else replace(token, head=token.head + first)
        for token in tokens
    ]
