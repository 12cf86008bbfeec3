"""Bands: from what a file stores to red, green, blue (or grey) as 0..1, and what of it can be seen.

8-bit values are divided by 255. Wider types, by the file's own scale and offset, are stretched by one pair of limits,
the 1 % and 99.5 % quantiles of visible pixels in an 8 × 8 lattice of windows read at full resolution, laid over the
ground that is read where that is known (bright water beside the yard does not darken it), else over the whole scene:
the same limits from the file as delivered and from the COG made of it.

Not visible: outside, nodata, masked, transparent, NaN, and, where the file declares nothing of the kind, black
patches of at least 5 × 5 pixels (undeclared borders).

Many programs mark the fourth band of an 8-bit image as alpha, though it is near infrared. An alpha band is either
empty or full nearly everywhere; one that is neither is not taken for transparency.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, MaskFlags, Resampling
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.windows import Window
from scipy import ndimage

from yardwatch.errors import SceneError
from yardwatch.imagery.colours import colours, shown
from yardwatch.imagery.opening import damaged

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

LOW_QUANTILE, HIGH_QUANTILE = 0.01, 0.995
"""Clips noise in shadow and glint on metal, keeps white roofs apart from snow."""
SAMPLE_WINDOWS, SAMPLE_PX = 8, 64
"""Windows a side, pixels a window: 262,144 pixels fix both quantiles to a few per mille."""
BLACK_PATCH_PX = 5
"""A smaller black spot may be a real shadow."""
LEAST_ALPHA_EXTREMES = 0.9
"""Share of an alpha band's values at 0 or at its highest; feathered edges are the rest."""
LEAST_SAMPLES = 1000
"""Fewer visible values fix no quantile; the whole image is asked then."""


@dataclass(frozen=True, eq=False)
class Block:
    """A window of a file, full size or averaged down."""

    data: Floats
    """(band, y, x), 0..1."""
    visible: Bools
    """(y, x)."""


