"""Who says what: source, cue and content tags, derived from gold trees or from the reading gold."""

from __future__ import annotations

import json
import tomllib
from itertools import pairwise
from pathlib import Path

from .examples import Example

REPORTING = tomllib.loads(Path(__file__).with_name("reporting.toml").read_text(encoding="utf-8"))
SAID = frozenset(REPORTING["said"])
QUOTING = frozenset(":,\"“‘'")
NOMINAL = frozenset({"the", "a", "an", "its", "his", "her", "their", "this", "that", "no", "poor", "'s"})
VERBS = SAID | frozenset(REPORTING["believed"])


def inflect(lemma: str) -> set[str]:
    """Regular English forms of a verb, and the irregular ones listed."""
    stem = lemma.removesuffix("e")
    forms = {lemma, lemma + "s", stem + "ed", stem + "ing", *REPORTING["irregular"].get(lemma, ())}
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        forms |= {lemma[:-1] + "ies", lemma[:-1] + "ied"}
    if lemma.endswith(("s", "sh", "ch", "ss")):
        forms.add(lemma + "es")
    return forms


FORMS = frozenset(form for lemma in VERBS for form in inflect(lemma))


class _Tree:
    def __init__(self, example: Example) -> None:
        self.example = example
        self.children: list[list[int]] = [[] for _ in example.words]
        for word, head in enumerate(example.heads):
            if head >= 0:
                self.children[head].append(word)

    def child(self, word: int, *labels: str) -> int:
        return next((c for c in self.children[word] if self.example.labels[c] in labels), -1)

    def under(self, word: int) -> set[int]:
        found, todo = {word}, [word]
        while todo:
            for child in self.children[todo.pop()]:
                if child not in found:
                    found.add(child)
                    todo.append(child)
        return found

    def depth(self, word: int) -> int:
        steps = 0
        while self.example.heads[word] >= 0 and steps < 500:
            word, steps = self.example.heads[word], steps + 1
        return steps

    def trim(self, words: set[int]) -> set[int]:
        """Without commas and dashes at the edges; quotation marks stay."""
        kept = sorted(words)
        outside = {",", ":", ";", "-", "–", "—", ".", "--"}
        while kept and self.example.words[kept[0]] in outside:
            kept.pop(0)
        while kept and self.example.words[kept[-1]] in outside:
            kept.pop()
        return set(kept)


def of_tree(example: Example) -> Example:
    """Fill the speech layer from the gold tree: outermost voices only, as a flat layer must."""
    tree = _Tree(example)
    speech: list[str | None] = [""] * len(example.words)
    for word in sorted(range(len(speech)), key=tree.depth):
        if speech[word] == "content":
            continue
        for kind, words in (_verb(tree, word) or _phrase(tree, word)).items():
            for one in words:
                if not speech[one]:
                    speech[one] = kind
    example.speech = speech
    return example


def _verb(tree: _Tree, verb: int) -> dict[str, set[int]]:
    example = tree.example
    lemma = example.lemmas[verb]
    if example.upos[verb] != "VERB" or lemma not in VERBS:
        return {}
    content = _content(tree, verb, lemma)
    source = _source(tree, verb)
    if not content:
        return {}
    cue = {verb, *(c for c in tree.children[verb] if example.labels[c] == "compound:prt")}
    return {"cue": cue, "source": tree.trim(source - content - cue), "content": tree.trim(content - cue)}


def _content(tree: _Tree, verb: int, lemma: str) -> set[int]:
    example = tree.example
    said = tree.child(verb, "ccomp")
    if said < 0 and lemma in SAID:
        said = next(
            (
                c
                for c in tree.children[verb]
                if example.labels[c] == "parataxis" and c > verb and QUOTING & set(example.words[verb + 1 : c])
            ),
            -1,
        )
    if said >= 0:
        words = tree.under(said)
        mark = tree.child(said, "mark")
        return words - {mark} if mark >= 0 and example.lemmas[mark] in ("that", "if", "whether") else words
    if lemma in SAID and example.labels[verb] == "parataxis" and tree.child(verb, "nsubj") >= 0:
        return tree.under(example.heads[verb]) - tree.under(verb)
    if lemma in ("accuse", "blame", "deny", "allege", "predict", "cite"):
        kinds = {"obj", "obl", "advcl", "xcomp"}
        return set().union(*(tree.under(c) for c in tree.children[verb] if example.labels[c] in kinds))
    return set()


