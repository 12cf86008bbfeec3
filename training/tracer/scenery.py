"""What is no track: ground, fields, roads, roofs, rows of boxes, trees, gantries; and smeared outlines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, zoom

from training.rings import outline
from training.texture import noise
from training.tracer.canvas import PIXEL_M, Line, Sun

Floats = NDArray[np.float32]
Rng = np.random.Generator


def ground(grounds: list[Floats], shape: tuple[int, int], rng: Rng) -> Floats:
    """Real ground without tracks, or drawn."""
    if grounds and rng.random() < 0.5:
        piece = grounds[rng.integers(len(grounds))]
        if piece.shape[1] >= shape[0] and piece.shape[2] >= shape[1]:
            top, left = (int(rng.integers(0, n - m + 1)) for n, m in zip(piece.shape[1:], shape, strict=True))
            data = piece[:, top : top + shape[0], left : left + shape[1]]
            return data[:, :: rng.choice([-1, 1]), :: rng.choice([-1, 1])].copy()
    tone = rng.uniform(0.15, 0.65) * np.array([1, rng.uniform(0.85, 1.15), rng.uniform(0.6, 1.05)])
    if rng.random() < 0.08:
        tone = rng.uniform(0.7, 0.95) * np.array([1, 1, rng.uniform(1, 1.04)])
    light = noise(rng, shape, (1, 4, 16, 64)) * rng.uniform(0.01, 0.08)
    return (tone[:, None, None] + light[None] * (1 + 0.2 * rng.standard_normal((3, 1, 1)))).astype(np.float32)


def clutter(data: Floats, rng: Rng, number: int) -> None:
    """Things anywhere, at any angle."""
    for _ in range(number):
        _THINGS[rng.integers(len(_THINGS))](data, rng)


def _local(data: Floats, rng: Rng) -> tuple[NDArray, NDArray]:
    """Metres along and across a random direction from a random place, for every pixel."""
    rows, columns = data.shape[1:]
    angle = rng.choice([0, np.pi / 2]) + rng.normal(0, 0.1) if rng.random() < 0.3 else rng.uniform(0, np.pi)
    y, x = np.ogrid[:rows, :columns]
    y, x = (y - rng.uniform(0, rows)) * PIXEL_M, (x - rng.uniform(0, columns)) * PIXEL_M
    return np.cos(angle) * x + np.sin(angle) * y, np.cos(angle) * y - np.sin(angle) * x


def _tone(rng: Rng) -> Floats:
    return (rng.uniform(0.08, 0.9) * rng.normal(1, 0.1, (3, 1, 1))).astype(np.float32)


def _road(data: Floats, rng: Rng) -> None:
    s, t = _local(data, rng)
    half = rng.uniform(1.2, 7)
    t = t + s * s / (2 * rng.choice([-1, 1]) * rng.uniform(60, 2000))
    inside = np.abs(t) < half
    data[:, inside] = _tone(rng)[:, 0] + rng.standard_normal((1, int(inside.sum()))).astype(np.float32) * 0.015
    for at in (0.0, half * 0.9, -half * 0.9):
        if rng.random() < 0.5:
            dashed = (s % 9 < 4.5) if rng.random() < 0.5 else True
            data[:, (np.abs(t - at) < 0.12) & dashed] = rng.uniform(0.7, 1)


def _motorway(data: Floats, rng: Rng) -> None:
    """Lanes side by side with dashes between them, hard edges, a barrier, and lorries that follow each other."""
    s, t = _local(data, rng)
    t = t + s * s / (2 * rng.choice([-1, 1]) * rng.uniform(250, 4000))
    lane, lanes = rng.uniform(3.2, 3.8), int(rng.integers(2, 7))
    t = t + lane * lanes / 2
    inside = (t > -1.5) & (t < lane * lanes + 1.5)
    grey = rng.uniform(0.15, 0.6) * rng.normal(1, 0.02, (3, 1))
    data[:, inside] = grey + rng.standard_normal((1, int(inside.sum()))) * 0.015
    white, period = rng.uniform(0.6, 1), rng.uniform(6, 18)
    for k in range(lanes + 1):
        through = k in (0, lanes) or rng.random() < 0.15
        data[:, (np.abs(t - k * lane) < 0.13) & (through | (s % period < period / 3))] = white
    for k in range(lanes):
        at = float(s.min())
        while rng.random() < 0.97 and at < s.max():
            at += rng.exponential(60) + 20
            long, wide = (rng.uniform(8, 18), 2.5) if rng.random() < 0.4 else (rng.uniform(3.8, 5.2), 1.8)
            here = np.abs(t - (k + 0.5) * lane) < wide / 2
            data[:, here & (np.abs(s - at) < long / 2)] = _tone(rng)[:, 0]


def _running_track(data: Floats, rng: Rng) -> None:
    """Narrow lanes in one colour: sports grounds, car parks' bays, planks."""
    s, t = _local(data, rng)
    lane, lanes = rng.uniform(1.0, 2.6), int(rng.integers(3, 10))
    inside = (np.abs(s) < rng.uniform(20, 110)) & (t > 0) & (t < lane * lanes)
    data[:, inside] = _tone(rng)[:, 0] + rng.standard_normal((1, int(inside.sum()))) * 0.01
    data[:, inside & (np.abs((t + lane / 2) % lane - lane / 2) < 0.1)] = rng.uniform(0.4, 1)


