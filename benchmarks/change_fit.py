"""Fits the chance that an object is real, on development sites alone; prints weights for `construction/chance.py`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.change_scores import IOU, iou
from benchmarks.change_sites import Site
from yardwatch.construction.chance import signs
from yardwatch.construction.changes import fits
from yardwatch.construction.levelled import level
from yardwatch.construction.odds import BROAD, LINE
from yardwatch.construction.options import Options
from yardwatch.construction.search import Found, prepare, search
from yardwatch.construction.source import Memory
from yardwatch.simulate.works.plan import Work

SHRINK = 0.1
"""Ridge on weights of standardised measures: a few hundred objects carry no finer ones."""
BESIDE_M = 12.0
"""About a true work what is found is part of it: the longest shadow but of winter."""
ROUNDS = 50
LONG = {"wall", "track", "platform"}
Reals = NDArray[np.float64]


def rows(site: Site) -> list[tuple[Found, bool]]:
    """Every object of a site before it is believed, and whether it is true."""
    options = Options()
    looks = level(Memory.of(site.looks, site.avoid.shape), site.avoid)
    if len(looks.indices) < options.looks_needed:
        return []
    works = site.plan.works if site.plan else ()
    found = [one for one in search(prepare(looks, site.avoid, options)) if fits(one, options)]
    return labelled(found, works)


def labelled(found: Sequence[Found], works: Sequence[Work]) -> list[tuple[Found, bool]]:
    """Each with whether it is true; the shadow, apron or a part of a true one is neither, and left out.

    A line along the side of a house is false; one along a part of a wall or track is neither.
    """
    real = [any(iou(one.measured.polygon, work.truth) >= IOU for work in works) for one in found]
    return [
        (one, good) for one, good in zip(found, real, strict=True)
        if good or not any(_beside(one, work) for work in works)
    ]  # fmt: skip


def _beside(found: Found, work: Work) -> bool:
    if found.line is not None and work.kind not in LONG:
        return False
    return bool(found.measured.polygon.distance(work.truth) <= BESIDE_M)


def fit(samples: Sequence[tuple[Found, bool]], line: bool) -> Reals:
    """Weights of the measures of lines or of broad objects, the constant first."""
    return logistic([(signs(found), real) for found, real in samples if (found.line is not None) is line])


def logistic(samples: Sequence[tuple[Reals, bool]]) -> Reals:
    """Weights of measures of which the first is 1: logistic with a ridge, by Newton's steps."""
    x, y = np.array([pair[0] for pair in samples]), np.array([pair[1] for pair in samples], float)
    middle, spread = x.mean(axis=0), x.std(axis=0) + 1e-6
    middle[0], spread[0] = 0, 1
    z = (x - middle) / spread
    ridge = np.eye(z.shape[1]) * SHRINK * 10
    ridge[0, 0] = 1e-6
    weights = np.zeros(z.shape[1])
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-z @ weights))
        slope = z.T @ (y - chance) - ridge @ weights
        curve = (z * (chance * (1 - chance))[:, None]).T @ z + ridge
        weights += np.linalg.solve(curve, slope)
    plain = weights / spread
    plain[0] = weights[0] - (plain[1:] * middle[1:]).sum()
    return plain


def report(samples: Sequence[tuple[Found, bool]]) -> None:
    """Weights and how many objects they rest on."""
    for line, names in ((False, BROAD), (True, LINE)):
        own = [real for found, real in samples if (found.line is not None) is line]
        show_weights("lines" if line else "broad", names, own, fit(samples, line))


def show_weights(title: str, names: Sequence[str], real: Sequence[bool], weights: Reals) -> None:
    """Each by its name, and all as they stand in `construction/odds.py`."""
    print(f"{title}: {len(real)} objects, {sum(real)} real")
    for name, weight in zip(names, weights, strict=True):
        print(f"    {name:16s} {weight:8.2f}")
    print("   ", tuple(round(float(weight), 2) for weight in weights), flush=True)
