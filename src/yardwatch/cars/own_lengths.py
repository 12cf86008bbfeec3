"""Wagons of one type stand together: the body lengths met along a strip are expected there again.

    p(d | strip) = ( κ p₀(d) + Σ_b K(d − d_b) ) / (κ + n)

with p₀ the lengths of stock anywhere, d_b those of the n bodies a first pass finds along the strip, K a normal kernel
and κ how many bodies weigh as much as all that is known of stock: the next draw of a Dirichlet process (Ferguson 1973,
*Ann. Stat.* 1; Blackwell & MacQueen 1973), its earlier draws seen through a blur, a body's own first sighting among
them. The bodies are those of many sampled segmentations, each with a sample's share, so a doubtful one counts by half
whether it is one long wagon or two short ones; cut by an end of the strip it counts nothing. What a sample imagines on
hidden track has the lengths of p₀: the more of it there is, the closer the lengths stay to those of stock.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from yardwatch.cars.backward import Runs
from yardwatch.cars.chain import Chain
from yardwatch.cars.durations import Durations

Floats = NDArray[np.float64]

SPREAD_M = 0.5
"""Standard deviation of K: sub-types of one length differ, and ends are seen to half a metre."""


def bodies_met(sampled: Runs, samples: int, steps: int, longest: int) -> Floats:
    """(longest,): mean number of bodies of 1, 2, … steps in a sample; without those an end of the strip cuts."""
    whole = (sampled.start > 0) & (sampled.end < steps)
    met = np.bincount((sampled.end - sampled.start)[whole], minlength=longest + 1)
    return np.asarray(met[1 : longest + 1] / samples)


def expecting(chain: Chain, met: Floats, step_m: float, kappa: float) -> Chain:
    """The chain with the bodies met along a strip in its car's durations; what it excludes stays excluded."""
    stock = np.exp(chain.car.log_mass[0, 0, 1:])
    mass = kappa * stock + _blurred(met, SPREAD_M / step_m)
    return replace(chain, car=Durations.from_mass(np.where(stock > 0, mass, 0.0)))


def _blurred(met: Floats, spread: float) -> Floats:
    """`met` through the kernel, which stays inside the possible lengths."""
    steps = np.arange(len(met))
    kernel = np.exp(-0.5 * ((steps[:, None] - steps) / spread) ** 2)
    return np.asarray((kernel / kernel.sum(axis=0)) @ met)
