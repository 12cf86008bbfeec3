"""The calibration plot: how often a test went off where nothing had happened, against how often it should have.

Both axes are logarithmic, since one false alarm in a hundred matters more than the middle. On the dotted line the test
keeps its word; above it, it raises more false alarms than it says. Bars are intervals over the series.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter

from yardwatch.model.refuse import refuse
from yardwatch.report.chart import Chart
from yardwatch.report.ink import BAND, FAINT, INK, OWN, PAPER, PUBLISHED
from yardwatch.report.svg import LOOK, figure_svg

STYLES: tuple[dict[str, Any], ...] = (
    {"color": OWN, "marker": "o", "linestyle": "-", "markerfacecolor": OWN},
    {"color": PUBLISHED, "marker": "D", "linestyle": "--", "markerfacecolor": PAPER},
    {"color": INK, "marker": "s", "linestyle": ":", "markerfacecolor": PAPER},
)
"""Told apart by mark, fill and dash first, colour second."""
TICKS = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5)
WANTED = (0.5, 1.5)
"""Times the nominal rate: what is still called calibrated, as the issue's table asks at 1 %."""


@dataclass(frozen=True, kw_only=True)
class CalibrationPoint:
    """One test at one nominal rate."""

    test: str
    """Its name, as the key shows it."""
    nominal: float
    observed: float
    lower: float | None = None
    upper: float | None = None
    looks: int | None = None
    """Looks it was put to."""

    def __post_init__(self) -> None:
        refuse(not 0 < self.nominal <= 1, f"{self.test}: a nominal rate of {self.nominal} lies outside 0..1")
        refuse(not 0 <= self.observed <= 1, f"{self.test}: an observed rate of {self.observed} lies outside 0..1")


def calibration_chart(points: Sequence[CalibrationPoint], name: str) -> Chart:
    """The plot as SVG; at most three tests. Raises ValueError for none or more."""
    tests = list(dict.fromkeys(point.test for point in points))
    refuse(not 1 <= len(tests) <= len(STYLES), f"a calibration plot shows 1 to {len(STYLES)} tests, got {len(tests)}")
    with mpl.rc_context(LOOK):
        figure = Figure(figsize=(6.2, 5.2))
        figure.subplots_adjust(left=0.14, right=0.94, top=0.96, bottom=0.13)
        figure.patch.set_alpha(0)
        axes = figure.subplots()
        lowest = _lowest(points)
        _frame(axes, lowest)
        ordered = sorted(points, key=lambda point: (tests.index(point.test), point.nominal))
        for style, (test, group) in zip(STYLES, groupby(ordered, key=lambda point: point.test), strict=False):
            _draw(axes, test, list(group), style, lowest)
        _legend(axes)
        alt = _described(points)
        svg = figure_svg(figure, name, "Calibration: false alarms observed against nominal", alt)
    return Chart(svg=svg, alt=alt, notes=())


def _lowest(points: Sequence[CalibrationPoint]) -> float:
    """Lower end of both axes: below the smallest rate that is not zero."""
    seen = [x for point in points for x in (point.nominal, point.observed, point.lower) if x]
    return max(min(seen) * 0.6, 2e-4)


def _frame(axes: Axes, lowest: float) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(lowest, 1)
    axes.set_ylim(lowest, 1)
    axes.fill_between(
        [lowest, 1], [WANTED[0] * lowest, WANTED[0]], [WANTED[1] * lowest, WANTED[1]],
        color=BAND, alpha=0.22, linewidth=0, label="half to one and a half times nominal",
    )  # fmt: skip
    axes.plot([lowest, 1], [lowest, 1], color=FAINT, linewidth=1, linestyle=":", label="as nominal")
    axes.set_xlabel("nominal false alarm rate", color=INK)
    axes.set_ylabel("observed false alarm rate", color=INK)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_ticks([tick for tick in TICKS if tick >= lowest])
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:g} %"))
        axis.set_minor_formatter(NullFormatter())
        axis.set_tick_params(which="minor", length=0)
    axes.tick_params(colors=INK, labelcolor=INK)
    axes.grid(color=FAINT, linewidth=0.4, alpha=0.4)
    axes.set_axisbelow(True)
    axes.patch.set_alpha(0)
    for spine in axes.spines.values():
        spine.set_color(FAINT)


def _draw(axes: Axes, test: str, points: list[CalibrationPoint], style: dict[str, Any], lowest: float) -> None:
    axes.plot(
        [point.nominal for point in points],
        [max(point.observed, lowest) for point in points],
        markersize=6.5,
        linewidth=1.4,
        label=test,
        **style,
    )
    for point in points:
        if point.lower is not None and point.upper is not None:
            ends = [max(point.lower, lowest), max(point.upper, lowest)]
            axes.plot([point.nominal] * 2, ends, color=style["color"], linewidth=1.2)


def _legend(axes: Axes) -> None:
    legend = axes.legend(loc="upper left", frameon=False, fontsize=9)
    for text in legend.get_texts():
        text.set_color(INK)


def _described(points: Sequence[CalibrationPoint]) -> str:
    parts = []
    for point in points:
        span = ""
        if point.lower is not None and point.upper is not None:
            span = f" ({100 * point.lower:.2g} to {100 * point.upper:.2g} %)"
        looks = f", {point.looks} looks" if point.looks is not None else ""
        parts.append(
            f"{point.test}: {100 * point.observed:.2g} %{span} observed at a nominal {100 * point.nominal:g} %{looks}"
        )
    return "False alarms observed against nominal. " + "; ".join(parts) + "."
