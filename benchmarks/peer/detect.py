"""The detector at work: tiles with overlap, read once or four ways, boxes of their cores, rotated suppression."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray

from benchmarks.peer.boxes import PIXEL_M, Box, suppressed
from benchmarks.peer.decoding import decoded
from benchmarks.peer.standard import standardised
from benchmarks.tracing import Picture
from yardwatch.cars.session import session_of
from yardwatch.errors import InputError

Floats = NDArray[np.float32]

TILE, MARGIN = 256, 32
"""Pixels of a tile and of the margin at its sides that a neighbour answers for: 16 m, half a long vehicle and more."""
ONCE = ((1, 1),)
FOUR_WAYS = tuple(product((1, -1), (1, -1)))
"""Mirrored along both axes, as the strip counter reads its strips; answers averaged."""


@dataclass(frozen=True, eq=False)
class Detector:
    """Loaded weights; `from_bytes` makes one."""

    session: Any
    sha256: str
    trained_on: tuple[str, ...]
    """Names of the labelled blocks the weights saw."""

    @classmethod
    def from_bytes(cls, weights: bytes) -> Detector:
        """From an ONNX file's bytes; one thread. Raises InputError when they are no centre-point detector."""
        digest = hashlib.sha256(weights).hexdigest()
        try:
            session = session_of(weights)
            trained_on = tuple(json.loads(session.get_modelmeta().custom_metadata_map["trained_on"]))
        except Exception as error:  # onnxruntime raises a family of its own, none of it documented
            raise InputError(
                f"weights {digest[:12]}… are no detector ({type(error).__name__}); make one with "
                "`make peer BLOCKS=west OUT=FILE`"
            ) from error
        if session.get_outputs()[0].name != "centres":
            raise InputError(f"weights {digest[:12]}… are no detector: it would give centres")
        return cls(session, digest, trained_on)


def detect(picture: Picture, detector: Detector, ways: Sequence[tuple[int, int]] = ONCE) -> list[Box]:
    """Boxes of a whole picture, likeliest first, down to `LEAST_SCORE`."""
    x = standardised(*_half_metre(picture))
    height, width = x.shape[1:]
    tall, wide = (_padded(n) for n in (height, width))
    padded = np.zeros((3, tall, wide), np.float32)
    padded[:, MARGIN : MARGIN + height, MARGIN : MARGIN + width] = x
    found = [box for row, column in _tiles(tall, wide) for box in _tile(padded, (row, column), detector, ways)]
    return suppressed(found)


def _half_metre(picture: Picture) -> tuple[Floats, NDArray[np.bool_]]:
    """Data and visibility at the detector's pixels, from the same upper left corner."""
    if abs(picture.gsd_m / PIXEL_M - 1) < 0.01:
        return picture.data, picture.data.sum(axis=0) > 0
    corner = ~picture.to_pixel * (0, 0)
    height, width = (int(n * picture.gsd_m / PIXEL_M) for n in picture.data.shape[1:])
    x, y = ((np.arange(n) + 0.5) * PIXEL_M for n in (width, height))
    return picture.at(np.stack(np.meshgrid(corner[0] + x, corner[1] - y), axis=-1))


def _padded(size: int) -> int:
    """Whole cores, and a margin at either end."""
    core = TILE - 2 * MARGIN
    return -(-size // core) * core + 2 * MARGIN


def _tiles(tall: int, wide: int) -> Iterator[tuple[int, int]]:
    core = TILE - 2 * MARGIN
    return product(range(0, tall - 2 * MARGIN, core), range(0, wide - 2 * MARGIN, core))


def _tile(padded: Floats, at: tuple[int, int], detector: Detector, ways: Sequence[tuple[int, int]]) -> list[Box]:
    """The boxes whose middle lies in the tile's core, in the picture's metres."""
    tile = padded[:, at[0] : at[0] + TILE, at[1] : at[1] + TILE]
    if not tile.any():
        return []
    edge, inner = MARGIN * PIXEL_M, (TILE - MARGIN) * PIXEL_M
    boxes = decoded(np.mean([_answer(tile, way, detector) for way in ways], axis=0))
    right, down = (k * PIXEL_M - edge for k in (at[1], at[0]))
    return [box.moved(right, down) for box in boxes if edge <= box.x_m < inner and edge <= box.y_m < inner]


def _answer(tile: Floats, way: tuple[int, int], detector: Detector) -> Floats:
    """The answer for a tile read mirrored, turned back: offsets and the direction's sine change their signs."""
    down, right = way
    given = np.ascontiguousarray(tile[None, :, ::down, ::right])
    answer = detector.session.run(None, {"image": given})[0][0][:, ::down, ::right]
    return answer * np.array([1, right, down, 1, 1, right * down], np.float32)[:, None, None]


def write_boxes(path: Path, boxes: Sequence[Box], to_pixel: Affine) -> None:
    """As GeoJSON polygons with scores and lengths, in the picture's ground coordinates."""
    features = [
        {
            "type": "Feature", "properties": {"score": round(box.score, 3), "length_m": round(box.length_m, 2)},
            "geometry": shapely.geometry.mapping(shapely.transform(box.polygon, lambda xy: on_ground(xy, to_pixel))),
        }
        for box in boxes
    ]  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}) + "\n", encoding="utf-8")


def on_ground(xy: NDArray[np.float64], to_pixel: Affine) -> NDArray[np.float64]:
    """Ground points of points (n, 2) right and down from a north-up picture's corner."""
    west, north = ~to_pixel * (0, 0)
    return np.stack([west + xy[:, 0], north - xy[:, 1]], axis=1)
