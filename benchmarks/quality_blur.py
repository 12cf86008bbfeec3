"""Blur: real pictures degraded by a known Gaussian, and what their edges say of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from benchmarks.align_trials import FRAME, data_folder, picture
from benchmarks.results import Cell, Table
from yardwatch.imagery.blur import FWHM, measure_blur
from yardwatch.model import Grid, Pixels

STEP_M = 0.5
WIDTHS_M = (1.0, 1.5, 2.0, 2.5)
"""Of the Gaussian laid on, at half maximum; the pictures' own blur of some 0.4 m adds at most 8 % to the least."""
NOISE = 0.006
WITHIN = 0.20
MOST_PX = 1400
PICTURES = ("negatives/town_no_track", "negatives/railway_no_wagons", "muttenz/west", "muttenz/northeast")
CHIPS = 14
"""Mosaics of eight chips each, never looked at when the quantile was chosen."""

Floats = NDArray[np.float32]


def known_blur() -> Table:
    """Measured by true width, a row a picture."""
    rows = [_row(name, [_part(name)]) for name in PICTURES]
    rows.append(_row("confusers, 14 mosaics", _chips()))
    return Table(
        name="quality-blur",
        title="Blur: real pixels degraded by a known Gaussian, measured width by true width, 0.5 m pixels",
        data="real",
        rows=tuple(rows),
        notes=(
            f"asked: within {WITHIN:.0%}; noise {NOISE} of full scale added",
            "mosaics: median, and the share of them within 20 % in the last column",
            "the quantile of edge widths was chosen on the first four pictures, the mosaics were not looked at",
        ),
    )


def _row(name: str, pictures: list[tuple[Floats, float]]) -> dict[str, Cell]:
    ratios = {width: [_ratio(data, pixel_m, width) for data, pixel_m in pictures] for width in WIDTHS_M}
    every = [value for some in ratios.values() for value in some]
    return {
        "picture": name,
        **{f"{width:g} m": round(float(np.nanmedian(some)), 2) for width, some in ratios.items()},
        "measured": int(np.isfinite(every).sum()),
        "within 20 %": f"{sum(abs(value - 1) <= WITHIN for value in every)}/{len(every)}",
    }


def _ratio(data: Floats, pixel_m: float, width_m: float) -> float:
    found = measure_blur(_degraded(data, pixel_m, width_m))
    return np.nan if found is None else found.fwhm_m / width_m


def _degraded(data: Floats, pixel_m: float, width_m: float) -> Pixels:
    soft = [ndimage.gaussian_filter(band, width_m / FWHM / pixel_m) for band in data]
    height, width = (int(n * pixel_m / STEP_M) - 1 for n in data.shape[1:])
    rows, columns = ((np.arange(n) + 0.5) * STEP_M / pixel_m - 0.5 for n in (height, width))
    at = np.meshgrid(rows, columns, indexing="ij")
    seen = np.stack([ndimage.map_coordinates(band, at, order=1) for band in soft])
    seen += np.random.default_rng(0).normal(0, NOISE, seen.shape)
    grid = Grid(frame=FRAME, west=0, north=0, step_m=STEP_M, width=width, height=height)
    return Pixels(grid=grid, data=seen.astype(np.float32), visible=np.ones((height, width), bool))


def _part(name: str) -> tuple[Floats, float]:
    whole = picture(name)
    top = (whole.data.shape[1] - min(whole.data.shape[1], MOST_PX)) // 2 + 10 * (whole.data.shape[1] > MOST_PX)
    return whole.data[:, top : top + MOST_PX - 20, 200 * (whole.data.shape[2] > MOST_PX) :][
        ..., :MOST_PX
    ], whole.pixel_m


def _chips() -> list[tuple[Floats, float]]:
    """Two rows of four chips; the seams are few against the edges inside."""
    paths = sorted((data_folder() / "confusers_0.3m").glob("*.png"))
    chips = [np.asarray(Image.open(path).convert("RGB"), np.float32).transpose(2, 0, 1) / 255 for path in paths]
    chips = [chip[:, :250, :250] for chip in chips if min(chip.shape[1:]) >= 250]
    groups = [chips[i : i + 8] for i in range(0, 8 * CHIPS, 8)]
    return [
        (np.concatenate([np.concatenate(row, axis=2) for row in (group[:4], group[4:])], axis=1), 0.3)
        for group in groups
        if len(group) == 8
    ]
