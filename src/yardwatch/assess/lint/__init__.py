"""The linter: what a sentence about a yard may not say, and what to say instead. English only.

The rules stand in `rules.toml`. A finding never means that a sentence is false, nor its absence that it is true:
the linter reads words, not the world.
"""
