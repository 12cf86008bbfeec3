"""Multiples said in one word: doubled, twice, threefold."""

from __future__ import annotations

from collections.abc import Mapping

from yardwatch.assess.lint.text import UNITS

_FOLDS = {f"{word}fold": n for word, n in UNITS.items() if 2 <= n <= 10}
MULTIPLES: Mapping[str, float] = {
    "doubled": 2, "doubling": 2, "twice": 2, "tripled": 3, "tripling": 3, "trebled": 3, "trebling": 3,
    "quadrupled": 4, "quadrupling": 4, "quintupled": 5, "quintupling": 5, **_FOLDS,
}  # fmt: skip
"""What each word multiplies by."""
A_MULTIPLE = "|".join(MULTIPLES)
"""Any of them, in a pattern."""
