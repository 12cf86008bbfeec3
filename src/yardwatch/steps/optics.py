"""What a scene says of its own sharpness and hour, beside what its metadata say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import shapely

from yardwatch.cars.shadow_side import shadow_side
from yardwatch.ground import Frame
from yardwatch.imagery.blur import Blur, measure_blur
from yardwatch.imagery.raster import open_raster
from yardwatch.model import Car, Grid, Scene, Strip, Track
from yardwatch.simulate.sun import sun_angles

MOST_PX = 1000
"""Side of the window in which blur is measured: edges enough, and little to read."""
AZIMUTH_DEG, ELEVATION_DEG = 5.0, 3.0
"""Metadata's sun farther from the computed one than this is told: a scene's own spread is below a degree."""


def blur_of(scene: Scene, frame: Frame, near: shapely.Geometry | None = None) -> Blur | None:
    """Blur at the scene's own GSD, around the middle of `near` (ground) or of its footprint; None where not known."""
    whole = frame.to_ground(scene.footprint)
    wanted = whole if near is None or near.is_empty else near.intersection(whole)
    middle = (whole if wanted.is_empty else wanted).centroid
    half = MOST_PX * scene.gsd_m / 2
    area = shapely.box(middle.x - half, middle.y - half, middle.x + half, middle.y + half).intersection(
        shapely.box(*whole.bounds)
    )
    with open_raster(scene.href, crs=scene.crs) as raster:
        return measure_blur(raster.read_grid(Grid.over(frame, area, scene.gsd_m)))


def sun_check(scene: Scene, cars: Sequence[Car], strips: Sequence[Strip], tracks: Sequence[Track]) -> dict[str, Any]:
    """The sun computed for the stated time and place, against the metadata's and against the cars' shadows."""
    if scene.acquired is None or scene.date_precision != "instant":
        return {"verdict": "not checked", "reason": "the hour of the image is not known"}
    middle = scene.footprint.centroid
    azimuth, elevation = sun_angles(scene.acquired, middle.x, middle.y)
    said = shadow_side(cars, strips, tracks, azimuth)
    doubts = _doubts(scene, azimuth, elevation)
    if said.agrees is False:
        doubts.append(f"the shadows of {said.cars} cars fall on the other side of their tracks than at that hour")
    verdict = "mismatch" if doubts else "agrees" if said.agrees else "not told"
    return {
        "verdict": verdict,
        "sun_azimuth_deg": round(azimuth, 1),
        "sun_elevation_deg": round(elevation, 1),
        "shadow_score": round(said.score, 1),
        "cars": said.cars,
        "reason": "; ".join(doubts) or None,
    }


def _doubts(scene: Scene, azimuth: float, elevation: float) -> list[str]:
    doubts = []
    if elevation < 0:
        doubts.append(f"at the stated time the sun is {-elevation:.0f}° below the horizon")
    if scene.sun_azimuth_deg is not None and abs((scene.sun_azimuth_deg - azimuth + 180) % 360 - 180) > AZIMUTH_DEG:
        doubts.append(f"its metadata put the sun at {scene.sun_azimuth_deg:.0f}°, time and place at {azimuth:.0f}°")
    if scene.sun_elevation_deg is not None and abs(scene.sun_elevation_deg - elevation) > ELEVATION_DEG:
        doubts.append(f"its metadata put the sun {scene.sun_elevation_deg:.0f}° up, time and place {elevation:.0f}°")
    return doubts


def blur_json(blur: Blur | None, gsd_m: float) -> dict[str, Any]:
    """What is told of sharpness."""
    if blur is None:
        return {"fwhm_m": None, "effective_gsd_m": None, "edges": 0, "warning": None}
    return {
        "fwhm_m": round(blur.fwhm_m, 3),
        "effective_gsd_m": round(blur.effective_gsd_m, 3),
        "edges": blur.edges,
        "warning": blur.warning(gsd_m),
    }
