"""Annotated figures: a scene with its numbered cars, and a change before and after."""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import shapely
from markupsafe import Markup
from numpy.typing import NDArray

from yardwatch.assess.wording import number
from yardwatch.model import Car, Pixels, Scene
from yardwatch.model.plural import noun
from yardwatch.report.anchors import anchor
from yardwatch.report.callouts import Label, place
from yardwatch.report.content import ChangeFigure, SceneFigure
from yardwatch.report.drawing import LABEL, WIDTH, Chip, Drawing, Outline, Panel, chip_metres, draw, svg_path, turned
from yardwatch.report.forms import Edition
from yardwatch.report.mark import burned
from yardwatch.report.svg import png_data_uri

MOST_PIXELS = 1600
"""Longest side of an embedded chip: beyond it pixels are averaged, so that a report stays a few megabytes."""
PANEL_M = 150.0
"""Ground length of one close view: a 14 m car is then some 90 units long and its number legible."""
SHORTEST_M = 60.0
"""Ground length of the shortest close view, so that two cars are not blown up beyond what the pixels carry."""
MOST_PANELS = 8
"""More close views than this and each takes in a longer piece."""
MARGIN_M = 6.0
"""Ground shown round the outermost cars of a close view."""
GAP = 30.0
"""Between panels; room for a heading."""
LINE = 130
"""Characters of a footer line that fit the figure's width."""
TALLEST = 620.0
"""Height of the overview, in figure units."""


View = tuple[float, float, float, float]
"""Left, top, width, height of a view in its own metres."""


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A figure as it goes onto the page."""

    id: str
    svg: Markup
    description: str
    numbered: tuple[tuple[int, Car], ...]
    left_out: str | None
    """Why there are no pixels in it, if so."""


def scene_figure(figure: SceneFigure, edition: Edition, time_zone: str | None = None) -> Drawn:
    """A scene with its cars numbered along each track: an overview, then close views of the pieces with cars.

    `time_zone`: of the site, for the local time beside UTC.
    """
    figure_id = anchor("figure", figure.scene.id)
    cars = sorted(figure.cars, key=lambda pair: (pair[0].track, pair[0].start_m, pair[0].id))
    left_out = pixels_left_out(figure.scene, edition) or not_at_hand(figure.pixels)
    chip = _chip("chip", (figure.scene, figure.pixels), shown=left_out is None)
    shapes = [chip_metres(figure.pixels.grid, polygon) for _, polygon in cars]
    outlines = tuple(
        _car_outline(i, car, shape) for i, ((car, _), shape) in enumerate(zip(cars, shapes, strict=True), 1)
    )
    outlines = (*_tracks(figure), *outlines)
    overview = _overview(chip, outlines, watermark=figure.scene.synthetic)
    close = _close_views(chip, shapes, outlines, overview)
    height = max(panel.y + panel.height for panel in (overview, *close)) + 50
    description = _describe(figure.scene, [car for car, _ in cars], len(close))
    missing = len(cars) - sum(len(panel.labels) for panel in close)
    if missing:
        description += f" {_many(missing, 'number')} found no room in the views; the table lists every vehicle."
    drawing = Drawing(
        id=figure_id,
        title=f"{scene_date(figure.scene)}: rail vehicles found",
        description=description,
        panels=(overview, *close),
        height=height,
        footer=footer(figure.scene, left_out, time_zone),
    )
    numbered = tuple(enumerate((car for car, _ in cars), 1))
    return Drawn(id=figure_id, svg=draw(drawing), description=description, numbered=numbered, left_out=left_out)


def change_figure(figure: ChangeFigure, edition: Edition, time_zone: str | None = None) -> Drawn | None:
    """A change before, during and after, side by side, its outline on each; None without any picture."""
    sides = figure.sides
    if not sides:
        return None
    figure_id = anchor("figure", figure.change.id)
    width = (WIDTH - GAP / 2 * (max(len(sides), 2) - 1)) / max(len(sides), 2)
    panels, lines, why = [], [], []
    for i, (name, scene, pixels) in enumerate(sides):
        left_out = pixels_left_out(scene, edition) or not_at_hand(pixels)
        why += [left_out] if left_out else []
        chip = _chip(f"chip-{i}", (scene, pixels), shown=left_out is None)
        shape = chip_metres(pixels.grid, figure.change.polygon)
        outline = Outline(path=svg_path(shape), style="change", title=figure.change.kind)
        height = min(TALLEST, width * chip.height_m / chip.width_m)
        panels.append(
            Panel(
                chip=chip, x=i * (width + GAP / 2), y=GAP, width=width, height=height, outlines=(outline,),
                view=(0, 0, chip.width_m, chip.height_m), heading=f"{name}: {scene_day(scene)}",
                watermark=scene.synthetic,
            )
        )  # fmt: skip
        lines += textwrap.wrap(f"{name}: " + " · ".join(footer(scene, left_out, time_zone)), LINE)
    description = f"The outlined ground {'; '.join(f'{name.lower()}, {scene_day(s)}' for name, s, _ in sides)}."
    drawing = Drawing(
        id=figure_id, title="A change on the ground, before and after", description=description, panels=tuple(panels),
        height=max(p.y + p.height for p in panels) + 14 + 19 * len(lines), footer=tuple(lines),
    )  # fmt: skip
    return Drawn(id=figure_id, svg=draw(drawing), description=description, numbered=(), left_out="; ".join(why) or None)


def not_at_hand(pixels: Pixels) -> str | None:
    """Why there is nothing to show; None when there is."""
    return None if pixels.visible.any() else "no pixels: the image is not at hand, or shows nothing of this ground"


def pixels_left_out(scene: Scene, edition: Edition) -> str | None:
    """Why a scene's pixels may not be in this edition; None when they may."""
    if edition == "internal" or scene.licence.may_publish_pixels:
        return None
    until = "" if scene.licence.expires is None else f", given until {scene.licence.expires}"
    return f"pixels left out of the public edition: the licence ({scene.licence.name}{until}) does not allow them"


