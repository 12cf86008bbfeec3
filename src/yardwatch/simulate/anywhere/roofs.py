"""Roofed vehicles from above: covered wagons of several builds, hoppers, coaches."""

from __future__ import annotations

import numpy as np

from yardwatch.simulate.anywhere.brush import FRAME, Skin, blotches, body, disc, faded, full, lay, own, rake, stripe
from yardwatch.simulate.bodies import Patch, comb, rounded
from yardwatch.simulate.noise import Single
from yardwatch.simulate.stock import Wagon

HATCH = (0.20, 0.20, 0.20)


def paint_covered(wagon: Wagon, patch: Patch) -> Skin:
    """An arched roof with cross ribs, rusty in patches; some with a walkway along the middle or vents."""
    shared, stock = rake(wagon), wagon.stock
    ribs = shared.uniform(0.03, 0.13) * (comb(patch, shared.uniform(0.6, 1.5)) - 0.5)
    colour = _roof(wagon, patch, ribs)
    if shared.random() < 0.4:
        walk = patch.box((0, 0), stock.body_m * 0.97, shared.uniform(0.35, 0.6))
        lay(colour, 0.45 * walk, patch.tint(((0.32, 0.31, 0.30), (0.6, 0.6, 0.58))[int(shared.integers(2))]))
    if shared.random() < 0.35:
        for at in (-0.3, 0.3):
            lay(colour, 0.6 * disc(patch, (at * stock.body_m, 0.0), 0.4), patch.tint(HATCH))
    return colour, _arched(wagon, patch), body(wagon, patch)


def paint_sliding(wagon: Wagon, patch: Patch) -> Skin:
    """Sliding walls: a smooth pale roof of two or four panels with seams between and a sill along each edge."""
    shared, stock = rake(wagon), wagon.stock
    colour = _roof(wagon, patch, 0.02 * (comb(patch, 0.9) - 0.5))
    panels = int(shared.choice([2, 2, 4]))
    for i in range(1, panels):
        seam = stripe(patch, patch.x, (i / panels - 0.5) * stock.body_m, 0.14)
        lay(colour, 0.55 * seam, patch.tint(FRAME, 1.2))
    if shared.random() < 0.5:
        lay(colour, 0.35 * stripe(patch, np.abs(patch.t), stock.width_m / 2 - 0.15, 0.2), patch.tint(FRAME, 1.5))
    if shared.random() < 0.3:
        lay(colour, 0.4 * stripe(patch, patch.t, 0.0, 0.15), patch.tint((0.45, 0.45, 0.45)))
    return colour, _arched(wagon, patch), body(wagon, patch)


def paint_hoods(wagon: Wagon, patch: Patch) -> Skin:
    """Telescopic hoods over coils: three arched sections, the middle one higher and of another shade."""
    colour, height = _roof(wagon, patch, full(patch, 0.0)), _arched(wagon, patch)
    third = wagon.stock.body_m / 6
    middle = patch.box((0, 0), 2 * third, wagon.stock.width_m)
    colour *= 1 + (0.14 * middle - 0.05).astype(np.float32)
    for side in (-1, 1):
        lay(colour, 0.5 * stripe(patch, patch.x, side * third, 0.16), patch.tint(FRAME))
    return colour, (height + 0.25 * (middle > 0.5)).astype(np.float32), body(wagon, patch)


def paint_curtain(wagon: Wagon, patch: Patch) -> Skin:
    """A cloth roof on hoops that shows each hoop."""
    shared, chance = rake(wagon), own(wagon)
    hoops = comb(patch, shared.uniform(1.0, 1.5))
    sag = 0.16 * (hoops - 0.5) + 0.05 * blotches(patch, chance, 1.5)
    colour = _roof(wagon, patch, sag)
    for side in (-1, 1):
        lay(colour, 0.7 * (patch.x * side > wagon.stock.body_m / 2 - 0.5), patch.tint((0.42, 0.41, 0.40)))
    return colour, (_arched(wagon, patch) - 0.1 * (1 - hoops)).astype(np.float32), body(wagon, patch)


