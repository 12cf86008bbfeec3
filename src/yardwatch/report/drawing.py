"""A figure drawn over chips: panels of ground, with outlines, numbers, a scale bar, a north arrow and a footer.

A chip is embedded once and shown in as many panels as need it. Inside a panel the unit is the ground metre, y down
from the chip's north edge; a panel may be turned so that a row of cars lies level, and its north arrow turns with it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from yardwatch.model import Grid
from yardwatch.report.callouts import Label
from yardwatch.report.mark import TEXT

WIDTH = 1000.0
"""Of every figure, in its own units; the page scales it."""
BAR_SHARE = 0.2
"""A scale bar takes at most this part of its panel's width."""
LABEL = 11.5
"""Font size of a number, in figure units."""
WATERMARK = TEXT


@dataclass(frozen=True, kw_only=True)
class Chip:
    """One picture, embedded once; `uri` is None where its pixels are left out."""

    id: str
    uri: str | None
    width_m: float
    height_m: float


@dataclass(frozen=True, kw_only=True)
class Outline:
    """A polygon in chip metres."""

    path: str
    style: str
    """One of `PENS`."""
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class Pen:
    """How one style of outline is drawn. Styles differ in line and lightness first, colour second."""

    stroke: str
    """Over pixels."""
    drawn: str
    """Over plain paper, where the pixels are left out: the same hue, darker."""
    width: float
    """Figure units."""
    fill: str = "none"
    fill_opacity: float = 0.0
    dashes: tuple[float, ...] = ()
    cased: bool = True
    """With a dark line under it, so that it stands out on light ground."""


PENS = {
    "car": Pen(stroke="#E69F00", drawn="#8a5a00", width=1.6, fill="#E69F00", fill_opacity=0.05),
    "other": Pen(stroke="#56B4E9", drawn="#1f6f9e", width=1.6, dashes=(4, 2.5)),
    "change": Pen(stroke="#F0E442", drawn="#6b6400", width=2.2),
    "track": Pen(stroke="#b9b4a8", drawn="#a8a294", width=0.9, cased=False),
    "frame": Pen(stroke="#fff", drawn="#6f6f6f", width=1.2, cased=False),
}


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A view of a chip."""

    chip: Chip
    x: float
    y: float
    width: float
    height: float
    """Place in the figure."""
    view: tuple[float, float, float, float]
    """Left, top, width, height in the panel's metres, after turning."""
    turn_deg: float = 0.0
    """Clockwise, about the chip's north-west corner."""
    outlines: tuple[Outline, ...] = ()
    labels: tuple[Label, ...] = ()
    heading: str = ""
    watermark: bool = False

    @property
    def scale(self) -> float:
        """Figure units a metre."""
        return min(self.width / self.view[2], self.height / self.view[3])

    @property
    def bar_m(self) -> int:
        """Ground metres of the scale bar: 1, 2 or 5 times a power of ten."""
        return bar_metres(self.view[2])


def bar_metres(width_m: float) -> int:
    """Ground metres of the scale bar of a view so wide: 1, 2 or 5 times a power of ten."""
    most = width_m * BAR_SHARE
    power = 10 ** math.floor(math.log10(most))
    return max(1, int(max(step for step in (1, 2, 5) if step * power <= most) * power))


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A whole figure."""

    id: str
    title: str
    description: str
    panels: tuple[Panel, ...]
    height: float
    footer: tuple[str, ...]

    @property
    def chips(self) -> tuple[Chip, ...]:
        """Each chip once."""
        return tuple({panel.chip.id: panel.chip for panel in self.panels}.values())


def draw(drawing: Drawing) -> Markup:
    """The figure as inline SVG; every string in it is escaped."""
    names = {"d": drawing, "width": WIDTH, "mark": WATERMARK, "pens": PENS, "label_size": LABEL}
    return Markup(templates().get_template("figure.svg.j2").render(names))  # noqa: S704 -- the template escapes


def chip_metres(grid: Grid, ground: shapely.Geometry) -> shapely.Geometry:
    """A ground geometry in a chip's metres: x from its west edge, y down from its north edge."""
    return shapely.transform(ground, lambda xy: np.stack([xy[:, 0] - grid.west, grid.north - xy[:, 1]], axis=-1))


def svg_path(geometry: shapely.Geometry) -> str:
    """The `d` of one or many polygons or lines, to a centimetre, holes included."""
    drawn = []
    for part in shapely.get_parts(geometry):
        closed = isinstance(part, shapely.Polygon)
        for line in (part.exterior, *part.interiors) if closed else (part,):
            points = np.asarray(line.coords)[: -1 if closed else None, :2]
            drawn.append("M" + " L".join(f"{x:.2f},{y:.2f}" for x, y in points) + (" Z" if closed else ""))
    return " ".join(drawn)


def turned(geometry: shapely.Geometry, turn_deg: float) -> shapely.Geometry:
    """A geometry turned clockwise (y down) about the chip's north-west corner, as SVG's `rotate` does."""
    angle = math.radians(turn_deg)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    return shapely.transform(geometry, lambda xy: xy @ turn.T)


def templates() -> Environment:
    """The templates of this room: everything put into them is escaped, and a name that is missing is an error."""
    return Environment(
        loader=PackageLoader("yardwatch.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