def scene_date(scene: Scene) -> str:
    """When a scene was taken, in UTC, no more precisely than is known."""
    if scene.acquired is None:
        return "date unknown"
    form = {"instant": "%Y-%m-%d %H:%M UTC", "day": "%Y-%m-%d (UTC)", "month": "%Y-%m", "year": "%Y"}
    return scene.acquired.strftime(form[scene.date_precision])


def scene_day(scene: Scene) -> str:
    """The day a scene was taken, UTC, for a heading that has no room for the hour."""
    return "date unknown" if scene.acquired is None else scene_date(scene).split(" ")[0]


def local_time(scene: Scene, time_zone: str | None) -> str:
    """The clock on the ground, where the instant and the site's time zone are known; else nothing."""
    if scene.acquired is None or scene.date_precision != "instant" or time_zone is None:
        return ""
    local = scene.acquired.astimezone(ZoneInfo(time_zone))
    day = "" if local.date() == scene.acquired.date() else f"{local:%Y-%m-%d} "
    return f" ({day}{local:%H:%M} local)"


def footer(scene: Scene, left_out: str | None, time_zone: str | None = None) -> tuple[str, ...]:
    """What must stay with a picture: date, sensor, ground detail, angle; attribution and licence."""
    when = scene_date(scene) + local_time(scene, time_zone)
    angle = "" if scene.off_nadir_deg is None else f" · {number(round(scene.off_nadir_deg))}° off nadir"
    first = f"{when} · {scene.sensor or 'sensor not stated'} · GSD {scene.gsd_m:.2f} m{angle}"
    rights = f"{scene.licence.attribution or 'attribution not stated'} · licence: {scene.licence.name}"
    lines = (first, f"{rights} · {left_out}" if left_out else rights)
    return tuple(part for line in lines for part in textwrap.wrap(line, LINE))


def _describe(scene: Scene, cars: list[Car], close: int) -> str:
    freight = sum(car.freight for car in cars)
    text = f"Image of {scene_date(scene)}: {_many(freight, 'freight car')} outlined and numbered"
    if len(cars) > freight:
        text += f", {_many(len(cars) - freight, 'other rail vehicle')} dashed"
    return text + (f"; an overview and {_many(close, 'close view')}." if close else ".")


def _many(n: int, what: str) -> str:
    return f"{number(n)} {noun(n, what)}"


def _chip(chip_id: str, side: tuple[Scene, Pixels], *, shown: bool) -> Chip:
    scene, pixels = side
    grid = pixels.grid
    data, visible = _averaged(pixels)
    uri = png_data_uri(burned(data) if scene.synthetic else data, visible) if shown else None
    return Chip(id=chip_id, uri=uri, width_m=grid.width * grid.step_m, height_m=grid.height * grid.step_m)