def paint_hopper(wagon: Wagon, patch: Patch) -> Skin:
    """A smooth roof with hatches (round, square, or one long trough) and open frame over the sloping ends."""
    shared, stock = rake(wagon), wagon.stock
    colour, style = _roof(wagon, patch, full(patch, 0.0)), int(shared.integers(3))
    bay = stock.body_m - shared.choice([1.6, 2.2, 3.0])
    number, tint = int(shared.integers(3, 7)), patch.tint(HATCH, float(shared.choice([0.8, 1.6, 2.6])))
    if style == 0:
        for at in np.linspace(-0.5, 0.5, 2 * number + 1)[1::2] * bay:
            lay(colour, 0.7 * disc(patch, (float(at), 0.0), 0.42), tint)
    elif style == 1:
        for at in np.linspace(-0.5, 0.5, 2 * number + 1)[1::2] * bay:
            lay(colour, 0.6 * patch.box((float(at), 0.0), 0.62 * bay / number, 0.8), tint)
    else:
        lay(colour, 0.6 * patch.box((0.0, 0.0), bay * 0.94, 0.75), tint)
        lay(colour, 0.5 * stripe(patch, patch.t, 0.0, 0.1), patch.tint((0.7, 0.7, 0.7)))
    ends = np.clip((np.abs(patch.x) - bay / 2) / patch.fine_m + 0.5, 0, 1)
    rungs = 0.8 + 0.9 * (comb(patch, 0.8) > 0.75)
    lay(colour, 0.85 * ends, patch.tint(FRAME, rungs))
    height = np.where(ends > 0.5, 1.6, _arched(wagon, patch)).astype(np.float32)
    return colour, height, body(wagon, patch)


def paint_open_hopper(wagon: Wagon, patch: Patch) -> Skin:
    """A self-discharger without a roof: pale slopes falling to a dark slot, or filled; open frame at both ends."""
    shared, chance, stock = rake(wagon), own(wagon), wagon.stock
    bay = stock.body_m - 2.4
    colour = patch.tint(FRAME, 0.8 + 0.9 * (comb(patch, 0.9) > 0.7))
    rim, inner = patch.box((0, 0), bay, stock.width_m), patch.box((0, 0), bay - 0.3, stock.width_m - 0.3)
    lay(colour, rim, patch.tint(wagon.colour, 1.1))
    slope = 1 - 0.5 * (1 - np.abs(patch.t) / (stock.width_m / 2)) - 0.25 * np.sign(patch.t) * patch.sun_t
    inside, depth = patch.tint(wagon.colour, 0.85 * slope), 1.7 + 1.5 * np.abs(patch.t) / (stock.width_m / 2)
    if wagon.load != "empty":
        inside = patch.tint(
            faded(shared, ((0.5, 0.48, 0.45), (0.11, 0.11, 0.12), (0.4, 0.3, 0.25))), 1 + 0.1 * patch.grain
        )
        depth = stock.height_m + 0.2 - 0.5 * np.abs(patch.t) + 0.1 * np.cos(patch.x * 1.3 + chance.random())
    lay(colour, inner, inside)
    height = np.where(inner > 0.5, depth, np.where(rim > 0.5, stock.height_m, 1.4))
    return colour, height.astype(np.float32), body(wagon, patch)


def paint_coach(wagon: Wagon, patch: Patch) -> Skin:
    """A long rounded roof: ribs or smooth, a row of vents or air-conditioning boxes, darker gutters."""
    shared, chance, stock = rake(wagon), own(wagon), wagon.stock
    ribs = shared.choice([0.0, 0.05, 0.09]) * np.cos(patch.t * 2 * np.pi / 0.35) * np.sinc(patch.fine_m / 0.35)
    colour = _roof(wagon, patch, ribs.astype(np.float32))
    lay(colour, 0.5 * stripe(patch, np.abs(patch.t), stock.width_m / 2 - 0.12, 0.24), patch.tint(wagon.colour, 0.6))
    height, units = _arched(wagon, patch), int(shared.integers(0, 4))
    tint = patch.tint(((0.62, 0.62, 0.61), (0.30, 0.30, 0.31))[int(shared.integers(2))])
    for at in np.linspace(-0.42, 0.42, units) * stock.body_m if units else ():
        box = patch.box((float(at), 0.0), shared.choice([1.4, 2.6, 4.0]), 1.5)
        lay(colour, 0.8 * box, tint)
        height = np.where(box > 0.5, np.float32(stock.height_m + 0.25), height)
    if units == 0:
        for at in np.arange(-0.45, 0.46, 0.09) * stock.body_m + chance.normal(0, 0.05):
            lay(colour, 0.7 * disc(patch, (float(at), shared.choice([0.0, 0.5])), 0.25), patch.tint(HATCH, 1.4))
    return colour, height, body(wagon, patch)


def _roof(wagon: Wagon, patch: Patch, ribs: Single) -> Single:
    """Weathered roof paint, lit as an arch, with dirt along it."""
    chance, shared = own(wagon), rake(wagon)
    tone = rounded(patch, wagon.stock.width_m * 0.95) + ribs + 0.035 * blotches(patch, chance)
    colour = patch.tint(wagon.colour, tone)
    rust = np.clip(blotches(patch, chance, 1.7) - shared.uniform(0.6, 2.4), 0, 1)
    lay(colour, 0.55 * rust, patch.tint((0.36, 0.25, 0.19)))
    return colour


def _arched(wagon: Wagon, patch: Patch) -> Single:
    drop = 0.45 * np.clip(np.abs(patch.t) / (wagon.stock.width_m / 2), 0, 1) ** 2.5
    return (wagon.stock.height_m - drop).astype(np.float32)
