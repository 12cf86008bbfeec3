"""Composites: trains of real sprites and drawn vehicles put on real and drawn track, with shadows, lean and masts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from training.layout import BODY, COUPLED_M, GAP, GAP_LEAST_M, ROW_M, ROWS, SEEN_STEPS, STEP_M, WIDE_ROWS, Labelled
from training.rings import FEW, SMEARS_M, Rings, between, decoys, outline, smear
from training.stock import Vehicle
from training.texture import lane

Floats = NDArray[np.float32]
Rng = np.random.Generator

HIDDEN_SHARE, HIDDEN_TRAINS = 0.1, 0.15
"""Of vehicles and of whole trains that have the ground's own tone: among hidden neighbours a car is hardest to see."""


@dataclass(frozen=True, eq=False)
class Parts:
    """What composites are made of."""

    real: list[Floats]
    """Empty stretches of the labelled block."""
    drawn: list[Floats]
    carless: list[Floats]
    sprites: list[Vehicle]
    vehicles: list[Vehicle]


@dataclass(frozen=True)
class Light:
    """Sun of one strip: metres of shadow a metre of height across and along, and what a shadow leaves."""

    across: float
    along: float
    dark: float
    lean: float
    """Metres a metre of height by which roofs lean across the track."""


@dataclass(frozen=True, eq=False)
class Placed:
    """A vehicle on the strip: first step, first row."""

    vehicle: Vehicle
    data: Floats
    step: int
    row: int
    hidden: bool = False
    """In the ground's own tone."""

    @property
    def box(self) -> tuple[int, int, int, int]:
        """First and last row, first and last step."""
        return self.row, self.row + self.data.shape[1] - 1, self.step, self.step + self.data.shape[2] - 1


def composite(parts: Parts, rng: Rng, rings: Rings = FEW) -> Labelled:
    """One strip with exact labels, drawn resolution."""
    data = window(background(parts, rng), misplaced(rng))
    data *= np.float32(rng.uniform(0.7, 1.3)) * rng.normal(1, 0.04, (3, 1, 1)).astype(np.float32)
    if rng.random() < 0.3:
        lane(data, rng)
    strip = Labelled.empty(data)
    angle, long = rng.uniform(0, 2 * np.pi), rng.uniform(0.1, 1.8)
    light = Light(
        across=long * np.cos(angle),
        along=long * np.sin(angle),
        dark=1.0 if rng.random() < 0.15 else rng.uniform(0.2, 0.7),
        lean=rng.normal(0, 0.25) if rng.random() < 0.4 else 0.0,
    )
    pitch, off = rng.uniform(4.3, 5.7), misplaced(rng)
    full = float(rng.choice([0.0, 0.3, 0.6, 0.9], p=[0.25, 0.25, 0.25, 0.25]))
    beside = [
        placed
        for side in (-1, 1)
        if rng.random() < (0.75 if full == 0 else 0.6)
        for placed in train_row(parts, rng, side * pitch + off + rng.normal(0, 0.2), float(rng.choice([0.3, 0.9, 1.0])))
    ]
    own = train_row(parts, rng, off, full)
    paint(strip, beside + own, light, rng)
    label(strip, own)
    masts(strip.data, light, rng)
    if rng.random() < rings.composites:
        ring_round(strip, own if rng.random() < 0.4 else own + beside, rings, rng)
    return strip


def misplaced(rng: Rng) -> float:
    """Metres by which a row of cars lies off the drawn track line."""
    return rng.normal(0, 0.3) if rng.random() < 0.5 else rng.uniform(-1.3, 1.3)


def background(parts: Parts, rng: Rng) -> Floats:
    """(3, WIDE_ROWS, SEEN_STEPS), a new array."""
    chance = rng.random()
    if chance < 0.55:
        return patchwork(parts.real, rng)
    return patchwork(parts.drawn if chance < 0.88 else parts.carless, rng)


