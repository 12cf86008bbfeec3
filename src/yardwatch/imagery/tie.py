"""Tie: a person's pairs of points to a shift, when no method can align a scene.

A pair is one thing seen twice: where it lies in the reference scene (p) and where the scene shows it (q), in ground
metres. The shift is the least-squares one, the mean of q − p. Residuals are what it leaves of each pair. With three
pairs or more, a pair that lies far from where the others say is an outlier and is named.

With four or more, an affine (shift, turn, scale, shear) is fitted too. It is not applied: a scene that needs one is
warped, and belongs georeferenced by its points first. It tells that case from one badly measured pair.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MOST_M = 1.5
"""Residual from which a tie is refused: alignment's ceiling, as tracks are 4.5–5 m apart."""
LEAST_FOR_OUTLIER, LEAST_FOR_AFFINE = 3, 4


@dataclass(frozen=True, kw_only=True, eq=False)
class Fitted:
    """A shift and how well the pairs agree on it."""

    dx_m: float
    dy_m: float
    residuals_m: Floats
    """One a pair."""
    affine_residual_m: float | None
    """Root mean square that an affine would leave; None with too few pairs."""

    @property
    def residual_m(self) -> float | None:
        """Root mean square; None for a single pair, which agrees with itself."""
        return None if len(self.residuals_m) < 2 else float(np.sqrt(np.mean(self.residuals_m**2)))


def fit_shift(reference: Floats, scene: Floats) -> Fitted:
    """The shift of pairs (n, 2), ground metres."""
    apart = scene - reference
    shift = apart.mean(axis=0)
    return Fitted(
        dx_m=float(shift[0]), dy_m=float(shift[1]),
        residuals_m=np.hypot(*(apart - shift).T), affine_residual_m=_affine_residual(reference, scene),
    )  # fmt: skip


def outlier(reference: Floats, scene: Floats) -> tuple[int, float] | None:
    """The pair farthest from the shift of the others, and how far, where that is beyond the ceiling and they agree."""
    if len(reference) < LEAST_FOR_OUTLIER:
        return None
    apart = scene - reference
    others = [np.delete(apart, i, axis=0) for i in range(len(apart))]
    left = np.array([np.hypot(*(apart[i] - rest.mean(axis=0))) for i, rest in enumerate(others)])
    worst = int(left.argmax())
    spread = np.hypot(*(others[worst] - others[worst].mean(axis=0)).T).max()
    return (worst, float(left[worst])) if left[worst] > MOST_M and spread <= MOST_M else None


def _affine_residual(reference: Floats, scene: Floats) -> float | None:
    if len(reference) < LEAST_FOR_AFFINE:
        return None
    design = np.c_[reference - reference.mean(axis=0), np.ones(len(reference))]
    found, _, rank, _ = np.linalg.lstsq(design, scene, rcond=None)
    if rank < 3:  # all on one line
        return None
    left = np.hypot(*(scene - design @ found).T)
    freedom = max(1, len(reference) - 3)
    return float(np.sqrt((left**2).sum() / freedom))
