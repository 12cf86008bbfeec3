"""Admiralty grades as weights: how much a fact counts by who stands behind it.

A grade is two marks given apart: reliability of the source (A to F) and credibility of what it says (1 to 6); F and 6
mean *cannot be judged* (NATO AJP-2.1). The weights are a convention of this software, not of the source: equal steps
from 1 down to 0.2, and half for what cannot be judged. A fact nobody has graded counts like F6. The order of the
hypotheses should not hang on them; `weighing` shows where it does.
"""

from __future__ import annotations

RELIABILITY = {"A": 1.0, "B": 0.8, "C": 0.6, "D": 0.4, "E": 0.2, "F": 0.5}
CREDIBILITY = {"1": 1.0, "2": 0.8, "3": 0.6, "4": 0.4, "5": 0.2, "6": 0.5}
UNGRADED = "F6"


def weight(grade: str) -> float:
    """Weight of a grade such as `B2` (0.64); of no grade, that of F6 (0.25)."""
    given = grade or UNGRADED
    return round(RELIABILITY[given[0]] * CREDIBILITY[given[1]], 4)
