"""Beds, ties and rails of any yard's tracks: stone clean or oily, wood or concrete, polished or rusty."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yardwatch.simulate.anywhere.surface import ballast
from yardwatch.simulate.bands import Band
from yardwatch.simulate.canvas import Canvas
from yardwatch.simulate.ground import Ground
from yardwatch.simulate.noise import Reals, Single
from yardwatch.simulate.stock import Colour
from yardwatch.simulate.trackbed import BED_HALF_M, FOOT_M, HALF_GAUGE_M, RAIL_M, TIE_HALF_M, line_share, tie_share

WOOD: tuple[Colour, ...] = ((0.30, 0.27, 0.24), (0.36, 0.32, 0.28), (0.22, 0.20, 0.18))
CONCRETE: tuple[Colour, ...] = ((0.62, 0.61, 0.58), (0.54, 0.53, 0.51))
RUSTY, POLISHED = np.array([0.40, 0.31, 0.26]), np.array([0.97, 0.97, 0.96])
RUST_DUST = np.array([0.36, 0.31, 0.265])
SNOW_ON_BED, SNOW_ON_RAIL = 0.42, 0.8


@dataclass(frozen=True, kw_only=True)
class BedLook:
    """How one track looks."""

    stone: Colour
    dirt: float
    """How far rust and brake dust hide the stone under and between the rails, 0..1."""
    dirty_half: float
    """Half the width of that, metres."""
    oil: float
    """Darkness of the stripe between the rails, 0..0.2."""
    tie: Colour
    ties: float
    """How well ties show, 0..1."""
    rail: Colour
    ground: float
    """How far the bed is the ground around, 0..1: old tracks sink into it."""
    green: float


def draw_look(rng: np.random.Generator, base: Colour) -> BedLook:
    """The look of one track in a yard whose stone is `base`."""
    stone = np.array(base if rng.random() < 0.75 else ballast(rng)) * rng.uniform(0.9, 1.08)
    rail = RUSTY + rng.beta(1, 1) * (POLISHED - RUSTY)
    ties = WOOD if rng.random() < 0.65 else CONCRETE
    return BedLook(
        stone=_colour(stone), dirt=float(rng.beta(1.6, 1.1)), dirty_half=float(rng.uniform(1.0, 1.6)),
        oil=float(0.2 * rng.beta(1, 1.6)), tie=ties[int(rng.integers(len(ties)))],
        ties=float(rng.choice([0.0, 0.5, 0.95]) * rng.uniform(0.6, 1.05)), rail=_colour(rail),
        ground=float(rng.uniform(0, 0.9) * (rng.random() < 0.35)), green=float(rng.beta(0.6, 3.0)),
    )  # fmt: skip


def lay_bed(ground: Ground, band: Band, canvas: Canvas, look: BedLook, rng: np.random.Generator) -> None:
    """Draw one track into the ground, in place."""
    flat, far = band.flat, np.abs(band.t)
    grain, patches = ground.fine.reshape(-1)[flat], ground.coarse.reshape(-1)[flat]
    layer = ground.colour.reshape(3, -1)
    below = layer[:, flat]
    bed = np.clip((BED_HALF_M - far + 0.12 * grain) / 0.6 + 0.5, 0, 1)
    colour = np.array(look.stone)[:, None] * (1 + 0.05 * grain + 0.05 * patches) * _spills(band.s, rng)
    worked = np.clip((look.dirty_half - far + 0.15 * grain) / 0.4 + 0.5, 0, 1) * look.dirt * (1 + 0.25 * patches)
    colour += worked * (RUST_DUST[:, None] * (1 + 0.06 * grain) - colour)
    colour -= np.exp(-((band.t / 0.45) ** 2)) * look.oil * (1 + 0.5 * patches)
    colour += look.ground * (below - colour)
    ties = np.clip((TIE_HALF_M - far) / canvas.fine_m + 0.5, 0, 1) * tie_share(band.s, canvas.fine_m) * look.ties
    colour += ties * (np.array(look.tie)[:, None] - colour)
    weeds = look.green * np.clip(patches + grain, 0, 1)
    colour += weeds * (np.array([[0.36], [0.37], [0.24]]) - colour)
    rail = np.abs(far - HALF_GAUGE_M)
    colour += 0.4 * line_share(rail, FOOT_M, canvas.fine_m) * (np.array([[0.25], [0.21], [0.18]]) - colour)
    head = line_share(rail, RAIL_M / 2, canvas.fine_m)
    colour += head * (np.array(look.rail)[:, None] - colour)
    layer[:, flat] += (bed * (colour - below)).astype(np.float32)
    _snow(ground, flat, (bed, head, grain))


def _snow(ground: Ground, flat: np.ndarray[tuple[int], np.dtype[np.int64]], cover: tuple[Reals, Reals, Reals]) -> None:
    bed, head, grain = cover
    ground.lush.reshape(-1)[flat] *= 1 - 0.9 * bed
    line = ground.snow_line.reshape(-1)
    line[flat] += bed * ((SNOW_ON_BED + SNOW_ON_RAIL * head + 0.06 * grain).astype(np.float32) - line[flat])


def _spills(s: Single, rng: np.random.Generator) -> Single:
    """Brightness along a track where load was spilt or stone renewed: soft-ended stretches."""
    tone = np.ones_like(s)
    for _ in range(int(rng.choice([0, 0, 0, 1, 2, 4]))):
        middle, half, change = rng.uniform(0, 240), rng.uniform(2, 22), rng.uniform(-0.35, 0.3)
        tone += change * np.clip((half - np.abs(s - np.float32(middle))) / 1.5 + 0.5, 0, 1)
    return np.clip(tone, 0.4, 1.7).astype(np.float32)


def _colour(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Colour:
    return float(values[0]), float(values[1]), float(values[2])
