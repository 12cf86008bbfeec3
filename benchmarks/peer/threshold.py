"""From which score on a detector's boxes count: best F1 on simulated yards that no table scores nor training sees."""

from __future__ import annotations

import numpy as np

from benchmarks.peer.counters import SEED, THRESHOLDS, WAYS, Peer, best_threshold
from benchmarks.peer.detect import Detector, detect
from benchmarks.peer.yards import by_threshold
from benchmarks.scoring import Score
from benchmarks.tracing import picture_of
from yardwatch.simulate.anywhere import any_scene

YARDS = 24
FIRST_YARD = 32_000_000
GSD_M = 0.5


def with_thresholds(detector: Detector) -> Peer:
    """The detector with its thresholds, one a way of reading."""
    total = {way: dict.fromkeys(THRESHOLDS, Score()) for way in WAYS}
    for seed in range(FIRST_YARD, FIRST_YARD + YARDS):
        scene = any_scene(np.random.default_rng([seed, SEED]), gsd_m=GSD_M)
        for way, readings in WAYS.items():
            found = by_threshold(scene, detect(picture_of(scene), detector, readings))
            total[way] = {least: one + found[least] for least, one in total[way].items()}
    return Peer(detector, {way: best_threshold(scores) for way, scores in total.items()})
