"""The power table as a picture: the chance to notice a rise of each size, by the looks behind the baseline.

Each cell carries its number; its shade only repeats it, from light to dark, so that it reads in black and white.
A frame is drawn round the cells that reach the wanted power.
"""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from yardwatch.history.power import PowerRow
from yardwatch.model.refuse import refuse
from yardwatch.report.chart import Chart
from yardwatch.report.ink import INK, OWN
from yardwatch.report.svg import LOOK, figure_svg

WANTED = 0.8
"""Power at which a baseline is said to show a rise; the usual choice in planning."""
DARKEST = 0.6
"""Opacity of the shade at power one: dark figures keep a contrast of 7 on it."""


def power_chart(rows: Sequence[PowerRow], factors: Sequence[float], name: str, terms: str = "") -> Chart:
    """The table as SVG. `terms`: mean, spread and rate it holds for, as the title's second half.

    Raises ValueError for no rows, or rows that do not hold one power a factor.
    """
    refuse(not rows, "a power table needs a row")
    refuse(any(len(row.power) != len(factors) for row in rows), "a power table needs one power for each factor")
    with mpl.rc_context(LOOK):
        figure = Figure(figsize=(max(2.0 + 0.85 * len(factors), 4.8), 1.15 + 0.38 * len(rows)))
        figure.patch.set_alpha(0)
        high = float(figure.get_figheight())
        wide = float(figure.get_figwidth())
        figure.subplots_adjust(left=1.7 / wide, right=1 - 0.1 / wide, top=1 - 0.85 / high, bottom=0.15 / high)
        axes = figure.subplots()
        _frame(axes, rows, factors, terms)
        for i, row in enumerate(rows):
            for j, power in enumerate(row.power):
                _cell(axes, i, j, power)
        alt = _described(rows, factors, terms)
        svg = figure_svg(figure, name, "Power to notice a rise", alt)
    return Chart(svg=svg, alt=alt, notes=())


def _frame(axes: Axes, rows: Sequence[PowerRow], factors: Sequence[float], terms: str) -> None:
    axes.set_xlim(0, len(factors))
    axes.set_ylim(len(rows), 0)
    axes.set_xticks([j + 0.5 for j in range(len(factors))], [f"×{factor:g}" for factor in factors])
    axes.set_yticks([i + 0.5 for i in range(len(rows))], [f"{row.looks} looks (from {row.least})" for row in rows])
    axes.xaxis.tick_top()
    axes.tick_params(length=0, colors=INK, labelcolor=INK)
    axes.set_title(
        "Chance to notice a rise" + (f"\n{terms}" if terms else ""), fontsize=10, color=INK, loc="left", pad=8
    )
    axes.patch.set_alpha(0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _cell(axes: Axes, i: int, j: int, power: float) -> None:
    axes.add_patch(Rectangle((j, i), 1, 1, facecolor=OWN, alpha=DARKEST * power, edgecolor="none"))
    if power >= WANTED:
        axes.add_patch(Rectangle((j + 0.04, i + 0.06), 0.92, 0.88, fill=False, edgecolor=INK, linewidth=1.3))
    axes.text(j + 0.5, i + 0.52, f"{power:.2f}", ha="center", va="center", fontsize=9.5, color=INK)


def _described(rows: Sequence[PowerRow], factors: Sequence[float], terms: str) -> str:
    parts = []
    for row in rows:
        cells = ", ".join(f"×{factor:g} {power:.2f}" for factor, power in zip(factors, row.power, strict=True))
        parts.append(f"{row.looks} looks (goes off from {row.least}): {cells}")
    framed = f" Framed: {WANTED} or more." if is_framed(rows) else f" None reaches {WANTED}."
    return f"Chance to notice a rise{', ' + terms if terms else ''}. " + "; ".join(parts) + f".{framed}"


def is_framed(rows: Sequence[PowerRow]) -> bool:
    """Whether any cell reaches the wanted power and so has a frame."""
    return any(power >= WANTED for row in rows for power in row.power)
