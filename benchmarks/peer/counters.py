"""The two counters side by side: scores of the same scenes, and the processor time each takes for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from time import process_time
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from benchmarks.peer.boxes import Box
from benchmarks.peer.detect import FOUR_WAYS, ONCE, Detector, detect
from benchmarks.scoring import Score
from benchmarks.tracing import Picture

Answer = TypeVar("Answer")

STRIP, ONE_WAY, MANY_WAYS = "strip counter", "centre points", "centre points, four ways"
WAYS = {ONE_WAY: ONCE, MANY_WAYS: FOUR_WAYS}
THRESHOLDS = tuple(round(0.1 + 0.02 * k, 2) for k in range(36))
"""Least scores of a found vehicle that are tried."""
SEED = 20240617
DRAWS = 2000


@dataclass(frozen=True)
class Spent:
    """Processor seconds for a length of track and a size of picture."""

    seconds: float = 0.0
    km: float = 0.0
    megapixels: float = 0.0

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.seconds + other.seconds, self.km + other.km, self.megapixels + other.megapixels)

    def as_row(self) -> dict[str, float]:
        """By kilometre of the scene's tracks and by megapixel of the scene."""
        return {
            "seconds_per_km": round(self.seconds / self.km, 3),
            "seconds_per_megapixel": round(self.seconds / self.megapixels, 2),
        }


def timed(task: Callable[[], Answer], repeats: int = 1) -> tuple[Answer, float]:
    """The answer, and the least processor seconds of so many runs."""
    found = []
    for _ in range(repeats):
        begun = process_time()
        answer = task()
        found.append(process_time() - begun)
    return answer, min(found)


@dataclass(frozen=True, eq=False)
class Peer:
    """A detector, and from which score on its boxes count, by way of reading."""

    detector: Detector
    thresholds: dict[str, float]

    def boxes(self, picture: Picture, way: str) -> list[Box]:
        """All of a picture, faint ones too."""
        return detect(picture, self.detector, WAYS[way])

    def sure(self, boxes: Sequence[Box], way: str) -> list[Box]:
        """Those that count."""
        return at_least(boxes, self.thresholds[way])


def best_threshold(by_threshold: dict[float, Score]) -> float:
    """The middle one of those with the highest F1."""
    highest = max(one.f1 for one in by_threshold.values())
    among = [least for least, one in by_threshold.items() if one.f1 == highest]
    return among[len(among) // 2]


def hindsight(tried: Sequence[dict[float, Score]]) -> dict[str, object]:
    """The pooled F1 that the best threshold of every detector would have given, and those thresholds."""
    best = max(product(*tried), key=lambda some: _pooled(tried, some).f1)
    return {"thresholds": list(best), "f1": round(_pooled(tried, best).f1, 3)}


def _pooled(tried: Sequence[dict[float, Score]], thresholds: Sequence[float]) -> Score:
    return sum((scores[least] for scores, least in zip(tried, thresholds, strict=True)), Score())


def at_least(boxes: Sequence[Box], least: float) -> list[Box]:
    """Suppression is greedy from the likeliest, so leaving faint ones out later changes nothing."""
    return [box for box in boxes if box.score >= least]


def difference(ours: Sequence[Score], theirs: Sequence[Score]) -> dict[str, object]:
    """How much larger our F1 is than theirs, with a 90 % interval over resampled tracks or yards, the same for both."""
    tables = [np.array([[one.hit, one.false, one.missed] for one in some]) for some in (ours, theirs)]
    picked = np.random.default_rng(SEED).integers(0, len(ours), (DRAWS, len(ours)))
    drawn = [_f1(table[picked].sum(axis=1)) for table in tables]
    low, high = np.quantile(drawn[0] - drawn[1], [0.05, 0.95])
    whole = [float(_f1(table.sum(axis=0))) for table in tables]
    return {"f1": round(whole[0] - whole[1], 3), "interval_90": [round(float(low), 3), round(float(high), 3)]}


def _f1(table: NDArray[np.int64]) -> NDArray[np.float64]:
    """Of (…, 3) hit, false, missed."""
    return np.asarray(2 * table[..., 0] / np.maximum(2 * table[..., 0] + table[..., 1] + table[..., 2], 1))
