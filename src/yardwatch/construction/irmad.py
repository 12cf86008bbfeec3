"""IR-MAD: which samples of two images show unchanged ground.

Multivariate alteration detection (Nielsen, Conradsen and Simpson, 1998) finds, by canonical correlation, the
pairs of band combinations aᵀx and bᵀy that agree best; their differences are the MAD variates with variance
2(1 − ρ). Iterative re-weighting (Nielsen, 2007) repeats it with each sample weighted by its chance of no change,
`w = P(χ²_p > Σ MAD² / 2(1 − ρ))`, until ρ stands still. The result does not depend on gain, offset or any
linear mixing of the bands, so haze and season do not enter.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh
from scipy.special import gammaincc

Floats = NDArray[np.float64]

ROUNDS = 30
"""Nielsen (2007) finds 10–30 enough; more changes nothing once ρ stands still."""
STILL = 1e-3
"""Change of every canonical correlation below which the iteration ends."""
LEAST_UNCHANGED = 0.2
"""Mean weight below which the last round is not taken: where two images have little in common the weights close in on a
handful of samples that fit each other by chance, with correlations near 1."""
RIDGE = 1e-6
"""Share of the mean variance added to each band, so that grey images stored as three equal bands can be solved."""


def no_change_weights(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Chance of no change for each sample, and the canonical correlations.

    Args:
        x: (sample, band) of one image.
        y: (sample, band) of the other, same samples and number of bands.

    Returns:
        weights (sample,) in 0..1 and correlations (band,), lowest first.
    """
    weights = np.ones(len(x))
    rho = np.zeros(x.shape[1])
    for _ in range(ROUNDS):
        variates, new_rho = _mad(x, y, weights)
        statistic = (variates**2 / np.maximum(2 * (1 - new_rho), 1e-9)).sum(axis=1)
        new_weights = gammaincc(x.shape[1] / 2, statistic / 2)
        if new_weights.mean() < LEAST_UNCHANGED:
            break
        moved, rho, weights = np.abs(new_rho - rho).max(), new_rho, new_weights
        if moved < STILL:
            break
    return weights, rho


def _mad(x: Floats, y: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """MAD variates (sample, band) and canonical correlations (band,) under the given weights."""
    bands = x.shape[1]
    centred_x = x - np.average(x, axis=0, weights=weights)
    centred_y = y - np.average(y, axis=0, weights=weights)
    both = np.hstack([centred_x, centred_y])
    covariance = (both * weights[:, None]).T @ both / weights.sum()
    covariance += np.eye(2 * bands) * (RIDGE * np.trace(covariance) / (2 * bands) + 1e-12)
    xx, yy, xy = covariance[:bands, :bands], covariance[bands:, bands:], covariance[:bands, bands:]
    squared, a = eigh(xy @ np.linalg.solve(yy, xy.T), xx)
    rho = np.sqrt(np.clip(squared, 0, 1))
    b = np.linalg.solve(yy, xy.T @ a)
    b /= np.sqrt(np.maximum(np.einsum("ji,jk,ki->i", b, yy, b), 1e-12))
    return centred_x @ a - centred_y @ b, rho
