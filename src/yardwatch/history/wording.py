"""Wording: numbers in a sentence, never more exact than they were published or counted."""

from __future__ import annotations

from yardwatch.history.quantity import CARS, METRES, ends
from yardwatch.model import Observation, Role


def number(value: float) -> str:
    """A number as a reader wants it: whole where it is whole, else to one decimal."""
    return f"{round(value)}" if abs(value - round(value)) < 0.05 else f"{value:.1f}"


def said(row: Observation, *, unit: bool = False) -> str:
    """`about 73`, `41 (interval 38–45)`, `3` where published as exact, `at least 50` as the least; unit when asked."""
    lower, upper = ends(row)
    tail = f" {row.unit if row.value != 1 or row.unit != CARS else 'car'}" if unit else ""
    if row.role is Role.BOUND:
        stated = upper if upper is not None else lower
        return f"{'' if row.outright else 'about '}{number(stated or 0.0)}{tail}"
    if row.value is None:
        return "no number"
    shown = number(round(row.value) if row.unit in {CARS, METRES} else row.value)
    if row.floor:
        return f"at least {shown}{tail}"
    if lower is None or upper is None:
        return f"{'' if row.outright else 'about '}{shown}{tail}"
    if lower == upper:
        return f"{shown}{tail}"
    return f"{shown}{tail} (interval {number(lower)}–{number(upper)})"
