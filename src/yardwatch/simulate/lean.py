"""Off-nadir view: what stands high is seen displaced, away from the sensor, over what lies behind it.

Delivered pictures are rectified to the ground; a roof at height h lies h · tan(off-nadir) from its footprint.
"""

from __future__ import annotations

import numpy as np

from yardwatch.simulate.canvas import Canvas
from yardwatch.simulate.noise import Single

LOWEST_M = 0.3
MOST_LEVELS = 14


def lean(
    colour: Single, height: Single, canvas: Canvas, off_nadir_deg: float, view_azimuth_deg: float, wall: float = 1.0
) -> None:  # fmt: skip
    """Displace what stands high in (3, y, x), in place; painted from low to high, so the higher hides the lower.

    `wall` is the brightness of what shows between a top and its foot, as a share of the top's.
    """
    azimuth = np.deg2rad(view_azimuth_deg + 180)
    away = canvas.to_pixel[:, :2] @ np.array([np.sin(azimuth), np.cos(azimuth)]) * np.tan(np.deg2rad(off_nadir_deg))
    flat = np.flatnonzero(height > LOWEST_M)
    if not len(flat):
        return
    tall = height.reshape(-1)[flat]
    seen = colour.reshape(3, -1)[:, flat]
    rows, columns = np.divmod(flat, canvas.width)
    levels = min(MOST_LEVELS, int(np.ceil(float(tall.max()) * float(np.hypot(*away)))))
    for level in range(1, levels + 1):
        up = float(tall.max()) * level / levels
        column, row = (round(float(part) * up) for part in away)
        high = tall >= up - 0.5 * float(tall.max()) / levels
        to_row, to_column = rows[high] + row, columns[high] + column
        held = (to_row >= 0) & (to_row < canvas.height) & (to_column >= 0) & (to_column < canvas.width)
        shown = seen[:, high]
        if wall != 1.0:
            shown *= np.where(tall[high] - up > 0.5 * float(tall.max()) / levels, np.float32(wall), np.float32(1))
        colour.reshape(3, -1)[:, to_row[held] * canvas.width + to_column[held]] = shown[:, held]
