"""Faint straight lines: ballast on gravel, which no single cell tells from the ground.

For each of a dozen splits the signed step of brightness, in spreads of the cell, is averaged along straight segments
of 60 m in 48 directions. Noise has either sign and averages out; a line does not. With c, l and r the means along a
third of a segment and along those beside it,

    contrast = min(|c − l|, |c − r|) where both differences have one sign, else 0,

and the least of the three thirds counts: the edge of a field is no line, nor is a house. A segment stands out where its
contrast is several times the usual one of its split and direction on this site. From its middle the line is followed
both ways as long as the step holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Floats = NDArray[np.float32]
Reals = NDArray[np.float64]

LENGTH_M, BESIDE_M = 60.0, 6.0
DIRECTIONS = 48
"""Over half a turn: at the ends of a segment the next direction lies 2 m off."""
LEAST_CONTRAST = 0.4
"""Spreads; below it a line of this length is no more than seasons leave."""
LEAST_STANDING = 7.0
"""Times the usual contrast of the site."""
HELD = 0.45
"""Share of the segment's step from which the line goes on."""
FOLLOWED_M = 14.0
"""Length over which the step is averaged while the line is followed."""
GAP_M = 25.0
APART_M = 6.0
"""From a line that was found: what lies nearer is the same."""
ROUNDS = 4
MOST, MOST_KM2 = 15, 100.0
"""Lines that are followed at most: on any site, and more for each square kilometre."""
COARSEST_M = 3.0
"""Cells beyond which a track is no line any more."""
TURNS, SHIFTS = np.linspace(-0.05, 0.05, 11), np.linspace(-3.0, 3.0, 13)
"""Radians and metres by which a segment is turned and moved for the best fit."""


@dataclass(frozen=True, eq=False)
class Steps:
    """Signed steps of a site, of several splits."""

    values: Floats
    """(split, y, x): mean over the bands, in spreads; 0 where not known."""
    splits: tuple[int, ...]
    """Looks before."""
    step_m: float

    def hide(self, where: NDArray[np.bool_]) -> None:
        """Forget the steps of squares that touch such cells (y, x): where things come and go there is no line."""
        rows, columns = (2 * n for n in self.values.shape[1:])
        cut = where[:rows, :columns]
        self.values[:, cut[::2, ::2] | cut[1::2, ::2] | cut[::2, 1::2] | cut[1::2, 1::2]] = 0


@dataclass(frozen=True, eq=False)
class Segment:
    """A straight line that stands out, in cells of the steps."""

    start: Reals
    """Column, row."""
    end: Reals
    split: int
    contrast: float
    """Spreads."""
    standing: float
    """Contrast ÷ the usual one of the site."""


def faint_lines(steps: Steps) -> Iterator[Segment]:
    """Lines that stand out, the clearest first."""
    if steps.step_m > COARSEST_M or not steps.values.size:
        return
    standing, direction, chosen = _standing(steps)
    area_km2 = standing.size * (steps.step_m / 1000) ** 2
    for _ in range(MOST + round(MOST_KM2 * area_km2)):
        row, column = np.unravel_index(int(standing.argmax()), standing.shape)
        peak = float(standing[row, column])
        if peak < LEAST_STANDING:
            return
        number = int(chosen[row, column])
        angle = float(np.pi * direction[row, column] / DIRECTIONS)
        found = _followed(steps.values[number], np.array([column, row], float), angle, steps.step_m)
        if found is None:
            standing[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2] = 0
            continue
        start, end, contrast = found
        _blank(standing, start, end, APART_M / steps.step_m)
        standing[row, column] = 0
        yield Segment(start, end, steps.splits[number], contrast, peak)


def along(steps: Steps, start: Reals, end: Reals, split: int) -> tuple[float, float]:
    """Of a line's step at the nearest split: its size in spreads, and the share that nine tenths of the line hold.

    0 and 0 where the steps are not known.
    """
    if not steps.values.size:
        return 0.0, 0.0
    step = steps.values[int(np.abs(np.array(steps.splits) - split).argmin())]
    half = max(float(np.hypot(*(end - start))) / 2, 1.0)
    angle = float(np.arctan2(end[1] - start[1], end[0] - start[0]))
    profile = _profile(step, (start + end) / 2, angle, np.arange(-half, half + 1), steps.step_m)
    level = float(profile.mean())
    soft = ndimage.uniform_filter1d(profile * np.sign(level), max(3, round(FOLLOWED_M / steps.step_m)), mode="nearest")
    return abs(level), float(np.quantile(soft, 0.1)) / max(abs(level), 1e-6)


