"""Tracing: counts without given tracks on the labelled yard, what is invented where no track is, simulated recall.

*Labelled yard, across blocks.* Lines are traced and cars counted along them. A car whose middle lies within
`CARRIED_M` of a given track is carried over to the nearest one and matched there as `scoring` does; a vehicle no line
leads to is missed. A car farther from every given track is false, unless half of it lies on a labelled vehicle that
has no track (two of `west`) or is less than half seen: every vehicle of a block is labelled, so the ground where no
track was given (switches, empty tracks of `west`) holds none. A line on an empty track costs nothing by itself.

*Look-alikes.* Chips held back from training (`training.confusers`): tracing invents something where a line carries
a car. *Negatives.* Freight cars along the lines traced in a scene, and along 20 seeded lines of 300 m; the right part
of each scene was not trained on. *Simulated yards* of unseen seeds: never in one column with the real ones.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
import shapely
from affine import Affine
from numpy.typing import NDArray
from PIL import Image
from shapely.geometry import shape
from training.confusers import GSD_M as CHIP_M
from training.confusers import chips

from benchmarks.labelled import Block, coarsened, read_block
from benchmarks.scoring import Score, score
from yardwatch.cars.network import Network
from yardwatch.cars.strips import cut, plan
from yardwatch.cars.tracing.company import TracedLine
from yardwatch.cars.tracing.contrast import STEP_M
from yardwatch.cars.tracing.heat import Tracer, heat
from yardwatch.cars.tracing.leading import leading, vouched
from yardwatch.cars.tracing.lines import lines
from yardwatch.cars.tracing.ridges import ridges
from yardwatch.errors import InputError
from yardwatch.imagery.sampling import bilinear
from yardwatch.model import Car, Scene, Track
from yardwatch.simulate.anywhere import AnyScene, any_scene
from yardwatch.steps.reading import Tracked, read, vehicles
from yardwatch.steps.stretches import stretches

Floats = NDArray[np.float32]

CARRIED_M = 1.6
SEED = 20240617
SIMULATED_GSDS_M = (0.3, 0.5, 0.7, 1.0)
NEAR_M = 1.3
"""Beside a track the strip counter still reads it; nearer than this a traced metre is right."""
RANDOM_LINES, RANDOM_M = 20, 300.0
NOWHERE = shapely.box(-123.41, -48.91, -123.39, -48.89)


@dataclass(frozen=True, eq=False)
class Picture:
    """An image in memory."""

    data: Floats
    """(band, y, x) 0..1."""
    to_pixel: Affine
    """Ground metres (x east, y north) to pixel corners."""
    gsd_m: float

    @property
    def outline(self) -> shapely.Polygon:
        """On the ground."""
        height, width = self.data.shape[1:]
        return shapely.Polygon([~self.to_pixel * xy for xy in ((0, 0), (width, 0), (width, height), (0, height))])

    def at(self, points: NDArray[np.float64]) -> tuple[Floats, NDArray[np.bool_]]:
        """Values and visibility at ground points (…, 2); black is nodata."""
        column, row = self.to_pixel * (points[..., 0], points[..., 1])
        return bilinear(self.data, self.data.sum(axis=0) > 0, column - 0.5, row - 0.5)


def trace_picture(picture: Picture, tracer: Tracer) -> list[TracedLine]:
    """Lines of a whole picture in one window, ground metres."""
    west, south, east, north = picture.outline.bounds
    x = west + (np.arange(2 * int((east - west) / STEP_M / 2 + 1)) + 0.5) * STEP_M
    y = north - (np.arange(2 * int((north - south) / STEP_M / 2 + 1)) + 0.5) * STEP_M
    data, visible = picture.at(np.stack(np.meshgrid(x, y), axis=-1))
    points = ridges(heat(data, visible, tracer)).on_ground(west, north)
    return leading(lines(points, picture.outline), picture.outline)[0]


def cars_along(
    picture: Picture, tracks: tuple[Track, ...], network: Network, sure: tuple[float, ...] | None = None
) -> list[Car]:
    """Every rail vehicle found along some lines, as the product reads them; `sure` of traced ones (`cars.doubt`)."""
    strips = []
    for track in tracks:
        planned = plan(track, picture.gsd_m)
        strips.append(cut(planned, *picture.at(planned.points), picture.gsd_m))
    scene = Scene(
        id="picture", href="", sha256=f"{SEED:064x}", acquired=None, gsd_m=picture.gsd_m, crs="", footprint=NOWHERE
    )
    tracked = Tracked(
        scene=scene, tracks=tracks, strips=tuple(strips), empties=(None,) * len(strips), network=network, vouched=sure
    )  # fmt: skip
    reads = read(tracked, set(stretches(tracks, None)))
    return [one.car for one in vehicles(list(reads.values()), {track.id: track.line for track in tracks})]


def cars_traced(picture: Picture, found: list[TracedLine], network: Network) -> list[Car]:
    """The same along traced lines, with what vouches for each."""
    return cars_along(picture, as_tracks(found), network, vouched(found)) if found else []


def as_tracks(found: list[TracedLine]) -> tuple[Track, ...]:
    """Traced lines as tracks."""
    return tuple(Track(id=f"traced-{n}", line=one.line) for n, one in enumerate(found, 1))


@dataclass(frozen=True, eq=False)
class BlockRun:
    """One block counted without given tracks."""

    parts: list[Score]
    """By given track, and last what lies on none."""
    lines: int
    words: dict[str, list[str]]

    @property
    def total(self) -> Score:
        """All of it."""
        return sum(self.parts, Score())


def count_untracked(muttenz: Path, name: str, ways: tuple[Network, Tracer], gsd_m: float = 0.5) -> BlockRun:
    """Trace, count and score a block. Raises InputError where the weights saw it."""
    network, tracer = ways
    if name in network.trained_on:
        raise InputError(f"weights {network.sha256[:12]}… saw the block {name}: no score on it means anything")
    block = read_block(muttenz, name)
    picture = Picture(*coarsened(block, gsd_m), gsd_m)
    found = trace_picture(picture, tracer)
    lines_ = {track.id: track.line for track in as_tracks(found)}
    carried: dict[str, list[Car]] = {track.id: [] for track in block.tracks}
    stray = []
    for car in cars_traced(picture, found, network):
        home = _carried(car, lines_[car.track], block)
        carried[home.track].append(home) if home else stray.append((car, lines_[car.track]))
    scored = {name: score(tuple(cars), block.vehicles[name]) for name, cars in carried.items()}
    false = [_words(car, line) for car, line in stray if not _on_vehicle(car, line, _unscored(muttenz, name, block))]
    words = {track: said for track, (_, said) in scored.items() if said} | ({"no track": false} if false else {})
    return BlockRun([part for part, _ in scored.values()] + [Score(false=len(false))], len(found), words)


def _carried(car: Car, line: shapely.LineString, block: Block) -> Car | None:
    middle = line.interpolate((car.start_m + car.end_m) / 2)
    track = min(block.tracks, key=lambda one: one.line.distance(middle))
    if track.line.distance(middle) > CARRIED_M:
        return None
    start, end = sorted(track.line.project(line.interpolate(at)) for at in (car.start_m, car.end_m))
    if end - start < 0.5 * car.length_m:  # beyond the given track's end, where all points project to one
        return None
    return Car(id=car.id, track=track.id, start_m=start, end_m=end, probability=car.probability, kind=car.kind)


def _unscored(muttenz: Path, name: str, block: Block) -> shapely.Geometry:
    """Labelled vehicles that have no track or are less than half seen."""
    scored = {v.id for cars in block.vehicles.values() for v in cars if v.visible >= 0.5}
    features = json.loads((muttenz / f"{name}_railcars.geojson").read_text())["features"]
    return shapely.union_all([shape(f["geometry"]) for f in features if str(f["properties"]["id"]) not in scored])


def _on_vehicle(car: Car, line: shapely.LineString, unscored: shapely.Geometry) -> bool:
    ends = [line.interpolate(at) for at in np.linspace(car.start_m, car.end_m, 9)]
    return sum(unscored.distance(point) < 1.0 for point in ends) >= 5


def _words(car: Car, line: shapely.LineString) -> str:
    middle = line.interpolate((car.start_m + car.end_m) / 2)
    return f"false {car.length_m:.1f} m at {middle.x:.0f} {middle.y:.0f}"


def look_alikes(data: Path, ways: tuple[Network, Tracer]) -> dict[str, object]:
    """Held-back chips in which tracing invents a track, and a track with a car on it."""
    network, tracer = ways
    paths, with_line, with_car = chips(data, held_back=True), [], []
    for path in paths:
        pixels = np.asarray(Image.open(path).convert("RGB"), np.float32).transpose(2, 0, 1) / 255
        picture = Picture(pixels, ~Affine(CHIP_M, 0, 0, 0, -CHIP_M, 0), CHIP_M)
        found = trace_picture(picture, tracer)
        if found:
            with_line.append(path.stem)
            if cars_traced(picture, found, network):
                with_car.append(path.stem)
    return {"chips": len(paths), "with_a_line": with_line, "with_a_car": with_car,
            "share": round(len(with_car) / len(paths), 4)}  # fmt: skip


def negatives(data: Path, ways: tuple[Network, Tracer]) -> dict[str, dict[str, float]]:
    """Freight cars found in scenes that hold none: along traced lines, and along seeded ones (mean a line)."""
    network, tracer = ways
    table = {}
    for name, metres in (("town_no_track", 1.0), ("railway_no_wagons", 0.41 / 0.597164)):
        picture = _negative(data / "negatives" / f"{name}.tif", metres)
        found = trace_picture(picture, tracer)
        seeded = _seeded(picture)
        table[name] = {
            "lines": len(found), "line_m": round(sum(one.line.length for one in found)),
            "freight_along_traced": sum(car.freight for car in cars_traced(picture, found, network)),
            "freight_along_20_seeded": sum(car.freight for car in cars_along(picture, seeded, network)),
        }  # fmt: skip
    return table


def _negative(path: Path, metres: float) -> Picture:
    """Ground metres from the upper left corner; Mercator's stretch undone."""
    with rasterio.open(path) as source:
        pixel = source.transform.a * metres
        return Picture(source.read((1, 2, 3)).astype(np.float32) / 255, ~Affine(pixel, 0, 0, 0, -pixel, 0), pixel)


