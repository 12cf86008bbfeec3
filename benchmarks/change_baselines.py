"""What the method is held against: three ways of the literature, from the newest good looks to objects by one recipe.

Each gives a map of difference between two looks; Otsu's threshold (1979) and opening make objects of it, of the same
sizes as the method's. They do not date anything.

- plain differencing: the mean absolute difference of the bands, as delivered (Singh 1989);
- change vector analysis: the length of the difference of bands, each brought to one mean and spread (Malila 1980);
- IR-MAD pairs: the χ² statistic of the reweighted MAD variates (Nielsen 2007).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from skimage.filters import threshold_otsu

from benchmarks.change_sites import Site
from yardwatch.construction.irmad import no_change_weights
from yardwatch.construction.looks import Look
from yardwatch.construction.options import Options
from yardwatch.construction.outline import outline, rectangularity
from yardwatch.construction.pieces import cut_pieces

Floats = NDArray[np.floating]
SAMPLE = 20_000


def plain(old: Floats, new: Floats) -> Floats:
    """Mean absolute difference."""
    return np.abs(new - old).mean(axis=0)


def change_vector(old: Floats, new: Floats) -> Floats:
    """Length of the difference of standardised bands."""
    return np.sqrt(((_standard(new) - _standard(old)) ** 2).sum(axis=0))


def irmad(old: Floats, new: Floats) -> Floats:
    """Root of the sum of squared MAD variates in their own spreads; weights from a sample of pixels."""
    x, y = (image.reshape(len(image), -1).T.astype(np.float64) for image in (old, new))
    step = max(1, len(x) // SAMPLE)
    weights, _ = no_change_weights(x[::step], y[::step])
    gain = [np.linalg.lstsq(np.column_stack([y[::step], np.ones(len(y[::step]))]) * weights[:, None],
                            x[::step, band] * weights, rcond=None)[0] for band in range(x.shape[1])]  # fmt: skip
    fitted = np.column_stack([y, np.ones(len(y))]) @ np.array(gain).T
    residual = x - fitted
    spread = 1.4826 * np.median(np.abs(residual), axis=0) + 1e-6
    return np.sqrt(((residual / spread) ** 2).sum(axis=1)).reshape(old.shape[1:])


METHODS: dict[str, Callable[[Floats, Floats], Floats]] = {
    "plain differencing": plain, "change vector analysis": change_vector, "IR-MAD pairs": irmad,
}  # fmt: skip


def objects(difference: Floats, site: Site, options: Options) -> list[shapely.Polygon]:
    """Polygons of ground metres from a map of difference."""
    look = site.looks[0]
    open_ground = ~site.avoid
    changed = (difference > threshold_otsu(difference[open_ground])) & open_ground
    pieces = cut_pieces(changed, look.pixels.grid.step_m, options)
    found = [outline(piece, look.pixels.grid) for piece in pieces]
    return [
        polygon for polygon in found
        if options.min_area_m2 <= polygon.area <= options.max_area_m2
        and rectangularity(polygon) >= options.rectangularity
    ]  # fmt: skip


def ends(looks: Sequence[Look]) -> tuple[Look, Look]:
    """The clearest of the first five and of the last five looks."""
    return max(looks[:5], key=clearness), max(looks[-5:], key=clearness)


def clearness(look: Look) -> float:
    """Visible share less the whiteness: snow and haze are bright."""
    return float(look.pixels.visible.mean() - look.pixels.data.mean())


def _standard(image: Floats) -> Floats:
    flat = image.reshape(len(image), -1)
    return (image - flat.mean(axis=1)[:, None, None]) / flat.std(axis=1)[:, None, None]
