"""Where a vehicle lies in a picture, and which pixels it covers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from benchmarks.peer.grounds import Ground

Floats = NDArray[np.float32]
Part = tuple[tuple[slice, slice, slice], Floats, Floats]


@dataclass(frozen=True)
class Place:
    """Middle, direction, half length and half width, metres right and down."""

    x: float
    y: float
    angle: float
    half_s: float
    half_t: float

    def moved(self, right: float, down: float) -> Place:
        """So far to the right and down."""
        return replace(self, x=self.x + right, y=self.y + down)

    def part(self, ground: Ground, margin_m: float) -> Part | None:
        """The window of pixels round it, and metres along and across of each; None outside the picture."""
        reach, pixel = float(np.hypot(self.half_s, self.half_t)) + margin_m, ground.pixel_m
        rows, columns = (
            slice(max(0, int((at - reach) / pixel)), max(0, min(n, int((at + reach) / pixel) + 1)))
            for at, n in zip((self.y, self.x), ground.data.shape[1:], strict=True)
        )
        if rows.start >= rows.stop or columns.start >= columns.stop:
            return None
        y, x = np.ogrid[rows, columns]
        dy, dx = (y + 0.5) * pixel - self.y, (x + 0.5) * pixel - self.x
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        s, t = dx * cos + dy * sin, dy * cos - dx * sin
        return (slice(None), rows, columns), s.astype(np.float32), t.astype(np.float32)

    def cover(self, s: Floats, t: Floats, pixel_m: float) -> Floats:
        """Share of each pixel that it covers."""
        inside = np.minimum(self.half_s - np.abs(s), self.half_t - np.abs(t))
        return np.clip(inside / pixel_m + 0.5, 0, 1).astype(np.float32)


def on_line(line: shapely.LineString, along: float) -> tuple[float, float, float]:
    """A point of a line and the direction there."""
    at, behind, ahead = (line.interpolate(min(max(along + d, 0), line.length)) for d in (0, -4, 4))
    return at.x, at.y, float(np.arctan2(ahead.y - behind.y, ahead.x - behind.x))
