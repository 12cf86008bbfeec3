"""Open wagons from above: empty, loaded with what is tipped or stacked, or under a tarpaulin."""

from __future__ import annotations

import numpy as np

from yardwatch.simulate.anywhere.brush import Skin, blotches, body, faded, full, lay, own, rake, stripe
from yardwatch.simulate.bodies import Patch
from yardwatch.simulate.noise import Single
from yardwatch.simulate.stock import Colour, Wagon

WALL_M, FLOOR_M = 0.15, 1.25
BULK: dict[str, tuple[Colour, float, float]] = {
    "coal": ((0.105, 0.105, 0.11), 0.10, 0.16),
    "ore": ((0.33, 0.22, 0.18), 0.06, -0.7),
    "gravel": ((0.52, 0.50, 0.47), 0.06, -0.3),
    "sand": ((0.62, 0.55, 0.42), 0.03, -0.2),
    "scrap": ((0.36, 0.30, 0.27), 0.42, 0.15),
    "chips": ((0.60, 0.48, 0.30), 0.08, 0.15),
    "soil": ((0.30, 0.25, 0.19), 0.10, -0.5),
}
"""Colour, roughness, and how far its heaps stand above the rim."""
FLOORS: tuple[Colour, ...] = (
    (0.27, 0.235, 0.21),
    (0.36, 0.26, 0.20),
    (0.40, 0.39, 0.38),
    (0.17, 0.16, 0.16),
    (0.33, 0.30, 0.27),
)
CLOTHS: tuple[Colour, ...] = (
    (0.20, 0.32, 0.52),
    (0.16, 0.38, 0.50),
    (0.22, 0.36, 0.26),
    (0.33, 0.41, 0.35),
    (0.47, 0.47, 0.46),
    (0.58, 0.51, 0.40),
    (0.15, 0.15, 0.16),
    (0.72, 0.72, 0.70),
    (0.62, 0.36, 0.20),
    (0.30, 0.30, 0.22),
    (0.55, 0.22, 0.18),
    (0.36, 0.50, 0.62),
)


def paint_open(wagon: Wagon, patch: Patch) -> Skin:
    """A box with walls and, inside, a floor, a load, or a cloth over all."""
    if wagon.load == "tarpaulin":
        return _tarpaulin(wagon, patch)
    stock = wagon.stock
    colour = patch.tint(wagon.colour, 1.1 + 0.06 * blotches(patch, own(wagon)))
    inner = patch.inside(stock.body_m - 2 * WALL_M, stock.width_m - 2 * WALL_M)
    inside, top = _inside(wagon, patch)
    lay(colour, inner, inside)
    return colour, np.where(inner > 0.5, top, full(patch, stock.height_m)).astype(np.float32), body(wagon, patch)


def _inside(wagon: Wagon, patch: Patch) -> tuple[Single, Single]:
    if wagon.load in BULK:
        return _bulk(wagon, patch)
    if wagon.load == "timber":
        return _timber(wagon, patch)
    return _floor(wagon, patch)


def _floor(wagon: Wagon, patch: Patch) -> tuple[Single, Single]:
    """Rust, dust and leavings; now and then cross-beams at half height."""
    chance, shared = own(wagon), rake(wagon)
    tone = 1 + 0.12 * blotches(patch, chance) + 0.04 * patch.grain
    colour, top = patch.tint(faded(shared, FLOORS), tone), full(patch, FLOOR_M)
    left = np.clip(blotches(patch, chance, 1.4) - 1.0, 0, 1) * (shared.random() < 0.5)
    lay(colour, 0.6 * left, patch.tint(faded(shared, ((0.12, 0.12, 0.12), (0.5, 0.47, 0.42)))))
    if shared.random() < 0.35:
        for at in np.linspace(-0.5, 0.5, int(shared.integers(2, 5)) + 2)[1:-1] * wagon.stock.body_m:
            beam = stripe(patch, patch.x, float(at), 0.16)
            lay(colour, 0.8 * beam, patch.tint(wagon.colour))
            top = np.where(beam > 0.5, np.float32(FLOOR_M + 1.2), top)
    return colour, top


