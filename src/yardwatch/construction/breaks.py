"""For each cell the day that parts its looks best into before and after, and how far the two lie apart.

Values are held in spreads of the cell: σ = 1.4826 · median|x(t+1) − x(t)| / √2, which a single step leaves as it is,
while seasons, stock that moves and a pixel of misplacement widen it. For every split τ

    D(τ) = mean after − mean before (weighted, values cut at ± 6 σ),   z² = mean over features of D²,

and the split is the one with the largest z² · W_b W_a / (W_b + W_a), the likelihood ratio of a step in the mean
(Page 1955; Hawkins 1977). `explained` is that value ÷ the whole spread about the mean: 1 for a clean step, near 0 for
what comes and goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

CUT = 6.0
"""Spreads beyond which a value counts no more: one flooded or snowed date must not outweigh the rest."""
STEPS = 12
"""Splits at which signed steps are kept."""
POOLED = 3
"""Cells along the square whose likelihoods are added up before the split is chosen: neighbours change together."""


@dataclass(frozen=True, eq=False)
class Breaks:
    """The best split of each cell; all (y, x) but the levels."""

    size: Floats
    """z: distance between before and after, spreads of the cell, 0 where too few looks are clear."""
    explained: Floats
    """0..1."""
    split: NDArray[np.int16]
    """Number of looks before."""
    old: Floats
    """(feature, y, x): mean before."""
    new: Floats
    """(feature, y, x): mean after."""
    spread: Floats
    """(feature, y, x): σ."""
    known: Bools
    """Enough clear looks before and after some split."""


def middle(stack: Floats, clear: Bools) -> Floats:
    """(y, x...): median over the first axis of the clear values; 0 where none is."""
    last = np.moveaxis(np.where(clear, stack, np.float32(np.inf)), 0, -1)
    ordered = np.sort(np.ascontiguousarray(last), axis=-1)
    count = clear.sum(axis=0)
    lower = np.take_along_axis(ordered, (np.maximum(count - 1, 0) // 2)[..., None], axis=-1)[..., 0]
    upper = np.take_along_axis(ordered, np.minimum(count // 2, len(stack) - 1)[..., None], axis=-1)[..., 0]
    return np.where(count > 0, 0.5 * (lower + upper), 0).astype(np.float32)


def find_breaks(values: Floats, clear: Bools, weights: Floats, floor: Floats, needed: tuple[int, int]) -> Breaks:
    """The best split of every cell.

    Args:
        values: (look, feature, y, x), oldest first.
        clear: (look, y, x).
        weights: (look,).
        floor: (feature,) spread below which differences are noise.
        needed: clear looks before and after a split.
    """
    centre, spread = _centres(values, clear, floor)
    weight = clear * weights[:, None, None]
    cut = values - centre
    cut /= spread
    np.clip(cut, -CUT, CUT, out=cut)
    cut *= weight[:, None]
    sums = _running(cut)
    held = _running(weight)
    whole = _scatter(cut, weight, sums[-1], held[-1])
    best, split = _best(sums, held, _running(clear.astype(np.int16)), needed)
    size, before, after = _at(sums, held, split)
    known = best >= 0
    between = size**2 * _balance(held, split)
    return Breaks(
        size=np.where(known, size, 0).astype(np.float32),
        explained=np.where(known, np.clip(between / np.maximum(whole, 1e-6), 0, 1), 0).astype(np.float32),
        split=split, old=centre + spread * before, new=centre + spread * after, spread=spread, known=known,
    )  # fmt: skip


def step_splits(looks: int, needed: tuple[int, int]) -> tuple[int, ...]:
    """At most a dozen numbers of looks before, evenly over those that leave enough on both sides."""
    last = looks - needed[1]
    if last < needed[0]:
        return ()
    return tuple(sorted({round(float(at)) for at in np.linspace(needed[0], last, STEPS)}))


def signed_steps(values: Floats, clear: Bools, weights: Floats, breaks: Breaks, needed: tuple[int, int]) -> Floats:
    """(split, y / 2, x / 2): step of brightness of squares of four cells, in spreads, signed; 0 where not known.

    Args:
        values: (look, feature, y, x), the last feature no brightness.
        clear: (look, y, x).
        weights: (look,).
        breaks: of the same values; their spreads are used.
        needed: clear looks before and after a split.
    """
    bands = max(values.shape[1] - 1, 1)
    held = clear * weights[:, None, None]
    sums = np.zeros_like(held)
    for band in range(bands):
        middle_of = 0.5 * (breaks.old[band] + breaks.new[band])
        sums += np.clip((values[:, band] - middle_of) / breaks.spread[band], -CUT, CUT)
    sums, held = _running(_fours(sums * held / np.float32(bands))), _running(_fours(held))
    seen = _running(_fours(clear.astype(np.float32)))
    found = []
    for split in step_splits(len(values), needed):
        before, after = held[split - 1], held[-1] - held[split - 1]
        enough = (seen[split - 1] >= 4 * needed[0]) & (seen[-1] - seen[split - 1] >= 4 * needed[1])
        apart = (sums[-1] - sums[split - 1]) / np.maximum(after, 1e-6) - sums[split - 1] / np.maximum(before, 1e-6)
        found.append(np.where(enough, apart, 0))
    return np.array(found, np.float32)


def _fours(stack: Floats) -> Floats:
    """(look, y / 2, x / 2): sums over squares of four cells."""
    rows, columns = (n // 2 * 2 for n in stack.shape[1:])
    cut = stack[:, :rows, :columns]
    return cut[:, ::2, ::2] + cut[:, 1::2, ::2] + cut[:, ::2, 1::2] + cut[:, 1::2, 1::2]


def _running(stack: NDArray[Any]) -> NDArray[Any]:
    """Sums over the looks up to each; look by look, which is twenty times as fast as `cumsum` over the first axis."""
    sums = stack.copy()
    for index in range(1, len(sums)):
        sums[index] += sums[index - 1]
    return sums


def _centres(values: Floats, clear: Bools, floor: Floats) -> tuple[Floats, Floats]:
    """Median and spread (feature, y, x)."""
    centre = np.stack([middle(values[:, f], clear) for f in range(values.shape[1])])
    both = clear[1:] & clear[:-1]
    steps = np.stack([middle(np.abs(np.diff(values[:, f], axis=0)), both) for f in range(values.shape[1])])
    spread = np.hypot(1.4826 / np.sqrt(2) * steps, floor[:, None, None])
    return centre, spread.astype(np.float32)


def _scatter(cut: Floats, weight: Floats, total: Floats, held: Floats) -> Floats:
    """(y, x): sum of squares about the mean, mean over features."""
    safe = np.maximum(weight, 1e-6)[:, None]
    squares = (cut**2 / safe).sum(axis=0)
    return (squares - total**2 / np.maximum(held, 1e-6)).mean(axis=0)


def _best(
    sums: Floats, held: Floats, seen: NDArray[np.int16], needed: tuple[int, int]
) -> tuple[Floats, NDArray[np.int16]]:
    """The largest likelihood ratio and its split; −1 where no split has enough looks on both sides."""
    best = np.full(held.shape[1:], -1, np.float32)
    split = np.zeros(held.shape[1:], np.int16)
    for index in range(needed[0] - 1, len(sums) - needed[1]):
        before, after = np.maximum(held[index], 1e-6), np.maximum(held[-1] - held[index], 1e-6)
        apart = (sums[-1] - sums[index]) / after - sums[index] / before
        ratio = (apart**2).mean(axis=0) * before * after / np.maximum(held[-1], 1e-6)
        ratio = ndimage.uniform_filter(ratio, POOLED, mode="nearest")
        enough = (seen[index] >= needed[0]) & (seen[-1] - seen[index] >= needed[1])
        better = enough & (ratio > best)
        best[better] = ratio[better]
        split[better] = index + 1
    return best, split


def _balance(held: Floats, split: NDArray[np.int16]) -> Floats:
    """W_b W_a / (W_b + W_a) at each cell's split."""
    before = np.take_along_axis(held, np.maximum(split.astype(np.intp) - 1, 0)[None], axis=0)[0]
    return before * (held[-1] - before) / np.maximum(held[-1], 1e-6)


def _at(sums: Floats, held: Floats, split: NDArray[np.int16]) -> tuple[Floats, Floats, Floats]:
    """Size (z) and the means before and after (feature, y, x) at each cell's split, in spreads."""
    place = np.maximum(split.astype(np.intp) - 1, 0)[None]
    before = np.take_along_axis(sums, np.broadcast_to(place[:, None], (1, *sums.shape[1:])), axis=0)[0]
    weight = np.take_along_axis(held, place, axis=0)[0]
    old = before / np.maximum(weight, 1e-6)
    new = (sums[-1] - before) / np.maximum(held[-1] - weight, 1e-6)
    return np.sqrt(((new - old) ** 2).mean(axis=0)), old, new
