"""Which looks show a change before, during and after, read onto one grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import shapely

from yardwatch.ground import Frame
from yardwatch.model import Change, Grid, Pixels, Scene, Verdict
from yardwatch.report.evidence import Evidence, Side
from yardwatch.report.forms import Edition
from yardwatch.steps.aligning import read_window

MARGIN_M = (25.0, 40.0)
"""Ground shown round a change, least and most, so that a reader finds it again."""
MARGIN_SHARE = 0.5
"""Between the two, this share of its longer side."""
LEAST_M = 90.0
"""Ground shown across at least: six wagons give a sense of size."""
NARROWEST = 3.0
"""Most times longer than wide: a wall of 300 m is shown with 100 m of ground across it."""
PIXELS_MAX = 1_000_000
"""Of one chip; larger ground is read more coarsely."""
CLEAR = 0.9
"""Share of the object that must be seen for a look to show it."""
NEWEST = 3
"""Of so many newest looks the one nearest in season to the first is shown, so that snow is not held against grass."""
TRIES = 4
"""Looks read before the clearest of them is taken."""
YEAR = 365.25


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One look that may be shown."""

    scene: Scene
    shift_m: tuple[float, float] = (0.0, 0.0)
    """Content of ground point p lies in the scene at p + shift."""

    @property
    def day(self) -> date:
        """Of the scene, UTC; the first of all days where it is not known."""
        return self.scene.acquired.date() if self.scene.acquired else date.min


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A change (lon/lat), what was said of it, and for whom it is drawn."""

    change: Change
    verdict: Verdict | None = None
    edition: Edition = "public"


def gather(shown: Shown, shots: Sequence[Shot], frame: Frame) -> Evidence | None:
    """The evidence of one change from the usable looks of a site; None when no look shows its ground."""
    change = replace(shown.change, polygon=frame.to_ground(shown.change.polygon))
    ordered = sorted(shots, key=lambda shot: shot.day)
    grid = chip_grid(frame, change.polygon, [shot.scene for shot in shots])
    before = _clearest(_before(change, ordered), change, grid)
    after = _clearest(_after(change, ordered, before), change, grid)
    used = {side[0].scene.id for side in (before, after) if side}
    during = _clearest([shot for shot in _during(change, ordered) if shot.scene.id not in used], change, grid)
    roles = {"before": before, "during": during, "after": after}
    sides = [Side(role=role, scene=side[0].scene, pixels=side[1]) for role, side in roles.items() if side]
    if not sides:
        return None
    return Evidence(change=change, sides=tuple(sides), verdict=shown.verdict, edition=shown.edition)


def gather_pair(shown: Shown, before: Shot, after: Shot, frame: Frame) -> Evidence:
    """The evidence of one change between two bare rasters."""
    change = replace(shown.change, polygon=frame.to_ground(shown.change.polygon))
    grid = chip_grid(frame, change.polygon, [before.scene, after.scene])
    sides = [
        Side(role=role, scene=shot.scene, pixels=read_window(shot.scene, grid, shot.shift_m))
        for role, shot in (("before", before), ("after", after))
    ]
    return Evidence(change=change, sides=tuple(sides), verdict=shown.verdict, edition=shown.edition)


def chip_grid(frame: Frame, polygon: shapely.Polygon, scenes: Sequence[Scene]) -> Grid:
    """The stretch of ground all sides are read on, as fine as the finest scene."""
    west, south, east, north = polygon.bounds
    margin = min(max(MARGIN_M[0], MARGIN_SHARE * max(east - west, north - south)), MARGIN_M[1])
    width, height = max(east - west + 2 * margin, LEAST_M), max(north - south + 2 * margin, LEAST_M)
    width, height = max(width, height / NARROWEST), max(height, width / NARROWEST)
    x, y = (west + east) / 2, (south + north) / 2
    ground = shapely.box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    finest = min(scene.gsd_m for scene in scenes)
    return Grid.over(frame, ground, max(finest, (width * height / PIXELS_MAX) ** 0.5))


def _before(change: Change, ordered: Sequence[Shot]) -> list[Shot]:
    """Looks that show the old ground, the last first."""
    return [shot for shot in reversed(ordered) if change.after is not None and shot.day <= change.after]


def _after(change: Change, ordered: Sequence[Shot], before: tuple[Shot, Pixels] | None) -> list[Shot]:
    """Looks that show the new ground: the newest few by season, then the rest, newest first."""
    later = [shot for shot in reversed(ordered) if change.before is not None and shot.day >= change.before]
    newest, rest = later[:NEWEST], later[NEWEST:]
    if before is not None:
        newest.sort(key=lambda shot: _seasons_apart(shot.day, before[0].day))
    return newest + rest


def _during(change: Change, ordered: Sequence[Shot]) -> list[Shot]:
    """Looks between the last old and the first new ground, from the middle; then the first new one."""
    between = [shot for shot in ordered if change.before is not None and (change.after or date.min) < shot.day]
    between = [shot for shot in between if change.after is not None and shot.day < change.before]  # type: ignore[operator]
    middle = (len(between) - 1) / 2
    first = [shot for shot in ordered if change.before is not None and shot.day >= change.before]
    return sorted(between, key=lambda shot: abs(between.index(shot) - middle)) + first


def _seasons_apart(one: date, other: date) -> float:
    """Days between two days of the year."""
    days = abs((one - other).days) % YEAR
    return min(days, YEAR - days)


def _clearest(shots: Sequence[Shot], change: Change, grid: Grid) -> tuple[Shot, Pixels] | None:
    """The first look that shows the object clear, else the clearest of the first few; None where none shows any."""
    best: tuple[float, Shot, Pixels] | None = None
    for shot in shots[:TRIES]:
        pixels = read_window(shot.scene, grid, shot.shift_m)
        seen = _seen(pixels, change.polygon)
        if seen >= CLEAR:
            return shot, pixels
        if seen > 0 and (best is None or seen > best[0]):
            best = (seen, shot, pixels)
    return (best[1], best[2]) if best else None


def _seen(pixels: Pixels, polygon: shapely.Polygon) -> float:
    """Share of the polygon (widened by a pixel, so that a thin one has any) that is visible."""
    centres = pixels.grid.centres()
    inside = shapely.contains_xy(polygon.buffer(pixels.grid.step_m), centres[..., 0], centres[..., 1])
    return float(pixels.visible[inside].mean()) if inside.any() else 0.0
