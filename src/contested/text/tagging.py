"""Who tags the words: the shipped encoder, or the spaCy pipeline that CONTESTED_SPACY names."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cache

from contested.text.sentences import Sentence

Tagger = Callable[[Sequence[Sentence]], list[Sentence]]
PIPELINE = "CONTESTED_SPACY"


def read_tokens(batch: Sequence[Sentence]) -> list[Sentence]:
    """The same sentences, their words tagged; raises ModelError or MissingPart."""
    return _tagger(os.environ.get(PIPELINE, ""))(batch)


@cache
def _tagger(pipeline: str) -> Tagger:
    if pipeline:
        from contested.text import spacy_pipeline

        return spacy_pipeline.reader(spacy_pipeline.load(pipeline))
    from contested.text import encoder

    return encoder.read_tokens
