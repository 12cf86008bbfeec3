"""Scene to strips: read along the tracks, and know each track when it is empty."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from yardwatch.cars.strips import StripPlan, cut, plan
from yardwatch.ground import Frame
from yardwatch.imagery.quality import usable
from yardwatch.imagery.raster import PIECE_M, Raster, open_raster
from yardwatch.model import Scene, Strip, Track

EMPTY_LOOKS_MIN = 5
"""Fewer dates cannot outvote a train that stands on the track in two of them."""
EMPTY_LOOKS_MAX = 15
"""More dates change the median little, and later scenes then leave earlier counts as they were."""

LEAST_SPREAD = 0.01
"""Of a strip's values, 0..1: a flat strip is not blown up to match the others."""

STRETCH_M = 100.0
"""Ground beside the tracks that goes into the stretch of a 16-bit image: rails and cars alone have no white roof."""

Shift = tuple[float, float]


def ground_tracks(tracks: Sequence[Track], frame: Frame) -> tuple[Track, ...]:
    """Tracks with their lines in ground metres."""
    return tuple(Track(id=t.id, line=frame.to_ground(t.line), gauge_mm=t.gauge_mm, service=t.service) for t in tracks)


def cut_strips(
    scene: Scene,
    tracks: Sequence[Track],
    frame: Frame,
    shift_m: Shift = (0.0, 0.0),
    plan_gsd_m: float | None = None,
) -> tuple[Strip, ...]:
    """One strip a track (ground lines), in the order given; what lies outside the image or under cloud is not visible.

    `plan_gsd_m` fixes the strips' step, so that scenes of several GSDs give strips that fit each other.
    """
    ground = shapely.buffer(shapely.union_all([track.line for track in tracks]), STRETCH_M)
    with open_raster(scene.href, crs=scene.crs, over=frame.to_lonlat(ground)) as raster:
        strips = []
        for track in tracks:
            planned = plan(track, plan_gsd_m or scene.gsd_m)
            data, visible = _read(raster, planned, frame, shift_m)
            strips.append(cut(planned, data, usable(data, visible, planned.step_m), scene.gsd_m))
        return tuple(strips)


def _read(
    raster: Raster, planned: StripPlan, frame: Frame, shift_m: Shift
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Data (band, t, s) and visibility (t, s), piece by piece along the track, so that little but they are held."""
    data = np.zeros((raster.reader.bands, *planned.shape), np.float32)
    visible = np.zeros(planned.shape, bool)
    piece = max(1, round(PIECE_M / planned.step_m))
    for start in range(0, planned.shape[1], piece):
        along = slice(start, start + piece)
        data[..., along], visible[:, along] = raster.read_points(planned.part(along), frame, planned.step_m, shift_m)
    return data, visible


def empty_looks(dates: Sequence[Sequence[Strip]]) -> tuple[Strip | None, ...]:
    """Per track, the median over dates of strips with one step and band count; None with too few such dates.

    `dates[d][k]` is track k on date d. Trains stand on a given metre of track on fewer than half of the dates,
    so the median shows the track itself.
    """
    if len(dates) < EMPTY_LOOKS_MIN:
        return tuple(None for _ in (dates[0] if dates else ()))
    return tuple(_median([date[k] for date in dates]) for k in range(len(dates[0])))


def _median(strips: Sequence[Strip]) -> Strip | None:
    alike = [s for s in strips if s.data.shape == strips[0].data.shape and s.step_m == strips[0].step_m]
    if len(alike) < EMPTY_LOOKS_MIN:
        return None
    first = alike[0]
    visible = np.stack([s.visible for s in alike])
    data = np.where(visible[:, None], _one_light(alike), np.nan)
    median = np.nan_to_num(_nanmedian(data)).astype(np.float32)
    enough = visible.sum(axis=0) >= EMPTY_LOOKS_MIN
    return Strip(track=first.track, step_m=first.step_m, data=median, visible=enough, gsd_m=first.gsd_m)


def _one_light(strips: Sequence[Strip]) -> NDArray[np.float32]:
    """(date, band, t, s): each strip's bands carried to the dates' common median and spread.

    Sun, haze and stretch differ from date to date; without this the median would be that of the light.
    """
    levels = np.array([[_level(band[s.visible]) for band in s.data] for s in strips])
    common = np.median(levels, axis=0)
    data = [
        (s.data - at[:, 0, None, None]) * (common[:, 1] / at[:, 1])[:, None, None] + common[:, 0, None, None]
        for s, at in zip(strips, levels, strict=True)
    ]
    return np.stack(data).astype(np.float32)


def _level(values: NDArray[np.float32]) -> tuple[float, float]:
    """Median and half the range from the tenth to the ninetieth percentile; never without a spread."""
    if not values.size:
        return 0.0, 1.0
    low, middle, high = np.percentile(values, (10, 50, 90))
    return float(middle), max(float(high - low) / 2, LEAST_SPREAD)


def _nanmedian(data: NDArray[np.float32]) -> NDArray[np.float32]:
    """Median over the first axis without NaN; np.nanmedian is 20 times slower on such shapes."""
    ordered = np.sort(data, axis=0)
    n = np.isfinite(data).sum(axis=0)
    low = np.take_along_axis(ordered, np.maximum((n - 1) // 2, 0)[None], axis=0)[0]
    high = np.take_along_axis(ordered, np.maximum(n // 2, 0)[None].clip(max=len(data) - 1), axis=0)[0]
    return np.asarray((low + high) / 2, np.float32)
