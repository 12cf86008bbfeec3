"""Locomotives from above: shunters with a narrow bonnet, road diesels and electrics of full width."""

from __future__ import annotations

import numpy as np

from yardwatch.simulate.anywhere.brush import FRAME, Skin, blotches, body, disc, full, lay, own, rake, stripe
from yardwatch.simulate.bodies import Patch, comb, rounded
from yardwatch.simulate.stock import Wagon

DARK = (0.11, 0.11, 0.12)
GREY_ROOF = (0.42, 0.43, 0.44)


def paint_shunter(wagon: Wagon, patch: Patch) -> Skin:
    """Running boards, a bonnet or two, a cab across, fans and a stack."""
    shared, stock = rake(wagon), wagon.stock
    cab_at = shared.choice([-0.32, -0.2, 0.0]) * stock.body_m
    colour, height = patch.tint(FRAME, 1.1), full(patch, 1.6)
    bonnet, cab = patch.inside(stock.body_m - 1.4, 1.75), patch.box((cab_at, 0.0), 2.8, stock.width_m)
    lay(colour, bonnet, patch.tint(wagon.colour))
    lay(colour, cab, patch.tint(wagon.colour if shared.random() < 0.5 else (0.7, 0.7, 0.68), 1.1))
    height = np.where(cab > 0.5, stock.height_m, np.where(bonnet > 0.5, stock.height_m - 0.6, height))
    for at in shared.uniform(0.08, 0.42, 2) * stock.body_m:
        lay(colour, 0.75 * disc(patch, (float(at), 0.0), 0.6), patch.tint(DARK))
    lay(colour, 0.8 * disc(patch, (cab_at + 2.6, 0.0), 0.25), patch.tint(DARK))
    return colour, height.astype(np.float32), body(wagon, patch)


def paint_diesel(wagon: Wagon, patch: Patch) -> Skin:
    """A full-width body: fans at one end, grilles and exhausts along the middle, sooty."""
    shared, chance, stock = rake(wagon), own(wagon), wagon.stock
    soot = np.exp(-((patch.t / 0.8) ** 2)) * shared.uniform(0, 0.3)
    colour = patch.tint(wagon.colour, rounded(patch, stock.width_m) - soot + 0.03 * blotches(patch, chance))
    roof = patch.inside(stock.body_m - 1.6, stock.width_m * 0.75)
    lay(colour, shared.choice([0.0, 0.85]) * roof, patch.tint(GREY_ROOF, 1 - soot))
    for i in range(int(shared.integers(1, 4))):
        lay(colour, 0.85 * disc(patch, (stock.body_m * 0.38 - 2.0 * i, 0.0), 0.8), patch.tint(DARK))
    grille = patch.box((-0.05 * stock.body_m, 0.0), 0.3 * stock.body_m, 1.2)
    lay(colour, 0.7 * grille, patch.tint(DARK, 1 + 1.6 * (comb(patch, 0.7) > 0.6)))
    return colour, (stock.height_m - 0.25 * (patch.t / 1.5) ** 2).astype(np.float32), body(wagon, patch)


def paint_electric(wagon: Wagon, patch: Patch) -> Skin:
    """A body with roof gear: pantograph frames, insulators, a busbar, grey or coloured roof."""
    shared, stock = rake(wagon), wagon.stock
    colour = patch.tint(wagon.colour, rounded(patch, stock.width_m))
    lay(colour, patch.inside(stock.body_m - 1.8, stock.width_m * 0.8), patch.tint(GREY_ROOF, shared.uniform(0.7, 1.3)))
    height = (stock.height_m - 0.3 * (patch.t / 1.5) ** 2).astype(np.float32)
    lay(colour, 0.7 * stripe(patch, patch.t, 0.3, 0.12), patch.tint((0.75, 0.72, 0.66)))
    for at in (-0.33 * stock.body_m, 0.33 * stock.body_m):
        frame = patch.box((at, 0.0), 2.4, 1.8) - patch.box((at, 0.0), 2.0, 1.3)
        arms = stripe(patch, np.abs(patch.x - at), 0.4, 0.14) * patch.box((at, 0.0), 2.4, 1.6)
        lay(colour, 0.85 * np.maximum(frame, arms), patch.tint((0.22, 0.21, 0.20)))
    for at in np.linspace(-0.2, 0.2, 4) * stock.body_m:
        lay(colour, 0.6 * patch.box((float(at), 0.0), shared.choice([0.7, 1.5]), 1.0), patch.tint(DARK, 2.0))
    return colour, height, body(wagon, patch)