def _seeded(picture: Picture) -> tuple[Track, ...]:
    rng, found = np.random.default_rng(SEED), []
    west, south, east, north = picture.outline.bounds
    while len(found) < RANDOM_LINES:
        start, angle = np.array([rng.uniform(west, east), rng.uniform(south, north)]), rng.uniform(0, 2 * np.pi)
        line = shapely.LineString([start, start + RANDOM_M * np.array([np.cos(angle), np.sin(angle)])])
        if picture.outline.contains(line):
            found.append(Track(id=f"seeded-{len(found) + 1}", line=line))
    return tuple(found)


def simulated(tracer: Tracer, yards: int = 24) -> dict[str, dict[str, float]]:
    """Unseen yards: share of true track found, share of what was traced that is track, error of the centre."""
    return {f"{gsd:.1f} m": _measured(tracer, gsd, yards) for gsd in SIMULATED_GSDS_M}


def _measured(tracer: Tracer, gsd_m: float, yards: int) -> dict[str, float]:
    sums, errors = np.zeros(4), []
    for seed in range(yards):
        scene = any_scene(np.random.default_rng([seed, SEED]), gsd_m=gsd_m)
        found = trace_picture(picture_of(scene), tracer)
        part, off = held_against(found, scene)
        sums += part
        errors.append(off)
    off = np.concatenate(errors)
    return {
        "yards": yards, "true_m": round(sums[1]), "recall": round(sums[0] / sums[1], 3),
        "traced_m": round(sums[3]), "precision": round(sums[2] / max(sums[3], 1), 3),
        "centre_error_median_m": round(float(np.median(off)), 2),
        "centre_error_90_m": round(float(np.quantile(off, 0.9)), 2),
    }  # fmt: skip


