"""The labelled yard as a benchmark reads it: a block, coarsened to a GSD, cut along the given tracks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
import rasterio.features
import shapely
import shapely.ops
from affine import Affine
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, gaussian_filter
from shapely.geometry import shape

from benchmarks.scoring import Vehicle
from yardwatch.cars.strips import cut, plan
from yardwatch.imagery.sampling import bilinear
from yardwatch.model import Strip, Track

Floats = NDArray[np.float32]

NATIVE_M = 0.2546
BLUR = 0.4
"""Deviation of a sensor's blur in its own pixels, pixel's own extent excluded."""
NEAREST_M = 1.6
RING_HALF_M = 0.85
"""Half the thickness of the outlines that were filled in the labelled yard."""
DECOYS_PER_100_M = 1.5


@dataclass(frozen=True, eq=False)
class Block:
    """One block: pixels at native resolution, tracks, vehicles by track."""

    name: str
    data: Floats
    to_pixel: Affine
    tracks: tuple[Track, ...]
    vehicles: dict[str, tuple[Vehicle, ...]]


def read_block(muttenz: Path, name: str) -> Block:
    """A block of the labelled yard; vehicles without a track are left out."""
    with rasterio.open(muttenz / f"{name}.tif") as source:
        data, to_pixel = source.read((1, 2, 3)).astype(np.float32) / 255, ~source.transform
    features = json.loads((muttenz / f"{name}_tracks.geojson").read_text())["features"]
    tracks = tuple(Track(id=str(f["properties"]["track"]), line=shape(f["geometry"])) for f in features)
    vehicles: dict[str, list[Vehicle]] = {track.id: [] for track in tracks}
    for feature in json.loads((muttenz / f"{name}_railcars.geojson").read_text())["features"]:
        polygon, about = shape(feature["geometry"]), feature["properties"]
        track = min(tracks, key=lambda one: one.line.distance(polygon.centroid))
        if track.line.distance(polygon.centroid) < NEAREST_M:
            along = [track.line.project(shapely.Point(p)) for p in polygon.exterior.coords]
            vehicles[track.id].append(Vehicle(min(along), max(along), about["visible"], str(about["id"])))
    return Block(name, data, to_pixel, tracks, {k: tuple(sorted(v)) for k, v in vehicles.items()})


def with_decoys(block: Block, seed: int) -> Block:
    """The block with false outlines of car size along its tracks: on empty track and across bodies."""
    rng = np.random.default_rng(seed)
    height, width = block.data.shape[1:]
    ring = np.zeros((height, width), bool)
    for track in block.tracks:
        for _ in range(rng.poisson(track.line.length / 100 * DECOYS_PER_100_M)):
            start, long = rng.uniform(0, track.line.length), rng.uniform(6, 25)
            part = shapely.ops.substring(track.line, start, min(start + long, track.line.length))
            if part.length > 3:
                ring |= _outline(block, part.buffer(rng.uniform(1.4, 1.8), cap_style="flat"))
    return Block(block.name, _filled(block.data, ring), block.to_pixel, block.tracks, block.vehicles)


def _outline(block: Block, polygon: shapely.Polygon) -> NDArray[np.bool_]:
    band = polygon.exterior.buffer(RING_HALF_M)
    shape_ = block.data.shape[1:]
    return rasterio.features.rasterize([band], shape_, transform=~block.to_pixel, dtype="uint8") > 0


def _filled(data: Floats, ring: NDArray[np.bool_]) -> Floats:
    """Nearest pixel outside the ring, smoothed inside it: another fill than the training's."""
    row, column = distance_transform_edt(ring, return_distances=False, return_indices=True)
    near = data[:, row, column]
    smooth = np.stack([gaussian_filter(band, 1.5) for band in near])
    return np.where(ring, smooth, data).astype(np.float32)


def coarsened(block: Block, gsd_m: float) -> tuple[Floats, Affine]:
    """The block as a sensor of this GSD would see it: blur and means over its pixels; with ground → pixel."""
    factor = gsd_m / NATIVE_M
    if factor <= 1.01:
        return block.data, block.to_pixel
    spread = np.hypot(BLUR, 0.29) * factor
    blurred = np.stack([gaussian_filter(band, np.sqrt(max(spread**2 - 0.29**2, 0))) for band in block.data])
    height, width = (max(1, int(n / factor)) for n in block.data.shape[1:])
    row, column = np.meshgrid(*[(np.arange(n) + 0.5) * factor - 0.5 for n in (height, width)], indexing="ij")
    seen, _ = bilinear(blurred, np.ones(blurred.shape[1:], bool), column, row)
    return np.round(seen * 255) / 255, Affine.scale(1 / factor) * block.to_pixel


def strips(block: Block, gsd_m: float) -> list[Strip]:
    """One strip a track, as the product cuts them."""
    data, to_pixel = coarsened(block, gsd_m)
    shown = np.ones(data.shape[1:], bool)
    found = []
    for track in block.tracks:
        planned = plan(track, gsd_m)
        column, row = to_pixel * (planned.points[..., 0], planned.points[..., 1])
        values, visible = bilinear(data, shown, column - 0.5, row - 0.5)
        found.append(cut(planned, values, visible, gsd_m))
    return found