def _standing(steps: Steps) -> tuple[Floats, NDArray[np.int16], NDArray[np.int16]]:
    """The best contrast ÷ the usual one over splits and directions, and which those are; (y, x) each."""
    shape = steps.values.shape[1:]
    best = np.zeros(shape, np.float32)
    direction, chosen = np.zeros(shape, np.int16), np.zeros(shape, np.int16)
    lying = np.ascontiguousarray(np.moveaxis(steps.values, (1, 2), (2, 0)))
    upright = np.ascontiguousarray(np.moveaxis(steps.values, 1, 0))
    for number in range(DIRECTIONS):
        angle = np.pi * number / DIRECTIONS
        steep = np.pi / 4 < angle < 3 * np.pi / 4
        slope = 1 / np.tan(angle) if steep else np.tan(angle)
        found, split = _contrasts(upright if steep else lying, slope, steps.step_m)
        if not steep:
            found, split = found.T, split.T
        better = found > best
        best[better], direction[better], chosen[better] = found[better], number, split[better]
    return best, direction, chosen


def _contrasts(values: Floats, slope: float, step_m: float) -> tuple[Floats, NDArray[np.intp]]:
    """(a, b) best contrast over splits ÷ the usual, and the split, along lines b = slope · a.

    Args:
        values: (a, split, b).
        slope: −1..1.
        step_m: metres.
    """
    lean = np.sqrt(1 + slope**2)
    third = max(1, round(LENGTH_M / step_m / lean / 3))
    away = max(1, round(BESIDE_M / step_m * lean))
    shifts = np.rint(slope * (np.arange(len(values)) - len(values) / 2)).astype(int)
    along = _along(_sheared(values, shifts), max(1, third // 2))
    centre, left, right = along[..., away:-away], along[..., : -2 * away], along[..., 2 * away :]
    one, other = centre - left, centre - right
    signed = np.where(one * other > 0, np.sign(one) * np.minimum(np.abs(one), np.abs(other)), 0)
    contrast = _least_of_thirds(signed.astype(np.float32), third)
    usual = np.maximum(_usual(contrast), LEAST_CONTRAST / LEAST_STANDING)
    contrast /= usual[None, :, None]
    contrast = np.pad(contrast, ((0, 0), (0, 0), (away, away)))
    split = contrast.argmax(axis=1)
    best = np.take_along_axis(contrast, split[:, None], axis=1)[:, 0]
    return _sheared(best[:, None], -shifts)[:, 0], _sheared(split[:, None], -shifts)[:, 0]


def _least_of_thirds(signed: Floats, third: int) -> Floats:
    """The least size of a value and those a third before and after it, where all have one sign; else 0."""
    least = np.zeros_like(signed)
    before, here, after = signed[: -2 * third], signed[third:-third], signed[2 * third :]
    up = np.minimum(np.minimum(before, after), here)
    down = np.maximum(np.maximum(before, after), here)
    least[third:-third] = np.maximum(np.maximum(up, -down), 0)
    return least


def _usual(contrast: Floats) -> Floats:
    """(split,): the mean of a sample, of both signs alike."""
    return np.asarray(contrast[::3, :, ::3].mean(axis=(0, 2)) * 1.5, np.float32)


def _sheared(values: NDArray[Any], shifts: NDArray[np.intp]) -> NDArray[Any]:
    """(a, split, b) with each a moved by its shift along b; 0 comes in."""
    moved = np.zeros_like(values)
    size = values.shape[2]
    for own, source, shift in zip(moved, values, shifts, strict=True):
        if abs(shift) < size:
            own[:, max(-shift, 0) : size - max(shift, 0)] = source[:, max(shift, 0) : size + min(shift, 0)]
    return moved


def _along(values: Floats, half: int) -> Floats:
    """Means over 2 half + 1 along the first axis."""
    sums = np.zeros((len(values) + 2 * half + 1, *values.shape[1:]), np.float32)
    for index in range(1, len(sums)):
        inside = half < index <= half + len(values)
        np.add(sums[index - 1], values[index - half - 1] if inside else 0, out=sums[index])
    return np.asarray((sums[2 * half + 1 :] - sums[: -2 * half - 1]) / np.float32(2 * half + 1), np.float32)


def _followed(step: Floats, middle: Reals, angle: float, step_m: float) -> tuple[Reals, Reals, float] | None:
    """Both ends and the contrast of the line through a point; None when it does not hold.

    A short segment leaves its direction open by some degrees, so that it is fitted and followed again as it grows.
    """
    reach = float(np.hypot(*step.shape))
    at = np.arange(-reach, reach + 1)
    half = core = LENGTH_M / step_m / 2
    level = 0.0
    for _ in range(ROUNDS):
        middle, angle = _fitted(step, middle, angle, half, step_m)
        profile = _profile(step, middle, angle, at, step_m)
        level = float(profile[np.abs(at) <= core].mean())
        if abs(level) < LEAST_CONTRAST:
            return None
        soft = ndimage.uniform_filter1d(profile * np.sign(level), max(3, round(FOLLOWED_M / step_m)), mode="constant")
        first, last = _holding(soft > HELD * abs(level), len(at) // 2, round(GAP_M / step_m))
        middle = middle + (at[first] + at[last]) / 2 * _run(angle)
        grown = (at[last] - at[first]) / 2
        if grown <= half:
            half = grown
            break
        half = grown
    return middle - half * _run(angle), middle + half * _run(angle), abs(level)


def _run(angle: Reals | float) -> Reals:
    """(..., 2) unit vectors, column and row."""
    return np.stack([np.cos(angle), np.sin(angle)], axis=-1)


def _fitted(step: Floats, middle: Reals, angle: float, half: float, step_m: float) -> tuple[Reals, float]:
    """The middle and angle near those given along which the contrast is largest."""
    at = np.arange(-half, half + 1)
    turns = TURNS * min(1.0, LENGTH_M / step_m / 2 / max(half, 1.0))
    turn, shift = (part.ravel() for part in np.meshgrid(turns, SHIFTS / step_m, indexing="ij"))
    middles = middle + shift[:, None] * _run(angle + np.pi / 2)
    best = int(np.abs(_profile(step, middles, angle + turn, at, step_m).mean(axis=-1)).argmax())
    return middles[best], angle + float(turn[best])


def _profile(step: Floats, middle: Reals, angle: Reals | float, at: Reals, step_m: float) -> Floats:
    """(..., at) step along lines less the mean of those beside them; middle (..., 2), angle (...,); 0 off the map."""
    side = BESIDE_M / step_m * _run(np.asarray(angle) + np.pi / 2)
    points = middle[..., None, :] + at[:, None] * _run(np.asarray(angle))[..., None, :]
    where = np.stack([points, points + side[..., None, :], points - side[..., None, :]])
    found = ndimage.map_coordinates(step, [where[..., 1], where[..., 0]], order=1, mode="constant")
    return np.asarray(found[0] - 0.5 * (found[1] + found[2]), np.float32)


def _holding(held: NDArray[np.bool_], centre: int, gap: int) -> tuple[int, int]:
    """First and last place of the run through the centre, across gaps."""
    ends = []
    for way in (-1, 1):
        end = place = centre
        while 0 < place < len(held) - 1 and abs(place - end) <= gap:
            place += way
            end = place if held[place] else end
        ends.append(end)
    return ends[0], ends[1]


def _blank(standing: Floats, start: Reals, end: Reals, reach: float) -> None:
    """No peak within reach of a line that was found."""
    low, high = np.minimum(start, end) - reach, np.maximum(start, end) + reach
    top, left = max(int(low[1]), 0), max(int(low[0]), 0)
    window = standing[top : int(high[1]) + 2, left : int(high[0]) + 2]
    rows, columns = np.mgrid[top : top + window.shape[0], left : left + window.shape[1]]
    run = end - start
    length = max(float(np.hypot(*run)), 1e-9)
    along = ((columns - start[0]) * run[0] + (rows - start[1]) * run[1]) / length
    across = ((rows - start[1]) * run[0] - (columns - start[0]) * run[1]) / length
    window[(np.abs(across) <= reach) & (along >= -reach) & (along <= length + reach)] = 0
