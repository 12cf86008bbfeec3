"""Windows as pictures: stretched, enlarged or reduced, marked where simulated, outlined."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np
import shapely
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from yardwatch.model import Grid, Pixels
from yardwatch.report.drawing import chip_metres
from yardwatch.report.ink import CHANGE
from yardwatch.report.mark import burned
from yardwatch.report.stretch import Stretch

Floats = NDArray[np.float32]

HIDDEN = 0.55
"""Grey of what cannot be seen: neither shadow nor snow."""
FINER = 3
"""Outlines are drawn so many times larger and reduced, which smooths their edges."""
LINE_PX = 2.4
CASING_PX = 5.0
"""A dark line under the light one: seen on snow and on shadow."""


def font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """A face that has every sign we write, on any machine."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(Path(mpl.get_data_path(), "fonts", "ttf", name), size)


def picture(pixels: Pixels, stretch: Stretch, size: tuple[int, int], *, synthetic: bool) -> Image.Image:
    """A window in the given size (width, height), in colour, the mark burned in at that size."""
    data = stretch(pixels.data[:3] if pixels.data.shape[0] >= 3 else np.repeat(pixels.data[:1], 3, axis=0))
    data = np.where(pixels.visible, data, np.float32(HIDDEN)).astype(np.float32)
    sized = np.stack([_sized(band, size) for band in data])
    shown = burned(sized) if synthetic else sized
    return Image.fromarray(np.round(np.moveaxis(np.clip(shown, 0, 1), 0, -1) * 255).astype(np.uint8), "RGB")


def outlined(image: Image.Image, grid: Grid, polygon: shapely.Polygon) -> Image.Image:
    """The picture of a grid with a ground polygon drawn over it."""
    overlay = Image.new("RGBA", (image.width * FINER, image.height * FINER))
    draw = ImageDraw.Draw(overlay)
    rings = [[(x * FINER, y * FINER) for x, y in ring] for ring in rings_px(grid, polygon, image.width / grid.width)]
    for colour, width in (("#000000c0", CASING_PX), (CHANGE, LINE_PX)):
        for ring in rings:
            draw.line([*ring, ring[1]], fill=colour, width=round(width * FINER), joint="curve")
    small = overlay.resize(image.size, Image.Resampling.BOX)
    return Image.alpha_composite(image.convert("RGBA"), small).convert("RGB")


def rings_px(grid: Grid, polygon: shapely.Geometry, scale: float) -> list[list[tuple[float, float]]]:
    """Closed rings of a ground polygon in picture pixels, x right and y down, holes after their outer ring."""
    local = chip_metres(grid, polygon)
    rings = [ring for part in shapely.get_parts(local) for ring in (part.exterior, *part.interiors)]
    return [[(x / grid.step_m * scale, y / grid.step_m * scale) for x, y in ring.coords] for ring in rings]


def _sized(band: Floats, size: tuple[int, int]) -> Floats:
    """Enlarged smoothly, reduced by averaging: no pixel is skipped."""
    image = Image.fromarray(band, "F")
    way = Image.Resampling.BILINEAR if size[0] >= image.width else Image.Resampling.BOX
    return np.asarray(image.resize(size, way), np.float32)
