"""The cadence as a picture: for each sensor, looks above the line and no-looks below it, month by month.

Told apart by direction and filling first, colour second: looks stand up and are full, no-looks hang down and are
hatched, scenes nobody has counted yet stand up and are empty. A month without a scene stays empty.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from yardwatch.model.refuse import refuse
from yardwatch.report.ink import OWN, PUBLISHED
from yardwatch.report.mark import TEXT
from yardwatch.report.svg import LOOK, figure_svg

INK, FAINT, PAPER = "#1b1b1b", "#767676", "#ffffff"
"""A file of its own follows no page into dark mode."""
WIDTH_IN, ROW_IN, HEAD_IN, FOOT_IN = 9.6, 1.05, 0.75, 0.8
MOST_SENSORS = 12
MOST_TICKS = 12


@dataclass(frozen=True, kw_only=True)
class Bars:
    """One sensor in one month."""

    month: str
    """`2023-10`."""
    looks: int = 0
    no_looks: int = 0
    not_counted: int = 0


@dataclass(frozen=True, kw_only=True)
class Monthly:
    """One sensor, all months, none left out."""

    sensor: str
    bars: tuple[Bars, ...]


def cadence_chart(rows: Sequence[Monthly], site: str, form: str, *, synthetic: bool) -> bytes:
    """The chart as `svg` or `png`; the same rows give the same bytes.

    Raises ValueError for no rows or rows of unlike months. Beyond twelve sensors the rest are one row, `others`.
    """
    refuse(not rows, "a cadence needs a sensor")
    refuse(len({tuple(bar.month for bar in row.bars) for row in rows}) != 1, "sensors need the same months")
    shown = _few(rows)
    height = HEAD_IN + FOOT_IN + ROW_IN * len(shown)
    with mpl.rc_context(LOOK | {"svg.fonttype": "none", "hatch.linewidth": 0.8}):
        figure = Figure(figsize=(WIDTH_IN, height), dpi=150)
        figure.patch.set_facecolor(PAPER)
        figure.subplots_adjust(left=0.2, right=0.985, top=1 - HEAD_IN / height, bottom=FOOT_IN / height, hspace=0.28)
        panels = figure.subplots(len(shown), 1, squeeze=False, sharex=True)[:, 0]
        for axes, row in zip(panels, shown, strict=True):
            _draw(axes, row)
        _name_months(panels[-1], [bar.month for bar in shown[0].bars])
        title = f"Images a month, looks and no-looks: {site}" + (f" ({TEXT})" if synthetic else "")
        figure.text(0.012, 1 - 0.32 / height, title, fontsize=11.5, fontweight="bold", color=INK, va="center")
        _key(figure)
        if form == "svg":
            return str(figure_svg(figure, "cadence", title, describe(rows))).encode()
        out = io.BytesIO()
        figure.savefig(out, format="png", metadata={"Software": None})
        return out.getvalue()


def describe(rows: Sequence[Monthly]) -> str:
    """The chart in words."""
    months = [bar.month for bar in rows[0].bars]
    parts = []
    for row in rows:
        looks, missed = sum(bar.looks for bar in row.bars), sum(bar.no_looks for bar in row.bars)
        open_ = sum(bar.not_counted for bar in row.bars)
        parts.append(f"{row.sensor}: {looks} looks, {missed} no-looks, {open_} not counted yet")
    return f"From {months[0]} to {months[-1]}. {'; '.join(parts)}."


def _few(rows: Sequence[Monthly]) -> list[Monthly]:
    if len(rows) <= MOST_SENSORS:
        return list(rows)
    rest = rows[MOST_SENSORS - 1 :]
    summed = tuple(
        Bars(
            month=bars[0].month,
            looks=sum(bar.looks for bar in bars),
            no_looks=sum(bar.no_looks for bar in bars),
            not_counted=sum(bar.not_counted for bar in bars),
        )
        for bars in zip(*(row.bars for row in rest), strict=True)
    )
    return [*rows[: MOST_SENSORS - 1], Monthly(sensor=f"others ({len(rest)})", bars=summed)]


def _draw(axes: Axes, row: Monthly) -> None:
    looks, missed = [bar.looks for bar in row.bars], [-bar.no_looks for bar in row.bars]
    still = [bar.not_counted for bar in row.bars]
    _stand(axes, looks, [0] * len(looks), color=OWN, linewidth=0)
    _stand(axes, still, looks, facecolor=PAPER, edgecolor=OWN, linewidth=0.9)
    _stand(axes, missed, [0] * len(missed), facecolor=PAPER, edgecolor=PUBLISHED, hatch="/////", linewidth=0.9)
    axes.axhline(0, color=INK, linewidth=0.8)
    top = max(1, *(a + b for a, b in zip(looks, still, strict=True)))
    axes.set_ylim(min(-0.6, *(1.15 * value for value in missed)), 1.15 * top)
    axes.set_xlim(-0.7, len(row.bars) - 0.3)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=3, integer=True, min_n_ticks=1))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{abs(value):.0f}"))
    axes.set_ylabel(_short(row.sensor), rotation=0, ha="right", va="center", color=INK, labelpad=12, fontsize=9.5)
    axes.tick_params(colors=INK, labelsize=8.5, bottom=False, labelbottom=False)
    axes.spines["bottom"].set_visible(False)
    axes.spines["left"].set_color(FAINT)
    axes.grid(axis="y", color=FAINT, linewidth=0.4, alpha=0.4)
    axes.set_axisbelow(True)


def _stand(axes: Axes, heights: Sequence[int], on: Sequence[int], **look: Any) -> None:  # noqa: ANN401 - matplotlib's
    """Bars where there is something; one of no height would still have an outline."""
    there = [i for i, height in enumerate(heights) if height]
    axes.bar(there, [heights[i] for i in there], bottom=[on[i] for i in there], width=0.8, **look)


def _name_months(axes: Axes, months: Sequence[str]) -> None:
    """January of each year, or of every second, fifth …, where there are many; each month where there are few."""
    step = 1 if len(months) <= MOST_TICKS else 3 if len(months) <= 3 * MOST_TICKS else 12
    years = sum(month.endswith("-01") for month in months)
    every = -(-years // MOST_TICKS) if step == 12 else 1
    chosen = [i for i, month in enumerate(months) if (int(month[5:]) - 1) % step == 0]
    chosen = [i for i in chosen if step < 12 or int(months[i][:4]) % every == 0]
    axes.set_xticks(chosen, [months[i][:4] if step == 12 else months[i] for i in chosen])
    axes.tick_params(axis="x", bottom=True, labelbottom=True, colors=INK, labelsize=8.5)


def _key(figure: Figure) -> None:
    handles = [
        Patch(facecolor=OWN, label="look"),
        Patch(facecolor=PAPER, edgecolor=PUBLISHED, hatch="/////", label="no-look (image unusable; never a zero)"),
        Patch(facecolor=PAPER, edgecolor=OWN, label="not counted yet"),
    ]
    figure.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.19, 0.0), ncols=3, frameon=False, fontsize=9)


def _short(name: str) -> str:
    """At most two lines of the room left of the axes."""
    return "\n".join(textwrap.wrap(name, 19, max_lines=2, placeholder=" …")) or name[:19]
