"""Units: amounts carried from one unit to another, only through stated wagon pitches, with the uncertainty carried on.

`cars = metres ÷ 13.92` (gondola 12-132, the commonest stock), least `÷ 16.44` (boxcar P63), most `÷ 12.02` (tank
15-1547), applied to the ends of the row's own interval where it has one. Metres of train include locomotives and gaps:
the least may still be too high by a locomotive or two, and the statement says so. `% filled` has no pitch: without the
length of track it stands for, it is never carried over. A converted amount is shown; it never enters a baseline.
"""

from __future__ import annotations

from dataclasses import dataclass

from yardwatch.history.quantity import (
    CARS,
    LONGEST_WAGON_M,
    METRES,
    SHORTEST_WAGON_M,
    WAGON_PITCH_M,
    known,
    lower_end,
    upper_end,
)
from yardwatch.model import Observation

PITCHES = f"{WAGON_PITCH_M} m a wagon ({SHORTEST_WAGON_M}–{LONGEST_WAGON_M} m); locomotives and gaps included"


@dataclass(frozen=True, kw_only=True)
class Converted:
    """A row's amount in another unit."""

    observation: Observation
    unit: str
    value: float
    lower: float
    upper: float
    through: str
    """The pitches used, in words."""


def convert(look: Observation, unit: str) -> Converted | str:
    """The amount in `unit`, or the sentence that says why it cannot be carried over."""
    if look.value is None:
        return f"observation {look.id} has no value to carry over"
    if {look.unit, unit} != {CARS, METRES}:
        return f"{look.unit} cannot be carried to {unit}: no pitch joins them"
    low, high = lower_end(look), upper_end(look)
    if unit == CARS:
        ends = (known(look) / WAGON_PITCH_M, low / LONGEST_WAGON_M, high / SHORTEST_WAGON_M)
    else:
        ends = (known(look) * WAGON_PITCH_M, low * SHORTEST_WAGON_M, high * LONGEST_WAGON_M)
    return Converted(observation=look, unit=unit, value=ends[0], lower=ends[1], upper=ends[2], through=PITCHES)
