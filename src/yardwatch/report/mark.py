"""The mark burned into the pixels of a simulated picture, so that a copy of the picture alone still carries it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

TEXT = "SIMULATED – no real place"
HEIGHT_PX = 12
"""Readable at the picture's own size, and small beside a car's 28 × 6 pixels."""
SPACING = (120, 260)
"""Rows and columns from mark to mark: no crop of a yard's width is without one."""
OPACITY = 0.45


def burned(data: NDArray[np.float32]) -> NDArray[np.float32]:
    """(band, y, x) 0..1 with the mark over it at fixed places, light on dark ground and dark on light."""
    ink = _ink(data.shape[1], data.shape[2])
    around = ndimage.gaussian_filter(data.mean(axis=0), HEIGHT_PX / 2)  # grain must not break a letter into two tones
    tone = np.where(around > 0.5, 0.0, 1.0).astype(np.float32)
    cover = np.float32(OPACITY) * ink
    marked: NDArray[np.float32] = data * (1 - cover) + tone * cover
    return marked


def _ink(height: int, width: int) -> NDArray[np.float32]:
    """(y, x) 0..1: how much of each pixel a letter covers."""
    import matplotlib as mpl
    from PIL import Image, ImageDraw, ImageFont

    sheet = Image.new("L", (width, height))
    face = Path(mpl.get_data_path(), "fonts", "ttf", "DejaVuSans-Bold.ttf")  # has the dash, on any machine
    draw, font = ImageDraw.Draw(sheet), ImageFont.truetype(face, HEIGHT_PX)
    for number, top in enumerate(range(10, max(height, 11), SPACING[0])):
        left = -(number % 2) * SPACING[1] // 2
        for x in range(left + 10, width, SPACING[1]):
            draw.text((x, top), TEXT, fill=255, font=font)
    return np.asarray(sheet, np.float32) / np.float32(255)
