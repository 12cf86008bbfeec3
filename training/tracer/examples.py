"""The stream of views: drawn yards for the most part, the labelled blocks near their tracks, ground without any."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from training import blocks as labelled
from training.stock import Vehicle, draw
from training.tracer import real
from training.tracer.aims import aims
from training.tracer.anywhere import elsewhere
from training.tracer.canvas import PIXEL_M, Canvas
from training.tracer.scenery import carless
from training.tracer.trains import fitted
from training.tracer.views import View, view
from training.tracer.yards import yard

Floats = NDArray[np.float32]
Rng = np.random.Generator

SHARES = {"yard": 0.26, "elsewhere": 0.22, "block": 0.12, "drawn": 0.12, "chip": 0.12, "negative": 0.16}
"""Of the views."""
CARLESS_SOURCES = ("drawn", "chip", "negative")
KEPT = 96
"""Yards waiting for their next view."""
RENEWED = 0.14
"""Share of yard views for which a new yard is drawn: drawing costs more than seeing."""
SEEN_AGAIN = 160
"""Views of which half a batch is drawn again: making one costs as much as learning from it."""
ELSEWHERE = 64
VEHICLES = 500
CARLESS = 40
RINGED = 4
"""Variants of each block with false outlines."""
CORRIDOR = (
    (-20, 1090), (90, 1075), (330, 1037), (610, 983), (820, 937), (990, 905), (1140, 880), (1310, 825), (1405, 780),
    (1640, 610), (1960, 395),
)  # fmt: skip
"""Pixels of the line through the railway without wagons, by hand."""
CORRIDOR_M = 15.0
BELOW_LINE_M = 465.0
"""Rows below it hold no part of the line: fields, wood and a factory's roof, ground for drawn yards."""


class Examples:
    """Views from some blocks; every draw comes from one generator."""

    def __init__(self, data: Path, names: tuple[str, ...], seed: int) -> None:
        self.rng = rng = np.random.default_rng([seed, 77])
        plain = [real.block(data / "muttenz", name) for name in names]
        self.vehicles = self._vehicles(data / "muttenz", names)
        negatives = [real.town(data), real.railway(data, CORRIDOR, CORRIDOR_M)]
        self.grounds = [negatives[0].data, negatives[1].data[:, round(BELOW_LINE_M / PIXEL_M) :]]
        self.sources = {
            "block": plain + [ringed(one, rng) for one in plain for _ in range(RINGED)],
            "chip": real.chips(data),
            "negative": negatives,
            "drawn": [Canvas.bare(carless(rng, (480, 480)).astype(np.float32)) for _ in range(CARLESS)],
            "elsewhere": elsewhere(seed, ELSEWHERE),
        }
        for canvas in (one for name in CARLESS_SOURCES for one in self.sources[name]):
            canvas.aims = aims(canvas.data, rng)
        self.yards: list[Canvas] = []
        self.seen: list[View] = []

    def batch(self, size: int) -> list[View]:
        """So many views."""
        fresh = [self._view() for _ in range(size - size // 2 if len(self.seen) >= SEEN_AGAIN else size)]
        again = [self.seen[int(k)] for k in self.rng.integers(0, max(len(self.seen), 1), size - len(fresh))]
        self.seen = (self.seen + fresh)[-SEEN_AGAIN:]
        return fresh + again

    def _view(self) -> View:
        names = [name for name in SHARES if name == "yard" or self.sources[name]]
        share = np.array([SHARES[name] for name in names])
        name = str(self.rng.choice(names, p=share / share.sum()))
        if name == "yard":
            return view(self._yard(), self.rng, bend=True)
        canvases = self.sources[name]
        return view(canvases[self.rng.integers(len(canvases))], self.rng, bend=name == "drawn")

    def _yard(self) -> Canvas:
        if len(self.yards) < KEPT or self.rng.random() < RENEWED:
            self.yards.append(yard(self.grounds, self.vehicles, self.rng))
            if len(self.yards) > KEPT:
                self.yards.pop(int(self.rng.integers(KEPT)))
            return self.yards[-1]
        return self.yards[int(self.rng.integers(KEPT))]

    def _vehicles(self, muttenz: Path, names: tuple[str, ...]) -> list[Vehicle]:
        """Drawn ones, and the sprites of the named blocks alone."""
        strips = [strip for name in names for strip in labelled.block_strips(muttenz, name)]
        sprites = [Vehicle(s, float(self.rng.uniform(2.4, 4.0))) for s in labelled.sprites(muttenz, strips)]
        drawn = [draw(self.rng) for _ in range(VEHICLES)]
        return [fitted(one) for one in drawn + sprites * max(1, VEHICLES // (3 * len(sprites)))]


def ringed(canvas: Canvas, rng: Rng) -> Canvas:
    """The block with false outlines of car size along its tracks, and filled in another way."""
    ring = np.zeros(canvas.data.shape[1:], bool)
    y, x = np.ogrid[: ring.shape[0], : ring.shape[1]]
    for _ in range(rng.poisson(25)):
        px, py, angle = canvas.points[rng.integers(len(canvas.points))]
        dx, dy = (x + 0.5) * PIXEL_M - px, (y + 0.5) * PIXEL_M - py
        s = np.abs(np.cos(angle) * dx + np.sin(angle) * dy) - rng.uniform(3, 12)
        t = np.abs(np.cos(angle) * dy - np.sin(angle) * dx) - rng.uniform(1.4, 1.8)
        ring |= np.abs(np.maximum(s, t)) < 0.85
    reach = float(rng.choice([2, 3, 5]))
    keep = (~ring).astype(np.float32)
    weight = gaussian_filter(keep, reach) + 1e-6
    filled = np.stack([gaussian_filter(band * keep, reach) / weight for band in canvas.data])
    return replace(canvas, data=np.where(ring, filled, canvas.data).astype(np.float32))
