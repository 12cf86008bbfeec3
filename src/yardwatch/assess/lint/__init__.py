"""The linter: what a sentence about a yard may not say, and what to say instead. English only.

The rules stand in `rules.toml`. A finding never means that a sentence is false, nor its absence that it is true:
the linter reads words, not the world.
"""

from yardwatch.assess.lint.against import against
from yardwatch.assess.lint.finding import Finding
from yardwatch.assess.lint.lexicon import Lexicon, read_lexicon
from yardwatch.assess.lint.linter import lint
from yardwatch.assess.lint.statements import Statement
from yardwatch.assess.lint.text import Sentence, sentences

__all__ = ["Finding", "Lexicon", "Sentence", "Statement", "against", "lint", "read_lexicon", "sentences"]
