"""The labelled yard across its blocks by both counters: each block by weights that saw only the other one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.across import Run, compare, count_block
from benchmarks.labelled import Block, coarsened, read_block
from benchmarks.peer.boxes import Box
from benchmarks.peer.carrying import carried
from benchmarks.peer.counters import (
    ONE_WAY,
    STRIP,
    THRESHOLDS,
    WAYS,
    Peer,
    Spent,
    at_least,
    difference,
    hindsight,
    timed,
)  # fmt: skip
from benchmarks.peer.detect import write_boxes
from benchmarks.scoring import Score, score
from benchmarks.tracing import Picture, cars_along
from yardwatch.cars.network import Network
from yardwatch.errors import InputError

GSDS_M = (0.4, 0.5, 0.8)
REPEATS = 3
Row = dict[str, object]


@dataclass(frozen=True, eq=False)
class Shot:
    """A block as a sensor of some GSD sees it, and weights of both counters that never saw it."""

    block: Block
    picture: Picture
    network: Network
    peer: Peer

    def __post_init__(self) -> None:
        if self.block.name in self.peer.detector.trained_on + self.network.trained_on:
            raise InputError(f"weights saw the block {self.block.name}: no score on it means anything")


def shots(muttenz: Path, weights: dict[str, tuple[Network, Peer]], gsd_m: float) -> list[Shot]:
    """Of the blocks by which the weights are named."""
    blocks = [read_block(muttenz, name) for name in weights]
    return [Shot(one, Picture(*coarsened(one, gsd_m), gsd_m), *weights[one.name]) for one in blocks]


def real_table(muttenz: Path, weights: dict[str, tuple[Network, Peer]]) -> dict[str, Row]:
    """Every counter at every GSD."""
    table: dict[str, Row] = {}
    for gsd in GSDS_M:
        taken = shots(muttenz, weights, gsd)
        table |= {f"{gsd:.2f} m, {counter}": row for counter, row in _rows(taken).items()}
    return table


def _rows(taken: Sequence[Shot]) -> dict[str, Row]:
    """Strip counter first, then every way of reading the peer."""
    true = sum(v.visible >= 0.5 for one in taken for cars in one.block.vehicles.values() for v in cars)
    runs = {one.block.name: count_block(one.block, one.picture.gsd_m, one.network) for one in taken}
    ours, found = _parts(runs), {STRIP: compare(runs, true) | _spent(taken, _along).as_row()}
    for way in WAYS:
        boxes = [one.peer.boxes(one.picture, way) for one in taken]
        runs = scored(taken, [one.peer.sure(some, way) for one, some in zip(taken, boxes, strict=True)])
        found[way] = compare(runs, true) | _spent(taken, partial(_detected, way=way)).as_row() | {
            "thresholds": {one.block.name: one.peer.thresholds[way] for one in taken},
            "in_hindsight": hindsight([_tried(one, some) for one, some in zip(taken, boxes, strict=True)]),
            "strip_counter_better_by": difference(ours, _parts(runs)),
        }  # fmt: skip
    return found


def scored(taken: Sequence[Shot], boxes: Sequence[list[Box]]) -> dict[str, Run]:
    """Boxes of each block, scored along its given tracks; those on none count neither way."""
    return {one.block.name: _run(one, some) for one, some in zip(taken, boxes, strict=True)}


def _run(one: Shot, boxes: list[Box]) -> Run:
    found = carried(boxes, one.picture.to_pixel, one.block.tracks)
    by_track = {track: score(cars, one.block.vehicles[track]) for track, cars in found.items()}
    total = sum((part for part, _ in by_track.values()), Score())
    return Run(
        parts=[part for part, _ in by_track.values()], mean=float(total.hit + total.false),
        words={track: words for track, (_, words) in by_track.items() if words},
    )  # fmt: skip


def _parts(runs: dict[str, Run]) -> list[Score]:
    return [part for run in runs.values() for part in run.parts]


def _tried(one: Shot, boxes: list[Box]) -> dict[float, Score]:
    return {least: _run(one, at_least(boxes, least)).total for least in THRESHOLDS}


def _along(one: Shot) -> object:
    """The strip counter's way from pixels to cars and their distribution."""
    return cars_along(one.picture, one.block.tracks, one.network)


def _detected(one: Shot, way: str) -> object:
    return one.peer.boxes(one.picture, way)


def _spent(taken: Sequence[Shot], task: Callable[[Shot], object]) -> Spent:
    return sum((_once(one, task) for one in taken), Spent())


def _once(one: Shot, task: Callable[[Shot], object]) -> Spent:
    _, seconds = timed(lambda: task(one), REPEATS)
    km = sum(track.line.length for track in one.block.tracks) / 1000
    return Spent(seconds, km, one.picture.data[0].size / 1e6)


def export(taken: Sequence[Shot], folder: Path) -> None:
    """The boxes of every block as GeoJSON, to be looked at over its picture."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in taken:
        boxes = one.peer.sure(one.peer.boxes(one.picture, ONE_WAY), ONE_WAY)
        write_boxes(folder / f"{one.block.name}.geojson", boxes, one.picture.to_pixel)
