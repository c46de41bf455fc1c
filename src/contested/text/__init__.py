"""Language, not war: sentences, words, who says them, when, how many and how surely."""

from contested.text.dates import TimeMention
from contested.text.numbers import NumberMention
from contested.text.reading import Clause, Reading, Speaker, clauses
from contested.text.sentences import Sentence, Token
from contested.text.tree import Tree
from contested.text.voices import Attribution, speech_lexicon

__all__ = [
    "Attribution",
    "Clause",
    "NumberMention",
    "Reading",
    "Sentence",
    "Speaker",
    "TimeMention",
    "Token",
    "Tree",
    "clauses",
    "speech_lexicon",
]