def _furrows(data: Floats, rng: Rng) -> None:
    """Parallel lines of any period: fields, rows of vines, roofs' sheets, fences, parked rows."""
    s, t = _local(data, rng)
    inside = (np.abs(s) < rng.uniform(8, 60)) & (np.abs(t) < rng.uniform(2, 40))
    period = rng.uniform(0.6, 9)
    wave = (
        np.sin(2 * np.pi * t / period) if rng.random() < 0.5 else np.where(t % period < rng.uniform(0.2, 1.5), 1, -0.2)
    )
    data += (inside * wave)[None] * rng.uniform(-0.15, 0.15) * rng.normal(1, 0.15, (3, 1, 1))


def _pair(data: Floats, rng: Rng) -> None:
    """Two or more parallel lines not at a gauge: wheel ruts, pipes, kerbs, walls."""
    s, t = _local(data, rng)
    spread = rng.choice([rng.uniform(0.5, 1.1), rng.uniform(2.0, 4.0)])
    inside = np.abs(s) < rng.uniform(10, 100)
    for k in range(rng.integers(2, 4)):
        line = np.exp(-(((t - k * spread) / rng.uniform(0.12, 0.4)) ** 2)) * inside
        data += line[None] * rng.uniform(-0.25, 0.25)


def _roof(data: Floats, rng: Rng) -> None:
    s, t = _local(data, rng)
    long, wide = rng.uniform(3, 45), rng.uniform(2, 16)
    shade = (np.abs(s - rng.uniform(-3, 3)) < long) & (np.abs(t - rng.uniform(-4, 4)) < wide)
    data[:, shade] *= rng.uniform(0.25, 0.8)
    inside = (np.abs(s) < long) & (np.abs(t) < wide)
    tone = _tone(rng) * (1 + rng.uniform(-0.3, 0.3) * np.sign(t) + rng.uniform(-0.1, 0.1) * (s % 1.5 < 0.3))
    data[:] = np.where(inside[None], tone, data)


def _boxes(data: Floats, rng: Rng) -> None:
    """Lorries, trailers, containers, mobile homes: side by side, or loose in rows too wide apart for tracks."""
    s, t = _local(data, rng)
    long, wide = rng.uniform(4, 20), rng.uniform(1.8, 5)
    beside = wide + rng.uniform(0.3, 4)
    rows, per_row = rng.integers(1, 3), rng.integers(3, 14)
    for row in range(rows):
        for k in range(per_row):
            if rng.random() < 0.15:
                continue
            middle_s = row * (long + rng.uniform(5, 12)) + rng.normal(0, 0.6)
            middle_t = k * beside + rng.normal(0, 0.15)
            shade = (np.abs(s - middle_s - 1) < long / 2) & (np.abs(t - middle_t - 1) < wide / 2)
            inside = (np.abs(s - middle_s) < long / 2) & (np.abs(t - middle_t) < wide / 2)
            data[:, shade] *= 0.5
            data[:, inside] = _tone(rng)[:, 0]


_THINGS = (_road, _road, _motorway, _running_track, _furrows, _pair, _roof, _roof, _boxes)


