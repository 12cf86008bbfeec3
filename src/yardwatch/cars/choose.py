"""The cars that are drawn: of all sets of bodies that do not overlap, the one most of which is right.

The best single segmentation (Viterbi) is a poor summary where much is uncertain: many segmentations with a car of
nearly the same extent may outweigh the one without it, and each alone is less likely. So, from sampled segmentations,

    right(b) = share of the samples that hold a body of intersection over union ≥ `SAME_CAR` with b
    drawn    = argmax over sets of disjoint bodies of  Σ_b [ right(b) − THRESHOLD + TIE · closeness(b) ]

(maximum expected accuracy; for segmentations Käll, Krogh & Sonnhammer 2005, *Bioinformatics* 21; the threshold at which
F1 is greatest is half of that F1, Lipton, Elkan & Naryanaswamy 2014). `closeness` is the mean intersection over union
with the samples' bodies: of nearly equal bodies the middle one is taken, and drawn with the mean ends of all of them.
The set is found exactly, by weighted interval scheduling over the bodies met in the samples.
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
    mean_start: Floats
    mean_end: Floats
    """Of the samples' bodies that are about the same, in steps."""


def choose(sampled: Runs, samples: int) -> Bodies:
    """The disjoint bodies of greatest expected worth, along the strip; `sampled` are bodies alone."""
    if not len(sampled.start):
        return Bodies(*np.zeros((2, 0), np.int64), *np.zeros((3, 0)))
    met, times = np.unique(np.stack([sampled.start, sampled.end], axis=1), axis=0, return_counts=True)
    right, closeness, starts, ends = _shares(met, times / samples)
    worth = right - THRESHOLD + TIE * closeness
    held = np.flatnonzero(worth > 0)
    held = held[np.argsort(met[held, 1], kind="stable")]
    taken = held[_disjoint(met[held, 0], met[held, 1], worth[held])]
    return Bodies(met[taken, 0], met[taken, 1], np.minimum(right[taken], 1.0), starts[taken], ends[taken])


def _shares(met: Ints, share: Floats) -> Floats:
    """(4, bodies): share of samples with about the same one, their overlap, and their mean ends; rows by start."""
    start, end = met[:, 0], met[:, 1]
    reach = int((end - start).max())
    found = np.zeros((4, len(met)))
    for first in range(0, len(met), BLOCK):
        own = slice(first, first + BLOCK)
        near = slice(*np.searchsorted(start, [start[own][0] - reach, start[own][-1] + reach]))
        common = np.minimum(end[own, None], end[None, near]) - np.maximum(start[own, None], start[None, near])
        union = np.maximum(end[own, None], end[None, near]) - np.minimum(start[own, None], start[None, near])
        overlap = np.where(common >= SAME_CAR * union, common / union, 0.0)
        same = (overlap > 0) * share[near]
        found[0, own], found[1, own] = same.sum(axis=1), overlap @ share[near]
        found[2:, own] = np.stack([same @ start[near], same @ end[near]]) / found[0, own]
    return found


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
