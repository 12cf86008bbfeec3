"""Surge notes: what a reader must have beside the test's figures, the prior of a small-n answer first among it."""

from __future__ import annotations

from collections.abc import Iterator

from yardwatch.history.effect import ALARM_P
from yardwatch.history.power import WANTED_FACTOR, WANTED_POWER
from yardwatch.history.surge import Surge


def surge_notes(test: Surge) -> tuple[str, ...]:
    """The sentences."""
    return (*_few(test), *_enough(test), *_suspect(test))


def _few(test: Surge) -> Iterator[str]:
    found = test.small_n
    if found is None or found.p is None:
        return
    rests = f"{found.looks} comparable look{'' if found.looks == 1 else 's'} and {found.bounds} published bound"
    alone = "; this is the prior's answer, not the record's" if found.path == "prior" else ""
    yield (
        f"Few looks: from {rests}{'' if found.bounds == 1 else 's'} a count as high has a chance of {found.p:.2g} "
        f"({found.prior}){alone}."
    )


def _enough(test: Surge) -> Iterator[str]:
    if test.power and test.looks_enough is not None:
        yield (
            f"At this level and spread {test.looks_enough} comparable looks would show ×{WANTED_FACTOR:g} at "
            f"p ≤ {ALARM_P:g} in {WANTED_POWER:.0%} of cases."
        )
    elif test.power:
        yield f"At this level and spread no number of looks shows ×{WANTED_FACTOR:g} at p ≤ {ALARM_P:g} reliably."


def _suspect(test: Surge) -> Iterator[str]:
    if test.suspect:
        days = ", ".join(str(row.when) for row in test.suspect)
        yield f"Zeros that read like missing values, kept in the record but not fitted: {days}."
