"""Drawn yards, rectified: tracks run along the rows of a canvas and are bent only when it is seen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, zoom

from training.stock import Vehicle
from training.texture import noise
from training.tracer.canvas import PIXEL_M, Canvas, Line, Sun, along_profile
from training.tracer.scenery import clutter, cover_over, ground, rings
from training.tracer.trains import place_trains

Floats = NDArray[np.float32]
Rng = np.random.Generator

ROWS, COLUMNS = 560, 640
"""140 m across, 160 m along."""
SLOPE = 1 / 7.0
"""Steepest ladder."""


def yard(grounds: list[Floats], vehicles: list[Vehicle], rng: Rng) -> Canvas:
    """A yard, a line or a siding on real or drawn ground, with trains, masts, trees and rings."""
    data = ground(grounds, (ROWS, COLUMNS), rng)
    clutter(data, rng, int(rng.poisson(4)))
    lines = tracks(rng)
    _beds(data, lines, rng)
    style = _style(rng)
    for line in lines:
        _lay(data, line, {**style, **(_style(rng) if rng.random() < 0.25 else {})}, rng)
    _lanes(data, lines, rng)
    sun = Sun.any(rng)
    boxes = place_trains(data, lines, vehicles, sun, rng)
    cover_over(data, sun, rng)
    if rng.random() < 0.45:
        rings(data, boxes, lines, rng)
    canvas = Canvas.bare(np.clip(data, 0, 1.2).astype(np.float32))
    canvas.points = np.concatenate([along_profile(line.across, line.first, line.last) for line in lines])
    return canvas


def tracks(rng: Rng) -> list[Line]:
    """One to sixteen tracks in one or two groups, some joined by switches, some that end."""
    number = int(rng.choice([1, 2, 3, 5, 8, 12, 16]))
    pitch = rng.uniform(4.3, 6.5)
    wide = (rng.random(number) < 0.15) * rng.uniform(2, 14, number)
    gaps = np.full(number, pitch) + rng.normal(0, 0.15, number) + wide
    level = np.cumsum(np.maximum(gaps, 4.2))
    level += rng.uniform(0.15, 0.85) * ROWS * PIXEL_M - level[len(level) // 2]
    lines = []
    full = float(rng.choice([0.0, 0.2, 0.5, 0.9, 1.0]))
    for k, across in enumerate(level):
        line = Line(np.full(COLUMNS, across), 0, COLUMNS, float(np.clip(full + rng.choice([-0.3, 0, 0, 0.5]), 0, 1)))
        if number > 1 and rng.random() < 0.3:
            other = level[k - 1] if k else level[1]
            line.across = _switch(across, other, rng)
        if rng.random() < 0.12:
            cut = int(rng.integers(100, COLUMNS - 100))
            line.first, line.last = (cut, COLUMNS) if rng.random() < 0.5 else (0, cut)
        lines.append(line)
    if rng.random() < 0.25 and number > 2:
        lines.append(_ladder(level, rng))
    return lines


def _switch(own: float, other: float, rng: Rng) -> NDArray[np.float64]:
    """From one level to the next over the length that its slope asks for."""
    length = abs(other - own) / rng.uniform(0.05, SLOPE) * 1.3
    x = np.arange(COLUMNS) * PIXEL_M
    share = np.clip((x - rng.uniform(-20, 150)) / length, 0, 1)
    share = gaussian_filter1d(share, 20)
    profile = own + (other - own) * share
    return profile[:: rng.choice([-1, 1])]


def _ladder(level: NDArray, rng: Rng) -> Line:
    """A track across several others."""
    slope, x = rng.uniform(0.06, SLOPE), np.arange(COLUMNS) * PIXEL_M
    profile = np.clip(level[0] + slope * (x - rng.uniform(-60, 120)), level[0], level[-1])
    return Line(gaussian_filter1d(profile, 24)[:: rng.choice([-1, 1])], 0, COLUMNS, 0.1)


def _style(rng: Rng) -> dict[str, float]:
    return {
        "gauge": rng.choice([1.435, 1.435, 1.52]),
        "rail": rng.choice([-1, 1], p=[0.3, 0.7]) * rng.uniform(0.02, 0.3),
        "foot": rng.uniform(0, 0.12),
        "ties": rng.uniform(0, 0.12) * (rng.random() < 0.7),
        "bed": rng.uniform(-0.12, 0.12),
        "oil": rng.uniform(0, 0.08),
        "half": rng.uniform(1.2, 1.8),
    }


def _beds(data: Floats, lines: list[Line], rng: Rng) -> None:
    """Ballast under the tracks, with a soft ragged edge; seldom none."""
    if rng.random() < 0.12:
        return
    y = (np.arange(ROWS) + 0.5) * PIXEL_M
    reach = np.full((ROWS, COLUMNS), -99.0)
    for line in lines:
        inside = np.arange(COLUMNS)
        gone = np.where((inside >= line.first) & (inside < line.last), 0, 50)
        reach = np.maximum(reach, rng.uniform(1.6, 3.4) - np.abs(y[:, None] - line.across[None]) - gone[None])
    ragged = zoom(rng.standard_normal((ROWS // 8 + 1, COLUMNS // 8 + 1)), 8, order=1)[:ROWS, :COLUMNS]
    share = np.clip((reach + 0.3 * ragged) / rng.uniform(0.2, 1.2) + 0.5, 0, 1) * rng.uniform(0.6, 1)
    tone = rng.uniform(0.2, 0.65) * np.array([1, rng.uniform(0.88, 1.02), rng.uniform(0.75, 1.05)])
    bed = tone[:, None, None] * (1 + noise(rng, (ROWS, COLUMNS)) * rng.uniform(0.02, 0.12))
    data += share * (bed - data)


def _lay(data: Floats, line: Line, style: dict[str, float], rng: Rng) -> None:
    """Ties, rails and oil in the rows near the track."""
    low = max(0, int((line.across.min() - 2.5) / PIXEL_M))
    high = min(ROWS, int((line.across.max() + 2.5) / PIXEL_M) + 1)
    if high <= low:
        return
    columns = slice(line.first, line.last)
    y = (np.arange(low, high) + 0.5) * PIXEL_M
    t = y[:, None] - line.across[None, columns]
    far = np.abs(t)
    off = np.abs(far - style["gauge"] / 2)
    s = np.arange(line.first, line.last) * PIXEL_M
    ties = ((s % 0.6) > 0.3) * style["ties"] + rng.standard_normal(len(s)) * style["ties"] * 0.5
    part = np.clip((style["half"] - far) / 0.3 + 0.5, 0, 1) * (style["bed"] + ties[None])
    part = part - style["oil"] * np.exp(-((t / 0.4) ** 2))
    part += style["rail"] * np.exp(-((off / 0.13) ** 2)) - style["foot"] * np.exp(-((off / 0.3) ** 2))
    worn = zoom(rng.uniform(0.4, 1.2, len(s) // 80 + 2), 80, order=1)[: len(s)]
    data[:, low:high, columns] += part * worn[None] * rng.normal(1, 0.1, (3, 1, 1))


def _lanes(data: Floats, lines: list[Line], rng: Rng) -> None:
    """Walkways, gravel, drains, platforms and fences beside the tracks and along them."""
    y = (np.arange(ROWS) + 0.5) * PIXEL_M
    for _ in range(rng.poisson(1.5)):
        line = lines[rng.integers(len(lines))]
        off, half = rng.choice([-1, 1]) * rng.uniform(1.9, 6), rng.uniform(0.15, 2.0)
        first, last = (0, COLUMNS) if rng.random() < 0.5 else np.sort(rng.integers(0, COLUMNS, 2))
        inside = np.abs(y[:, None] - line.across[None, first:last] - off) < half
        tone = (1 + rng.choice([-1, 1]) * rng.uniform(0.05, 0.5)) * rng.normal(1, 0.05, (3, 1, 1))
        data[:, :, first:last] *= np.where(inside[None], tone, 1)
