"""spaCy in the encoder's place: its labels become ours, the words stay, and what is missing is said."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from contested.cli import run
from contested.errors import MissingPart
from contested.text import spacy_pipeline, tagging
from contested.text.clearnlp import universal
from contested.text.sentences import Sentence, sentences

# Word, part of speech, number of the head, ClearNLP label ⇒ number of the head, UD label.
TURNED = """
The DET 2 det ⇒ 2 det
town NOUN 4 nsubjpass ⇒ 4 nsubj:pass
was AUX 4 auxpass ⇒ 4 aux:pass
taken VERB 0 ROOT ⇒ 0 root
by ADP 4 agent ⇒ 6 case
rebels NOUN 5 pobj ⇒ 4 obl:agent
in ADP 6 prep ⇒ 8 case
May PROPN 7 pobj ⇒ 6 nmod

They PRON 2 nsubj ⇒ 2 nsubj
fled VERB 0 ROOT ⇒ 0 root
out ADP 2 prep ⇒ 6 case
of ADP 3 prep ⇒ 6 case
the DET 6 det ⇒ 6 det
town NOUN 4 pobj ⇒ 2 obl

He PRON 2 nsubj ⇒ 4 nsubj
is AUX 0 ROOT ⇒ 4 cop
n't PART 2 neg ⇒ 4 advmod
chief NOUN 2 attr ⇒ 0 root
of ADP 4 prep ⇒ 6 case
staff NOUN 5 pobj ⇒ 4 nmod

It PRON 2 nsubj ⇒ 3 nsubj
is AUX 0 ROOT ⇒ 3 cop
calm ADJ 2 acomp ⇒ 0 root

Troops NOUN 2 nsubj ⇒ 5 nsubj
are AUX 0 ROOT ⇒ 5 cop
in ADP 2 prep ⇒ 5 case
the DET 5 det ⇒ 5 det
city NOUN 3 pobj ⇒ 0 root

There PRON 2 expl ⇒ 2 expl
was AUX 0 ROOT ⇒ 0 root
peace NOUN 2 attr ⇒ 2 nsubj

Police NOUN 6 nsubj ⇒ 6 nsubj
, PUNCT 1 punct ⇒ 3 punct
troops NOUN 1 conj ⇒ 1 conj
and CCONJ 3 cc ⇒ 5 cc
rebels NOUN 3 conj ⇒ 1 conj
met VERB 0 ROOT ⇒ 0 root
them PRON 6 dobj ⇒ 6 obj

They PRON 2 nsubj ⇒ 2 nsubj
won VERB 0 ROOT ⇒ 0 root
by ADP 2 prep ⇒ 4 mark
taking VERB 3 pcomp ⇒ 2 advcl
it PRON 4 dobj ⇒ 4 obj

He PRON 2 nsubj ⇒ 2 nsubj
wants VERB 0 ROOT ⇒ 0 root
to PART 4 aux ⇒ 4 mark
rest VERB 2 xcomp ⇒ 2 xcomp
"""


@pytest.mark.parametrize("case", TURNED.strip().split("\n\n"), ids=lambda case: case.split()[0] + case.split()[7])
def test_a_clearnlp_tree_becomes_universal(case: str) -> None:
    rows = [line.replace("⇒ ", "").split() for line in case.splitlines()]
    words, parts, heads, labels, expected_heads, expected_labels = map(list, zip(*rows, strict=True))
    found = universal(words, parts, [int(head) - 1 for head in heads], labels)
    assert [head + 1 for head in found[0]] == [int(head) for head in expected_heads]
    assert found[1] == expected_labels


# ── a pipeline ───────────────────────────────────────────────────────────────────────────────────


@dataclass
class Word:
    """What spaCy says of a token."""

    i: int
    pos_: str
    dep_: str
    ent_iob_: str = "O"
    ent_type_: str = ""
    head: Any = None


def doc(*said: tuple[str, int, str, str]) -> list[Word]:
    """Tokens of (part of speech, index of the head, label, entity as IOB)."""
    words = [Word(i, pos, dep, *(entity.split("-") if entity else ("O", ""))) for i, (pos, _, dep, entity) in
             enumerate(said)]  # fmt: skip
    for word, (_, head, _, _) in zip(words, said, strict=True):
        word.head = words[head]
    return words


class Pipeline:
    """A stand-in for a loaded pipeline: every sentence gets the same tags."""

    vocab = None

    def __init__(self, labels: tuple[str, ...], *said: tuple[str, int, str, str]) -> None:
        self.pipe_labels = {"tagger": ("NN",), "parser": labels}
        self.said = said

    def pipe(self, docs: Iterator[Any]) -> Iterator[list[Word]]:
        return (doc(*self.said) for _ in docs)


SAID = (
    ("NOUN", 2, "nsubjpass", "B-NORP"),
    ("AUX", 2, "auxpass", ""),
    ("VERB", 2, "ROOT", ""),
    ("ADP", 2, "prep", ""),
    ("PROPN", 3, "pobj", "B-GPE"),
    ("PROPN", 4, "compound", "I-GPE"),
    ("NUM", 6, "ROOT", "B-CARDINAL"),
)


@pytest.fixture
def unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without spaCy's own document."""
    monkeypatch.setattr(spacy_pipeline, "_untagged", lambda _vocab, sentence: sentence)


