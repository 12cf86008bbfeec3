"""Flat wagons from above: bare, with stakes, or under timber, steel, pipes, vehicles or crates."""

from __future__ import annotations

import numpy as np

from yardwatch.simulate.anywhere.brush import FRAME, Skin, blotches, body, disc, faded, full, lay, own, rake, stripe
from yardwatch.simulate.anywhere.tanks import cylinder
from yardwatch.simulate.bodies import Patch, comb
from yardwatch.simulate.noise import Single
from yardwatch.simulate.stock import Colour, Wagon

FLOOR_M = 1.3
WOOD: tuple[Colour, ...] = ((0.56, 0.46, 0.33), (0.47, 0.39, 0.30), (0.68, 0.57, 0.40), (0.40, 0.33, 0.27))
PAINTS: tuple[Colour, ...] = (
    (0.78, 0.78, 0.77),
    (0.16, 0.16, 0.17),
    (0.45, 0.46, 0.48),
    (0.55, 0.16, 0.14),
    (0.18, 0.28, 0.50),
    (0.66, 0.50, 0.16),
    (0.28, 0.32, 0.22),
)
Layers = tuple[Single, Single]
"""Colour (3, n) and height (n,)."""


def paint_flat(wagon: Wagon, patch: Patch) -> Skin:
    """A plank or steel floor with a sill, often as pale as the ground beside; stakes and end walls; its load."""
    shared, chance, stock = rake(wagon), own(wagon), wagon.stock
    planks = 1 + 0.14 * (comb(patch, shared.uniform(0.3, 1.0)) - 0.5) + 0.07 * blotches(patch, chance)
    colour = patch.tint(FRAME, 1.2)
    lay(colour, patch.inside(stock.body_m - 0.3, stock.width_m - 0.3), patch.tint(wagon.colour, planks))
    height = full(patch, FLOOR_M)
    if wagon.load in LOADS:
        colour, height = LOADS[wagon.load](wagon, patch, (colour, height))
    if shared.random() < 0.45 or wagon.load in {"logs", "pipes"}:
        height = _stakes(wagon, patch, colour, height)
    if shared.random() < 0.3:
        ends = np.clip((np.abs(patch.x) - stock.body_m / 2 + 0.2) / patch.fine_m + 0.5, 0, 1)
        lay(colour, ends, patch.tint(FRAME, 1.7))
        height = np.where(ends > 0.5, np.float32(2.0), height)
    return colour, height, body(wagon, patch)


def paint_skeleton(wagon: Wagon, patch: Patch) -> Skin:
    """A bare container flat: sills, a spine and cross-members, the track showing between."""
    stock, shared = wagon.stock, rake(wagon)
    colour = patch.tint(wagon.colour, 1 + 0.06 * patch.grain)
    sides = stripe(patch, np.abs(patch.t), stock.width_m / 2 - 0.2, 0.35)
    members = np.clip((comb(patch, stock.body_m / int(shared.integers(6, 11))) - 0.86) * 8, 0, 1)
    spine = stripe(patch, patch.t, 0.0, 0.4)
    ends = (np.abs(patch.x) > stock.body_m / 2 - shared.uniform(1.0, 2.4)) * 1.0
    steel = np.maximum.reduce([sides, members, 0.8 * spine, ends])
    cover = body(wagon, patch) * np.maximum(steel, 0.45)
    lay(colour, 1 - steel, patch.tint((0.13, 0.12, 0.11)))
    return colour, np.where(steel > 0.5, 1.15, 0.6).astype(np.float32), cover.astype(np.float32)


def _stakes(wagon: Wagon, patch: Patch, colour: Single, height: Single) -> Single:
    """Posts along both sides, each throwing its own shadow."""
    stock, number = wagon.stock, int(rake(wagon).integers(5, 10))
    tint = patch.tint(FRAME, 2.2)
    for at in np.linspace(-0.48, 0.48, number) * stock.body_m:
        post = stripe(patch, patch.x, float(at), 0.22) * stripe(patch, np.abs(patch.t), stock.width_m / 2 - 0.12, 0.24)
        lay(colour, post, tint)
        height = np.where(post > 0.35, np.float32(2.9), height)
    return height


def _logs(wagon: Wagon, patch: Patch, below: Layers) -> Layers:
    """Stacks of round timber, lengthwise."""
    chance, shared, (colour, height) = own(wagon), rake(wagon), below
    stacks, length = int(shared.integers(2, 6)), wagon.stock.body_m - 0.6
    tint = faded(shared, WOOD)
    for at in (np.arange(stacks) + 0.5) / stacks * length - length / 2:
        stack = patch.box((float(at + chance.normal(0, 0.08)), 0.0), length / stacks - shared.uniform(0.2, 0.8), 2.6)
        bark = 1 + 0.22 * np.sin(patch.t * 21 + blotches(patch, chance)) + 0.08 * chance.normal()
        lay(colour, stack, patch.tint(tint, bark))
        height = np.where(stack > 0.5, 3.3 - 0.4 * (patch.t / 1.3) ** 2, height)
    return colour, height.astype(np.float32)


