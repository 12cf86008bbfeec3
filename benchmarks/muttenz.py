"""Counting on real pixels by hand-set contrasts: two blocks of the Basel-Muttenz yard, hand-fitted tracks given."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import shapely

from benchmarks.hand_set.counting import counted
from benchmarks.matching import Interval, score
from benchmarks.results import Cell, Table
from yardwatch.ground import Frame
from yardwatch.imagery.describe import bare_scene
from yardwatch.model import Track
from yardwatch.sites.geojson import read_features
from yardwatch.sites.tracks import read_tracks
from yardwatch.steps.strips import cut_strips, ground_tracks

BLOCKS = ("west", "northeast")
HALF = 0.5
"""Share of a vehicle inside the image from which it is asked for; the rest counts neither way."""
SEED = 905
ON_TRACK_M = 2.5
"""From a label's middle to the track it stands on; half the distance of neighbouring tracks."""


def measure() -> Table | str:
    """Score both blocks, or say why not."""
    default = Path(__file__).parents[2] / "shared" / "data"
    folder = Path(os.environ.get("YARDWATCH_DATA", default)) / "muttenz"
    if not folder.is_dir():
        return "counting on real pixels needs the Muttenz blocks; set YARDWATCH_DATA to the folder that holds them"
    return Table(
        name="counting-muttenz",
        title="Counting in the Muttenz yard by hand-set contrasts, 0.25 m, one image alone",
        data="real",
        rows=tuple(_block(folder, name) for name in BLOCKS),
        notes=(
            "UPPER BOUNDS: the published outlines were painted out, and the rings leak the labels at every scale",
            "true: labelled vehicles at least half inside, any kind; others count neither way; IoU ≥ 0.5 one to one",
            "no track: of these, labels on no given track, counted as missed",
            "the detector's constants were set on `west`: that row says nothing; one yard, one summer day of 2018",
            "pixels: Federal Office of Topography swisstopo; labels: hurielreichel/train-detection (MIT)",
        ),
    )


def _block(folder: Path, name: str) -> dict[str, Cell]:
    scene = bare_scene(folder / f"{name}.tif")
    frame = Frame.around(scene.footprint)
    tracks = ground_tracks(read_tracks(folder / f"{name}_tracks.geojson"), frame)
    strips = cut_strips(scene, tracks, frame)
    found = counted(tracks, strips, (None,) * len(tracks), None, np.random.default_rng(SEED))
    labels = read_features(folder / f"{name}_railcars.geojson")
    asked: list[shapely.Polygon] = []
    rest: list[shapely.Polygon] = []
    for label in labels:
        (asked if label.properties["visible"] >= HALF else rest).append(frame.to_ground(label.geometry))
    true = [_along(polygon, tracks) for polygon in asked]
    ignored = [one for polygon in rest if (one := _along(polygon, tracks)) is not None]
    on_tracks = [one for one in true if one is not None]
    scored = score(found.cars, on_tracks, ignored)
    astray = len(true) - len(on_tracks)
    count = found.count
    recall = scored.found / len(true)
    return {
        "block": name,
        "true": len(true),
        "no track": astray,
        "counted": round(count.mean, 1),
        "lower": count.interval[0],
        "upper": count.interval[1],
        "found": scored.found,
        "missed": scored.missed + astray,
        "false": scored.false,
        "precision": scored.precision,
        "recall": recall,
        "F1": 2 * scored.found / (2 * scored.found + scored.missed + astray + scored.false),
    }


def _along(polygon: shapely.Polygon, tracks: Sequence[Track]) -> Interval | None:
    """The stretch of the nearest track that a footprint (ground) covers, or None when none runs under it."""
    nearest = min(tracks, key=lambda track: track.line.distance(polygon.centroid))
    if nearest.line.distance(polygon.centroid) > ON_TRACK_M:
        return None
    at = [nearest.line.project(shapely.Point(xy)) for xy in polygon.exterior.coords]
    return Interval(nearest.id, min(at), max(at))
