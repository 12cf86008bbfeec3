"""Rail vehicles drawn from above, each with its kind, cover and height. Nothing here is taken from an image."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.layout import KINDS, ROW_M, STEP_M, UNKNOWN
from training.texture import noise

Floats = NDArray[np.float32]
Rng = np.random.Generator

LENGTHS_M: dict[str, tuple[float, ...]] = {
    "open": (12.8, 12.9, 13.0, 9.0, 11.0, 12.5, 14.7, 8.0),
    "covered": (13.8, 14.3, 15.4, 16.4, 18.6, 12.9, 22.0, 10.5, 9.0),
    "tank": (11.0, 11.0, 12.0, 13.2, 15.0, 17.0, 9.0),
    "hopper": (9.0, 11.0, 12.0, 13.0, 14.5, 18.0),
    "flat": (12.6, 13.6, 18.5, 19.0, 24.0, 13.0, 9.0, 6.5),
    "container": (12.8, 13.6, 18.5, 18.7, 24.2, 13.0, 6.5, 8.0),
    "locomotive": (15.5, 17.0, 18.0, 19.5, 10.0, 20.5),
    "coach": (23.0, 24.0, 25.8),
}
"""Bodies without couplers: Russian, Chinese and European stock."""
SHARES = {"open": 0.22, "covered": 0.16, "tank": 0.13, "hopper": 0.1, "flat": 0.18, "container": 0.13}
"""The rest are locomotives and coaches, half and half."""
PAINTS = ((0.45, 0.3, 0.22), (0.25, 0.3, 0.45), (0.5, 0.2, 0.17), (0.28, 0.38, 0.28), (0.74, 0.74, 0.71), (0.3,) * 3)


@dataclass(frozen=True, eq=False)
class Vehicle:
    """A vehicle from above; `data` (3, width, length) at the drawing's steps."""

    data: Floats
    height_m: float
    kind: int = UNKNOWN
    cover: int = UNKNOWN


def draw(rng: Rng) -> Vehicle:
    """One vehicle of a random kind."""
    names = list(SHARES)
    rest = (1 - sum(SHARES.values())) / 2
    kind = str(rng.choice([*names, "locomotive", "coach"], p=[*SHARES.values(), rest, rest]))
    length = float(rng.choice(LENGTHS_M[kind])) + rng.normal(0, 0.5)
    if rng.random() < 0.1:
        length = rng.uniform(6, 26)
    n, w = max(22, round(length / STEP_M)), round(rng.uniform(2.6, 3.3) / ROW_M)
    body = np.ones((3, w, n), np.float32) * _paint(rng)[:, None, None]
    cover, height = UNKNOWN, rng.uniform(3.2, 4.4)
    if kind == "open":
        cover = int(rng.random() < 0.4)
        _sheet(body, rng) if cover else _hold(body, rng)
        height = rng.uniform(2.4, 3.6)
    elif kind in ("flat", "container"):
        height = _DRAWN[kind](body, rng)
    else:
        _DRAWN[kind](body, rng)
    body += noise(rng, (w, n)) * rng.uniform(0.004, 0.03)
    return Vehicle(np.clip(body, 0.01, 1), height, KINDS.index(kind), cover)


def _paint(rng: Rng) -> Floats:
    if rng.random() < 0.5:
        return np.clip(
            np.array(PAINTS[rng.integers(len(PAINTS))]) * rng.uniform(0.6, 1.4) + rng.normal(0, 0.04, 3), 0.03, 0.95
        )
    return np.clip(rng.uniform(0.06, 0.85) + rng.normal(0, 0.07, 3), 0.03, 0.95).astype(np.float32)


def _axes(body: Floats) -> tuple[Floats, Floats]:
    """Across −1..1 as a column, along in metres as a row."""
    return np.linspace(-1, 1, body.shape[1])[:, None], (np.arange(body.shape[2]) * STEP_M)[None]


