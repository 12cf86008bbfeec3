"""Cars by kind as bars, the most frequent first; each bar carries its number, so that it reads in grey."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib as mpl
from matplotlib.figure import Figure

from yardwatch.assess.wording import count_number, unit_words
from yardwatch.model.refuse import refuse
from yardwatch.report.chart import Chart
from yardwatch.report.ink import INK, OWN
from yardwatch.report.svg import LOOK, figure_svg

MOST = 12
"""Kinds shown; the rest are summed."""


def kinds_chart(by_kind: Mapping[str, float], unit: str, name: str) -> Chart:
    """The bars as SVG. Raises ValueError without any kind."""
    refuse(not by_kind, "bars by kind need a kind")
    ranked = sorted(by_kind.items(), key=lambda pair: (-pair[1], pair[0]))
    shown, rest = ranked[:MOST], ranked[MOST:]
    if rest:
        shown = [*shown, (f"{len(rest)} other kinds", sum(value for _, value in rest))]
    with mpl.rc_context(LOOK):
        figure = Figure(figsize=(6.4, 0.7 + 0.34 * len(shown)))
        figure.patch.set_alpha(0)
        axes = figure.subplots()
        values = [value for _, value in shown]
        axes.barh(range(len(shown)), values, height=0.62, color=OWN, edgecolor=INK, linewidth=0.6)
        for row, value in enumerate(values):
            axes.annotate(
                count_number(value, unit), (value, row), xytext=(4, 0), textcoords="offset points", va="center",
                fontsize=9.5, color=INK,
            )  # fmt: skip
        axes.set_yticks(range(len(shown)), [kind for kind, _ in shown])
        axes.set_xticks([])
        axes.invert_yaxis()
        axes.set_xlim(0, max(max(values) * 1.12, 1.0))
        axes.tick_params(length=0, colors=INK, labelcolor=INK)
        axes.spines[["bottom", "left"]].set_visible(False)
        axes.patch.set_alpha(0)
        figure.tight_layout(pad=0.4)
        listed = ", ".join(f"{kind} {count_number(value, unit)}" for kind, value in shown)
        alt = f"Bars of {unit_words(unit)} by kind in the observed look: {listed}."
        svg = figure_svg(figure, name, f"{unit_words(unit)} by kind".capitalize(), alt)
    return Chart(svg=svg, alt=alt, notes=())