def patchwork(pieces: list[Floats], rng: Rng) -> Floats:
    """Pieces end to end, each maybe turned, until the strip is full."""
    chosen, length = [], 0
    while length < SEEN_STEPS:
        piece = pieces[rng.integers(len(pieces))]
        piece = piece[:, :: rng.choice([-1, 1]), :: rng.choice([-1, 1])]
        chosen.append(piece)
        length += piece.shape[2]
        if piece.shape[2] < 160 and rng.random() < 0.7:
            chosen.append(piece[:, :, ::-1])
            length += piece.shape[2]
    whole = np.concatenate(chosen, axis=2)
    first = rng.integers(0, length - SEEN_STEPS + 1)
    return whole[:, :, first : first + SEEN_STEPS].copy()


def window(data: Floats, off_m: float) -> Floats:
    """ROWS of the wide strip, off its middle by so much."""
    most = (WIDE_ROWS - ROWS) // 2
    first = most + int(np.clip(round(off_m / ROW_M), -most, most))
    return data[:, first : first + ROWS].copy()


def train_row(parts: Parts, rng: Rng, centre_m: float, density: float) -> list[Placed]:
    """Trains along one track whose middle lies `centre_m` across."""
    placed: list[Placed] = []
    at = -int(rng.integers(0, 80))
    while at < SEEN_STEPS:
        if rng.random() > density:
            at += int(rng.uniform(3, 60) / STEP_M)
            continue
        same = pick(parts, rng) if rng.random() < 0.4 else None
        all_hidden = rng.random() < HIDDEN_TRAINS
        for _ in range(rng.integers(1, 10)):
            vehicle = same or pick(parts, rng)
            data = vehicle.data[:, :: rng.choice([-1, 1]), :: rng.choice([-1, 1])]
            if same is not None:
                data = data * np.float32(rng.uniform(0.9, 1.1))
            row = round((centre_m + ROWS * ROW_M / 2) / ROW_M - data.shape[1] / 2)
            placed.append(Placed(vehicle, data, at, row, all_hidden or rng.random() < HIDDEN_SHARE))
            at += data.shape[2] + max(2, round(coupling(rng) / STEP_M))
            if at >= SEEN_STEPS:
                break
        at += int((rng.uniform(2.0, 6) if rng.random() < 0.5 else rng.uniform(5, 80)) / STEP_M)
    return placed


def coupling(rng: Rng) -> float:
    """Metres between two coupled bodies; now and then bunched uncoupled ones."""
    return rng.uniform(0.5, 1.9) if rng.random() < 0.92 else rng.uniform(1.6, 3.2)


def pick(parts: Parts, rng: Rng) -> Vehicle:
    """A vehicle, often of another colour than it came."""
    pool = parts.sprites if rng.random() < 0.5 else parts.vehicles
    vehicle = pool[rng.integers(len(pool))]
    data = vehicle.data
    if rng.random() < 0.6:
        data = data * (rng.uniform(0.6, 1.5) * rng.normal(1, 0.12, (3, 1, 1))).astype(np.float32)
        data = data[rng.permutation(3)] if rng.random() < 0.3 else data
    return Vehicle(data, vehicle.height_m, vehicle.kind, vehicle.cover)


def paint(strip: Labelled, placed: list[Placed], light: Light, rng: Rng) -> None:
    """Shadows first, then couplings and bodies."""
    ground = strip.data.mean(axis=(1, 2), keepdims=True)
    shade = np.zeros(strip.data.shape[1:], bool)
    for one in placed:
        _shadow(shade, one, light)
    strip.data[:, shade] *= light.dark
    for one in placed:
        _coupling_dark(strip.data, one, rng)
    for one in placed:
        _body(strip.data, replace(one, data=hidden(one.data, ground, rng)) if one.hidden else one, light)


def hidden(data: Floats, ground: Floats, rng: Rng) -> Floats:
    """A vehicle in about the ground's tone (3, 1, 1): only its shadow, its ends and a fainter pattern give it away."""
    mean = data.mean(axis=(1, 2), keepdims=True)
    fainter = mean + (data - mean) * np.float32(rng.uniform(0.4, 1.0))
    tone = ground * np.float32(rng.uniform(0.82, 1.18)) / np.maximum(mean, 0.02)
    return np.clip(fainter * tone, 0, 1).astype(np.float32)


def _box(one: Placed, across: int = 0, along: int = 0) -> tuple[slice, slice]:
    top, bottom, left, right = one.box
    return (
        slice(max(top + across, 0), max(bottom + 1 + across, 0)),
        slice(max(left + along, 0), max(right + 1 + along, 0)),
    )