def picture_of(scene: AnyScene) -> Picture:
    """A simulated scene as a picture."""
    data = scene.data.astype(np.float32) / np.iinfo(scene.data.dtype).max
    return Picture(data, ~scene.transform, scene.gsd_m)


def held_against(found: list[TracedLine], scene: AnyScene) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Metres (true found, true, traced right, traced), and how far traced metres within 2 m lie beside a track."""
    outline = picture_of(scene).outline.buffer(-2)
    true = _metres([track.line for track in scene.tracks], outline)
    traced = _metres([one.line for one in found], outline)
    near_true = shapely.union_all([one.line for one in found]) if found else shapely.Point()
    far = shapely.distance(true, near_true) if found else np.full(len(true), 99.0)
    truth = shapely.union_all([track.line for track in scene.tracks])
    off = shapely.distance(traced, truth) if len(traced) else np.zeros(0)
    counts = np.array([(far < NEAR_M).sum(), len(true), (off < NEAR_M).sum(), len(traced)], float)
    return counts, off[off < 2.0]


def _metres(some: list[shapely.LineString], outline: shapely.Polygon) -> NDArray[np.object_]:
    """A point each metre of some lines inside the picture."""
    points = [line.interpolate(at) for line in some for at in np.arange(0.5, line.length, 1.0)]
    return np.array([point for point in points if outline.contains(point)], object)
