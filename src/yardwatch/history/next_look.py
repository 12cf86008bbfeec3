"""Next look: which existing scene is most worth buying, and which counts a person should review first.

**Buying.** The onset lies somewhere in the gaps of its posterior, evenly within each. A scene of day t, if usable,
shows *raised* with chance `power` where the onset is on or before t and with `false_alarm` where it is later. Its
worth is the expected fall of the onset's entropy, in bits, by what it would show:

    I(t) = usable · [H(q) − F(t)·H(power) − (1 − F(t))·H(false_alarm)],   q = F(t)·power + (1 − F(t))·false_alarm

`F(t)` the chance that the onset is on or before t, `H` the entropy of a yes or no. Ranked by bits, or bits a unit of
cost where costs are given (Lindley 1956).

**Reviewing.** Detector counts g and a budget of n reviews: scenes are drawn with replacement with chance ∝ g + floor,
and the true total is estimated from the reviewed counts f as `mean(f / chance)`, unbiased whatever the detector does,
exact where it is right up to a factor (DISCount: Perez, Maji and Sheldon 2024, AAAI 38, 22294–22302).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import log2

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t as student

from yardwatch.history.assessment import GapChance
from yardwatch.model.refuse import refuse

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Offer:
    """An existing scene that could be bought or reviewed."""

    id: str
    day: date
    usable: float = 1.0
    """Chance that it shows the zone: its cloud-free share, or one minus the provider's cloud cover."""
    cost: float | None = None


@dataclass(frozen=True, kw_only=True)
class Worth:
    """What an offer would tell."""

    offer: Offer
    bits: float
    """Expected fall of the onset's entropy."""
    bits_a_cost: float | None
    """None without a cost."""
    raised: float
    """Chance that it shows the surge already there, if usable."""


@dataclass(frozen=True, kw_only=True)
class Total:
    """A total estimated from reviewed scenes."""

    value: float
    error: float | None
    """Standard error; None with a single review."""
    lower: float | None
    upper: float | None
    reviews: int


def worth_buying(
    offers: Sequence[Offer], onset: Sequence[GapChance], power: float = 0.9, false_alarm: float = 0.01
) -> tuple[Worth, ...]:
    """Offers, the most telling first: by bits a cost where every offer has one, else by bits; then by day.

    `onset` holds the gaps of the posterior; for an onset known as one interval, that interval with probability one.
    Raises ValueError for no gaps, chances outside 0..1 or a cost that is not positive.
    """
    refuse(not onset or not 0 < sum(gap.probability for gap in onset) <= 1 + 1e-6, "the onset has no gaps to lie in")
    refuse(not (0 <= power <= 1 and 0 <= false_alarm <= 1), "power and false alarms are chances, 0 to 1")
    for offer in offers:
        refuse(not 0 <= offer.usable <= 1, f"offer {offer.id}: usable {offer.usable} lies outside 0..1")
        refuse(offer.cost is not None and not offer.cost > 0, f"offer {offer.id}: a cost of {offer.cost}")
    found = [_worth(offer, onset, power, false_alarm) for offer in offers]
    priced = all(item.bits_a_cost is not None for item in found)
    return tuple(sorted(found, key=lambda x: (-(x.bits_a_cost or 0.0) if priced else -x.bits, x.offer.day, x.offer.id)))


def begun_by(day: date, onset: Sequence[GapChance]) -> float:
    """F(day): chance that the onset is on or before a day, even within each gap, which begins after its first look."""
    total = sum(gap.probability for gap in onset)
    share = 0.0
    for gap in onset:
        length = (gap.latest - gap.earliest).days
        inside = (day - gap.earliest).days / length if length else float(day >= gap.latest)
        share += gap.probability * min(max(inside, 0.0), 1.0)
    return share / total


def review_chances(detected: Mapping[str, float], floor: float = 0.5) -> dict[str, float]:
    """Chance of each scene to be drawn for review, ∝ detected count + floor; the floor keeps zeros in the draw."""
    refuse(not detected, "there is no scene to review")
    refuse(not floor > 0, "the floor must be positive, or scenes with no detections would never be looked at")
    refuse(any(not np.isfinite(g) or g < 0 for g in detected.values()), "a detected count is negative or not finite")
    total = sum(g + floor for g in detected.values())
    return {name: (g + floor) / total for name, g in detected.items()}


def draw_reviews(chances: Mapping[str, float], budget: int, rng: np.random.Generator) -> tuple[str, ...]:
    """`budget` scenes drawn with replacement; one drawn twice is reviewed once and counts twice."""
    refuse(budget < 1, "a budget of no reviews draws nothing")
    names = list(chances)
    picked = rng.choice(len(names), size=budget, p=np.array([chances[name] for name in names]))
    return tuple(names[int(i)] for i in picked)


def estimated_total(reviewed: ArrayLike, chances: ArrayLike, level: float = 0.9) -> Total:
    """The true total from reviewed counts (n,), with the chance each had in one draw (n,); Student's interval.

    Raises ValueError for no reviews, negative counts or chances outside 0..1.
    """
    f, q = np.asarray(reviewed, float), np.asarray(chances, float)
    refuse(f.ndim != 1 or len(f) == 0 or f.shape != q.shape, "a total needs reviews, each with its chance")
    refuse(not (np.isfinite(f).all() and (f >= 0).all()), "a reviewed count is negative or not finite")
    refuse(not ((q > 0) & (q <= 1)).all(), "a chance of review lies outside 0..1")
    each = f / q
    value = float(each.mean())
    if len(f) < 2:
        return Total(value=value, error=None, lower=None, upper=None, reviews=len(f))
    error = float(each.std(ddof=1) / np.sqrt(len(f)))
    reach = float(student.ppf(0.5 + level / 2, len(f) - 1)) * error
    return Total(value=value, error=error, lower=max(value - reach, 0.0), upper=value + reach, reviews=len(f))


def _worth(offer: Offer, onset: Sequence[GapChance], power: float, false_alarm: float) -> Worth:
    begun = begun_by(offer.day, onset)
    raised = begun * power + (1 - begun) * false_alarm
    bits = offer.usable * (_entropy(raised) - begun * _entropy(power) - (1 - begun) * _entropy(false_alarm))
    bits = max(bits, 0.0)
    return Worth(offer=offer, bits=bits, bits_a_cost=None if offer.cost is None else bits / offer.cost, raised=raised)


def _entropy(p: float) -> float:
    return 0.0 if p <= 0 or p >= 1 else -p * log2(p) - (1 - p) * log2(1 - p)
