"""Which network reads a strip: both up to `COARSE_GSD_M`, above it the length network alone.

Each has a grid and a training of its own, so they err apart, and what both say is surer than either:

    log q(s | state) = (1 − v) log q_strip(s | state) + v log q_length(s | state),   normalised over the states

a logarithmic pool (Genest & Zidek 1986, *Statistical Science* 1) with the length network's say v. What it brings:
docs/counting.md.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.special import log_softmax

from yardwatch.cars.coarse import ALL_READINGS, COARSE_GSD_M, length_network_of
from yardwatch.cars.coarse import look as length_look
from yardwatch.cars.lengths import ANYWHERE, Habits
from yardwatch.cars.network import Network
from yardwatch.cars.network import look as strip_look
from yardwatch.model import Evidence, Strip

LENGTH_SAY = 0.3
"""v; chosen on simulated yards."""
WITNESS_PIXELS = 0.5
"""Pixels of track that make one independent witness; chosen on simulated yards (docs/length.md)."""


def speak(strip: Strip, network: Network) -> Evidence:
    """The evidence of whoever knows such pixels best; by the strip network alone where no length network came."""
    length = length_network_of(network)
    if length is None:
        return strip_look(strip, network)
    if strip.gsd_m > COARSE_GSD_M:
        return length_look(strip, length, ALL_READINGS)
    return pooled(strip_look(strip, network), length_look(strip, length), LENGTH_SAY)


def pooled(fine: Evidence, coarse: Evidence, say: float) -> Evidence:
    """Fine evidence with a second opinion of coarser steps; alone where the second shows nothing."""
    middles = (np.arange(len(fine.log_prob)) + 0.5) * fine.step_m
    step = np.minimum((middles / coarse.step_m).astype(int), len(coarse.log_prob) - 1)
    both = (1 - say) * fine.log_prob + say * coarse.log_prob[step]
    heard = fine.visible & coarse.visible[step]
    return replace(fine, log_prob=np.where(heard[:, None], log_softmax(both, axis=1), fine.log_prob))


def habits_of(network: Network, gsd_m: float) -> Habits:
    """What the decoder expects of the evidence that `speak` gives; coarse pixels hardly show one wagon's length."""
    if gsd_m <= COARSE_GSD_M:
        return ANYWHERE
    coarse = replace(ANYWHERE, kappa=np.inf)
    return coarse if length_network_of(network) is None else replace(coarse, witness_m=WITNESS_PIXELS * gsd_m)
