"""A pair of looks laid over each other before and after alignment: reference in red, moving in cyan."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from benchmarks.align_trials import Trial
from yardwatch.imagery.align import Alignment, align, grey
from yardwatch.model import Pixels

mpl.use("Agg")

CUT_M = 110.0
"""Side of what is shown: small enough to see rails lie on rails."""


def write_figure(path: Path, trial: Trial) -> None:
    """Two panels: as delivered, and with the shift found taken out."""
    from matplotlib import pyplot as plt

    found = align(trial.reference, trial.moving, trial.avoid)
    step = trial.reference.grid.step_m
    panels = [
        (_overlay(trial.reference, trial.moving, (0.0, 0.0)), f"as delivered: {np.hypot(*trial.shift_m):.2f} m off"),
        (_overlay(trial.reference, trial.moving, (found.dx_m, found.dy_m)), _said(found, trial)),
    ]
    figure, axes = plt.subplots(1, 2, figsize=(11, 6), layout="constrained")
    for axis, (image, title) in zip(axes, panels, strict=True):
        axis.imshow(_cut(image, step), extent=(0, CUT_M, 0, CUT_M), interpolation="nearest")
        axis.set_title(title, fontsize=11)
        axis.set_ylabel("metres")
    figure.suptitle(
        "Reference red, moved look cyan; grey where they agree. Cars that moved keep their colour.", fontsize=11
    )
    figure.text(0.995, 0.005, "Source: Federal Office of Topography swisstopo", ha="right", fontsize=8)
    figure.savefig(path, dpi=110, metadata={"Software": None})
    plt.close(figure)


def _said(found: Alignment, trial: Trial) -> str:
    if not found.aligned:
        return f"refused: {found.reason}"
    left = np.hypot(found.dx_m - trial.shift_m[0], found.dy_m - trial.shift_m[1])
    return f"aligned: {left:.2f} m off, {found.windows} windows agree"


def _overlay(reference: Pixels, moving: Pixels, shift_m: tuple[float, float]) -> NDArray[np.float64]:
    step = reference.grid.step_m
    back = (shift_m[1] / step, -shift_m[0] / step)
    first, second = _stretched(grey(reference)), _stretched(ndimage.shift(grey(moving), back, order=1))
    return np.stack([first, second, second], axis=-1)


def _stretched(values: NDArray[np.float32]) -> NDArray[np.float64]:
    low, high = np.percentile(values[values > 0], (1, 99))
    return np.clip((values - low) / (high - low), 0, 1)


def _cut(image: NDArray[np.float64], step: float) -> NDArray[np.float64]:
    side = int(CUT_M / step)
    top, left = ((n - side) // 2 for n in image.shape[:2])
    return image[top : top + side, left : left + side]
