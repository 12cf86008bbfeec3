"""Surge notes: what a reader must have beside the test's figures, the prior of a small-n answer first among it."""

from __future__ import annotations

from collections.abc import Iterator

from yardwatch.history.days import span_words
from yardwatch.history.effect import ALARM_P
from yardwatch.history.note import About, Note
from yardwatch.history.power import FACTORS, WANTED_POWER
from yardwatch.history.surge import Surge
from yardwatch.model.plural import noun

FITTED = "older than 26 weeks before the observed one, and on the same side of the declared breaks"
"""Which of the comparable looks a fit may take."""


def surge_notes(test: Surge) -> tuple[Note, ...]:
    """The notes."""
    return (*_few(test), *_enough(test), *_suspect(test))


def _few(test: Surge) -> Iterator[Note]:
    found = test.small_n
    if found is None or found.p is None:
        return
    looks = f"{found.looks} earlier {noun(found.looks, 'look')}"
    bounds = f"{found.bounds} published {noun(found.bounds, 'bound')}"
    alone = "; this is the prior's answer, not the record's" if found.path == "prior" else ""
    text = (
        f"Few looks: the test may rest on {looks} ({FITTED}) and {bounds}; from these a count as high has a chance of "
        f"{found.p:.2g} ({found.prior}){alone}."
    )
    yield Note(id="few-looks", about=About.TEST, text=text)


def _enough(test: Surge) -> Iterator[Note]:
    if not test.looks_enough:
        return
    if test.model is None:
        text = "No model could be fitted, so this record does not say how many looks would show a rise."
    elif all(n is None for n in test.looks_enough):
        text = (
            f"Traffic here varies so much that no number of looks would let one look at a rise of ×{max(FACTORS):g} or "
            f"less reach p ≤ {ALARM_P:g} in {WANTED_POWER:.0%} of cases."
        )
    else:
        needed = " / ".join("no number" if n is None else str(n) for n in test.looks_enough)
        factors = " / ".join(f"×{factor:g}" for factor in FACTORS)
        text = (
            f"Comparable looks needed for one look at a rise of {factors} to reach p ≤ {ALARM_P:g} in "
            f"{WANTED_POWER:.0%} of cases, at this level and spread: {needed}."
        )
    yield Note(id="looks-enough", about=About.TEST, text=text)


def _suspect(test: Surge) -> Iterator[Note]:
    if test.suspect:
        days = ", ".join(span_words(row.when) for row in test.suspect)
        text = f"Zeros that read like missing values, kept in the record but not fitted: {days}."
        yield Note(id="suspect", about=About.TEST, text=text, days=tuple(row.when for row in test.suspect))
