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
from yardwatch.report.mark import TEXT

WIDTH = 1000.0
"""Of every figure, in its own units; the page scales it."""
BAR_SHARE = 0.2
"""A scale bar takes at most this part of its panel's width."""
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
    """CSS class: `car`, `other`, `change`, `zone` or `frame`."""
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class Label:
    """A number beside what it names, in the panel's own (turned) metres."""

    x: float
    y: float
    text: str


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
    return Markup(templates().get_template("figure.svg.j2").render(d=drawing, width=WIDTH, mark=WATERMARK))  # noqa: S704


def chip_metres(grid: Grid, ground: shapely.Geometry) -> shapely.Geometry:
    """A ground geometry in a chip's metres: x from its west edge, y down from its north edge."""
    return shapely.transform(ground, lambda xy: np.stack([xy[:, 0] - grid.west, grid.north - xy[:, 1]], axis=-1))


def svg_path(polygon: shapely.Geometry) -> str:
    """The `d` of one or many polygons, to a centimetre, holes included."""
    parts = shapely.get_parts(polygon)
    rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
    return " ".join(
        "M" + " L".join(f"{x:.2f},{y:.2f}" for x, y in np.asarray(ring.coords)[:-1, :2]) + " Z" for ring in rings
    )


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
