"""Pixels: scenes and what is read from them, on a ground grid or along a track."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray

from yardwatch.ground import Frame
from yardwatch.model.refuse import refuse

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Licence:
    """What may be done with a scene's pixels. Nothing stated means nothing allowed."""

    name: str = "not stated"
    may_publish_pixels: bool = False
    attribution: str = ""
    may_train: bool = False
    """Weights may be trained from the pixels."""
    expires: date | None = None
    """Last day it holds (UTC); after it nothing is allowed. None: without end."""
    check_contract: bool = False
    """Usual terms of a vendor, not those of the user's own contract."""


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One image of a site at one time."""

    id: str
    href: str
    """Path or URL of the raster that is read (the COG, once received)."""
    sha256: str
    """Of the original file, at receipt."""
    acquired: datetime | None
    """UTC; None for a bare raster that does not say."""
    gsd_m: float
    """Ground metres a pixel, the coarser of the two axes."""
    crs: str
    footprint: shapely.Polygon | shapely.MultiPolygon
    """Lon/lat outline of the raster."""
    sensor: str | None = None
    off_nadir_deg: float | None = None
    sun_azimuth_deg: float | None = None
    sun_elevation_deg: float | None = None
    licence: Licence = field(default_factory=Licence)
    synthetic: bool = False
    date_precision: Literal["instant", "day", "month", "year"] = "instant"

    def __post_init__(self) -> None:
        refuse(not self.gsd_m > 0, f"scene {self.id}: GSD {self.gsd_m} m is not positive")
        refuse(
            self.acquired is not None and self.acquired.tzinfo is None, f"scene {self.id}: acquired has no time zone"
        )


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A north-up pixel grid in a site's ground frame."""

    frame: Frame
    west: float
    """Ground metres of the left edge."""
    north: float
    """Ground metres of the upper edge."""
    step_m: float
    width: int
    height: int

    @classmethod
    def over(cls, frame: Frame, ground: shapely.Geometry, step_m: float) -> Grid:
        """The grid that covers a ground geometry's bounds, edges on multiples of the step."""
        west, south, east, north = shapely.bounds(ground)
        west, north = np.floor(west / step_m) * step_m, np.ceil(north / step_m) * step_m
        width, height = (int(np.ceil(round(d / step_m, 6))) for d in (east - west, north - south))
        return cls(frame=frame, west=float(west), north=float(north), step_m=step_m, width=width, height=height)

    @property
    def transform(self) -> Affine:
        """Pixel (column, row) corners to ground metres."""
        return Affine(self.step_m, 0, self.west, 0, -self.step_m, self.north)

    def centres(self) -> NDArray[np.float64]:
        """Ground coordinates of the pixel centres, (y, x, 2)."""
        x = self.west + (np.arange(self.width) + 0.5) * self.step_m
        y = self.north - (np.arange(self.height) + 0.5) * self.step_m
        return np.stack(np.meshgrid(x, y), axis=-1)


@dataclass(frozen=True, kw_only=True, eq=False)
class Pixels:
    """A scene read onto a ground grid."""

    grid: Grid
    data: Floats
    """(band, y, x), 0..1, 0 where not visible."""
    visible: Bools
    """(y, x): inside the image, not nodata, not saturated, not cloud."""

    def __post_init__(self) -> None:
        refuse(self.data.ndim != 3, f"pixels need (band, y, x), got {self.data.shape}")
        refuse(self.data.shape[1:] != self.visible.shape, "pixels and visibility differ in shape")
        refuse(self.visible.shape != (self.grid.height, self.grid.width), "pixels do not fit their grid")


@dataclass(frozen=True, kw_only=True, eq=False)
class Strip:
    """A scene resampled along one track."""

    track: str
    step_m: float
    """Ground metres between neighbours, along `s` and along `t`."""
    data: Floats
    """(band, t, s), 0..1; t runs from the right (−half width) to the left (+half width) of the track."""
    visible: Bools
    """(t, s)."""
    gsd_m: float
    """Of the scene the strip was cut from, not of the strip."""

    def __post_init__(self) -> None:
        refuse(self.data.ndim != 3, f"strip {self.track}: needs (band, t, s), got {self.data.shape}")
        refuse(self.data.shape[1:] != self.visible.shape, f"strip {self.track}: data and visibility differ in shape")

    @property
    def length_m(self) -> float:
        """Ground metres along the track."""
        return self.data.shape[2] * self.step_m

    @property
    def offsets_m(self) -> NDArray[np.float64]:
        """Ground metres across the track of each row t."""
        rows = self.data.shape[1]
        return (np.arange(rows) - (rows - 1) / 2) * self.step_m