@dataclass(frozen=True, eq=False)
class BandReader:
    """Reads windows of an open dataset as bands of 0..1."""

    dataset: DatasetReader
    name: str
    stated: str | None = None
    """Order of the bands as the user states it."""
    region: Window | None = None
    """Part of the image the stretch is fitted in; None: all of it."""

    @cached_property
    def colours(self) -> Mapping[str, int]:
        """Which band is which, from 1. Raises SceneError for a statement that does not fit the file."""
        return colours(self.dataset, self.name, self.stated)

    @cached_property
    def indexes(self) -> tuple[int, ...]:
        """Which bands of the file become red, green, blue (or grey)."""
        return shown(self.colours)

    @cached_property
    def palette(self) -> NDArray[np.uint8] | None:
        """(256, 4) colours of a paletted file, else None."""
        if self.dataset.colorinterp[0] is not ColorInterp.palette:
            return None
        table = np.zeros((256, 4), np.uint8)
        for index, colour in self.dataset.colormap(1).items():
            table[index & 255] = colour
        return table

    @property
    def bands(self) -> int:
        """Bands delivered: 3 or 1."""
        return 3 if self.palette is not None else len(self.indexes)

    @cached_property
    def false_alpha(self) -> int | None:
        """Index of a band marked as alpha that holds something else, or None."""
        marked = [i for i, c in enumerate(self.dataset.colorinterp, start=1) if c is ColorInterp.alpha]
        if not marked or self.palette is not None:
            return None
        highest = np.iinfo(self.dataset.dtypes[marked[0] - 1]).max if self._whole_numbers(marked[0]) else 1
        extremes, seen = 0, 0
        for window in self._lattice():
            alpha = self._read(marked[0], window)
            extremes += int(((alpha == 0) | (alpha == highest)).sum())
            seen += alpha.size
        return marked[0] if extremes < LEAST_ALPHA_EXTREMES * seen else None

    @cached_property
    def declares_nodata(self) -> bool:
        """Whether the file itself says which pixels are no pixels."""
        if self.false_alpha is not None:
            return False
        flags = (flag for index in self.indexes for flag in self.dataset.mask_flag_enums[index - 1])
        return any(flag is not MaskFlags.all_valid for flag in flags)

    @cached_property
    def limits(self) -> tuple[float, float]:
        """Stored values that become 0 and 1."""
        if self.palette is not None or self.dataset.dtypes[self.indexes[0] - 1] == "uint8":
            return 0.0, 255.0
        values = self._sampled(self._lattice(self.region))
        if len(values) < LEAST_SAMPLES and self.region is not None:
            values = self._sampled(self._lattice())
        if not len(values):
            return 0.0, 1.0
        low, high = (float(q) for q in np.quantile(values, (LOW_QUANTILE, HIGH_QUANTILE)))
        return (low, high) if high > low else (low, low + 1.0)

    def _sampled(self, windows: list[Window]) -> Floats:
        """Visible values in windows, all bands together."""
        stored = ((self.physical(raw), visible) for raw, visible in map(self.stored, windows))
        return np.concatenate([raw[:, visible].ravel() for raw, visible in stored])

    def physical(self, raw: NDArray[np.float32]) -> NDArray[np.float32]:
        """Stored values by the file's own scale and offset; bytes are picture values whatever it says."""
        scales, offsets = (
            np.array([of[i - 1] for i in self.indexes], np.float32)[:, None, None]
            for of in (self.dataset.scales, self.dataset.offsets)
        )
        plain = self.palette is not None or raw.dtype == np.uint8 or ((scales == 1).all() and (offsets == 0).all())
        return raw if plain else raw * scales + offsets

    def read(self, window: Window, shape: tuple[int, int] | None = None) -> Block:
        """A window as a block, averaged down to a shape (y, x) if one is given. Raises SceneError on damage."""
        raw, visible = self.stored(window, shape)
        low, high = self.limits
        data = np.clip((self.physical(raw).astype(np.float32) - low) / (high - low), 0, 1, dtype=np.float32)
        data[:, ~visible] = 0
        return Block(data, visible)

    def stored(self, window: Window, shape: tuple[int, int] | None = None) -> tuple[NDArray[np.float32], Bools]:
        """A window in the file's own values, palettes expanded, and what of it shows something."""
        if self.palette is not None:
            return self._expanded(self.palette, window, shape)
        raw = self._read(list(self.indexes), window, shape)
        if self.false_alpha is not None:
            return raw, self._visible(raw, np.ones(raw.shape[1:], bool))
        return raw, self._visible(raw, self._valid(raw, window, shape))

    def _read(
        self, bands: int | list[int], window: Window, shape: tuple[int, int] | None = None
    ) -> NDArray[np.float32]:
        how = Resampling.average if shape is not None else Resampling.nearest
        try:
            return self.dataset.read(bands, window=window, out_shape=_sized(bands, shape), resampling=how)
        except RasterioError as error:
            raise self._damaged(window) from error

    def _valid(self, raw: NDArray[np.float32], window: Window, shape: tuple[int, int] | None) -> Bools:
        """What the file does not declare as no pixel. A plain nodata value is compared here: GDAL reads all again."""
        flags = [self.dataset.mask_flag_enums[index - 1] for index in self.indexes]
        if all(one == [MaskFlags.all_valid] for one in flags):
            return np.ones(raw.shape[1:], bool)
        if shape is None and all(one == [MaskFlags.nodata] for one in flags):
            declared = np.array([self.dataset.nodatavals[index - 1] for index in self.indexes])
            if np.isfinite(declared).all():
                return np.asarray((raw != declared[:, None, None]).any(axis=0))
        return self._read_masks(list(self.indexes), window, shape).max(axis=0) > 127

    def _read_masks(
        self, bands: int | list[int], window: Window, shape: tuple[int, int] | None = None
    ) -> NDArray[np.uint8]:
        try:
            return self.dataset.read_masks(bands, window=window, out_shape=_sized(bands, shape))
        except RasterioError as error:
            raise self._damaged(window) from error

    def _damaged(self, window: Window) -> SceneError:
        return damaged(self.name, f" at column {int(window.col_off)}, row {int(window.row_off)}")

    def _whole_numbers(self, band: int) -> bool:
        return np.issubdtype(np.dtype(self.dataset.dtypes[band - 1]), np.integer)

    def _visible(self, raw: NDArray[np.float32], valid: Bools) -> Bools:
        if np.issubdtype(raw.dtype, np.floating):
            valid = valid & np.isfinite(raw).all(axis=0)
            np.nan_to_num(raw, copy=False, posinf=0, neginf=0)
        if self.declares_nodata:
            return valid
        black = (raw == 0).all(axis=0)
        if not black.any():
            return valid
        return valid & ~_patches(black)

    def _expanded(
        self, palette: NDArray[np.uint8], window: Window, shape: tuple[int, int] | None
    ) -> tuple[NDArray[np.float32], Bools]:
        indexes = self._read(1, window).astype(np.uint8)
        masks = self._read_masks(1, window) > 127
        colours = np.moveaxis(palette[indexes], -1, 0)
        visible = masks & (colours[3] > 127)
        raw = colours[:3].astype(np.float32)
        if shape is None:
            return raw, visible
        averaged = np.stack([_average(band, shape) for band in raw])
        return averaged, _average(visible.astype(np.float32), shape) > 0.5

    def _lattice(self, region: Window | None = None) -> list[Window]:
        within = region or Window(0, 0, self.dataset.width, self.dataset.height)
        width, height = (min(SAMPLE_PX, int(side)) for side in (within.width, within.height))
        left, top = int(within.col_off), int(within.row_off)
        lefts = np.unique(np.linspace(left, left + within.width - width, SAMPLE_WINDOWS).astype(int))
        tops = np.unique(np.linspace(top, top + within.height - height, SAMPLE_WINDOWS).astype(int))
        return [Window(int(left), int(top), width, height) for top in tops for left in lefts]


def _sized(bands: int | list[int], shape: tuple[int, int] | None) -> tuple[int, ...] | None:
    """What rasterio calls out_shape."""
    if shape is None:
        return None
    return (len(bands), *shape) if isinstance(bands, list) else shape


def _patches(black: Bools) -> Bools:
    """Black patches at least BLACK_PATCH_PX wide both ways; beyond the window counts as black."""
    square = np.ones((BLACK_PATCH_PX, BLACK_PATCH_PX), bool)
    cores = ndimage.binary_erosion(black, square, border_value=1)
    return ndimage.binary_dilation(cores, square) & black


def _average(band: Floats, shape: tuple[int, int]) -> Floats:
    """Block means of a band, to a shape (y, x)."""
    tops, lefts = (np.linspace(0, n, m + 1)[:-1].astype(int) for n, m in zip(band.shape, shape, strict=True))
    sums = np.add.reduceat(np.add.reduceat(band, tops, axis=0), lefts, axis=1)
    counts = np.outer(np.diff(np.r_[tops, band.shape[0]]), np.diff(np.r_[lefts, band.shape[1]]))
    return (sums / counts).astype(np.float32)