def _shadow(shade: NDArray[np.bool_], one: Placed, light: Light) -> None:
    reach = one.vehicle.height_m
    across, along = light.across * reach / ROW_M, light.along * reach / STEP_M
    parts = max(1, int(max(abs(across), abs(along)) / 4))
    for k in range(parts + 1):
        shade[_box(one, round(across * k / parts), round(along * k / parts))] = True


def _coupling_dark(data: Floats, one: Placed, rng: Rng) -> None:
    """Buffers, hoses and shade behind a body; overpainted where nothing follows closely."""
    if rng.random() > 0.8:
        return
    top, bottom, _, right = one.box
    reach = right + 1 + int(rng.integers(2, 7))
    rows, steps = slice(max(top, 0), max(bottom + 1, 0)), slice(max(right + 1, 0), max(reach, 0))
    data[:, rows, steps] *= np.float32(rng.uniform(0.35, 1.0))
    middle = (top + bottom) // 2
    data[:, max(middle - 1, 0) : max(middle + 1, 0), steps] *= np.float32(rng.uniform(0.5, 1.2))


def _body(data: Floats, one: Placed, light: Light) -> None:
    lean = round(light.lean * one.vehicle.height_m / ROW_M)
    if lean:
        data[(slice(None), *_box(one))] = one.data.mean(axis=(1, 2), keepdims=True) * np.float32(0.55)
    rows, steps = _box(one, lean)
    top, left = one.row + lean, one.step
    seen = one.data[:, rows.start - top : rows.stop - top, steps.start - left : steps.stop - left]
    target = data[:, rows, steps]
    if target.size and seen.size:
        target[:] = seen[:, : target.shape[1], : target.shape[2]]


def label(strip: Labelled, own: list[Placed]) -> None:
    """States, kinds and covers of the vehicles on this track."""
    for one in own:
        steps = _box(one)[1]
        strip.state[steps] = BODY
        strip.kind[steps], strip.cover[steps] = one.vehicle.kind, one.vehicle.cover
    for one, after in pairwise(own):
        first, last = one.step + one.data.shape[2], after.step
        if (last - first) * STEP_M < COUPLED_M:
            half = max(last - first, GAP_LEAST_M / STEP_M) / 2
            middle = (first + last) / 2
            strip.state[max(round(middle - half), 0) : max(round(middle + half), 0)] = GAP


def masts(data: Floats, light: Light, rng: Rng) -> None:
    """Gantries and poles across the track, with their shadows."""
    rows = np.arange(data.shape[1])
    for _ in range(rng.poisson(1.1)):
        slope, wide, share = rng.normal(0, 0.25), int(rng.integers(1, 6)), rng.uniform(0.3, 1)
        tone = rng.uniform(0.25, 0.9)
        start = rng.integers(0, data.shape[2]) + np.round(slope * rows).astype(int)
        if rng.random() < 0.3:
            rows_here = (
                slice(0, int(rng.integers(8, 40))) if rng.random() < 0.5 else slice(int(rng.integers(24, 56)), None)
            )
        else:
            rows_here = slice(None)
        cast = round(light.along * 7 / STEP_M)
        for k in range(wide):
            for shift, shadow in ((cast, True), (0, False)):
                at = start[rows_here] + k + shift
                inside = (at >= 0) & (at < data.shape[2])
                r, c = rows[rows_here][inside], at[inside]
                if shadow:
                    data[:, r, c] *= np.float32(max(light.dark, 0.5))
                else:
                    data[:, r, c] = data[:, r, c] * (1 - share) + tone * share


def ring_round(strip: Labelled, placed: list[Placed], rings: Rings, rng: Rng) -> None:
    """Rings round most vehicles, and decoys."""
    ring = np.zeros(strip.data.shape[1:], bool)
    half = int(rng.choice([1, 2, 3, 3]))
    share = between(rng, rings.true)
    for one in placed:
        if rng.random() < share:
            outline(ring, one.box, half)
    decoys(ring, rng, between(rng, rings.decoys))
    strip.data[:] = smear(strip.data, ring, float(rng.choice(SMEARS_M)))
