"""A spaCy pipeline in the encoder's place: the same words, tagged by it.

Its labels come out as Universal Dependencies, whether it was trained on them or is one of spaCy's own for English. It
knows nothing of speech: who says what then rests on grammar and words alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from contested.errors import MissingPart
from contested.text.clearnlp import universal
from contested.text.lemmas import lemma
from contested.text.sentences import Sentence
from contested.text.tagging import PIPELINE, Tagger

_ENTITIES = {
    "PERSON": "PER", "PER": "PER", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC", "NORP": "GPE", "ORG": "ORG",
    "DATE": "TIM", "TIME": "TIM",
}  # fmt: skip


def load(name: str) -> Any:
    """The pipeline of this name or at this path; raises MissingPart without spaCy or without it."""
    try:
        import spacy
    except ImportError as fault:
        raise MissingPart(
            f"{PIPELINE} names the pipeline {name}, but spaCy is not installed: pip install 'contested[spacy]'"
        ) from fault
    try:
        return spacy.load(name)
    except Exception as fault:  # a pipeline is anybody's code
        reason = " ".join(str(fault).split())[:200]
        raise MissingPart(
            f"{PIPELINE} names the pipeline {name}, which spaCy cannot load ({reason}). "
            f"Install it: python -m spacy download {name}; or unset {PIPELINE}"
        ) from fault


def reader(nlp: Any) -> Tagger:
    """A loaded pipeline as a tagger; raises MissingPart if it gives no parts of speech or no trees."""
    clearnlp = any("pobj" in labels for labels in nlp.pipe_labels.values())

    def read_tokens(batch: Sequence[Sentence]) -> list[Sentence]:
        docs = nlp.pipe(_untagged(nlp.vocab, sentence) for sentence in batch)
        return [tagged(sentence, doc, clearnlp) for sentence, doc in zip(batch, docs, strict=True)]

    return read_tokens


def tagged(sentence: Sentence, doc: Sequence[Any], clearnlp: bool) -> Sentence:
    """A sentence with what spaCy's tokens, one for each word, say of its words."""
    parts = ["X" if word.pos_ == "SPACE" else word.pos_ for word in doc]
    labels = [word.dep_ for word in doc]
    if not all(parts) or not all(labels):
        raise MissingPart(
            f"the spaCy pipeline in {PIPELINE} gives no {'trees' if all(parts) else 'parts of speech'}: "
            "name one that has a tagger and a parser, such as en_core_web_sm"
        )
    heads = [-1 if word.head.i == word.i else word.head.i for word in doc]
    if clearnlp:
        heads, labels = universal([token.text for token in sentence.tokens], parts, heads, labels)
    root = heads.index(-1)
    tokens = []
    for i, (token, word) in enumerate(zip(sentence.tokens, doc, strict=True)):
        head, label = heads[i], labels[i]
        if head < 0:
            head, label = (-1, "root") if i == root else (root, "parataxis")
        kind = _ENTITIES.get(word.ent_type_, "")
        entity = f"{word.ent_iob_}-{kind}" if kind else ""
        tokens.append(
            replace(
                token, lemma=lemma(token.text, parts[i]), pos=parts[i], head=head, label=label, entity=entity, speech=""
            )
        )
    return replace(sentence, tokens=tuple(tokens))


def _untagged(vocab: Any, sentence: Sentence) -> Any:
    """Our words as spaCy's, in one sentence that it shall not cut."""
    from spacy.tokens import Doc

    tokens = sentence.tokens
    spaces = [before.end < after.start for before, after in pairwise(tokens)]
    starts = [i == 0 for i in range(len(tokens))]
    return Doc(vocab, words=[token.text for token in tokens], spaces=[*spaces, False], sent_starts=starts)