def cover_over(data: Floats, sun: Sun, rng: Rng) -> None:
    """What stands over or beside tracks: trees with their shadows, gantries, a bridge."""
    rows, columns = data.shape[1:]
    for _ in range(rng.poisson(6) * int(rng.random() < 0.5)):
        _tree(data, sun, (rng.uniform(0, rows), rng.uniform(0, columns)), rng)
    at = int(rng.uniform(0, 160))
    while at < columns:
        at += int(rng.uniform(20, 70) / PIXEL_M)
        if rng.random() < 0.6:
            _gantry(data, sun, at, rng)
    if rng.random() < 0.06:
        at, wide = rng.uniform(0, columns), rng.uniform(3, 12) / PIXEL_M
        slope = rng.normal(0, 0.3)
        y, x = np.ogrid[:rows, :columns]
        inside = np.abs(x - at - slope * y) < wide
        data[:, inside] = _tone(rng)[:, 0]


def _tree(data: Floats, sun: Sun, at: tuple[float, float], rng: Rng) -> None:
    radius, height = rng.uniform(1.5, 5), rng.uniform(3, 10)
    for k in (1.0, 0.5):
        cast = (at[0] + sun.down * height * k / PIXEL_M, at[1] + sun.right * height * k / PIXEL_M)
        part, inside = _disc(data, cast, radius / PIXEL_M)
        part[:, inside] *= np.float32(max(sun.dark, 0.3))
    part, crown = _disc(data, at, radius / PIXEL_M)
    tone = np.array([rng.uniform(0.1, 0.3), rng.uniform(0.2, 0.4), rng.uniform(0.08, 0.25)])[:, None]
    part[:, crown] = tone * (1 + 0.25 * rng.standard_normal((1, int(crown.sum()))))


def _disc(data: Floats, at: tuple[float, float], radius: float) -> tuple[Floats, NDArray[np.bool_]]:
    """The part of the picture round a disc, and the disc in it."""
    top, left = (max(0, int(c - radius)) for c in at)
    part = data[:, top : max(0, int(at[0] + radius) + 2), left : max(0, int(at[1] + radius) + 2)]
    y, x = np.ogrid[top : top + part.shape[1], left : left + part.shape[2]]
    return part, np.hypot(y - at[0], x - at[1]) < radius


def _gantry(data: Floats, sun: Sun, at: int, rng: Rng) -> None:
    rows = np.arange(data.shape[1])
    first, last = np.sort(rng.integers(0, data.shape[1], 2))
    slope, wide, tone = rng.normal(0, 0.2), int(rng.integers(1, 5)), rng.uniform(0.2, 0.95)
    share = rng.uniform(0.3, 1)
    for shift, shadow in ((sun.right * 7 / PIXEL_M, True), (0.0, False)):
        for k in range(wide):
            column = np.round(at + slope * rows + shift + k).astype(int)
            inside = (column >= 0) & (column < data.shape[2]) & (rows >= first) & (rows < last)
            r, c = rows[inside], column[inside]
            data[:, r, c] = data[:, r, c] * max(sun.dark, 0.5) if shadow else data[:, r, c] * (1 - share) + tone * share


def rings(data: Floats, boxes: list[tuple[int, int, int, int]], lines: list[Line], rng: Rng) -> None:
    """Outlines round vehicles and false ones on empty track and anywhere, filled from their surroundings."""
    ring = np.zeros(data.shape[1:], bool)
    half = int(rng.choice([1, 2, 3, 3]))
    for box in boxes:
        if rng.random() < 0.9:
            outline(ring, box, half)
    for _ in range(rng.poisson(8)):
        line = lines[rng.integers(len(lines))]
        left = int(rng.integers(0, data.shape[2]))
        row = int(line.across[left] / PIXEL_M if rng.random() < 0.6 else rng.integers(0, data.shape[1]))
        outline(ring, (row - 6, row + 6, left, left + int(rng.uniform(20, 100))), half)
    reach = float(rng.choice([1.5, 2, 4]))
    keep = (~ring).astype(np.float32)
    weight = gaussian_filter(keep, reach) + 1e-6
    for band in data:
        band[ring] = ((gaussian_filter(band * keep, reach) + 1e-6 * band.mean()) / weight)[ring]


def carless(rng: Rng, shape: tuple[int, int]) -> Floats:
    """Ground full of things, no track."""
    data = ground([], shape, rng)
    clutter(data, rng, int(rng.integers(6, 18)))
    return np.clip(data, 0, 1.2)


def resized(picture: Floats, pixel_m: float) -> Floats:
    """A picture at the canvas's pixels."""
    return zoom(picture, (1, pixel_m / PIXEL_M, pixel_m / PIXEL_M), order=1).astype(np.float32)