@pytest.mark.usefixtures("unpacked")
def test_a_pipeline_tags_our_words() -> None:
    (before,) = sentences("Afghans were seen in Kandahar City 7")
    (after,) = spacy_pipeline.reader(Pipeline(("nsubj", "pobj"), *SAID))([before])
    assert [(t.start, t.end, t.text) for t in after.tokens] == [(t.start, t.end, t.text) for t in before.tokens]
    assert [t.pos for t in after.tokens] == ["NOUN", "AUX", "VERB", "ADP", "PROPN", "PROPN", "NUM"]
    assert [t.lemma for t in after.tokens[:3]] == ["afghan", "be", "see"]
    assert [(t.head, t.label) for t in after.tokens] == [
        (2, "nsubj:pass"), (2, "aux:pass"), (-1, "root"), (4, "case"), (2, "obl"), (4, "compound"), (2, "parataxis"),
    ]  # fmt: skip
    assert [t.entity for t in after.tokens] == ["B-GPE", "", "", "", "B-LOC", "I-LOC", ""]
    assert {t.speech for t in after.tokens} == {""}


@pytest.mark.usefixtures("unpacked")
def test_universal_labels_pass_through() -> None:
    said = (("NOUN", 1, "nsubj:pass", ""), ("VERB", 1, "ROOT", ""), ("NOUN", 1, "obl:agent", "B-PERSON"))
    (one,) = sentences("Towns fell Karzai")
    (after,) = spacy_pipeline.reader(Pipeline(("nsubj:pass", "obl:agent"), *said))([one])
    assert [(t.head, t.label) for t in after.tokens] == [(1, "nsubj:pass"), (-1, "root"), (1, "obl:agent")]
    assert after.tokens[2].entity == "B-PER"


@pytest.mark.usefixtures("unpacked")
@pytest.mark.parametrize(("said", "lack"), [(("", 0, "ROOT", ""), "parts of speech"), (("NOUN", 0, "", ""), "trees")])
def test_a_pipeline_that_lacks_a_part_is_told(said: tuple[str, int, str, str], lack: str) -> None:
    with pytest.raises(MissingPart, match=f"gives no {lack}.*en_core_web_sm"):
        spacy_pipeline.reader(Pipeline((), said))(list(sentences("Towns")))


@pytest.mark.usefixtures("unpacked")
def test_the_environment_puts_a_pipeline_in_the_encoder_s_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    named = []
    monkeypatch.setattr(spacy_pipeline, "load", lambda name: named.append(name) or Pipeline(("pobj",), *SAID))
    monkeypatch.setenv("CONTESTED_SPACY", "a_toy")
    tagging._tagger.cache_clear()
    (tmp_path / "a.txt").write_text("Afghans were seen in Kandahar City 7")
    try:
        assert run(["parse", str(tmp_path / "a.txt")]) == 0
    finally:
        tagging._tagger.cache_clear()
    assert named == ["a_toy"]
    assert "nsubj:pass" in capfd.readouterr().out


def test_missing_spacy_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    monkeypatch.setenv("CONTESTED_SPACY", "en_core_web_sm")
    (tmp_path / "a.txt").write_text("The town fell.")
    assert run(["parse", str(tmp_path / "a.txt")]) == 5
    err = capfd.readouterr().err
    assert "en_core_web_sm" in err
    assert "pip install 'contested[spacy]'" in err


# ── with spaCy itself ────────────────────────────────────────────────────────────────────────────


def test_a_missing_pipeline_is_told() -> None:
    pytest.importorskip("spacy")
    with pytest.raises(MissingPart, match="python -m spacy download no_such_pipeline"):
        spacy_pipeline.load("no_such_pipeline")


def test_a_blank_pipeline_is_told_what_it_lacks() -> None:
    spacy = pytest.importorskip("spacy")
    with pytest.raises(MissingPart, match="gives no parts of speech"):
        spacy_pipeline.reader(spacy.blank("en"))(list(sentences("The town fell.")))


def tiny(labels: tuple[str, str]) -> Any:
    """A pipeline that has learned next to nothing."""
    spacy = pytest.importorskip("spacy")
    from spacy.training import Example

    nlp = spacy.blank("en")
    nlp.add_pipe("morphologizer")
    nlp.add_pipe("parser", config={"min_action_freq": 1})
    told = {"words": ["Rebels", "fled", "towns"], "heads": [1, 1, 1], "deps": [labels[0], "ROOT", labels[1]],
            "pos": ["NOUN", "VERB", "NOUN"]}  # fmt: skip
    example = Example.from_dict(nlp.make_doc("Rebels fled towns"), told)
    nlp.initialize(lambda: [example])
    for _ in range(5):
        nlp.update([example])
    return nlp


@pytest.mark.parametrize("labels", [("nsubj", "dobj"), ("nsubj", "obj")])
def test_a_tiny_pipeline_reads_our_words_as_trees(labels: tuple[str, str]) -> None:
    read = spacy_pipeline.reader(tiny(labels))
    text = "They can't flee the U.S.-led troops. Rebels fled.\n\nYes\u0301! \x00 👍🏽\u200d took\u202e it."
    before = list(sentences(text))
    after = read(before)
    assert [[(t.start, t.end, t.text) for t in one.tokens] for one in after] == [
        [(t.start, t.end, t.text) for t in one.tokens] for one in before
    ]
    assert all(roots(one) == 1 for one in after)
    assert {t.pos for one in after for t in one.tokens} <= {"NOUN", "VERB"}
    assert after == read(before)


def roots(sentence: Sentence) -> int:
    return sum(token.head < 0 and token.label == "root" for token in sentence.tokens)