def _bulk(wagon: Wagon, patch: Patch) -> tuple[Single, Single]:
    """One to three heaps, or a levelled load, falling towards the walls."""
    stock, chance, shared = wagon.stock, own(wagon), rake(wagon)
    tint, rough, above = BULK[wagon.load]
    level = stock.height_m + above + shared.uniform(-0.5, 0.15) + chance.normal(0, 0.08)
    heaps = int(shared.choice([0, 1, 2, 3]))
    wave = 0.22 * np.cos(2 * np.pi * heaps * patch.x / stock.body_m + np.pi * (heaps % 2 == 0)) if heaps else 0.0
    ends = np.clip(1 - (stock.body_m / 2 - np.abs(patch.x)) / 1.4, 0, 1)
    top = level + wave - 0.55 * (np.abs(patch.t) / 1.4) ** 2 - 0.6 * ends + 0.5 * rough * patch.grain
    tone = 1 + rough * patch.grain + 0.07 * blotches(patch, chance) + 0.10 * np.clip(-patch.t * patch.sun_t * -1, -1, 1)
    colour = patch.tint(faded(shared, (tint,)), tone)
    if wagon.load == "scrap":
        patches = blotches(patch, chance, 0.7)
        lay(colour, np.clip(patches - 0.6, 0, 1), patch.tint((0.55, 0.54, 0.53)))
        lay(colour, np.clip(-patches - 0.7, 0, 1), patch.tint((0.42, 0.22, 0.14)))
    return colour, np.maximum(top, FLOOR_M).astype(np.float32)


def _timber(wagon: Wagon, patch: Patch) -> tuple[Single, Single]:
    """Stacks of logs lengthwise, or across, with gaps between stacks."""
    stock, chance, shared = wagon.stock, own(wagon), rake(wagon)
    stacks, across = int(shared.integers(2, 5)), shared.random() < 0.25
    step = (stock.body_m - 0.6) / stacks
    place = (patch.x + stock.body_m / 2 - 0.3) / step
    gap = np.abs(place - np.rint(place)) * step < 0.16
    grain = np.sin((patch.x if across else patch.t) * 22 + 3 * chance.random() + 1.5 * blotches(patch, chance))
    colour = patch.tint(faded(shared, ((0.56, 0.46, 0.33), (0.48, 0.40, 0.31), (0.66, 0.55, 0.38))), 1 + 0.2 * grain)
    level = stock.height_m + shared.uniform(-0.3, 0.6) - 0.35 * (np.abs(patch.t) / 1.4) ** 2
    lay(colour, 0.75 * gap, patch.tint((0.15, 0.13, 0.12)))
    return colour, np.where(gap, FLOOR_M + 0.4, level).astype(np.float32)


def _tarpaulin(wagon: Wagon, patch: Patch) -> Skin:
    """A cloth over a ridge, over a load, or sagging between the walls; roped or not; sometimes of two sheets."""
    stock, chance, shared = wagon.stock, own(wagon), rake(wagon)
    mixed = shared.random() < 0.35
    cloths = (faded(chance if mixed else shared, CLOTHS, 0.2), faded(chance, CLOTHS, 0.2))
    form, rise = int(shared.integers(3)), shared.uniform(0.15, 0.6)
    part = np.clip(np.abs(patch.t) / (stock.width_m / 2), 0, 1)
    shape = (1 - part, 1 - part**3, -0.8 * (1 - part**2))[form]
    slope = (np.sign(patch.t) * 1.0, 1.6 * np.sign(patch.t) * part**2, -0.9 * np.sign(patch.t) * part)[form]
    lean = 0.42 * np.clip(slope * patch.sun_t / max(patch.sun_up, 0.25), -1, 1)
    folds = 0.07 * blotches(patch, chance, 1.1) + 0.04 * np.cos(2 * np.pi * patch.x / shared.uniform(1.1, 2.6))
    colour = patch.tint(cloths[0], 1 + lean + folds)
    if chance.random() < 0.2:
        lay(colour, (patch.x > chance.uniform(-4, 4)) * 1.0, patch.tint(cloths[1], 1 + lean + folds))
    if shared.random() < 0.6:
        _ropes(patch, colour, shared)
    height = stock.height_m + rise * shape + 0.06 * blotches(patch, chance, 0.9)
    hang = body(wagon, patch)
    if form == 2:
        lay(colour, 0.5 * (1 - patch.inside(stock.body_m - 0.3, stock.width_m - 0.3)), patch.tint(wagon.colour, 1.1))
    return colour, height.astype(np.float32), hang


def _ropes(patch: Patch, colour: Single, shared: np.random.Generator) -> None:
    """Ropes across, straight or crossed."""
    pitch, crossed = shared.uniform(1.0, 2.6), shared.random() < 0.5
    tint = patch.tint(((0.75, 0.72, 0.64), (0.10, 0.10, 0.10))[int(shared.integers(2))])
    for way in (1, -1) if crossed else (0,):
        at = patch.x + way * patch.t * pitch / 3.0
        off = np.abs(at / pitch - np.rint(at / pitch)) * pitch
        lay(colour, 0.5 * np.clip((0.035 + patch.fine_m / 2 - off) / patch.fine_m, 0, 0.07 / patch.fine_m), tint)
