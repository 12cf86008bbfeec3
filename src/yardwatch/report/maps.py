"""Maps drawn from what the site holds: an overview of its zones and tracks, and an inset of where it lies.

Vectors alone, from the site's own files and the bundled coasts; nothing is fetched, no pixel is used.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline

from yardwatch.model import Change, Site, Zone
from yardwatch.report.chart import Chart
from yardwatch.report.ink import CAR, FAINT, INK, OWN, PAPER
from yardwatch.report.svg import LOOK, figure_svg
from yardwatch.report.world import CREDIT, surroundings

INSET_KM = (2400.0, 1500.0)
"""Ground an inset shows: enough for a reader to find a sea or a capital they know."""
WIDE = 6.4
"""Inches: beside the inset and on a telephone alike the letters stay legible."""
KEY_ROW = 0.21
LONGEST_KEY = 40
"""Characters of a line of the key that still lets two stand side by side."""
LINES = ("-", "--", "-.", ":")
"""Zones differ in line first, so that the map reads in grey."""


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What the overview shows, in ground metres."""

    site: Site
    zone: str
    """The zone the report counts in."""
    changes: tuple[Change, ...] = ()
    cars: tuple[shapely.Polygon, ...] = ()
    """Freight cars of the observed look."""


def overview(drawn: Ground, name: str) -> Chart:
    """Zones, tracks, changes and the cars of the observed look, to scale, north up."""
    frame, site = drawn.site.frame, drawn.site
    zones = sorted({zone.id for zone in site.zones}, key=lambda z: (z != drawn.zone, z))
    ground = {z: frame.to_ground(site.zone(z).polygon) for z in zones}
    west, south, east, north = shapely.total_bounds(list(ground.values()))
    margin = 0.04 * max(east - west, north - south)
    box = (west - margin, south - margin, east + margin, north + margin)
    with mpl.rc_context(LOOK):
        key = _key(drawn, [site.zone(z) for z in zones])
        below = KEY_ROW * max(len(column) for column in key) + 0.1
        ground_high = min(6.0, max(1.6, WIDE * 0.98 * (box[3] - box[1]) / (box[2] - box[0])))
        high = ground_high + below
        figure = Figure(figsize=(WIDE, high))
        figure.patch.set_alpha(0)
        axes = figure.add_axes((0.01, below / high, 0.98, ground_high / high))
        _plain(axes, box)
        for track in site.tracks:
            _line(axes, frame.to_ground(track.line), color=FAINT, linewidth=0.6)
        for number, zone in enumerate(zones):
            _zone(axes, ground[zone], number)
        for change in drawn.changes:
            _area(axes, change.polygon, facecolor="none", edgecolor=INK, linewidth=1.2, hatch="////")
        for car in drawn.cars:
            _area(axes, car, facecolor=CAR, edgecolor=INK, linewidth=0.3)
        _scale(axes, box)
        for i, column in enumerate(key):
            where = (0.02 + i / 2, (below - 0.06) / high)
            figure.text(*where, "\n".join(column), fontsize=10, color=INK, va="top", linespacing=1.45)
        alt = _told(drawn, zones, (east - west, north - south))
        svg = figure_svg(figure, name, f"Overview of {site.name}", alt)
    return Chart(svg=svg, alt=alt, notes=_approximate(site))


def inset(site: Site, decimals: int | None, name: str) -> Chart:
    """Where on Earth the site lies. `decimals`: how exactly that may be said, of a degree."""
    lon, lat = site.frame.lon, site.frame.lat
    lon, lat = (round(v, 2 if decimals is None else min(decimals, 2)) for v in (lon, lat))
    around = surroundings(lon, lat, *INSET_KM)
    half = INSET_KM[0] / 2, INSET_KM[1] / 2
    with mpl.rc_context(LOOK):
        figure = Figure(figsize=(5.4, 5.4 * INSET_KM[1] / INSET_KM[0] + 0.45))
        figure.patch.set_alpha(0)
        axes = figure.add_axes((0.01, 0.12, 0.98, 0.87))
        _plain(axes, (-half[0], -half[1], half[0], half[1]))
        axes.set_frame_on(True)
        for spine in axes.spines.values():
            spine.set(visible=True, color=FAINT, linewidth=0.8)
        _area(axes, around.land, facecolor=FAINT, edgecolor=FAINT, linewidth=0.5, alpha=0.28)
        _line(axes, around.borders, color=INK, linewidth=0.7)
        _line(axes, around.disputed, color=INK, linewidth=0.9, linestyle=(0, (3, 2.2)))
        axes.plot([0], [0], marker="o", markersize=8, markerfacecolor=OWN, markeredgecolor=PAPER, markeredgewidth=1.2)
        place = f"{_degrees(lat, 'N', 'S')}, {_degrees(lon, 'E', 'W')}"
        right = lon >= 0
        axes.annotate(
            f"{site.name}\n{place}", (0, 0), xytext=(9 if right else -9, 8), textcoords="offset points",
            ha="left" if right else "right", va="bottom", fontsize=10, color=INK, fontweight="bold",
            bbox={"facecolor": PAPER, "edgecolor": "none", "alpha": 0.75, "pad": 1.5},
        )  # fmt: skip
        _scale(axes, (-half[0], -half[1], half[0], half[1]), unit="km")
        figure.text(0.01, 0.02, CREDIT, fontsize=8.5, color=INK, linespacing=1.25)
        across = f"{INSET_KM[0]:,.0f} by {INSET_KM[1]:,.0f} kilometres"
        alt = f"Map of {across} around {site.name} at {place}: coasts, borders, disputed lines dashed, the site a dot."
        svg = figure_svg(figure, name, f"Where {site.name} lies", alt)
    return Chart(svg=svg, alt=alt, notes=())