def _source(tree: _Tree, verb: int) -> set[int]:
    at = verb
    for _ in range(4):
        subject = tree.child(at, "nsubj", "obl:agent", "nsubj:pass") if at == verb else tree.child(at, "nsubj")
        if subject >= 0:
            words = tree.under(subject)
            by = tree.child(subject, "case")
            return words - {by}
        if tree.example.labels[at] not in ("advcl", "conj", "xcomp") or tree.example.heads[at] < 0:
            return set()
        at = tree.example.heads[at]
    return set()


def _phrase(tree: _Tree, word: int) -> dict[str, set[int]]:
    example = tree.example
    if example.words[word].lower() != "according" or example.words[word + 1 : word + 2] != ["to"]:
        return {}
    source = example.heads[word] if example.labels[word] == "case" else tree.child(word, "obl", "nmod")
    if source < 0:
        return {}
    top = source if example.labels[word] == "case" else word
    clause = example.heads[top]
    cue = {word, word + 1}
    said = tree.under(clause) - tree.under(top) if clause >= 0 else set()
    return {"cue": cue, "source": tree.trim(tree.under(source) - cue), "content": tree.trim(said)}


def readings(gold: Path) -> dict[str, dict]:
    """Sentence id → its line of the reading gold."""
    with (gold / "read_train.jsonl").open(encoding="utf-8") as file:
        return {line["id"]: line for line in map(json.loads, file)}


def of_reading(words: list[str], line: dict) -> list[str | None]:
    """The speech layer of one gold sentence; None where the gold does not say (quotes are shorter than contents)."""
    given = [reading for one in line["assertions"] for reading in one["readings"] if reading.get("voices")]
    if not given:
        return [""] * len(words)
    starts, joined = [], ""
    for word in words:
        starts.append(len(joined))
        joined += word
    speech: list[str | None] = [None] * len(words)

    def mark(phrase: str, kind: str) -> list[int]:
        bare = "".join(phrase.split())
        at = joined.find(bare)
        if at < 0:
            return []
        hit = [i for i, start in enumerate(starts) if at <= start < at + len(bare)]
        for i in hit:
            if speech[i] is None or kind == "source":
                speech[i] = kind
        return hit

    for reading in given:
        mark(reading["voices"][0], "source")
    for reading in given:
        mark(reading["quote"], "content")
    _cues(words, speech)
    return speech


def _cues(words: list[str], speech: list[str | None]) -> None:
    """Mark reporting words outside contents, and close the gaps whose tag is certain."""
    lower = [word.lower() for word in words]
    for i, word in enumerate(lower):
        if word == "according" and lower[i + 1 : i + 2] == ["to"]:
            speech[i] = speech[i + 1] = "cue"
        elif (
            word in FORMS
            and speech[i] is None
            and lower[max(0, i - 1)] not in NOMINAL
            and "source" in speech[max(0, i - 12) : i + 9]
        ):
            speech[i] = "cue"
    content = [i for i, kind in enumerate(speech) if kind == "content"]
    cues = [i for i, kind in enumerate(speech) if kind == "cue"]
    for cue in cues:
        after = next((i for i in content if i > cue), None)
        stop = next((i for i in range(cue + 1, len(words)) if speech[i] is not None), len(words))
        if after == stop and after - cue <= 8:
            for i in range(cue + 1, after):
                speech[i] = ""
    for left, right in pairwise(content):
        if all(speech[i] is None for i in range(left + 1, right)):
            speech[left + 1 : right] = ["content"] * (right - left - 1)
    if words[-1] in ".!?" and speech[-1] is None:
        speech[-1] = ""
