"""Quantities: the ends of an observation's interval, and amounts carried between units.

Cars and metres of train are joined only through the lengths over couplers of real stock: metres ÷ the longest
common wagon is the least number of cars such a row can hold. `% filled` is never carried over to cars.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from yardwatch.model import Count, Observation

CARS = "cars"
METRES = "metres of train"

WAGON_PITCH_M = 13.92
"""Metres over couplers of the Russian gondola 12-132, the commonest stock on the line."""
LONGEST_WAGON_M = 16.44
"""Metres over couplers of the Chinese P63 boxcar: metres ÷ this is the lower car equivalent."""
SHORTEST_WAGON_M = 12.02
"""Metres over couplers of the tank wagon 15-1547: metres ÷ this is the upper car equivalent."""
INTERVAL_LEVEL = 0.9
"""Level of the interval read off an own count's pmf where its ends were not stored."""


def known(look: Observation) -> float:
    """The value of a look that has one. Raises ValueError otherwise."""
    if look.value is None:
        raise ValueError(f"observation {look.id} has no value")
    return look.value


def ends(look: Observation) -> tuple[float | None, float | None]:
    """Lower and upper end as published or counted; from the pmf where only that is there; else None, None."""
    if look.lower is None and look.upper is None and look.pmf is not None:
        lower, upper = Count(np.asarray(look.pmf, float), level=INTERVAL_LEVEL).interval
        return float(lower), float(upper)
    return look.lower, look.upper


def lower_end(look: Observation) -> float:
    """The lower end, or the value where no lower end is known."""
    lower = ends(look)[0]
    return known(look) if lower is None else lower


def upper_end(look: Observation) -> float:
    """The upper end, or the value where no upper end is known."""
    upper = ends(look)[1]
    return known(look) if upper is None else upper


def at_least(look: Observation, unit: str) -> float | None:
    """The least amount of `unit` a look stands for; None where its unit cannot be carried to `unit`."""
    if look.unit == unit:
        return lower_end(look)
    if {look.unit, unit} != {CARS, METRES}:
        return None
    if look.value == 0 and not ends(look)[1]:
        return 0.0
    return lower_end(look) / LONGEST_WAGON_M if unit == CARS else None


def about(look: Observation, unit: str) -> float | None:
    """The value in `unit`, read high where metres of train stand for cars; None where it cannot be carried over."""
    if look.unit == unit:
        return known(look)
    if at_least(look, unit) is None:
        return None
    return upper_end(look) / SHORTEST_WAGON_M


def in_cars(amount: float, unit: str) -> float:
    """Cars, or metres of train as car equivalents at the common pitch. Raises ValueError for another unit."""
    if unit == CARS:
        return amount
    if unit == METRES:
        return amount / WAGON_PITCH_M
    raise ValueError(f"{unit!r} cannot be read as cars; only {CARS!r} and {METRES!r} can")


def one_a_day(looks: Sequence[Observation]) -> tuple[Observation, ...]:
    """One look a date: an own count before a published one, then the higher; in order of date."""
    best = {look.when: look for look in sorted(looks, key=lambda look: (look.own, known(look)))}
    return tuple(best[when] for when in sorted(best, key=lambda when: (when.latest, when.earliest)))


def highest(looks: Sequence[Observation]) -> Observation | None:
    """The look of the highest value; of equals the one with the higher upper end, then the older."""
    return max(looks, key=lambda x: (known(x), upper_end(x), -x.when.latest.toordinal()), default=None)