def _hold(body: Floats, rng: Rng) -> None:
    """Rim and inside: empty floor with its shade, or a load heaped up."""
    rim, ends = max(1, round(0.2 / ROW_M)), 2
    inside = body[:, rim:-rim, ends:-ends]
    tone = rng.uniform(0.04, 0.5) * np.array([1, rng.uniform(0.8, 1), rng.uniform(0.65, 1)])
    inside[:] = tone[:, None, None] + noise(rng, inside.shape[1:]) * rng.uniform(0.01, 0.09)
    if rng.random() < 0.6:
        shade = max(1, int(inside.shape[1] * rng.uniform(0.2, 0.6)))
        inside[:, :shade] *= rng.uniform(0.3, 0.7)
    if rng.random() < 0.3:
        along = np.arange(inside.shape[2]) * STEP_M
        inside *= (1 + rng.uniform(-0.5, 0.5) * np.cos(2 * np.pi * along / rng.uniform(3, 13)))[None, None]


def _sheet(body: Floats, rng: Rng) -> None:
    """Tarpaulin: folds, ropes across, sometimes two sheets of different colour."""
    u, s = _axes(body)
    body[:] = (_paint(rng) * (0.5 + 0.5 * rng.random()))[:, None, None] + noise(rng, body.shape[1:]) * 0.05
    if rng.random() < 0.5:
        body *= 1 - rng.uniform(0.05, 0.3) * ((s % rng.uniform(1, 3)) < 0.3)
    if rng.random() < 0.3:
        cut = int(body.shape[2] * rng.uniform(0.3, 0.7))
        body[:, :, cut:] = (body[:, :, cut:] * rng.uniform(0.5, 1.5, 3)[:, None, None]).clip(0, 1)
    body *= 1 + rng.uniform(-0.2, 0.2) * u


def _roof(body: Floats, rng: Rng) -> None:
    u, s = _axes(body)
    body += rng.uniform(-0.09, 0.09) * ((s % rng.uniform(0.8, 3)) < 0.3)
    body *= 1 + rng.uniform(-0.25, 0.25) * (np.sign(u) if rng.random() < 0.5 else u)
    if rng.random() < 0.3:
        body *= 1 - 0.3 * (np.abs(u) < 0.12)


def _tank(body: Floats, rng: Rng) -> None:
    u, s = _axes(body)
    lit = rng.uniform(-0.4, 0.4)
    body *= 1 - rng.uniform(0.3, 0.7) * (u - lit) ** 2
    body += np.exp(-(((u - lit) / 0.2) ** 2)) * rng.uniform(0, 0.4)
    ends = rng.uniform(0.3, 1.2)
    platform = (s < ends) | (s > s.max() - ends)
    body[:] = np.where(platform, body * rng.uniform(0.25, 0.9), body)
    if rng.random() < 0.7:
        middle = np.abs(s - s.max() * rng.uniform(0.4, 0.6)) < 0.6
        body *= 1 - rng.uniform(-0.4, 0.5) * (middle & (np.abs(u) < 0.35))


def _hopper(body: Floats, rng: Rng) -> None:
    u, s = _axes(body)
    bays = rng.integers(2, 5)
    phase = (s / s.max() * bays) % 1
    if rng.random() < 0.5:
        body *= np.where((np.abs(phase - 0.5) < 0.4) & (np.abs(u) < 0.8), rng.uniform(0.2, 0.7), 1)
        body += noise(rng, body.shape[1:]) * 0.03
    else:
        body *= 1 + rng.uniform(-0.4, 0.4) * ((np.abs(phase - 0.5) < 0.2) & (np.abs(u) < 0.3))
        body *= 1 - rng.uniform(0.1, 0.4) * np.abs(u)
    slope = rng.uniform(0.3, 1.5)
    body *= np.where((s < slope) | (s > s.max() - slope), rng.uniform(0.4, 0.9), 1)