def _packs(wagon: Wagon, patch: Patch, below: Layers) -> Layers:
    """Sawn timber, crates or bundles in packs, two abreast or one, some places empty."""
    chance, shared, (colour, height) = own(wagon), rake(wagon), below
    number, abreast = int(shared.integers(3, 8)), int(shared.integers(1, 3))
    step, tall = (wagon.stock.body_m - 0.5) / number, shared.uniform(0.6, 2.2)
    tints = (*WOOD[:3], (0.78, 0.78, 0.76), (0.35, 0.48, 0.60)) if shared.random() < 0.5 else (WOOD[2],)
    for i in range(number * abreast):
        if chance.random() < 0.1:
            continue
        at = (i // abreast + 0.5) * step - number * step / 2
        side = (i % abreast - (abreast - 1) / 2) * 1.3
        pack = patch.box((at, side), step - shared.uniform(0.1, 0.5), 2.5 / abreast)
        lay(colour, pack, patch.tint(faded(shared, tints), 1 + 0.06 * chance.normal()))
        height = np.where(pack > 0.5, np.float32(FLOOR_M + tall + 0.1 * chance.normal()), height)
    return colour, height.astype(np.float32)


def _coils(wagon: Wagon, patch: Patch, below: Layers) -> Layers:
    """Steel coils in a row, or plates."""
    shared, chance, (colour, height) = rake(wagon), own(wagon), below
    tint = faded(shared, ((0.50, 0.51, 0.53), (0.33, 0.27, 0.24), (0.62, 0.62, 0.62)))
    if shared.random() < 0.4:
        sheet = patch.inside(wagon.stock.body_m - shared.uniform(0.8, 4.0), shared.uniform(1.5, 2.6))
        lay(colour, sheet, patch.tint(tint, 1 + 0.03 * blotches(patch, chance)))
        return colour, np.where(sheet > 0.5, np.float32(1.7), height)
    number, radius = int(shared.integers(3, 8)), shared.uniform(0.6, 0.95)
    for at in np.linspace(-0.42, 0.42, number) * wagon.stock.body_m:
        coil = patch.box((float(at), 0.0), 2 * radius, shared.choice([1.2, 1.5, 1.9]))
        round_top = np.sqrt(np.clip(1 - ((patch.x - at) / radius) ** 2, 0, 1))
        lay(colour, coil, patch.tint(tint, 0.55 + 0.6 * round_top))
        height = np.where(coil > 0.5, FLOOR_M + radius * (1 + round_top), height)
    return colour, height.astype(np.float32)


def _pipes(wagon: Wagon, patch: Patch, below: Layers) -> Layers:
    """Pipes side by side, or rails and beams."""
    shared, (colour, height) = rake(wagon), below
    number = int(shared.integers(2, 7))
    radius, tint = (
        1.3 / number,
        faded(shared, ((0.20, 0.20, 0.21), (0.40, 0.28, 0.22), (0.60, 0.61, 0.62), (0.55, 0.4, 0.2))),
    )
    length = wagon.stock.body_m - shared.uniform(0.6, 2.5)
    for i in range(number):
        cover, tone, up = cylinder(patch, (0.0, (i - (number - 1) / 2) * 2 * radius), (length, radius))
        lay(colour, cover, patch.tint(tint, tone))
        height = np.where(cover > 0.5, FLOOR_M + 0.6 + radius * up, height)
    return colour, height.astype(np.float32)


def _vehicles(wagon: Wagon, patch: Patch, below: Layers) -> Layers:
    """Cars, tractors or lorries, end to end; some tarpaulined."""
    shared, chance, (colour, height) = rake(wagon), own(wagon), below
    long, wide, tall = ((4.4, 1.8, 1.5), (5.2, 2.3, 2.4), (7.5, 2.5, 2.7))[int(shared.integers(3))]
    number, same = int((wagon.stock.body_m - 0.2) // (long + 0.2)), faded(shared, PAINTS)
    for i in range(number):
        at = (i + 0.5) * wagon.stock.body_m / number - wagon.stock.body_m / 2
        shape = patch.box((at, 0.0), long, wide)
        lay(colour, shape, patch.tint(same if wide > 2 else faded(chance, PAINTS), 1 + 0.08 * blotches(patch, chance)))
        for end in (-0.22, 0.18):
            lay(colour, 0.75 * patch.box((at + end * long, 0.0), 0.7, wide * 0.8), patch.tint((0.12, 0.13, 0.15)))
        height = np.where(shape > 0.5, np.float32(FLOOR_M + tall * 0.9), height)
    return colour, height.astype(np.float32)


def _crane(wagon: Wagon, patch: Patch, below: Layers) -> Layers:
    """A works crane or an excavator: a cab on a turntable and a jib laid along."""
    shared, (colour, height) = rake(wagon), below
    tint, at = (
        faded(shared, ((0.78, 0.60, 0.14), (0.62, 0.2, 0.16), (0.75, 0.75, 0.73))),
        shared.uniform(-0.2, 0.1) * wagon.stock.body_m,
    )
    cab, jib = patch.box((at, 0.0), 3.4, 2.6), patch.box((at + 3.6, 0.2), 7.0, 0.7)
    lay(colour, jib, patch.tint(tint, 0.8 + 0.4 * comb(patch, 0.8)))
    lay(colour, cab, patch.tint(tint))
    lay(colour, disc(patch, (at - 0.6, 0.4), 0.5), patch.tint((0.15, 0.15, 0.15)))
    height = np.where(jib > 0.5, np.float32(3.6), np.where(cab > 0.5, np.float32(3.9), height))
    return colour, height


LOADS = {"logs": _logs, "packs": _packs, "coils": _coils, "pipes": _pipes, "vehicles": _vehicles, "crane": _crane}
