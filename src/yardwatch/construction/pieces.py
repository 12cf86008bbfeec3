"""A mask of changed pixels to separate pieces of building size, by morphology.

Opening with a disc as wide as the narrowest object removes slivers: misplaced edges, vehicles, rims of shadows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from yardwatch.construction.options import Options

Bools = NDArray[np.bool_]
Floats = NDArray[np.float32]

MIN_PIXELS = 16
"""Pixels below which an object has no shape; at 5 m this is 400 m², and `min_area_m2` gives way to it."""
RIM = 2
"""Pixels by which a piece may grow back to its true edge."""
SQUARE = np.ones((3, 3), bool)
"""Growth over corners too."""


@dataclass(frozen=True, eq=False)
class Piece:
    """One connected set of changed pixels."""

    box: tuple[slice, slice]
    """Rows and columns around it, with a rim."""
    mask: Bools
    """Within the box."""

    @classmethod
    def of(cls, mask: Bools, rim: int) -> Piece:
        """The pixels of a window's mask, in a box with a rim around them."""
        return cls((slice(0, mask.shape[0]), slice(0, mask.shape[1])), mask).framed(rim, mask.shape)

    def framed(self, rim: int, shape: tuple[int, ...]) -> Piece:
        """The same pixels in a box with just such a rim around them, within a window of a shape."""
        sides = []
        for axis, (part, size) in enumerate(zip(self.box, shape, strict=True)):
            held = np.flatnonzero(self.mask.any(axis=1 - axis)) + part.start
            sides.append(slice(max(int(held[0]) - rim, 0), min(int(held[-1]) + rim + 1, size)))
        framed = Piece((sides[0], sides[1]), np.zeros([side.stop - side.start for side in sides], bool))
        here, there = framed.common(self)
        framed.mask[here] = self.mask[there]
        return framed

    def grown(self, steps: int) -> Piece:
        """With so many steps of dilation; its box may reach beyond the window."""
        rows, columns = (slice(part.start - steps, part.stop + steps) for part in self.box)
        return Piece((rows, columns), ndimage.binary_dilation(np.pad(self.mask, steps), iterations=steps))

    def common(self, other: Piece) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
        """Where both boxes overlap, in this mask and in the other; empty where they do not."""
        here, there = [], []
        for mine, its in zip(self.box, other.box, strict=True):
            first = max(mine.start, its.start)
            last = max(min(mine.stop, its.stop), first)
            here.append(slice(first - mine.start, last - mine.start))
            there.append(slice(first - its.start, last - its.start))
        return (here[0], here[1]), (there[0], there[1])

    def meets(self, other: Piece) -> bool:
        """Whether any pixel is in both."""
        here, there = self.common(other)
        return bool((self.mask[here] & other.mask[there]).any())


def cut_pieces(changed: Bools, step_m: float, options: Options) -> list[Piece]:
    """Pieces of at least the smallest width and area and at most the largest area, from upper left to lower right."""
    radius = max(1.0, options.min_width_m / 2 / step_m - 0.5)
    filled = ndimage.binary_fill_holes(ndimage.binary_closing(np.pad(changed, 1)))[1:-1, 1:-1] | changed
    labels, count = ndimage.label(opened(filled, radius))
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    least = max(options.min_area_m2 / step_m**2 / 2, MIN_PIXELS / 2)
    most = 2 * options.max_area_m2 / step_m**2
    boxes = ndimage.find_objects(labels)
    return [
        _piece(labels, label, boxes[label - 1], round(radius) + RIM + 2)
        for label in range(1, count + 1)
        if least <= sizes[label] <= most
    ]


def _piece(labels: NDArray[np.int32], label: int, box: tuple[slice, slice], rim: int) -> Piece:
    rows, columns = (slice(max(side.start - rim, 0), side.stop + rim) for side in box)
    return Piece((rows, columns), labels[rows, columns] == label)


def opened(mask: Bools, radius: float) -> Bools:
    """Opening with a disc of a radius in pixels, by two distance transforms; the window's border does not erode.

    A disc rounds corners by 0.3 of its radius on each side; those are given back.
    """
    pad = int(radius) + 2
    inside = ndimage.distance_transform_edt(np.pad(mask, pad, mode="edge")) > radius
    if not inside.any():
        return np.zeros_like(mask)
    wide = (ndimage.distance_transform_edt(~inside) <= radius)[pad:-pad, pad:-pad] & mask
    return ndimage.binary_dilation(wide, SQUARE, iterations=round(0.3 * radius) + 1) & mask


def at_half_height(piece: Piece, height: Floats, allowed: Bools) -> Piece:
    """The piece with its edge where the difference falls to half its median inside, as at a blurred edge.

    Args:
        piece: with a rim of at least two pixels in its box.
        height: (y, x) of the box; size of the difference between new and old ground.
        allowed: (y, x) of the box; where it may grow.
    """
    half = 0.5 * float(np.median(height[piece.mask]))
    near = ndimage.binary_dilation(piece.mask, SQUARE, iterations=RIM) & allowed
    refined = ndimage.binary_fill_holes(ndimage.binary_closing((height > half) & near) & near)
    labels, count = ndimage.label(refined)
    if count == 0:
        return piece
    largest = 1 + int(np.bincount(labels.ravel())[1:].argmax())
    return Piece(piece.box, labels == largest)
