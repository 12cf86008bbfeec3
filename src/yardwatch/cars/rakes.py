"""Coupled vehicles are often of one kind: what a vehicle looks like, read together with its neighbours in the train.

    P(zᵢ | all) ∝ lᵢ(zᵢ) · aᵢ(zᵢ) · bᵢ(zᵢ),   lᵢ = p(zᵢ | own look) / share(zᵢ)
    aᵢ = Tᵀ (aᵢ₋₁ · lᵢ₋₁^τ),  bᵢ = T (bᵢ₊₁ · lᵢ₊₁^τ);  a = share, b = 1 where nothing is coupled
    T(z, z′) = (1 − κ(z)) · share(z′) (1 − κ(z′)) / Σ share (1 − κ) + κ(z) · same(z, z′)

A Markov chain along each train, forward and backward (Baum & Petrie 1966). τ < 1: neighbours of one type and one paint
mislead the network in the same way, so they are less than independent witnesses. An open wagon and one under a sheet
are two states of one kind. T leaves share as it is and reads the same along and against: share(z) T(z, z′) is
symmetric.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from yardwatch.model import Car

Floats = NDArray[np.float64]

COUPLED_M = 2.2
"""Bodies nearer than this are of one train, as in the decoder."""
ALIKE = 0.5
"""κ: how often a wagon is of its neighbour's kind for being in its train; the rest by share. Block trains are commoner
than that; a yard that sorts wagons may hold fewer."""
ALIKE_OTHERS = {"coach": 0.8, "locomotive": 0.3}
"""κ of what is no freight: coaches are coupled to coaches, and most locomotives stand alone before a train."""
WITNESS = 0.5
"""τ."""
SAME_COVER = 0.6
"""Of alike open wagons, those that are also alike in cover."""
LEAST = 1e-4


def together(chances: Floats, coupled: NDArray[np.bool_], share: Floats, step: Floats) -> Floats:
    """Chances (n, states) of vehicles in order, after their neighbours' looks; `coupled` (n − 1,) to the next one."""
    looks = np.maximum(chances, LEAST) / share
    ahead, behind = np.tile(share, (len(chances), 1)), np.ones_like(looks)
    for i in np.flatnonzero(coupled):
        message = (ahead[i] * looks[i] ** WITNESS) @ step
        ahead[i + 1] = message / message.sum()
    for i in np.flatnonzero(coupled)[::-1]:
        message = step @ (behind[i + 1] * looks[i + 1] ** WITNESS)
        behind[i] = message / message.max()
    told = looks * ahead * behind
    return np.asarray(told / told.sum(axis=1, keepdims=True))


def coupled_to_next(cars: Sequence[Car]) -> NDArray[np.bool_]:
    """(n − 1,): whether each of the cars, in order along one track, stands in one train with the next."""
    gaps = [after.start_m - before.end_m for before, after in pairwise(cars)]
    return np.array(gaps) < COUPLED_M


def alike(kinds: Sequence[str]) -> Floats:
    """κ of each kind."""
    return np.array([ALIKE_OTHERS.get(kind, ALIKE) for kind in kinds])


def steps_between(share: Floats, kappa: Floats, first: int, second: int) -> Floats:
    """T over the states; `first` and `second` are one kind, open and covered, with one κ."""
    same = np.eye(len(share))
    pair = [first, second]
    same[np.ix_(pair, pair)] *= SAME_COVER
    same[np.ix_(pair, pair)] += (1 - SAME_COVER) * share[pair] / share[pair].sum()
    mixed = share * (1 - kappa)
    return np.asarray((1 - kappa)[:, None] * mixed / mixed.sum() + kappa[:, None] * same)
