"""Strips that show no rail vehicle: lines beside the labelled ones, a town, a wood, a sawmill, mobile-home parks.

Every vehicle of a labelled block is labelled, so whatever else a line of it crosses (gravel lanes, walkways, switches,
gantries, the space between tracks) is surely no vehicle of that line.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely
import shapely.affinity
from affine import Affine
from numpy.typing import NDArray
from PIL import Image
from shapely.geometry import shape

from training.blocks import Image2D, cut, features, read_image
from training.confusers import GSD_M, chips
from training.layout import STEP_M

Floats = NDArray[np.float32]

CLEAR_M = 1.2
"""From a line to the nearest vehicle's side; nearer, the vehicle might be the line's own."""
SHORTEST_M = 30.0
PARALLEL_SHARE = 0.6
"""Of lines in a block that run along its tracks; the others run anywhere."""
TURN_RAD = 0.06
CHIP_M = 76.0


def places(data: Path, rng: np.random.Generator, lines: int = 40) -> list[Floats]:
    """Along random lines of a town and of a rural line with a sawmill, and of look-alikes not held back."""
    town = read_image(data / "negatives" / "town_no_track.tif")
    rural = read_image(data / "negatives" / "railway_no_wagons.tif", metres=0.597 / 0.41)
    found = [_random_cut(image, rng, 130.0) for image in (town, rural) for _ in range(lines)]
    for path in chips(data, held_back=False):
        found += [_random_cut(_chip(path), rng, CHIP_M) for _ in range(2)]
    return [strip for strip in found if strip is not None]


def beside(muttenz: Path, block: str, rng: np.random.Generator, lines: int = 120) -> list[Floats]:
    """Along random lines of a labelled block, off every vehicle."""
    image = read_image(muttenz / f"{block}.tif")
    tracks = [shape(f["geometry"]) for f in features(muttenz / f"{block}_tracks.geojson")]
    cars = shapely.union_all([shape(f["geometry"]) for f in features(muttenz / f"{block}_railcars.geojson")])
    near = cars.buffer(CLEAR_M)
    found = []
    for _ in range(lines):
        line = _along(tracks, rng) if rng.random() < PARALLEL_SHARE else _anywhere(image, rng)
        for part in shapely.get_parts(line.difference(near)):
            found += _shown(*cut(image, part)) if part.length >= SHORTEST_M else []
    return found


def _along(tracks: list[shapely.LineString], rng: np.random.Generator) -> shapely.LineString:
    track = tracks[rng.integers(len(tracks))]
    moved = shapely.affinity.rotate(track, rng.normal(0, TURN_RAD), use_radians=True)
    return shapely.affinity.translate(moved, *rng.normal(0, 12, 2))


def _anywhere(image: Image2D, rng: np.random.Generator) -> shapely.LineString:
    height, width = image.data.shape[1:]
    ends = [~image.to_pixel * (rng.uniform(0, width), rng.uniform(0, height)) for _ in range(2)]
    return shapely.LineString(ends)


def _shown(data: Floats, visible: NDArray[np.bool_]) -> list[Floats]:
    """The stretches that lie wholly in the image."""
    whole = np.concatenate([[0], visible.all(axis=0).astype(int), [0]])
    edges = np.flatnonzero(np.diff(whole)).reshape(-1, 2)
    return [data[:, :, a:b] for a, b in edges if (b - a) * STEP_M >= SHORTEST_M]


def _chip(path: Path) -> Image2D:
    data = np.asarray(Image.open(path).convert("RGB"), np.float32).transpose(2, 0, 1) / 255
    return Image2D(data, Affine.scale(1 / GSD_M), 1.0)


def _random_cut(image: Image2D, rng: np.random.Generator, length_m: float) -> Floats | None:
    height, width = image.data.shape[1:]
    back = ~image.to_pixel
    for _ in range(20):
        start = np.array(back * (rng.uniform(0, width), rng.uniform(0, height)))
        angle, length = rng.uniform(0, 2 * np.pi), length_m * image.metres
        line = shapely.LineString([start, start + length * np.array([np.cos(angle), np.sin(angle)])])
        data, visible = cut(image, line)
        shown = _shown(data, visible & (data.sum(axis=0) > 0))
        if shown:
            return max(shown, key=lambda strip: strip.shape[2])
    return None
