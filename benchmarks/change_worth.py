"""Fits what a piece of evidence is worth, on development sites alone; prints weights for `construction/worth.py`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.change_sites import Site, inside
from yardwatch.construction.candidates import Candidate, every_piece
from yardwatch.construction.levelled import level
from yardwatch.construction.options import Options
from yardwatch.construction.search import prepare
from yardwatch.construction.source import Memory
from yardwatch.construction.worth import products

RIDGE = 100.0
"""On weights of standardised products: pieces of one region are nearly copies of each other."""
Reals = NDArray[np.float64]
Sample = tuple[Reals, float]
"""The signs of a piece and its overlap with the best true object."""


def pieces(site: Site) -> list[Sample]:
    """Every piece of a site, overlapping ones too."""
    options = Options()
    looks = level(Memory.of(site.looks, site.avoid.shape), site.avoid)
    if len(looks.indices) < options.looks_needed:
        return []
    scene = prepare(looks, site.avoid, options)
    true = [inside(work.truth, scene.evidence.grid) for work in site.plan.works] if site.plan else []
    found = every_piece(scene.broad, scene.broad_limit, options)
    return [(one.signs, _overlap(one, true)) for region in found for one in region]


def _overlap(one: Candidate, true: Sequence[NDArray[np.bool_]]) -> float:
    box, mask = one.piece.box, one.piece.mask
    shared = [int((other[box] & mask).sum()) for other in true]
    return max((s / (mask.sum() + other.sum() - s) for s, other in zip(shared, true, strict=True)), default=0.0)


def fit_worth(samples: Sequence[Sample]) -> list[list[float]]:
    """Weights of the products of signs, a row for each first sign; ridge regression of the overlap."""
    x = np.array([products(signs) for signs, _ in samples])
    y = np.array([overlap for _, overlap in samples])
    middle, spread = x.mean(axis=0), x.std(axis=0) + 1e-6
    middle[0], spread[0] = 0, 1
    z = (x - middle) / spread
    ridge = RIDGE * np.eye(z.shape[1])
    ridge[0, 0] = 1e-6
    weights = np.linalg.solve(z.T @ z + ridge, z.T @ y) / spread
    weights[0] -= float((weights[1:] * middle[1:]).sum())
    count = len(samples[0][0])
    ends = np.cumsum(np.arange(count, 0, -1))
    return [[round(float(w), 3) for w in row] for row in np.split(weights, ends[:-1])]


def report_worth(samples: Sequence[Sample]) -> None:
    """The rows and how many pieces they rest on."""
    print(f"worth: {len(samples)} pieces")
    for row in fit_worth(samples):
        print(f"    {tuple(row)},")
