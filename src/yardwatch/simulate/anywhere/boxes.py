"""Container wagons from above: boxes of 20 to 45 feet and tank containers, with empty places or without."""

from __future__ import annotations

import numpy as np

from yardwatch.simulate.anywhere.brush import FRAME, Skin, blotches, faded, lay, own, rake, stripe
from yardwatch.simulate.anywhere.flats import paint_flat, paint_skeleton
from yardwatch.simulate.anywhere.tanks import cylinder
from yardwatch.simulate.bodies import Patch, comb
from yardwatch.simulate.noise import Single
from yardwatch.simulate.stock import Colour, Wagon

FOOT_20, FOOT_30, FOOT_40, FOOT_45 = 6.06, 9.12, 12.19, 13.72
WIDE_M, DECK_M = 2.44, 1.2
BOXES: tuple[Colour, ...] = (
    (0.50, 0.28, 0.23),
    (0.42, 0.23, 0.19),
    (0.20, 0.32, 0.52),
    (0.30, 0.42, 0.55),
    (0.66, 0.42, 0.22),
    (0.28, 0.40, 0.34),
    (0.80, 0.80, 0.78),
    (0.92, 0.92, 0.91),
    (0.46, 0.47, 0.48),
    (0.17, 0.18, 0.20),
    (0.60, 0.18, 0.17),
    (0.72, 0.62, 0.30),
    (0.38, 0.55, 0.58),
)
PLANS: dict[int, tuple[tuple[float, ...], ...]] = {
    13: (
        (FOOT_20, FOOT_20),
        (FOOT_20, FOOT_20),
        (FOOT_20, -FOOT_20),
        (-FOOT_20, FOOT_20),
        (FOOT_40,),
        (-3, FOOT_20, -3),
    ),
    16: ((FOOT_45,), (FOOT_40,), (FOOT_20, FOOT_20), (FOOT_40, -3)),
    18: (
        (FOOT_20,) * 3,
        (FOOT_20,) * 3,
        (FOOT_40, FOOT_20),
        (FOOT_20, FOOT_40),
        (FOOT_20, -FOOT_20, FOOT_20),
        (FOOT_40, -FOOT_20),
        (FOOT_30, FOOT_30),
        (-FOOT_20, FOOT_20, -FOOT_20),
        (FOOT_20, FOOT_20, -FOOT_20),
    ),
    24: (
        (FOOT_40, FOOT_40),
        (FOOT_40, FOOT_40),
        (FOOT_20,) * 4,
        (FOOT_20, FOOT_20, FOOT_40),
        (FOOT_40, -FOOT_40),
        (FOOT_20, -FOOT_40, FOOT_20),
    ),
}
"""By the least body length they fit: lengths in metres, negative where a place is empty."""


def paint_container(wagon: Wagon, patch: Patch) -> Skin:
    """A plank or skeleton flat with boxes on it."""
    shared, chance = rake(wagon), own(wagon)
    colour, height, cover = (paint_skeleton if shared.random() < 0.55 else paint_flat)(wagon, patch)
    plans = PLANS[max(length for length in PLANS if length <= max(wagon.stock.body_m + 0.6, 13))]
    plan = plans[int((shared if shared.random() < 0.5 else chance).integers(len(plans)))]
    uniform, fleet = shared.random() < 0.35, faded(shared, BOXES)
    spare = (wagon.stock.body_m - sum(abs(part) for part in plan)) / (len(plan) + 1)
    slack = float(np.clip(spare, -0.05, 0.35))
    at = -(sum(abs(part) for part in plan) + slack * (len(plan) - 1)) / 2
    for part in plan:
        if part > 0:
            tint = fleet if uniform else faded(chance, BOXES)
            box, paint, top = _box(patch, (at + part / 2, part), tint, chance)
            lay(colour, box, paint)
            height, cover = np.where(box > 0.5, top, height), np.maximum(cover, box)
        at += abs(part) + slack
    return colour, height.astype(np.float32), cover.astype(np.float32)


def _box(
    patch: Patch, place: tuple[float, float], tint: Colour, chance: np.random.Generator
) -> tuple[Single, Single, Single]:
    """Coverage, colour and top of one box at (middle, length)."""
    middle, length = place
    style, tall = chance.random(), chance.choice([2.59, 2.59, 2.9])
    cover = patch.box((middle, 0.0), length, WIDE_M)
    if style < 0.07:
        barrel, tone, up = cylinder(patch, (middle, 0.0), (length - 0.3, 1.15))
        paint = patch.tint(FRAME, 1.3)
        lay(paint, barrel, patch.tint((0.82, 0.82, 0.81), tone))
        edge = stripe(patch, np.abs(patch.x - middle), length / 2 - 0.08, 0.16)
        return np.maximum(barrel, edge * cover), paint, (DECK_M + 1.3 + 1.15 * up).astype(np.float32)
    ribs = 0.10 * (comb(patch, 0.55) - 0.5) + 0.03 * blotches(patch, chance)
    paint = patch.tint(tint, 1 + ribs)
    rust = np.clip(blotches(patch, chance, 1.3) - chance.uniform(0.8, 2.2), 0, 1)
    lay(paint, 0.5 * rust, patch.tint((0.36, 0.24, 0.18)))
    rim = 1 - np.clip(patch.box((middle, 0.0), length - 0.2, WIDE_M - 0.2), 0, 1)
    lay(paint, 0.25 * rim, patch.tint(tint, 0.6))
    if style > 0.95:
        lay(
            paint,
            patch.box((middle, 0.0), length - 0.3, WIDE_M - 0.3),
            patch.tint((0.15, 0.14, 0.13), 1 + 0.2 * patch.grain),
        )
    return cover, paint, np.full_like(patch.x, np.float32(DECK_M + tall))
