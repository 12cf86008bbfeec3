"""Superlatives: "unprecedented", "highest", "record" only with window, zone, unit and the number of looks."""

from __future__ import annotations

from yardwatch.assess.lint.finding import Finding
from yardwatch.assess.lint.lexicon import Lexicon
from yardwatch.assess.lint.matching import hit, met, report
from yardwatch.assess.lint.text import Sentence

PARTS = {"n": "the number of looks (n)", "window": "the window", "zone": "the zone", "unit": "the unit"}


def superlative(sentence: Sentence, text: str, lexicon: Lexicon) -> Finding | None:
    """A superlative that lacks one of its parts."""
    rule = lexicon.rule("superlative")
    found = hit(rule, text)
    if found is None:
        return None
    missing = [name for part, name in PARTS.items() if not met(rule.lists[f"parts.{part}"], text)]
    return report(rule, sentence, hit=found[0].strip(), missing=", ".join(missing)) if missing else None
