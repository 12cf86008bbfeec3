"""Ground, houses, goods and works painted on a canvas, before light and weather."""

from __future__ import annotations

import numpy as np

from yardwatch.simulate.canvas import Canvas, Slices
from yardwatch.simulate.ground import ASPHALT, COARSE_M, DRY_GRASS, FINE_M, SOIL, Ground, local
from yardwatch.simulate.light import Sun
from yardwatch.simulate.noise import Single, noise
from yardwatch.simulate.works.day import Day
from yardwatch.simulate.works.drawing import BALLAST, EARTH, GRAVEL
from yardwatch.simulate.works.plan import Block, Colour, House, Plan, Work

RAIL: Colour = (0.27, 0.24, 0.22)
SLAB: Colour = (0.62, 0.61, 0.59)
GAUGE_M, RAIL_M = 1.5, 0.15
POST_M = 3.0
"""Pitch of a wall's posts."""
SLOPE_LIGHT = 0.13
"""How much brighter the sunny half of a ridged roof is."""
CROP_LUSH = 2.0
"""Marks a field: its green follows its own year."""


def lay_place(canvas: Canvas, plan: Plan) -> Ground:
    """Grass, fields, the yard's gravel, roads, tracks and trees."""
    rng = np.random.default_rng([plan.seed, 3])
    coarse, fine = noise(canvas.field, COARSE_M, rng), noise(canvas.field, FINE_M, rng, roughness=0.8)
    bare = np.clip((coarse * 0.8 + fine * 0.45 - 0.75) / 0.5 + 0.5, 0, 1)
    colour = np.stack([DRY_GRASS[c] + bare * (SOIL[c] - DRY_GRASS[c]) for c in range(3)]).astype(np.float32)
    ground = Ground(
        colour=colour, lush=np.clip(1 - bare, 0, 1).astype(np.float32), coarse=coarse, fine=fine,
        height=np.zeros(canvas.shape, np.float32), snow_line=(0.16 + 0.06 * coarse + 0.06 * fine).astype(np.float32),
    )  # fmt: skip
    for crop in plan.crops:
        window, cover = cover_of(canvas, crop.block, soft_m=1.5)
        ground.paint(window, cover, crop.bare)
        ground.lush[window] = np.where(cover > 0.5, CROP_LUSH, ground.lush[window])
    _bare(ground, *cover_of(canvas, plan.yard, soft_m=3.0, ragged=ground.coarse), GRAVEL)
    for road in plan.roads:
        _bare(ground, *cover_of(canvas, road, soft_m=0.5), ASPHALT)
    for track in plan.tracks:
        lay_track(ground, canvas, track)
    ground.colour *= ground.tone
    for x, y, radius, height in plan.trees:
        _tree(ground, canvas, (x, y, radius, height))
    return ground


def _bare(ground: Ground, window: Slices, cover: Single, colour: Colour) -> None:
    ground.paint(window, cover, colour)
    ground.lush[window] *= 1 - cover * 0.95


def cover_of(
    canvas: Canvas, block: Block, soft_m: float | None = None, ragged: Single | None = None
) -> tuple[Slices, Single]:
    """The window round a block and how far each pixel lies in it, 0..1; `ragged` (y, x) frays the edge, metres."""
    window = canvas.window(block.polygon.buffer(3).bounds)
    if window is None:
        nothing = slice(0, 0), slice(0, 0)
        return nothing, np.zeros((0, 0), np.float32)
    along, across = local(canvas, window, block)
    soft = canvas.fine_m if soft_m is None else soft_m
    frayed = 0.0 if ragged is None else ragged[window]
    lengthwise = np.clip((block.length / 2 - np.abs(along) + frayed) / soft + 0.5, 0, 1)
    narrow = min(1.0, block.width / soft)
    sideways = np.clip((block.width / 2 - np.abs(across) + frayed) / soft + 0.5, 0, narrow)
    return window, (lengthwise * sideways).astype(np.float32)


def stand(ground: Ground, canvas: Canvas, house: House, sun: Sun) -> None:
    """A house, a stack or a car, with its height."""
    window, cover = cover_of(canvas, house.block)
    if cover.size == 0:
        return
    along, across = local(canvas, window, house.block)
    light = 1 + 0.03 * np.cos(2 * np.pi * along / 2.4) + 0.02 * ground.fine[window][::-1, ::-1]
    if house.ridged:
        light = light + SLOPE_LIGHT * np.sign(across) * sun.across(house.block.turn_rad)
    ground.paint(window, cover, np.array(house.colour, np.float32)[:, None, None] * light[None].astype(np.float32))
    ground.lush[window] *= 1 - cover
    slope = 0.12 * (house.block.width / 2 - np.abs(across)) if house.ridged else 0.0
    ground.height[window] = np.where(cover > 0.5, house.height + slope, ground.height[window])


