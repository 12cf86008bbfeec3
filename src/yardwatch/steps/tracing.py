"""Scene to traced tracks: read in windows, heat in each, ridge points kept, lines walked over all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely

from yardwatch.cars.tracing.contrast import STEP_M
from yardwatch.cars.tracing.heat import COARSEST_GSD_M, Heat, Tracer, heat
from yardwatch.cars.tracing.leading import leading, vouched
from yardwatch.cars.tracing.lines import lines
from yardwatch.cars.tracing.packed import tracer_of
from yardwatch.cars.tracing.ridges import Ridge, joined, ridges
from yardwatch.errors import InputError
from yardwatch.ground import Frame
from yardwatch.imagery.describe import bare_scene
from yardwatch.imagery.quality import usable
from yardwatch.imagery.raster import Raster, open_raster
from yardwatch.model import Grid, Scene, Track
from yardwatch.progress import Report, silent, tracked
from yardwatch.sites.geojson import Feature, write_features
from yardwatch.steps.weights import load_network

WINDOW_PX = 512
"""Side of a window's own part, 256 m: the process stays near 500 MB however large the scene (768 pixels: 760 MB)."""
MARGIN_PX = 96
"""Read round it: the network looks about 45 m along a track."""
NO_TRACK = (
    "no track was found in this image; that says nothing about cars: none were counted because there was no line to "
    "count along; pass --tracks FILE, drawn in QGIS or taken from OpenStreetMap"
)


@dataclass(frozen=True, kw_only=True)
class Traced:
    """Tracks proposed for one scene."""

    tracks: tuple[Track, ...]
    """Ground lines, named traced-1, … from north to south."""
    confidence: tuple[float, ...]
    vouched: tuple[float, ...] = ()
    """Confidence of the surest line of each one's group."""
    left_out: int = 0
    """Lines that lead nowhere."""
    reason: str | None = None
    """Why there are none; None when there are some."""


def trace(scene: Scene, frame: Frame, tracer: Tracer, report: Report = silent) -> Traced:
    """Propose centre lines in a scene, ground lines of the frame. Deterministic."""
    if scene.gsd_m > COARSEST_GSD_M:
        coarse = f"{scene.gsd_m:.2f} m pixels are too coarse to trace tracks in (up to {COARSEST_GSD_M:.1f} m)"
        return Traced(tracks=(), confidence=(), reason=f"{coarse}; pass --tracks FILE")
    with open_raster(scene.href, crs=scene.crs) as raster:
        points = joined(list(_points(raster, scene, frame, (tracer, report))))
    outline = frame.to_ground(scene.footprint)
    found, nowhere = leading(lines(points, outline), outline)
    named = tuple(Track(id=f"traced-{n}", line=one.line) for n, one in enumerate(found, 1))
    return Traced(
        tracks=named, confidence=tuple(one.confidence for one in found),
        vouched=vouched(found), left_out=len(nowhere),
        reason=None if found else NO_TRACK,
    )  # fmt: skip


def _points(raster: Raster, scene: Scene, frame: Frame, ways: tuple[Tracer, Report]) -> Iterator[Ridge]:
    tracer, report = ways
    footprint = frame.to_ground(scene.footprint)
    for place in tracked(places(Grid.over(frame, footprint, STEP_M)), "looking for tracks", report):
        if place.own.intersects(footprint):
            points = ridges(window_heat(raster, place.grid, tracer)).on_ground(place.grid.west, place.grid.north)
            west, south, east, north = place.own.bounds
            x, y = points.xy.T
            yield points.chosen((x >= west) & (x < east) & (y > south) & (y <= north))


@dataclass(frozen=True, eq=False)
class Place:
    """One window: what is read, and the part of it whose answer is kept."""

    grid: Grid
    own: shapely.Polygon


def places(whole: Grid) -> list[Place]:
    """Windows whose own parts cover a grid of half-metre pixels without overlap."""
    return [
        _place(whole, top, left)
        for top in range(0, whole.height, WINDOW_PX)
        for left in range(0, whole.width, WINDOW_PX)
    ]


def _place(whole: Grid, top: int, left: int) -> Place:
    """The window whose own part begins at a pixel; nothing is read beyond the grid, sides stay even."""
    first = [max(at - MARGIN_PX, 0) for at in (top, left)]
    last = [
        min(at + WINDOW_PX + MARGIN_PX, size + size % 2)
        for at, size in zip((top, left), (whole.height, whole.width), strict=True)
    ]
    west, north = whole.west + left * STEP_M, whole.north - top * STEP_M
    own = shapely.box(west, north - WINDOW_PX * STEP_M, west + WINDOW_PX * STEP_M, north)
    grid = Grid(
        frame=whole.frame, west=whole.west + first[1] * STEP_M, north=whole.north - first[0] * STEP_M, step_m=STEP_M,
        width=last[1] - first[1], height=last[0] - first[0],
    )  # fmt: skip
    return Place(grid, own)


def window_heat(raster: Raster, grid: Grid, tracer: Tracer) -> Heat:
    """Heat of one window of a raster, pixels of half a metre."""
    pixels = raster.read_grid(grid)
    return heat(pixels.data, usable(pixels.data, pixels.visible, STEP_M), tracer)


def trace_file(
    path: Path, out: Path | None = None, crs: str | None = None, weights: Path | None = None, report: Report = silent
) -> dict[str, Any]:
    """Trace one bare image; write the lines for a person to check; the answer as `tracks trace --json` gives it."""
    scene = bare_scene(path, crs=crs)
    if out is not None and out.resolve() == path.resolve():
        raise InputError(f"{out}: is the image itself, and --out would overwrite it; name another file")
    network = load_network(weights)
    frame = Frame.around(scene.footprint)
    found = trace(scene, frame, tracer_of(network), report)
    if out is not None:
        write_traced(out, found, scene, frame)
    return {
        "scene": {"sha256": scene.sha256, "gsd_m": round(scene.gsd_m, 4)},
        "weights": {"sha256": network.sha256, "trained_on": list(network.trained_on)},
        "tracks": traced_json(found),
        "left_out": found.left_out,
        **({"reason": found.reason} if found.reason else {}),
    }


def traced_json(found: Traced) -> list[dict[str, Any]]:
    """Each proposed track's id, length, confidence, and that of the surest line of its group (`cars.doubt`)."""
    return [
        {
            "id": track.id,
            "length_m": round(track.line.length, 1),
            "confidence": round(sure, 3),
            "vouched": round(by, 3),
        }
        for track, sure, by in zip(found.tracks, found.confidence, found.vouched, strict=True)
    ]


def write_traced(path: Path, found: Traced, scene: Scene, frame: Frame) -> None:
    """The lines as GeoJSON that `--tracks` and QGIS read; written also when empty."""
    write_features(
        path,
        [
            Feature(
                geometry=frame.to_lonlat(track.line),
                properties={
                    "track": track.id, "traced": True, "confidence": round(sure, 3), "vouched": round(by, 3),
                    "checked": False, "scene_sha256": scene.sha256,
                },
            )
            for track, sure, by in zip(found.tracks, found.confidence, found.vouched, strict=True)
        ],
    )  # fmt: skip
