"""Planning: how many looks a month would have caught a surge in time.

A provider passes over every `every_days`; a pass gives a usable look with chance `clear`, and cloudy days come in
spells: the state of the sky keeps between passes with correlation `persistence ** days` (a two-state Markov chain).
A usable look raises the alarm with chance `power`. The surge begins at any time between two passes.

    P(caught within D) = average over the phase u ~ U(0, every) of
                         1 − P(no alarm at passes u, u + every, … ≤ D)

with the number of passes within D either ⌊D/every⌋ or one more, so that the average is exact and needs no simulation.
Own method; the chain is the two-state weather model of Gabriel and Neumann (1962).
"""

from __future__ import annotations

from dataclasses import dataclass

from yardwatch.model.refuse import refuse

DAYS_A_MONTH = 30.4375
WANTED = 0.9
"""Chance of being in time that counts as caught, where none is given."""
MOST_PASSES = 8
"""A day: beyond it no provider goes."""


@dataclass(frozen=True, kw_only=True)
class Cadence:
    """How a site is looked at."""

    every_days: float
    """Between passes."""
    clear: float
    """Share of passes that give a usable look."""
    power: float = 1.0
    """Chance that one usable look at the surge raises the alarm; from the power table."""
    persistence: float = 0.0
    """Correlation of the sky from one day to the next; 0: each pass for itself."""

    def __post_init__(self) -> None:
        refuse(not self.every_days > 0, f"a pass every {self.every_days} days is no cadence")
        refuse(not 0 <= self.clear <= 1, f"clear share {self.clear} lies outside 0..1")
        refuse(not 0 <= self.power <= 1, f"power {self.power} lies outside 0..1")
        refuse(not 0 <= self.persistence < 1, f"persistence {self.persistence} lies outside 0..1")

    @property
    def looks_a_month(self) -> float:
        """Usable looks expected in a month."""
        return DAYS_A_MONTH / self.every_days * self.clear


@dataclass(frozen=True, kw_only=True)
class Needed:
    """What it takes to catch a surge within a delay."""

    within_days: float
    wanted: float
    passes_a_month: float
    looks_a_month: float
    """Usable ones."""
    chance: float
    """Reached with it; at least `wanted`."""


def caught(cadence: Cadence, within_days: float) -> float:
    """Chance that the alarm is raised within so many days of the beginning. Raises ValueError for a negative delay."""
    refuse(within_days < 0, f"a delay of {within_days} days is negative")
    whole, rest = divmod(within_days, cadence.every_days)
    share = rest / cadence.every_days
    missed = _missed(cadence, int(whole) + 1)
    return 1 - (1 - share) * missed[int(whole)] - share * missed[int(whole) + 1]


def delay(cadence: Cadence, share: float = WANTED) -> float | None:
    """Days within which the alarm is raised with chance `share`; None where a year of passes does not reach it."""
    refuse(not 0 < share < 1, f"a share of {share} lies outside 0..1")
    low, high = 0.0, 366.0
    if caught(cadence, high) < share:
        return None
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (middle, high) if caught(cadence, middle) < share else (low, middle)
    return high


def needed(cadence: Cadence, within_days: float, wanted: float = WANTED) -> Needed | None:
    """The fewest passes a month that catch a surge within the delay with the wanted chance; None if none would.

    Clouds, power and persistence are those of `cadence`; its own passes are not looked at.
    """
    refuse(not 0 < wanted < 1, f"a wanted chance of {wanted} lies outside 0..1")
    most = MOST_PASSES * DAYS_A_MONTH
    if caught(_with_passes(cadence, most), within_days) < wanted:
        return None
    low, high = 1 / DAYS_A_MONTH, most
    while high - low > 1e-4 * high:
        middle = (low * high) ** 0.5
        low, high = (middle, high) if caught(_with_passes(cadence, middle), within_days) < wanted else (low, middle)
    found = _with_passes(cadence, high)
    return Needed(
        within_days=within_days,
        wanted=wanted,
        passes_a_month=high,
        looks_a_month=found.looks_a_month,
        chance=caught(found, within_days),
    )


def _with_passes(cadence: Cadence, passes_a_month: float) -> Cadence:
    every = DAYS_A_MONTH / passes_a_month
    return Cadence(every_days=every, clear=cadence.clear, power=cadence.power, persistence=cadence.persistence)


def _missed(cadence: Cadence, passes: int) -> list[float]:
    """Chance of no alarm after 0, 1, … passes; the sky of the first is at its usual share."""
    keep = cadence.persistence**cadence.every_days
    clear, cloudy = cadence.clear, 1 - cadence.clear
    chances = [1.0]
    for _ in range(passes):
        clear *= 1 - cadence.power
        chances.append(clear + cloudy)
        clear, cloudy = (
            clear * (keep + (1 - keep) * cadence.clear) + cloudy * (1 - keep) * cadence.clear,
            clear * (1 - keep) * (1 - cadence.clear) + cloudy * (keep + (1 - keep) * (1 - cadence.clear)),
        )
    return chances