def lay_track(ground: Ground, canvas: Canvas, block: Block) -> None:
    """Ballast and two rails."""
    window, cover = cover_of(canvas, block, soft_m=0.8)
    if cover.size == 0:
        return
    _bare(ground, window, cover, BALLAST)
    _, across = local(canvas, window, block)
    rail = np.clip((RAIL_M / 2 + 0.2 - np.abs(np.abs(across) - GAUGE_M / 2)) / canvas.fine_m + 0.2, 0, 0.5)
    ground.paint(window, (rail * cover).astype(np.float32), RAIL)


def put_work(ground: Ground, canvas: Canvas, work: Work, day: Day) -> None:
    """A work as it stands on a day."""
    stage = work.stage(day.day)
    if work.kind == "removed":
        if stage == "before":
            stand(ground, canvas, work.house, day.sun)
        elif stage != "before":
            _earth(ground, canvas, work.house.block, 1.0)
    elif stage == "before":
        return
    elif work.kind == "track":
        if stage == "cleared":
            _earth(ground, canvas, work.house.block, 0.5)
        else:
            lay_track(ground, canvas, work.house.block)
            _toned(ground, canvas, work.house.block)
    elif work.kind == "wall":
        _wall(ground, canvas, work.house, stage)
    elif work.kind == "new-structure":
        _building(ground, canvas, work, (stage, day.sun))
    else:
        window, cover = cover_of(canvas, work.house.block, soft_m=1.0 if work.kind == "cleared" else None)
        tone = 1 + 0.6 * (ground.tone[window] - 1)
        ground.paint(window, cover, np.array(work.house.colour, np.float32)[:, None, None] * tone[None])
        ground.lush[window] *= 1 - cover
        if work.kind == "platform" and stage == "done":
            ground.height[window] = np.where(cover > 0.5, work.house.height, ground.height[window])


def _building(ground: Ground, canvas: Canvas, work: Work, now: tuple[str, Sun]) -> None:
    stage, sun = now
    _earth(ground, canvas, work.house.block, work.apron_m)
    if stage == "done":
        stand(ground, canvas, work.house, sun)
    elif stage == "rising":
        window, cover = cover_of(canvas, work.house.block)
        ground.paint(window, cover, np.array(SLAB, np.float32)[:, None, None] * ground.tone[window][None])
        rim = (cover > 0.5) & (cover_of(canvas, _grown(work.house.block, -1.0))[1].max(initial=0) > 0)
        inner_window, inner = cover_of(canvas, _grown(work.house.block, -0.8))
        height = np.where(cover > 0.5, np.float32(work.house.height * 0.6), ground.height[window]) * rim
        ground.height[window] = np.maximum(height, ground.height[window])
        ground.height[inner_window] = np.where(inner > 0.5, 0, ground.height[inner_window])


def _earth(ground: Ground, canvas: Canvas, block: Block, apron_m: float) -> None:
    window, cover = cover_of(canvas, _grown(block, apron_m), soft_m=1.0)
    ground.paint(window, cover, np.array(EARTH[1], np.float32)[:, None, None] * ground.tone[window][None])
    ground.lush[window] *= 1 - cover


def _grown(block: Block, by_m: float) -> Block:
    return Block(centre=block.centre, length=block.length + 2 * by_m, width=block.width + 2 * by_m,
                 turn_rad=block.turn_rad)  # fmt: skip


def _toned(ground: Ground, canvas: Canvas, block: Block) -> None:
    window, cover = cover_of(canvas, block, soft_m=0.8)
    ground.colour[(slice(None), *window)] *= 1 + cover * 0.5 * (ground.tone[window] - 1)


def _wall(ground: Ground, canvas: Canvas, house: House, stage: str) -> None:
    """Posts first, then what hangs between them."""
    window, cover = cover_of(canvas, house.block)
    if cover.size == 0:
        return
    along, across = local(canvas, window, house.block)
    post = (np.abs(((along + POST_M / 2) % POST_M) - POST_M / 2) < 0.25) & (np.abs(across) < 0.45)
    near = (np.abs(along) < house.block.length / 2) & (np.abs(across) < 0.35)
    up = post & near if stage != "done" else (post & (np.abs(along) < house.block.length / 2)) | near
    ground.paint(window, np.where(up, np.maximum(cover, 0.5 * post), 0).astype(np.float32), house.colour)
    ground.lush[window] *= np.where(up, 1 - cover, 1)
    ground.height[window] = np.where(up, house.height, ground.height[window])


def _tree(ground: Ground, canvas: Canvas, tree: tuple[float, float, float, float]) -> None:
    x, y, radius, height = tree
    window = canvas.window((x - radius, y - radius, x + radius, y + radius))
    if window is None:
        return
    east, north = canvas.ground(window)
    inside = 1 - np.hypot(east - x, north - y) / radius + 0.15 * ground.fine[window]
    crown = inside > 0
    ground.paint(window, np.where(crown, 0.8, 0).astype(np.float32), (0.27, 0.26, 0.2))
    ground.lush[window] = np.where(crown, 1.0, ground.lush[window])
    ground.height[window] = np.where(crown, height * np.sqrt(np.clip(inside, 0.05, 1)), ground.height[window])
