"""How wrong counts of a GSD class are, and the pmf widened so that its interval holds what it says.

Given the decoder's pmf p(n) of all tracks together, the count's pmf is

    P(N) = Σ_n p(n) · Normal(N; (1 + b) n, λ² ((r n)² + c n + f²)),   rounded, what falls below zero taken as none

b is the class's bias, r the relative error all tracks share (one sun, one haze, one mis-set line), c the variance each
car adds by itself, f the error that does not shrink with the count. They are fitted on simulated yards by maximum
likelihood; λ is then the factor at which the central 90 % interval holds 90 % of yards set aside for it, those where
nothing was seen left out, as their intervals hold for nothing: split conformal prediction with the score
|N − mean| ÷ deviation (Vovk, Gammerman & Shafer 2005; Lei et al. 2018, *J. Am. Stat. Assoc.* 113), one score a
GSD class. λ is at least ¼, λ r at least 1 % and λ f at least 0.2 cars; what the looks of a site share besides is
added by `count.of_site`. `python -m benchmarks.calibrate` prints the table and what it holds on yards of other seeds.

What holds on simulated yards need not hold on real ones: `CALIBRATED_ON` says on what it was done.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from yardwatch.model.refuse import refuse

Floats = NDArray[np.float64]

CALIBRATED_ON = "simulated yards"
WEIGHTS = "5239a2bb823e15ca117af0ba68f079fcf2b67afd063ec25404e658e77d70db16"
"""SHA-256 of the weights the classes below were fitted with."""
DEVIATIONS = 5.0
"""Beyond so many deviations the density is nothing."""


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Of counts in images up to a GSD."""

    gsd_m: float
    """Coarsest GSD of the class."""
    bias: float
    """(true − counted) ÷ counted."""
    spread: float
    """Relative standard deviation, conformal factor included."""
    floor: float
    """Cars, conformal factor included."""
    each: float = 0.0
    """Variance a counted car adds by itself, square of the conformal factor included."""

    def __post_init__(self) -> None:
        refuse(not self.gsd_m > 0 or self.bias <= -1, f"calibration makes no sense: {self}")
        refuse(min(self.spread, self.floor, self.each) < 0, f"spreads cannot be negative: {self}")

    def deviation(self, n: Floats) -> Floats:
        """Standard deviation (cars) of the error of counts n."""
        return np.sqrt((self.spread * n) ** 2 + self.each * n + self.floor**2)

    def widened(self, pmf: Floats) -> Floats:
        """The pmf with bias and errors in it."""
        n = np.arange(len(pmf), dtype=np.float64)
        mean, deviation = (1 + self.bias) * n, np.maximum(self.deviation(n), 1e-3)
        to = np.arange(int(np.ceil(mean[-1] + DEVIATIONS * deviation[-1])) + 2)
        below = ndtr((to[:, None] + 0.5 - mean) / deviation)
        mixed: Floats = np.diff(below, axis=0, prepend=0.0) @ pmf
        return mixed / mixed.sum()


CLASSES = (
    Calibration(gsd_m=0.7, bias=-0.001, spread=0.01, floor=0.2, each=0.0),
    Calibration(gsd_m=1.05, bias=0.0059, spread=0.0144, floor=0.36, each=0.0),
    Calibration(gsd_m=4.0, bias=-0.0723, spread=0.01, floor=0.2, each=0.7845),
)
"""Printed by `benchmarks.calibrate`, rounded. Held on 1,000 other yards a class: 92.6, 90.7 and 89.4 %. No yard has
more than some 110 cars, and nothing is known of larger ones."""


def calibration_of(gsd_m: float) -> Calibration:
    """The class of a GSD; the coarsest one beyond the last."""
    return next((one for one in CLASSES if gsd_m <= one.gsd_m), CLASSES[-1])