def _averaged(pixels: Pixels) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Pixels averaged in whole blocks until no side is longer than MOST_PIXELS; edges are padded, not cut."""
    block = math.ceil(max(pixels.visible.shape) / MOST_PIXELS)
    if block == 1:
        return pixels.data, pixels.visible
    rows, columns = (-size % block for size in pixels.visible.shape)
    data = np.pad(pixels.data, ((0, 0), (0, rows), (0, columns)), mode="edge")
    visible = np.pad(pixels.visible, ((0, rows), (0, columns)), mode="edge")
    bands, height, width = data.shape
    data = data.reshape(bands, height // block, block, width // block, block).mean(axis=(2, 4))
    seen = visible.reshape(height // block, block, width // block, block).all(axis=(1, 3))
    return data, np.asarray(seen, bool)


def _tracks(figure: SceneFigure) -> list[Outline]:
    """Track centre lines, under the cars: where the pixels are left out they show where the yard is."""
    grid = figure.pixels.grid
    return [Outline(path=svg_path(chip_metres(grid, line)), style="track") for line in figure.tracks]


def _car_outline(i: int, car: Car, shape: shapely.Geometry) -> Outline:
    title = f"{i}: {car.kind}, {car.length_m:.1f} m, probability {car.probability:.2f}"
    return Outline(path=svg_path(shape), style="car" if car.freight else "other", title=title)


def _overview(chip: Chip, outlines: tuple[Outline, ...], *, watermark: bool) -> Panel:
    height = min(TALLEST, WIDTH * chip.height_m / chip.width_m)
    width = height * chip.width_m / chip.height_m
    view = (0.0, 0.0, chip.width_m, chip.height_m)
    return Panel(
        chip=chip, x=0, y=GAP, width=width, height=height, view=view, outlines=outlines, heading="Overview",
        watermark=watermark,
    )  # fmt: skip


def _close_views(
    chip: Chip, shapes: list[shapely.Geometry], outlines: tuple[Outline, ...], overview: Panel
) -> list[Panel]:
    """Pieces of the yard that hold cars, turned so that the cars' long direction lies level."""
    if not shapes:
        return []
    turn = _levelling(shapes)
    level = [turned(shape, turn) for shape in shapes]
    left, _, right, _ = (float(x) for x in shapely.bounds(shapely.MultiPolygon(level)))
    pieces = min(MOST_PANELS, math.ceil((right - left) / PANEL_M))
    step = max((right - left) / pieces, SHORTEST_M)
    panels: list[Panel] = []
    for k in range(pieces):
        start, end = left + k * step, left + (k + 1) * step
        inside = [i for i, s in enumerate(level) if start <= shapely.get_x(s.centroid) < end]
        if not inside:
            continue
        above = panels[-1] if panels else overview
        labels = _numbers(inside, level, (step + 2 * MARGIN_M) / WIDTH * LABEL)
        view = _view(start, step, [level[i] for i in inside], [label.y for label in labels])
        panels.append(
            Panel(
                chip=chip, x=0, y=above.y + above.height + GAP, width=WIDTH, height=WIDTH * view[3] / view[2],
                view=view, turn_deg=turn, outlines=outlines, labels=labels,
                heading=f"Close view {len(panels) + 1}", watermark=overview.watermark,
            )
        )  # fmt: skip
    return panels


def _numbers(inside: list[int], level: list[shapely.Geometry], size: float) -> tuple[Label, ...]:
    """A number for each car of the piece; no car anywhere is covered by one."""
    return place([(str(i + 1), level[i]) for i in inside], level, size)


def _view(start: float, step: float, shapes: list[shapely.Geometry], labels: list[float]) -> View:
    """Ground shown: the piece with a margin all round, higher where numbers stand further out."""
    _, top, _, bottom = (float(v) for v in shapely.bounds(shapely.MultiPolygon(shapes)))
    top, bottom = min([top, *labels]) - MARGIN_M, max([bottom, *labels]) + MARGIN_M
    return (start - MARGIN_M, top, step + 2 * MARGIN_M, bottom - top)


def _levelling(shapes: list[shapely.Geometry]) -> float:
    """Clockwise turn (y down, degrees in (−90, 90]) that lays the cars' own long axes level: length-weighted."""
    doubled = np.zeros(2)
    for shape in shapes:
        ring = np.asarray(shapely.oriented_envelope(shape).exterior.coords)
        edges = np.diff(ring[:3], axis=0)
        edge = max(edges, key=lambda e: float(np.hypot(*e)))
        angle = 2 * math.atan2(edge[1], edge[0])
        doubled += float(np.hypot(*edge)) * np.array([math.cos(angle), math.sin(angle)])
    axis = math.degrees(math.atan2(doubled[1], doubled[0])) / 2
    return -axis
