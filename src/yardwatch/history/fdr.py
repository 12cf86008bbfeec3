"""False-alarm budget over many sites: LORD++, an online rule for the false discovery rate.

Tests arrive one by one; the t-th may be an alarm when `p_t ≤ α_t`, with

    α_t = γ_t·W₀ + (α − W₀)·γ_{t−τ₁} + α·Σ_{j≥2} γ_{t−τ_j},      W₀ = α/2
    γ_t = 0.0722·log(max(t, 2)) / (t·e^{√log t})

`τ_j` are the earlier alarms: each pays for further ones. Of all alarms ever raised the expected share of false ones is
at most α, when the p of quiet sites are independent and not too small. Where sites share causes, use it as a budget,
not as a proof. A calibrated p is never below 1/(n + 1): with a back-test of n looks, α_t below that cannot fire.

Source: Ramdas, Yang, Wainwright, Jordan (2017), *NeurIPS*; γ from Javanmard & Montanari (2018), *Ann. Stat.* 46.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FDR = 0.1
"""Of ten alarms raised over all sites, one may be false."""
GAMMA_SCALE = 0.0722
"""Makes Σ γ about one; Javanmard & Montanari (2018)."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One test of the stream."""

    threshold: float
    alarm: bool


def gamma(t: NDArray[np.int64]) -> NDArray[np.float64]:
    """γ_t for t = 1, 2, …; zero for t ≤ 0."""
    at = np.maximum(np.asarray(t, float), 1.0)
    value = GAMMA_SCALE * np.log(np.maximum(at, 2.0)) / (at * np.exp(np.sqrt(np.log(at))))
    return np.where(np.asarray(t) > 0, value, 0.0)


def online(p: Sequence[float], fdr: float = FDR) -> tuple[Decision, ...]:
    """Decisions for p-values in the order in which the looks arrived, over all sites.

    Raises ValueError for a p outside 0..1 or a rate outside 0..1.
    """
    values = np.asarray(p, float)
    if not ((values >= 0) & (values <= 1)).all():
        raise ValueError("a p-value lies outside 0..1; leave looks without one out of the stream")
    if not 0 < fdr < 1:
        raise ValueError(f"false discovery rate {fdr} is not between 0 and 1")
    weight = gamma(np.arange(1, len(values) + 1))
    alpha = weight * fdr / 2
    decisions = []
    raised = 0
    for t, value in enumerate(values):
        decisions.append(Decision(threshold=float(alpha[t]), alarm=bool(value <= alpha[t])))
        if decisions[-1].alarm:
            alpha[t + 1 :] += (fdr / 2 if raised == 0 else fdr) * weight[: len(values) - t - 1]
            raised += 1
    return tuple(decisions)