def _degrees(value: float, positive: str, negative: str) -> str:
    return f"{abs(value):g}° {positive if value >= 0 else negative}"


def _plain(axes: Axes, box: tuple[float, float, float, float]) -> None:
    axes.set_xlim(box[0], box[2])
    axes.set_ylim(box[1], box[3])
    axes.set_aspect("equal", adjustable="box", anchor="W")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.patch.set_alpha(0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _zone(axes: Axes, shape: shapely.Geometry, number: int) -> None:
    chosen = number == 0
    style = LINES[min(number, len(LINES) - 1)]
    _area(axes, shape, facecolor=OWN if chosen else "none", edgecolor=OWN, linewidth=0, alpha=0.10 if chosen else 0)
    _line(axes, shapely.boundary(shape), color=OWN, linewidth=1.8 if chosen else 1.1, linestyle=style)
    x, y = _corner(shape)
    axes.text(
        x, y, str(number + 1), fontsize=10, fontweight="bold", color=INK, ha="center", va="center",
        bbox={"boxstyle": "circle,pad=0.22", "facecolor": PAPER, "edgecolor": OWN, "linewidth": 1.0},
    )  # fmt: skip


def _corner(shape: shapely.Geometry) -> tuple[float, float]:
    """The outline's north-western point: a zone's number stands on its line, and nested zones keep apart."""
    points = shapely.get_coordinates(shape)
    x, y = points[np.argmax(points[:, 1] - points[:, 0])]
    return float(x), float(y)


def _area(axes: Axes, shape: shapely.Geometry, **style: Any) -> None:  # noqa: ANN401 -- matplotlib's own names
    for part in shapely.get_parts(shape):
        if isinstance(part, shapely.Polygon) and not part.is_empty:
            rings = [np.asarray(ring.coords)[:, :2] for ring in (part.exterior, *part.interiors)]
            path = Outline.make_compound_path(*(Outline(ring, closed=True) for ring in rings))
            axes.add_patch(PathPatch(path, **style))


def _line(axes: Axes, shape: shapely.Geometry, **style: Any) -> None:  # noqa: ANN401 -- matplotlib's own names
    for part in shapely.get_parts(shapely.get_parts(shape)):
        if isinstance(part, shapely.LineString | shapely.LinearRing):
            points = np.asarray(part.coords)
            axes.plot(points[:, 0], points[:, 1], **style)


def _scale(axes: Axes, box: tuple[float, float, float, float], unit: str = "m") -> None:
    """A bar of a round length at the lower left, and north."""
    most = (box[2] - box[0]) * 0.22
    power = 10 ** np.floor(np.log10(most))
    length = max(step * power for step in (1, 2, 5) if step * power <= most)
    x, y = box[0] + 0.03 * (box[2] - box[0]), box[1] + 0.05 * (box[3] - box[1])
    tick = 0.012 * (box[3] - box[1])
    axes.plot([x, x, x + length, x + length], [y + tick, y, y, y + tick], color=INK, linewidth=1.5)
    axes.text(x + length + 0.01 * (box[2] - box[0]), y, f"{length:g} {unit}", fontsize=9, color=INK, va="center")
    axes.annotate(
        "N", (0.975, 0.985), xytext=(0.975, 0.86), xycoords="axes fraction", textcoords="axes fraction", ha="center",
        fontsize=9, color=INK, arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.0},
    )  # fmt: skip


def _key(drawn: Ground, zones: list[Zone]) -> list[list[str]]:
    """The lines of the key, in two columns where all are short."""
    lines = [f"{i}  {z.id}{' (counted here)' if z.id == drawn.zone else ''}" for i, z in enumerate(zones, 1)]
    lines += ["grey: tracks"] if drawn.site.tracks else ["no tracks are drawn for this site"]
    lines += ["orange: freight cars of the observed look"] if drawn.cars else []
    lines += ["hatched: ground that changed"] if drawn.changes else []
    half = math.ceil(len(lines) / 2) if max(map(len, lines)) <= LONGEST_KEY else len(lines)
    return [column for column in (lines[:half], lines[half:]) if column]


def _told(drawn: Ground, zones: list[str], size: tuple[float, float]) -> str:
    parts = [f"Overview of {drawn.site.name}, {size[0]:,.0f} by {size[1]:,.0f} metres, north up"]
    parts.append("zones " + ", ".join(f"{i} {zone}" for i, zone in enumerate(zones, 1)))
    parts += [f"{len(drawn.site.tracks)} tracks"] if drawn.site.tracks else []
    parts += [f"{len(drawn.cars)} freight cars of the observed look"] if drawn.cars else []
    parts += [f"{len(drawn.changes)} places where the ground changed"] if drawn.changes else []
    return "; ".join(parts) + "."


def _approximate(site: Site) -> tuple[str, ...]:
    rough = sorted({zone.id for zone in site.zones if zone.approximate})
    return (f"Approximate outlines, drawn from descriptions and not on an image: {', '.join(rough)}.",) if rough else ()