def _deck(body: Floats, rng: Rng) -> None:
    """Planks or plates in a frame; often posts along both edges, as on timber and steel wagons, and end walls."""
    u, s = _axes(body)
    tone = rng.uniform(0.12, 0.55) * np.array([1, rng.uniform(0.8, 1), rng.uniform(0.62, 1)])
    body[:] = tone[:, None, None]
    body += rng.uniform(-0.12, 0.12) * ((s % rng.uniform(0.5, 3)) < 0.3)
    body += noise(rng, body.shape[1:], (1, 4)) * rng.uniform(0, 0.05)
    if rng.random() < 0.5:
        body += rng.uniform(-0.2, 0.2) * (np.abs(u) > rng.uniform(0.7, 0.9))
    if rng.random() < 0.4:
        body += rng.uniform(-0.15, 0.1) * (np.abs(u) < 0.2)
    if rng.random() < 0.55:
        period, wide = rng.uniform(1.0, 2.6), rng.uniform(0.25, 0.6)
        posts = ((s + rng.uniform(0, period)) % period < wide) & (np.abs(u) > rng.uniform(0.35, 0.8))
        body *= 1 + rng.choice([-0.6, -0.4, 0.5, 0.9]) * rng.uniform(0.5, 1) * posts
    if rng.random() < 0.4:
        body *= np.where((s < 0.5) | (s > s.max() - 0.5), rng.uniform(0.3, 1.6), 1)


def _flat(body: Floats, rng: Rng) -> float:
    """Bare deck, or timber, pipes, vehicles on it; gives its height."""
    _deck(body, rng)
    if rng.random() < 0.55:
        return rng.uniform(1.1, 1.9)
    at = rng.uniform(0, 2)
    while at < body.shape[2] * STEP_M - 2:
        long = rng.uniform(1.5, 6)
        first, last = round(at / STEP_M), min(body.shape[2], round((at + long) / STEP_M))
        edge = rng.integers(0, 3)
        body[:, edge : body.shape[1] - edge, first:last] = _paint(rng)[:, None, None]
        at += long + rng.uniform(0.2, 3)
    return rng.uniform(1.6, 3.2)


def _boxes(body: Floats, rng: Rng) -> float:
    """One to four containers on a deck; gives its height."""
    _deck(body, rng)
    room, slack = body.shape[2] * STEP_M, rng.uniform(0.05, 0.6)
    fits = [length for length in (2.99, 6.06, 6.06, 9.1, 12.19, 13.7) if length < room + 0.3]
    at, same = rng.uniform(0, slack), _paint(rng)
    placed = 0
    while fits and at < room - min(fits) + 0.3:
        length = float(rng.choice([one for one in fits if one <= room - at + 0.3] or [min(fits)]))
        if rng.random() < 0.85 or not placed:
            first, last = round(at / STEP_M), min(body.shape[2], round((at + length) / STEP_M))
            colour = same if rng.random() < 0.4 else _paint(rng)
            body[:, :, first:last] = colour[:, None, None]
            ribs = (np.arange(last - first) % 3 == 0) * rng.uniform(-0.06, 0.06)
            body[:, :, first:last] += ribs
            placed += 1
        at += length + rng.uniform(0.05, slack)
    return rng.uniform(3.4, 4.2)


def _locomotive(body: Floats, rng: Rng) -> None:
    u, s = _axes(body)
    cab = rng.uniform(1.5, 3.5)
    roof = rng.uniform(0.15, 0.6, (3, 1, 1))
    body[:] = np.where((s < cab) | (s > s.max() - cab * rng.integers(0, 2)), body, roof)
    for _ in range(rng.integers(2, 6)):
        at, half = rng.uniform(1, s.max() - 1), rng.uniform(0.3, 1.2)
        body *= np.where((np.abs(s - at) < half) & (np.abs(u) < rng.uniform(0.3, 0.9)), rng.uniform(0.3, 1.6), 1)
    if rng.random() < 0.4:
        body *= np.where(np.abs(u) > rng.uniform(0.4, 0.8), rng.uniform(0.4, 1.4), 1)


def _coach(body: Floats, rng: Rng) -> None:
    u, s = _axes(body)
    body *= 1 - rng.uniform(0, 0.4) * u**2
    body += (rng.uniform(-0.1, 0.15) * (np.abs(u) < 0.15)) * ((s % rng.uniform(1.5, 4)) < 1)
    for _ in range(rng.integers(0, 4)):
        at, half = rng.uniform(1, s.max() - 1), rng.uniform(0.6, 2)
        body *= np.where((np.abs(s - at) < half) & (np.abs(u) < 0.7), rng.uniform(0.6, 1.4), 1)


_DRAWN = {
    "covered": _roof,
    "tank": _tank,
    "hopper": _hopper,
    "flat": _flat,
    "container": _boxes,
    "locomotive": _locomotive,
    "coach": _coach,
}
