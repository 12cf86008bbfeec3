"""The cars that are drawn: of all sets of bodies that do not overlap, the one most of which is right.

The best single segmentation (Viterbi) is a poor summary where much is uncertain: many segmentations with a car of
nearly the same extent may outweigh the one without it, and each alone is less likely. So, from sampled segmentations,

    right(b) = share of the samples that hold a body of intersection over union ≥ `SAME_CAR` with b
    drawn    = argmax over sets of disjoint bodies of  Σ_b [ right(b) − THRESHOLD + TIE · closeness(b) ]

(maximum expected accuracy; for segmentations Käll, Krogh & Sonnhammer 2005, *Bioinformatics* 21; the threshold at which
F1 is greatest is half of that F1, Lipton, Elkan & Naryanaswamy 2014). `closeness` is the mean intersection over union
with the samples' bodies: of nearly equal bodies the middle one is drawn. The set is found exactly, by weighted
interval scheduling over the bodies met in the samples.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yardwatch.cars.backward import Runs

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SAME_CAR = 0.5
"""Intersection over union from which a sampled body is the drawn one."""
THRESHOLD = 0.45
"""Half of an F1 of 0.9."""
TIE = 0.02
BLOCK = 256
"""Bodies compared with their neighbourhood at once."""


@dataclass(frozen=True, eq=False)
class Bodies:
    """Bodies along one strip: first step, step after the last, chance of each to be right."""

    start: Ints
    end: Ints
    right: Floats


def choose(sampled: Runs, samples: int) -> Bodies:
    """The disjoint bodies of greatest expected worth, along the strip; `sampled` are bodies alone."""
    if not len(sampled.start):
        return Bodies(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    met, times = np.unique(np.stack([sampled.start, sampled.end], axis=1), axis=0, return_counts=True)
    right, closeness = _shares(met, times / samples)
    worth = right - THRESHOLD + TIE * closeness
    held = worth > 0
    start, end, right, worth = met[held, 0], met[held, 1], right[held], worth[held]
    order = np.argsort(end, kind="stable")
    taken = order[_disjoint(start[order], end[order], worth[order])]
    return Bodies(start[taken], end[taken], right[taken])


def _shares(met: Ints, share: Floats) -> tuple[Floats, Floats]:
    """For each body (rows by start) the share of samples with about the same one, and the mean overlap with those."""
    start, end = met[:, 0], met[:, 1]
    reach = int((end - start).max())
    right, closeness = np.zeros(len(met)), np.zeros(len(met))
    for first in range(0, len(met), BLOCK):
        own = slice(first, first + BLOCK)
        near = slice(*np.searchsorted(start, [start[own][0] - reach, start[own][-1] + reach]))
        common = np.minimum(end[own, None], end[None, near]) - np.maximum(start[own, None], start[None, near])
        union = np.maximum(end[own, None], end[None, near]) - np.minimum(start[own, None], start[None, near])
        overlap = np.where(common >= SAME_CAR * union, common / union, 0.0)
        right[own], closeness[own] = (overlap > 0) @ share[near], overlap @ share[near]
    return np.minimum(right, 1.0), closeness


def _disjoint(start: Ints, end: Ints, worth: Floats) -> list[int]:
    """Places of the disjoint bodies of greatest summed worth; bodies by their end."""
    before = np.searchsorted(end, start, side="right").tolist()
    best = [0.0]
    for place, value in zip(before, worth.tolist(), strict=True):
        best.append(max(best[-1], best[place] + value))
    taken, i = [], len(before)
    while i:
        if best[i] == best[i - 1]:
            i -= 1
        else:
            taken.append(i - 1)
            i = before[i - 1]
    return taken[::-1]
